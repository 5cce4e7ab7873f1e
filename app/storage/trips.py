"""Cases in the order of a trip, and the cases and persons that may be put into one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from app.domain.vocabulary import CaseState
from app.storage.folding import LAST, fold

_COLUMNS: Final = (
    "id, number, state, person_id, trip_id, turn, queue, name, iin, birth_date, examined_on, occasion, changed_seq,"
    " ending"
)
_OF_TRIP: Final = text(
    f"SELECT {_COLUMNS} FROM cases WHERE trip_id = :trip AND state <> 'discarded' ORDER BY turn, year, ordinal"  # noqa: S608
)
_COUNTED: Final = text(
    "SELECT trip_id, state, queue, count(*), max(changed_seq) FROM cases"
    " WHERE trip_id IS NOT NULL AND state <> 'discarded' GROUP BY trip_id, state, queue"
)
_CONTENT: Final = text("SELECT document, unfinished FROM cases WHERE id = :id")
_LAST: Final = text("SELECT coalesce(max(turn), 0) FROM cases WHERE trip_id = :trip")
_KNOWN: Final = text(
    "SELECT c.id, c.document FROM persons p JOIN cases c ON c.id = p.case_id WHERE p.iin = :iin"
    " ORDER BY c.changed_seq DESC LIMIT 1"
)
# Unsigned cases outside of trips, and of each other person the newest case.
_OFFERED: Final = (
    f"SELECT {', '.join('c.' + name for name in _COLUMNS.split(', '))} FROM cases c"  # noqa: S608
    " LEFT JOIN persons p ON p.case_id = c.id"
    " WHERE ((c.state IN ('draft', 'decided') AND c.trip_id IS NULL)"
    " OR (c.state IN ('signed', 'ended') AND p.id IS NOT NULL))"
)
_ORDER: Final = " ORDER BY c.state IN ('signed', 'ended'), c.order_key, c.changed_seq DESC LIMIT :limit"


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """A case as lists of a trip need it."""

    id: str
    number: str
    state: CaseState
    person_id: str
    trip_id: str | None
    turn: int | None
    queue: str | None
    name: str
    iin: str | None
    birth_date: str | None
    examined_on: str | None
    occasion: str | None
    changed_seq: int
    ending: str | None = None


def of_trip(connection: Connection, trip_id: str) -> tuple[PlacedCase, ...]:
    """The cases of a trip in their order, without the discarded ones."""
    return _placed(connection.execute(_OF_TRIP, {"trip": trip_id}))


def counted(connection: Connection) -> Iterator[tuple[str, CaseState, str | None, int, int]]:
    """Of each trip, state of the case and kept queue: how many cases, and the newest change among them."""
    for trip_id, state, queue, count, seq in connection.execute(_COUNTED):
        yield trip_id, CaseState(state), queue, count, seq


def content(connection: Connection, case_id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Document and unfinished texts of a case."""
    document, unfinished = connection.execute(_CONTENT, {"id": case_id}).one()
    return json.loads(document), json.loads(unfinished)


def last_turn(connection: Connection, trip_id: str) -> int:
    """The highest turn given in a trip; 0 where none is."""
    return int(connection.execute(_LAST, {"trip": trip_id}).scalar_one())


def newest_of(connection: Connection, iin: str) -> tuple[str, dict[str, Any]] | None:
    """Id and document of the newest case of the person with this ИИН."""
    row = connection.execute(_KNOWN, {"iin": iin}).first()
    return (row[0], json.loads(row[1])) if row else None


def offered(connection: Connection, query: str, limit: int) -> tuple[PlacedCase, ...]:
    """Cases whose names, ИИН or number begin with the words of `query`: the unsigned ones outside of trips, then of
    each further person the newest."""
    params: dict[str, Any] = {"limit": limit}
    conditions = []
    for index, word in enumerate(fold(query).split()[:3]):
        params |= {f"from{index}": word, f"to{index}": word + LAST}
        columns = ("iin", "number") if word[0].isdigit() else ("surname_key", "given_key", "patronymic_key")
        alternatives = " OR ".join(f"(c.{name} >= :from{index} AND c.{name} < :to{index})" for name in columns)
        conditions.append(f" AND ({alternatives})")
    return _placed(connection.execute(text(_OFFERED + "".join(conditions) + _ORDER), params))


def _placed(rows: Any) -> tuple[PlacedCase, ...]:
    return tuple(PlacedCase(row[0], row[1], CaseState(row[2]), *row[3:]) for row in rows)
