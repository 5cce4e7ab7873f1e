"""Bringing a copy in: as one unit, with nothing destroyed, and with a new life of the log."""

import errno
import os
import shutil
import signal
from pathlib import Path

import pytest

from app import cli
from app.domain.errors import KnownError, UserError
from app.services.access import Access
from app.services.desk import Desk
from app.storage.chain import EVENTS
from app.storage.database import Database
from tests import factories
from tests.factories import HEAD, PASSPHRASE, case_document, make_access

FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no SIGKILL to leave a log behind with")


def killed_at_work(access: Access, case_id: str) -> None:
    """Another process works on and is killed: its write-ahead log stays."""
    child = os.fork()
    if child == 0:
        desk = access.sign_in(HEAD, PASSPHRASE)
        for step in range(60):
            desk.examinations.set_field(case_id, "diagnosis.main.text", f"{step} " + "соңғы сөз " * 50)
        desk.examinations.create()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def incarnations(desk: Desk) -> list[tuple[str, str]]:
    with desk._place.database.reading() as connection:
        return [(event["type"], event["incarnation"]) for _, event in EVENTS.walk(connection)]


@pytest.fixture
def copied(access: Access) -> tuple[Path, str]:
    """A copy and a case in it."""
    desk = access.sign_in(HEAD, PASSPHRASE)
    view = desk.examinations.import_case(case_document())
    desk.examinations.set_field(view.id, "diagnosis.main.text", "алғашқы")
    copy = desk.backups.make()
    desk.close()
    return copy, view.id


@FORK
def test_a_copy_comes_in_and_everything_that_was_there_is_kept(
    access: Access, data_dir: Path, copied: tuple[Path, str]
) -> None:
    copy, case_id = copied
    killed_at_work(access, case_id)
    names = ("saraptama.db", "saraptama.db-wal", "keys.json")
    before = {name: (data_dir / name).read_bytes() for name in names}
    aside = access.restore(copy.name, HEAD, PASSPHRASE)
    assert {name: (aside / name).read_bytes() for name in names} == before
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.examinations.open(case_id).document["diagnosis"]["main"]["text"] == "алғашқы"
    assert len(desk.examinations.rows()) == 1
    told = incarnations(desk)
    assert told[-1][0] == "desk.restored"
    assert told[-1][1] != told[0][1]
    assert desk.integrity.verify().ok
    desk.close()
    # Once: what is signed in to afterwards is a desk, not a copy.
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert incarnations(desk) == told
    desk.close()
    # What was moved aside opens again, with the newest work.
    for name in names:
        shutil.copy(aside / name, data_dir / name)
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert len(desk.examinations.rows()) == 2
    desk.close()


@FORK
def test_a_copy_put_in_place_by_hand_is_not_damaged_by_the_log_that_was_left(
    access: Access, data_dir: Path, copied: tuple[Path, str]
) -> None:
    copy, case_id = copied
    killed_at_work(access, case_id)
    log = (data_dir / "saraptama.db-wal").read_bytes()
    (data_dir / "saraptama.db").rename(data_dir / "damaged")
    shutil.copy(copy, data_dir / "saraptama.db")
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.examinations.open(case_id).document["diagnosis"]["main"]["text"] == "алғашқы"
    assert incarnations(desk)[-1][0] == "desk.restored"
    assert desk.integrity.verify().ok
    desk.close()
    (aside,) = data_dir.glob("set-aside-*")
    assert (aside / "saraptama.db-wal").read_bytes() == log


@FORK
def test_a_log_of_the_database_itself_is_never_moved_aside(
    access: Access, data_dir: Path, copied: tuple[Path, str]
) -> None:
    killed_at_work(access, copied[1])
    assert (data_dir / "saraptama.db-wal").stat().st_size > 0
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert len(desk.examinations.rows()) == 2
    assert not list(data_dir.glob("set-aside-*"))
    assert "desk.restored" not in [kind for kind, _ in incarnations(desk)]
    desk.close()


def test_a_damaged_copy_or_a_wrong_passphrase_changes_nothing(
    access: Access, data_dir: Path, copied: tuple[Path, str]
) -> None:
    copy, _ = copied
    torn = data_dir / "backups" / "saraptama-20200101-000000.db"
    data = bytearray(copy.read_bytes())
    data[20_000] ^= 1
    torn.write_bytes(data)
    before = {path.name: path.read_bytes() for path in data_dir.iterdir() if path.is_file()}
    with pytest.raises(KnownError, match="copy is damaged"):
        access.restore(torn.name, HEAD, PASSPHRASE)
    with pytest.raises(UserError, match="login or the passphrase"):
        access.restore(copy.name, HEAD, "not this one at all")
    with pytest.raises(UserError, match="no such copy"):
        access.restore("saraptama-1.db", HEAD, PASSPHRASE)
    desk = access.sign_in(HEAD, PASSPHRASE)
    with pytest.raises(KnownError, match="already running"):
        access.restore(copy.name, HEAD, PASSPHRASE)
    desk.close()
    assert {path.name for path in data_dir.iterdir() if path.is_file()} == set(before)
    assert not list(data_dir.glob("set-aside-*"))


def test_a_desk_without_database_or_keys_is_restored_too(
    access: Access, data_dir: Path, copied: tuple[Path, str]
) -> None:
    for name in ("saraptama.db", "keys.json"):
        (data_dir / name).unlink()
        access.restore(copied[0].name, HEAD, PASSPHRASE)
        access.sign_in(HEAD, PASSPHRASE).close()
    (data_dir / "saraptama.db").write_bytes(b"")
    access.restore(copied[0], HEAD, PASSPHRASE)
    access.sign_in(HEAD, PASSPHRASE).close()


def test_the_command_lists_copies_and_brings_one_in(
    copied: tuple[Path, str], data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, _ = copied
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    assert cli.main(["restore", "--data", str(data_dir), "--lang", "en"]) == 0
    assert copy.name in capsys.readouterr().out
    line = ["restore", copy.name, "--data", str(data_dir), "--user", HEAD, "--passphrase-file", str(secret)]
    assert cli.main([*line, "--lang", "en"]) == 0
    assert "set-aside-" in capsys.readouterr().out


def test_a_copy_that_does_not_fit_on_the_disk_leaves_nothing_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Database, path: Path) -> None:
        path.write_bytes(b"x" * 4096)
        Path(f"{path}-wal").write_bytes(b"x")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Database, "_fill", full)
    with pytest.raises(KnownError, match="full"):
        desk.backups.make()
    assert desk.backups.all() == ()
    assert not list((desk._place.keys.path.parent / "backups").iterdir())


def test_an_empty_database_is_damaged_and_stays_empty(access: Access, data_dir: Path) -> None:
    path = data_dir / "saraptama.db"
    path.write_bytes(b"")
    with pytest.raises(KnownError, match=r"damaged.*saraptama restore"):
        access.sign_in(HEAD, PASSPHRASE)
    assert path.stat().st_size == 0


def test_without_the_lock_file_a_second_copy_is_refused_all_the_same(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    (data_dir / "lock").unlink(missing_ok=True)
    copy = desk.backups.make()
    with pytest.raises(KnownError, match="Another program"):
        make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    (data_dir / "lock").unlink(missing_ok=True)
    with pytest.raises(KnownError, match="Another program"):
        make_access(data_dir).restore(copy.name, HEAD, PASSPHRASE)
    assert not list(data_dir.glob("set-aside-*"))
    desk.examinations.create()
    desk.close()


def test_the_code_of_a_new_desk_is_not_lost_to_its_settings(data_dir: Path) -> None:
    (data_dir / "settings.json").mkdir(parents=True)
    access = make_access(data_dir)
    values = {"login": HEAD, "name": factories.NAMES[HEAD], "passphrase": PASSPHRASE, "language": "kk"}
    code = access.create(department=factories.DEPARTMENT, **values)
    assert access.trouble is not None
    access.recover(HEAD, code, "a new long sentence of words")


def test_a_refused_desk_leaves_no_folder_and_no_lock(data_dir: Path) -> None:
    values = {"login": HEAD, "name": factories.NAMES[HEAD], "language": "kk"}
    with pytest.raises(UserError):
        make_access(data_dir).create(department=factories.DEPARTMENT, passphrase="short", **values)
    assert not data_dir.exists()


@pytest.mark.parametrize("wrong", ["A\u202eB", "A\nB", "A\x1b[2J", "A\u200bB", "A" * 201])
def test_names_hold_no_hidden_characters_and_end_somewhere(desk: Desk, wrong: str) -> None:
    with pytest.raises(UserError):
        desk.users.add("third", wrong, factories.passphrase_of("third"))
    with pytest.raises(UserError):
        desk.users.add(wrong, "Third", factories.passphrase_of("third"))
    view = desk.examinations.create()
    # A line of a case may be longer than a user's name, and ends somewhere too.
    for path in ("person.surname", "referral.organisation"):
        with pytest.raises(UserError):
            desk.examinations.set_field(view.id, path, wrong * 5)
    assert len(desk.users.all()) == 1


def test_a_name_is_stored_composed(desk: Desk) -> None:
    view = desk.examinations.create()
    kept = desk.examinations.set_field(view.id, "person.surname", "К\u0438\u0306м")
    assert kept.document["person"]["surname"] == "К\u0439м"
    desk.users.add("third", "Анд\u0438\u0306", factories.passphrase_of("third"))
    assert desk.users.all()[1].name == "Анд\u0439"


def test_a_failure_of_ours_keeps_its_sentence_whatever_it_holds(desk: Desk) -> None:
    from app.domain.text import Text

    with pytest.raises(KnownError, match=r"^The bag is full$"), desk._place.begin():
        raise KnownError(Text("The bag is full"))


def test_the_clock_is_compared_with_every_record(access: Access, clock: factories.FakeClock) -> None:
    access.sign_in(HEAD, PASSPHRASE).close()
    clock.jump(days=11 * 365)
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert [kind for kind, _ in incarnations(desk)][-1] == "clock.jumped"
    assert desk.integrity.clock_remark() is not None
    desk.close()
    clock.jump(days=-11 * 365)
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.integrity.clock_remark() is not None
    clock.jump(days=2)
    desk.examinations.create()
    assert [kind for kind, _ in incarnations(desk)][-3:] == ["clock.jumped"] * 3
    clock.jump(hours=20)
    desk.examinations.create()
    clock.jump(days=-365 * 40)
    with pytest.raises(KnownError, match="shows the year"):
        desk.examinations.create()
    assert len(incarnations(desk)) == 5
    assert desk.integrity.verify().ok
    desk.close()
