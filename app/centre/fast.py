"""The way of nearly every batch on PostgreSQL: one question, one statement.

Where a batch simply follows what is held, everything that has to be written for it is written by ONE statement, which
writes nothing unless the line still ends where the batch begins. Whatever else there is (a doublet, a gap, a fork,
another worker that was quicker) goes the long way of `app.centre.lines`.
"""

import struct
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.types.numeric import Int8
from psycopg_pool import AsyncConnectionPool

from app.centre import lines, store, vouching
from app.centre.ingest import Device, Opened, Taken
from app.centre.keys import Keys
from app.sync import told

_KNOWN: Final = """
SELECT device, public_key, seal_key, certificate, revoked_at IS NOT NULL FROM devices WHERE device = %b
"""
_KNOWN_WITH_LINES: Final = """
SELECT d.device, d.public_key, d.seal_key, d.certificate, d.revoked_at IS NOT NULL,
       i.line, i.last_seq, i.head_hash, p.interpreted_upto, p.applied, p.waiting, p.quarantined,
       t.tree_size, t.tree_root
FROM devices d
LEFT JOIN incarnations i ON i.incarnation = %b AND i.device = d.device AND i.aside = 0
LEFT JOIN progress p ON p.incarnation = i.incarnation AND p.line = i.line
LEFT JOIN LATERAL (SELECT tree_size, tree_root FROM tree_heads ORDER BY tree_size DESC LIMIT 1) t ON true
WHERE d.device = %b
"""
_UNAPPLIED: Final = """
SELECT seq, state, reason, came, whole FROM unapplied WHERE incarnation = %b AND line = %b ORDER BY seq LIMIT 20000
"""
_STORE: Final = """
WITH line AS (
  UPDATE incarnations SET last_seq = %(last)b, head_hash = %(head)b, receipt = %(receipt)b
  WHERE incarnation = %(incarnation)b AND line = %(line)b AND device = %(device)b
    AND last_seq = %(first)b - 1 AND head_hash = %(prev)b AND aside = 0
    AND EXISTS (SELECT 1 FROM devices WHERE devices.device = %(device)b AND revoked_at IS NULL)
  RETURNING incarnation, line
), put AS (
  INSERT INTO events (incarnation, line, seq, hash, record)
  SELECT line.incarnation, line.line, %(first)b - 1 + new.n, new.hash, new.record
  FROM line, unnest(%(hashes)b::bytea[], %(records)b::bytea[]) WITH ORDINALITY AS new (hash, record, n)
), signed AS (
  INSERT INTO batches
    (incarnation, line, first_seq, last_seq, prev_hash, head_hash, head_signature, received_at, way)
  SELECT incarnation, line, %(first)b, %(last)b, %(prev)b, %(head)b, %(signature)b, %(now)b, %(way)b FROM line
), named AS (
  INSERT INTO attachments (incarnation, digest, size, held, complete)
  SELECT line.incarnation, new.digest, new.size::bigint, 0, 0
  FROM line, unnest(%(digests)b::text[], %(sizes)b::text[]) AS new (digest, size)
  ON CONFLICT (incarnation, digest) DO NOTHING
)
INSERT INTO receipts (incarnation, statement, leaf_hash)
SELECT incarnation, %(receipt)b, %(leaf)b FROM line RETURNING id
"""


# The plan never depends on the values, and making one takes longer than all the rest.
_PREPARED: Final[dict[str, Any]] = {"prepare_threshold": 0, "options": "-c plan_cache_mode=force_generic_plan"}
_REMEMBERED: Final = 1.0
"""seconds for which a laptop's lines are believed to stand as they stood. Of what is written, the statement itself
checks every word; the counts in a receipt may be as old as this."""
_MOST_REMEMBERED: Final = 5_000


class _Array(bytes):
    """A PostgreSQL array as it goes over the wire; psycopg's own way takes a Python step for each element."""

    __slots__ = ()


class _ByteaArray(_Array):
    __slots__ = ()


class _TextArray(_Array):
    __slots__ = ()


def _packed(kind: int, items: Sequence[bytes]) -> bytes:
    if not items:
        return struct.pack("!iII", 0, 0, kind)
    size = struct.Struct("!I").pack
    parts = [part for item in items for part in (size(len(item)), item)]
    return struct.pack("!iIIii", 1, 0, kind, len(items), 1) + b"".join(parts)


class _ArrayDumper(Dumper):
    format = pq.Format.BINARY

    def dump(self, obj: _Array) -> Buffer:
        """As it is."""
        return obj


class _ByteaDumper(_ArrayDumper):
    oid = psycopg.adapters.types["bytea"].array_oid


class _TextDumper(_ArrayDumper):
    oid = psycopg.adapters.types["text"].array_oid


def _bytea(items: Sequence[bytes]) -> _ByteaArray:
    return _ByteaArray(_packed(psycopg.adapters.types["bytea"].oid, items))


def _texts(items: Sequence[str]) -> _TextArray:
    return _TextArray(_packed(psycopg.adapters.types["text"].oid, [item.encode() for item in items]))


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    connection.adapters.register_dumper(_ByteaArray, _ByteaDumper)
    connection.adapters.register_dumper(_TextArray, _TextDumper)


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that goes on, as it stood when the laptop was looked up."""

    line: int
    state: vouching.State
    tree: tuple[int, bytes]


class Fast:
    """Connections of one worker for the short way."""

    def __init__(self, address: str, keys: Keys, *, connections: int, prepared: bool) -> None:
        self._keys = keys
        self._remembered: OrderedDict[tuple[str, str], tuple[float, Device, Sequence[KnownLine]]] = OrderedDict()
        settings: dict[str, Any] = {"autocommit": True, "application_name": "saraptama-centre"}
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
            address,
            min_size=1,
            max_size=connections,
            timeout=30,
            open=False,
            configure=_configure,
            kwargs=settings | (_PREPARED if prepared else {"prepare_threshold": None}),
        )

    async def open(self) -> None:
        """Connect."""
        await self._pool.open(wait=True, timeout=30)

    async def close(self) -> None:
        """Let go."""
        await self._pool.close(timeout=5)

    async def known(self, device: str) -> Device | None:
        """The laptop by its name."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_KNOWN, (device,), binary=True)).fetchone()
        return Device(*row) if row else None

    async def known_with_lines(self, device: str, incarnation: str) -> tuple[Device | None, Sequence[KnownLine]]:
        """The laptop by its name, and the lines of its incarnation that are not aside, as of a moment ago."""
        there = self._remembered.get((device, incarnation))
        if there is not None and there[0] > time.monotonic():
            return there[1], there[2]
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_KNOWN_WITH_LINES, (incarnation, device), binary=True)
            rows = await cursor.fetchall()
        if not rows:
            return None, ()
        found = [
            KnownLine(row[5], vouching.State(*row[6:12]), (row[12] or 0, row[13] or vouching.EMPTY_ROOT))
            for row in rows
            if row[5] is not None
        ]
        laptop = Device(*rows[0][:5])
        self._remember(laptop, incarnation, found)
        return laptop, found

    def _remember(self, device: Device, incarnation: str, found: Sequence[KnownLine]) -> None:
        key = (device.device, incarnation)
        self._remembered.pop(key, None)
        self._remembered[key] = (time.monotonic() + _REMEMBERED, device, found)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    async def put(self, opened: Opened, known: Sequence[KnownLine], way: str) -> Taken | None:
        """Store a batch that follows one of the lines; None where it doesn't, or doesn't any more."""
        batch = opened.batch
        there = self._remembered.pop((batch.device, batch.incarnation), None)
        for one in known:
            if (one.state.last_seq + 1, one.state.head_hash) == (batch.first_seq, batch.prev_hash):
                break
        else:
            return None
        was = one.state
        state = vouching.State(
            batch.last_seq, batch.head_hash, was.interpreted_upto, was.applied, was.waiting, was.quarantined
        )
        receipt = vouching.receipt_of(self._keys, batch.incarnation, state, one.tree)
        named = lines.named_attachments(opened.checked)
        values = {
            "incarnation": batch.incarnation,
            "line": one.line,
            "device": batch.device,
            "first": Int8(batch.first_seq),
            "last": Int8(batch.last_seq),
            "prev": batch.prev_hash,
            "head": batch.head_hash,
            "signature": batch.head_signature,
            "hashes": _bytea([event.hash for event in opened.checked]),
            "records": _bytea([event.record for event in opened.checked]),
            "digests": _texts([digest for digest, _ in named]),
            "sizes": _texts([str(size) for _, size in named]),
            "receipt": receipt,
            "leaf": vouching.leaf_hash(receipt),
            "now": store.now(),
            "way": way,
        }
        unapplied: list[tuple[int, str, str, int, int]] = []
        async with self._pool.connection() as connection:
            if await (await connection.execute(_STORE, values, binary=True)).fetchone() is None:
                return None
            if was.waiting or was.quarantined:
                unapplied = await (
                    await connection.execute(_UNAPPLIED, (batch.incarnation, one.line), binary=True)
                ).fetchall()
        if there is not None:
            # What was counted stays as old as it is.
            moved = [replace(line, state=state) if line is one else line for line in known]
            self._remembered[batch.device, batch.incarnation] = (there[0], there[1], moved)
        standing = vouching.standing_of(self._keys, batch.incarnation, state, unapplied)
        placed = lines.Placed(told.STORED, batch.incarnation, one.line, new_events=len(opened.checked))
        return Taken(placed, vouching.Vouched(batch.last_seq, batch.head_hash, receipt, standing))
