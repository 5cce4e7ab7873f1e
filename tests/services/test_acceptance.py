"""The desk and its criteria: what it accepts, from whom, and that nothing which was decided changes by it."""

import json
import multiprocessing
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.cli import main
from app.crypto.pack_signature import public_half, sign_directory, verify
from app.domain.errors import Cancelled, CheckFailed, KnownError, NothingToDo, Told, UserError
from app.domain.text import Text
from app.i18n import translator
from app.rules.library import PackLibrary
from app.rules.loader import load_pack
from app.services import edition_keys
from app.services.acceptance import STEPS, AcceptanceService
from app.services.desk import Desk
from app.services.edition_list import without
from app.services.edition_words import left_out
from app.services.packs import PackService
from app.storage.unit_of_work import UnitOfWork
from tests import editions
from tests.factories import (
    FIRST,
    HEAD,
    NAMES,
    PASSPHRASE,
    case_document,
    decided_case,
    make_access,
    make_desk,
    passphrase_of,
    signatures,
    signed_case,
    with_commission,
)

DAY = date(2026, 11, 18)
# What every proposal cites, so that two editions give different bytes for one case.
NEW_WORDING = ("pack.toml", 'edition = "02.05.2025 № 131"', 'edition = "01.11.2026 № 300"')


def told(refused: pytest.ExceptionInfo[Told]) -> str:
    return translator("en").show(refused.value.text)


def state(desk: Desk) -> tuple[Any, ...]:
    """All that a refusal must leave as it was."""
    with desk._place.database.reading() as connection:
        return tuple(
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - our own tables
            for table in ("audit", "events", "editions", "edition_files", "admitted_keys", "revoked_keys")
        )


def run(desk: Desk, statement: str, params: tuple[object, ...] = ()) -> Any:
    with desk._place.database.lock:
        return desk._place.database.connection.exec_driver_sql(statement, params)


def admit(desk: Desk, folder: Path, key: bytes = editions.KEY) -> None:
    desk.acceptance.admit_key(editions.public_file(folder / f"{key[0]}.pub", key), "Әдіскер Ахметова")


@pytest.fixture(scope="module")
def changed_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, bytes]]:
    """A desk that signed a case, and then accepted an edition which holds on that very day and words it otherwise."""
    folder = tmp_path_factory.mktemp("changed")
    desk = with_commission(make_desk(folder / "desk").sign_in(HEAD, PASSPHRASE))
    before = signed_case(desk)
    papers = {code: desk.conclusions.render(before.id, "conclusion", code).pdf for code in ("kk", "ru", "en")}
    admit(desk, folder)
    edition = editions.edition(folder / "edition", "1.1.0", "2026-11-01", NEW_WORDING)

    def take_away(step: Text) -> None:
        if "Proving" in step.msgid:
            shutil.rmtree(edition)  # what was read is checked and stored, whatever becomes of the folder

    desk.acceptance.install(edition, take_away)
    desk.close()
    return folder / "desk", before.id, papers


@pytest.fixture
def changed(changed_folder: tuple[Path, str, dict[str, bytes]], data_dir: Path) -> Iterator[Desk]:
    shutil.copytree(changed_folder[0], data_dir)
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    yield desk
    desk.close()


# --- what is accepted -----------------------------------------------------------------------------------------
def test_a_case_of_the_day_gets_the_new_criteria_and_the_signed_one_stays_as_it_was(
    changed: Desk, changed_folder: tuple[Path, str, dict[str, bytes]]
) -> None:
    _, signed, papers = changed_folder
    assert changed.packs.for_date(DAY).version == "1.1.0"
    view = changed.examinations.open(signed)
    assert view.signed is not None
    assert view.signed.pack.version == "1.0.0"
    assert {code: changed.conclusions.render(signed, "conclusion", code).pdf for code in papers} == papers
    later = signed_case(changed)
    assert later.signed is not None
    assert later.signed.pack.version == "1.1.0"
    assert later.signed.pack.digest != view.signed.pack.digest
    new, old = later.signed.proposal["en"], view.signed.proposal["en"]
    assert "01.11.2026 № 300" in str(new)
    assert "01.11.2026 № 300" not in str(old)
    assert changed.conclusions.render(later.id, "conclusion", "kk").pdf
    found = changed.integrity.verify()
    assert (found.ok, found.problem) == (True, None)


def test_the_days_before_an_edition_keep_the_criteria_of_before(changed: Desk) -> None:
    assert changed.packs.for_date(date(2026, 10, 31)).version == "1.0.0"
    assert changed.packs.for_date(date(2026, 11, 1)).version == "1.1.0"
    new, old = changed.acceptance.editions()
    assert (new.version, new.shipped, new.installed_by) == ("1.1.0", False, NAMES[HEAD])
    assert new.decides == ((date(2026, 11, 1), None),)
    assert (old.version, old.shipped, old.decides) == ("1.0.0", True, ((date(2023, 7, 1), date(2026, 10, 31)),))
    assert new.key.name == "Әдіскер Ахметова"


def test_a_case_that_was_decided_and_not_signed_is_proposed_on_anew(changed: Desk, data_dir: Path) -> None:
    view = decided_case(changed)
    draft = changed.conclusions.draft(view.document)
    assert draft.proposal is not None
    assert draft.proposal.pack.version == "1.1.0"
    assert changed.conclusions.sign(view.id, signatures()).signed is not None


def test_it_is_told_by_both_chains_and_stays_after_the_next_sign_in_and_in_a_copy(
    changed: Desk, data_dir: Path
) -> None:
    with changed._place.database.reading() as connection:
        kinds = connection.exec_driver_sql("SELECT json_extract(record, '$.type') FROM events ORDER BY seq").scalars()
        assert list(kinds)[-2:] == ["key.admitted", "edition.accepted"]
    copy = changed.backups.make()
    changed.close()
    make_access(data_dir).restore(copy, HEAD, PASSPHRASE)
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    assert desk.packs.for_date(DAY).version == "1.1.0"
    assert desk.integrity.verify().ok
    desk.close()


def test_asking_for_criteria_never_waits_for_the_database(changed: Desk) -> None:
    """The window's thread asks while the worker writes."""
    entered, leave = threading.Event(), threading.Event()

    def write() -> None:
        with changed._place.begin():
            entered.set()
            leave.wait(30)

    worker = threading.Thread(target=write)
    worker.start()
    assert entered.wait(30)
    answers: list[str] = []
    window = threading.Thread(
        target=lambda: answers.extend([changed.packs.for_date(DAY).version, changed.packs.identity().version])
    )
    window.start()
    window.join(30)
    leave.set()
    worker.join(30)
    assert answers == ["1.1.0", "1.1.0"]


def test_an_edition_is_written_out_as_it_was_signed(changed: Desk, tmp_path: Path) -> None:
    folder = changed.acceptance.export("1.1.0", tmp_path / "out" / "edition")
    key = public_half(editions.KEY)
    assert load_pack(folder, verify=verify((key,))).digest == changed.acceptance.editions()[0].digest
    built_in = changed.acceptance.export("1.0.0", tmp_path / "built-in")
    assert {path.name: path.read_bytes() for path in built_in.iterdir()} == {
        path.name: path.read_bytes() for path in editions.BUILT_IN.iterdir()
    }
    with pytest.raises(UserError, match="something already"):
        changed.acceptance.export("1.0.0", tmp_path / "built-in")
    with pytest.raises(UserError, match="no edition"):
        changed.acceptance.export("9.9.9", tmp_path / "nothing")


# --- what is refused ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("version", "valid_from", "edits", "more", "sentence"),
    [
        ("1.0.0", "2027-01-01", (), "", "1.0.0 is on this desk already"),
        ("0.9.9", "2027-01-01", (), "", "Only a higher version"),
        ("1.0.0.9999999", "2027-01-01", (), "", "be the version of a pack"),
        ("new", "2027-01-01", (), "", "be the version of a pack"),
        ("1.1.0", "2027-01-01", (("pack.toml", 'id = "kz-mse"', 'id = "kz-other"'),), "", "other criteria"),
        ("1.1.0", "2027-01-01", (), "valid_to = 2027-12-31", "ends on 31.12.2027"),
    ],
)
def test_an_edition_that_does_not_follow_is_refused(
    desk: Desk, tmp_path: Path, version: str, valid_from: str, edits: Any, more: str, sentence: str
) -> None:
    admit(desk, tmp_path)
    before = state(desk)
    folder = editions.edition(tmp_path / "edition", version, valid_from, *edits, more=more)
    with pytest.raises(UserError) as refused:
        desk.acceptance.install(folder)
    assert sentence in told(refused)
    assert state(desk) == before
    assert desk.packs.for_date(date(2027, 6, 1)).version == "1.0.0"


def test_days_without_criteria_are_refused_and_the_day_after_is_not(desk: Desk, tmp_path: Path) -> None:
    """Where what came with the program ends on 31 December, the next edition begins on 1 January at the latest."""
    shipped = editions.edition(tmp_path / "shipped/kz-mse/1.0.0", "1.0.0", "2023-07-01", more="valid_to = 2026-12-31")
    packs = PackService(PackLibrary(shipped.parent.parent))
    service = AcceptanceService(desk._place, packs)
    admit(desk, tmp_path)
    late = editions.edition(tmp_path / "late", "1.1.0", "2027-01-02")
    with pytest.raises(UserError) as refused:
        service.install(late)
    assert "From 01.01.2027 to 01.01.2027 there would be no criteria" in told(refused)
    next_day = editions.edition(tmp_path / "next", "1.1.0", "2027-01-01")
    service._require_place(PackLibrary(next_day.parent)._load(next_day))


def test_a_key_that_is_not_known_or_was_revoked_and_a_changed_file_are_told_apart(desk: Desk, tmp_path: Path) -> None:
    folder = editions.edition(tmp_path / "edition")
    with pytest.raises(UserError) as unknown:
        desk.acceptance.install(folder)
    assert "which is not known here" in told(unknown)
    admit(desk, tmp_path)
    (folder / "facts.toml").write_bytes((folder / "facts.toml").read_bytes() + b"\n")
    with pytest.raises(UserError) as altered:
        desk.acceptance.install(folder)
    assert "facts.toml: the file was changed after signing" in told(altered)
    sign_directory(folder, editions.KEY)
    desk.acceptance.revoke_key(desk.acceptance.keys()[-1].fingerprint, "the laptop was stolen")
    with pytest.raises(UserError) as revoked:
        desk.acceptance.install(folder)
    assert "which was revoked" in told(revoked)
    assert state(desk)[2:] == (0, 0, 1, 1)


def test_an_edition_whose_own_case_fails_here_is_not_accepted(desk: Desk, tmp_path: Path) -> None:
    admit(desk, tmp_path)
    before = state(desk)
    change = ("cases.toml", 'expect = { outcome = "group_1"', 'expect = { outcome = "group_2"')
    folder = editions.edition(tmp_path / "edition", "1.1.0", "2027-01-01", change)
    with pytest.raises(CheckFailed) as refused:
        desk.acceptance.install(folder)
    assert "The edition 1.1.0 was not accepted" in told(refused)
    assert "group II disability" in told(refused)
    assert refused.value.exit_code == 1
    assert state(desk) == before


def test_a_desk_asks_of_an_edition_all_that_signing_it_asks(desk: Desk, tmp_path: Path) -> None:
    admit(desk, tmp_path)
    before = state(desk)
    folder = editions.edition(tmp_path / "edition")
    path = folder / "cases.toml"
    head, *cases = path.read_text(encoding="utf-8").split("[[case]]")
    few: dict[str, str] = {}  # one case for each measure: its boundaries are tested no more
    for case in cases:
        clause = case.split('clause = "')[1].split('"')[0]
        few.setdefault(clause if clause.startswith("rehabilitation.") else case, case)
    path.write_text("[[case]]".join([head, *few.values()]), encoding="utf-8")
    with pytest.raises(edition_keys.HasGaps) as unsigned:
        edition_keys.sign(folder, editions.KEY)
    failed = [finding for finding in unsigned.value.findings if not finding.ok]
    assert {finding.subject.split(".")[0] for finding in failed} == {"rehabilitation"}
    sign_directory(folder, editions.KEY)
    steps: list[Text] = []
    with pytest.raises(CheckFailed) as refused:
        desk.acceptance.install(folder, steps.append)
    assert f"fail on this laptop: {len(failed)}." in told(refused)
    assert len(steps) == STEPS - 1  # all but the last, which takes it in
    assert state(desk) == before


def test_a_second_installation_at_the_same_time_is_refused(desk: Desk, tmp_path: Path) -> None:
    admit(desk, tmp_path)
    folder = editions.edition(tmp_path / "edition")
    refusals: list[BaseException] = []

    def second(_: Text) -> None:
        def try_it() -> None:
            try:
                desk.acceptance.install(folder)
            except KnownError as error:
                refusals.append(error)

        other = threading.Thread(target=try_it)
        other.start()
        other.join(30)
        raise Cancelled

    with pytest.raises(Cancelled):
        desk.acceptance.install(folder, second)
    assert len(refusals) == 1


def test_checks_that_are_stopped_or_killed_bring_nothing_in(desk: Desk, tmp_path: Path) -> None:
    admit(desk, tmp_path)
    before, folder = state(desk), editions.edition(tmp_path / "edition")
    steps: list[Text] = []
    with pytest.raises(Cancelled):
        desk.acceptance.install(folder, steps.append, lambda: len(steps) > 1)
    assert multiprocessing.active_children() == []

    def kill(step: Text) -> None:
        for process in multiprocessing.active_children():
            process.kill()

    with pytest.raises(KnownError) as killed:
        desk.acceptance.install(folder, kill)
    assert "The system ended the checks of the edition" in told(killed)
    assert state(desk) == before


def at_the_last_step(act: Callable[[], object]) -> Callable[[Text], None]:
    def progress(step: Text) -> None:
        if "Taking" in step.msgid:
            act()

    return progress


def test_a_key_revoked_while_its_edition_is_checked_brings_nothing_in(desk: Desk, tmp_path: Path) -> None:
    admit(desk, tmp_path)
    folder = editions.edition(tmp_path / "edition")
    key = desk.acceptance.keys()[-1].fingerprint
    with pytest.raises(UserError) as refused:
        desk.acceptance.install(folder, at_the_last_step(lambda: desk.acceptance.revoke_key(key, "stolen")))
    assert "which was revoked" in told(refused)
    assert state(desk)[2:4] == (0, 0)


def test_a_full_disk_at_the_last_step_changes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit(desk, tmp_path)
    before, really = state(desk), UnitOfWork._run

    def full(self: UnitOfWork, statement: str) -> None:
        if statement == "COMMIT":
            raise KnownError(Text("The disk is full."))
        really(self, statement)

    folder = editions.edition(tmp_path / "edition")
    with pytest.raises(KnownError):
        desk.acceptance.install(folder, at_the_last_step(lambda: monkeypatch.setattr(UnitOfWork, "_run", full)))
    monkeypatch.undo()
    assert state(desk) == before
    assert [edition.version for edition in desk.acceptance.editions()] == ["1.0.0"]
    assert desk.integrity.verify().ok


def test_only_who_set_the_desk_up_may_change_its_criteria(full_desk: Desk, data_dir: Path, tmp_path: Path) -> None:
    full_desk.close()
    desk = make_access(data_dir).sign_in(FIRST, passphrase_of(FIRST))
    before = state(desk)
    public = editions.public_file(tmp_path / "key.pub")
    folder = editions.edition(tmp_path / "edition")
    key = desk.acceptance.keys()[0].fingerprint
    for act in (
        lambda: desk.acceptance.install(folder),
        lambda: desk.acceptance.admit_key(public, "X"),
        lambda: desk.acceptance.revoke_key(key, "x"),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert NAMES[HEAD] in told(refused)
        assert HEAD in told(refused)
    assert state(desk) == before
    assert desk.acceptance.administrator().login == HEAD
    desk.close()


# --- keys -----------------------------------------------------------------------------------------------------
def test_a_revoked_key_takes_its_editions_out_of_force_but_not_what_was_signed(changed: Desk, tmp_path: Path) -> None:
    later = signed_case(changed)
    paper = changed.conclusions.render(later.id, "conclusion", "ru").pdf
    key = changed.acceptance.editions()[0].key.fingerprint
    info = changed.acceptance.revoke_key(f" {key.upper().replace(' ', '')} ", "the key was copied")
    assert (info.revoked, info.reason, info.revoked_by) == (True, "the key was copied", NAMES[HEAD])
    assert changed.packs.for_date(DAY).version == "1.0.0"
    assert [(e.version, bool(e.decides)) for e in changed.acceptance.editions()] == [("1.0.0", True), ("1.1.0", False)]
    assert changed.conclusions.render(later.id, "conclusion", "ru").pdf == paper
    with pytest.raises(UserError) as refused:
        admit(changed, tmp_path)
    assert "never admitted again: the key was copied." in told(refused)
    with pytest.raises(UserError, match="revoked already"):
        changed.acceptance.revoke_key(key, "again")
    assert changed.integrity.verify().ok
    # The same edition, signed anew with a key that nobody has copied, comes in again.
    folder = editions.edition(tmp_path / "edition", "1.1.0", "2026-11-01", NEW_WORDING, key=editions.OTHER_KEY)
    admit(changed, tmp_path, editions.OTHER_KEY)
    changed.acceptance.install(folder)
    assert changed.packs.for_date(DAY).version == "1.1.0"
    assert changed.integrity.verify().ok


def test_editions_of_a_revoked_key_come_back_signed_anew_in_any_order(desk: Desk, tmp_path: Path) -> None:
    """Whoever signs both anew and begins with the later one isn't left without the earlier one."""

    def at(number: int, key: bytes) -> Path:
        edits = [NEW_WORDING] if number == 2 else []
        return editions.edition(tmp_path / f"{number}-{key[0]}", f"1.{number}.0", f"2027-0{number}-01", *edits, key=key)

    admit(desk, tmp_path)
    for number in (1, 2):
        editions.put_in(desk, at(number, editions.KEY))
    with desk._place.database.reading() as connection:
        desk.acceptance._refresh(connection)
    desk.acceptance.revoke_key(desk.acceptance.keys()[1].fingerprint, "lost")
    assert [translator("en").show(said).split(" was")[0] for said in left_out(desk.acceptance.editions())] == [
        "The key of the edition 1.1.0",
        "The key of the edition 1.2.0",
    ]
    admit(desk, tmp_path, editions.OTHER_KEY)
    desk.acceptance.install(at(2, editions.OTHER_KEY))
    (said,) = left_out(desk.acceptance.editions())
    assert "The key of the edition 1.1.0 was revoked" in translator("en").show(said)
    assert desk.packs.for_date(date(2027, 1, 15)).version == "1.0.0"
    desk.acceptance._require_place(load_pack(at(1, editions.OTHER_KEY), verify=None))
    # Another 1.1.0 than the one that was taken away.
    other = editions.edition(tmp_path / "other", "1.1.0", "2027-01-01", NEW_WORDING, key=editions.OTHER_KEY)
    with pytest.raises(UserError, match="Only a higher version"):
        desk.acceptance._require_place(load_pack(other, verify=None))
    editions.put_in(desk, tmp_path / f"1-{editions.OTHER_KEY[0]}", editions.OTHER_KEY)
    with desk._place.database.reading() as connection:
        desk.acceptance._refresh(connection)
    assert not list(left_out(desk.acceptance.editions()))
    assert desk.packs.for_date(date(2027, 1, 15)).version == "1.1.0"
    assert desk.packs.for_date(date(2027, 2, 15)).version == "1.2.0"
    assert desk.integrity.verify().ok


def test_a_key_that_came_with_the_program_can_be_revoked_here_and_its_editions_stay(desk: Desk) -> None:
    key = desk.acceptance.keys()[0]
    assert key.shipped
    desk.acceptance.revoke_key(key.fingerprint, "told so by the ministry")
    assert desk.packs.for_date(DAY).version == "1.0.0"
    assert desk.acceptance.keys()[0].revoked


@pytest.mark.parametrize("content", [b"", b"zz", b"\xff\xfe\x00", b"00" * 31, b"ab" * 33, b"x" * 100_000])
def test_what_is_no_public_key_is_not_admitted(desk: Desk, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pub"
    path.write_bytes(content)
    for act in (lambda: desk.acceptance.admit_key(path, "X"), lambda: desk.acceptance.read_key(path)):
        with pytest.raises(UserError, match="no public key"):
            act()


def test_a_key_needs_a_file_a_name_and_its_revocation_a_reason(desk: Desk, tmp_path: Path) -> None:
    public = editions.public_file(tmp_path / "key.pub")
    for path in (tmp_path, tmp_path / "nowhere.pub"):
        with pytest.raises(UserError, match="no public key"):
            desk.acceptance.admit_key(path, "X")
    with pytest.raises(UserError, match="no name"):
        desk.acceptance.admit_key(public, " \n ")
    assert desk.acceptance.read_key(public) == desk.acceptance.admit_key(public, "Әдіскер").fingerprint
    with pytest.raises(NothingToDo, match="admitted already"):
        desk.acceptance.admit_key(public, "Another")
    with pytest.raises(UserError, match="A reason is needed"):
        desk.acceptance.revoke_key(desk.acceptance.keys()[-1].fingerprint, "  ")
    with pytest.raises(UserError, match="No key with the fingerprint"):
        desk.acceptance.revoke_key("0000 0000 0000 0000", "why")


# --- what a forger leaves -------------------------------------------------------------------------------------
REFUSED = (
    "UPDATE editions SET version = '9.9.9'",
    "DELETE FROM editions",
    "UPDATE edition_files SET content = x'00'",
    "DELETE FROM edition_files",
    "INSERT OR REPLACE INTO edition_files VALUES (1, 'facts.toml', x'00')",
    "INSERT OR REPLACE INTO editions SELECT 1, digest, pack, '9.9.9', valid_from, valid_to, public_key, installed_at,"
    " installed_by FROM editions",
    "UPDATE admitted_keys SET name = 'X'",
    "DELETE FROM admitted_keys",
    "DELETE FROM revoked_keys",
    "UPDATE revoked_keys SET reason = 'X'",
    "INSERT INTO admitted_keys SELECT public_key, 2, 'X', revoked_at, revoked_by FROM revoked_keys",
)
FOUND = (
    "UPDATE editions SET valid_from = '2020-01-01'",
    "UPDATE editions SET version = '1.9.0'",
    "UPDATE editions SET installed_by = (SELECT id FROM users WHERE login = 'first')",
    "UPDATE edition_files SET content = CAST(replace(CAST(content AS TEXT), '№ 300', '№ 301') AS BLOB)"
    " WHERE name = 'pack.toml'",
    "DELETE FROM edition_files WHERE name = 'cases.toml'",
    "UPDATE edition_files SET content = CAST(replace(CAST(content AS TEXT), 'a', 'b') AS BLOB)"
    " WHERE name = 'manifest.sig'",
    "DELETE FROM edition_files",
    "DELETE FROM editions",
    "UPDATE admitted_keys SET public_key = zeroblob(32)",
    "UPDATE admitted_keys SET name = 'X'",
    "DELETE FROM admitted_keys",
    "UPDATE revoked_keys SET reason = 'X'",
    "DELETE FROM revoked_keys",
)


@pytest.fixture
def kept(changed: Desk) -> Desk:
    """With a revoked key besides, so that every table has a row."""
    changed.acceptance.revoke_key(changed.acceptance.keys()[0].fingerprint, "told so")
    return changed


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_what_was_accepted(kept: Desk, statement: str) -> None:
    with pytest.raises(IntegrityError):
        run(kept, statement)


def test_what_was_changed_behind_the_triggers_is_found(kept: Desk) -> None:
    triggers = dict(run(kept, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all())
    assert kept.integrity.verify().ok
    for statement in FOUND:
        run(kept, "PRAGMA foreign_keys = OFF")
        run(kept, "SAVEPOINT forged")
        for name in triggers:
            run(kept, f"DROP TRIGGER {name}")
        assert run(kept, statement).rowcount != 0, statement
        for sql in triggers.values():
            run(kept, sql)
        assert not kept.integrity.verify().ok, statement
        run(kept, "ROLLBACK TO forged")
        run(kept, "RELEASE forged")
    assert kept.integrity.verify().ok


def test_an_edition_whose_files_were_exchanged_decides_nothing(changed: Desk, data_dir: Path) -> None:
    run(changed, "DROP TRIGGER edition_files_do_not_change")
    run(changed, "UPDATE edition_files SET content = CAST(content || x'0a' AS BLOB) WHERE name = 'facts.toml'")
    changed.close()
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    with pytest.raises(KnownError) as refused:
        desk.packs.for_date(DAY)
    assert "1.1.0" in told(refused)
    draft = desk.conclusions.draft(case_document())
    assert draft.proposal is None
    assert desk.acceptance.editions()[0].trouble is not None
    desk.close()


def test_days_are_taken_away_piece_by_piece() -> None:
    days = (date(2026, 1, 1), None)
    assert without(days, []) == (days,)
    assert without(days, [(date(2026, 3, 1), date(2026, 3, 31))]) == (
        (date(2026, 1, 1), date(2026, 2, 28)),
        (date(2026, 4, 1), None),
    )
    assert without(days, [(date(2026, 1, 1), None)]) == ()
    assert without((date(2026, 1, 1), date(2026, 1, 31)), [(date(2026, 2, 1), None)]) == (
        (date(2026, 1, 1), date(2026, 1, 31)),
    )


# --- the commands ---------------------------------------------------------------------------------------------
def test_the_commands_tell_what_is_at_hand_and_end_with_the_code_of_the_refusal(
    full_desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full_desk.close()

    def command(*words: str, login: str = HEAD) -> tuple[int, str, str]:
        secret = tmp_path / "passphrase"
        secret.write_text(passphrase_of(login), encoding="utf-8")
        who = ("--data", str(data_dir), "--user", login, "--passphrase-file", str(secret), "--lang", "en")
        code = main(["pack", *words, *who])
        return code, *capsys.readouterr()

    public = editions.public_file(tmp_path / "key.pub")
    folder = editions.edition(tmp_path / "edition")
    code, _, refused = command("install", str(folder))
    assert (code, "which is not known here" in refused) == (2, True)
    admit = ("admit-key", str(public), "--name", "Әдіскер Ахметова")
    code, _, refused = command(*admit)  # nobody compared it
    assert (code, "--fingerprint" in refused) == (2, True)
    code, _, refused = command(*admit, "--fingerprint", "5647 5aa7 5463 474d")
    assert (code, "The fingerprint differs" in refused) == (2, True)
    for typed in ("56475AA7 5463 474с", "5647 5aa7"):  # the last letter is a Cyrillic one
        code, _, refused = command(*admit, "--fingerprint", typed)
        assert (code, "Type it once more on the Latin keyboard" in refused) == (2, True)
    admit = (*admit, "--fingerprint", "56475AA7 5463 474c")
    code, _, refused = command(*admit, login=FIRST)
    assert (code, NAMES[HEAD] in refused) == (2, True)
    assert command(*admit)[0] == 0
    code, _, said = command(*admit)
    assert (code, "Nothing needs to be done" in said) == (0, True)
    code, told, _ = command("list", "--json")
    found = json.loads(told)
    assert [key["name"] for key in found["keys"]] == ["kz-mse", "Әдіскер Ахметова"]
    (edition,) = found["editions"]
    assert (edition["version"], edition["decides"], edition["status"]) == ("1.0.0", [["2023-07-01", None]], "memory")
    assert (edition["verified"], edition["records"] > 300) == (0, True)
    code, said, _ = command("install", str(editions.BUILT_IN))
    assert code == 0
    assert command("revoke-key", found["keys"][1]["fingerprint"], "--reason", "copied")[0] == 0
    code, told, _ = command("list", login=FIRST)
    assert f"verified: 0 of {edition['records']}" in told
    assert "revoked on" in told
    assert "copied" in told
    code, _, refused = command("install", str(folder))
    assert (code, "which was revoked" in refused) == (2, True)
    assert command("export", "1.0.0", str(tmp_path / "out"))[0] == 0
    assert (tmp_path / "out" / "manifest.sig").is_file()


def test_case_files_are_imported_by_the_criteria_that_this_desk_has_accepted(
    desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, secret = tmp_path / "case.json", tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    changes = {"examination.on": "2022-05-05", "facts.anatomical_defects": ["arms_both_stumps"]}
    later = {f"referral.{key}": None for key in ("signed_on", "incapacity_since", "diagnosed_on")}
    document = case_document({**changes, **later})
    case.write_text(json.dumps(document), encoding="utf-8")
    words = ["import-cases", str(case), "--data", str(data_dir), "--user", HEAD, "--passphrase-file", str(secret)]
    admit(desk, tmp_path)
    desk.close()
    assert main([*words, "--lang", "en"]) == 3
    assert "The criteria of 05.05.2022 are not on this laptop" in capsys.readouterr().err
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    editions.put_in(desk, editions.edition(tmp_path / "edition", "1.1.0", "2020-01-01"))
    desk.close()
    assert main([*words, "--lang", "en"]) == 0
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    (row,) = desk.examinations.rows()
    draft = desk.conclusions.draft(desk.examinations.open(row.id).document)
    assert draft.proposal is not None
    assert draft.proposal.pack.version == "1.1.0"
    assert desk.integrity.verify().ok
    desk.close()
