"""Every receipt stands in the log once, and a laptop can check that with nothing but the centre's public key."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import sequencing
from app.services.desk import Desk
from app.sync import proofs
from tests.link.meaning_kit import Centre, Desklike, centre_at


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    with centre_at(address) as made:
        yield made


def receive(centre: Centre, count: int) -> list[bytes]:
    """So many further receipts."""
    with centre.store.begin(write=True) as connection:
        known = connection.execute(text("SELECT count(*) FROM receipts")).scalar_one()
        told = [f"receipt {n}".encode() for n in range(known, known + count)]
        for one in told:
            connection.execute(
                text("INSERT INTO receipts (incarnation, statement, leaf_hash) VALUES (:i, :s, :l)"),
                {"i": "ab" * 16, "s": one, "l": proofs.leaf_hash(one)},
            )
    return told


def asked(centre: Centre, question: Any, *told: Any) -> dict[str, Any]:
    with centre.store.begin() as connection:
        return dict(question(connection, centre.keys, *told))


def head_of(centre: Centre, answer: dict[str, Any]) -> proofs.Head:
    return proofs.read_head(answer["head"].encode(), centre.keys.sign.public)


def test_real_receipts_are_proved_to_whoever_has_them(centre: Centre, full_desk: Desk) -> None:
    empty = head_of(centre, asked(centre, sequencing.head))
    assert (empty.size, empty.root) == (0, proofs.EMPTY.hex())
    laptop = Desklike(full_desk)
    centre.take(laptop, 1)
    receipts = [bytes(row[0]) for row in centre.rows("SELECT statement FROM receipts ORDER BY id")]
    assert len(receipts) == len(laptop.records)
    leaf = proofs.leaf_hash(receipts[2])
    with pytest.raises(sequencing.Unproved):
        asked(centre, sequencing.inclusion, leaf.hex())
    assert sequencing.sequence(centre.store) == len(receipts)
    assert sequencing.sequence(centre.store) == 0
    answer = asked(centre, sequencing.inclusion, leaf.hex())
    head = head_of(centre, answer)
    assert head.centre == centre.keys.id
    proof = proofs.hashes(json.loads(json.dumps(answer))["proof"])
    assert proofs.included(leaf, answer["index"], head.size, proof, bytes.fromhex(head.root))
    for wrong in ("zz", "00" * 32):
        with pytest.raises(sequencing.Unproved):
            asked(centre, sequencing.inclusion, wrong)


def test_the_log_only_grows_and_shows_it(centre: Centre) -> None:
    heads = [head_of(centre, asked(centre, sequencing.head))]
    for count in (1, 2, 5, 13):
        receive(centre, count)
        sequencing.sequence(centre.store)
        heads.append(head_of(centre, asked(centre, sequencing.head)))
    assert [head.size for head in heads] == [0, 1, 3, 8, 21]
    for at, first in enumerate(heads):
        for second in heads[at:]:
            answer = asked(centre, sequencing.consistency, first.size, second.size)
            proof = proofs.hashes(answer["proof"])
            assert proofs.consistent(
                first.size, second.size, proof, bytes.fromhex(first.root), bytes.fromhex(second.root)
            )
    assert asked(centre, sequencing.consistency, 3)["second"] == 21
    for first_, second_ in ((3, 22), (-1, 3), (4, 3)):
        with pytest.raises(sequencing.Unproved):
            asked(centre, sequencing.consistency, first_, second_)
    assert sequencing.audit(centre.store) == (21, [])


def test_two_sequencers_enter_each_receipt_once(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(centre, 60)
    monkeypatch.setattr(sequencing, "_MOST", 7)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            while sequencing.sequence(centre.store):
                pass
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert [row[0] for row in centre.rows("SELECT leaf_index FROM receipts ORDER BY leaf_index")] == list(range(60))
    assert sequencing.audit(centre.store) == (60, [])


@pytest.mark.parametrize(
    "change",
    ["UPDATE receipts SET statement = leaf_hash WHERE leaf_index = 2", "DELETE FROM receipts WHERE leaf_index = 3",
     "UPDATE tree_nodes SET hash = (SELECT hash FROM tree_nodes WHERE level = 0 AND at = 0) WHERE level = 1 AND at = 0",
     "UPDATE tree_heads SET tree_root = (SELECT leaf_hash FROM receipts WHERE leaf_index = 0)"],
)  # fmt: skip
def test_a_log_that_was_touched_is_found(centre: Centre, change: str) -> None:
    receive(centre, 5)
    sequencing.sequence(centre.store)
    with centre.store.begin(write=True) as connection:
        connection.execute(text(change))
    assert sequencing.audit(centre.store)[1]
