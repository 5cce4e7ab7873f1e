"""What the centre gives for records that it holds: a signed receipt, and a signed standing of how it took them."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, text

from app.centre import store
from app.centre.keys import Keys
from app.sync import told

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""root of a log of receipts without entries (RFC 6962)"""
_MOST_NAMED: Final = 20_000
"""events that one standing names; further ones are named once these are settled"""

RECORD_RECEIPT: Final = (
    "INSERT INTO receipts (incarnation, statement, leaf_hash) VALUES (:incarnation, :statement, :leaf)"
)
_STATE: Final = text(
    "SELECT i.first_seq, i.last_seq, i.head_hash, i.aside, i.receipt, p.interpreted_upto, p.applied, p.waiting,"
    " p.quarantined FROM incarnations i JOIN progress p ON p.incarnation = i.incarnation AND p.line = i.line"
    " WHERE i.incarnation = :incarnation AND i.line = :line"
)
_TREE: Final = text("SELECT tree_size, tree_root FROM tree_heads ORDER BY tree_size DESC LIMIT 1")
_FORKED_FROM: Final = text(
    "SELECT first_seq, after_incarnation, after_line FROM incarnations"
    " WHERE incarnation = :incarnation AND line = :line"
)
_UNAPPLIED: Final = text(
    "SELECT seq, state, reason, came, whole FROM unapplied WHERE incarnation = :incarnation AND line = :line"
    " ORDER BY seq LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class State:
    """Where a line stands: up to where it is held, up to where it is interpreted, and what came of it."""

    last_seq: int
    head_hash: bytes
    interpreted_upto: int
    applied: int
    waiting: int
    quarantined: int

    @property
    def counts(self) -> dict[str, int]:
        """As receipts carry them."""
        return {"applied": self.applied, "waiting": self.waiting, "quarantined": self.quarantined}


@dataclass(frozen=True, slots=True)
class Vouched:
    """Receipt and standing of one line, as they are given out."""

    last_seq: int
    head_hash: bytes
    receipt: bytes
    standing: bytes


def vouch(
    connection: Connection, keys: Keys, incarnation: str, line: int, *, upto: tuple[int, bytes] | None = None
) -> Vouched | None:
    """Receipt and standing of a line as it stands now; None where there is no such line, or it is kept aside. A receipt
    that says the same as the newest one is that one again. `upto`: number and hash of a record of the line; where it is
    not the newest one and the log has forked, the receipt is for the line up to there: a copied laptop has the
    beginning alone in common with the line, and the other's head would tell it nothing."""
    row = connection.execute(_STATE, {"incarnation": incarnation, "line": line}).mappings().first()
    if row is None or row["aside"]:
        return None
    state = State(row["last_seq"], bytes(row["head_hash"]), row["interpreted_upto"], row["applied"], row["waiting"],
                  row["quarantined"])  # fmt: skip
    receipt = bytes(row["receipt"]) if row["receipt"] is not None else None
    if upto is not None and upto[0] < state.last_seq and _has_forked(connection, incarnation):
        receipt = _recorded(connection, keys, incarnation, replace(state, last_seq=upto[0], head_hash=upto[1]))
    elif receipt is None or not _says(receipt, state):
        receipt = _recorded(connection, keys, incarnation, state)
        connection.execute(
            text("UPDATE incarnations SET receipt = :receipt WHERE incarnation = :incarnation AND line = :line"),
            {"incarnation": incarnation, "line": line, "receipt": receipt},
        )
    named: list[tuple[int, str, str, int, int]] = []
    if state.waiting or state.quarantined:
        asked = {"incarnation": incarnation, "line": line, "most": _MOST_NAMED}
        named = [tuple(one) for one in connection.execute(_UNAPPLIED, asked)]
    if line:
        named = [*_before_the_fork(connection, incarnation, line), *named]
    return Vouched(state.last_seq, state.head_hash, receipt, standing_of(keys, incarnation, state, named))


def _before_the_fork(connection: Connection, incarnation: str, line: int) -> list[tuple[int, str, str, int, int]]:
    """What is not applied of the records that a forked line has in common with those it forked from: nobody else tells
    its laptop."""
    found: list[tuple[int, str, str, int, int]] = []
    before: int | None = None
    while line:
        row = connection.execute(_FORKED_FROM, {"incarnation": incarnation, "line": line}).first()
        if row is None or row[1] != incarnation or row[2] is None:
            break
        before, line = row[0] if before is None else min(before, row[0]), row[2]
        asked = {"incarnation": incarnation, "line": line, "most": _MOST_NAMED}
        found[:0] = [tuple(one) for one in connection.execute(_UNAPPLIED, asked) if one[0] < before]
    return found


def _has_forked(connection: Connection, incarnation: str) -> bool:
    asked = text("SELECT 1 FROM incarnations WHERE incarnation = :incarnation AND line > 0")
    return connection.execute(asked, {"incarnation": incarnation}).first() is not None


def _recorded(connection: Connection, keys: Keys, incarnation: str, state: State) -> bytes:
    """A new receipt, which will enter the log."""
    tree = connection.execute(_TREE).first()
    receipt = receipt_of(keys, incarnation, state, (tree[0], bytes(tree[1])) if tree else (0, EMPTY_ROOT))
    told_ = {"incarnation": incarnation, "statement": receipt, "leaf": leaf_hash(receipt)}
    connection.execute(text(RECORD_RECEIPT), told_)
    return receipt


def receipt_of(keys: Keys, incarnation: str, state: State, tree: tuple[int, bytes]) -> bytes:
    """The receipt for a line in this state, signed; `tree`: size and root of the newest head of the log of receipts."""
    return told.receipt(
        keys.sign,
        told.Receipt(
            keys.id,
            incarnation,
            state.last_seq,
            state.head_hash.hex(),
            state.counts,
            store.now(),
            tree[0],
            tree[1].hex(),
        ),
    )


def standing_of(keys: Keys, incarnation: str, state: State, named: list[tuple[int, str, str, int, int]]) -> bytes:
    """The standing, signed; `named`: number, state, reason, came and whole of what is not applied."""
    waiting = tuple((seq, came, whole) for seq, kind, _, came, whole in named if kind == "waiting_attachment")
    quarantined = tuple((seq, reason) for seq, kind, reason, _, _ in named if kind == "quarantined")
    pending = state.interpreted_upto + 1 if state.interpreted_upto < state.last_seq else None
    return told.standing(
        keys.sign,
        told.Standing(keys.id, incarnation, state.last_seq, pending, waiting, quarantined, store.now()),
    )


def leaf_hash(statement: bytes) -> bytes:
    """The hash under which a receipt enters the log (RFC 6962)."""
    return hashlib.sha256(b"\0" + statement).digest()


def _says(receipt: bytes, state: State) -> bool:
    """Whether our own receipt, read back from the database, says this of the line."""
    written = json.loads(json.loads(receipt)["told"])
    return (written["upto_seq"], written["head_hash"], written["counts"]) == (
        state.last_seq,
        state.head_hash.hex(),
        state.counts,
    )
