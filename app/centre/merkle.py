"""The tree over the receipts (RFC 6962, section 2). Every complete subtree is stored once and never changes, so that
appending, a root and a proof each read and write as many hashes as the tree is high."""

from collections.abc import Sequence
from typing import Protocol

from app.sync.proofs import EMPTY, node_hash


class Nodes(Protocol):
    """Where complete subtrees are kept: the one at (`level`, `index`) covers `2**level` leaves from
    `index * 2**level` on."""

    def get(self, level: int, index: int) -> bytes: ...

    def put(self, level: int, index: int, value: bytes) -> None: ...


def append(nodes: Nodes, size: int, leaves: Sequence[bytes]) -> int:
    """Put the hashes of new leaves behind the `size` that are there; returns the new size."""
    for leaf in leaves:
        nodes.put(0, size, leaf)
        level, index, value = 0, size, leaf
        while index & 1:
            value = node_hash(nodes.get(level, index - 1), value)
            level, index = level + 1, index >> 1
            nodes.put(level, index, value)
        size += 1
    return size


def root(nodes: Nodes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return _over(nodes, 0, size)


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The proof that the leaf at `index` is among the first `size`; IndexError where it is not."""
    if not 0 <= index < size:
        raise IndexError(index)
    return _path(nodes, index, 0, size)


def consistency(nodes: Nodes, first: int, second: int) -> list[bytes]:
    """The proof that the tree of `second` leaves begins with that of `first`; IndexError where it can't."""
    if not 0 <= first <= second:
        raise IndexError(first)
    if first in (0, second):
        return []
    return _subproof(nodes, first, 0, second, whole=True)


def _over(nodes: Nodes, begin: int, size: int) -> bytes:
    """The hash over `size` leaves from `begin` on, which a larger tree has as one subtree."""
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.get(level, begin >> level)
    split = _split(size)
    return node_hash(_over(nodes, begin, split), _over(nodes, begin + split, size - split))


def _path(nodes: Nodes, index: int, begin: int, size: int) -> list[bytes]:
    if size == 1:
        return []
    split = _split(size)
    if index < split:
        return [*_path(nodes, index, begin, split), _over(nodes, begin + split, size - split)]
    return [*_path(nodes, index - split, begin + split, size - split), _over(nodes, begin, split)]


def _subproof(nodes: Nodes, first: int, begin: int, size: int, *, whole: bool) -> list[bytes]:
    if first == size:
        return [] if whole else [_over(nodes, begin, size)]
    split = _split(size)
    if first <= split:
        return [*_subproof(nodes, first, begin, split, whole=whole), _over(nodes, begin + split, size - split)]
    return [
        *_subproof(nodes, first - split, begin + split, size - split, whole=False),
        _over(nodes, begin, split),
    ]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
