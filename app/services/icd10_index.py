"""Titles of ICD-10 by code, searched while typing: each answer in a few milliseconds, on the GUI thread."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain.icd10 import normal_code
from app.domain.text import LANGUAGES, LocalText

_WORD = re.compile(r"\w+")
# The places of titles with a word of so many first letters are written down beforehand: their ranges of words are
# too wide to be united while somebody types.
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its title in the language asked for; where that is empty, in the first language that has one,
    which `language` then names. `gone`: it is no longer in the official table."""

    code: str
    title: str
    language: str = ""
    gone: bool = False


class Icd10:
    """Titles by code, searched by the beginning of a code or of words, in every language that has titles."""

    def __init__(self, titles: Mapping[str, LocalText], gone: Collection[str] = ()) -> None:
        """`gone`: codes that no longer stand in the official table; found by their code alone."""
        self._titles = dict(titles)
        self._codes = sorted(titles)
        self._gone = frozenset(gone)
        self.languages = tuple(lang for lang in LANGUAGES if any(title.of(lang) for title in titles.values()))
        found: list[tuple[int, str, frozenset[str]]] = []
        for code, title in self._titles.items():
            if code not in self._gone:
                said = _WORD.findall(f"{title.kk} {title.ru} {title.en}".casefold())
                found.append((sum(map(len, said)), code, frozenset(said)))
        found.sort(key=lambda one: one[:2])
        # In the order in which answers are given, short titles first: the first places of a list are the best.
        self._ranked = [code for _, code, _ in found]
        places: dict[str, list[int]] = {}
        short: dict[str, list[int]] = {}
        for place, (_, _, words) in enumerate(found):
            for word in words:
                places.setdefault(word, []).append(place)
            for prefix in {word[:letters] for word in words for letters in range(1, _SHORT + 1)}:
                short.setdefault(prefix, []).append(place)
        self._short = short
        self._words = sorted(places)  # a prefix is a range of this list
        self._places = [places[word] for word in self._words]

    def _beginning(self, prefix: str) -> Collection[int]:
        """Places of the titles in which some word begins with `prefix`."""
        if len(prefix) <= _SHORT:
            return self._short.get(prefix, ())
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + chr(0x10FFFF))
        return set().union(*self._places[first:last])

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, code: str, language: str) -> Code | None:
        """The code; None where the list doesn't have it. A dagger or an asterisk makes no difference."""
        known = code if code in self._titles else code.rstrip("+*†")
        return self._shown(known, language) if known in self._titles else None

    def _shown(self, code: str, language: str) -> Code:
        title = self._titles[code]
        told = next((one for one in (language, "ru", "en", "kk") if title.of(one)), language)
        return Code(code, title.of(told), "" if told == language else told, code in self._gone)

    def below(self, code: str, language: str) -> tuple[Code, ...]:
        """The categories of a block `I60-I69`, or the codes of a category `I69`, those in force."""
        block = len(code) > 3 and code[3] == "-"
        first, last = (code[:3], code[4:]) if block else (code + ".", code + ".")
        begin, end = bisect_left(self._codes, first), bisect_left(self._codes, last + chr(0x10FFFF))
        hits = (c for c in self._codes[begin:end] if (len(c) == 3 or not block) and c not in self._gone)
        return tuple(self._shown(c, language) for c in hits)

    def search(self, query: str, limit: int, language: str) -> tuple[Code, ...]:
        """Codes that begin with `query`, in order; else those whose title has all its words, short titles first."""
        code = normal_code(query)
        if re.fullmatch(r"[A-Z]\d?.*", code) and len(query.split()) == 1:
            first = bisect_left(self._codes, code)
            hits: list[str] = []
            for found in self._codes[first : bisect_left(self._codes, code + chr(0x10FFFF))]:
                if found not in self._gone or found == code:
                    hits.append(found)
                if len(hits) == limit:
                    break
            if hits:
                return tuple(self._shown(c, language) for c in hits)
        words = set(_WORD.findall(query.casefold()))
        if not words:
            return ()
        sets = sorted(map(self._beginning, words), key=len)
        places = sets[0] if len(sets) == 1 else set(sets[0]).intersection(*sets[1:])
        return tuple(self._shown(self._ranked[place], language) for place in sorted(places)[:limit])
