"""Signed conclusions: the frozen record, its digest, and the seal with everybody's signatures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_SELECT = text("SELECT case_id, digest, record, seal FROM conclusions WHERE case_id = :id")
_ALL = text("SELECT case_id, digest, record, seal FROM conclusions ORDER BY case_id")
_INSERT = text("INSERT INTO conclusions (case_id, digest, record, seal) VALUES (:id, :digest, :record, :seal)")


@dataclass(frozen=True, slots=True)
class ConclusionRow:
    """`record` and `seal` are canonical JSON; `digest` (32 bytes) is of `record`."""

    case_id: str
    digest: bytes
    record: bytes
    seal: bytes


def find(connection: Connection, case_id: str) -> ConclusionRow | None:
    """The conclusion of this case, None while it isn't signed."""
    row = connection.execute(_SELECT, {"id": case_id}).first()
    return ConclusionRow(*row) if row else None


def every(connection: Connection) -> Iterator[ConclusionRow]:
    """All of them, one after another."""
    for row in connection.execute(_ALL):
        yield ConclusionRow(*row)


def add(work: "UnitOfWork", row: ConclusionRow) -> None:
    """Write a conclusion, for good."""
    work.connection.execute(_INSERT, {"id": row.case_id, "digest": row.digest, "record": row.record, "seal": row.seal})
