"""Ed25519 signatures, each bound to one purpose, so that a signature made for one thing proves nothing else."""

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SEED_BYTES: Final = 32
PUBLIC_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

CONCLUSION: Final = "conclusion"
EVENT: Final = "event"


class Signer(Protocol):
    """A private key that need not leave its place, such as a hardware module's."""

    @property
    def public(self) -> bytes:
        """The 32 bytes of its public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature of the message as it is given."""
        ...


Key = bytes | Signer
"""what signs: a seed of 32 bytes, or a key that signs by itself"""


class HeldKey:
    """A seed made ready once, for who signs often."""

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = key.public_key().public_bytes_raw()
        self.sign = key.sign


def new_seed() -> bytes:
    """32 random bytes, from which the whole key pair follows."""
    return secrets.token_bytes(SEED_BYTES)


def public_key(seed: Key) -> bytes:
    """The 32 bytes that others check signatures with."""
    if not isinstance(seed, bytes):
        return seed.public
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: Key, purpose: str, message: bytes) -> bytes:
    """64 bytes: the signature of `message` for `purpose`."""
    if not isinstance(seed, bytes):
        return seed.sign(_separated(purpose, message))
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).sign(_separated(purpose, message))


def verify(public: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    """Whether `signature` was made by the key of `public` for this purpose and message."""
    from cryptography.exceptions import InvalidSignature

    try:
        _ready(public).verify(signature, _separated(purpose, message))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def _ready(public: bytes) -> "Ed25519PublicKey":
    """A public key made ready for checking; those of one laptop check thousands of signatures."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public)


def fingerprint(public: bytes) -> str:
    """How people compare a public key: 64 bits of its SHA-256 as four groups of four hex digits."""
    import hashlib

    digits = hashlib.sha256(public).hexdigest()[:16]
    return " ".join(digits[start : start + 4] for start in range(0, 16, 4))


def _separated(purpose: str, message: bytes) -> bytes:
    return f"saraptama/{purpose}/1\0".encode() + message
