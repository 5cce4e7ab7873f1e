"""How a laptop comes to be known: its enrolment, and the centre's certificate of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.crypto import signing, statement
from app.sync import envelope
from app.sync.told import CERTIFICATE, ENROLMENT, device_id
from app.sync.wire import is_id

MOST = 1 << 20
"""bytes of a sealed enrolment"""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A laptop says who it is. `key`: public half of its device key (32 bytes), which signed this; `seal_key`: to which
    the centre seals what is for this laptop alone; `department`: `number`, `region`, `names`; `code`: of the
    invitation."""

    device: str
    key: bytes
    seal_key: bytes
    incarnation: str
    department: Mapping[str, Any]
    code: str


def enrolment(seed: bytes, incarnation: str, department: Mapping[str, Any], code: str) -> bytes:
    """The enrolment, signed by the laptop's key; not yet sealed."""
    seal_key = envelope.public_half(envelope.sealing_key(seed))
    told = {"seal_key": seal_key.hex(), "incarnation": incarnation, "department": dict(department), "code": code}
    return statement.made(seed, ENROLMENT, told)


def sealed(data: bytes, centre: bytes) -> bytes:
    """The enrolment as it is sent, to the centre's sealing key."""
    return envelope.seal(centre, ENROLMENT, envelope.pack(data))


def opened(data: bytes, private: envelope.Key) -> Enrolment:
    """What was sealed, with the signature checked; ValueError or Unsealable otherwise. Whether the code admits anybody,
    the centre judges."""
    return read_enrolment(envelope.unpack(envelope.unseal(private, ENROLMENT, data), MOST))


def read_enrolment(data: bytes) -> Enrolment:
    """Who asks; ValueError where it is no enrolment."""
    found = statement.read(data, ENROLMENT)
    told = found.told
    try:
        seal_key, department = bytes.fromhex(told["seal_key"]), told["department"]
        if len(seal_key) != signing.PUBLIC_KEY_BYTES or not is_id(told["incarnation"]) or type(told["code"]) is not str:
            raise ValueError("not an enrolment")
        _require_department(department)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not an enrolment") from error
    return Enrolment(device_id(found.key), found.key, seal_key, told["incarnation"], department, told["code"])


@dataclass(frozen=True, slots=True)
class Certificate:
    """The centre's word that this key is the one of that laptop of that department."""

    centre: str
    device: str
    key: bytes
    department: Mapping[str, Any]
    issued_at: str


def certificate(seed: signing.Key, told: Certificate) -> bytes:
    """The certificate, signed by the centre's key."""
    plain = {name: getattr(told, name) for name in Certificate.__slots__}
    return statement.made(seed, CERTIFICATE, {**plain, "key": told.key.hex(), "department": dict(told.department)})


def read_certificate(data: bytes, centre: bytes) -> Certificate:
    """What the centre with this public signing key certifies; ValueError where it doesn't."""
    told = dict(statement.read(data, CERTIFICATE, {centre}).told)
    try:
        told["key"] = bytes.fromhex(told["key"])
        _require_department(told["department"])
        found = Certificate(**told)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a certificate") from error
    if device_id(found.key) != found.device or not is_id(found.centre):
        raise ValueError("not a certificate")
    return found


def _require_department(found: Any) -> None:
    words = (found["number"], found["region"], *(found["names"][code] for code in ("kk", "ru", "en")))
    if not all(type(word) is str and len(word) <= 1000 for word in words):
        raise ValueError("not a department")
