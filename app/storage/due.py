"""Who is due again: persons whose case in force ends its period on a day.

In force is a person's newest signed case. Whoever's newest decision has no term is not due, nor is anybody who died.
Told by indexes of signed cases alone, so that a month is counted at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.vocabulary import EndingKind
from app.storage.database import driver

MOST: Final = 500
"""Overdue people are counted as far as this and one more."""

_IN_FORCE: Final = (
    "c.state = 'signed' AND c.due_on >= :since AND c.due_on < :until"
    " AND NOT EXISTS (SELECT 1 FROM cases n INDEXED BY cases_in_force WHERE n.state = 'signed'"
    " AND n.person_id = c.person_id AND n.changed_seq > c.changed_seq)"
    " AND NOT EXISTS (SELECT 1 FROM cases d INDEXED BY cases_ended_of_person WHERE d.state = 'ended'"
    " AND d.person_id = c.person_id AND json_extract(d.document, '$.dossier.ending.kind') = :death)"
)
_REGION: Final = " AND c.region = :region"
# The first part of an address, up to the comma, is the town or village as people write it.
_VILLAGE: Final = (
    "trim(CASE WHEN instr(p.address, ',') > 0 THEN substr(p.address, 1, instr(p.address, ',') - 1)"
    " ELSE coalesce(p.address, '') END)"
)
_ORDERS: Final[Mapping[str, str]] = {"day": "c.due_on", "name": "p.order_key", "village": _VILLAGE}
_FROM: Final = "FROM cases c INDEXED BY cases_by_due"
_BESIDE: Final = " CROSS JOIN protocols p ON p.seq = c.changed_seq"
# A case of the same person that was begun since and isn't signed yet.
_UNDER_WAY: Final = (
    "(SELECT d.number FROM cases d INDEXED BY cases_by_person WHERE d.person_id = c.person_id"
    " AND d.changed_seq > c.changed_seq AND d.state IN ('draft', 'decided') LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` up to, not including, `until`, as YYYY-MM-DD; `region`: the first two digits of its КАТО code;
    `village` as addresses begin with it."""

    since: str
    until: str
    region: str | None = None
    village: str | None = None


def page(
    connection: Connection, span: Span, order: str, after: tuple[Any, int] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[Any, int] | None]:
    """People due in a span, by `day`, `name` or `village`; and where the page ends, None where nothing follows."""
    column = _ORDERS[order]
    where, params = _where(span)
    if after is not None:
        where += f" AND ({column}, c.changed_seq) > (:after, :after_seq)"
        params |= {"after": after[0], "after_seq": after[1]}
    beside = _BESIDE if order != "day" or span.village is not None else ""
    # First who, then what is told of them: only the people of the page are read whole.
    statement = (
        "SELECT c.id AS case_id, c.person_id, c.due_on, c.changed_seq, p.name, p.iin, p.region, p.kato, p.address,"  # noqa: S608
        f" p.number, p.examined_on, p.outcome, {_VILLAGE} AS village, {_UNDER_WAY} AS under_way, page.sorted_by"
        f" FROM (SELECT {column} AS sorted_by, c.changed_seq AS seq {_FROM}{beside} WHERE {where}"
        f" ORDER BY {column}, c.changed_seq LIMIT {limit + 1}) page"
        " CROSS JOIN protocols p ON p.seq = page.seq CROSS JOIN cases c ON c.id = p.case_id"
        " ORDER BY page.sorted_by, page.seq"
    )
    cursor = driver(connection).execute(statement, params)
    names = [each[0] for each in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    end = (rows[limit - 1]["sorted_by"], rows[limit - 1]["changed_seq"]) if len(rows) > limit else None
    return rows[:limit], end


def by_day(connection: Connection, span: Span) -> dict[str, int]:
    """How many are due on each day of a span; days without anybody are absent."""
    where, params = _where(span)
    beside = _BESIDE if span.village is not None else ""
    statement = f"SELECT c.due_on, count(*) {_FROM}{beside} WHERE {where} GROUP BY c.due_on"
    return dict(driver(connection).execute(statement, params).fetchall())


def villages(connection: Connection, span: Span) -> list[tuple[str, int]]:
    """Towns and villages of those due in a span, with how many, most first."""
    where, params = _where(span)
    statement = (
        f"SELECT {_VILLAGE} AS village, count(*) AS n {_FROM}{_BESIDE} WHERE {where}"
        " GROUP BY village ORDER BY n DESC, village"
    )
    return [(village, n) for village, n in driver(connection).execute(statement, params) if village]


def count(connection: Connection, span: Span) -> int:
    """How many are due in a span, as far as `MOST` and one more."""
    where, params = _where(span)
    beside = _BESIDE if span.village is not None else ""
    statement = f"SELECT count(*) FROM (SELECT 1 {_FROM}{beside} WHERE {where} LIMIT {MOST + 1})"  # noqa: S608
    return int(driver(connection).execute(statement, params).fetchone()[0])


def _where(span: Span) -> tuple[str, dict[str, Any]]:
    where = _IN_FORCE
    params: dict[str, Any] = {"since": span.since, "until": span.until, "death": EndingKind.DIED.value}
    if span.region is not None:
        where += _REGION
        params["region"] = span.region
    if span.village is not None:
        where += f" AND {_VILLAGE} = :village"
        params["village"] = span.village
    return where, params
