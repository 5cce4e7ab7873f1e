"""What the centre publishes is what laptops take: checked before, signed, never a lower version, secret where it is for
one of them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.centre import publishing
from app.centre.interpreting import Interpreter
from app.centre.screening_lists import build_filter
from app.crypto import pack_signature
from app.crypto.slots import Cost
from app.domain.errors import CheckFailed, NothingToDo, UserError
from app.domain.text import LocalText
from app.domain.vocabulary import CorrectionKind
from app.rules import proof
from app.rules.coverage import Finding
from app.services import paper_keys
from app.services.desk import Desk
from app.sync import envelope, reference, screening
from tests import factories
from tests.link.meaning_kit import Centre, Desklike, centre_at, place_of

SHIPPED = Path(__file__).parents[2] / "resources" / "rulepacks" / "kz-mse"
NAMES = LocalText("Бөлім", "Отдел", "Department")


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    with centre_at(address) as made:
        yield made


def now(centre: Centre) -> reference.Reference:
    with centre.store.begin(write=True) as connection:
        return reference.read_reference(publishing.newest(connection, centre.keys), centre.keys.sign.public)


def content(centre: Centre, kind: str, device: str = "") -> bytes:
    [one] = [one for one in now(centre).items if one.kind == kind]
    with centre.store.begin() as connection:
        data = publishing.Items(connection, device)[one.sha256]
    assert (publishing.hash_of(data), len(data)) == (one.sha256, one.size)
    return data


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof of a whole edition has tests of its own."""
    monkeypatch.setattr(proof, "CHECKS", ())


def edition(folder: Path, version: str, key: bytes = bytes(range(32))) -> Path:
    """The edition that ships under another version, signed by this key; its public half lies in `keys` beside it."""
    newest = max(SHIPPED.iterdir(), key=lambda one: one.name)
    shutil.copytree(newest, folder)
    text = (folder / "pack.toml").read_text("utf-8")
    (folder / "pack.toml").write_text(text.replace(f'version = "{newest.name}"', f'version = "{version}"'), "utf-8")
    pack_signature.sign_directory(folder, key)
    (folder.parent / "keys").mkdir(exist_ok=True)
    (folder.parent / "keys" / "m.pub").write_text(pack_signature.public_half(key).hex())
    return folder


def test_the_version_only_grows_and_only_where_something_changed(centre: Centre, full_desk: Desk) -> None:
    assert now(centre).version == 1
    assert now(centre).version == 1
    laptop = Desklike(full_desk)
    laptop.enrol(centre.store, centre.keys)
    first = now(centre)
    assert first.version == 2
    assert {one.kind for one in first.items} == {"paper-keys", "revocations"}
    centre.publisher.letterhead(laptop.identity.device, "2", "150000000", NAMES)
    assert now(centre).version == 3
    with pytest.raises(NothingToDo):
        centre.publisher.letterhead(laptop.identity.device, "2", "150000000", NAMES)
    assert now(centre).version == 3


def test_an_edition_is_published_once_it_is_signed_and_holds(centre: Centre, tmp_path: Path, quick: None) -> None:
    folder = edition(tmp_path / "p", "9.0.0")
    with pytest.raises(UserError):  # nobody knows the key
        centre.publisher.pack(folder)
    pack = centre.publisher.pack(folder, tmp_path / "keys")
    files = reference.pack_files(content(centre, "pack"))
    assert files["manifest.json"] == (folder / "manifest.json").read_bytes()
    assert "manifest.sig" in files
    with pytest.raises(NothingToDo):
        centre.publisher.pack(folder, tmp_path / "keys")
    for lower in ("8.9.9", "0.9.0"):
        other = edition(tmp_path / f"p{lower}", lower, bytes(32))
        (other.parent / "keys" / "m.pub").write_text(pack_signature.public_half(bytes(32)).hex())
        with pytest.raises(UserError):
            centre.publisher.pack(other, tmp_path / "keys")
    assert [one.version for one in now(centre).items if one.kind == "pack"] == [pack.version]


def test_an_edition_whose_own_checks_fail_is_not_published(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain.text import Text

    failing = lambda pack: (Finding("case", "x", ok=False, detail=Text("wrong")),)  # noqa: E731
    monkeypatch.setattr(proof, "CHECKS", (failing,))
    folder = edition(tmp_path / "p", "9.0.0")
    with pytest.raises(CheckFailed) as refused:
        centre.publisher.pack(folder, tmp_path / "keys")
    assert refused.value.text.params["n"] == 1
    assert not [one for one in now(centre).items if one.kind == "pack"]
    changed = folder / "cases.toml"
    changed.write_bytes(changed.read_bytes() + b"\n")
    with pytest.raises(UserError):
        centre.publisher.pack(folder, tmp_path / "keys")


def test_what_waited_for_an_edition_is_taken_over_when_it_is_published(
    centre: Centre, full_desk: Desk, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop works by an edition that the centre gets later."""
    from app.rules import library

    folder = edition(tmp_path / "rulepacks" / "kz-mse" / "9.0.0", "9.0.0")
    found = library.PackLibrary.__init__

    def elsewhere(self: library.PackLibrary, directory: Path | None = None, verify: object = None, **more: str) -> None:
        found(self, tmp_path / "rulepacks", None, **more)

    with monkeypatch.context() as patch:
        patch.setattr(library.PackLibrary, "__init__", elsewhere)
        full_desk.conclusions._packs._given = library.PackLibrary()
        full_desk.conclusions._packs._ordered = None
        factories.signed_case(full_desk)
    laptop = Desklike(full_desk)
    centre.take(laptop)
    centre.interpreter.run_dry()
    assert centre.rows("SELECT reason FROM unapplied") == [("unknown_pack",)]
    centre.publisher.pack(folder, folder.parent / "keys")
    Interpreter(centre.store).run_dry()
    assert centre.rows("SELECT * FROM unapplied") == []
    assert centre.rows("SELECT pack_version FROM conclusions") == [("9.0.0",)]


def test_keys_of_papers_are_certified_revoked_and_void_papers_told(centre: Centre, full_desk: Desk) -> None:
    case = factories.signed_case(full_desk)
    correction = full_desk.examinations.correct(case.id, CorrectionKind.SLIP, "Қате")
    full_desk.conclusions.decide(correction.id, factories.DECISION)
    full_desk.conclusions.sign(correction.id, factories.signatures())
    laptop = Desklike(full_desk)
    centre.take(laptop)
    centre.interpreter.run_dry()
    found = paper_keys.read(content(centre, "paper-keys"), "centre", [centre.keys.sign.public])
    [desk] = found.desks.values()
    assert (desk.public, desk.number, desk.revoked) == (laptop.identity.device_public, "2", None)
    # The same papers as the laptop itself says.
    from app.services.paper_witness import _void

    with place_of(full_desk).database.reading() as connection:
        own = tuple(_void(connection, laptop.identity.device_public))
    assert found.void == own
    before = now(centre).version
    with centre.store.begin(write=True) as connection:
        connection.exec_driver_sql(
            "UPDATE devices SET revoked_at = '2026-11-30T00:00:00.000000Z', revoked_reason = 'stolen'"
        )
    found = paper_keys.read(content(centre, "paper-keys"), "centre", [centre.keys.sign.public])
    [desk] = found.desks.values()
    assert desk.revoked is not None
    assert (str(desk.revoked[0]), desk.revoked[1]) == ("2026-11-30", "stolen")
    assert now(centre).version == before + 1
    revoked = reference.revoked(content(centre, "revocations"))
    assert revoked["devices"] == [{"device": laptop.identity.device, "on": "2026-11-30", "reason": "stolen"}]
    with pytest.raises(UserError):  # the centre's word alone speaks for other desks
        paper_keys.read(b"{}", "x")


def test_a_user_is_revoked_from_a_day_on(centre: Centre, full_desk: Desk) -> None:
    laptop = Desklike(full_desk)
    centre.take(laptop)
    centre.interpreter.run_dry()
    user = place_of(full_desk).user.id
    for wrong in (("ab" * 16, "2026-11-30", "x"), (user, "soon", "x"), (user, "2026-11-30", " ")):
        with pytest.raises(UserError):
            centre.publisher.revoke_user(*wrong)
    centre.publisher.revoke_user(user, "2026-11-30", "left")
    assert reference.revoked(content(centre, "revocations"))["users"] == [
        {"id": user, "on": "2026-11-30", "reason": "left"}
    ]


def test_what_is_for_one_laptop_nobody_else_gets(centre: Centre, full_desk: Desk, tmp_path: Path) -> None:
    factories.signed_case(full_desk)
    laptop = Desklike(full_desk)
    centre.take(laptop)
    centre.interpreter.run_dry()
    path = tmp_path / "a.json"
    case = {key: factories.case_document()[key] for key in ("format", "person", "referral")}
    path.write_text(json.dumps({"assignments": [{"id": "31", "case": case}]}), "utf-8")
    device = laptop.identity.device
    assert centre.publisher.assignments(path, device) == 1
    data = content(centre, "assignments", device)
    assert b"710614301212" not in data
    private = envelope.sealing_key(laptop.identity.device_seed)
    [told] = json.loads(reference.open_item(private, data))["assignments"]
    assert (told["id"], told["case"]) == ("31", case)
    [earlier] = told["earlier"]
    assert (earlier["number"], earlier["outcome"], earlier["on"]) == ("2/2026/000001", "group_2", "2026-11-18")
    with pytest.raises(KeyError):
        content(centre, "assignments", "ab" * 16)
    with pytest.raises(ValueError):
        reference.open_item(envelope.sealing_key(bytes(32)), data)
    for wrong in ("[]", "{}", '{"assignments": [{"id": 1}]}', '{"assignments": [{"id": "1", "case": {"x": 1}}]}', "ә{"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(UserError):
            centre.publisher.assignments(path, device)
    with pytest.raises(UserError):
        centre.publisher.letterhead("ab" * 16, "2", "150000000", NAMES)


def test_filters_are_made_of_lists_and_of_conclusions(
    centre: Centre, full_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "SLOW", Cost(64, 1, 1))
    factories.signed_case(full_desk)
    centre.take(Desklike(full_desk))
    centre.interpreter.run_dry()
    path = tmp_path / "deceased.csv"
    path.write_text("900101300017;2026-01-01;registry\n", "utf-8")
    assert centre.publisher.filter("deceased", path) == 1
    assert centre.publisher.filter("examined") == 1
    items = [one for one in now(centre).items if one.kind == "filter"]
    assert [one.name for one in items] == ["deceased", "examined"]
    with centre.store.begin() as connection:
        known = publishing.Items(connection, "")
        filters = [screening.read(known[one.sha256], centre.keys.sign.public) for one in items]
    assert screening.hits(filters, "900101300017") == ("deceased",)
    assert screening.hits(filters, "710614301212") == ("examined",)
    # Hashes are kept: nobody is hashed twice.
    monkeypatch.setattr(screening, "key_of", lambda *_: 1 / 0)
    assert build_filter(centre.store, centre.keys, "examined", lambda _: None).count == 1
    with pytest.raises(NothingToDo):
        centre.publisher.filter("examined")
    for kind, file in (("examined", path), ("deceased", None), ("nobody", path)):
        with pytest.raises(UserError):
            centre.publisher.filter(kind, file)


def test_a_table_is_published_as_it_is(centre: Centre, tmp_path: Path) -> None:
    path = tmp_path / "icd.csv"
    rows = "\n".join(f"A{n:02};Холера {n}" for n in range(90))
    path.write_text("code;name_ru\n" + rows, "utf-8")
    assert centre.publisher.classifier(path) == "icd10-ru"
    assert content(centre, "classifier") == path.read_bytes()
    path.write_text("nothing", "utf-8")
    with pytest.raises(UserError):
        centre.publisher.classifier(path)
