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

from app.storage.cases import matching
from app.storage.database import driver

NARROW: Final = 1_500
"""Rows: so many are read and sorted in less than a frame of the screen."""

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
    own order."""

    condition: str
    index: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Journal:
    """How one journal is read. `source`: the table, called j; `beside`: what is joined to the rows of a page; `key`
    tells its rows apart; the first of `orders` is the journal's own; `searched`: the condition of a search, around that
    of `matching`."""

    source: str
    key: str
    columns: str
    orders: Mapping[str, Order]
    filters: Mapping[str, Filter]
    base: str = "1"
    beside: str = ""
    searched: str = "{matching}"


def _equal(table: str, *names: str) -> dict[str, Filter]:
    return {name: Filter(f"j.{name} = :{name}", f"{table}_by_{name}" if table else "", bool(table)) for name in names}


def _plain(*names: str) -> dict[str, Order]:
    return {name: Order(f"j.{name}") for name in names}


PROTOCOLS: Final = Journal(
    source="protocols",
    key="j.seq",
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
            "days": Filter("j.examined_on BETWEEN :days_from AND :days_to", "protocols_by_day"),
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
            "moments": Filter("j.taken_at >= :moments_from AND j.taken_at < :moments_to", "papers_by_time"),
            **_equal("papers", "kind", "state"),
        }
    ),
    searched=(
        "(j.case_id IN (SELECT case_id FROM protocols WHERE {matching}) OR (:typed <> '' AND j.number = :typed_number))"
    ),
)

REFUSALS: Final = Journal(
    source="cases",
    key="j.id",
    base="j.state = 'ended'",
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
            "moments": Filter("j.changed_at >= :moments_from AND j.changed_at < :moments_to", "cases_ended"),
            **_equal("", "place", "occasion", "region"),
        }
    ),
)


def page(connection: Connection, journal: Journal, wanted: Wanted) -> Found:
    """One page. An order that isn't on offer for so many rows gives way to the journal's own, newest first."""
    conditions, params = _conditions(journal, wanted)
    own = next(iter(journal.orders))
    index, narrow = _narrowed(connection, journal, wanted, conditions, params)
    order, sort = journal.orders.get(wanted.sort), wanted.sort
    if order is None or (order.index is None and not narrow):
        wanted, order, sort = replace(wanted, descending=True, after=None), journal.orders[own], own
    total = None
    if narrow and wanted.after is None:
        total = _count(connection, journal, conditions, params, index)
    elif not narrow and (index is None or sort != own):
        index = order.index or ""
    rows = _read(connection, journal, order, wanted, conditions, params, index=index, walked=not narrow)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    end = (rows[-1]["sorted_by"], rows[-1]["sorted_key"]) if more else None
    return Found(tuple(rows), end, narrow, total, sort, wanted.descending)


def _narrowed(
    connection: Connection, journal: Journal, wanted: Wanted, conditions: list[str], params: dict[str, Any]
) -> tuple[str | None, bool]:
    """By which index the rows are found, and whether they are few. Where they are many, an index is named only if it
    is in the journal's own order."""
    asked = [journal.filters[name] for name in wanted.filters if journal.filters[name].index]
    counted = [(_count(connection, journal, [each.condition], params, each.index), each) for each in asked]
    n, least = min(counted, key=lambda found: found[0], default=(NARROW + 1, None))
    if least is not None and n <= NARROW:
        return least.index, True
    if wanted.query.split():
        if _count(connection, journal, conditions[-1:], params, None) <= NARROW:
            return None, True
    elif not asked:
        first = journal.orders[next(iter(journal.orders))].index or ""
        if _count(connection, journal, conditions, params, first) <= NARROW:
            return first, True
    return (least.index if least is not None and least.goes_on else None), False


def _conditions(journal: Journal, wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """What is asked for, a search last, and the parameters."""
    conditions, params = [], dict[str, Any]()
    for name, value in wanted.filters.items():
        conditions.append(journal.filters[name].condition)
        if isinstance(value, tuple):
            params |= {f"{name}_from": value[0], f"{name}_to": value[1]}
        else:
            params[name] = value
    found, words = matching(wanted.query)
    if found:
        typed = "".join(wanted.query.split())
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 12
        params |= {**words, "typed": typed if is_number else "", "typed_number": int(typed) if is_number else 0}
        conditions.append(journal.searched.format(matching=" AND ".join(found)))
    return conditions, params


def _from(journal: Journal, conditions: list[str], index: str | None) -> str:
    """FROM and WHERE. `index`: the one to take; empty leaves the choice to SQLite, None keeps it off the rows' state,
    which finds far more than a search does."""
    by = f" INDEXED BY {index}" if index else ""
    base = journal.base if index is not None else journal.base.replace("j.", "+j.")
    return f"FROM {journal.source} j{by} WHERE {' AND '.join([base, *conditions])}"


def _count(
    connection: Connection, journal: Journal, conditions: list[str], params: dict[str, Any], index: str | None
) -> int:
    """How many rows there are, as far as `NARROW` and one more."""
    statement = f"SELECT count(*) FROM (SELECT 1 {_from(journal, conditions, index)} LIMIT {NARROW + 1})"  # noqa: S608
    return int(driver(connection).execute(statement, params).fetchone()[0])


def _read(
    connection: Connection, journal: Journal, order: Order, wanted: Wanted, conditions: list[str],
    params: dict[str, Any], *, index: str | None, walked: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    # What has no index may be empty, and a sort takes no index for its order.
    column = order.column if walked or order.column == journal.key else f"coalesce({order.column}, '')"
    sign, way = ("<", "DESC") if wanted.descending else (">", "ASC")
    if wanted.after is not None:
        params = {**params, "after": wanted.after[0], "after_key": wanted.after[1]}
        conditions = [*conditions, f"({column}, {journal.key}) {sign} (:after, :after_key)"]
        if column == journal.key:
            conditions[-1] = f"{column} {sign} :after"
    found = _from(journal, conditions, index)
    if not order.column.startswith("j."):
        found = found.replace(" WHERE ", f"{journal.beside} WHERE ", 1)
    # First which rows, then what they hold: only those of the page are read whole.
    statement = (
        f"SELECT {journal.columns}, page.sorted_by, page.sorted_key FROM (SELECT {column} AS sorted_by,"  # noqa: S608
        f" {journal.key} AS sorted_key {found} ORDER BY sorted_by {way}, sorted_key {way} LIMIT {wanted.limit + 1})"
        f" page JOIN {journal.source} j ON {journal.key} = page.sorted_key{journal.beside}"
        f" ORDER BY page.sorted_by {way}, page.sorted_key {way}"
    )
    cursor = driver(connection).execute(statement, params)
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
