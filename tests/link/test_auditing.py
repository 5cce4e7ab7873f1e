"""`check` finds whatever was touched, `rebuild` gives the same again, and a centre that lost everything but its keys
gets everything again from the laptops, with receipts."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import auditing, comparing, sequencing
from app.centre.keys import Keys
from app.services.desk import Desk
from app.sync import told
from tests import factories
from tests.link.meaning_kit import Centre, Desklike, centre_at
from tests.link.test_interpreting import snapshot, worked


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    with centre_at(address) as made:
        yield made


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Keys]:
    """The database of a centre that holds everything of a desk, to be copied, and its keys."""
    folder = tmp_path_factory.mktemp("whole")
    desk = factories.with_commission(factories.make_desk(folder / "desk").sign_in(factories.HEAD, factories.PASSPHRASE))
    with centre_at(str(folder / "centre.db")) as made:
        filled(made, desk)
        keys = made.keys
    desk.close()
    return folder / "centre.db", keys


def filled(centre: Centre, desk: Desk) -> Desklike:
    worked(desk)
    laptop = Desklike(desk)
    centre.take(laptop, 3)
    centre.interpreter.run_dry()
    sequencing.sequence(centre.store)
    return laptop


def test_all_that_is_held_is_looked_at_and_found_whole(centre: Centre, full_desk: Desk) -> None:
    laptop = filled(centre, full_desk)
    found = auditing.check(centre.store, centre.keys)
    assert found.wrong == []
    assert (found.laptops, found.events, found.conclusions) == (1, len(laptop.records), 2)
    assert found.receipts == len(laptop.batches(3))


def test_what_is_not_interpreted_yet_is_no_fault(centre: Centre, full_desk: Desk) -> None:
    worked(full_desk)
    centre.take(Desklike(full_desk))
    assert auditing.check(centre.store, centre.keys).wrong == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE events SET record = (SELECT record FROM events WHERE seq = 3) WHERE seq = 4", "chain"),
        ("UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 3) WHERE seq = 4", "chain"),
        ("DELETE FROM events WHERE seq = 4", "chain"),
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "chain"),
        ("UPDATE incarnations SET last_seq = last_seq - 1", "chain"),
        ("UPDATE batches SET head_signature = prev_hash WHERE last_seq = 3", "batch"),
        ("DELETE FROM batches WHERE last_seq = 6", "batch"),
        ("UPDATE devices SET public_key = seal_key", "certificate"),
        ("UPDATE receipts SET statement = leaf_hash WHERE leaf_index = 1", "receipt"),
        ("DELETE FROM receipts WHERE leaf_index = 1", "tree"),
        ("UPDATE conclusions SET outcome = 'group_1' WHERE seq = (SELECT min(seq) FROM conclusions)", "projection"),
        ("DELETE FROM conclusions WHERE seq = (SELECT min(seq) FROM conclusions)", "projection"),
        ("DELETE FROM void_papers", "projection"),
        ("UPDATE conclusion_members SET name = 'x' WHERE member = 1", "projection"),
        ("UPDATE progress SET applied = applied + 1", "projection"),
        (
            "INSERT INTO unapplied SELECT incarnation, line, 3, 'quarantined', 'x', 0, 0, '', 0 FROM progress",
            "projection",
        ),
    ],
)
def test_whatever_was_touched_is_named(whole: tuple[Path, Keys], tmp_path: Path, change: str, named: str) -> None:
    path, keys = whole
    shutil.copy(path, tmp_path / "centre.db")
    with centre_at(str(tmp_path / "centre.db"), keys) as centre:
        with centre.store.begin(write=True) as connection:
            connection.execute(text(change))
        wrong = auditing.check(centre.store, centre.keys).wrong
        assert any(one.startswith(named) for one in wrong), wrong


def test_what_was_touched_on_postgresql_is_named_too(centre: Centre, full_desk: Desk) -> None:
    filled(centre, full_desk)
    with centre.store.begin(write=True) as connection:
        connection.execute(text("UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 3) WHERE seq = 4"))
        connection.execute(text("DELETE FROM void_papers"))
    kinds = {one.partition(" ")[0] for one in auditing.check(centre.store, centre.keys).wrong}
    assert kinds >= {"chain", "projection"}


def test_rebuilt_is_what_was(centre: Centre, full_desk: Desk) -> None:
    laptop = filled(centre, full_desk)
    before = snapshot(centre)
    with centre.store.begin(write=True) as connection:
        connection.execute(text("UPDATE conclusions SET outcome = 'group_1'"))
        connection.execute(text("DELETE FROM laptop_users"))
    assert auditing.rebuild(centre.store) == len(laptop.records)
    assert snapshot(centre) == before
    while comparing.compare(centre.store):
        pass
    assert auditing.check(centre.store, centre.keys).wrong == []


def test_a_centre_that_lost_everything_but_its_keys_gets_everything_again(
    centre: Centre, full_desk: Desk, tmp_path: Path
) -> None:
    laptop = filled(centre, full_desk)
    before = snapshot(centre)
    with centre.store.begin() as connection:
        devices = [dict(row) for row in connection.execute(text("SELECT * FROM devices")).mappings()]
    with centre_at(str(tmp_path / "anew.db"), centre.keys) as anew:
        with anew.store.begin(write=True) as connection:
            for row in devices:
                names = ", ".join(row)
                connection.execute(
                    text(f"INSERT INTO devices ({names}) VALUES ({', '.join(f':{name}' for name in row)})"),  # noqa: S608
                    row,
                )
        assert set(anew.take(laptop, 4)) == {"stored"}
        anew.interpreter.run_dry()
        assert snapshot(anew) == before
        receipts = [bytes(row[0]) for row in anew.rows("SELECT statement FROM receipts ORDER BY id")]
        newest = told.read_receipt(receipts[-1], centre.keys.sign.public)
        assert newest.upto_seq == len(laptop.records)
        assert sequencing.sequence(anew.store) == len(receipts)
        assert auditing.check(anew.store, anew.keys).wrong == []
        held = [bytes(row[0]) for row in anew.rows("SELECT record FROM events ORDER BY seq")]
        assert held == laptop.records
        signed: list[Any] = [json.loads(one) for one in held if json.loads(one)["type"] == "case.signed"]
        assert len(signed) == len({one["case_id"] for one in signed}) == 2
        assert factories.NAMES
