"""A methodologist's private key in a file: Ed25519 in an encrypted PKCS#8 PEM (RFC 8018: PBES2, PBKDF2, AES-256-CBC).

Other programs read it (`openssl pkey -in FILE`). The library's own writer takes 2,048 rounds of PBKDF2 and lets no one
ask for more; a guesser of passphrases would be glad of it. So the few bytes of the envelope are put together here.
"""

import secrets
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text

ROUNDS: Final = 600_000
MAX_FILE_BYTES: Final = 10_000
_LABEL: Final = "ENCRYPTED PRIVATE KEY"
_LINE: Final = 64
# DER of the object identifiers: PBES2, PBKDF2, hmacWithSHA256, aes256-CBC
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_PBKDF2 = bytes.fromhex("06092a864886f70d01050c")
_HMAC_SHA256 = bytes.fromhex("06082a864886f70d02090500")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def to_pem(seed: bytes, passphrase: str) -> bytes:
    """The file of a key, from its raw 32 bytes. Takes a third of a second, so that guessing takes long."""
    import base64

    from cryptography.hazmat.primitives import hashes, padding, serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    plain = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, start = secrets.token_bytes(16), secrets.token_bytes(16)
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(_secret(passphrase))
    padder, encryptor = padding.PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    rounds = ROUNDS.to_bytes((ROUNDS.bit_length() + 8) // 8, "big")
    kdf = _der(_SEQUENCE, _PBKDF2, _der(_SEQUENCE, _der(_OCTETS, salt), _der(_INTEGER, rounds),
                                        _der(_SEQUENCE, _HMAC_SHA256)))  # fmt: skip
    cipher = _der(_SEQUENCE, _AES_256_CBC, _der(_OCTETS, start))
    envelope = _der(_SEQUENCE, _der(_SEQUENCE, _PBES2, _der(_SEQUENCE, kdf, cipher)), _der(_OCTETS, sealed))
    text = base64.b64encode(envelope).decode("ascii")
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join([f"-----BEGIN {_LABEL}-----", *lines, f"-----END {_LABEL}-----", ""]).encode("ascii")


def from_pem(pem: bytes, passphrase: str) -> bytes:
    """The raw 32 bytes of the key in a file. UserError: no such file's content, or a wrong passphrase."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(pem) > MAX_FILE_BYTES or f"-----BEGIN {_LABEL}-----".encode("ascii") not in pem:
        raise UserError(
            Text(N_("This file is no methodologist's key. Choose the one that “saraptama pack key” made.")), where="key"
        )
    try:
        key = serialization.load_pem_private_key(pem, _secret(passphrase))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        sentence = N_(
            "The key does not open: the passphrase is wrong, or the file is damaged."
            " Check the keyboard's language, then try again."
        )
        raise UserError(Text(sentence), where="passphrase") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(
            Text(N_("This key is of another kind than Ed25519. Choose the one that “saraptama pack key” made.")),
            where="key",
        )
    return key.private_bytes_raw()


def _secret(passphrase: str) -> bytes:
    import unicodedata

    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body
