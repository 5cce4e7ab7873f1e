"""The encrypted file, the files beside it, and the one way to write."""

import contextlib
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.errors import KnownError
from app.services.desk import Desk
from app.services.workplace import Workplace
from app.storage import files, migrations
from app.storage.chain import AUDIT, EVENTS
from app.storage.database import Database
from app.storage.unit_of_work import read_time, written_time
from tests import factories
from tests.factories import FakeClock

KEY = b"\x07" * 32


def place_of(desk: Desk) -> Workplace:
    return desk._place


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database.make(tmp_path / "a.db", KEY)
    migrations.bring_up_to_date(database, None)
    return database


def test_the_file_is_encrypted_and_opens_with_its_key_alone(database: Database, tmp_path: Path) -> None:
    database.close()
    assert b"SQLite format 3" not in database.path.read_bytes()
    with pytest.raises(KnownError, match="damaged"):
        Database(tmp_path / "a.db", b"\x08" * 32)
    Database(tmp_path / "a.db", KEY).close()


def test_opening_never_makes_a_file(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="missing"):
        Database(tmp_path / "none.db", KEY)
    assert not (tmp_path / "none.db").exists()


def test_every_connection_is_durable_and_checks_foreign_keys(database: Database) -> None:
    with database.reading() as connection:
        for pragma, value in (("synchronous", 2), ("foreign_keys", 1), ("journal_mode", "wal"), ("temp_store", 2)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    database.close()


def test_a_copy_opens_with_the_same_key_and_holds_the_same(full_desk: Desk) -> None:
    view = full_desk.examinations.import_case(factories.case_document())
    copy = Database(full_desk.backups.make(), place_of(full_desk).bundle.database_key)
    with copy.reading() as connection:
        assert connection.execute(text("SELECT number FROM cases")).scalar_one() == view.number
    copy.close()
    assert [path.name for path in full_desk.backups.all()] == [copy.path.name]
    assert copy.path.with_suffix(".keys.json").is_file()
    assert full_desk.backups.make() != copy.path


def test_nothing_is_written_without_commit(desk: Desk) -> None:
    place = place_of(desk)
    with place.begin() as work:
        before = AUDIT.head(work.connection)
        work.audit("note")
    with contextlib.suppress(ZeroDivisionError), place.begin() as work:
        work.audit("note")
        raise ZeroDivisionError
    with place.database.reading() as connection:
        assert AUDIT.head(connection) == before


def test_nothing_is_committed_without_an_audit_row(desk: Desk) -> None:
    place = place_of(desk)
    with place.begin() as work:
        work.emit("note", {})
        with pytest.raises(RuntimeError, match="audit"):
            work.commit()
    with place.database.reading() as connection:
        assert [event["type"] for _, event in EVENTS.walk(connection)] == ["installation.created", "user.added"]


def test_an_event_has_exactly_the_shape_of_the_link(desk: Desk) -> None:
    with place_of(desk).database.reading() as connection:
        (_, first), (head, second) = EVENTS.walk(connection)
    assert set(first) == {
        "v", "device", "incarnation", "seq", "prev_hash", "type", "case_id", "subject", "wall_time", "monotonic",
        "last_trusted_time", "pack_digest", "payload", "actor", "signatures",
    }  # fmt: skip
    assert (first["seq"], first["prev_hash"]) == (1, "0" * 64)
    assert (second["seq"], head.seq) == (2, 2)
    assert second["subject"] == second["payload"]["id"]
    assert set(second["payload"]["audit_head"]) == {"seq", "hash"}


def test_a_second_thread_waits_for_an_open_unit_of_work(desk: Desk) -> None:
    place, order = place_of(desk), []

    def other() -> None:
        with place.begin() as work:
            work.audit("second")
            order.append("second")
            work.commit()

    with place.begin() as work:
        thread = threading.Thread(target=other)
        thread.start()
        work.audit("first")
        order.append("first")
        work.commit()
    thread.join(timeout=10)
    assert order == ["first", "second"]


def test_times_are_written_in_utc_and_read_back(clock: FakeClock) -> None:
    now = clock.now()
    assert read_time(written_time(now)) == now
    assert written_time(now).endswith("Z")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    files.write_whole(path, b"older")
    first = path.stat().st_ino
    files.write_whole(path, b"old")
    # Another file took its place: at no moment was the old one half written.
    assert path.stat().st_ino != first
    assert list(tmp_path.iterdir()) == [path]

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(KnownError, match="full"):
        files.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_files_of_one_act_are_all_new_or_none_is(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"old")
    second.mkdir()
    with pytest.raises(IsADirectoryError):
        files.write_together({first: b"new", second: b"new"})
    assert first.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [first, second]
    second.rmdir()
    (tmp_path / "first.new").write_bytes(b"left by a crash")
    (tmp_path / "second.new").symlink_to(tmp_path / "elsewhere")
    files.write_together({first: b"new", second: b"new"})
    assert [first.read_bytes(), second.read_bytes()] == [b"new", b"new"]
    assert sorted(tmp_path.iterdir()) == [first, second]
