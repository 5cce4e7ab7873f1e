"""Whether a passphrase fits a PKCS#12 file (RFC 7292, appendix B), for files whose key no library here can read.

cryptography says one thing of a wrong passphrase and of a key of another kind. People have to be told which it is; the
derived key opens nothing but this answer.
"""

import hashlib
import hmac
from typing import Final

_BLOCK: Final = {"sha1": 64, "sha224": 64, "sha256": 64, "sha384": 128, "sha512": 128}
_MOST_ROUNDS: Final = 5_000_000
_FOR_MAC: Final = 3


def fits(data: bytes, passphrase: str) -> bool | None:
    """Whether the file was made with this passphrase; None where that can't be told: another hash, or no file."""
    from asn1crypto.pkcs12 import Pfx

    try:
        whole = Pfx.load(data)
        mac, content = whole["mac_data"], whole["auth_safe"]["content"].native
        name, rounds = mac["mac"]["digest_algorithm"]["algorithm"].native, mac["iterations"].native
        salt, wanted = mac["mac_salt"].native, mac["mac"]["digest"].native
        if name not in _BLOCK or rounds > _MOST_ROUNDS or not isinstance(content, bytes):
            return None
    except (ValueError, TypeError, KeyError):
        return None
    key = _derived(name, passphrase, salt, rounds)
    return hmac.compare_digest(hmac.new(key, content, name).digest(), wanted)


def _derived(name: str, passphrase: str, salt: bytes, rounds: int) -> bytes:
    size = _BLOCK[name]
    told = passphrase.encode("utf-16-be") + b"\0\0"
    mixed = bytes([_FOR_MAC]) * size + _filled(salt, size) + _filled(told, size)
    for _ in range(rounds):  # one block is as long as the key that is wanted
        mixed = hashlib.new(name, mixed, usedforsecurity=False).digest()
    return mixed


def _filled(part: bytes, size: int) -> bytes:
    """The part repeated up to whole blocks."""
    length = -(-len(part) // size) * size
    return (part * (length // len(part) + 1))[:length] if part else b""
