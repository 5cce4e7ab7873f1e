"""The log of receipts: every receipt that was given is entered once, and what was entered can be proved (RFC 6962).

A receipt is given at once; one sequencer enters it afterwards. Heads are published in `tree_heads` and signed when
somebody asks for one.
"""

from typing import Any, Final

from sqlalchemy import Connection, text

from app.centre import merkle
from app.centre.keys import Keys
from app.centre.store import Store, now
from app.sync import proofs

_MOST: Final = 1000
"""receipts that one step enters"""
_SEQUENCING: Final = 7_209_166_002
"""one number for everybody who sequences"""


class Unproved(ValueError):
    """Nothing of that is in the log."""


class _Nodes:
    """Complete subtrees in the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[tuple[int, int], bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        if (level, index) not in self._held:
            row = self._connection.execute(
                text("SELECT hash FROM tree_nodes WHERE level = :level AND at = :at"), {"level": level, "at": index}
            ).first()
            if row is None:
                raise Unproved("a hash of the log is missing")
            self._held[level, index] = bytes(row[0])
        return self._held[level, index]

    def put(self, level: int, index: int, value: bytes) -> None:
        self._held[level, index] = value
        self._connection.execute(
            text("INSERT INTO tree_nodes (level, at, hash) VALUES (:level, :at, :hash)"),
            {"level": level, "at": index, "hash": value},
        )


def sequence(store: Store) -> int:
    """Enter receipts that are not in the log yet, and publish the head; how many were entered."""
    with store.begin(write=True) as connection:
        if store.is_postgresql:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _SEQUENCING})
        rows = connection.execute(
            text("SELECT id, statement FROM receipts WHERE leaf_index IS NULL ORDER BY id LIMIT :most"),
            {"most": _MOST},
        ).all()
        if not rows:
            return 0
        size, nodes = _size(connection), _Nodes(connection)
        leaves = [proofs.leaf_hash(bytes(row[1])) for row in rows]
        after = merkle.append(nodes, size, leaves)
        connection.execute(
            text("UPDATE receipts SET leaf_index = :at WHERE id = :id"),
            [{"at": size + at, "id": row[0]} for at, row in enumerate(rows)],
        )
        connection.execute(
            text("INSERT INTO tree_heads (tree_size, tree_root, published_at) VALUES (:size, :root, :now)"),
            {"size": after, "root": merkle.root(nodes, after), "now": now()},
        )
        return len(rows)


def head(connection: Connection, keys: Keys) -> dict[str, Any]:
    """`GET /v1/log`: the newest head, signed."""
    return {"answer": "log", "head": _head(connection, keys)}


def inclusion(connection: Connection, keys: Keys, leaf: str) -> dict[str, Any]:
    """`GET /v1/log/inclusion?receipt=…` (the leaf hash of a receipt, 64 hex digits): that it is in the log. Unproved
    where it isn't, or isn't yet."""
    row = connection.execute(
        text("SELECT leaf_index FROM receipts WHERE leaf_hash = :leaf AND leaf_index IS NOT NULL"),
        {"leaf": _hash(leaf)},
    ).first()
    size = _size(connection)
    if row is None or row[0] >= size:
        raise Unproved("not in the log")
    proof = merkle.inclusion(_Nodes(connection), row[0], size)
    return {"answer": "inclusion", "index": row[0], "proof": _hex(proof), "head": _head(connection, keys)}


def consistency(connection: Connection, keys: Keys, first: int, second: int | None = None) -> dict[str, Any]:
    """`GET /v1/log/consistency?first=…&second=…`: that the log of `second` receipts (else of all) begins with that of
    `first`. Unproved where there are not so many."""
    size = _size(connection)
    second = size if second is None else second
    if not 0 <= first <= second <= size:
        raise Unproved("the log is not so long")
    nodes = _Nodes(connection)
    roots = {"first_root": merkle.root(nodes, first).hex(), "second_root": merkle.root(nodes, second).hex()}
    proof = _hex(merkle.consistency(nodes, first, second))
    return {"answer": "consistency", "first": first, "second": second, **roots, "proof": proof,
            "head": _head(connection, keys)}  # fmt: skip


def audit(store: Store) -> tuple[int, list[str]]:
    """The whole log made anew from the receipts: how many, and what is wrong with it (codes with numbers)."""
    wrong: list[str] = []
    kept: dict[tuple[int, int], bytes] = {}

    class Fresh:
        def get(self, level: int, index: int) -> bytes:
            return kept[level, index]

        def put(self, level: int, index: int, value: bytes) -> None:
            kept[level, index] = value

    fresh, size = Fresh(), 0
    with store.begin() as connection:
        heads = {
            row[0]: bytes(row[1]) for row in connection.execute(text("SELECT tree_size, tree_root FROM tree_heads"))
        }
        rows = connection.execute(
            text("SELECT leaf_index, statement, leaf_hash FROM receipts WHERE leaf_index IS NOT NULL"
                 " ORDER BY leaf_index")
        )  # fmt: skip
        for index, statement, leaf in rows:
            found = proofs.leaf_hash(bytes(statement))
            if index != size or found != bytes(leaf):
                wrong.append(f"tree {index}")
            size = merkle.append(fresh, size, [found])
            if size in heads and merkle.root(fresh, size) != heads.pop(size):
                wrong.append(f"tree_head {size}")
        wrong += [f"tree_head {left}" for left in sorted(heads)]
        stored = {(row[0], row[1]): bytes(row[2]) for row in connection.execute(
            text("SELECT level, at, hash FROM tree_nodes"))}  # fmt: skip
        if stored != kept:
            wrong.append("tree_nodes")
    return size, wrong


def _size(connection: Connection) -> int:
    return int(connection.execute(text("SELECT max(tree_size) FROM tree_heads")).scalar() or 0)


def _head(connection: Connection, keys: Keys) -> str:
    row = connection.execute(
        text("SELECT tree_size, tree_root, published_at FROM tree_heads ORDER BY tree_size DESC LIMIT 1")
    ).first()
    size, root, at = (row[0], bytes(row[1]), row[2]) if row else (0, proofs.EMPTY, now())
    return proofs.head(keys.sign, proofs.Head(keys.id, size, root.hex(), at)).decode()


def _hash(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError as error:
        raise Unproved("not a hash") from error


def _hex(proof: list[bytes]) -> list[str]:
    return [one.hex() for one in proof]
