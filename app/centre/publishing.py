"""What the centre publishes for a laptop: the statement of what holds now, and the items that it names."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.centre import store
from app.centre.ingest import Device
from app.centre.keys import Keys
from app.sync import reference


def current(connection: Connection, keys: Keys, device: Device) -> tuple[bytes, Mapping[str, bytes]]:
    """The statement of what holds for this laptop, and the items that it names: hash (64 hex digits) → bytes, as they
    are given out. Nothing is published yet: version 0, without items."""
    del connection, device
    return reference.reference(keys.sign, reference.Reference(keys.id, 0, store.now(), ())), {}


def item(connection: Connection, keys: Keys, device: Device, sha256: str) -> bytes | None:
    """One item that holds for this laptop; None where there is none of this hash."""
    return current(connection, keys, device)[1].get(sha256)
