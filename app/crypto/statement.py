"""A signed statement: canonical JSON that was signed as it stands, and by which key.

Receipts, answers of the centre, invitations, certificates of devices and files of keys are statements, each under a
purpose of its own: a signature made for one proves nothing of another.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.crypto import digests, signing

MOST: Final = 64_000_000
"""bytes; a statement that names every section of a large bundle stays far below"""


_ONE_LINE: Final = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """`told` by the holder of `key` (32 bytes)."""

    told: Mapping[str, Any]
    key: bytes


def made(seed: signing.Key, purpose: str, told: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    """The statement as it is kept and sent: JSON with `told` (a text), `key` and `signature` (hexadecimal)."""
    text = digests.canonical(dict(told))
    signature = signing.sign(seed, purpose, text)
    whole = {"told": text.decode(), "key": signing.public_key(seed).hex(), "signature": signature.hex()}
    written = _ONE_LINE.encode(whole) if indent is None else json.dumps(whole, ensure_ascii=False, indent=indent)
    return written.encode() + b"\n"


def read(data: bytes, purpose: str, keys: Collection[bytes] | None = None) -> Statement:
    """What was signed for this purpose. ValueError: not a statement, changed since, or by a key that isn't among
    `keys` (None: whoever it was; the caller judges the key)."""
    if len(data) > MOST:
        raise ValueError("too long")
    try:
        whole = json.loads(data)
        text, key = whole["told"].encode(), bytes.fromhex(whole["key"])
        signature = bytes.fromhex(whole["signature"])
        if keys is not None and key not in keys:
            raise ValueError("another key")
        if not signing.verify(key, purpose, text, signature):
            raise ValueError("changed after it was signed")
        told = json.loads(text)
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeError) as error:
        raise ValueError("not a statement") from error
    if not isinstance(told, dict):
        raise ValueError("not a statement")
    return Statement(told, key)
