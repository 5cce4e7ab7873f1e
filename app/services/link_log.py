"""The log cut into batches, and what an exchange says of both sides at its end. The lock is held while one is read."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.services import link_store as store
from app.services.link_views import Exchange
from app.services.workplace import Workplace
from app.storage import entries, installation, link
from app.storage.chain import EVENTS
from app.sync import wire

if TYPE_CHECKING:
    from app.storage.installation import Identity


@dataclass(slots=True)
class Pace:
    """How much goes out at once: a village's line takes minutes for what a town's takes at once, and somebody on the
    way may take no more than so much."""

    size: int = 256 << 10
    """bytes"""
    events: int = wire.MOST_EVENTS
    _most: int = wire.FULL

    def went(self, seconds: float) -> None:
        """Something of this size went through in so many seconds."""
        if seconds < _QUICK:
            self.size = min(self.size * 4, self._most)
        elif seconds > _SLOW:
            self.size = max(self.size // 2, _SMALLEST)

    def refused(self, events: int) -> bool:
        """It was too large; whether less can be tried. `events`: records in it, 1 where it was no batch."""
        if events == 1 and self.size <= _SMALLEST:
            return False
        self.size = self._most = max(self.size // 4, _SMALLEST)
        self.events = max(1, events // 2)
        return True


_QUICK, _SLOW = 5.0, 30.0
_SMALLEST = 16 << 10


def shown(device: str) -> str:
    """The id of a laptop as people see it, here and at the centre."""
    return device[:8]


def identity(place: Workplace) -> "Identity":
    """Who this laptop is now."""
    with place.database.reading() as connection:
        return installation.identity(connection)


def read_batch(place: Workplace, seq: int, most: int, full: int = wire.FULL) -> wire.Batch | None:
    """The records that follow a number, signed by the device: at most so many, cut where an incarnation ends or the
    batch is full (bytes); None at the log's end."""
    events: list[tuple[bytes, bytes]] = []
    incarnation, size, first = "", 0, seq + 1
    with place.database.reading() as connection:
        who = installation.identity(connection)
        before = EVENTS.hash_at(connection, seq) if seq else None
        prev = bytes.fromhex(before) if before else wire.NO_HASH
        for number, value, record in EVENTS.after(connection, seq, most):
            life = _life_of(record)
            if events and (life != incarnation or size + len(record) > full):
                break
            if not events:
                incarnation, first = life, number
            events.append((bytes(value), bytes(record)))
            size += len(record)
    return wire.make(who.device, incarnation, who.device_seed, first, prev, events) if events else None


def _life_of(record: bytes) -> str:
    import msgspec

    if not _LIFE:
        _LIFE.append(msgspec.json.Decoder(type=msgspec.defstruct("Life", [("incarnation", str)])))
    return str(_LIFE[0].decode(record).incarnation)  # type: ignore[attr-defined]


_LIFE: list[object] = []


def ours(place: Workplace) -> dict[str, str | int]:
    """What this laptop has: for the end of an exchange and for the slip."""
    from app.services import link_status

    with place.database.reading() as connection:
        head = EVENTS.head(connection)
        attachments = len(entries.of_kind(connection, store.COPY)) + len(link_status.missing_copies(connection))
        return {"events": head.seq, "cases": link.how_many(connection), "attachments": attachments,
                "head_seq": head.seq, "head_hash": head.hash}  # fmt: skip


def theirs(place: Workplace, *, heard: bool) -> Mapping[str, str | int]:
    """What the centre says that it holds of this log, by its newest receipt; empty before the first. `heard`: whether
    the exchange that is told brought its word."""
    from app.services import link_status

    with place.database.reading() as connection:
        centre = store.linked(connection)
        receipt = link_status.last_receipt(connection, centre) if centre else None
        if receipt is None:
            return {}
        known = link_status.ways(connection, centre)
        total, missing = link.how_many(connection), 0
        for one in link.travelled(connection):  # newest first: the older ones have all arrived
            if max(link.events_of(connection, one.id), default=0) <= known.delivered:
                break
            missing += 1
        attachments = len(entries.of_kind(connection, store.COPY))
    return {
        **({"heard": 1} if heard else {}),
        "events": receipt.upto_seq,
        "cases": total - missing,
        "attachments": attachments,
        "head_seq": receipt.upto_seq,
        "head_hash": receipt.head_hash,
        "applied": receipt.applied,
        "waiting": receipt.waiting,
        "quarantined": receipt.quarantined,
        "server_time": receipt.server_time.isoformat(),
    }


def told(place: Workplace, began: datetime, by: str, *, heard: bool, **more: Any) -> Exchange:
    """An exchange as it is told at its end. `heard`: whether the centre said in it what it holds; `more`: its other
    fields."""
    return Exchange(
        id=secrets.token_hex(8),
        by=by,
        started_at=began,
        ended_at=place.clock.now(),
        ours=ours(place),
        theirs=theirs(place, heard=heard),
        **more,
    )
