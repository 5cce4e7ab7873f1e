"""The places of the КАТО: regions from the beginning, everything below them once the official table was imported."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.text import LocalText

_WORD = re.compile(r"\w+")
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Region:
    """A region (облыс, область) or city of republican significance: КАТО code of nine digits, and its name."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its code, its name, and the names of what is above it, the region first. `gone`: it is no longer in
    the official table."""

    code: str
    name: str
    above: tuple[str, ...] = ()
    gone: bool = False

    @property
    def path(self) -> str:
        """As it stands in an address: region, district, place."""
        return ", ".join((*self.above, self.name))


class Places:
    """Places by code, searched by the beginnings of words, those of the district and the region among them."""

    def __init__(
        self, rows: Mapping[str, tuple[LocalText, str, bool]], regions: Sequence[Region], kazakh: Mapping[str, str]
    ) -> None:
        """`kazakh`: names of districts in Kazakh where the table has none."""
        self.imported = bool(rows)
        names = {code: title for code, (title, _, _) in rows.items()}
        for code, known in kazakh.items():
            if code in names and not names[code].kk:
                names[code] = LocalText(kk=known, ru=names[code].ru, en=names[code].en)
        names.update({region.code: region.name for region in regions})
        self._names = names
        self._above = {code: above for code, (_, above, _) in rows.items()}
        self._gone = frozenset(code for code, (_, _, in_force) in rows.items() if not in_force)
        self._codes = sorted(names)
        self._split: dict[str, tuple[str, ...]] = {}
        # Broad places first: whoever types the name of a district means the district before its villages.
        self._ranked = sorted((code for code in names if code not in self._gone), key=lambda c: (self._depth(c), c))
        places: dict[str, list[int]] = {}
        short: dict[str, list[int]] = {}
        for place, code in enumerate(self._ranked):
            name = names[code]
            for word in set(_WORD.findall(f"{name.kk} {name.ru} {name.en}".casefold())):
                places.setdefault(word, []).append(place)
                for letters in range(1, min(_SHORT, len(word)) + 1):
                    found = short.setdefault(word[:letters], [])
                    if not found or found[-1] != place:
                        found.append(place)
        self._short, self._words = short, sorted(places)
        self._places = [places[word] for word in self._words]

    def _depth(self, code: str) -> int:
        return len(self._ancestors(code))

    def _ancestors(self, code: str) -> list[str]:
        """From the region downwards."""
        found: list[str] = []
        above = self._above.get(code, "")
        while above and above not in found and above in self._names:
            found.insert(0, above)
            above = self._above.get(above, "")
        return found

    def find(self, code: str, language: str) -> Place | None:
        """A place by its code; None where the list doesn't have it."""
        if code not in self._names:
            return None
        above = tuple(self._name(one, language) for one in self._ancestors(code))
        return Place(code, self._name(code, language), above, code in self._gone)

    def _name(self, code: str, language: str) -> str:
        name = self._names[code]
        return name.of(language) or name.ru or name.kk or name.en

    def search(self, query: str, limit: int, language: str) -> tuple[Place, ...]:
        """By code, or by words: the last of them begins the place's own name, the others may be those above it."""
        if query.strip().isascii() and query.strip().isdecimal():
            code = query.strip()
            first = bisect_left(self._codes, code)
            hits = [found for found in self._codes[first : first + limit] if found.startswith(code)]
        else:
            words = _WORD.findall(query.casefold())
            own = [(word, self._beginning(word)) for word in dict.fromkeys(words)]
            hits = self._best(own, limit) if own else []
        return tuple(place for code in hits if (place := self.find(code, language)) is not None)

    def _beginning(self, prefix: str) -> Collection[int]:
        if len(prefix) <= _SHORT:
            return self._short.get(prefix, ())
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + chr(0x10FFFF))
        return set().union(*self._places[first:last])

    def _best(self, own: Sequence[tuple[str, Collection[int]]], limit: int) -> list[str]:
        if len(own) == 1:
            return [self._ranked[place] for place in sorted(own[0][1])[:limit]]
        whole = set(own[0][1]).intersection(*(found for _, found in own[1:]))
        hits = [self._ranked[place] for place in sorted(whole)[:limit]]
        # Of several words one may name the district or the region: "алга бестам".
        for _, candidates in sorted(own, key=lambda one: len(one[1])):
            if len(hits) >= limit or len(candidates) > _MOST:
                break
            for place in sorted(candidates):
                code = self._ranked[place]
                if code not in hits and self._has_all(code, [word for word, _ in own]):
                    hits.append(code)
                    if len(hits) == limit:
                        break
        return hits

    def _has_all(self, code: str, words: Sequence[str]) -> bool:
        said = [word for one in (code, *self._ancestors(code)) for word in self._said(one)]
        return all(any(one.startswith(word) for one in said) for word in words)

    def _said(self, code: str) -> tuple[str, ...]:
        if code not in self._split:
            name = self._names[code]
            self._split[code] = tuple(_WORD.findall(f"{name.kk} {name.ru} {name.en}".casefold()))
        return self._split[code]


# So many candidates are looked through within a few milliseconds.
_MOST = 400
