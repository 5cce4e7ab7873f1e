"""What users keep beside cases: settings of the department, trips, snippets; each a JSON record by kind and id.

One table and one action of the audit trail (`entry`, path `kind/id`) serve every kind, so that a new kind needs no
migration and is checked by `verify` like the others.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

Record = dict[str, Any]

_FIND = text("SELECT record FROM entries WHERE kind = :kind AND id = :id")
_KIND = text("SELECT id, record FROM entries WHERE kind = :kind ORDER BY id")
_BEGINNING = text("SELECT id, record FROM entries WHERE kind = :kind AND id >= :first AND id < :last ORDER BY id")
_HOLDING = text("SELECT id, record FROM entries WHERE kind = :kind AND instr(record, :words) > 0 ORDER BY id")
_EVERY = text("SELECT kind, id, record, changed_seq FROM entries ORDER BY kind, id")
_PUT = text(
    "INSERT INTO entries (kind, id, changed_seq, record) VALUES (:kind, :id, :seq, :record)"
    " ON CONFLICT (kind, id) DO UPDATE SET changed_seq = excluded.changed_seq, record = excluded.record"
)
_REMOVE = text("DELETE FROM entries WHERE kind = :kind AND id = :id")


def find(connection: Connection, kind: str, identity: str) -> Record | None:
    """The entry, None where there is none."""
    row = connection.execute(_FIND, {"kind": kind, "id": identity}).first()
    return json.loads(row[0]) if row else None


def of_kind(connection: Connection, kind: str) -> dict[str, Record]:
    """All entries of a kind by id, in the order of their ids."""
    return {row[0]: json.loads(row[1]) for row in connection.execute(_KIND, {"kind": kind})}


def beginning(connection: Connection, kind: str, prefix: str) -> dict[str, Record]:
    """The entries of a kind whose ids begin so, followed by a slash; found by the index."""
    params = {"kind": kind, "first": f"{prefix}/", "last": f"{prefix}0"}  # the sign after the slash
    return {row[0]: json.loads(row[1]) for row in connection.execute(_BEGINNING, params)}


def holding(connection: Connection, kind: str, words: str) -> dict[str, Record]:
    """The entries of a kind with these words, as they are written, somewhere in their records."""
    return {row[0]: json.loads(row[1]) for row in connection.execute(_HOLDING, {"kind": kind, "words": words})}


def put(work: "UnitOfWork", kind: str, identity: str, record: Record | None, *, screen: str = "") -> bool:
    """Write an entry with its audit row; None takes it away. False where nothing changes: then nothing is written.

    `kind` has no slash: it is what the path in the audit trail begins with.
    """
    old = find(work.connection, kind, identity)
    if old == record:
        return False
    head = work.audit("entry", path=f"{kind}/{identity}", old=old, new=record, screen=screen)
    if record is None:
        work.connection.execute(_REMOVE, {"kind": kind, "id": identity})
    else:
        written = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        work.connection.execute(_PUT, {"kind": kind, "id": identity, "seq": head.seq, "record": written})
    return True


def every(connection: Connection) -> Iterator[tuple[str, Record, int]]:
    """Path (`kind/id`), record and audit row of the last change of each entry."""
    for kind, identity, record, seq in connection.execute(_EVERY):
        yield f"{kind}/{identity}", json.loads(record), seq
