"""The door: making a desk, signing in, recovering, preferences, and what start-up may load."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto import recovery
from app.domain.errors import KnownError, UserError
from app.services.access import Access
from app.services.views import AccessState, Preferences
from tests import factories
from tests.factories import DEPARTMENT, HEAD, NAMES, PASSPHRASE, FakeClock

ROOT = Path(__file__).parents[2]


def test_a_directory_is_new_until_a_desk_is_made_in_it(data_dir: Path) -> None:
    assert factories.make_access(data_dir).state() is AccessState.NEW
    assert not data_dir.exists()
    factories.make_desk(data_dir)
    assert factories.make_access(data_dir).state() is AccessState.READY


def test_the_first_user_signs_in_with_any_case_and_spaces_of_the_login(access: Access) -> None:
    desk = access.sign_in("  HEAD ", PASSPHRASE)
    assert (desk.user.login, desk.user.name) == (HEAD, NAMES[HEAD])
    assert desk.department == DEPARTMENT
    desk.close()
    desk.close()


def test_a_wrong_login_and_a_wrong_passphrase_are_refused_with_one_sentence(access: Access) -> None:
    said = []
    for login, passphrase in ((HEAD, "not this one at all"), ("nobody", PASSPHRASE)):
        with pytest.raises(UserError) as refused:
            access.sign_in(login, passphrase)
        said.append(refused.value.text)
    assert said[0] == said[1]


def test_where_there_is_no_desk_nobody_signs_in_and_nothing_is_made(data_dir: Path) -> None:
    with pytest.raises(UserError, match="no desk yet"):
        factories.make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    with pytest.raises(UserError, match="no desk yet"):
        factories.make_access(data_dir).recover(HEAD, recovery.new_code(), PASSPHRASE)
    assert not data_dir.exists()


def test_a_refused_sign_in_releases_the_lock(access: Access) -> None:
    with pytest.raises(UserError):
        access.sign_in(HEAD, "wrong")
    access.sign_in(HEAD, PASSPHRASE).close()


def test_a_second_copy_is_told_that_the_program_is_running(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    with pytest.raises(KnownError, match="already running"):
        factories.make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    desk.close()
    factories.make_access(data_dir).sign_in(HEAD, PASSPHRASE).close()


def test_a_desk_is_never_made_over_another(access: Access, data_dir: Path) -> None:
    before = (data_dir / "keys.json").read_bytes()
    with pytest.raises(UserError, match="There is a desk already"):
        factories.make_desk(data_dir)
    assert (data_dir / "keys.json").read_bytes() == before


def test_a_desk_is_not_made_with_a_weak_passphrase_or_empty_names(data_dir: Path) -> None:
    good = {"login": HEAD, "name": NAMES[HEAD], "passphrase": PASSPHRASE}
    for wrong in ({"passphrase": "12345678901"}, {"passphrase": f"{HEAD} {HEAD}"}, {"login": "  "}, {"name": " "}):
        with pytest.raises(UserError):
            factories.make_access(data_dir).create(department=DEPARTMENT, language="ru", **(good | wrong))
    for wrong in (replace(DEPARTMENT, number="2/3"), replace(DEPARTMENT, region="15")):
        with pytest.raises(UserError):
            factories.make_access(data_dir).create(department=wrong, language="ru", **good)
    assert factories.make_access(data_dir).state() is AccessState.NEW


def test_the_recovery_code_sets_a_new_passphrase_once(data_dir: Path, clock: FakeClock) -> None:
    access = factories.make_access(data_dir, clock)
    code = access.create(department=DEPARTMENT, login=HEAD, name=NAMES[HEAD], passphrase=PASSPHRASE, language="kk")
    second = access.recover(HEAD, code.lower().replace("-", " "), "a new long sentence of words")
    with pytest.raises(UserError):
        access.sign_in(HEAD, PASSPHRASE)
    with pytest.raises(UserError, match="does not belong"):
        access.recover(HEAD, code, "another long sentence of words")
    access.sign_in(HEAD, "a new long sentence of words").close()
    assert access.recover(HEAD, second, PASSPHRASE) != second


def test_a_slip_in_the_recovery_code_is_told_apart_from_a_wrong_code(access: Access) -> None:
    other = recovery.new_code()
    slipped = other[:-1] + ("0" if other[-1] != "0" else "1")
    with pytest.raises(UserError, match="slip"):
        access.recover(HEAD, slipped, PASSPHRASE)
    with pytest.raises(UserError, match="characters"):
        access.recover(HEAD, other[:-2], PASSPHRASE)
    with pytest.raises(UserError, match="does not belong"):
        access.recover(HEAD, other, PASSPHRASE)


def test_a_changed_passphrase_replaces_the_old_one(access: Access) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    with pytest.raises(UserError, match="present passphrase"):
        desk.users.change_passphrase("wrong", "some other long words here")
    desk.users.change_passphrase(PASSPHRASE, "some other long words here")
    desk.unlock("some other long words here")
    with pytest.raises(UserError):
        desk.unlock(PASSPHRASE)
    desk.close()
    access.sign_in(HEAD, "some other long words here").close()


def test_a_signed_in_user_makes_a_new_recovery_sheet_with_the_passphrase(data_dir: Path, clock: FakeClock) -> None:
    access = factories.make_access(data_dir, clock)
    first = access.create(department=DEPARTMENT, login=HEAD, name=NAMES[HEAD], passphrase=PASSPHRASE, language="kk")
    desk = access.sign_in(HEAD, PASSPHRASE)
    with pytest.raises(UserError, match="passphrase is wrong"):
        desk.users.new_recovery_sheet("not this one at all")
    second = desk.users.new_recovery_sheet(PASSPHRASE)
    assert desk.integrity.verify().ok
    desk.close()
    with pytest.raises(UserError, match="does not belong"):
        access.recover(HEAD, first, "a new long sentence of words")
    access.sign_in(HEAD, PASSPHRASE).close()
    access.recover(HEAD, second, "a new long sentence of words")


def test_preferences_are_kept_and_survive_a_torn_file(data_dir: Path) -> None:
    access = factories.make_access(data_dir)
    assert access.preferences() == Preferences()
    chosen = Preferences(language="ru", theme="dark", text_scale=1.5, lock_after_minutes=0)
    access.save_preferences(chosen)
    assert access.preferences() == chosen
    (data_dir / "settings.json").write_text('{"language": "xx", "text_scale": true, "theme": "dark"')
    assert access.preferences() == Preferences()
    (data_dir / "settings.json").write_text('{"language": "xx", "text_scale": true, "theme": "dark"}')
    assert access.preferences() == Preferences(theme="dark")
    (data_dir / "settings.json").write_text('{"text_scale": NaN, "lock_after_minutes": 1e400}')
    assert access.preferences() == Preferences()


def test_making_a_desk_keeps_the_language_it_was_made_in(access: Access) -> None:
    assert access.preferences().language == "kk"


def test_nothing_personal_stands_in_plain_files(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    desk.examinations.import_case(factories.case_document())
    words = ("Әбдіқадырұлы", "710614301212", NAMES[HEAD], NAMES[HEAD].split()[0], HEAD)
    for path in data_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(word.encode() in data for word in words), path
    desk.close()


def test_files_are_for_their_owner_alone(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    desk.backups.make()
    assert data_dir.stat().st_mode & 0o777 == 0o700
    for path in data_dir.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    desk.close()


def test_an_interrupted_creation_is_finished_or_begun_anew(access: Access, data_dir: Path) -> None:
    # The power went between the keys and the last renaming.
    (data_dir / "saraptama.db").rename(data_dir / "saraptama.db.new")
    assert access.state() is AccessState.READY
    access.sign_in(HEAD, PASSPHRASE).close()
    # The power went before the keys: what is left was never a desk.
    (data_dir / "saraptama.db").rename(data_dir / "saraptama.db.new")
    (data_dir / "keys.json").unlink()
    assert access.state() is AccessState.NEW
    factories.make_desk(data_dir)
    access.sign_in(HEAD, PASSPHRASE).close()


def test_the_sign_in_window_loads_no_database_and_no_cryptography() -> None:
    program = (
        "import sys, app.bootstrap, app.services.access, app.services.desk, app.services.views\n"
        "from pathlib import Path\n"
        "access = app.bootstrap.access(Path('/nowhere/at/all'))\n"
        "access.state(), access.preferences()\n"
        "heavy = {'sqlalchemy', 'alembic', 'sqlcipher3', 'cryptography', 'reportlab', 'babel', 'rfc8785', 'filelock'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
