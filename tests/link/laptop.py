"""A laptop of tests: a key, a log whose events stand as the desk writes them, and what it would send of it."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from app.centre import admission as admitting
from app.centre.ingest import Device, known_device
from app.centre.keys import FileKeys, Keys
from app.centre.store import Store
from app.crypto import digests, signing
from app.sync import admission, told, wire
from app.sync.wire import NO_HASH

DEPARTMENT = {
    "number": "2",
    "region": "150000000",
    "names": {"kk": "№ 2 бөлім", "ru": "Отдел № 2", "en": "Department No 2"},
}


def centre_keys() -> Keys:
    """Keys of a centre, without a file."""
    return FileKeys(*(secrets.token_bytes(32) for _ in range(3)))


class Laptop:
    """`log` holds hash and record of every event; `first`: the number of the first one under this incarnation."""

    def __init__(self, seed: bytes | None = None) -> None:
        self.seed = seed or secrets.token_bytes(32)
        self.public = signing.public_key(self.seed)
        self.device = told.device_id(self.public)
        self.incarnation = secrets.token_hex(16)
        self.log: list[tuple[bytes, bytes]] = []

    def copy(self) -> "Laptop":
        """The same disk in another machine: it goes on under the same names."""
        other = Laptop(self.seed)
        other.incarnation, other.log = self.incarnation, list(self.log)
        return other

    def restored(self, *, jumped: bool = False) -> "Laptop":
        """What goes on after a copy was brought in: another incarnation, that says after what it begins."""
        other = self.copy()
        before = {"incarnation": self.incarnation, "seq": len(self.log), "hash": self.head.hex()}
        other.incarnation = secrets.token_hex(16)
        if jumped:
            other.write("clock.jumped", {})
        other.write("desk.restored", {"incarnation": other.incarnation, "before": before, "log_set_aside": False})
        return other

    @property
    def head(self) -> bytes:
        return self.log[-1][0] if self.log else NO_HASH

    def write(self, kind: str = "document.printed", payload: Mapping[str, Any] | None = None, times: int = 1) -> None:
        """Write events; each says something of its own."""
        for _ in range(times):
            told_ = payload if payload is not None else {"id": secrets.token_hex(8), "ә": "“ҚҰЖ”"}
            record = digests.canonical(
                {"v": 1, "device": self.device, "incarnation": self.incarnation, "seq": len(self.log) + 1,
                 "prev_hash": self.head.hex(), "type": kind, "case_id": None, "payload": dict(told_)}
            )  # fmt: skip
            self.log.append((digests.digest(digests.EVENT, record), record))

    def attach(self, content: bytes) -> str:
        """An event that names an attachment; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        self.write("attachment.added", {"digest": digest, "kind": "application/pdf", "size": len(content), "of": "x"})
        return digest

    def batch(self, first: int, last: int | None = None) -> wire.Batch:
        """The events of these numbers."""
        last = len(self.log) if last is None else last
        prev = self.log[first - 2][0] if first > 1 else NO_HASH
        return wire.make(self.device, self.incarnation, self.seed, first, prev, self.log[first - 1 : last])

    def sealed(self, keys: Keys, first: int, last: int | None = None) -> bytes:
        """As they are sent."""
        return wire.sealed(self.batch(first, last), keys.seal_key)

    def enrolment(self, code: str) -> bytes:
        """What asks for admission, signed."""
        return admission.enrolment(self.seed, self.incarnation, DEPARTMENT, code)

    def enrol(self, place: Store, keys: Keys) -> Device:
        """Become known to the centre, past the network."""
        with place.begin(write=True) as connection:
            code = admitting.new_code(connection, 30)
            found = admitting.admit(connection, keys, admission.read_enrolment(self.enrolment(code)))
            assert found.certificate is not None
            known = known_device(connection, self.device)
        assert known is not None
        return known


def counts(receipt: bytes) -> Any:
    """What stands in a statement, unchecked."""
    return json.loads(json.loads(receipt)["told"])
