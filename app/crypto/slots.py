"""Key slots: the file beside the database that lets each user open it.

A user has two slots, one for the passphrase and one for the recovery code. Each seals the same `Bundle` with a key
derived by Argon2id (RFC 9106). No login stands in the file: a tag derived from the login and a salt of the file
finds a user's slots. The file is read as hostile: sizes and costs are bounded before anything is computed.
"""

import base64
import binascii
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from app.crypto import sealing

FORMAT: Final = "saraptama-keys/1"
MAX_FILE_BYTES: Final = 1_000_000
MAX_SLOTS: Final = 2_000
SlotKind = Literal["passphrase", "recovery"]

_KDF: Final = "argon2id"
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 16


class MalformedSlots(ValueError):
    """The key file is torn or was not written by this program."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs. The default is the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def bounded(self) -> bool:
        """Whether a laptop can pay it: a hostile file must not ask for all of the memory, or for minutes."""
        return (
            1 <= self.lanes <= 16
            and 8 * self.lanes <= self.memory_kib <= 256 * 1024
            and self.passes >= 1
            and self.memory_kib * self.passes <= 1024 * 1024
        )


STANDARD: Final = Cost()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a slot opens: the database's key (32 bytes), the user's id and signing seed (32 bytes), and the number of
    the audit row that told of the slot's making: an older number than the newest such row means a void slot."""

    database_key: bytes
    user_id: str
    seed: bytes
    serial: int = 0
    kind: SlotKind = "passphrase"
    """by which slot it was opened"""

    def __repr__(self) -> str:
        return f"Bundle(user_id={self.user_id!r})"


@dataclass(frozen=True, slots=True)
class Slot:
    """One sealed bundle."""

    tag: bytes
    kind: SlotKind
    cost: Cost
    salt: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeySlots:
    """All slots of one desk; a value: changes give a new one, to be written in place of the old."""

    salt: bytes
    slots: tuple[Slot, ...]

    @classmethod
    def empty(cls) -> "KeySlots":
        return cls(secrets.token_bytes(_SALT_BYTES), ())

    def tag(self, login: str) -> bytes:
        """What stands in the file in place of the login."""
        return hashlib.sha256(
            b"saraptama/slot-tag/1\0" + self.salt + fold_login(login).encode("utf-8", "replace")
        ).digest()[:_TAG_BYTES]

    def with_slot(self, login: str, kind: SlotKind, secret: str, bundle: Bundle, cost: Cost = STANDARD) -> "KeySlots":
        """The slots with this user's slot of this kind made anew."""
        tag, salt = self.tag(login), secrets.token_bytes(_SALT_BYTES)
        message = json.dumps(
            {
                "database_key": bundle.database_key.hex(),
                "user": bundle.user_id,
                "seed": bundle.seed.hex(),
                "serial": bundle.serial,
            }
        ).encode()
        sealed = sealing.seal(_derive(secret, salt, cost), message, _context(tag, kind, cost))
        kept = tuple(slot for slot in self.slots if (slot.tag, slot.kind) != (tag, kind))
        return replace(self, slots=(*kept, Slot(tag, kind, cost, salt, sealed)))

    def open(self, login: str, kind: SlotKind, secret: str) -> Bundle | None:
        """The user's bundle; None for an unknown login and for a wrong secret, at the same cost."""
        tag = self.tag(login)
        slot = next((slot for slot in self.slots if (slot.tag, slot.kind) == (tag, kind)), None)
        if slot is None:
            # An unknown login must not answer faster than a wrong passphrase.
            _derive(secret, self.salt, self.slots[0].cost if self.slots else STANDARD)
            return None
        try:
            opened = sealing.unseal(_derive(secret, slot.salt, slot.cost), slot.sealed, _context(tag, kind, slot.cost))
        except sealing.Unsealable:
            return None
        fields = json.loads(opened)
        key, seed = bytes.fromhex(fields["database_key"]), bytes.fromhex(fields["seed"])
        return Bundle(key, fields["user"], seed, fields.get("serial", 0), kind)

    def to_bytes(self) -> bytes:
        """The file's content."""
        return json.dumps(
            {
                "format": FORMAT,
                "salt": _b64(self.salt),
                "slots": [
                    {
                        "tag": _b64(slot.tag),
                        "kind": slot.kind,
                        "kdf": _KDF,
                        "memory_kib": slot.cost.memory_kib,
                        "passes": slot.cost.passes,
                        "lanes": slot.cost.lanes,
                        "salt": _b64(slot.salt),
                        "sealed": _b64(slot.sealed),
                    }
                    for slot in self.slots
                ],
            },
            indent=1,
        ).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "KeySlots":
        """MalformedSlots for whatever `to_bytes` would not have written."""
        if len(data) > MAX_FILE_BYTES:
            raise MalformedSlots("too large")
        try:
            content = json.loads(data)
            if content["format"] != FORMAT or len(content["slots"]) > MAX_SLOTS:
                raise MalformedSlots("another format")
            return cls(_unb64(content["salt"], _SALT_BYTES), tuple(_read_slot(slot) for slot in content["slots"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise MalformedSlots(str(error)) from error


def fold_login(login: str) -> str:
    """Logins are told apart by their letters alone: not by case, form of encoding or surrounding spaces."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _read_slot(content: Mapping[str, Any]) -> Slot:
    cost = Cost(content["memory_kib"], content["passes"], content["lanes"])
    if not all(type(number) is int for number in (cost.memory_kib, cost.passes, cost.lanes)) or not cost.bounded():
        raise MalformedSlots("cost out of bounds")
    if content["kdf"] != _KDF or content["kind"] not in ("passphrase", "recovery"):
        raise MalformedSlots("unknown kind of slot")
    return Slot(
        tag=_unb64(content["tag"], _TAG_BYTES),
        kind=content["kind"],
        cost=cost,
        salt=_unb64(content["salt"], _SALT_BYTES),
        sealed=_unb64(content["sealed"]),
    )


def _context(tag: bytes, kind: str, cost: Cost) -> bytes:
    """Binds a slot to its user, kind and cost, so that slots can't be swapped or cheapened."""
    return f"{FORMAT}|{tag.hex()}|{kind}|{_KDF}|{cost.memory_kib}|{cost.passes}|{cost.lanes}".encode()


def _derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=salt, length=sealing.KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return kdf.derive(unicodedata.normalize("NFKC", secret).encode("utf-8", "surrogatepass"))


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unb64(text: str, length: int | None = None) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MalformedSlots("not base64") from error
    if length is not None and len(value) != length:
        raise MalformedSlots("wrong length")
    return value
