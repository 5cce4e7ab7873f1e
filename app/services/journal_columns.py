"""What the columns of the journals are called and what stands in them, for the screen, a table and paper alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Literal

from app.domain import dates
from app.domain.clock import KAZAKHSTAN
from app.domain.endings import OTHER
from app.domain.papers import written
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import CaseState, EndingKind, Occasion, Outcome, PaperKind, PaperState, PeriodKind, Place
from app.i18n import Translator
from app.services.grounds import ground

Name = Literal["protocols", "papers", "refusals", "due"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=KAZAKHSTAN) + timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class DecidedPeriod:
    """A period as it was decided: kind, and how many where that has a meaning."""

    kind: PeriodKind
    value: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """Several things said in one cell, each in whatever form."""

    parts: tuple[str | LocalText, ...]


Value = str | int | date | StrEnum | Text | LocalText | DecidedPeriod | Said | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its title (a message), how wide it is beside the others on paper, and whether rows can be
    sorted by it."""

    name: str
    title: str
    width: float
    sorted: bool = True


TITLES: Final[Mapping[Name, str]] = MappingProxyType(
    {
        "protocols": N_("Journal of protocols"),
        "papers": N_("Journal of issued papers"),
        "refusals": N_("Journal of refusals"),
        "due": N_("Who is due for re-examination"),
    }
)
COLUMNS: Final[Mapping[Name, tuple[Column, ...]]] = MappingProxyType(
    {
        "protocols": (
            Column("entry", N_("No."), 5),
            Column("examined_on", N_("Date"), 9),
            Column("name", N_("Name of the person"), 14),
            Column("iin", N_("ИИН"), 11),
            Column("address", N_("Address"), 14),
            Column("icd10", N_("Diagnosis code"), 8),
            Column("outcome", N_("Decision"), 12),
            Column("period", N_("Period"), 8),
            Column("due_on", N_("Until"), 9),
            Column("number", N_("Act No."), 12),
            Column("certificate", N_("Certificate No."), 9, sorted=False),
            Column("commission", N_("Commission"), 15),
        ),
        "papers": (
            Column("series", N_("Series"), 6),
            Column("number", N_("Number"), 9),
            Column("kind", N_("Paper"), 16),
            Column("name", N_("To whom"), 18),
            Column("case_number", N_("Case"), 12),
            Column("taken_at", N_("Date"), 9),
            Column("who", N_("By whom"), 15),
            Column("state", N_("State"), 9),
            Column("reason", N_("Why written off"), 14),
        ),
        "refusals": (
            Column("changed_at", N_("Date"), 9),
            Column("name", N_("Name of the person"), 18),
            Column("iin", N_("ИИН"), 11),
            Column("number", N_("Case"), 12),
            Column("ending", N_("How it ended"), 11, sorted=False),
            Column("ground", N_("Ground"), 24, sorted=False),
            Column("place", N_("Place"), 11),
            Column("occasion", N_("Occasion"), 12),
        ),
        "due": (
            Column("due_on", N_("Due on"), 9),
            Column("name", N_("Name of the person"), 18),
            Column("iin", N_("ИИН"), 11),
            Column("village", N_("Town or village"), 12),
            Column("address", N_("Address"), 16, sorted=False),
            Column("region", N_("Region"), 11, sorted=False),
            Column("outcome", N_("Decision in force"), 13, sorted=False),
            Column("number", N_("Last case"), 12, sorted=False),
            Column("examined_on", N_("Examined on"), 9, sorted=False),
            Column("under_way", N_("Under way"), 12, sorted=False),
        ),
    }
)


def cells(name: Name, row: Mapping[str, Any]) -> tuple[Value, ...]:
    """What stands in a stored row, column by column."""
    return tuple(_CELLS.get((name, column.name), _plain)(row, column.name) for column in COLUMNS[name])


def shown(t: Translator, value: Value) -> str:
    """A cell in words; empty where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, DecidedPeriod):
        return _period_words(t, value)
    if isinstance(value, Said):
        return ". ".join(t.show(part).rstrip(".") for part in value.parts)
    return t.show(value)


def moment(microseconds: int | None) -> datetime | None:
    """A stored time, in Kazakhstan's."""
    return _EPOCH + timedelta(microseconds=microseconds) if microseconds is not None else None


def microseconds(day: date) -> int:
    """When a day begins in Kazakhstan, as it is stored."""
    return (datetime(day.year, day.month, day.day, tzinfo=KAZAKHSTAN) - _EPOCH) // timedelta(microseconds=1)


def region_name(code: str | None) -> LocalText | None:
    """The name of a region by the first two digits of its КАТО code."""
    from app.documents.letterhead import region_of

    region = region_of(code) if code else None
    return region.name if region is not None else None


def _plain(row: Mapping[str, Any], name: str) -> Value:
    value: Value = row.get(name)
    return value


def _day(row: Mapping[str, Any], name: str) -> Value:
    return dates.parse_iso(row[name]) if row[name] else None


def _stamp(row: Mapping[str, Any], name: str) -> Value:
    at = moment(row[name])
    return at.date() if at is not None else None


def _member(kind: type[StrEnum]) -> Callable[[Mapping[str, Any], str], Value]:
    return lambda row, name: kind(row[name]) if row[name] else None


def _region(row: Mapping[str, Any], name: str) -> Value:
    return region_name(row[name])


def _address(row: Mapping[str, Any], name: str) -> Value:
    return row[name] or region_name(row["region"])


def _period(row: Mapping[str, Any], name: str) -> Value:
    kind, _, value = (row[name] or "").partition(":")
    return DecidedPeriod(PeriodKind(kind), int(value) if value else None) if kind else None


def _period_words(t: Translator, period: DecidedPeriod) -> str:
    match period.kind:
        case PeriodKind.MONTHS:
            return t.plural("{n} month", "{n} months", period.value or 0)
        case PeriodKind.YEARS:
            return t.plural("{n} year", "{n} years", period.value or 0)
        case _:
            return t.show(period.kind)


def _certificate(row: Mapping[str, Any], _: str) -> Value:
    if row["paper_number"] is None:
        return None
    return f"{row['paper_series']} № {written(row['paper_number'], row['paper_digits'])}".strip()


def _act(row: Mapping[str, Any], name: str) -> Value:
    if row["state"] == CaseState.SUPERSEDED:
        return Text(N_("{number}, corrected since"), {"number": row[name]})
    return str(row[name])


def _number(row: Mapping[str, Any], name: str) -> Value:
    return written(row[name], row["digits"])


def _ended_on(row: Mapping[str, Any], name: str) -> Value:
    return dates.parse_iso(row["ended_on"]) if row["ended_on"] else _stamp(row, name)


def _ground(row: Mapping[str, Any], _: str) -> Value:
    """The ground by its name, and what was said in words."""
    known = ground(row["ground"])
    name = known.name if known is not None and known.id != OTHER else row["ground"] if known is None else None
    parts = [part for part in (name, row["words"]) if part]
    return Said(tuple(parts)) if parts else None


_CELLS: Final[Mapping[tuple[str, str], Callable[[Mapping[str, Any], str], Value]]] = MappingProxyType(
    {
        ("protocols", "examined_on"): _day,
        ("protocols", "address"): _address,
        ("protocols", "outcome"): _member(Outcome),
        ("protocols", "period"): _period,
        ("protocols", "due_on"): _day,
        ("protocols", "number"): _act,
        ("protocols", "certificate"): _certificate,
        ("papers", "number"): _number,
        ("papers", "kind"): _member(PaperKind),
        ("papers", "taken_at"): _stamp,
        ("papers", "state"): _member(PaperState),
        ("refusals", "changed_at"): _ended_on,
        ("refusals", "ending"): _member(EndingKind),
        ("refusals", "ground"): _ground,
        ("refusals", "place"): _member(Place),
        ("refusals", "occasion"): _member(Occasion),
        ("due", "due_on"): _day,
        ("due", "region"): _region,
        ("due", "outcome"): _member(Outcome),
        ("due", "examined_on"): _day,
    }
)
