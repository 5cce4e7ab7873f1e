"""Logs of laptops for `tests.bench.link_fleet`: what a real desk wrote of one conclusion, again for many persons,
laptops and members, every signature made anew. So the centre finds nothing to set aside, and has all of its work."""

import hashlib
import json
import secrets
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app.crypto import digests, signing
from app.crypto.records import signed_part
from tests import factories
from tests.link.laptop import Laptop
from tests.link.meaning_kit import log_of, resealed
from tests.trips import with_check_digit

_OWN: Final = 1000
"""bytes of text in a conclusion that no packing makes smaller, beside names, hashes and signatures"""
_BEGIN: Final = datetime(2026, 11, 2, 4, tzinfo=UTC)
_HALF_HOUR: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a real desk wrote: before the first conclusion, and the conclusion."""

    before: tuple[Mapping[str, Any], ...]
    signed: Mapping[str, Any]
    size: int


def shape(folder: Path) -> Shape:
    """By a real desk, signed by a commission of three."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        desk = factories.make_desk(Path(place), factories.FakeClock()).sign_in(factories.HEAD, factories.PASSPHRASE)
        factories.with_commission(desk)
        factories.signed_case(desk)
        records = log_of(desk)
        desk.close()
    signed = next(data for data in records if json.loads(data)["type"] == "case.signed")
    before = tuple(json.loads(data) for data in records[: records.index(signed)])
    return Shape(before, json.loads(signed), len(signed))


class Writer:
    """Writes a laptop's log: its users first, then conclusions and their prints. `number`: which laptop of the fleet it
    is; `persons`: numbers of those whom it examines, which no other laptop has (below 70,000)."""

    def __init__(self, of: Shape, laptop: Laptop, number: int, persons: Iterable[int]) -> None:
        self._shape, self._laptop, self._number, self._persons = of, laptop, number, iter(persons)
        self._seeds: defaultdict[str, bytes] = defaultdict(lambda: secrets.token_bytes(32))
        self._cases = 0
        for event in of.before:
            payload = dict(event["payload"])
            if event["type"] == "installation.created":
                payload["device_public"] = laptop.public.hex()
            else:
                public = signing.public_key(self._seeds[payload["id"]]).hex()
                payload |= {"name": self._named(payload["name"]), "public_key": public}
            self._write({**event, "payload": payload})

    def conclude(self, copies: Sequence[bytes], prints: int) -> None:
        """One more conclusion of somebody who was nowhere else: the copies of papers that it names, and its prints."""
        self._cases += 1
        case_id = secrets.token_hex(16)
        moment = f"{_BEGIN + _HALF_HOUR * self._cases:%Y-%m-%dT%H:%M:%S.%f}Z"
        event = self._shape.signed
        payload = dict(event["payload"])
        record, seal = json.loads(payload["record"]), json.loads(payload["seal"])
        case = record["case"]
        iin, born = _iin(next(self._persons))
        case["person"] |= {"iin": iin, "birth_date": born, "patronymic": f"Өмірқұл{secrets.token_hex(4)}"}
        case["dossier"]["attachments"] = [self._attach(case_id, moment, content) for content in copies]
        case["dossier"]["observations"] = {"therapist": {"complaints": secrets.token_hex(_OWN)}}
        for member in case["examination"]["commission"]:
            member["name"] = self._named(member["name"])
        number = f"{self._number}/2026/{self._cases:06}"
        record |= {"case_id": case_id, "number": number, "signed_at": moment}
        for entry in seal["signatures"]:
            public = signing.public_key(self._seeds[entry["user"]]).hex()
            entry |= {"name": self._named(entry["name"]), "public_key": public, "signed_at": moment}
        seal["device"] |= {"id": self._laptop.device, "public_key": self._laptop.public.hex()}
        seal["event_head"] = {"seq": len(self._laptop.log), "hash": self._laptop.head.hex()}
        members = [self._seeds[entry["user"]] for entry in seal["signatures"]]
        whole, sealed = resealed(record, seal, members, self._laptop.seed)
        digest = json.loads(sealed)["digest"]
        payload |= {"record": whole.decode(), "seal": sealed.decode(), "digest": digest, "number": number}
        self._write({**event, "case_id": case_id, "subject": case_id, "wall_time": moment, "payload": payload})
        for language in ("kk", "ru", "en")[:prints]:
            output = {"document": "conclusion", "language": language, "digest": f"sha256:{secrets.token_hex(32)}",
                      "how": "printed", "state": "signed", "audit_head": payload["audit_head"]}  # fmt: skip
            printed = {"type": "document.printed", "subject": "conclusion", "pack_digest": None, "payload": output}
            self._write({**event, **printed, "case_id": case_id, "wall_time": moment})

    def _attach(self, case_id: str, moment: str, content: bytes) -> dict[str, Any]:
        told = {"digest": hashlib.sha256(content).hexdigest(), "kind": "pdf", "size": len(content), "of": "extract"}
        payload = told | {"audit_head": self._shape.signed["payload"]["audit_head"]}
        added = {"type": "attachment.added", "subject": told["digest"], "pack_digest": None, "payload": payload}
        self._write({**self._shape.signed, **added, "case_id": case_id, "wall_time": moment})
        return {**told, "title": "Үзінді", "added_at": moment[:19] + "Z"}

    def _named(self, name: str) -> str:
        """Somebody who works on this laptop alone."""
        return f"{name} {self._number}"

    def _write(self, event: Mapping[str, Any]) -> None:
        laptop = self._laptop
        told = {**event, "device": laptop.device, "incarnation": laptop.incarnation, "seq": len(laptop.log) + 1,
                "prev_hash": laptop.head.hex()}  # fmt: skip
        message = signed_part(told)
        seeds = {"device": laptop.seed, "actor": self._seeds[event["actor"]]}
        told["signatures"] = {name: signing.sign(seed, signing.EVENT, message).hex() for name, seed in seeds.items()}
        data = digests.canonical(told)
        laptop.log.append((digests.digest(digests.EVENT, data), data))


def _iin(at: int) -> tuple[str, str]:
    """An ИИН that nobody else of the fleet has, and the day of birth in it: June 1971."""
    day, serial = at % 30 + 1, at // 30 * 4
    for one in range(serial, serial + 4):
        whole = with_check_digit(f"7106{day:02}3{one:04}")
        if whole is not None:
            return whole, f"1971-06-{day:02}"
    raise AssertionError(at)
