"""The journals: protocols, issued papers, refusals; page by page, filtered and sorted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.journal_columns import COLUMNS, Value, cells, microseconds
from app.services.workplace import Workplace

JournalName = Literal["protocols", "papers", "refusals"]

_BATCH: Final = 500  # rows at a time for an export


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a journal is asked for: days from `since` to `until`, both included; the others as the columns name
    them, None for any. `region`: the first two digits of a КАТО code. `sort`: a column, empty for the journal's own
    order."""

    since: date | None = None
    until: date | None = None
    query: str = ""
    outcome: str | None = None
    place: str | None = None
    occasion: str | None = None
    region: str | None = None
    kind: str | None = None
    state: str | None = None
    sort: str = ""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line: the case it leads to, and what stands in the columns."""

    case_id: str | None
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Rows, where they end (None: nothing follows), how many there are in all (None: too many to count at once),
    and the order in force. `sortable`: the columns on offer, all of them where the rows are few."""

    rows: tuple[JournalRow, ...]
    end: Any
    total: int | None
    sort: str
    descending: bool
    sortable: tuple[str, ...]
    narrow: bool


class JournalService:
    """Reads; what is exported is written by `ExportService`."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def page(self, name: JournalName, asked: Asked, after: Any = None, limit: int = 50) -> JournalPage:
        """One page. UserError where the period ends before it begins."""
        from app.storage import journals

        journal = _journal(name)
        wanted = journals.Wanted(
            filters=_filters(name, asked), query=asked.query, sort=asked.sort, descending=asked.descending,
            after=after, limit=limit,
        )  # fmt: skip
        with self._place.database.reading() as connection:
            found = journals.page(connection, journal, wanted)
        rows = tuple(JournalRow(row["case_id"], cells(name, row)) for row in found.rows)
        offered = {key for key, order in journal.orders.items() if found.narrow or order.index is not None}
        sortable = tuple(column.name for column in COLUMNS[name] if column.name in offered)
        return JournalPage(rows, found.end, found.total, found.sort, found.descending, sortable, found.narrow)

    def on_paper(self, name: JournalName, asked: Asked) -> Asked:
        """The same rows as an archive reads them: in the journal's own order oldest first, in another one as chosen."""
        own = next(iter(_journal(name).orders))
        return replace(asked, sort=own, descending=False) if asked.sort in ("", own) else asked

    def every(self, name: JournalName, asked: Asked) -> Iterator[JournalRow]:
        """All rows that `asked` finds, in its order; each batch is read when it is wanted."""
        after: Any = None
        while True:
            page = self.page(name, asked, after, _BATCH)
            yield from page.rows
            if page.end is None:
                return
            after, asked = page.end, replace(asked, sort=page.sort, descending=page.descending)


def _journal(name: JournalName) -> Any:
    from app.storage import journals

    return {"protocols": journals.PROTOCOLS, "papers": journals.PAPERS, "refusals": journals.REFUSALS}[name]


def _filters(name: JournalName, asked: Asked) -> Mapping[str, Any]:
    since, until = asked.since or date.min, asked.until or date(9999, 12, 30)
    if until < since:
        raise UserError(Text(N_("The period ends before it begins.")), where="until")
    filters: dict[str, Any] = {}
    if asked.since is not None or asked.until is not None:
        if name == "protocols":
            filters["days"] = (since.isoformat(), until.isoformat())
        else:
            filters["moments"] = (microseconds(since), microseconds(until + timedelta(days=1)))
    known = _journal(name).filters
    for key in ("outcome", "place", "occasion", "region", "kind", "state"):
        value = getattr(asked, key)
        if value is not None and key in known:
            filters[key] = value
    return filters
