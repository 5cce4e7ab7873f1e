"""Attachments on their way: pieces of at most `wire.CHUNK` bytes, packed and sealed to the centre.

Over the network the offset and the size of the whole stand in the request, in a bundle in the section's name.
"""

from app.crypto.sealing import Unsealable
from app.sync import envelope
from app.sync.told import ATTACHMENT
from app.sync.wire import CHUNK

MOST = CHUNK + (64 << 10)
"""bytes of a sealed piece"""


def sealed(public: bytes, content: bytes) -> bytes:
    """A piece as it is sent, to the centre's sealing key."""
    return envelope.seal(public, ATTACHMENT, envelope.pack(content))


def opened(data: bytes, private: envelope.Key) -> bytes:
    """The content of a piece; ValueError where it is none for this centre."""
    if len(data) > MOST:
        raise ValueError("too long")
    try:
        return envelope.unpack(envelope.unseal(private, ATTACHMENT, data), CHUNK)
    except Unsealable as error:
        raise ValueError("sealed to another, or changed") from error


def section(sha256: str, offset: int, size: int) -> str:
    """The name of a piece among the sections of a bundle; `size` of the whole attachment."""
    return f"{sha256}/{offset}/{size}"


def read_section(name: str) -> tuple[str, int, int]:
    """Hash, offset and size of the whole; ValueError where the name is none."""
    sha256, offset, size = name.split("/")
    if len(bytes.fromhex(sha256)) != 32 or not 0 <= int(offset) <= int(size):
        raise ValueError("not a piece")
    return sha256, int(offset), int(size)
