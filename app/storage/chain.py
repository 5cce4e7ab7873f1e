"""An append-only table whose every row names the hash of the row before.

A record is encoded once (canonical JSON), stored as those bytes, hashed under a prefix of its own, and never
encoded again: whoever checks it later checks the bytes themselves.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from app.crypto import digests
from app.crypto.records import signed_part
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.storage.database import driver

NO_HASH: Final = "0" * 64
"""`prev_hash` of the first record."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record of a chain; seq 0 and zeros where there is none."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One of the two chains: `audit` stays on this laptop, `events` travel."""

    purpose: str
    _head: str
    _append: str
    _all: str
    _desk: str
    _case: str
    _hash: str
    _told: str
    _after: str
    name: str

    def head(self, connection: Connection) -> Head:
        """Where the chain ends now."""
        row = driver(connection).execute(self._head).fetchone()
        return Head(row[0], row[1].hex()) if row else Head(0, NO_HASH)

    def append(
        self,
        connection: Connection,
        record: Mapping[str, Any],
        case_id: str | None,
        sign: Callable[[bytes], Mapping[str, str]] | None = None,
    ) -> Head:
        """Add one record; `seq` and `prev_hash` are filled in here. `sign` gets what `signed_part` gives back later;
        its signatures then stand in the record."""
        before = self.head(connection)
        whole = {**record, "seq": before.seq + 1, "prev_hash": before.hash, "case_id": case_id}
        if sign is not None:
            whole["signatures"] = dict(sign(signed_part(whole)))
        data = digests.canonical(whole)
        value = digests.digest(self.purpose, data)
        driver(connection).execute(self._append, (before.seq + 1, case_id, value, data))
        return Head(before.seq + 1, value.hex())

    def of_the_desk(self, connection: Connection) -> Iterator[tuple[int, dict[str, Any]]]:
        """Sequence numbers and records that belong to no case, newest first, unchecked; found by an index."""
        yield from _read(driver(connection).execute(self._desk), _AUDITED)

    def of_case(self, connection: Connection, case_id: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The same for the events of one case."""
        yield from _read(driver(connection).execute(self._case, (case_id,)), _TOLD)

    def told(self, connection: Connection, kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The same for all events of one type, oldest first. Reads the whole table."""
        needle = f'"type":"{kind}"'.encode()
        for seq, record in _read(driver(connection).execute(self._told, (needle,)), _TOLD):
            if record["type"] == kind:
                yield seq, record

    def last(self, connection: Connection, case_id: str, kind: str, *, before: int | None = None) -> Head | None:
        """Where the newest event of this type stands among those of a case, or the newest one `before` a number;
        unchecked, None where there is none."""
        for seq, record in self.of_case(connection, case_id):
            if record.get("type") == kind and (before is None or seq < before):
                row = driver(connection).execute(self._hash, (seq,)).fetchone()
                return Head(seq, row[0].hex())
        return None

    def hash_at(self, connection: Connection, seq: int) -> str | None:
        """The stored hash of a record (hex), None where there is none of this number."""
        row = driver(connection).execute(self._hash, (seq,)).fetchone()
        return row[0].hex() if row else None

    def after(self, connection: Connection, seq: int, limit: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Numbers, hashes (32 bytes) and records, as they are stored, of the next `limit` records after a number;
        unchecked. One record at a time is read: whoever has enough stops."""
        yield from driver(connection).execute(self._after, (seq, limit))

    def changes_of(self, connection: Connection, case_id: str) -> list[dict[str, Any]]:
        """The same for the audit rows of one case, oldest first."""
        return [record for _, record in _read(driver(connection).execute(self._case, (case_id,)), _AUDITED)][::-1]

    def walk(self, connection: Connection) -> Iterator[tuple[Head, dict[str, Any]]]:
        """Every record in order, checked; CheckFailed at the first that is not what was written."""
        before = Head(0, NO_HASH)
        for seq, case_id, stored, data in connection.exec_driver_sql(self._all):
            if seq != before.seq + 1:
                raise self._broken(N_("{chain}: record {seq} is missing."), before.seq + 1)
            if digests.digest(self.purpose, data) != stored:
                raise self._broken(N_("{chain}: record {seq} was changed after it was written."), seq)
            record = json.loads(data)
            if record["prev_hash"] != before.hash or record["seq"] != seq or record["case_id"] != case_id:
                raise self._broken(N_("{chain}: record {seq} does not follow from the record before it."), seq)
            before = Head(seq, stored.hex())
            yield before, record

    def _broken(self, sentence: str, seq: int) -> CheckFailed:
        return CheckFailed(Text(sentence, {"chain": Text(self.name), "seq": seq}))


_AUDITED: Final = frozenset({"action", "actor", "path", "new"})
_TOLD: Final = frozenset({"type", "actor", "wall_time", "payload"})


def _read(rows: Iterable[tuple[int, bytes]], keys: frozenset[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for seq, data in rows:
        # A record that somebody destroyed says nothing here; verifying names it.
        with contextlib.suppress(ValueError):
            record = json.loads(data)
            if isinstance(record, dict) and keys <= set(record):
                yield seq, record


def _chain(table: str, purpose: str, name: str) -> Chain:
    # `table` is one of the two literals below.
    return Chain(
        purpose=purpose,
        _head=f"SELECT seq, hash FROM {table} ORDER BY seq DESC LIMIT 1",  # noqa: S608
        _append=f"INSERT INTO {table} (seq, case_id, hash, record) VALUES (?, ?, ?, ?)",  # noqa: S608
        _all=f"SELECT seq, case_id, hash, record FROM {table} ORDER BY seq",  # noqa: S608
        _desk=f"SELECT seq, record FROM {table} WHERE case_id IS NULL ORDER BY seq DESC",  # noqa: S608
        _case=f"SELECT seq, record FROM {table} WHERE case_id = ? ORDER BY seq DESC",  # noqa: S608
        _hash=f"SELECT hash FROM {table} WHERE seq = ?",  # noqa: S608
        _told=f"SELECT seq, record FROM {table} WHERE instr(record, ?) > 0 ORDER BY seq",  # noqa: S608
        _after=f"SELECT seq, hash, record FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?",  # noqa: S608
        name=name,
    )


AUDIT: Final = _chain("audit", digests.AUDIT, N_("Audit trail"))
EVENTS: Final = _chain("events", digests.EVENT, N_("Event log"))
