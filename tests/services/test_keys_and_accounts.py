"""What the key file and the accounts must withstand: a refused COMMIT, a foreign slot, an old copy, a second name."""

from pathlib import Path

import pytest

from app.crypto.slots import Bundle, KeySlots
from app.domain.errors import KnownError, UserError
from app.domain.text import Text
from app.services.access import Access
from app.services.desk import Desk
from app.storage.unit_of_work import UnitOfWork
from tests.factories import CHEAP, FIRST, HEAD, NAMES, PASSPHRASE, make_access, passphrase_of, with_commission

NEW = "басқа төрт сөз керек болды"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every COMMIT is refused, as on a full disk; `undo()` gives room again."""
    run = UnitOfWork._run

    def refuse(self: UnitOfWork, statement: str) -> None:
        if statement == "COMMIT":
            raise KnownError(Text("The disk is full."))
        run(self, statement)

    monkeypatch.setattr(UnitOfWork, "_run", refuse)
    return monkeypatch


def opens(access: Access, login: str, passphrase: str) -> bool:
    try:
        access.sign_in(login, passphrase).close()
    except UserError:
        return False
    return True


def test_a_refused_commit_changes_no_passphrase_and_voids_no_code(
    desk: Desk, access: Access, data_dir: Path, full_disk: pytest.MonkeyPatch
) -> None:
    keys = (data_dir / "keys.json").read_bytes()
    with pytest.raises(KnownError):
        desk.users.change_passphrase(PASSPHRASE, NEW)
    with pytest.raises(KnownError):
        desk.users.recover(NEW)
    with pytest.raises(KnownError):
        desk.users.add("new", "Жаңа Адам", NEW)
    with pytest.raises(KnownError):
        desk.users.new_recovery_sheet(PASSPHRASE)
    full_disk.undo()
    desk.close()
    assert (data_dir / "keys.json").read_bytes() == keys
    assert opens(access, HEAD, PASSPHRASE)
    assert not opens(access, HEAD, NEW)
    assert not list(data_dir.glob("keys.json.*"))


def test_a_slot_of_another_login_with_ones_own_key_opens_nothing(full_desk: Desk, data_dir: Path) -> None:
    path = data_dir / "keys.json"
    victim = next(user for user in full_desk.users.all() if user.login == FIRST)
    mine = full_desk._place.bundle
    forged = Bundle(mine.database_key, victim.id, mine.seed)
    slots = KeySlots.from_bytes(path.read_bytes())
    full_desk.close()
    path.write_bytes(slots.with_slot(FIRST, "passphrase", NEW, forged, CHEAP).to_bytes())
    with pytest.raises(KnownError, match="another key"):
        make_access(data_dir).sign_in(FIRST, NEW)


def test_a_forged_slot_neither_unlocks_nor_changes_a_passphrase(desk: Desk, data_dir: Path) -> None:
    path = data_dir / "keys.json"
    mine = desk._place.bundle
    forged = Bundle(mine.database_key, mine.user_id, bytes(32))
    slots = KeySlots.from_bytes(path.read_bytes())
    path.write_bytes(slots.with_slot(HEAD, "passphrase", NEW, forged, CHEAP).to_bytes())
    with pytest.raises(UserError):
        desk.unlock(NEW)
    with pytest.raises(UserError):
        desk.users.change_passphrase(NEW, PASSPHRASE)


def test_one_person_has_one_account_however_the_name_is_spelt(full_desk: Desk) -> None:
    import unicodedata

    for name in (NAMES[FIRST], f"  {NAMES[FIRST].upper()} ", unicodedata.normalize("NFD", NAMES[FIRST])):
        with pytest.raises(UserError, match="account already") as refused:
            full_desk.users.add("second-self", name, NEW)
        assert refused.value.where == "name"
    assert len(full_desk.users.all()) == 3


@pytest.mark.parametrize("field", [{"memory_kib": 1024 * 1024, "passes": 16}, {"passes": 1_000_000}])
def test_a_key_file_that_asks_for_more_than_a_laptop_has_is_damaged(
    access: Access, data_dir: Path, field: dict[str, int]
) -> None:
    import json

    path = data_dir / "keys.json"
    content = json.loads(path.read_bytes())
    content["slots"][0] |= field
    path.write_text(json.dumps(content))
    with pytest.raises(KnownError, match="damaged"):
        access.sign_in(HEAD, PASSPHRASE)


def test_a_device_in_the_place_of_the_key_file_is_a_sentence(access: Access, data_dir: Path) -> None:
    path = data_dir / "keys.json"
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(KnownError, match="damaged"):
        access.sign_in(HEAD, PASSPHRASE)


def test_a_signature_tells_login_key_and_who_made_an_account_nobody_signed_in_with(
    full_desk: Desk, data_dir: Path
) -> None:
    from app.crypto import signing
    from tests.factories import SECOND, signed_case

    full_desk.close()
    make_access(data_dir).sign_in(SECOND, passphrase_of(SECOND)).close()
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    signed = signed_case(desk).signed
    assert signed is not None
    head, first, second = signed.signatures
    assert (head.account_by, first.account_by, second.account_by) == (None, NAMES[HEAD], None)
    assert [s.login for s in signed.signatures] == [HEAD, FIRST, SECOND]
    assert head.key == signing.fingerprint(desk._place.user.public_key)
    assert len({s.key for s in signed.signatures}) == 3
    assert desk.integrity.verify().problem is None
    for language in ("kk", "ru", "en"):
        text = _text(desk.conclusions.render(signed.case_id, "conclusion", language).pdf)
        for signature in signed.signatures:
            assert signature.key in text
            assert signature.login in text
        assert text.count(NAMES[HEAD]) == 2 + (text.count(NAMES[FIRST]) - 1)
    desk.close()


def _text(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def test_an_old_key_file_revives_neither_passphrase_nor_code(access: Access, data_dir: Path) -> None:
    path = data_dir / "keys.json"
    desk = with_commission(access.sign_in(HEAD, PASSPHRASE))
    code = desk.users.new_recovery_sheet(PASSPHRASE)
    old = path.read_bytes()
    desk.users.change_passphrase(PASSPHRASE, NEW)
    changed = path.read_bytes()
    desk.users.new_recovery_sheet(NEW)
    desk.close()
    path.write_bytes(changed)
    access.sign_in(HEAD, NEW).close()
    with pytest.raises(KnownError, match="old copy"):
        access.recover(HEAD, code, "мүлдем жаңа бес сөз осында")
    path.write_bytes(old)
    with pytest.raises(KnownError, match="old copy"):
        access.sign_in(HEAD, PASSPHRASE)
    # Whose slots did not change is not shut out.
    access.sign_in(FIRST, passphrase_of(FIRST)).close()


def test_keys_newer_than_the_trail_open(access: Access, data_dir: Path) -> None:
    """A crash between the key file and the COMMIT, or a restored database, must lock nobody out."""
    path = data_dir / "saraptama.db"
    old = path.read_bytes()
    desk = access.sign_in(HEAD, PASSPHRASE)
    desk.users.change_passphrase(PASSPHRASE, NEW)
    desk.close()
    path.write_bytes(old)
    access.sign_in(HEAD, NEW).close()
