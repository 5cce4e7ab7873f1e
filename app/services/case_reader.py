"""Cases of a batch, read and checked at a glance where they are right; where the glance doubts, the table says why.

Nearly every case of a batch is right, and what a batch costs is mostly its being read and checked. The glance is the
table of `case_fields` turned into types that a decoder checks while it reads, and what no type can say.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, TypedDict, Union

from msgspec import Meta, MsgspecError
from msgspec.json import Decoder, decode

from app.domain import case_file
from app.domain.case_fields import (
    FIRST_DAY,
    LAST_DAY,
    SCHEMA,
    Constant,
    Day,
    Hundredths,
    ListOf,
    Object,
    OneOf,
    PeriodOf,
    Spec,
    Whole,
    Words,
)
from app.domain.case_file import Document
from app.domain.dates import DAYS_KEPT, parse_iso
from app.domain.vocabulary import PeriodKind

Rest = Callable[[Any], int]
"""How many keys stand in a value of the right type, in all its objects together; `Doubt` where no type refuses."""

_TypedDict: Final[Any] = TypedDict  # made here of names and types that are only known while it runs
_COUNTED: Final = (PeriodKind.MONTHS, PeriodKind.YEARS)


class Doubt(Exception):
    """The glance does not decide; the whole check has to."""


def read_case(data: bytes) -> Document:
    """The case in these bytes, checked whole, as `case_file.read_case` gives it. UserError as there."""
    document = at_a_glance(data)
    if document is None:
        return case_file.read_case(data)
    case_file.check_between(document)
    return document


def read_stored(text: str) -> Document:
    """A case as the desk holds it. Its fields were checked as they were entered; what a case file doesn't have, such as
    the dossier, may be left out."""
    try:
        document: Document = _decoder.decode(text)
    except MsgspecError:
        document = decode(text)
    return document


def at_a_glance(data: bytes) -> Document | None:
    """The case in these bytes if nothing is to be said against its fields and no key stands twice. None: undecided."""
    try:
        # What is printable holds no character that is refused; one that is written with a backslash is not seen here.
        if not data.decode().isprintable() or b"\\" in data:
            return None
        document: Document = _decoder.decode(data)
        return document if _each_once(data, _rest(document)) else None
    except (Doubt, MsgspecError, ValueError, RecursionError):
        return None


def _each_once(data: bytes, keys: int) -> bool:
    """Whether the known `keys` are all that stand in the text: none is unknown, none was lost to a double of it.

    After each key stands a colon. Other colons, inside of texts, can only make their number greater.
    """
    if data.count(b":") == keys:
        return True
    # Colons right after a quotation mark are fewer; they are all the keys' where no key is parted from its colon.
    return data.count(b'":') == keys and b" :" not in data


def _type(spec: Spec) -> Any:
    """What a decoder asks of a value of this kind."""
    if isinstance(spec, Object):
        fields = {key: _type(inner) | None for key, inner in spec.fields.items()}
        return _TypedDict("Fields", fields, total=False)
    if isinstance(spec, PeriodOf):
        return _type(spec.inner)
    if isinstance(spec, ListOf):
        return Annotated[list[_type(spec.item)], Meta(max_length=1)] if spec.distinct else list[_type(spec.item)]  # type: ignore[misc]
    if isinstance(spec, Words):
        pattern = None if spec.pattern is None else rf"\A(?:{spec.pattern.pattern})\Z"
        return Annotated[str, Meta(max_length=spec.longest, pattern=pattern)]
    if isinstance(spec, Whole):
        return Annotated[int, Meta(ge=spec.first, le=spec.last)]
    if isinstance(spec, Hundredths):
        return int | float
    if isinstance(spec, Constant):
        return Literal[spec.text]
    if isinstance(spec, OneOf):
        words = tuple(value for value in spec.values if not isinstance(value, bool))
        kinds = ([Literal[words]] if words else []) + ([bool] if len(words) < len(spec.values) else [])
        return Union[tuple(kinds)]  # noqa: UP007 - of a number of kinds that is only known here
    assert isinstance(spec, Day)  # noqa: S101 - the last kind
    return str


@lru_cache(DAYS_KEPT)
def _is_day(value: str) -> bool:
    day = parse_iso(value)
    return day is not None and FIRST_DAY <= day <= LAST_DAY


def _rest_of(spec: Spec) -> Rest | None:
    """What is asked of a value after its type; None for a value in which no object stands."""
    if isinstance(spec, Object):
        return _rest_of_object(spec)
    if isinstance(spec, PeriodOf):
        return _rest_of_period(_rest_of_object(spec.inner))
    item = _rest_of(spec.item) if isinstance(spec, ListOf) else None
    return None if item is None else lambda value: sum(map(item, value))


def _rest_of_object(spec: Object) -> Rest:
    days = tuple(key for key, inner in spec.fields.items() if isinstance(inner, Day))
    numbers = tuple((key, inner.last) for key, inner in spec.fields.items() if isinstance(inner, Hundredths))
    nested = tuple((key, rest) for key, inner in spec.fields.items() if (rest := _rest_of(inner)) is not None)
    if not (days or numbers or nested):
        return len

    def keys(value: dict[str, Any]) -> int:
        count, given = len(value), value.get
        for key in days:
            day = given(key)
            if day is not None and not _is_day(day):
                raise Doubt
        for key, rest in nested:
            inner = given(key)
            if inner is not None:
                count += rest(inner)
        for key, most in numbers:
            number = given(key)
            if number is not None and not (0 <= number <= most and round(number, 2) == number):
                raise Doubt
        return count

    return keys


def _rest_of_period(inner: Rest) -> Rest:
    def keys(value: dict[str, Any]) -> int:
        if (value.get("kind") in _COUNTED) != (value.get("value") is not None):
            raise Doubt
        return inner(value)

    return keys


_decoder: Final = Decoder(_type(SCHEMA))
_rest: Final = _rest_of_object(SCHEMA)
