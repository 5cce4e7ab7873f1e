"""Who is due for re-examination: by month, by place, as a list and as counts a day; and plans of trips to them."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import line
from app.services.journal_columns import Value, cells
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.due import Span

PLAN: Final = "due_plan"
"""Kind of the entries that hold plans: `{people: [{person, case}], village, month}`."""
_BATCH: Final = 500
_ALWAYS: Final = "0001-01-01"


@dataclass(frozen=True, slots=True)
class DueAsked:
    """A month by its first day; `overdue`: those due before today too, on top. `region`: two digits of КАТО;
    `village` as addresses begin; `sort`: `day`, `name` or `village`."""

    month: date
    overdue: bool = True
    region: str | None = None
    village: str | None = None
    sort: str = "day"


@dataclass(frozen=True, slots=True)
class DueRow:
    """Somebody who is due: the person, the case in force, the day, and the cells of the list."""

    person_id: str
    case_id: str
    due_on: date
    overdue: bool
    village: str
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of people, and where it ends (None: nothing follows)."""

    rows: tuple[DueRow, ...]
    end: Any


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A month at a glance: how many are due on each day of its year, in which villages in the month, and how many are
    overdue as of today (at most 501: more than 500)."""

    days: Mapping[date, int]
    villages: tuple[tuple[str, int], ...]
    overdue: int

    def total(self, month: int) -> int:
        """How many are due in a month (1 to 12) of the year."""
        return sum(n for day, n in self.days.items() if day.month == month)


@dataclass(frozen=True, slots=True)
class Plan:
    """People chosen for a trip, by person and case, with the place and the month (YYYY-MM)."""

    id: str
    people: tuple[tuple[str, str], ...]
    village: str
    month: str


class DueService:
    """Reads who is due; keeps plans."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def today(self) -> date:
        """Today, as the desk's clock says."""
        return self._place.clock.today()

    def page(self, asked: DueAsked, after: Any = None, limit: int = 50) -> DuePage:
        """The overdue first, then the month; within each by `sort`."""
        from app.storage import due

        parts = self._parts(asked)
        at, key = after or (0, None)
        rows: list[DueRow] = []
        with self._place.database.reading() as connection:
            while at < len(parts):
                sort = asked.sort
                if sort != "day" and asked.overdue and at == 0 and due.count(connection, parts[0]) > due.MOST:
                    sort = "day"  # too many to be sorted by anything else
                found, key = due.page(connection, parts[at], sort, key, limit - len(rows))
                rows += [self._row(row) for row in found]
                if key is not None:
                    return DuePage(tuple(rows), (at, key))
                at += 1
                if len(rows) == limit and at < len(parts):
                    return DuePage(tuple(rows), (at, None))
        return DuePage(tuple(rows), None)

    def every(self, asked: DueAsked) -> Iterator[DueRow]:
        """All of them, in order."""
        after: Any = None
        while True:
            page = self.page(asked, after, _BATCH)
            yield from page.rows
            if page.end is None:
                return
            after = page.end

    def month(self, asked: DueAsked) -> DueMonth:
        """Counts of a month; the villages are those of everybody in it, whichever is asked for."""
        from app.storage import due

        span = self._month(asked)
        before = replace(span, since=_ALWAYS, until=self.today().isoformat())
        with self._place.database.reading() as connection:
            days = due.by_day(connection, replace(span, since=f"{asked.month.year:04}-01-01",
                                                  until=f"{asked.month.year:04}-12-32"))  # fmt: skip
            villages = due.villages(connection, replace(span, village=None))
            overdue = due.count(connection, before)
        return DueMonth({date.fromisoformat(day): n for day, n in days.items()}, tuple(villages), overdue)

    def plan(self, people: Sequence[DueRow], village: str, month: date) -> Plan:
        """Keep who was chosen, for the trip that is to be planned. UserError where nobody was."""
        from app.services.founding import new_id
        from app.storage import entries

        if not people:
            raise UserError(Text(N_("Nobody is chosen. Choose the people of the trip in the list, then plan it.")))
        chosen = {row.person_id: row.case_id for row in people}
        record = {
            "people": [{"person": person, "case": case} for person, case in chosen.items()],
            "village": line(village, where="village"),
            "month": f"{month:%Y-%m}",
        }
        with self._place.begin() as work:
            identity = new_id()
            entries.put(work, PLAN, identity, record, screen="journals")
            work.commit()
        return _plan(identity, record)

    def plans(self) -> tuple[Plan, ...]:
        """Every plan that is kept, by month and village."""
        from app.storage import entries

        with self._place.database.reading() as connection:
            found = [_plan(*each) for each in entries.of_kind(connection, PLAN).items()]
        return tuple(sorted(found, key=lambda plan: (plan.month, plan.village, plan.id)))

    def drop_plan(self, identity: str) -> None:
        """Take a plan away, once the trip stands or won't be made."""
        from app.storage import entries

        with self._place.begin() as work:
            if entries.put(work, PLAN, identity, None, screen="journals"):
                work.commit()

    def _parts(self, asked: DueAsked) -> "tuple[Span, ...]":
        """The spans one after the other: before today, and the month from today on."""
        month = self._month(asked)
        if not asked.overdue:
            return (month,)
        today = self.today().isoformat()
        overdue = replace(month, since=_ALWAYS, until=today)
        rest = replace(month, since=max(month.since, today))
        return (overdue, rest) if rest.since < rest.until else (overdue,)

    def _month(self, asked: DueAsked) -> "Span":
        from app.storage.due import Span

        first = asked.month.replace(day=1)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return Span(first.isoformat(), (last + timedelta(days=1)).isoformat(), asked.region, asked.village)

    def _row(self, row: Mapping[str, Any]) -> DueRow:
        day = date.fromisoformat(row["due_on"])
        return DueRow(
            row["person_id"], row["case_id"], day, day < self.today(), row["village"] or "", cells("due", row)
        )


def _plan(identity: str, record: Mapping[str, Any]) -> Plan:
    people = tuple((each["person"], each["case"]) for each in record["people"])
    return Plan(identity, people, record["village"], record["month"])
