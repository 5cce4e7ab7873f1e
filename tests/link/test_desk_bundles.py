"""The stick: what a laptop writes for the centre is whole, all of it, and says where everything is."""

from pathlib import Path

import pytest

from app.crypto import signing
from app.domain.errors import UserError
from app.domain.text import LocalText
from app.services.desk import Desk
from app.services.link_views import Place
from app.sync import admission, bundle, envelope, told, wire
from tests import factories

CENTRE, CENTRE_SEAL = bytes(range(3, 35)), bytes(range(4, 36))
NAME = LocalText("Орталық", "Центр", "Centre")


def invitation(*urls: str, seed: bytes = CENTRE, code: str = "K7-ABC") -> bytes:
    return told.invited(seed, NAME, envelope.public_half(CENTRE_SEAL), urls, code)


def test_a_desk_without_a_centre_says_so_and_links_with_one(desk: Desk, tmp_path: Path) -> None:
    status = desk.link.status()
    assert (status.centre, status.problems) == (None, ())
    assert status.counts[Place.WAITING] == status.head_seq == 2
    with pytest.raises(UserError):
        desk.link.export_bundle(tmp_path)
    view, token = desk.link.read_invitation(invitation())
    assert view.fingerprint == signing.fingerprint(signing.public_key(CENTRE))
    linked = desk.link.enrol(token).centre
    assert linked is not None
    assert (linked.name, linked.certified) == (NAME, False)
    with pytest.raises(UserError, match="linked with"):
        desk.link.enrol(invitation(seed=bytes(32)))
    with pytest.raises(UserError):
        desk.link.read_invitation(b"<html>")
    assert desk.integrity.verify().ok


def test_a_bundle_holds_everything_without_a_receipt(full_desk: Desk, tmp_path: Path) -> None:
    desk = full_desk
    case = factories.signed_case(desk)
    desk.link.enrol(invitation())
    done = desk.link.export_bundle(tmp_path)
    assert done.path is not None
    with bundle.Reader(done.path) as reader:
        reader.check()
        [(_, asked)] = reader.of_kind(bundle.ENROLMENT)
        key = admission.opened(asked, CENTRE_SEAL).key
        assert reader.manifest.key == key
        batches = [wire.opened(sealed, CENTRE_SEAL) for _, sealed in reader.of_kind(bundle.BATCH)]
    events = [one for batch in batches for one in wire.check(batch, key)]
    status = desk.link.status()
    assert [one.seq for one in events] == list(range(1, status.head_seq + 1))
    assert events[-1].hash.hex() == status.head_hash
    assert status.counts[Place.CARRIED] == status.head_seq
    assert [(one.case_id, one.place) for one in status.cases] == [(case.id, Place.CARRIED)]
    with pytest.raises(UserError, match="something already"):
        desk.link.export_bundle(done.path)
    assert desk.link.exchanges()[0].id == done.id
    before = done.path.read_bytes()
    again, third = desk.link.export_bundle(tmp_path), desk.link.export_bundle(tmp_path)  # the way back was forgotten
    assert [one.path and one.path.name.removeprefix(done.path.stem) for one in (again, third)] == [
        "-2.mselink", "-3.mselink",
    ]  # fmt: skip
    assert again.ours["sent_events"] == done.ours["sent_events"]
    assert done.path.read_bytes() == before
    assert desk.integrity.verify().ok


def test_a_training_desk_is_linked_with_nobody(tmp_path: Path) -> None:
    access = factories.make_access(tmp_path / "training")
    access.create(department=factories.DEPARTMENT, login=factories.HEAD, name=factories.NAMES[factories.HEAD],
                  passphrase=factories.PASSPHRASE, language="kk", settings={"training": True})  # fmt: skip
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    try:
        with pytest.raises(UserError, match="training"):
            desk.link.enrol(invitation())
    finally:
        desk.close()
