"""COSE_Sign1 (RFC 9052) with Ed25519, the one form that papers use: what signs a paper, readable by any COSE library.

Only the canonical form is read: equal statements are equal bytes, so there is no byte in it that could be changed
unnoticed. cbor2 does CBOR, cryptography does Ed25519; what lies between is the one structure of RFC 9052, 4.4.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.crypto.signing import PUBLIC_KEY_BYTES, SIGNATURE_BYTES

SIGN1: Final = 18
ALG, KID = 1, 4
EDDSA: Final = -8
KEY_ID_BYTES: Final = 8
MOST: Final = 2_000
"""bytes; nothing of ours is half as long"""


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as it was read; `holds` says whether a key made it. `key_id`: see `key_id`."""

    key_id: bytes
    payload: Mapping[int, Any]
    _protected: bytes
    _payload: bytes
    _signature: bytes

    def holds(self, public: bytes, purpose: str) -> bool:
        """Whether the key of `public` (32 bytes) signed this for this purpose."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if len(public) != PUBLIC_KEY_BYTES or key_id(public) != self.key_id:
            return False
        message = _to_be_signed(self._protected, self._payload, purpose)
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self._signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def key_id(public: bytes) -> bytes:
    """The first 64 bits of the SHA-256 of a public key: what `signing.fingerprint` shows."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


def sign(seed: bytes, payload: Mapping[int, Any], purpose: str) -> bytes:
    """The statement `payload` (CBOR values under integer keys) signed with an Ed25519 seed, for one purpose."""
    from cbor2 import CBORTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    protected = _dumps({ALG: EDDSA, KID: key_id(key.public_key().public_bytes_raw())})
    told = _dumps(dict(payload))
    return _dumps(CBORTag(SIGN1, [protected, {}, told, key.sign(_to_be_signed(protected, told, purpose))]))


def read(data: bytes) -> Signed:
    """What the bytes say, whoever signed them; ValueError where they are not a statement in its canonical form."""
    from cbor2 import CBORTag

    whole = _loads(data)
    if not isinstance(whole, CBORTag) or whole.tag != SIGN1 or not isinstance(whole.value, list | tuple):
        raise ValueError("not COSE_Sign1")
    parts = list(whole.value)
    if len(parts) != 4 or parts[1] != {} or not all(isinstance(part, bytes) for part in (parts[0], *parts[2:])):
        raise ValueError("not the parts of COSE_Sign1")
    protected, _, told, signature = parts
    header, payload = _loads(protected), _loads(told)
    if not isinstance(header, dict) or set(header) != {ALG, KID} or header[ALG] != EDDSA:
        raise ValueError("another algorithm or header")
    named = header[KID]
    if not isinstance(named, bytes) or len(named) != KEY_ID_BYTES or len(signature) != SIGNATURE_BYTES:
        raise ValueError("a key or signature of another length")
    if not isinstance(payload, dict) or not all(type(key) is int for key in payload):
        raise ValueError("not a statement")
    return Signed(named, payload, protected, told, signature)


def _to_be_signed(protected: bytes, payload: bytes, purpose: str) -> bytes:
    return _dumps(["Signature1", protected, f"saraptama/{purpose}/1".encode(), payload])


def _dumps(value: Any) -> bytes:
    import cbor2

    return cbor2.dumps(value, canonical=True)


def _loads(data: bytes) -> Any:
    import cbor2

    if len(data) > MOST:
        raise ValueError("too long")
    try:
        value = cbor2.loads(data, max_depth=8, allow_indefinite=False, allow_duplicate_keys=False)
        canonical = _dumps(value) == data
    except (cbor2.CBORError, OverflowError, RecursionError, TypeError) as error:
        raise ValueError("not CBOR") from error
    if not canonical:
        raise ValueError("not in the canonical form")
    return value
