"""The way of nearly every batch on PostgreSQL: one question, one statement, and that one shared.

Where a batch simply follows what is held, or is the first one of a log, everything that has to be written for it is
written by ONE statement, which writes nothing of it unless the line still ends where the batch begins, or still isn't
there. Batches of other laptops that come while a statement is under way go together in the next one: one round trip and
one flush of the disk for all of them. Whatever else there is (a doublet, a gap, a fork, another worker that was
quicker) goes the long way of `app.centre.lines`.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import psycopg
from psycopg_pool import AsyncConnectionPool

from app.centre import arrays, lines, store, telling, vouching
from app.centre.ingest import Device, Opened, Taken
from app.centre.keys import Keys
from app.sync import told, wire

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
WITH given AS (
  SELECT * FROM unnest(
    %(incarnations)b::text[], %(lines)b::bigint[], %(devices)b::text[], %(firsts)b::bigint[], %(lasts)b::bigint[],
    %(prevs)b::bytea[], %(heads)b::bytea[], %(signatures)b::bytea[], %(receipts)b::bytea[], %(leaves)b::bytea[]
  ) WITH ORDINALITY AS g (incarnation, line, device, first, last, prev, head, signature, receipt, leaf, n)
), begun AS (
  INSERT INTO incarnations
    (incarnation, line, device, first_seq, last_seq, prev_hash, head_hash, aside, begun_at, receipt)
  SELECT g.incarnation, g.line, g.device, g.first, g.last, g.prev, g.head, 0, %(now)b, g.receipt FROM given AS g
  WHERE g.first = 1 AND EXISTS (SELECT 1 FROM devices AS d WHERE d.device = g.device AND d.revoked_at IS NULL)
  ON CONFLICT (incarnation, line) DO NOTHING
  RETURNING incarnation
), counted AS (
  INSERT INTO progress (incarnation, line, interpreted_upto, applied, waiting, quarantined, look_again)
  SELECT incarnation, 0, 0, 0, 0, 0, 0 FROM begun
), gone_on AS (
  UPDATE incarnations AS i SET last_seq = g.last, head_hash = g.head, receipt = g.receipt
  FROM given AS g
  WHERE i.incarnation = g.incarnation AND i.line = g.line AND i.device = g.device
    AND i.last_seq = g.first - 1 AND i.head_hash = g.prev AND i.aside = 0
    AND EXISTS (SELECT 1 FROM devices AS d WHERE d.device = g.device AND d.revoked_at IS NULL)
  RETURNING g.n
), line AS (
  SELECT g.* FROM given AS g WHERE g.n IN (SELECT n FROM gone_on) OR g.incarnation IN (SELECT incarnation FROM begun)
), put AS (
  INSERT INTO events (incarnation, line, seq, hash, record)
  SELECT line.incarnation, line.line, e.seq, e.hash, e.record
  FROM unnest(%(of)b::bigint[], %(seqs)b::bigint[], %(hashes)b::bytea[], %(records)b::bytea[])
    AS e (n, seq, hash, record) JOIN line ON line.n = e.n
), signed AS (
  INSERT INTO batches
    (incarnation, line, first_seq, last_seq, prev_hash, head_hash, head_signature, received_at, way)
  SELECT incarnation, line, first, last, prev, head, signature, %(now)b, %(way)b FROM line
), named AS (
  INSERT INTO attachments (incarnation, digest, size, held, complete)
  SELECT line.incarnation, a.digest, a.size, 0, 0
  FROM unnest(%(named)b::bigint[], %(digests)b::text[], %(sizes)b::bigint[]) AS a (n, digest, size)
  JOIN line ON line.n = a.n
  ON CONFLICT (incarnation, digest) DO NOTHING
), given_out AS (
  INSERT INTO receipts (incarnation, statement, leaf_hash) SELECT incarnation, receipt, leaf FROM line
)
SELECT n FROM line
"""
# The plan never depends on the values, and making one takes longer than all the rest.
_PREPARED: Final[dict[str, Any]] = {"prepare_threshold": 0, "options": "-c plan_cache_mode=force_generic_plan"}
_REMEMBERED: Final = 1.0
"""seconds for which a laptop's lines are believed to stand as they stood. Of what is written, the statement itself
checks every word; the counts in a receipt may be as old as this."""
_MOST_REMEMBERED: Final = 5_000
_WRITERS: Final = 2
"""statements under way at once: while one is flushed to the disk, the next is made"""
_MOST_BATCHES, _MOST_EVENTS = 64, 1_000
"""in one statement"""


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    arrays.know(connection)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A batch on its way into the database, with the receipt that is given for it."""

    opened: Opened
    line: int
    receipt: bytes
    way: str


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that goes on, or may begin, as it stood when the laptop was looked up."""

    line: int
    state: vouching.State
    tree: tuple[int, bytes]


class Fast:
    """Connections of one worker for the short way."""

    def __init__(self, address: str, keys: Keys, *, connections: int, prepared: bool) -> None:
        self._keys = keys
        self._remembered: OrderedDict[tuple[str, str], tuple[float, Device, Sequence[KnownLine]]] = OrderedDict()
        self._waiting: deque[tuple[_Entry, asyncio.Future[bool]]] = deque()
        self._writers: set[asyncio.Task[None]] = set()
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
        if not found:
            # Nothing of it counts here; whether it may begin the statement itself finds out.
            nothing = vouching.State(0, wire.NO_HASH, 0, 0, 0, 0)
            found.append(KnownLine(0, nothing, (rows[0][12] or 0, rows[0][13] or vouching.EMPTY_ROOT)))
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
        """Store a batch that follows the log's first line; None where it doesn't, or doesn't any more. A line that
        forked goes the long way: what its laptop is told stands on the lines before it too."""
        batch = opened.batch
        there = self._remembered.pop((batch.device, batch.incarnation), None)
        for one in known:
            follows = (one.state.last_seq + 1, one.state.head_hash) == (batch.first_seq, batch.prev_hash)
            if follows and not one.line:
                break
        else:
            return None
        was = one.state
        state = vouching.State(
            batch.last_seq, batch.head_hash, was.interpreted_upto, was.applied, was.waiting, was.quarantined
        )
        receipt = vouching.receipt_of(self._keys, batch.incarnation, state, one.tree)
        if not await self._stored(_Entry(opened, one.line, receipt, way)):
            return None
        unapplied: list[tuple[int, str, str, int, int]] = []
        if was.waiting or was.quarantined:
            async with self._pool.connection() as connection:
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

    async def _stored(self, entry: "_Entry") -> bool:
        """Whether a batch was written. Those that come while one statement is under way go together in the next."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        if len(self._writers) < _WRITERS:
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        return bool(await future)

    async def _write(self) -> None:
        while self._waiting:
            group = self._group()
            try:
                written = await self._store([entry for entry, _ in group])
            except Exception as error:
                # The long way finds out what became of them, and says what is wrong.
                telling.tell_defect("a group of batches was not written", error)
                written = set()
            for at, (_, future) in enumerate(group, 1):
                if not future.done():
                    future.set_result(at in written)

    def _group(self) -> list[tuple["_Entry", asyncio.Future[bool]]]:
        """What goes into one statement: of a line no more than one batch, and not more than a statement bears."""
        group: list[tuple[_Entry, asyncio.Future[bool]]] = []
        later: list[tuple[_Entry, asyncio.Future[bool]]] = []
        seen: set[str] = set()
        events = 0
        while self._waiting and len(group) < _MOST_BATCHES and events < _MOST_EVENTS:
            entry, future = self._waiting.popleft()
            if entry.opened.batch.incarnation in seen:
                later.append((entry, future))
                continue
            seen.add(entry.opened.batch.incarnation)
            events += len(entry.opened.checked)
            group.append((entry, future))
        self._waiting.extendleft(reversed(later))
        return group

    async def _store(self, entries: Sequence["_Entry"]) -> set[int]:
        """Write what can be written; the places (from 1) of what was."""
        batches = [entry.opened.batch for entry in entries]
        named = [
            (at, *one) for at, entry in enumerate(entries, 1) for one in lines.named_attachments(entry.opened.checked)
        ]
        events = [(at, event) for at, entry in enumerate(entries, 1) for event in entry.opened.checked]
        values = {
            "incarnations": arrays.of_texts([batch.incarnation for batch in batches]),
            "lines": arrays.of_numbers([entry.line for entry in entries]),
            "devices": arrays.of_texts([batch.device for batch in batches]),
            "firsts": arrays.of_numbers([batch.first_seq for batch in batches]),
            "lasts": arrays.of_numbers([batch.last_seq for batch in batches]),
            "prevs": arrays.of_bytes([batch.prev_hash for batch in batches]),
            "heads": arrays.of_bytes([batch.head_hash for batch in batches]),
            "signatures": arrays.of_bytes([batch.head_signature for batch in batches]),
            "receipts": arrays.of_bytes([entry.receipt for entry in entries]),
            "leaves": arrays.of_bytes([vouching.leaf_hash(entry.receipt) for entry in entries]),
            "of": arrays.of_numbers([at for at, _ in events]),
            "seqs": arrays.of_numbers([event.seq for _, event in events]),
            "hashes": arrays.of_bytes([event.hash for _, event in events]),
            "records": arrays.of_bytes([event.record for _, event in events]),
            "named": arrays.of_numbers([at for at, _, _ in named]),
            "digests": arrays.of_texts([digest for _, digest, _ in named]),
            "sizes": arrays.of_numbers([size for _, _, size in named]),
            "now": store.now(),
            "way": entries[0].way,
        }
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_STORE, values, binary=True)
            return {row[0] for row in await cursor.fetchall()}
