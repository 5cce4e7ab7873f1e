"""SHA-256 with domain separation: bytes hashed as one thing never pass for another."""

import hashlib
from typing import Any, Final

EVENT: Final = "event"
AUDIT: Final = "audit"
CONCLUSION: Final = "conclusion"


def digest(purpose: str, message: bytes) -> bytes:
    """32 bytes."""
    return hashlib.sha256(f"saraptama/{purpose}/1\0".encode() + message).digest()


def written(value: bytes) -> str:
    """`sha256:` and 64 hex digits."""
    return f"sha256:{value.hex()}"


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785): equal values give equal bytes."""
    import rfc8785

    return rfc8785.dumps(value)
