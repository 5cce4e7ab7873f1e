"""AES-256-GCM: a sealed message is the nonce and the ciphertext with its tag."""

import secrets
from typing import Final

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class Unsealable(Exception):
    """The key, the context or the message is not the one it was sealed with."""


def seal(key: bytes, message: bytes, context: bytes) -> bytes:
    """`context` is not hidden, but the message opens only together with the same context."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, message, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The message; Unsealable where anything was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise Unsealable from error
