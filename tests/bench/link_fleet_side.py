"""The laptops of `tests.bench.link_fleet`: python -m tests.bench.link_fleet_side FOLDER DATABASE PORT LAPTOPS

Everything is made, chained, signed, sealed and laid on the disk before the clock starts. Then all begin at once; who is
told `busy` comes again when he was told to, and a bit later. Prints what was seen as JSON.
"""

import asyncio
import hashlib
import json
import random
import resource
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto import digests
from app.sync import pieces, told
from tests.bench import fleet_logs
from tests.bench.link_fleet import keys_of
from tests.link.fleet_line import Down, Line
from tests.link.laptop import Laptop

CONCLUSIONS, PRINTS = 50, 3
"""prints of each conclusion"""
COPIES, COPY = 200, 1_000
"""copies of papers of a laptop, four for each case, and bytes of one: real ones have some 150 KB"""
SLOW_EVERY, SLOW = 10, 16 << 10
"""each tenth laptop has a line of 16 KiB/s"""
FIRST_WAVE = 5.0
"""seconds from the beginning in which all knock at once; afterwards they come as they were told to"""
_BEGAN = [0.0]
_FIRST, _LATER = 256 << 10, 1 << 20
"""bytes of events in a batch, as the desk begins and goes on"""


@dataclass
class One:
    """A laptop of the fleet; `batches`: files with target and body, `copies`: targets and files."""

    seed: bytes
    device: str
    host: str
    bps: int | None
    batches: list[tuple[str, Path, int]]
    copies: list[tuple[str, Path]]
    seconds: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    copies_busy: list[float] = field(default_factory=list)
    whole: float = 0.0


def main(folder: Path, address: str, port: int, count: int) -> None:
    """Make them, send, compare."""
    keys = keys_of(folder)
    store = Store(address, connections=1)
    spool = folder / "spool"
    spool.mkdir()
    totals = {"events": 0, "event_bytes": 0, "sealed_bytes": 0}
    with (folder / "hashes").open("wb") as hashes:
        shape = fleet_logs.shape(folder)
        every = [_made(number, shape, keys, store, spool, hashes, totals) for number in range(count)]
    seconds, lag, most_lag = asyncio.run(_send(every, port, keys.sign.public))
    understood = _understood(store)
    fast, slow = ([one for one in every if (one.bps is None) is kind] for kind in (True, False))
    stored = _stored(store)
    wrong, lacking = _compared(store, folder / "hashes"), _lacking(store, every)
    store.close()
    busy = [moment for one in every for moment in one.busy]
    print(json.dumps({
        **totals, "laptops": count, "conclusion_bytes": shape.size, "seconds": seconds, "wrong": wrong,
        "copies": count * COPIES, "copy_bytes": count * COPIES * COPY, "copies_lacking": lacking,
        "stored_bytes": stored, "understood": understood, "lag_p99": lag, "lag_most": most_lag,
        "busy_p99": _share(busy, 0.99), "fast": _told(fast), "slow": _told(slow),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


def _told(of: list[One]) -> dict[str, Any]:
    seconds = [moment for one in of for moment in one.seconds]
    return {"laptops": len(of), "bps": SLOW, "taken": len(seconds), "p50": _share(seconds, 0.5),
            "p99": _share(seconds, 0.99), "max": max(seconds, default=0.0),
            "later": sum(len(one.later) for one in of),
            "later_p99": _share([moment for one in of for moment in one.later], 0.99),
            "busy": sum(len(one.busy) for one in of),
            "busy_most": max((len(one.busy) for one in of), default=0),
            "median_whole": _share([one.whole for one in of], 0.5),
            "whole": max((one.whole for one in of), default=0.0)}  # fmt: skip


def _share(values: list[float], share: float) -> float:
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0


# ------------------------------------------------------------------------------------------------------ what they have


def _made(
    number: int, shape: fleet_logs.Shape, keys: Keys, store: Store, spool: Path, hashes: Any, totals: dict[str, int]
) -> One:
    laptop = Laptop()
    laptop.enrol(store, keys)
    writer = fleet_logs.Writer(shape, laptop, number, range(number * CONCLUSIONS, (number + 1) * CONCLUSIONS))
    copies = []
    for _ in range(CONCLUSIONS):
        contents = [secrets.token_bytes(COPY) for _ in range(COPIES // CONCLUSIONS)]
        writer.conclude(contents, PRINTS)
        for content in contents:
            path = spool / f"{number}-copy-{len(copies)}"
            path.write_bytes(pieces.sealed(keys.seal_key, content))
            digest = hashlib.sha256(content).hexdigest()
            target = f"/v1/incarnations/{laptop.incarnation}/attachments/{digest}?offset=0&size={COPY}"
            copies.append((target, path))
    batches = []
    for first, last in _stretches(laptop):
        path = spool / f"{number}-{first}"
        path.write_bytes(laptop.sealed(keys, first, last))
        totals["sealed_bytes"] += path.stat().st_size
        batches.append((f"/v1/incarnations/{laptop.incarnation}/batches", path, last))
    for hash_, record in laptop.log:
        totals["event_bytes"] += len(record)
        hashes.write(hash_)
    totals["events"] += len(laptop.log)
    host = f"127.1.{number // 250}.{number % 250 + 1}"
    return One(laptop.seed, laptop.device, host, None if number % SLOW_EVERY else SLOW, batches, copies)


def _stretches(laptop: Laptop) -> Iterator[tuple[int, int]]:
    first, size, most = 1, 0, _FIRST
    for seq, (_, record) in enumerate(laptop.log, 1):
        size += len(record)
        if size >= most:
            yield first, seq
            first, size, most = seq + 1, 0, _LATER
    if first <= len(laptop.log):
        yield first, len(laptop.log)


# ----------------------------------------------------------------------------------------------------------- who sends


async def _send(every: list[One], port: int, centre: bytes) -> tuple[float, float, float]:
    lags: list[float] = []
    begin = _BEGAN[0] = time.perf_counter()
    watch = asyncio.create_task(_watch(lags))
    await asyncio.gather(*(_one(one, port, centre, begin) for one in every))
    watch.cancel()
    return time.perf_counter() - begin, _share(lags, 0.99), max(lags, default=0.0)


async def _watch(lags: list[float]) -> None:
    """How late this process itself is, which is a part of what it measures."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append(time.perf_counter() - before - 0.01)


async def _one(one: One, port: int, centre: bytes, begin: float) -> None:
    async with Line(port, centre, one.device, one.seed, host=one.host, bps=one.bps) as line:
        for target, path, upto in one.batches:
            found = await _taken(one, line, "POST", target, path, told.STORED)
            if told.read_receipt(found["receipt"].encode(), centre).upto_seq != upto:
                raise RuntimeError("a receipt for something else")
        one.whole = time.perf_counter() - begin
        for target, path in one.copies:
            found = await _taken(one, line, "PUT", target, path, None)
            if not found["complete"]:
                raise RuntimeError(f"a copy is not whole: {found}")


async def _taken(one: One, line: Line, method: str, target: str, path: Path, wanted: str | None) -> Any:
    for _ in range(400):
        try:
            found = await line.ask(method, target, path.read_bytes())
        except Down as down:
            if down.status not in (0, 429, 503):
                raise
            await asyncio.sleep(1 + random.random() * 2)
            continue
        if found.told.get("reason") == "busy":
            (one.busy if wanted is not None else one.copies_busy).append(found.seconds)
            wait = float(found.told.get("retry_after", 2))
            await asyncio.sleep(wait * (0.5 + random.random()))
            continue
        if found.status != 200 or (wanted is not None and found.told["answer"] not in (wanted, told.ALREADY)):
            raise RuntimeError(f"{method} {target}: {found}")
        if wanted is not None:
            one.seconds.append(found.seconds)
            if time.perf_counter() - _BEGAN[0] > FIRST_WAVE:
                one.later.append(found.seconds)
        return found.told
    raise RuntimeError("always busy")


# --------------------------------------------------------------------------------------------------- what became of it


def _compared(store: Store, hashes: Path) -> int:
    """How many events are there that shouldn't be so often, or aren't there, or not as they were written."""
    sent = hashes.read_bytes()
    ours = sorted(sent[at : at + 32] for at in range(0, len(sent), 32))
    theirs: list[bytes] = []
    with store.begin() as connection:
        asked = "SELECT hash, record FROM events"
        for row in connection.execution_options(stream_results=True, yield_per=200).exec_driver_sql(asked):
            # Not what the column says: what the bytes are.
            found = digests.digest(digests.EVENT, bytes(row[1]))
            theirs.append(found if found == bytes(row[0]) else b"")
    theirs.sort()
    if ours == theirs:
        return 0
    return max(1, len(set(ours) ^ set(theirs)) + abs(len(ours) - len(theirs)))


def _understood(store: Store) -> dict[str, float]:
    """How long the centre's interpreter took after the last byte had come, and what became of the events."""
    counted = (
        "SELECT sum(p.applied), sum(p.waiting), sum(p.quarantined), sum(i.last_seq - p.interpreted_upto),"
        " (SELECT count(*) FROM conclusions WHERE compared = 0), (SELECT count(*) FROM alarms),"
        " bool_or(p.look_again <> 0) FROM progress p JOIN incarnations i USING (incarnation, line)"
    )
    begin = time.perf_counter()
    while True:
        with store.begin() as connection:
            applied, waiting, aside, left, uncompared, alarms, again = connection.exec_driver_sql(counted).one()
        seconds = time.perf_counter() - begin
        if not (left or uncompared or again) or seconds > 900:
            return {"applied": int(applied), "waiting": int(waiting), "set_aside": int(aside), "left": int(left),
                    "alarms": int(alarms), "seconds": seconds}  # fmt: skip
        time.sleep(1)


def _stored(store: Store) -> dict[str, int]:
    """Bytes that tables take on the disk, with their indexes."""
    asked = (
        "SELECT inhparent::regclass::text, sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits"
        " JOIN pg_class c ON c.oid = inhrelid WHERE c.relkind = 'r' GROUP BY 1"
        " UNION ALL SELECT 'receipts', pg_total_relation_size('receipts')"
    )
    with store.begin() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql(asked)}


def _lacking(store: Store, every: list[One]) -> int:
    named = {target.partition("?")[0].rpartition("/")[2] for one in every for target, _ in one.copies}
    with store.begin() as connection:
        rows = connection.execution_options(stream_results=True, yield_per=100).exec_driver_sql(
            "SELECT c.digest, c.content FROM chunks c JOIN attachments a USING (incarnation, digest) WHERE complete = 1"
        )
        whole = {row[0] for row in rows if hashlib.sha256(row[1]).hexdigest() == row[0]}
    return len(named - whole) + len(whole - named)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
