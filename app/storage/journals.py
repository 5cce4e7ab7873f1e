"""Pages of the journals, however many rows they hold.

A page is read in one of two ways. Where a period, a filter or a search leaves few rows (`NARROW`), those are read and
sorted by whatever column. Else an index is walked in the order asked for, from where the last page ended, and filters
are told by the index itself; then only the orders that have an index are offered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from app.storage.database import driver
from app.storage.matching import matching

NARROW: Final = 1_500
"""Rows: so many are read and sorted in less than a frame of the screen, wherever in the table they lie."""
NEAR: Final = 5_000
"""The same for rows that lie together, as those of a period do."""

Key = tuple[Any, Any]
"""Where a page ended: the value sorted by, and the row's own key."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, in which order, from where. `filters` by name, each with its value or values."""

    filters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    query: str = ""
    sort: str = ""
    descending: bool = True
    after: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A page: rows as mappings, where it ends (None: nothing follows), whether every order is on offer, how many rows
    there are in all (None: not counted), and the order in force."""

    rows: tuple[Mapping[str, Any], ...]
    end: Key | None
    narrow: bool
    total: int | None
    sort: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by; `index` that holds it in order, empty for the table's own, None where there is none."""

    column: str
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition and the index that finds it, if one does. `goes_on`: within one value, that index is in the journal's
    own order. `most`: so many rows are few."""

    condition: str
    index: str = ""
    goes_on: bool = False
    most: int = NARROW


@dataclass(frozen=True, slots=True)
class Journal:
    """How one journal is read. `source`: the table, called j; `beside`: what is joined to the rows of a page; `key`
    tells its rows apart; the first of `orders` is the journal's own; `in_period` the order that stands for it within a
    period, being the same but for a few rows. A search is `found` from its own indexes (None: there are none), or
    `told` of each row that is walked past; both stand around the condition of `matching`."""

    source: str
    key: str
    columns: str
    orders: Mapping[str, Order]
    filters: Mapping[str, Filter]
    base: str = "1"
    beside: str = ""
    in_period: str = ""
    found: str | None = "{matching}"
    told: str = "{matching}"


def _equal(table: str, *names: str) -> dict[str, Filter]:
    return {name: Filter(f"j.{name} = :{name}", f"{table}_by_{name}" if table else "", bool(table)) for name in names}


def _plain(*names: str) -> dict[str, Order]:
    return {name: Order(f"j.{name}") for name in names}


PROTOCOLS: Final = Journal(
    source="protocols",
    key="j.seq",
    in_period="examined_on",
    columns=(
        "j.case_id, j.year, j.entry, j.number, j.examined_on, j.name, j.iin, j.region, j.address, j.icd10, j.outcome,"
        " j.period, j.due_on, j.place, j.occasion, j.commission, c.state, b.series AS paper_series,"
        " b.number AS paper_number, b.digits AS paper_digits"
    ),
    beside=(
        " JOIN cases c ON c.id = j.case_id LEFT JOIN papers b ON b.case_id = j.case_id AND b.state = 'issued'"
        " AND b.kind = 'disability_certificate'"
    ),
    orders=MappingProxyType(
        {
            "entry": Order("j.seq", ""),
            "examined_on": Order("j.examined_on", "protocols_by_day"),
            "name": Order("j.order_key", "protocols_by_name"),
            **_plain("iin", "address", "icd10", "outcome", "period", "due_on", "number", "commission"),
        }
    ),
    filters=MappingProxyType(
        {
            "days": Filter("j.examined_on BETWEEN :days_from AND :days_to", "protocols_by_day", most=NEAR),
            **_equal("protocols", "outcome", "place", "occasion", "region"),
        }
    ),
)

PAPERS: Final = Journal(
    source="papers",
    key="j.seq",
    columns=(
        "j.case_id, j.kind, j.series, j.number, j.digits, j.state, j.taken_at, j.spoiled_at, j.reason,"
        " u.name AS who, p.name, p.number AS case_number"
    ),
    beside=" LEFT JOIN protocols p ON p.case_id = j.case_id LEFT JOIN users u ON u.id = j.taken_by",
    orders=MappingProxyType(
        {
            "taken_at": Order("j.taken_at", "papers_by_time"),
            **_plain("kind", "series", "number", "state", "reason"),
            "name": Order("p.order_key"),
            "who": Order("u.name"),
            "case_number": Order("p.number"),
        }
    ),
    filters=MappingProxyType(
        {
            "moments": Filter("j.taken_at >= :moments_from AND j.taken_at < :moments_to", "papers_by_time", True, NEAR),
            **_equal("papers", "kind", "state"),
        }
    ),
    found=(
        "j.seq IN (SELECT b.seq FROM (SELECT case_id FROM protocols WHERE {matching}) p"
        " CROSS JOIN papers b ON b.case_id = p.case_id UNION ALL SELECT seq FROM papers WHERE number = :typed)"
    ),
    told=("(j.number = :typed OR EXISTS (SELECT 1 FROM protocols p WHERE p.case_id = j.case_id AND {matching}))"),
)

REFUSALS: Final = Journal(
    source="cases",
    key="j.id",
    base="j.state = 'ended'",
    found=None,
    columns=(
        "j.id AS case_id, j.number, j.changed_at, j.name, j.iin, j.birth_date, j.place, j.occasion, j.region,"
        " json_extract(j.document, '$.dossier.ending.kind') AS ending,"
        " json_extract(j.document, '$.dossier.ending.ground') AS ground,"
        " json_extract(j.document, '$.dossier.ending.text') AS words,"
        " json_extract(j.document, '$.dossier.ending.on') AS ended_on"
    ),
    orders=MappingProxyType(
        {
            "changed_at": Order("j.changed_at", "cases_ended"),
            "name": Order("j.order_key", "cases_ended_by_name"),
            **_plain("iin", "number", "place", "occasion"),
        }
    ),
    filters=MappingProxyType(
        {
            "moments": Filter("j.changed_at >= :moments_from AND j.changed_at < :moments_to", "cases_ended", True),
            **_equal("", "place", "occasion", "region"),
        }
    ),
)


def page(connection: Connection, journal: Journal, wanted: Wanted) -> Found:
    """One page. An order that isn't on offer for so many rows gives way to the journal's own, newest first."""
    asked = _Asked(connection, journal, wanted)
    own = next(iter(journal.orders))
    order, sort = journal.orders.get(wanted.sort), wanted.sort
    if order is None or (order.index is None and not asked.narrow):
        wanted, order, sort = replace(wanted, descending=True, after=None), journal.orders[own], own
    if sort == own and not asked.narrow and journal.in_period and "days" in wanted.filters:
        order = journal.orders[journal.in_period]
    total = asked.count() if asked.narrow and wanted.after is None else None
    rows = asked.read(order, wanted, first=sort == own)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    end = (rows[-1]["sorted_by"], rows[-1]["sorted_key"]) if more else None
    return Found(tuple(rows), end, asked.narrow, total, sort, wanted.descending)


class _Asked:
    """The conditions of one question, and how its rows are found. `narrow`: they are few; then `index` finds them,
    or, where it is None, the search does."""

    def __init__(self, connection: Connection, journal: Journal, wanted: Wanted) -> None:
        self._connection, self._journal = connection, journal
        self._conditions = [journal.filters[name].condition for name in wanted.filters]
        self._params = dict[str, Any]()
        for name, value in wanted.filters.items():
            if isinstance(value, tuple):
                self._params |= {f"{name}_from": value[0], f"{name}_to": value[1]}
            else:
                self._params[name] = value
        matched, words = matching(wanted.query)
        self._search = " AND ".join(matched)
        if matched:
            typed = "".join(wanted.query.split())
            is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 12
            self._params |= {**words, "typed": int(typed) if is_number else -1}
        self.narrow, self._index = self._narrowed(wanted)

    def count(self) -> int:
        """How many rows there are, where they are few."""
        return self._count(self._where(self._index), NEAR)

    def read(self, order: Order, wanted: Wanted, *, first: bool) -> list[dict[str, Any]]:
        """The rows of a page and one more; `first`: they are asked for in the journal's own order."""
        journal, params = self._journal, self._params
        index = self._index
        if not self.narrow and (index is None or not first):
            index = order.index or ""
        # What has no index may be empty, and a sort takes no index for its order.
        own = order.column == journal.key
        column = order.column if not self.narrow or own else f"coalesce({order.column}, '')"
        sign, way = ("<", "DESC") if wanted.descending else (">", "ASC")
        beside = "" if order.column.startswith("j.") else journal.beside
        found = self._where(index, beside)
        if wanted.after is not None:
            params = {**params, "after": wanted.after[0], "after_key": wanted.after[1]}
            after = f"{column} {sign} :after" if own else f"({column}, {journal.key}) {sign} (:after, :after_key)"
            found += f" AND {after}"
        # First which rows, then what they hold: only those of the page are read whole.
        statement = (
            f"SELECT {journal.columns}, page.sorted_by, page.sorted_key FROM (SELECT {column} AS sorted_by,"  # noqa: S608
            f" {journal.key} AS sorted_key {found} ORDER BY {column} {way}, {journal.key} {way}"
            f" LIMIT {wanted.limit + 1}) page CROSS JOIN {journal.source} j ON {journal.key} = page.sorted_key"
            f"{journal.beside} ORDER BY page.sorted_by {way}, page.sorted_key {way}"
        )
        cursor = driver(self._connection).execute(statement, params)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _narrowed(self, wanted: Wanted) -> tuple[bool, str | None]:
        """Whether the rows are few, and the index by which they are found; where they are many, one that is in the
        journal's own order, if there is any."""
        journal = self._journal
        first = journal.orders[next(iter(journal.orders))].index or ""
        asked = [each for name in wanted.filters if (each := journal.filters[name]).index]
        counted = [(self._count(self._from(each.index, [each.condition]), each.most), each) for each in asked]
        few = [(n, each) for n, each in counted if n <= each.most]
        if few:
            return True, min(few, key=lambda found: found[0])[1].index
        if self._search and journal.found is not None:
            if self._count(self._from("", [journal.found.format(matching=self._search)]), NARROW) <= NARROW:
                return True, None
        elif (self._search or not asked) and self._count(self._where(first), NARROW) <= NARROW:
            return True, first
        if "days" in wanted.filters:
            return False, None
        walked = [(n, each) for n, each in counted if each.goes_on]
        return False, min(walked, key=lambda found: found[0])[1].index if walked else None

    def _where(self, index: str | None, beside: str = "") -> str:
        """FROM and WHERE of everything that is asked for; None: found by the search."""
        if index is None:
            # The plus keeps SQLite from taking the index of a filter, which finds far more.
            others = [condition.replace("j.", "+j.") for condition in self._conditions]
            found = (self._journal.found or "").format(matching=self._search)
            return self._from("", [found, *others], beside)
        told = [self._journal.told.format(matching=self._search)] if self._search else []
        return self._from(index or "NOT", [*self._conditions, *told], beside)

    def _from(self, index: str, conditions: list[str], beside: str = "") -> str:
        by = {"": "", "NOT": " NOT INDEXED"}.get(index, f" INDEXED BY {index}")
        where = " AND ".join([self._journal.base, *conditions])
        return f"FROM {self._journal.source} j{by}{beside} WHERE {where}"

    def _count(self, found: str, most: int) -> int:
        """How many rows there are, as far as `most` and one more."""
        statement = f"SELECT count(*) FROM (SELECT 1 {found} LIMIT {most + 1})"  # noqa: S608
        return int(driver(self._connection).execute(statement, self._params).fetchone()[0])
