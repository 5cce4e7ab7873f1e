"""Copies of papers come in pieces: only those that an event of the incarnation names, in order, checked at the end."""

import hashlib
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from app.centre import store
from app.centre.ingest import Device, Refusal
from app.sync.wire import CHUNK

MOST_OF_ONE_LOG: Final = 64 << 30
"""bytes that are kept of one incarnation's attachments"""
SMALLEST: Final = 16 << 10
"""bytes of a piece that isn't the last one: smaller ones would fill the database with rows"""


@dataclass(frozen=True, slots=True)
class Held:
    """How much of an attachment is there: `size` of the whole, `offset` up to which it is held."""

    size: int
    offset: int
    complete: bool


_ASKED: Final = (
    "SELECT size, held, complete FROM attachments WHERE incarnation = :incarnation AND digest = :digest AND EXISTS"
    " (SELECT 1 FROM incarnations i WHERE i.incarnation = :incarnation AND i.line = 0 AND i.device = :device)"
)
_HELD: Final = text(_ASKED)
_LOCKED: Final = text(f"{_ASKED} FOR UPDATE")
_KEPT: Final = text("SELECT coalesce(sum(held), 0) FROM attachments WHERE incarnation = :incarnation")
_INSERT: Final = text(
    "INSERT INTO chunks (incarnation, digest, at, content) VALUES (:incarnation, :digest, :at, :content)"
)
_CAME: Final = text(
    "UPDATE attachments SET held = :upto, complete = :complete, completed_at = :now"
    " WHERE incarnation = :incarnation AND digest = :digest"
)
_LOOK_AGAIN: Final = text("UPDATE progress SET look_again = 1 WHERE incarnation = :incarnation")


def held(connection: Connection, device: Device, incarnation: str, digest: str, *, lock: bool = False) -> Held:
    """Where to go on with an attachment; Refusal (`unnamed`) where no record of this laptop's incarnation names it."""
    row = connection.execute(
        _LOCKED if lock and connection.dialect.name == "postgresql" else _HELD,
        {"incarnation": incarnation, "digest": digest, "device": device.device},
    ).first()
    if row is None:
        raise Refusal("unnamed")
    return Held(row[0], row[1], bool(row[2]))


def put(
    connection: Connection, device: Device, incarnation: str, digest: str, offset: int, size: int, content: bytes
) -> Held:
    """Take the next piece; where it isn't the next one, only say where to go on. Refusal: `unnamed`, `malformed` (a
    piece that doesn't fit, or a whole that isn't what was named: then it begins anew), `full`."""
    before = held(connection, device, incarnation, digest, lock=True)
    upto = offset + len(content)
    if size != before.size or upto > size or len(content) > CHUNK or (len(content) < SMALLEST and upto != size):
        raise Refusal("malformed")
    if before.complete or offset != before.offset or not content:
        return before
    key = {"incarnation": incarnation, "digest": digest}
    kept = connection.execute(_KEPT, key).scalar_one()
    if kept + len(content) > MOST_OF_ONE_LOG:
        raise Refusal("full")
    connection.execute(_INSERT, {**key, "at": offset, "content": content})
    complete = upto == size
    whole = hashlib.sha256(content).hexdigest() if complete and not offset else None  # no need to read it back
    if complete and (whole or _hash(connection, incarnation, digest)) != digest:
        _begin_anew(connection, device, incarnation, digest)
        return Held(size, 0, complete=False)
    connection.execute(
        _CAME, {**key, "upto": upto, "complete": int(complete), "now": store.now() if complete else None}
    )
    if complete:
        # Records that wait for it are looked at again.
        connection.execute(_LOOK_AGAIN, key)
    return Held(size, upto, complete)


def whole(connection: Connection, device: str) -> frozenset[str]:
    """The copies of a laptop that are held whole, by their hashes."""
    rows = connection.execute(
        text(
            "SELECT a.digest FROM incarnations i JOIN attachments a ON a.incarnation = i.incarnation"
            " WHERE i.device = :device AND i.line = 0 AND a.complete = 1"
        ),
        {"device": device},
    )
    return frozenset(str(row[0]) for row in rows)


def content(connection: Connection, incarnation: str, digest: str) -> bytes:
    """The whole attachment, as far as it is held."""
    rows = connection.execute(_PIECES, {"incarnation": incarnation, "digest": digest})
    return b"".join(bytes(row[0]) for row in rows)


_PIECES: Final = text("SELECT content FROM chunks WHERE incarnation = :incarnation AND digest = :digest ORDER BY at")


def _hash(connection: Connection, incarnation: str, digest: str) -> str:
    found = hashlib.sha256()
    asked = _PIECES.execution_options(stream_results=True, yield_per=4)
    for row in connection.execute(asked, {"incarnation": incarnation, "digest": digest}):
        found.update(row[0])
    return found.hexdigest()


def _begin_anew(connection: Connection, device: Device, incarnation: str, digest: str) -> None:
    key = {"incarnation": incarnation, "digest": digest}
    connection.execute(text("DELETE FROM chunks WHERE incarnation = :incarnation AND digest = :digest"), key)
    connection.execute(
        text("UPDATE attachments SET held = 0 WHERE incarnation = :incarnation AND digest = :digest"), key
    )
    store.raise_alarm(
        connection, "attachment_changed", f"{incarnation}/{digest}", {"digest": digest}, device=device.device,
        incarnation=incarnation,
    )  # fmt: skip
