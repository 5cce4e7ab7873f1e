"""Packed and sealed: zstd, then HPKE (RFC 9180) to one public key, so that proxies and sticks see ciphertext alone.

X25519 with HKDF-SHA256 and AES-256-GCM. The purpose is the `info` of HPKE: what was sealed as a batch never opens as
anything else.
"""

from typing import TYPE_CHECKING, Final, Protocol

from app.crypto.sealing import Unsealable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hpke

OVERHEAD: Final = 48
"""bytes that a sealed message is longer: the encapsulated key and the tag"""
_LEVEL: Final = 3


class Opener(Protocol):
    """A private sealing key that need not leave its place, such as a hardware module's."""

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """The message; Unsealable where it is for somebody else, of another purpose, or changed."""
        ...


Key = bytes | Opener
"""what unseals: a private key of 32 bytes (X25519), or a key that unseals by itself"""


class HeldKey:
    """A private key made ready once, for who unseals often."""

    def __init__(self, private: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self._key = X25519PrivateKey.from_private_bytes(private)
        self._suite = _suite()

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """As `unseal`."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._suite.decrypt(sealed, self._key, _info(purpose))
        except (InvalidTag, ValueError) as error:
            raise Unsealable from error


def seal(public: bytes, purpose: str, message: bytes) -> bytes:
    """For the holder of the private half of `public` (32 bytes, X25519)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    return _suite().encrypt(message, X25519PublicKey.from_public_bytes(public), _info(purpose))


def unseal(private: Key, purpose: str, sealed: bytes) -> bytes:
    """The message; Unsealable where it is for somebody else, of another purpose, or changed."""
    return (HeldKey(private) if isinstance(private, bytes) else private).unseal(purpose, sealed)


def pack(message: bytes) -> bytes:
    """Compressed (zstd)."""
    import zstandard

    return zstandard.ZstdCompressor(level=_LEVEL).compress(message)


def unpack(packed: bytes, most: int) -> bytes:
    """What `pack` was given; ValueError where it is not zstd, or longer than `most` bytes."""
    import zstandard

    try:
        # The frame says how long it is; a liar must not make us take that much memory.
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= most:
            raise ValueError("too long")
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(packed, max_output_size=most)
    except zstandard.ZstdError as error:
        raise ValueError("not zstd") from error


def sealing_key(device_seed: bytes) -> bytes:
    """The private key (X25519, 32 bytes) of a laptop to which the centre seals: derived, so that no second secret
    has to be kept."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=b"saraptama/sealing-key/1").derive(device_seed)


def public_half(private: bytes) -> bytes:
    """The public key (32 bytes) of a private one (X25519)."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _suite() -> "hpke.Suite":
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _info(purpose: str) -> bytes:
    return f"saraptama/{purpose}/1".encode()
