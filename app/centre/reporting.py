"""`saraptama-centre report`: conclusions by region, commission or referring clinic. Superseded ones don't count."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from app.centre.console import words
from app.domain.text import N_
from app.domain.vocabulary import Outcome, PeriodKind
from app.i18n import Translator


class By(StrEnum):
    """What conclusions are grouped by."""

    REGION = "region"
    COMMISSION = "commission"
    CLINIC = "clinic"


_GROUPS: Final = {
    By.REGION: "c.region",
    By.COMMISSION: "c.region || ' · № ' || c.department || ' · ' || coalesce((SELECT m.name FROM conclusion_members m"
    " WHERE m.incarnation = c.incarnation AND m.line = c.line AND m.seq = c.seq AND m.role = 'head'"
    " ORDER BY m.member LIMIT 1), '')",
    By.CLINIC: "coalesce(c.organisation, '')",
}
_HEADS: Final = {By.REGION: N_("Region"), By.COMMISSION: N_("Commission"), By.CLINIC: N_("Referring clinic")}
_OUTCOMES: Final = tuple(one for one in Outcome if one is not Outcome.UNDETERMINED)


@dataclass(slots=True)
class Row:
    """One group. `periods`: by kind and number, of those with a disability; `overridden`: decided against the
    proposal."""

    group: str
    conclusions: int = 0
    overridden: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    periods: dict[tuple[str, int | None], int] = field(default_factory=dict)


def report(connection: Connection, by: By, first: str = "", last: str = "") -> list[Row]:
    """Conclusions by group, the groups in their order; `first`, `last`: days of examination (ISO), both included."""
    rows = connection.execute(
        text(
            f"SELECT {_GROUPS[by]} AS grp, c.outcome, c.period_kind, c.period_value, count(*), sum(c.overridden)"  # noqa: S608
            " FROM conclusions c WHERE NOT EXISTS (SELECT 1 FROM signings s WHERE s.device = c.device"
            " AND s.supersedes = c.case_id AND s.state <> 'quarantined')"
            " AND c.examined_on >= :first AND c.examined_on <= :last"
            " GROUP BY grp, c.outcome, c.period_kind, c.period_value ORDER BY grp"
        ),
        {"first": first, "last": last or "9999"},
    )
    found: dict[str, Row] = {}
    for group, outcome, kind, value, count, overridden in rows:
        row = found.setdefault(str(group), Row(str(group)))
        row.conclusions += int(count)
        row.overridden += int(overridden or 0)
        row.outcomes[str(outcome)] = row.outcomes.get(str(outcome), 0) + int(count)
        if kind is not None:
            row.periods[str(kind), value] = row.periods.get((str(kind), value), 0) + int(count)
    return sorted(found.values(), key=lambda one: one.group)


def superseded(connection: Connection, first: str = "", last: str = "") -> int:
    """How many conclusions of these days `report` leaves out, for another one stands in their place."""
    return int(connection.execute(
        text("SELECT count(*) FROM conclusions c WHERE EXISTS (SELECT 1 FROM signings s WHERE s.device = c.device"
             " AND s.supersedes = c.case_id AND s.state <> 'quarantined')"
             " AND c.examined_on >= :first AND c.examined_on <= :last"),
        {"first": first, "last": last or "9999"},
    ).scalar_one())  # fmt: skip


def left_out(count: int, t: Translator) -> str | None:
    """The sentence that says so; None where there is none."""
    return t.plural("{n} superseded conclusion is not counted in reports.",
                    "{n} superseded conclusions are not counted in reports.", count) if count else None  # fmt: skip


def _named(group: str, by: By, t: Translator) -> str:
    """A group that begins with the code of a region, with the region's name before it."""
    code, blank, rest = group.partition(" ")
    name = words.region(code)
    if by is By.CLINIC or name == code:
        return group or "–"
    return f"{t.show(name)} ({code}){blank}{rest}"


def table(rows: Sequence[Row], by: By, t: Translator) -> list[list[str]]:
    """Heads and rows, in words."""
    kinds = sorted({period for row in rows for period in row.periods}, key=_order)
    heads = [t(_HEADS[by]), t("Conclusions"), *(t.show(outcome) for outcome in _OUTCOMES),
             t("Decided against the proposal"), *(_period(kind, t) for kind in kinds)]  # fmt: skip
    lines = [
        [_named(row.group, by, t), str(row.conclusions), *(str(row.outcomes.get(outcome, 0)) for outcome in _OUTCOMES),
         str(row.overridden), *(str(row.periods.get(kind, 0)) for kind in kinds)]
        for row in rows
    ]  # fmt: skip
    return [heads, *lines]


def as_csv(rows: Sequence[Row], by: By, t: Translator) -> bytes:
    """As spreadsheets open it: UTF-8 with a mark, semicolons. A cell never begins as a formula would."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in table(rows, by, t):
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and len(cell) > 1 else cell for cell in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_text(rows: Sequence[Row], by: By, t: Translator) -> Iterator[str]:
    """As a terminal shows it: a paragraph a group, what is nought left out."""
    if not rows:
        yield t("No conclusions yet.")
    heads, *lines = table(rows, by, t)
    for line in lines:
        yield f"{line[0]}: {line[1]}"
        yield from (f"    {head}: {cell}" for head, cell in zip(heads[2:], line[2:], strict=True) if cell != "0")


def _order(period: tuple[str, int | None]) -> tuple[int, int]:
    kind, value = period
    kinds = [one.value for one in PeriodKind]
    return kinds.index(kind) if kind in kinds else 99, value or 0


def _period(period: tuple[str, int | None], t: Translator) -> str:
    kind, value = period
    match kind:
        case PeriodKind.MONTHS:
            return t.plural("{n} month", "{n} months", value or 0)
        case PeriodKind.YEARS:
            return t.plural("{n} year", "{n} years", value or 0)
        case _:
            return t.show(PeriodKind(kind)) if kind in set(PeriodKind) else kind
