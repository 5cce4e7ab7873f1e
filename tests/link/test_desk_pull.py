"""What the centre publishes is taken by its hash and through the door that its like goes through; nothing goes back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crypto import statement
from app.crypto.slots import Cost
from app.domain.errors import NothingToDo, UserError
from app.services.access import Access
from app.services.desk import Desk
from app.services.link_views import Exchange, Place, ReferenceView, Whose
from app.services.paper_keys import FORMAT
from app.sync import bundle, reference, screening
from tests import factories
from tests.link.fake_centre import NOW, SEED, FakeCentre, serving

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
IIN = "710614301212"


@pytest.fixture
def centre() -> FakeCentre:
    return FakeCentre()


@pytest.fixture
def linked(full_desk: Desk, centre: FakeCentre) -> Iterator[Desk]:
    with serving(centre.answer) as url:
        full_desk.link.enrol(centre.invitation(url))
        full_desk.link.exchange()
        yield full_desk


def item(kind: str, content: bytes, version: str = "1", name: str = "centre") -> tuple[reference.Item, bytes]:
    return reference.Item(kind, name, version, hashlib.sha256(content).hexdigest(), len(content)), content


def sealed_item(centre: FakeCentre, kind: str, told_: object) -> tuple[reference.Item, bytes]:
    [device] = centre.devices.values()
    content = reference.seal_item(device.seal_key, json.dumps(told_).encode())
    return reference.Item(kind, "a", "1", hashlib.sha256(content).hexdigest(), len(content), device.device), content


def listed(kind: str, *iins: str, cost: Cost = CHEAP) -> bytes:
    keys = [screening.key_of(iin, bytes(16), cost) for iin in iins]
    return screening.build(SEED, kind, keys, salt=bytes(16), issued_at=NOW, cost=cost, bits=16)


def of(done: Exchange, kind: str) -> ReferenceView:
    [found] = [one for one in done.came_back if one.kind == kind]
    return found


def test_an_older_list_and_a_wrong_hash_are_not_taken(linked: Desk, centre: FakeCentre) -> None:
    centre.publish(5, item("revocations", b'{"devices": [], "users": []}'))
    assert of(linked.link.exchange(), "revocations").in_use
    centre.publish(4, item("revocations", b'{"devices": [], "users": [] }'))
    done = linked.link.exchange()
    assert (done.came_back, len(done.remarks)) == ((), 1)
    right, content = item("classifier", b"code;name", name="icd10-ru")
    centre.publish(6, (right, content))
    centre.items[right.sha256] = content[:-1] + b"!"
    assert not of(linked.link.exchange(), "classifier").in_use
    # Another list that the centre signed once is not the one that it names now.
    named, other = item("filter", listed("deceased", IIN), name="deceased"), listed("deceased", "680101300014")
    assert len(other) == len(named[1])
    centre.publish(7, named)
    centre.items[named[0].sha256] = other
    assert not of(linked.link.exchange(), "filter").in_use
    assert linked.link.screen("680101300014") == ()
    centre.items[named[0].sha256] = named[1]
    assert of(linked.link.exchange(), "filter").in_use
    assert linked.integrity.verify().ok


def test_a_user_whom_the_centre_revoked_signs_no_more(linked: Desk, centre: FakeCentre) -> None:
    view = factories.decided_case(linked)
    user = next(one for one in linked.users.all() if one.login == factories.FIRST)
    told_ = {"devices": [], "users": [{"id": user.id, "on": "2026-11-19", "reason": "кетті"}]}
    centre.publish(2, item("revocations", json.dumps(told_).encode()))
    linked.link.exchange()
    with pytest.raises(UserError, match="revoked"):
        linked.conclusions.sign(view.id, factories.signatures())
    assert any("revoked" in text.msgid for text in linked.link.status().problems)
    assert linked.integrity.verify().ok


def test_a_hit_in_a_list_is_answered_in_the_case_and_is_no_part_of_what_is_signed(
    linked: Desk, centre: FakeCentre
) -> None:
    centre.publish(2, item("filter", listed("deceased", IIN), name="deceased"))
    assert of(linked.link.exchange(), "filter").in_use
    assert linked.link.screen(IIN) == ("deceased",)
    assert linked.link.screen("680101300014") == ()
    view = factories.decided_case(linked)
    linked.examinations.open(view.id)
    proposal = linked.conclusions.shown(view.document).proposal
    assert proposal is not None
    [conflict] = [one for one in proposal.conflicts if one.code == "screened_deceased"]
    assert len({conflict.text.kk, conflict.text.ru, conflict.text.en}) == 3
    with pytest.raises(UserError, match="can't be signed"):
        linked.conclusions.sign(view.id, factories.signatures())
    linked.conclusions.reopen(view.id)
    answer = [{"code": "screened_deceased", "text": "Жеке куәлікпен салыстырылды: тірі", "citation": ""}]
    linked.conclusions.decide(view.id, {**factories.DECISION, "reasons": answer})
    signed = linked.conclusions.sign(view.id, factories.signatures()).signed
    assert signed is not None
    assert "screened" not in str(signed.proposal)
    linked.conclusions.content(view.id)
    # The next version takes its place, and what is published no more is let go.
    centre.publish(3, item("filter", listed("deceased"), version="2", name="deceased"))
    linked.link.exchange()
    assert linked.link.screen(IIN) == ()
    centre.publish(4)
    linked.link.exchange()
    with linked._place.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM reference_items").scalar() == 0
    assert linked.integrity.verify().ok


def test_a_list_that_was_tampered_with_is_noticed(linked: Desk, centre: FakeCentre) -> None:
    centre.publish(2, item("filter", listed("deceased", IIN), name="deceased"))
    linked.link.exchange()
    with linked._place.database.lock:
        connection = linked._place.database.connection
        connection.exec_driver_sql("DROP TRIGGER reference_items_do_not_change")
        connection.exec_driver_sql("UPDATE reference_items SET bytes = x'00'")
    problem = linked.integrity.verify().problem
    assert problem is not None
    assert "list of the centre" in problem.msgid


def test_assignments_become_drafts_once_with_what_was_decided_earlier(linked: Desk, centre: FakeCentre) -> None:
    case = factories.case_document()
    told_ = {"assignments": [{"id": "R-1", "case": case, "earlier": [{"on": "2024-11-02", "outcome": "group_3"}]},
                             {"id": "R-2", "case": {"format": "x"}, "earlier": []}]}  # fmt: skip
    centre.publish(2, sealed_item(centre, "assignments", told_))
    done = linked.link.exchange()
    assert of(done, "assignments").remark is not None
    linked.link.exchange()
    centre.publish(3, sealed_item(centre, "assignments", {**told_, "more": 1}))
    linked.link.exchange()
    assert sum(linked.examinations.counts().values()) == 1
    assert linked.integrity.verify().ok


def test_the_letterhead_and_the_keys_of_papers_come_from_the_centre(linked: Desk, centre: FakeCentre) -> None:
    names = {"kk": "№ 2 бөлім", "ru": "Отдел № 2", "en": "Department 2"}
    desks = [{"key": "ab" * 32, "department": {"number": "9", "region": "710000000", "names": names}}]
    keys = {"format": FORMAT, "told_at": NOW, "desks": desks, "void": []}
    centre.publish(
        2,
        sealed_item(centre, "letterhead", {"number": "2", "region": "150000000", "names": names}),
        item("paper-keys", statement.made(SEED, "paper-keys", keys, indent=1)),
    )
    done = linked.link.exchange()
    assert of(done, "letterhead").in_use
    assert of(done, "paper-keys").in_use
    assert linked._place.department().names.kk == names["kk"]
    known = linked.paper_witness.keys().desks.values()
    assert [desk.number for desk in known if desk.public == b"\xab" * 32] == ["9"]
    forged = item("paper-keys", statement.made(bytes(32), "paper-keys", keys, indent=1), "2")
    centre.publish(3, forged)
    assert not of(linked.link.exchange(), "paper-keys").in_use
    linked.link.exchange()
    assert linked.integrity.verify().ok


def test_an_edition_waits_for_who_looks_after_the_desk(linked: Desk, centre: FakeCentre, access: Access) -> None:
    from app import paths

    folder = max((paths.resource("rulepacks", "kz-mse")).iterdir())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    centre.publish(2, item("pack", reference.pack_item(files), folder.name, "kz-mse"))
    linked.close()
    desk = access.sign_in(factories.FIRST, factories.passphrase_of(factories.FIRST))
    waits = of(desk.link.exchange(), "pack")
    assert not waits.in_use
    assert waits.remark is not None
    assert "until" in waits.remark.msgid
    desk.close()
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    try:
        assert of(desk.link.exchange(), "pack").in_use  # it came with the program already
        with desk._place.database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM reference_items").scalar() == 0
        assert desk.integrity.verify().ok
    finally:
        desk.close()


def returned(path: Path, centre: FakeCentre, device: str, made_at: str, *, seed: bytes = SEED, to: str = "") -> Path:
    """What the centre writes back on the stick."""
    life = centre.lives[-1]
    receipt = centre.receipt(life)
    assert receipt is not None
    with bundle.Writer(path) as writer:
        writer.add(bundle.RECEIPT, life, receipt.encode())
        if centre.published:
            writer.add(bundle.REFERENCE, "", centre.published)
            for sha256, content in centre.items.items():
                writer.add(bundle.ITEM, sha256, content)
        writer.finish(seed, sender=centre.id, to=to or device, made_at=made_at, told={})
    return path


def test_a_bundle_comes_back_with_receipts_and_is_taken_once(linked: Desk, centre: FakeCentre, tmp_path: Path) -> None:
    case = factories.signed_case(linked)
    out = linked.link.export_bundle(tmp_path)
    assert out.path is not None
    with bundle.Reader(out.path) as reader:
        from app.sync import wire

        for _, sealed in reader.of_kind(bundle.BATCH):
            batch = wire.opened(sealed, bytes(range(4, 36)))
            centre._batch(batch.incarnation, batch, reader.manifest.key)
    [device] = centre.devices
    centre.publish(2, item("filter", listed("examined", IIN), name="examined"))
    before = linked.link.status()
    back = tmp_path / "қайту.mselink"
    for wrong in (
        returned(tmp_path / "1.mselink", centre, device, "2026-11-21T05:00:00.000000Z", seed=bytes(32)),
        returned(tmp_path / "2.mselink", centre, device, "2026-11-21T05:00:00.000000Z", to="ab" * 16),
        out.path,
        tmp_path / "3.mselink",
    ):
        if not wrong.exists():
            wrong.write_bytes(returned(back, centre, device, "2026-11-21T05:00:00.000000Z").read_bytes()[:-9])
        with pytest.raises(UserError):
            linked.link.import_bundle(wrong)
    assert linked.link.status().counts == before.counts
    by_another = tmp_path / "6.mselink"
    with bundle.Writer(by_another) as writer:
        writer.finish(
            bytes(range(9, 41)), sender="cd" * 16, to=centre.id, made_at="2026-11-21T05:00:00.000000Z", told={}
        )
    with pytest.raises(UserError, match="another laptop"):
        linked.link.import_bundle(by_another)
    files = [back, out.path, *(tmp_path / f"{n}.mselink" for n in (1, 2, 3, 6))]
    found_views = [linked.link.look(path) for path in files]
    assert [view.whose for view in found_views] == [
        Whose.OURS, Whose.OWN, Whose.FOREIGN, Whose.FOR_ANOTHER, Whose.BROKEN, Whose.BY_ANOTHER,
    ]  # fmt: skip
    assert (found_views[3].laptop, found_views[5].laptop) == ("abababab", "cdcdcdcd")
    assert linked.link.look(tmp_path / "gone.mselink").whose is Whose.BROKEN
    done = linked.link.import_bundle(back)
    assert linked.link.look(back).whose is Whose.TAKEN
    assert done.is_comparable is (done.ours["head_seq"] == done.theirs["head_seq"])
    assert of(done, "filter").in_use
    found = linked.link.case(case.id)
    assert found is not None
    assert found.place is Place.RECEIVED
    assert linked.link.receipts()[0].by == "stick"
    with pytest.raises(NothingToDo):
        linked.link.import_bundle(back)
    # A centre that came back from an old copy says so by stick, too.
    held = len(centre.log)
    del centre.log[3:], centre.lives[3:]
    done = linked.link.import_bundle(returned(tmp_path / "5.mselink", centre, device, "2026-11-22T05:00:00.000000Z"))
    assert [text.params for text in done.remarks] == [{"seq": 3}]
    assert linked.link.status().counts[Place.RECEIVED] == 3 < held
    older = returned(tmp_path / "4.mselink", centre, device, "2026-11-20T05:00:00.000000Z")
    assert linked.link.look(older).whose is Whose.OLDER
    with pytest.raises(UserError, match="older"):
        linked.link.import_bundle(older)
    assert linked.integrity.verify().ok


def test_an_invitation_is_read_from_a_picture_of_its_code(full_desk: Desk, centre: FakeCentre) -> None:
    import base64
    from io import BytesIO

    import zxingcpp
    from PIL import Image

    data = centre.invitation("https://mse.example")
    for text in (data.decode().strip(), base64.urlsafe_b64encode(data).decode()):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
        picture = BytesIO()
        Image.fromarray(code.to_image(scale=4)).convert("L").save(picture, "PNG")
        assert full_desk.link.read_invitation(picture.getvalue())[0].id == centre.id
