"""Full disk, torn files, missing files, no rights, two copies, a wrong clock: a sentence each, and nothing lost."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import KnownError, UserError
from app.domain.text import LocalText
from app.services.access import Access
from app.services.desk import Desk
from app.storage.chain import EVENTS
from app.storage.database import Database
from tests import factories
from tests.factories import HEAD, PASSPHRASE, FakeClock, case_document, make_access

ROOT = Path(__file__).parents[2]


def in_a_child(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A second process of ours, with the tests' cheap keys."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


SIGN_IN = """
import sys
from pathlib import Path
from app.domain.errors import Told
from tests import factories
try:
    factories.make_access(Path(sys.argv[1])).sign_in(factories.HEAD, factories.PASSPHRASE).close()
except Told as told:
    print(told.text.msgid)
    sys.exit(told.exit_code)
"""


def test_a_second_process_is_refused_while_the_first_works(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    refused = in_a_child(SIGN_IN, str(data_dir))
    assert (refused.returncode, "already running" in refused.stdout) == (3, True)
    desk.examinations.create()
    desk.close()
    assert in_a_child(SIGN_IN, str(data_dir)).returncode == 0


def test_two_processes_racing_for_one_directory_make_one_desk(data_dir: Path) -> None:
    program = """
import sys
from pathlib import Path
from app.domain.errors import Told
from tests import factories
try:
    factories.make_desk(Path(sys.argv[1]))
except Told as told:
    sys.exit(told.exit_code)
"""
    racing = [subprocess.Popen([sys.executable, "-c", program, str(data_dir)], cwd=ROOT) for _ in range(2)]
    codes = sorted(process.wait(timeout=60) for process in racing)
    assert codes[0] == 0
    assert codes[1] in (2, 3)
    make_access(data_dir).sign_in(HEAD, PASSPHRASE).close()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": "saraptama-keys/2"}', b"[" * 100_000]
)
def test_a_torn_key_file_is_a_sentence_and_stays_as_it_is(access: Access, data_dir: Path, content: bytes) -> None:
    (data_dir / "keys.json").write_bytes(content)
    with pytest.raises(KnownError, match="key file is damaged"):
        access.sign_in(HEAD, PASSPHRASE)
    assert (data_dir / "keys.json").read_bytes() == content


def test_a_key_file_cut_at_any_length_never_opens_and_never_crashes(access: Access, data_dir: Path) -> None:
    whole = (data_dir / "keys.json").read_bytes()
    for length in random.Random(7).sample(range(len(whole)), 40):
        (data_dir / "keys.json").write_bytes(whole[:length])
        with pytest.raises(KnownError):
            access.sign_in(HEAD, PASSPHRASE)


def test_a_missing_key_file_or_database_is_a_sentence_each(access: Access, data_dir: Path) -> None:
    keys, database = data_dir / "keys.json", data_dir / "saraptama.db"
    keys.rename(data_dir / "away")
    with pytest.raises(KnownError, match="key file is missing"):
        access.state()
    with pytest.raises(KnownError, match="key file is missing"):
        factories.make_desk(data_dir)
    (data_dir / "away").rename(keys)
    database.rename(data_dir / "away")
    with pytest.raises(KnownError, match="database is missing"):
        access.sign_in(HEAD, PASSPHRASE)
    (data_dir / "away").rename(database)
    access.sign_in(HEAD, PASSPHRASE).close()


@pytest.mark.parametrize("length", [0, 100, 4096, 20_000])
def test_a_truncated_database_is_a_sentence(access: Access, data_dir: Path, length: int) -> None:
    path = data_dir / "saraptama.db"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(KnownError) as refused:
        access.sign_in(HEAD, PASSPHRASE)
    assert refused.value.exit_code == 3
    assert path.stat().st_size == length


def test_a_flipped_byte_anywhere_in_the_database_is_a_sentence_or_harmless(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    kept = desk.examinations.import_case(case_document())
    desk.close()
    path = data_dir / "saraptama.db"
    whole = path.read_bytes()
    for position in random.Random(3).sample(range(len(whole)), 30):
        changed = bytearray(whole)
        changed[position] ^= 0x40
        path.write_bytes(changed)
        try:
            desk = access.sign_in(HEAD, PASSPHRASE)
        except KnownError:
            continue
        try:
            assert desk.examinations.open(kept.id).document == kept.document
            desk.integrity.verify()
        except KnownError:
            pass
        finally:
            desk.close()


def test_an_old_database_beside_new_keys_is_a_sentence(access: Access, data_dir: Path) -> None:
    old = (data_dir / "saraptama.db").read_bytes()
    factories.with_commission(desk := access.sign_in(HEAD, PASSPHRASE))
    desk.close()
    (data_dir / "saraptama.db").write_bytes(old)
    with pytest.raises(KnownError, match="older than the key file"):
        access.sign_in("first", factories.passphrase_of("first"))
    access.sign_in(HEAD, PASSPHRASE).close()


def test_a_full_disk_loses_only_the_change_that_did_not_fit(full_desk: Desk) -> None:
    view = full_desk.examinations.import_case(case_document())
    database: Database = full_desk._place.database
    pages = database.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    database.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    confirmed, refused = view, None
    for step in range(100):
        try:
            confirmed = full_desk.examinations.set_field(view.id, "diagnosis.main.text", f"{step} " + "мәтін " * 300)
        except KnownError as error:
            refused = error
            break
    assert refused is not None
    assert "is full" in refused.text.msgid
    assert full_desk.examinations.open(view.id) == confirmed
    # A letterhead as long as it may be, in two records: more than what is left.
    long = replace(factories.DEPARTMENT, names=LocalText(kk="Б" * 999, ru="О" * 999, en="D" * 999))
    with pytest.raises(KnownError, match="is full"):
        full_desk.set_department(long)
    assert len(full_desk.users.all()) == 3
    assert full_desk.integrity.verify().ok
    # Room again: work goes on where it stopped.
    database.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    full_desk.examinations.set_field(view.id, "diagnosis.main.text", "соңы")
    full_desk.users.add("third", "Third Person", factories.passphrase_of("third"))
    assert full_desk.integrity.verify().ok


LIMITED = """
import resource, signal, sys
from pathlib import Path
from app.domain.errors import KnownError
from tests import factories
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
desk = factories.make_access(Path(sys.argv[1])).sign_in(factories.HEAD, factories.PASSPHRASE)
view = desk.examinations.import_case(factories.case_document())
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
step = 0
try:
    while True:
        desk.examinations.set_field(view.id, "diagnosis.main.text", f"{step} " + "word " * 300)
        step += 1
except KnownError as error:
    print(error.text.msgid)
    assert desk.examinations.open(view.id).document["diagnosis"]["main"]["text"].startswith(f"{step - 1} ")
    print(step)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size to run into")
def test_a_disk_that_refuses_to_write_is_a_sentence_and_the_saved_fields_stay(access: Access, data_dir: Path) -> None:
    ran = in_a_child(LIMITED, str(data_dir))
    assert ran.returncode == 0, ran.stderr
    sentence, confirmed = ran.stdout.splitlines()
    assert "disk" in sentence
    desk = access.sign_in(HEAD, PASSPHRASE)
    (row,) = desk.examinations.rows()
    text = desk.examinations.open(row.id).document["diagnosis"]["main"]["text"]
    assert text.startswith(f"{int(confirmed) - 1} ")
    assert desk.integrity.verify().ok
    desk.close()


def test_a_data_directory_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(KnownError, match="is a file"):
        make_access(path).state()
    with pytest.raises(KnownError):
        make_access(path / "below").create(
            department=factories.DEPARTMENT, login=HEAD, name="N", passphrase=PASSPHRASE, language="kk"
        )
    with pytest.raises(KnownError):
        make_access(path).save_preferences(make_access(path).preferences())


AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from app.domain.errors import KnownError
from tests import factories
import app.services.opening, app.services.founding, filelock, filelock._unix, resource, zxcvbn
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
access = factories.make_access(Path(sys.argv[1]))
for attempt in (access.state, lambda: access.sign_in(factories.HEAD, factories.PASSPHRASE),
                lambda: access.save_preferences(access.preferences()), lambda: factories.make_desk(Path(sys.argv[1]))):
    try:
        attempt()
    except KnownError as error:
        print(error.text.msgid)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of directories")
def test_a_read_only_data_directory_is_a_sentence_and_stays_unchanged(access: Access, data_dir: Path) -> None:
    # The folders above must let the other user through; pytest makes them private.
    for parent in (data_dir, *data_dir.parents):
        if parent == Path(data_dir.anchor) or parent.stat().st_uid != os.getuid():
            break
        parent.chmod(0o555 if parent == data_dir else 0o755)
    (data_dir / "saraptama.db").chmod(0o444)
    (data_dir / "keys.json").chmod(0o444)
    before = {path.name: path.stat().st_mtime_ns for path in data_dir.iterdir()}
    ran = in_a_child(AS_SOMEBODY_ELSE, str(data_dir))
    assert ran.returncode == 0, ran.stderr
    assert [line.startswith("The data directory can't be written") for line in ran.stdout.splitlines()] == [True] * 4
    assert {path.name: path.stat().st_mtime_ns for path in data_dir.iterdir()} == before
    data_dir.chmod(0o700)


def test_a_clock_set_back_is_recorded_once_and_said(access: Access, clock: FakeClock) -> None:
    desk = factories.with_commission(access.sign_in(HEAD, PASSPHRASE))
    assert desk.integrity.clock_remark() is None
    clock.jump(days=-3650)
    assert desk.integrity.clock_remark() is not None
    view = factories.signed_case(desk)
    desk.conclusions.record_output(view.id, "conclusion", "kk", "sha256:00", "saved")
    with desk._place.database.reading() as connection:
        events = [event for _, event in EVENTS.walk(connection)]
    assert [event["type"] for event in events][-3:] == ["clock.jumped", "case.signed", "document.printed"]
    assert events[-3]["payload"]["before"] > events[-3]["payload"]["after"]
    # What orders records is their number, not the clock.
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert desk.integrity.verify().ok
    desk.close()


def test_a_clock_far_in_the_future_breaks_nothing(access: Access, clock: FakeClock) -> None:
    clock.jump(days=365 * 50)
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.examinations.create().number == f"2/{clock.today().year}/000001"
    assert desk.integrity.verify().ok
    desk.close()


def test_a_wrong_passphrase_changes_no_file(access: Access, data_dir: Path) -> None:
    before = {path.name: path.read_bytes() for path in data_dir.iterdir()}
    with pytest.raises(UserError):
        access.sign_in(HEAD, "wrong")
    assert {path.name: path.read_bytes() for path in data_dir.iterdir()} == before
