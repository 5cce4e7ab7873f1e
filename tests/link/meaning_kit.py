"""What the centre's tests of meaning share: the log of a real desk, forged records, and a centre in memory."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from app.centre import admission, judging, store
from app.centre.editions import Editions
from app.centre.ingest import Device, Ingest, known_device
from app.centre.interpreting import Interpreter
from app.centre.judging import Actor, Outcome
from app.centre.keys import Keys
from app.centre.publisher import Publisher
from app.crypto import digests, signing
from app.crypto.records import device_statement, member_statement, signed_part
from app.rules.model import Pack
from app.services.desk import Desk
from app.storage import installation
from app.storage.installation import Identity
from app.sync import admission as sync_admission
from app.sync import wire
from tests import factories
from tests.link.laptop import centre_keys

EDITIONS = Editions()
SAMPLE = {login: factories.passphrase_of(login) for login in factories.NAMES}
"""passphrases of the sample's users by login"""


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

    def __init__(self, desk: Desk, passphrases: Mapping[str, str] = SAMPLE) -> None:
        self.identity = identity_of(desk)
        slots = place_of(desk).keys.read()
        bundles = [slots.open(login, "passphrase", passphrase) for login, passphrase in passphrases.items()]
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
        members = [seeds.get(f"m{at}", self.seeds[entry["user"]]) for at, entry in enumerate(found["signatures"])]
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


class Desklike:
    """A real desk as the centre sees it: its identity, and its log as batches."""

    def __init__(self, desk: Desk, *, region: str | None = None) -> None:
        self.identity = identity_of(desk)
        self.records = log_of(desk)
        department = place_of(desk).department()
        names = {"kk": department.names.kk, "ru": department.names.ru, "en": department.names.en}
        self.department = {"number": department.number, "region": region or department.region, "names": names}

    def enrol(self, place: store.Store, keys: Keys) -> Device:
        """Known to the centre from now on."""
        with place.begin(write=True) as connection:
            code = admission.new_code(connection, 7)
            told = sync_admission.enrolment(self.identity.device_seed, self.identity.incarnation, self.department, code)
            assert admission.admit(connection, keys, sync_admission.read_enrolment(told)).certificate is not None
            found = known_device(connection, self.identity.device)
        assert found is not None
        return found

    def batches(self, size: int = wire.MOST_EVENTS) -> list[wire.Batch]:
        """Its whole log; a batch ends where an incarnation does."""
        found: list[wire.Batch] = []
        begin, prev = 0, wire.NO_HASH
        lives = [json.loads(record)["incarnation"] for record in self.records]
        while begin < len(self.records):
            end = begin
            while end < len(self.records) and end - begin < size and lives[end] == lives[begin]:
                end += 1
            events = pairs(self.records[begin:end])
            found.append(
                wire.make(self.identity.device, lives[begin], self.identity.device_seed, begin + 1, prev, events)
            )
            begin, prev = end, events[-1][0]
        return found

    def rechain(self, forger: Forger, begin: int) -> None:
        """After the record at `begin` was changed: all that names it says so, signed anew by whoever has all keys."""
        hashes = {at + 1: digests.digest(digests.EVENT, record).hex() for at, record in enumerate(self.records)}
        for at in range(begin + 1, len(self.records)):
            data, prev = self.records[at], hashes[at]
            if json.loads(data)["type"] == "case.signed":
                data = forger.conclusion(
                    data, seal=lambda seal: seal["event_head"].update(hash=hashes[seal["event_head"]["seq"]])
                )
            self.records[at] = forger.changed(data, lambda event: event.update(prev_hash=prev))  # noqa: B023
            hashes[at + 1] = digests.digest(digests.EVENT, self.records[at]).hex()


class Centre:
    """A centre over a database, with what its workers do on demand."""

    def __init__(self, address: str, keys: Keys | None = None) -> None:
        self.store = store.Store(address)
        self.store.migrate()
        self.keys = keys or centre_keys()
        self.ingest = Ingest(self.store, self.keys)
        self.interpreter = Interpreter(self.store)
        self.publisher = Publisher(self.store, self.keys)

    def take(self, laptop: Desklike, size: int = wire.MOST_EVENTS) -> list[str]:
        """Enrol it where it is new, and take its whole log; the answers."""
        with self.store.begin() as connection:
            device = known_device(connection, laptop.identity.device)
        device = device or laptop.enrol(self.store, self.keys)
        return [
            self.ingest.take(device, wire.sealed(batch, self.keys.seal_key), store.NETWORK).answer
            for batch in laptop.batches(size)
        ]

    def rows(self, sql: str, **params: Any) -> list[Any]:
        with self.store.begin() as connection:
            return [tuple(row) for row in connection.execute(text(sql), params)]

    def close(self) -> None:
        self.store.close()


@contextmanager
def centre_at(address: str, keys: Keys | None = None) -> Iterator[Centre]:
    """A centre that is closed at the end."""
    centre = Centre(address, keys)
    try:
        yield centre
    finally:
        centre.close()
