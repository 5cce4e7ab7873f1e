"""The log of receipts (RFC 6962): hashes of its tree, and how a laptop checks what the centre proves of it.

The leaf of a receipt is the statement as it was signed. Checking follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.crypto import signing, statement
from app.sync.wire import is_id

HEAD: Final = "tree-head"
EMPTY: Final = hashlib.sha256(b"").digest()
"""root of the tree without leaves"""
_MOST: Final = 64
"""hashes of a proof: no tree that a centre writes is higher"""


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the tree, as the centre published it. `root`: 64 hex digits."""

    centre: str
    size: int
    root: str
    server_time: str


def leaf_hash(data: bytes) -> bytes:
    """32 bytes: the hash of an entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """32 bytes: the hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the entry with the hash `leaf` stands at `index` of the tree with this size and root."""
    if not 0 <= index < size or len(proof) > _MOST:
        return False
    at, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root


def consistent(first: int, second: int, proof: Sequence[bytes], root_1: bytes, root_2: bytes) -> bool:
    """Whether the tree of `second` entries begins with the tree of `first`: nothing was taken out or exchanged."""
    if not 0 <= first <= second or len(proof) > _MOST:
        return False
    if first == second:
        return not proof and root_1 == root_2
    if first == 0:
        return not proof and root_1 == EMPTY
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, root_1)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for value in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(value, old), node_hash(value, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, value)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root_1 and new == root_2


def head(seed: signing.Key, told: Head) -> bytes:
    """The head, signed by the centre's key."""
    return statement.made(seed, HEAD, {name: getattr(told, name) for name in Head.__slots__})


def read_head(data: bytes, centre: bytes) -> Head:
    """What the centre with this public signing key published; ValueError where it didn't."""
    told: Mapping[str, object] = statement.read(data, HEAD, {centre}).told
    kinds: dict[str, type] = {"centre": str, "size": int, "root": str, "server_time": str}
    if set(told) != set(kinds) or not all(type(told[name]) is kind for name, kind in kinds.items()):
        raise ValueError("not a head")
    found = Head(**told)  # type: ignore[arg-type] # each was looked at above
    if not is_id(found.centre) or found.size < 0 or len(bytes.fromhex(found.root)) != 32:
        raise ValueError("not a head")
    return found


def hashes(listed: object) -> tuple[bytes, ...]:
    """A proof as it stands in an answer: hexadecimal hashes; ValueError where it is none."""
    if not isinstance(listed, list) or len(listed) > _MOST or not all(isinstance(one, str) for one in listed):
        raise ValueError("not a proof")
    found = tuple(bytes.fromhex(one) for one in listed)
    if any(len(one) != 32 for one in found):
        raise ValueError("not a proof")
    return found
