"""What the link reads of a desk's log and cases, and the bytes of what the centre published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from app.domain.vocabulary import CaseState
from app.storage import entries
from app.storage.chain import EVENTS
from app.storage.database import driver

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

KIND: Final = "link"
"""Entries: what the desk knows of its centre."""
TRUSTED: Final = "trusted"
ITEM: Final = "link-content"
"""Entries: one a content in `reference_items`, so that `verify` notices a change."""

_TRAVELLED: Final = (CaseState.SIGNED, CaseState.SUPERSEDED, CaseState.ENDED)
_STATES: Final = ", ".join(f"'{state.value}'" for state in _TRAVELLED)
_COLUMNS: Final = "id, number, changed_seq, json_array_length(document, '$.dossier.attachments'), state = 'ended'"
_CASES: Final = f"SELECT {_COLUMNS} FROM cases WHERE state IN ({_STATES}) ORDER BY changed_seq DESC"  # noqa: S608
_CASE: Final = f"SELECT {_COLUMNS} FROM cases WHERE state IN ({_STATES}) AND id = ?"  # noqa: S608
_SEQS: Final = "SELECT seq FROM events WHERE case_id = ? ORDER BY seq"
_BYTES: Final = "SELECT coalesce(sum(length(record)), 0) FROM events WHERE seq > ?"
_NAMED: Final = (
    "SELECT json_extract(one.value, '$.digest'), json_extract(one.value, '$.size'), cases.id FROM cases,"  # noqa: S608
    f" json_each(cases.document, '$.dossier.attachments') AS one WHERE state IN ({_STATES}) AND changed_seq > ?"
    " GROUP BY 1 ORDER BY changed_seq"
)
_OF_EVENT: Final = (
    "SELECT json_extract(one.value, '$.digest'), json_extract(one.value, '$.size'), cases.id FROM events"  # noqa: S608
    " JOIN cases ON cases.id = events.case_id, json_each(cases.document, '$.dossier.attachments') AS one"
    f" WHERE events.seq = ? AND state IN ({_STATES})"
)
_PIECE: Final = "SELECT substr(bytes, ?, ?) FROM attachments WHERE digest = ?"
_COUNT: Final = f"SELECT coalesce(sum(cases), 0) FROM case_counts WHERE state IN ({_STATES})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Life:
    """The part of the log that is of one incarnation: numbers from `first` to `last`."""

    incarnation: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Travelled:
    """A signed, superseded or ended case; `changed`: its last row of the audit trail."""

    id: str
    number: str
    changed: int
    attachments: int
    ended: bool


def trusted_time(connection: Connection) -> str | None:
    """The newest time that the centre has signed, as in the log; None before the first receipt."""
    found = entries.find(connection, KIND, TRUSTED)
    return str(found["server_time"]) if found else None


def lives(connection: Connection) -> tuple[Life, ...]:
    """The incarnations of the log, oldest first. An incarnation is one stretch of it, so that each beginning is found
    by halving."""
    last, found = EVENTS.head(connection).seq, []
    while last:
        incarnation = _incarnation(connection, last)
        low, high = 1, last
        while low < high:
            middle = (low + high) // 2
            if _incarnation(connection, middle) == incarnation:
                high = middle
            else:
                low = middle + 1
        found.append(Life(incarnation, low, last))
        last = low - 1
    return tuple(reversed(found))


def _incarnation(connection: Connection, seq: int) -> str:
    _, _, record = next(EVENTS.after(connection, seq - 1, 1))
    return str(json.loads(record)["incarnation"])


def travelled(connection: Connection) -> Iterator[Travelled]:
    """All of them, newest change first."""
    for row in driver(connection).execute(_CASES):
        yield Travelled(row[0], row[1], row[2], row[3] or 0, bool(row[4]))


def travelled_case(connection: Connection, case_id: str) -> Travelled | None:
    """One of them; None for a draft or an unknown id."""
    row = driver(connection).execute(_CASE, (case_id,)).fetchone()
    return Travelled(row[0], row[1], row[2], row[3] or 0, bool(row[4])) if row else None


def how_many(connection: Connection) -> int:
    """Cases that are signed, superseded or ended."""
    return int(driver(connection).execute(_COUNT).fetchone()[0])


def events_of(connection: Connection, case_id: str) -> list[int]:
    """The numbers of a case's events, in order."""
    return [row[0] for row in driver(connection).execute(_SEQS, (case_id,))]


def bytes_after(connection: Connection, seq: int) -> int:
    """How much the events after a number are."""
    return int(driver(connection).execute(_BYTES, (seq,)).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of a paper that a signed, superseded or ended case names; `case_id`: one of those that do."""

    digest: str
    size: int
    case_id: str


def attachments_since(connection: Connection, changed: int) -> list[Copied]:
    """The copies named by cases that changed after a row of the audit trail, each once."""
    return [
        Copied(str(digest), int(size), case) for digest, size, case in driver(connection).execute(_NAMED, (changed,))
    ]


def attachments_of(connection: Connection, seq: int) -> list[Copied]:
    """The copies named by the case of an event."""
    return [
        Copied(str(digest), int(size), case) for digest, size, case in driver(connection).execute(_OF_EVENT, (seq,))
    ]


def lives_of(connection: Connection, case_id: str) -> tuple[str, ...]:
    """The incarnations in which events of a case were written, the newest first."""
    known = lives(connection)
    found = (
        next(life.incarnation for life in known if life.first <= seq <= life.last)
        for seq in reversed(events_of(connection, case_id))
    )
    return tuple(dict.fromkeys(found))


def piece(connection: Connection, digest: str, offset: int, size: int) -> bytes:
    """So many bytes of a copy from an offset on; fewer at its end, none where it is not here."""
    row = driver(connection).execute(_PIECE, (offset + 1, size, digest)).fetchone()
    return bytes(row[0]) if row else b""


def keep_item(work: "UnitOfWork", sha256: str, content: bytes) -> None:
    """Keep a content that the centre published, once."""
    if entries.put(work, ITEM, sha256, {"size": len(content)}):
        driver(work.connection).execute("INSERT INTO reference_items (sha256, bytes) VALUES (?, ?)", (sha256, content))


def forget_item(work: "UnitOfWork", sha256: str) -> None:
    """Let a content go that is in use no more."""
    entries.put(work, ITEM, sha256, None)
    driver(work.connection).execute("DELETE FROM reference_items WHERE sha256 = ?", (sha256,))


def item(connection: Connection, sha256: str) -> bytes | None:
    """A content by its hash, None where it is not here."""
    row = driver(connection).execute("SELECT bytes FROM reference_items WHERE sha256 = ?", (sha256,)).fetchone()
    return bytes(row[0]) if row else None


def every_item(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Hash and content of all that is kept, one after the other."""
    yield from driver(connection).execute("SELECT sha256, bytes FROM reference_items ORDER BY sha256")
