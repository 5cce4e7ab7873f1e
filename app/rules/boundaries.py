"""Whether the pack's own cases notice each boundary: numbers of parameters, their dates and their switches.

A number is moved a step down and a step up, a date a day or two earlier and later, a switch turned: each time some case
must notice it. A date must also have cases on its two sides. Where none is there, it is said which case is needed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from app.domain.text import N_, Text
from app.rules.case_runs import Finding, Witnesses, all_parameters, case_days
from app.rules.model import Pack, Parameter, Value
from app.rules.plan import share_spaces
from app.rules.record_words import days
from app.rules.slices import with_parameter

_DAY: Final = timedelta(1)
_YEARS_SAID: Final = 24  # from so many months on people think in years
_RECORDS_NAMED: Final = 3
_VALUES: Final[Mapping[str, str]] = {
    "years": N_("{value} (in years)"),
    "months": N_("{value} (in months)"),
    "persons": N_("{value} (persons)"),
    "degrees": N_("{value} (degrees)"),
}
_DATED: Final[Mapping[str, str]] = {
    "years": N_("{value} (in years, {days})"),
    "months": N_("{value} (in months, {days})"),
    "persons": N_("{value} (persons, {days})"),
    "degrees": N_("{value} (degrees, {days})"),
}


@dataclass(frozen=True, slots=True)
class _Move:
    """What would be otherwise, in which ways (one must be noticed), and which case would notice it."""

    parameter: Parameter
    change: Text
    ways: tuple[Parameter, ...]
    needed: Text


def moved_parameters(pack: Pack) -> set[str]:
    """The parameters that are tested by moving them."""
    return {move.parameter.id for move in _moves(pack, lambda _: ())}


def boundaries(pack: Pack, users: Callable[[str], Sequence[str]]) -> Iterator[Finding]:
    """The findings on every parameter; `users`: the ids of the records that refer to one."""
    found, witnesses = case_days(pack.cases), Witnesses(pack)
    for move in _moves(pack, users):
        about = {move.parameter.id, *users(move.parameter.id)}
        case = witnesses.first([_otherwise(pack, move.parameter, way) for way in move.ways], about)
        yield Finding("boundary", move.parameter.id, case is not None, noticed(move.change, case, move.needed))
    for parameter in all_parameters(pack):
        for before, value in zip(parameter.values, parameter.values[1:], strict=False):
            if value.first is not None:
                said = Text(N_("{parameter}: {before} becomes {after}"),
                            {"parameter": parameter.name, "before": _said(before, parameter, dated=False),
                             "after": _said(value, parameter, dated=False)})  # fmt: skip
                yield Finding("boundary", parameter.id, *both_sides(said, value.first, found))


def _otherwise(pack: Pack, before: Parameter, after: Parameter) -> Pack:
    changed = with_parameter(pack, before, after)
    share_spaces(pack, changed, before.id)
    return changed


def noticed(change: Text, case: str | None, needed: Text) -> Text:
    """The sentence for a change that a case notices, or that none does: then with the case that is needed."""
    if case is not None:
        return Text(N_("{change}, the case “{case}” would notice it."), {"change": change, "case": case})
    return Text(N_("{change}, no case would notice it. {needed}"), {"change": change, "needed": needed})


def both_sides(what: Text, first: date, found: set[date | None]) -> tuple[bool, Text]:
    """Whether cases stand on the last day of the old and the first day of the new, and the sentence on it."""
    lacking = [day for day in (first - _DAY, first) if day not in found]
    params: dict[str, object] = {"what": what, "before": first - _DAY, "first": first}
    if not lacking:
        return True, Text(N_("{what} on {first}. Cases stand on {before} and on {first}."), params)
    if len(lacking) == 2:
        sentence = N_("{what} on {first}. Two cases are needed: one with {before} as the day of examination, one with"
                      " {first}.")  # fmt: skip
    else:
        sentence = N_("{what} on {first}. A case is needed with {lacking} as the day of examination.")
    return False, Text(sentence, {**params, "lacking": lacking[0]})


def _moves(pack: Pack, users: Callable[[str], Sequence[str]]) -> Iterator[_Move]:
    for parameter in all_parameters(pack):
        records = ", ".join(users(parameter.id)[:_RECORDS_NAMED])
        for position, value in enumerate(parameter.values):
            if isinstance(value.value, bool):
                other = replace(value, value=not value.value)
                yield _Move(parameter, _instead(parameter, value, Text(N_("on") if other.value else N_("off"))),
                            (_with(parameter, {position: other}),),
                            _needed(records, value, Text(N_("facts for which it makes a difference"))))  # fmt: skip
            elif isinstance(value.value, int):
                for step in (-1, 1):
                    moved = replace(value, value=value.value + step)
                    yield _Move(parameter, _instead(parameter, value, str(moved.value)),
                                (_with(parameter, {position: moved}),),
                                _needed(records, value, _figure(parameter, min(value.value, moved.value))))  # fmt: skip
            if position and value.first is not None:
                for sign in (-1, 1):
                    yield _dated_move(parameter, position, value.first, sign, records)


def _dated_move(parameter: Parameter, position: int, first: date, sign: int, records: str) -> _Move:
    before, value = (_said(parameter.values[place], parameter, dated=False) for place in (position - 1, position))
    return _Move(
        parameter,
        Text(N_("{parameter}: if {value} held from {moved} on instead of from {first} on"),
             {"parameter": parameter.name, "value": value, "moved": first + sign * _DAY, "first": first}),
        tuple(_with(parameter, _later(parameter.values, position, sign * more * _DAY)) for more in (1, 2)),
        Text(N_("A case is needed for {records}: {day} as the day of examination, and facts for which {before} and"
                " {value} give different results."),
             {"records": records, "day": first if sign > 0 else first - _DAY, "before": before, "value": value}),
    )  # fmt: skip


def _instead(parameter: Parameter, value: Value, moved: object) -> Text:
    return Text(N_("{parameter}: if {moved} stood instead of {value}"),
                {"parameter": parameter.name, "moved": moved, "value": _said(value, parameter)})  # fmt: skip


def _said(value: Value, parameter: Parameter, *, dated: bool = True) -> Text:
    """A value with what it counts, and its days where it has such: `2 (in months, from 01.01.2027)`."""
    held: dict[str, Any] = {"value": value.value}
    if isinstance(value.value, bool):
        held["value"] = Text(N_("on") if value.value else N_("off"))
    if dated and (value.first or value.last):
        held["days"] = days(value.first, value.last)
        return Text(_DATED.get(parameter.unit, N_("{value} ({days})")), held)
    return Text(_VALUES.get(parameter.unit, "{value}"), held)


def _figure(parameter: Parameter, least: int) -> Text:
    """What a case must have so that it matters whether a number is `least` or the next."""
    if parameter.unit == "years":
        return Text(N_("full years: {n}"), {"n": least})
    if parameter.unit != "months":
        return Text(N_("number: {n}"), {"n": least})
    if least < _YEARS_SAID:
        return Text(N_("months: {n}, and one day more"), {"n": least})
    years, months = divmod(least, 12)
    return Text(N_("years: {years}, months: {months}, and one day more"), {"years": years, "months": months})


def _needed(records: str, value: Value, what: Text) -> Text:
    if value.first is None and value.last is None:
        return Text(N_("A case is needed for {records}: {what}."), {"records": records, "what": what})
    return Text(N_("A case is needed for {records}: {what}; day of examination: {days}."),
                {"records": records, "what": what, "days": days(value.first, value.last)})  # fmt: skip


def _later(values: tuple[Value, ...], position: int, by: timedelta) -> Mapping[int, Value]:
    value, before = values[position], values[position - 1]
    assert value.first is not None  # noqa: S101 - the caller asks only for values that begin
    moved = {position: replace(value, first=value.first + by)}
    if before.last is not None:
        moved[position - 1] = replace(before, last=before.last + by)
    return moved


def _with(parameter: Parameter, moved: Mapping[int, Value]) -> Parameter:
    return replace(parameter, values=tuple(moved.get(place, value) for place, value in enumerate(parameter.values)))
