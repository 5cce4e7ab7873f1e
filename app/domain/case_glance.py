"""A case at a glance: whether its fields are right beyond doubt, and how many keys it has.

Nearly every case of a batch is right, and what a batch costs is mostly its being read and checked. The glance is the
table of `case_fields` asked for nothing but yes or doubt; where it doubts, the table itself says what is wrong.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

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
from app.domain.dates import DAYS_KEPT, parse_iso
from app.domain.vocabulary import PeriodKind

Plain = Callable[[Any], object]
"""True of a value that is right. It may be asked for a value of any kind and may then raise TypeError: a doubt."""
Keyed = Callable[[Any], int]
"""How many keys stand in a value that is right and may hold objects; else `Doubt`."""

_READER: Final = json.JSONDecoder()
_COUNTED: Final = (PeriodKind.MONTHS, PeriodKind.YEARS)


class Doubt(Exception):
    """The glance does not decide; the whole check has to."""


def read(data: bytes) -> dict[str, Any] | None:
    """The case in these bytes if nothing at all is to be said against its fields and no key stands twice in an object.

    None decides nothing.
    """
    try:
        text = data.decode("utf-8")
        document: dict[str, Any]
        document, end = _READER.raw_decode(text)
        keys = _keys(document)
    except (Doubt, ValueError, TypeError, RecursionError):
        return None
    return document if end == len(text) and _each_once(data, keys) else None


def _each_once(data: bytes, keys: int) -> bool:
    """Whether the `keys` that were found are all that stand in the text, so that none was lost to a double of it.

    After each key stands a colon. Other colons, inside of texts, can only make their number greater.
    """
    if data.count(b":") == keys:
        return True
    # Colons right after a quotation mark are fewer; they are all the keys' where no key is parted from its colon.
    return data.count(b'":') == keys and not (b" :" in data or b"\n:" in data or b"\t:" in data or b"\r:" in data)


def holds(value: object, spec: Spec = SCHEMA) -> bool:
    """Whether a value, by itself a whole case, is right beyond doubt; False decides nothing."""
    try:
        if isinstance(spec, Object | ListOf | PeriodOf):
            return keyed(spec)(value) >= 0
        return bool(plain(spec)(value))
    except (Doubt, TypeError):
        return False


def plain(spec: Spec) -> Plain:
    """The glance at a value in which no object can stand."""
    if isinstance(spec, Constant):
        return _closed((spec.text,))
    if isinstance(spec, Words):
        return _form(spec) if spec.pattern else _words(spec.longest)
    if isinstance(spec, Day):
        return _is_day
    if isinstance(spec, OneOf):
        return _closed(spec.values)
    if isinstance(spec, Whole):
        first, last = spec.first, spec.last
        return lambda value: type(value) is int and first <= value <= last
    assert isinstance(spec, Hundredths)  # noqa: S101 - the other kinds may hold objects
    most = spec.last
    return lambda value: type(value) is float and 0 <= value <= most and round(value, 2) == value


def _words(longest: int) -> Plain:
    # What is printable holds no character that is refused.
    return lambda value: value.__class__ is str and value.isprintable() and len(value) <= longest


def _form(spec: Words) -> Plain:
    words, pattern = _words(spec.longest), spec.pattern
    assert pattern is not None  # noqa: S101 - asked for before
    fits = pattern.fullmatch
    return lambda value: words(value) and fits(value) is not None


@lru_cache(DAYS_KEPT)
def _is_day(value: object) -> bool:
    day = parse_iso(value) if isinstance(value, str) else None
    return day is not None and FIRST_DAY <= day <= LAST_DAY


def _closed(values: tuple[object, ...]) -> Plain:
    if all(type(value) is str for value in values):
        return frozenset(values).__contains__
    # True equals 1 and 1.0 does too: only the same type is the same value.
    kinds = {kind: frozenset(value for value in values if type(value) is kind) for kind in map(type, values)}
    nothing: frozenset[object] = frozenset()
    if len(kinds) == 1:
        ((kind, known),) = kinds.items()
        return lambda value: value.__class__ is kind and value in known
    return lambda value: value in kinds.get(value.__class__, nothing)


def keyed(spec: Spec) -> Keyed:
    """The glance at a value in which objects stand or may stand."""
    if isinstance(spec, Object):
        return _object(spec.fields)
    if isinstance(spec, ListOf):
        return _list(spec)
    assert isinstance(spec, PeriodOf)  # noqa: S101 - the last kind
    return _period(spec)


def _object(fields: Mapping[str, Spec]) -> Keyed:
    nested = {key: keyed(spec) for key, spec in fields.items() if isinstance(spec, Object | ListOf | PeriodOf)}
    simple = {key: plain(spec) for key, spec in fields.items() if key not in nested}
    right = simple.get

    def keys(value: Any) -> int:
        if value.__class__ is not dict:  # a `Doubled` is no plain one
            raise Doubt
        count = len(value)
        for key, inner in value.items():
            if inner is None:
                if key not in fields:
                    raise Doubt
            elif (known := right(key)) is not None:
                if not known(inner):
                    raise Doubt
            elif key in nested:
                count += nested[key](inner)
            else:
                raise Doubt
        return count

    return keys


def _list(spec: ListOf) -> Keyed:
    item, distinct = spec.item, spec.distinct
    nested = isinstance(item, Object | ListOf | PeriodOf)
    known: Callable[[Any], Any] = keyed(item) if nested else plain(item)

    def keys(value: Any) -> int:
        if value.__class__ is not list or (distinct and len(value) > 1):
            raise Doubt
        if nested:
            return sum(map(known, value))
        if not all(map(known, value)):
            raise Doubt
        return 0

    return keys


def _period(spec: PeriodOf) -> Keyed:
    inner = keyed(spec.inner)

    def keys(value: Any) -> int:
        count = inner(value)
        if (value.get("kind") in _COUNTED) != (value.get("value") is not None):
            raise Doubt
        return count

    return keys


_keys: Final = keyed(SCHEMA)
