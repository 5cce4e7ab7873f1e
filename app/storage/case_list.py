"""The list of cases: what was changed last comes first, found while somebody types, also among 300,000.

Which cases are meant is found in an index that holds all that was asked about; only those that are shown are read.
Words that begin few names are looked up by name, then put in order; words that begin many are met soon enough by going
back from the newest change. How many is many is counted, but no further than `_FEW`. (300,000 cases: each way 10 ms at
the worst.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from app.domain.vocabulary import CaseState
from app.storage.cases import moment
from app.storage.database import driver
from app.storage.folding import LAST, fold

# By the number of words: of two that begin many names each, few cases may have both.
_FEW: Final = {1: 5_000, 2: 30_000, 3: 30_000}
_COLUMNS: Final = "id, number, state, name, iin, birth_date, examined_on, outcome, changed_at, postponed_to, ending"
# The states' index leads to the few that are unsigned.
_LEFT_OVER: Final = (
    f"SELECT {_COLUMNS} FROM cases WHERE state IN ('draft', 'decided') AND examined_on < ?"  # noqa: S608
    " AND (postponed_to IS NULL OR postponed_to <= ?) ORDER BY examined_on, year, ordinal LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class ListedCase:
    """What a list shows of a case."""

    id: str
    number: str
    state: CaseState
    name: str
    iin: str | None
    birth_date: str | None
    examined_on: str | None
    outcome: str | None
    changed_at: datetime
    postponed_to: str | None
    ending: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which words may be meant: the indexes that find it, each with its range, and all its conditions."""

    ranges: tuple[tuple[str, str], ...]
    conditions: str


def listed(connection: Connection, query: str, states: frozenset[CaseState], limit: int) -> tuple[ListedCase, ...]:
    """Cases that match every word of `query` by prefix, newest change first (numbers: highest first).

    No `states` means all but the discarded ones; a negative `limit` means all.
    """
    statement, params = listing(connection, query, states)
    return _listed(driver(connection).execute(statement, {**params, "limit": limit}))


def left_over(connection: Connection, today: str, limit: int) -> tuple[ListedCase, ...]:
    """Unsigned cases of days before `today` (ISO), the oldest first; those put off to a later day are not yet among
    them."""
    return _listed(driver(connection).execute(_LEFT_OVER, (today, today, limit)))


def _listed(rows: Iterable[Any]) -> tuple[ListedCase, ...]:
    return tuple(
        ListedCase(
            row[0], row[1], CaseState(row[2]), row[3], row[4], row[5], row[6], row[7], moment(row[8]), row[9], row[10]
        )
        for row in rows
    )


def listing(connection: Connection, query: str, states: frozenset[CaseState]) -> tuple[str, dict[str, Any]]:
    """The statement behind `listed`, and its parameters without the limit."""
    shown = sorted(states) if states else sorted(set(CaseState) - {CaseState.DISCARDED})
    names = [f"s{index}" for index in range(len(shown))]
    params: dict[str, Any] = {name: state.value for name, state in zip(names, shown, strict=True)}
    among = f"state IN ({', '.join(f':{name}' for name in names)})"
    words = fold(query).split()[:3]
    for index, word in enumerate(words):
        params |= {f"from{index}": word, f"to{index}": word + LAST}
    if len(words) == 1 and "/" in words[0]:
        # The plus keeps SQLite from taking the states' index, which finds nearly every case.
        where = f"{_range('number', 0)} AND +{among}"
        return f"SELECT {_COLUMNS} FROM cases WHERE {where} ORDER BY number DESC LIMIT :limit", params  # noqa: S608
    ways = _ways(words, params)
    indexes = [_narrow(connection, way, params, _FEW[len(words)]) for way in ways]
    if ways and all(indexes):
        # Each case once: where two ways lead to it, the second leaves it out.
        parts = [_by_index(str(index), way, among) for index, way in zip(indexes, ways, strict=True)]
        found = f" AND ({ways[0].conditions}) IS NOT 1 UNION ALL ".join(reversed(parts))
    else:
        matching = f" AND ({' OR '.join(f'({way.conditions})' for way in ways)})" if ways else ""
        found = " UNION ALL ".join(_by_change(name, matching) for name in names)
    # The cases that are shown, found without reading one: a case's own page holds its whole document.
    return (
        f"SELECT {_COLUMNS} FROM (SELECT * FROM ({found}) ORDER BY seq DESC LIMIT :limit) AS found"  # noqa: S608
        " CROSS JOIN cases ON cases.rowid = found.place ORDER BY found.seq DESC",
        params,
    )


def _ways(words: list[str], params: dict[str, Any]) -> list[Way]:
    """One word: surname, given name or ИИН, or the last part of a number. Two or three: surname, given name,
    patronymic, also with the given name first, as people say it."""
    if not words:
        return []
    if len(words) == 1 and words[0][0].isdigit():
        ways = [_way(("cases_by_iin", _range("iin", 0)))]
        if words[0].isdecimal() and len(words[0]) <= 6:
            params["ordinal"] = int(words[0])
            ways.append(_way(("cases_by_ordinal", "ordinal = :ordinal")))
        return ways
    surname, given = ("cases_by_surname", "surname_key"), ("cases_by_given_name", "given_key")
    orders = [(surname,), (given,)] if len(words) == 1 else [(surname, given), (given, surname)]
    rest = _range("patronymic_key", 2) if len(words) > 2 else ""
    return [_way(*((index, _range(key, at)) for at, (index, key) in enumerate(order)), rest=rest) for order in orders]


def _way(*ranges: tuple[str, str], rest: str = "") -> Way:
    return Way(ranges, " AND ".join(part for part in (*(where for _, where in ranges), rest) if part))


def _narrow(connection: Connection, way: Way, params: dict[str, Any], few: int) -> str | None:
    """The first index that finds few cases for this way; None where all find many."""
    for index, where in way.ranges:
        statement = f"SELECT 1 FROM cases INDEXED BY {index} WHERE {where} LIMIT 1 OFFSET {few}"  # noqa: S608
        if driver(connection).execute(statement, params).fetchone() is None:
            return index
    return None


def _by_index(index: str, way: Way, among: str) -> str:
    return (
        f"SELECT rowid AS place, changed_seq AS seq FROM cases INDEXED BY {index}"  # noqa: S608
        f" WHERE {way.conditions} AND +{among}"
    )


def _by_change(state: str, matching: str) -> str:
    return (
        "SELECT rowid AS place, changed_seq AS seq FROM cases INDEXED BY cases_by_state"  # noqa: S608
        f" WHERE state = :{state}{matching}"
    )


def _range(column: str, index: int) -> str:
    return f"({column} >= :from{index} AND {column} < :to{index})"
