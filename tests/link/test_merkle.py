"""The log of receipts proves what it says: by the RFC's definition, word for word, and by its known vectors."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.centre import merkle
from app.crypto import signing
from app.sync import proofs

# The vectors that Certificate Transparency's own implementations are tested with.
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


class Kept(dict[tuple[int, int], bytes]):
    """Subtrees in memory; none is ever written twice with another value."""

    def get(self, level: int, index: int) -> bytes:  # type: ignore[override]
        return self[level, index]

    def put(self, level: int, index: int, value: bytes) -> None:
        assert self.setdefault((level, index), value) == value


def tree(size: int) -> tuple[Kept, list[bytes]]:
    nodes, leaves = Kept(), [proofs.leaf_hash(str(n).encode()) for n in range(size)]
    assert merkle.append(nodes, 0, leaves) == size
    return nodes, leaves


def naive(leaves: list[bytes]) -> bytes:
    """The recursive definition of the RFC."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = max(1 << n for n in range(20) if 1 << n < len(leaves))
    return proofs.node_hash(naive(leaves[:split]), naive(leaves[split:]))


def test_the_roots_are_those_of_the_known_vectors() -> None:
    nodes = Kept()
    for size, (data, root) in enumerate(zip(LEAVES, ROOTS, strict=True), 1):
        merkle.append(nodes, size - 1, [proofs.leaf_hash(data)])
        assert merkle.root(nodes, size).hex() == root
    assert merkle.root(Kept(), 0).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.data())
def test_every_entry_is_proved_and_nothing_else_is(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    nodes, leaves = tree(size + 3)
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root(nodes, size)
    assert root == naive(leaves[:size])
    proof = merkle.inclusion(nodes, index, size)
    assert proofs.included(leaves[index], index, size, proof, root)
    assert not proofs.included(proofs.leaf_hash(b"other"), index, size, proof, root)
    assert not proofs.included(leaves[index], index, size, [*proof, bytes(32)], root)
    assert not proofs.included(leaves[index], (index + 1) % size, size, proof, root) or size == 1
    for at in range(len(proof)):
        assert not proofs.included(leaves[index], index, size, [*proof[:at], bytes(32), *proof[at + 1 :]], root)
        assert not proofs.included(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_longer_log_begins_with_the_shorter_one(first: int, more: int) -> None:
    second = first + more
    nodes, leaves = tree(second)
    before, after = naive(leaves[:first]), naive(leaves)
    proof = merkle.consistency(nodes, first, second)
    assert proofs.consistent(first, second, proof, before, after)
    if first and more:
        changed = [proofs.leaf_hash(b"exchanged"), *leaves[1:]]
        assert not proofs.consistent(first, second, proof, naive(changed[:first]), after)
        assert not proofs.consistent(first, second, proof, before, naive(changed))
        assert not proofs.consistent(first, second, [*proof, bytes(32)], before, after)
        assert not proofs.consistent(second, first, proof, after, before)
        for at in range(len(proof)):
            assert not proofs.consistent(first, second, proof[:at], before, after)


def test_what_is_no_proof_is_refused() -> None:
    nodes, leaves = tree(3)
    assert not proofs.included(leaves[0], 3, 3, [], leaves[0])
    assert not proofs.included(leaves[0], -1, 3, [], leaves[0])
    assert not proofs.included(leaves[0], 0, 3, [bytes(32)] * 65, leaves[0])
    assert not proofs.consistent(1, 2, [], leaves[0], leaves[1])
    for listed in (None, "ab", [1], ["ab"], ["zz" * 32], ["00" * 32] * 65):
        with pytest.raises(ValueError):
            proofs.hashes(listed)
    with pytest.raises(IndexError):
        merkle.inclusion(nodes, 3, 3)
    with pytest.raises(IndexError):
        merkle.consistency(nodes, 3, 2)


def test_a_head_is_the_centres_word() -> None:
    seed = bytes(32)
    told = proofs.Head("cd" * 16, 3, "11" * 32, "2026-11-30T08:00:00.000000Z")
    data = proofs.head(seed, told)
    assert proofs.read_head(data, signing.public_key(seed)) == told
    for changed, key in ((data.replace(b"3", b"4", 1), seed), (data, bytes(range(32)))):
        with pytest.raises(ValueError):
            proofs.read_head(changed, signing.public_key(key))
