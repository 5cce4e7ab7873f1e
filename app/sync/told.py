"""What laptop and centre tell each other in signed statements (`app.crypto.statement`).

    invitation   centre → laptop   which centre, its two keys, where it listens, a code that admits one laptop
    enrolment    laptop → centre   which laptop, its keys, its department, the code
    certificate  centre → laptop   this key is the one of that laptop of that department
    receipt      centre → laptop   these events are held
    standing     centre → laptop   how they were interpreted, and what is missing
    holding      centre → laptop   these copies of papers are held whole (in a bundle)
    answer       centre → laptop   to one request over the network
    reference    centre → laptop   which criteria, lists and revocations hold now

Times are as in the log: UTC, microseconds, `Z`. Hashes and keys are hexadecimal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.crypto import digests, signing, statement
from app.domain.text import LocalText
from app.sync.wire import is_id

INVITATION: Final = "invitation"
ENROLMENT: Final = "enrolment"
CERTIFICATE: Final = "device-certificate"
RECEIPT: Final = "receipt"
STANDING: Final = "standing"
HOLDING: Final = "holding"
ANSWER: Final = "answer"
REFERENCE: Final = "reference"
BUNDLE: Final = "bundle"
REQUEST: Final = "request"
ITEM: Final = "item"
"""seal of a piece of reference data that is for one laptop alone"""
ATTACHMENT: Final = "attachment"

STORED, ALREADY, EXPECTED, FORK, REFUSED = "stored", "already", "expected_seq", "fork", "refused"
"""the answers to a batch (link.md)"""
REASONS: Final = frozenset(
    {
        "device_unknown",
        "device_revoked",
        "signature",
        "chain",
        "malformed",
        "challenge",
        "code",
        "unnamed",
        "busy",
        "full",
    }
)
"""Of a refusal. `device_unknown`: no laptop that the centre knows has proved its key by this request, whatever the
cause; `challenge`: it has run out, ask for another; `code`: of the invitation, unknown, used or run out; `unnamed`: no
record of this incarnation names such an attachment, or the centre has no such thing; `busy`: too many requests, later;
`full`: more than the centre keeps for one laptop."""


def centre_id(sign_key: bytes) -> str:
    """The name of the centre whose public signing key this is."""
    return digests.digest("centre", sign_key)[:16].hex()


def device_id(public_key: bytes) -> str:
    """The name of the laptop whose public device key this is."""
    return digests.digest("device", public_key)[:16].hex()


@dataclass(frozen=True, slots=True)
class Centre:
    """Which centre, by an invitation. `sign_key`, `seal_key`: public halves, 32 bytes each; `urls`: where it listens,
    none for a centre that is reached by stick alone; `code`: admits one laptop."""

    id: str
    name: LocalText
    sign_key: bytes
    seal_key: bytes
    urls: tuple[str, ...]
    code: str


def invited(seed: signing.Key, name: LocalText, seal_key: bytes, urls: Collection[str], code: str) -> bytes:
    """The file of an invitation, signed by the centre's key."""
    told = {"name": {"kk": name.kk, "ru": name.ru, "en": name.en}, "seal_key": seal_key.hex(), "urls": list(urls),
            "code": code}  # fmt: skip
    return statement.made(seed, INVITATION, told)


def read_invitation(data: bytes) -> Centre:
    """Who invites; ValueError where it is none. The key is the one that signed it: people compare its fingerprint."""
    found = statement.read(data, INVITATION)
    told = found.told
    name, urls, seal_key = told.get("name"), told.get("urls"), told.get("seal_key")
    if not isinstance(name, dict) or not isinstance(urls, list) or not isinstance(seal_key, str):
        raise ValueError("not an invitation")
    if not all(isinstance(url, str) and url.startswith(("http://", "https://")) for url in urls):
        raise ValueError("not addresses")
    key = bytes.fromhex(seal_key)
    if len(key) != 32 or set(name) != {"kk", "ru", "en"} or not isinstance(told.get("code"), str):
        raise ValueError("not an invitation")
    words = LocalText(**{language: str(word) for language, word in name.items()})
    return Centre(centre_id(found.key), words, found.key, key, tuple(urls), told["code"])


@dataclass(frozen=True, slots=True)
class Receipt:
    """The centre holds the events of `incarnation` up to `upto_seq`, whose hash is `head_hash`. `counts`: applied,
    waiting, quarantined. `server_time`: the centre's clock. `tree_size`, `tree_root`: the head of its log of receipts
    (RFC 6962) that was published last; this receipt enters the log after it."""

    centre: str
    incarnation: str
    upto_seq: int
    head_hash: str
    counts: Mapping[str, int]
    server_time: str
    tree_size: int
    tree_root: str


def receipt(seed: signing.Key, told: Receipt) -> bytes:
    """The receipt, signed by the centre's key."""
    return statement.made(seed, RECEIPT, {name: getattr(told, name) for name in Receipt.__slots__})


def read_receipt(data: bytes, centre: bytes) -> Receipt:
    """What the centre with this public signing key vouches for; ValueError where it doesn't."""
    told = statement.read(data, RECEIPT, {centre}).told
    kinds: dict[str, type] = {"centre": str, "incarnation": str, "upto_seq": int, "head_hash": str, "counts": dict,
                              "server_time": str, "tree_size": int, "tree_root": str}  # fmt: skip
    if set(told) != set(kinds) or not all(type(told[name]) is kind for name, kind in kinds.items()):
        raise ValueError("not a receipt")
    if not is_id(told["incarnation"]) or not all(type(count) is int for count in told["counts"].values()):
        raise ValueError("not a receipt")
    return Receipt(**told)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the centre interpreted the events of an incarnation up to `upto_seq`: all that is named nowhere here is
    applied. `pending_from`: the first one that is not interpreted yet, None where all are. `waiting`: case events that
    wait for attachments, with how many came of how many. `quarantined`: with the code of the reason."""

    centre: str
    incarnation: str
    upto_seq: int
    pending_from: int | None
    waiting: tuple[tuple[int, int, int], ...]
    quarantined: tuple[tuple[int, str], ...]
    server_time: str


def standing(seed: signing.Key, told: Standing) -> bytes:
    """The standing, signed by the centre's key."""
    lists = {"waiting": [list(one) for one in told.waiting], "quarantined": [list(one) for one in told.quarantined]}
    plain = {name: getattr(told, name) for name in Standing.__slots__}
    return statement.made(seed, STANDING, {**plain, **lists})


def read_standing(data: bytes, centre: bytes) -> Standing:
    """As `read_receipt`."""
    told: dict[str, Any] = dict(statement.read(data, STANDING, {centre}).told)
    try:
        told["waiting"] = tuple((int(seq), int(came), int(of)) for seq, came, of in told["waiting"])
        told["quarantined"] = tuple((int(seq), str(code)) for seq, code in told["quarantined"])
        return Standing(**told)
    except (KeyError, TypeError) as error:
        raise ValueError("not a standing") from error


@dataclass(frozen=True, slots=True)
class Holding:
    """The centre holds these copies of papers of a laptop whole, by their SHA-256, and no others: by stick nobody else
    says so of copies that no signed conclusion names."""

    centre: str
    device: str
    copies: frozenset[str]
    server_time: str


def holding(seed: signing.Key, told: Holding) -> bytes:
    """What is held, signed by the centre's key."""
    plain = {name: getattr(told, name) for name in Holding.__slots__}
    return statement.made(seed, HOLDING, {**plain, "copies": sorted(told.copies)})


def read_holding(data: bytes, centre: bytes) -> Holding:
    """As `read_receipt`."""
    told: dict[str, Any] = dict(statement.read(data, HOLDING, {centre}).told)
    try:
        told["copies"] = frozenset(str(one) for one in told["copies"])
        return Holding(**told)
    except (KeyError, TypeError) as error:
        raise ValueError("not what is held") from error
