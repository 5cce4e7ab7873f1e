"""Numbered blanks (бланки строгой отчетности) that were used. A number that isn't here is still blank.

The key is kind, series and number, so the database itself refuses a number that was used before; a trigger refuses
that one is given back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from app.storage.cases import microseconds
from app.storage.database import driver

if TYPE_CHECKING:
    from app.storage.chain import Head
    from app.storage.unit_of_work import UnitOfWork

_COLUMNS: Final = (
    "kind, series, number, digits, case_id, state, seq, taken_at, taken_by, spoiled_seq, spoiled_at, spoiled_by, reason"
)
_FIND: Final = f"SELECT {_COLUMNS} FROM papers WHERE kind = ? AND series = ? AND number = ?"  # noqa: S608
_OF_CASE: Final = f"SELECT {_COLUMNS} FROM papers WHERE case_id = ? ORDER BY seq"  # noqa: S608
_EVERY: Final = f"SELECT {_COLUMNS} FROM papers ORDER BY seq"  # noqa: S608
_USED: Final = "SELECT count(*) FROM papers WHERE kind = ? AND series = ? AND number BETWEEN ? AND ?"
_LAST: Final = (
    "SELECT max(number) FROM papers INDEXED BY papers_issued"
    " WHERE kind = ? AND series = ? AND number BETWEEN ? AND ? AND case_id IS NOT NULL"
)
_AHEAD: Final = "SELECT number FROM papers WHERE kind = ? AND series = ? AND number BETWEEN ? AND ? ORDER BY number"
_ADD: Final = f"INSERT INTO papers ({_COLUMNS}) VALUES ({', '.join('?' * 13)})"  # noqa: S608
_SPOIL: Final = (
    "UPDATE papers SET state = 'spoiled', spoiled_seq = ?, spoiled_at = ?, spoiled_by = ?, reason = ?"
    " WHERE kind = ? AND series = ? AND number = ?"
)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A used blank. `digits`: how many digits the number has on paper; times in microseconds since 1970, UTC; who: ids
    of users. `case_id` is None for a blank that was written off before it was issued."""

    kind: str
    series: str
    number: int
    digits: int
    case_id: str | None
    state: str
    seq: int
    taken_at: int
    taken_by: str
    spoiled_seq: int | None = None
    spoiled_at: int | None = None
    spoiled_by: str | None = None
    reason: str | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.series, self.number


def find(connection: Connection, kind: str, series: str, number: int) -> PaperRow | None:
    """The blank, None while nobody has used it."""
    row = driver(connection).execute(_FIND, (kind, series, number)).fetchone()
    return PaperRow(*row) if row else None


def of_case(connection: Connection, case_id: str) -> tuple[PaperRow, ...]:
    """What was issued with a case, oldest first."""
    return tuple(PaperRow(*row) for row in driver(connection).execute(_OF_CASE, (case_id,)))


def every(connection: Connection) -> Iterator[PaperRow]:
    """All used blanks, in the order in which they were used."""
    for row in driver(connection).execute(_EVERY):
        yield PaperRow(*row)


def used(connection: Connection, kind: str, series: str, first: int, last: int) -> int:
    """How many numbers of a range were used."""
    return int(driver(connection).execute(_USED, (kind, series, first, last)).fetchone()[0])


def next_number(connection: Connection, kind: str, series: str, first: int, last: int) -> int | None:
    """The lowest number of a range that nobody used; None where all were. Nothing below the last issued one is left:
    only blanks that were written off ahead of their turn are passed over."""
    issued = driver(connection).execute(_LAST, (kind, series, first, last)).fetchone()[0]
    number = first if issued is None else issued + 1
    for (taken,) in driver(connection).execute(_AHEAD, (kind, series, number, last)):
        if taken != number:
            break
        number += 1
    return int(number) if number <= last else None


def add(work: "UnitOfWork", row: PaperRow) -> None:
    """Write a blank that is used now."""
    values = (row.kind, row.series, row.number, row.digits, row.case_id, row.state, row.seq, row.taken_at, row.taken_by)
    spoiled = (row.spoiled_seq, row.spoiled_at, row.spoiled_by, row.reason)
    driver(work.connection).execute(_ADD, (*values, *spoiled))


def spoil(work: "UnitOfWork", head: "Head", row: PaperRow, user_id: str, reason: str) -> None:
    """Write off a blank that was issued."""
    values = (head.seq, microseconds(work.now), user_id, reason, row.kind, row.series, row.number)
    driver(work.connection).execute(_SPOIL, values)
