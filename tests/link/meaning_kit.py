"""What the centre's tests of meaning share: the log of a real desk, forged records, and a centre in memory."""

import json
from collections.abc import Callable, Collection
from typing import Any

from app.centre import judging
from app.centre.editions import Editions
from app.centre.judging import Actor, Outcome
from app.crypto import digests, signing
from app.crypto.records import device_statement, member_statement, signed_part
from app.rules.model import Pack
from app.services.desk import Desk
from app.storage import installation
from app.storage.installation import Identity
from tests import factories

EDITIONS = Editions()


def place_of(desk: Desk) -> Any:
    return desk.examinations._place


def identity_of(desk: Desk) -> Identity:
    with place_of(desk).database.reading() as connection:
        return installation.identity(connection)


def log_of(desk: Desk) -> list[bytes]:
    """The records of a desk's log as they stand there, from the first."""
    with place_of(desk).database.reading() as connection:
        return [bytes(row[0]) for row in connection.exec_driver_sql("SELECT record FROM events ORDER BY seq")]


def pairs(records: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Hash and record of each, as batches are made of."""
    return [(digests.digest(digests.EVENT, record), record) for record in records]


class Forger:
    """Whoever has all keys of a laptop: changes a record of its log and signs it anew."""

    def __init__(self, desk: Desk) -> None:
        self.identity = identity_of(desk)
        slots = place_of(desk).keys.read()
        bundles = [slots.open(login, "passphrase", factories.passphrase_of(login)) for login in factories.NAMES]
        self.seeds = {bundle.user_id: bundle.seed for bundle in bundles if bundle is not None}

    def signed(self, event: dict[str, Any]) -> bytes:
        """The record with signatures of laptop and actor that hold."""
        seeds = {"device": self.identity.device_seed, "actor": self.seeds.get(event["actor"], bytes(32))}
        message = signed_part(event)
        event["signatures"] = {name: signing.sign(seed, signing.EVENT, message).hex() for name, seed in seeds.items()}
        return digests.canonical(event)

    def changed(self, data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
        """A record after a change, signed anew."""
        event = json.loads(data)
        change(event)
        return self.signed(event)

    def conclusion(
        self,
        data: bytes,
        change: Callable[[dict[str, Any]], object] = lambda record: None,
        seal: Callable[[dict[str, Any]], object] = lambda seal: None,
        **seeds: bytes,
    ) -> bytes:
        """A `case.signed` whose record or seal was changed, with every signature made anew. `seeds`: other keys than
        those of laptop (`device`) and members (`m0`, `m1`, …)."""
        event = json.loads(data)
        record, found = json.loads(event["payload"]["record"]), json.loads(event["payload"]["seal"])
        change(record)
        seal(found)
        members = [
            seeds.get(f"m{at}", self.seeds[entry["user"]]) for at, entry in enumerate(found["signatures"])
        ]
        whole, sealed = resealed(record, found, members, seeds.get("device", self.identity.device_seed))
        event["payload"] |= {"record": whole.decode(), "seal": sealed.decode(), "digest": json.loads(sealed)["digest"]}
        event["pack_digest"] = record["pack"]["digest"]
        return self.signed(event)


def resealed(record: dict[str, Any], seal: dict[str, Any], members: list[bytes], device: bytes) -> tuple[bytes, bytes]:
    """Record and seal signed anew by these keys."""
    data = digests.canonical(record)
    seal["digest"] = digests.written(digests.digest(digests.CONCLUSION, data))
    for entry, seed in zip(seal["signatures"], members, strict=True):
        entry.pop("signature", None)
        entry["signature"] = signing.sign(seed, signing.CONCLUSION, member_statement(seal, entry)).hex()
    seal["device"].pop("signature", None)
    seal["device"]["signature"] = signing.sign(device, signing.CONCLUSION, device_statement(seal)).hex()
    return data, digests.canonical(seal)


class InMemory:
    """What a centre holds of one laptop (`app.centre.judging.Known`), taken over event by event."""

    def __init__(self, device: str, key: bytes, records: list[bytes]) -> None:
        self.device, self.device_key = device, key
        self.records = {json.loads(record)["seq"]: record for record in records}
        self.users: dict[str, Actor] = {}
        self.revoked: dict[str, str] = {}
        self.states: dict[str, tuple[str, str | None]] = {}
        self.held: set[str] = set()
        self.editions: Callable[[str], Pack | None] = EDITIONS.of_digest

    def actor(self, user: str) -> Actor | None:
        return self.users.get(user)

    def revoked_since(self, user: str) -> str | None:
        return self.revoked.get(user)

    def neighbour(self, seq: int) -> dict[str, Any] | None:
        return json.loads(self.records[seq]) if seq in self.records else None

    def has_event(self, seq: int, hash_: str) -> bool:
        return seq in self.records and digests.digest(digests.EVENT, self.records[seq]).hex() == hash_

    def conclusion_of(self, case_id: str) -> tuple[str, str | None] | None:
        return self.states.get(case_id)

    def pack(self, digest: str) -> Pack | None:
        return self.editions(digest)

    def complete(self, digests_: Collection[str]) -> Collection[str]:
        return self.held & set(digests_)

    def take(self, record: bytes) -> Outcome:
        """Judge one event and keep what later ones rest on."""
        found = judging.judge(record, self)
        event = json.loads(record) if found.reason != "malformed" else {}
        if found.state == judging.APPLIED and event["type"] == "user.added":
            user = judging.described(event["payload"])
            self.users[user.id] = user
        if event.get("type") == "case.signed" and found.state is not None:
            signed = found.conclusion
            self.states[event["case_id"]] = (found.state, signed.record["supersedes"] if signed else None)
        return found

    def take_all(self) -> list[Outcome]:
        return [self.take(self.records[seq]) for seq in sorted(self.records)]
