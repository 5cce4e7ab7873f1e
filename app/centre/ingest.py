"""A sealed batch comes in, by network or by stick alike: opened, checked, placed, vouched for.

The records are durable before anything is interpreted, and before anybody is told that they are held.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from app.centre import lines, store, vouching
from app.centre.keys import Keys
from app.centre.store import Store
from app.sync import told, wire

_ATTEMPTS: Final = 8


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop that the centre knows. `department` as in its certificate."""

    device: str
    public_key: bytes
    seal_key: bytes
    certificate: bytes
    revoked: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: the answer, and what the centre vouches for after it."""

    placed: lines.Placed
    vouched: vouching.Vouched | None = None

    @property
    def answer(self) -> str:
        """One of the words of link.md's table."""
        return self.placed.answer


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch whose chain holds and whose head its laptop signed."""

    batch: wire.Batch
    checked: tuple[wire.Checked, ...]


class Refusal(Exception):
    """Why a batch is not taken: one of `told.REASONS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Ingest:
    """Takes batches into one store under one centre's keys. Safe to call from several threads and processes."""

    def __init__(self, place: Store, keys: Keys) -> None:
        self._store = place
        self._keys = keys

    def take(self, device: Device, sealed: bytes, way: str, incarnation: str | None = None) -> Taken:
        """What became of a batch from this laptop; `incarnation`: what it has to be of. A refused batch is kept."""
        try:
            opened = self.open(device, sealed, incarnation)
        except Refusal as refusal:
            return self.refuse(device, sealed, refusal.reason, way, incarnation)
        return self.put(opened, sealed, way)

    def open(self, device: Device, sealed: bytes, incarnation: str | None = None) -> Opened:
        """Open and check, without the database; Refusal where it can't be taken."""
        return self.opened(self._keys, device, sealed, incarnation)

    @staticmethod
    def opened(keys: Keys, device: Device, sealed: bytes, incarnation: str | None = None) -> Opened:
        """The same, for who places the batches himself."""
        if device.revoked:
            raise Refusal("device_revoked")
        try:
            batch = wire.opened(sealed, keys.unseal)
            if batch.device != device.device or incarnation not in (None, batch.incarnation):
                raise Refusal("malformed")
            return Opened(batch, wire.check(batch, device.public_key))
        except wire.Malformed as error:
            raise Refusal("malformed") from error
        except wire.Broken as error:
            raise Refusal(error.code) from error

    def put(self, opened: Opened, sealed: bytes, way: str) -> Taken:
        """Place a checked batch and vouch for the line that it is on, in one transaction."""
        for _ in range(_ATTEMPTS):
            try:
                with self._store.begin(write=True) as connection:
                    return self._put(connection, opened, sealed, way)
            except lines.Again:
                continue
        raise RuntimeError("a line that is always begun by somebody else")

    def refuse(self, device: Device, sealed: bytes, reason: str, way: str, incarnation: str | None = None) -> Taken:
        """Keep a batch that was refused, for inquiry."""
        with self._store.begin(write=True) as connection:
            store.set_aside(connection, device.device, sealed, reason, way)
        return Taken(lines.Placed(told.REFUSED, incarnation or "", reason=reason))

    def _put(self, connection: Connection, opened: Opened, sealed: bytes, way: str) -> Taken:
        known = known_device(connection, opened.batch.device)
        if known is None or known.revoked:
            # Since it was looked up.
            placed = lines.Placed(told.REFUSED, opened.batch.incarnation, reason="device_revoked")
        else:
            placed = lines.place(connection, opened.batch, opened.checked, way)
        if placed.answer == told.REFUSED:
            store.set_aside(connection, opened.batch.device, sealed, placed.reason or "", way)
        if placed.answer not in (told.STORED, told.ALREADY):
            return Taken(placed)
        upto = (opened.batch.last_seq, opened.batch.head_hash)
        return Taken(placed, vouching.vouch(connection, self._keys, placed.incarnation, placed.line, upto=upto))


def known_device(connection: Connection, device: str) -> Device | None:
    """The laptop by its name; None where it never was enrolled."""
    row = connection.execute(
        text("SELECT device, public_key, seal_key, certificate, revoked_at FROM devices WHERE device = :device"),
        {"device": device},
    ).first()
    if row is None:
        return None
    return Device(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3]), row[4] is not None)
