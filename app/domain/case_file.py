"""The case file (`mse-case/1`): one table of its fields, from which the whole file and a single field are checked.

A case is a `Document`: the JSON object of the interchange format, in which an optional key may be absent or null
(not given). Every refusal is a `UserError` whose sentence and `where` name the path, for instance
`facts.limitations.movement` or `diagnosis.accompanying[0].icd10`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import Any, Final

from app.domain import case_fields as fields
from app.domain.case_fields import FORMAT, SCHEMA, Doubled
from app.domain.dates import age, parse_iso
from app.domain.dossier import DOSSIER
from app.domain.dossier import KEY as DOSSIER_KEY
from app.domain.errors import UserError
from app.domain.scales import FORMS
from app.domain.system import refusal
from app.domain.text import N_, Text

__all__ = [
    "FORMAT",
    "Document",
    "Problem",
    "check_between",
    "check_document",
    "check_field",
    "check_whole",
    "facts_of",
    "get",
    "new_document",
    "problems",
    "put",
    "read_case",
    "read_case_path",
]

Document = dict[str, Any]
_NONE: Final[Document] = {}

SIZE_LIMIT: Final = 5 * 1024 * 1024
_SECTIONS: Final = ("person", "referral", "examination", "diagnosis", "facts", "cause")
_REQUIRED: Final = ("person.birth_date", "person.sex", "examination.on")

# Dates that cannot lie after the examination, and the one that bounds them from below is the birth.
_NOT_AFTER_EXAMINATION: Final[Mapping[str, tuple[str, ...]]] = {
    "referral": ("signed_on", "incapacity_since", "diagnosed_on", "registered_on"),
    "cause.paper": ("date",),
    "previous": ("on",),
}

# Ages (from, to, both included) at which "n/a" is refused: criteria, section 1. A pack's facts must say the same.
_NOT_APPLICABLE_REFUSED: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "facts.limitations": {"learning": (7, 17), "work": (18, 999), "play": (0, 17), "motor": (0, 17)},
    "facts": {"insured": (18, 999)},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, or what stops signing. `path` is where to go and mend it."""

    path: str
    text: Text


def new_document() -> Document:
    """An empty case: the format and its sections, nothing known."""
    document: Document = {"format": FORMAT, **{section: {} for section in _SECTIONS}}
    document["facts"] = {"functions": {}, "limitations": {}}
    return {**document, "previous": None, "decision": None}


def read_case_path(path: Path) -> Document:
    """The case in a file. UserError where there is no such file, a folder, more than 5 MB, or a broken case."""
    return read_case(read_bytes(path, SIZE_LIMIT))


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of an input file of at most `limit` bytes; the size is asked for before anything is read."""
    try:
        if path.is_dir():
            raise UserError(Text(N_("{path} is a folder. Name a file in it."), {"path": path}))
        found = path.stat()
        if not S_ISREG(found.st_mode):  # a pipe may let us wait for ever, a device may never end
            raise not_a_file(path)
        size = found.st_size
        if size > limit:
            raise UserError(
                Text(
                    N_("{path} has {size} MB; at most {limit} MB are read. Check that it is the right file."),
                    {"path": path, "size": f"{size / 1048576:.1f}", "limit": limit // 1048576},
                )
            )
        with path.open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:  # it has grown since
            raise UserError(
                Text(
                    N_("{path} has more than {limit} MB. Check that it is the right file."),
                    {"path": path, "limit": limit // 1048576},
                )
            )
        return data
    except FileNotFoundError:
        raise UserError(Text(N_("There is no file {path}. Check the name and the folder."), {"path": path})) from None
    except (OSError, ValueError) as error:
        raise UserError(
            Text(
                N_("{path} can't be read: {reason}. Check the file and its rights."),
                {"path": path, "reason": refusal(error)},
            )
        ) from None


def not_a_file(path: Path) -> UserError:
    """The refusal of a pipe, a device or a socket."""
    return UserError(
        Text(N_("{path} is a pipe or a device, not a file. Save what it gives as a file."), {"path": path})
    )


def read_case(data: bytes) -> Document:
    """The case in these bytes, checked whole against the contract. UserError with the path, or line and column."""
    document = parse(data)
    check_document(document)
    return document


def parse(data: bytes) -> Document:
    """The JSON value of these bytes, strict: UTF-8 without a mark, no NaN, no endless nesting. Not yet checked."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise UserError(Text(N_("The file begins with a byte order mark. Save it as UTF-8 without BOM.")))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            Text(
                N_("The file is not UTF-8: byte {position} does not fit. Save it as UTF-8."),
                {"position": error.start + 1},
            )
        ) from None
    try:
        document: Document = _decoded(text)
    except json.JSONDecodeError as error:
        raise UserError(
            Text(
                N_("The file is not JSON: it can't be read at line {line}, column {column}. Mend it there."),
                {"line": error.lineno, "column": error.colno},
            )
        ) from None
    except RecursionError:
        raise UserError(
            Text(N_("The file is nested too deeply to be a case. Check that it is the right file."))
        ) from None
    return document


def _decoded(text: str) -> Any:
    try:
        return _READER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number of thousands of digits, which Python itself refuses to read
        return _READER_OF_ANY_NUMBER.decode(text)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Doubled(found, key)
        seen.add(key)
    return found


def _whole(digits: str) -> int:
    if len(digits) > 18:  # no field holds such a number; Python itself refuses to read the longest
        return 10**18
    return int(digits)


def _refuse_constant(name: str) -> object:
    raise UserError(Text(N_("The file holds {name}, which is no JSON number. Write a number or null."), {"name": name}))


_READER: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_refuse_constant)
_READER_OF_ANY_NUMBER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_refuse_constant, parse_int=_whole
)


def check_document(document: object, *, draft: bool = False) -> None:
    """Check a whole case against the table. `draft`: required fields may be missing and fields are not compared.

    UserError for an unknown key, a wrong type, a date that doesn't exist, a value outside its list, a missing
    required field, or fields that contradict each other as `case-file.md` says.
    """
    SCHEMA.check(document, "")
    assert isinstance(document, dict)  # noqa: S101 - the table has just said so
    check_between(document, draft=draft)


def check_between(document: Document, *, draft: bool = False) -> None:
    """What `check_document` asks of a case whose single fields are right."""
    if document.get("format") is None:
        raise fields.missing("format")
    if not draft:
        check_whole(document)


def check_whole(document: Document) -> None:
    """What `check_document` asks of a case beyond its single fields: what is needed is there, and fields agree."""
    if _agrees(document):
        return
    for path in _REQUIRED:
        if get(document, path) is None:
            raise fields.missing(path)
    for problem in _contradictions(document):
        raise UserError(problem.text, where=problem.path)


def _agrees(document: Document) -> bool:
    """Whether `check_whole` has nothing to say, at a glance; False decides nothing."""
    given = document.get
    person, examination, facts = given("person") or _NONE, given("examination") or _NONE, given("facts") or _NONE
    birth, on = person.get("birth_date"), examination.get("on")
    # Days as they are written stand in the order of the calendar.
    if birth is None or on is None or birth > on or person.get("sex") is None or given("scales"):
        return False
    for section, names in (
        (given("referral"), _NOT_AFTER_EXAMINATION["referral"]),
        ((given("cause") or _NONE).get("paper"), _NOT_AFTER_EXAMINATION["cause.paper"]),
        (given("previous"), _NOT_AFTER_EXAMINATION["previous"]),
    ):
        if section and not on >= max([section.get(name) or on for name in names]):
            return False
    limitations = facts.get("limitations") or _NONE
    if facts.get("insured") != "n/a" and "n/a" not in limitations.values():
        return True
    born, day = parse_iso(birth), parse_iso(on)
    return born is not None and day is not None and not _refused(document, age(born, day))


def check_field(path: str, value: object) -> object:
    """Check one field by its path (`person.iin`, `examination.commission`, `dossier.until`).

    Returns the value as it is to be stored: a `date` as its ISO form, text without outer blanks, empty text as
    None, a tuple as a list. UserError (`where` = path) for a wrong value; KeyError for a path that no case has.
    """
    within = path.removeprefix(f"{DOSSIER_KEY}.")
    spec = fields.spec_of(path) if within == path else fields.spec_of(within, DOSSIER)
    tidied = fields.tidy(value)
    if tidied is not None:
        spec.check(tidied, path)
    return tidied


def problems(document: Document) -> tuple[Problem, ...]:
    """The wrong values of a draft that only show between fields: a birth after the examination, a refused "n/a"."""
    return tuple(_contradictions(document))


def _contradictions(document: Document) -> Iterator[Problem]:
    yield from _totals(document)
    on, birth = _date(document, "examination.on"), _date(document, "person.birth_date")
    if on is not None:
        if birth is not None and birth > on:
            yield Problem(
                "person.birth_date",
                Text(
                    N_("person.birth_date: {date} lies after the examination of {on}. Check both dates."),
                    {"date": birth, "on": on},
                ),
            )
        for parent, names in _NOT_AFTER_EXAMINATION.items():
            section = get(document, parent)
            for name in names if section else ():
                found = _day(section.get(name))
                if found is not None and found > on:
                    path = f"{parent}.{name}"
                    yield Problem(
                        path,
                        Text(
                            N_("{path}: {date} lies after the examination of {on}. Check both dates."),
                            {"path": path, "date": found, "on": on},
                        ),
                    )
    if on is None or birth is None or birth > on:
        return
    years = age(birth, on)
    for path in _refused(document, years):
        yield Problem(
            path,
            Text(
                N_("{path}: at the age of {age} this can't be “n/a”. Give a value, or null if not examined."),
                {"path": path, "age": years},
            ),
        )


def _refused(document: Document, years: int) -> list[str]:
    """The facts that can't be "n/a" at an age, and are."""
    facts = document.get("facts") or _NONE
    sections = (("facts.limitations", facts.get("limitations") or _NONE), ("facts", facts))
    return [
        f"{parent}.{name}"
        for parent, section in sections
        for name, (first, last) in _NOT_APPLICABLE_REFUSED[parent].items()
        if section.get(name) == "n/a" and first <= years <= last
    ]


def _totals(document: Document) -> Iterator[Problem]:
    for scale, given in (document.get("scales") or {}).items():
        form = FORMS[scale]
        if given and form.contradicts(given):
            path = f"scales.{scale}.{form.whole}"
            yield Problem(
                path,
                Text(
                    N_("{path}: {value} is not what the entries of this scale come to. Correct one of them."),
                    {"path": path, "value": given[form.whole]},
                ),
            )


def _date(document: Document, path: str) -> date | None:
    return _day(get(document, path))


def _day(value: object) -> date | None:
    return parse_iso(value) if isinstance(value, str) else None


@lru_cache(maxsize=1_000)
def _keys(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def get(document: Document, path: str) -> Any:
    """The value at a dotted path; None where it or a parent is absent or null."""
    value: Any = document
    for key in _keys(path):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def put(document: Document, path: str, value: object) -> Document:
    """A new document with `value` at the dotted path, parents made where needed; the given one stays as it is."""
    key, _, rest = path.partition(".")
    inner = document.get(key)
    stored = put(inner if isinstance(inner, dict) else {}, rest, value) if rest else value
    return {**document, key: stored}


def facts_of(document: Document) -> Mapping[str, object]:
    """The given facts, flat: `functions.mental`, `anatomical_defects` (a tuple), `work_injury.capacity`, …

    A fact that is not given has no key. `work_injury` itself is True where an injury is given.
    """
    given: dict[str, object] = {}
    for name, value in (get(document, "facts") or {}).items():
        if value is None:
            continue
        if isinstance(value, dict):
            if name == "work_injury":
                given[name] = True
            given.update({f"{name}.{key}": inner for key, inner in value.items() if inner is not None})
        else:
            given[name] = tuple(value) if isinstance(value, list) else value
    return given
