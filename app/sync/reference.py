"""What the centre publishes: one statement with a version that only grows, and items that it names by hash.

    pack          CBOR, a map of the edition's files: name → bytes (`pack_files`); manifest and signature among them
    classifier    the official table as CSV; `name`: icd10 or kato, a dash, the language (`icd10-ru`)
    letterhead    JSON: `number`, `region`, `names` {kk, ru, en} of the department; for one laptop
    paper-keys    the file of `app.services.paper_keys`, under the centre's key
    revocations   JSON: `devices` [{device, on, reason}], `users` [{id, on, reason}]
    filter        bytes of `app.sync.screening`; `name`: what a hit means (deceased, examined, …)
    assignments   JSON: `assignments` [{id, case, earlier}]; sealed, for one laptop. `case`: a document of `mse-case/1`,
                  `earlier`: conclusions of the person, newest first

An item with `for` is sealed to that laptop's sealing key (purpose `item`); its hash is of what is sealed.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.crypto import signing, statement
from app.crypto.sealing import Unsealable
from app.domain.text import LANGUAGES, LocalText
from app.sync import envelope
from app.sync.told import ITEM, REFERENCE
from app.sync.wire import is_id

PACK, CLASSIFIER, LETTERHEAD, PAPER_KEYS = "pack", "classifier", "letterhead", "paper-keys"
REVOCATIONS, FILTER, ASSIGNMENTS = "revocations", "filter", "assignments"
KINDS: Final = frozenset({PACK, CLASSIFIER, LETTERHEAD, PAPER_KEYS, REVOCATIONS, FILTER, ASSIGNMENTS})
MOST_ITEM: Final = 48 << 20
"""bytes of an item"""
_MOST_ITEMS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Item:
    """One piece. `size` and `sha256` of the bytes as they are given out; `device`: the laptop that it is sealed to."""

    kind: str
    name: str
    version: str
    sha256: str
    size: int
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What holds at the centre since `issued_at`. `version` grows by every change."""

    centre: str
    version: int
    issued_at: str
    items: tuple[Item, ...]


def reference(seed: signing.Key, told: Reference) -> bytes:
    """The statement, signed by the centre's key."""
    items = [
        {"kind": one.kind, "name": one.name, "version": one.version, "sha256": one.sha256, "size": one.size}
        | ({"for": one.device} if one.device else {})
        for one in told.items
    ]
    whole = {"centre": told.centre, "version": told.version, "issued_at": told.issued_at, "items": items}
    return statement.made(seed, REFERENCE, whole)


def read_reference(data: bytes, centre: bytes) -> Reference:
    """What the centre with this public signing key publishes; ValueError where it doesn't."""
    told = statement.read(data, REFERENCE, {centre}).told
    try:
        listed = told["items"]
        if type(told["version"]) is not int or not isinstance(listed, list) or len(listed) > _MOST_ITEMS:
            raise ValueError("not a reference")
        items = tuple(_item(one) for one in listed)
        return Reference(told["centre"], told["version"], str(told["issued_at"]), items)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a reference") from error


def _item(one: Mapping[str, Any]) -> Item:
    size, device = one["size"], one.get("for")
    kind, name, version, sha256 = words = [one[part] for part in ("kind", "name", "version", "sha256")]
    if type(size) is not int or not 0 <= size <= MOST_ITEM or not all(type(word) is str for word in words):
        raise ValueError("not an item")
    if len(bytes.fromhex(sha256)) != 32 or not (device is None or is_id(device)):
        raise ValueError("not an item")
    return Item(kind, name, version, sha256, size, device)


def seal_item(public: bytes, content: bytes) -> bytes:
    """An item for the laptop with this sealing key."""
    return envelope.seal(public, ITEM, envelope.pack(content))


def open_item(private: bytes, data: bytes) -> bytes:
    """What `seal_item` was given; ValueError where it is for another laptop."""
    try:
        return envelope.unpack(envelope.unseal(private, ITEM, data), MOST_ITEM)
    except Unsealable as error:
        raise ValueError("sealed to another") from error


def pack_item(files: Mapping[str, bytes]) -> bytes:
    """The files of an edition as one item."""
    import cbor2

    return cbor2.dumps({name: bytes(files[name]) for name in sorted(files)})


def pack_files(content: bytes) -> dict[str, bytes]:
    """The files in an item; ValueError where it holds anything else, or names that lead out of a folder."""
    import cbor2

    try:
        whole = cbor2.loads(content, max_depth=2, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORError, OverflowError, RecursionError, TypeError) as error:
        raise ValueError("not the files of an edition") from error
    if not isinstance(whole, dict) or not all(
        isinstance(name, str) and _is_plain(name) and isinstance(data, bytes) for name, data in whole.items()
    ):
        raise ValueError("not the files of an edition")
    return whole


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        len(name) <= 200
        and all(part and part not in (".", "..") and "\\" not in part for part in parts)
        and (":" not in name and name.isprintable())
    )


def words(name: str) -> LocalText:
    """A name as it is shown: what the centre wrote as JSON with three languages, or one word for all."""
    try:
        told = json.loads(name) if name.startswith("{") else None
        if isinstance(told, dict) and set(told) == set(LANGUAGES):
            return LocalText(**{language: str(word) for language, word in told.items()})
    except ValueError:
        pass
    return LocalText(name, name, name)


def revoked(content: bytes) -> Mapping[str, Collection[Mapping[str, Any]]]:
    """`devices` and `users` of an item of revocations; ValueError where it is none."""
    told = json.loads(content)
    try:
        found = {"devices": [dict(one) for one in told["devices"]], "users": [dict(one) for one in told["users"]]}
        if not all(is_id(one["device"]) for one in found["devices"]):
            raise ValueError("not a laptop")
        if not all(isinstance(one["id"], str) for one in found["users"]):
            raise ValueError("not a user")
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not revocations") from error
    return found
