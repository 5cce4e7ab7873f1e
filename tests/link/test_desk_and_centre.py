"""A laptop and the centre as they are: HTTP, SQLCipher and SQLite; whatever happens between, each signed conclusion is
at the centre once, byte for byte, or waits on the laptop and is shown so."""

import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from app.centre import bundles
from app.centre.publisher import Publisher
from app.centre.store import Store
from app.domain.errors import NothingToDo, Told, UserError
from app.domain.text import LocalText
from app.i18n import translator
from app.services import link_status, link_store, link_words
from app.services.access import Access
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.link_views import Place, ReferenceView
from app.storage import cases, conclusions, entries, installation
from app.storage.database import Database
from tests import factories, once
from tests.link import real_centre
from tests.link.fake_centre import serving
from tests.link.real_centre import RealCentre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RealCentre]:
    with real_centre.centre(tmp_path) as made:
        yield made


@pytest.fixture
def linked(full_desk: Desk, centre: RealCentre) -> Desk:
    full_desk.link.enrol(centre.invitation())
    return full_desk


def device(desk: Desk) -> str:
    with desk._place.database.reading() as connection:
        return installation.identity(connection).device


def signed(desk: Desk) -> list[bytes]:
    with desk._place.database.reading() as connection:
        return sorted(bytes(row.record) for row in conclusions.every(connection))


def require_oracle(desk: Desk, centre: RealCentre) -> None:
    """Once at the centre and equal, or waiting here."""
    held = centre.records()
    assert len(held) == len(set(held))
    waits = {Place.WAITING, Place.CARRIED, Place.ASIDE}
    here = {case.case_id for case in desk.link.cases() if case.place in waits}
    with desk._place.database.reading() as connection:
        for row in conclusions.every(connection):
            assert bytes(row.record) in held or row.case_id in here
    assert desk.integrity.verify().ok


def test_everything_arrives_once_and_is_taken_over(linked: Desk, centre: RealCentre) -> None:
    big = b"%PDF-1.7\n" + bytes(range(256)) * 5000
    view = factories.decided_case(linked)
    linked.conclusions.reopen(view.id)
    linked.attachments.add(view.id, Copy(big, b"\xff\xd8\xff"), title="Қағаз", of="consultation")
    linked.conclusions.decide(view.id, dict(factories.DECISION))
    linked.conclusions.sign(view.id, factories.signatures())
    linked.link.set_switches(automatic=True, metered=True, kilobytes_a_second=None)
    assert linked.link.exchange().stopped is None
    centre.interpret()
    linked.link.exchange()
    found = linked.link.case(view.id)
    assert found is not None
    assert (found.place, found.attachments, found.arrived) == (Place.INCOMPLETE, 1, 0)
    linked.link.set_switches(automatic=True, metered=False, kilobytes_a_second=None)
    assert linked.link.exchange().stopped is None
    centre.interpret()
    linked.link.exchange()
    status = linked.link.status()
    assert (status.attachments_waiting, status.counts[Place.APPLIED]) == (0, status.head_seq)
    assert centre.records() == signed(linked)
    with centre.store.begin() as connection:
        [complete] = connection.exec_driver_sql("SELECT complete FROM attachments").one()
    assert complete
    assert linked.link.receipts()[0].applied == status.head_seq
    require_oracle(linked, centre)


def test_a_cut_cable_loses_nothing_nor_does_what_comes_twice_or_late(full_desk: Desk, centre: RealCentre) -> None:
    desk, calls = full_desk, 0
    for surname in ("Ахметов", "Бекова", "Ким"):
        factories.signed_case(desk, {"person.surname": surname})

    def between(method: str, target: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        nonlocal calls
        calls += 1
        sent = {name: headers[name] for name in ("Authorization", "Content-Type") if headers[name]}

        def pass_on() -> httpx.Response:
            return httpx.request(method, centre.url + target, headers=sent, content=body, trust_env=False)

        if calls % 7 == 3:
            return 0, b""  # nothing arrives
        answer = pass_on()
        if calls % 5 == 1:
            pass_on()  # it arrives twice
        if calls % 6 == 5:
            return 0, b""  # it arrives, and the answer is lost
        if calls % 11 == 4:
            return 502, b"<h1>Bad Gateway</h1>"
        return answer.status_code, answer.content

    with serving(between) as url:
        desk.link.enrol(centre.invitation(url))
        for _ in range(20):
            desk.link.exchange()
            require_oracle(desk, centre)
            if desk.link.status().counts[Place.WAITING] == 0:
                break
    assert len(centre.records()) == 3
    assert sorted(centre.records()) == signed(desk)


def test_a_clone_is_noticed_and_the_desk_goes_on(
    linked: Desk, centre: RealCentre, access: Access, data_dir: Path, tmp_path: Path
) -> None:
    linked.link.exchange()
    key = linked._place.bundle.database_key
    copied = linked.backups.make().read_bytes()
    factories.signed_case(linked)
    linked.link.exchange()
    # The same disk in another machine: nobody knows that it is a copy.
    other_dir = tmp_path / "other"
    other_dir.mkdir()
    for path in data_dir.iterdir():
        if path.is_file() and not path.name.startswith("saraptama.db"):
            (other_dir / path.name).write_bytes(path.read_bytes())
    (other_dir / "saraptama.db").write_bytes(copied)
    database = Database(other_dir / "saraptama.db", key)
    with database.reading():
        database.is_copy_no_more()
    database.close()
    other = factories.make_access(other_dir).sign_in(factories.HEAD, factories.PASSPHRASE)
    try:
        for surname in ("Ахметов", "Бекова", "Ким"):
            factories.signed_case(other, {"person.surname": surname})
        other.link.exchange()
        status = other.link.status()
        assert status.counts[Place.ASIDE] > 0
        assert any("Two laptops" in text.msgid for text in status.problems)
        require_oracle(other, centre)
        other.link.begin_anew("диск көшірілген")
        factories.signed_case(other, {"person.surname": "Өтеген"})
        other.link.exchange()
        require_oracle(other, centre)
    finally:
        other.close()
    linked.link.exchange()
    require_oracle(linked, centre)
    assert centre.records() == signed(linked)


def test_an_older_copy_begins_anew_and_goes_on(
    linked: Desk, centre: RealCentre, access: Access, data_dir: Path
) -> None:
    linked.link.exchange()
    older = linked.backups.make().read_bytes()
    lost = factories.signed_case(linked)
    linked.link.exchange()
    key = linked._place.bundle.database_key
    linked.close()
    for suffix in ("", "-wal", "-shm"):
        (data_dir / f"saraptama.db{suffix}").unlink(missing_ok=True)
    (data_dir / "saraptama.db").write_bytes(older)
    database = Database(data_dir / "saraptama.db", key)
    with database.reading():
        database.is_copy_no_more()
    database.close()
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    try:
        done = desk.link.exchange()
        assert done.stopped is not None
        assert "older copy" in done.stopped.msgid
        desk.link.begin_anew("көшірме қайтарылды")
        factories.signed_case(desk, {"person.surname": "Ахметов"})
        done = desk.link.exchange()
        assert done.stopped is None
        assert desk.link.status().counts[Place.WAITING] == 0
        assert len(centre.records()) == 2  # the one that this laptop lost is held
        assert lost.id
        require_oracle(desk, centre)
    finally:
        desk.close()


def test_a_restored_centre_heals(linked: Desk, centre: RealCentre, tmp_path: Path) -> None:
    import sqlite3

    factories.signed_case(linked)
    linked.link.exchange()
    with sqlite3.connect(tmp_path / "centre.db") as now, sqlite3.connect(tmp_path / "old.db") as old:
        now.backup(old)
    factories.signed_case(linked, {"person.surname": "Ахметов"})
    linked.link.exchange()
    assert linked.link.status().counts[Place.WAITING] == 0
    store = Store(tmp_path / "old.db")
    with real_centre.listening(store, centre.keys) as url:
        restored = RealCentre(store, centre.keys, url)
        assert len(restored.records()) == 1
        linked.link.enrol(restored.invitation())
        done = linked.link.exchange()
        assert (done.stopped, len(done.remarks)) == (None, 1)
        assert sorted(restored.records()) == signed(linked)
        assert linked.link.status().counts[Place.WAITING] == 0
        require_oracle(linked, restored)
    store.close()


@pytest.mark.parametrize("anew", [False, True])
def test_what_the_centre_says_that_it_lacks_is_sent_again(linked: Desk, centre: RealCentre, anew: bool) -> None:
    view = factories.decided_case(linked)
    linked.conclusions.reopen(view.id)
    linked.attachments.add(view.id, Copy(b"%PDF-1.7\n1", b"\xff\xd8\xff"), title="Қағаз", of="consultation")
    linked.conclusions.decide(view.id, dict(factories.DECISION))
    linked.conclusions.sign(view.id, factories.signatures())
    linked.link.set_switches(automatic=True, metered=True, kilobytes_a_second=None)
    linked.link.exchange()
    centre.interpret()
    # As after a centre that came back from a copy made between the records and the papers: here they count as arrived.
    with linked._place.begin() as work:
        for copy in link_status.missing_copies(work.connection):
            entries.put(work, link_store.COPY, copy.digest, {"size": copy.size})
        work.commit()
    if anew:
        linked.link.begin_anew("диск көшірілген")
    told = linked.link.exchange()
    assert [remark.msgid for remark in told.remarks] == [link_words.METERED]
    linked.link.set_switches(automatic=True, metered=False, kilobytes_a_second=None)
    assert linked.link.exchange().ours["sent_attachments"] == 1
    centre.interpret()
    assert linked.link.exchange().ours["sent_attachments"] == 0
    found = linked.link.case(view.id)
    assert found is not None
    assert found.place is Place.APPLIED


def test_the_database_is_not_held_while_the_network_is_waited_for(full_desk: Desk, centre: RealCentre) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(*request: Any) -> tuple[int, bytes]:
        asked.set()
        go_on.wait(20)
        return 502, b""

    with serving(slow) as url:
        full_desk.link.enrol(centre.invitation(url))
        exchange = threading.Thread(target=full_desk.link.exchange)
        exchange.start()
        assert asked.wait(20)
        view = full_desk.examinations.create()
        full_desk.examinations.set_field(view.id, "person.surname", "Ахметов")
        assert full_desk.link.status().centre is not None
        go_on.set()
        exchange.join()
    assert full_desk.integrity.verify().ok


def test_two_desks_one_centre(templates: once.Templates, tmp_path: Path, centre: RealCentre) -> None:
    desks = []
    for name in ("a", "b"):
        access = factories.make_desk(tmp_path / name)
        desks.append(factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE)))
    try:
        for at, desk in enumerate(desks):
            factories.signed_case(desk, {"person.surname": ("Ахметов", "Бекова")[at]})
            desk.link.enrol(centre.invitation())
            assert desk.link.exchange().stopped is None
        assert sorted(centre.records()) == sorted(signed(desks[0]) + signed(desks[1]))
        for desk in desks:
            require_oracle(desk, centre)
    finally:
        for desk in desks:
            desk.close()


def test_two_desks_one_stick_one_centre(tmp_path: Path, centre: RealCentre) -> None:
    """By stick alone: enrolment, records and copies out, certificate, receipts, standing and what is published back."""
    stick, desks = tmp_path / "stick", []
    stick.mkdir()
    for name in ("a", "b"):
        access = factories.make_desk(tmp_path / name)
        desks.append(factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE)))
    try:
        for at, desk in enumerate(desks):
            view = factories.decided_case(desk, {"person.surname": ("Ахметов", "Бекова")[at]})
            desk.conclusions.reopen(view.id)
            copy = Copy(b"%PDF-1.7\n" + bytes([at]) * (2 << 20), b"\xff\xd8\xff")
            desk.attachments.add(view.id, copy, title="Қағаз", of="consultation")
            desk.conclusions.decide(view.id, dict(factories.DECISION))
            desk.conclusions.sign(view.id, factories.signatures())
            desk.link.enrol(centre.invitation("https://nowhere.invalid"))
            desk.link.export_bundle(stick)
            assert {case.place for case in desk.link.cases()} == {Place.CARRIED}
            require_oracle(desk, centre)
        for path in sorted(stick.iterdir()):
            bundles.take_in(centre.store, centre.keys, path)
            with pytest.raises(Told):
                bundles.take_in(centre.store, centre.keys, path)
        centre.interpret()
        assert sorted(centre.records()) == sorted(signed(desks[0]) + signed(desks[1]))
        back = [bundles.write(centre.store, centre.keys, device(desk), tmp_path).path for desk in desks]
        with pytest.raises(UserError, match="another laptop"):
            desks[0].link.import_bundle(back[1])
        for desk, path in zip(desks, back, strict=True):
            done = desk.link.import_bundle(path)
            assert {one.kind for one in done.came_back} >= {"paper-keys", "revocations"}
            status = desk.link.status()
            assert status.centre is not None
            assert status.centre.certified
            assert (status.counts[Place.APPLIED], status.attachments_waiting) == (status.head_seq, 0)
            require_oracle(desk, centre)
        # Each knows the other's papers as genuine now, by the word of the centre.
        [case] = desks[1].link.cases()
        paper = desks[1].conclusions.render(case.case_id, "conclusion", "kk").pdf
        assert desks[0].paper_witness.check(paper).verdict == "genuine"
    finally:
        for desk in desks:
            desk.close()


def test_copies_of_an_ended_case_travel_by_stick_until_the_centre_says_that_it_holds_them(
    full_desk: Desk, centre: RealCentre, tmp_path: Path
) -> None:
    desk = full_desk
    view = desk.examinations.import_case(factories.case_document())
    desk.attachments.add(view.id, Copy(b"%PDF-1.7\n1", b"\xff\xd8\xff"), title="Қағаз", of="consultation")
    desk.endings.end(view.id, {"kind": "withdrawal", "on": "2026-11-18", "head": factories.NAMES[factories.HEAD]})
    desk.link.enrol(centre.invitation("https://nowhere.invalid"))
    trips = iter(range(100))

    def carry() -> int:
        """To the centre and back; how many copies went."""
        out = tmp_path / f"{next(trips)}.mselink"
        sent = desk.link.export_bundle(out).ours["sent_attachments"]
        bundles.take_in(centre.store, centre.keys, out)
        centre.interpret()
        return int(sent)

    def bring() -> None:
        desk.link.import_bundle(
            bundles.write(centre.store, centre.keys, device(desk), tmp_path / f"b{next(trips)}.mselink").path
        )

    assert carry() == 1
    desk.examinations.create()
    factories.signed_case(desk)
    assert carry() == 1  # nothing has come back yet
    bring()
    assert desk.link.status().attachments_waiting == 0
    factories.signed_case(desk, {"person.surname": "Ахметов"})
    assert carry() == 0
    bring()
    with pytest.raises(NothingToDo):
        carry()
    # A centre that lost them says so by naming them no more, and gets them again.
    with centre.store.begin(write=True) as connection:
        connection.exec_driver_sql("DELETE FROM chunks")
        connection.exec_driver_sql("UPDATE attachments SET held = 0, complete = 0, completed_at = NULL")
    bring()
    assert desk.link.status().attachments_waiting == 1
    assert carry() == 1
    bring()
    assert desk.link.status().attachments_waiting == 0
    with centre.store.begin() as connection:
        assert connection.exec_driver_sql("SELECT complete FROM attachments").scalars().all() == [1]
    require_oracle(desk, centre)


def test_what_people_at_the_centre_publish_comes_to_the_laptop(
    linked: Desk, centre: RealCentre, tmp_path: Path
) -> None:
    earlier = factories.signed_case(linked)
    linked.link.exchange()
    centre.interpret()
    publisher = Publisher(centre.store, centre.keys)
    referrals = tmp_path / "referrals.json"
    case = factories.case_document({"referral.number": "7/26", "decision": None})
    referrals.write_text(json.dumps({"assignments": [{"id": "R-1", "case": case}]}), encoding="utf-8")
    publisher.assignments(referrals, device(linked))
    names = LocalText("Жаңа атау", "Новое название", "New name")
    publisher.letterhead(device(linked), "2", "150000000", names)
    publisher.filter("examined")
    done = linked.link.exchange()
    assert done.stopped is None
    assert {one.kind for one in done.came_back if one.in_use} == {"assignments", "letterhead", "filter"}
    # At once, without another sign-in.
    assert linked.department.names == linked._place.department().names == names
    reference = linked.link.status().reference
    assert {one.kind for one in reference} >= {"assignments", "letterhead", "filter", "revocations", "paper-keys"}
    for language in ("kk", "ru"):
        t = translator(language)
        for one in reference:  # what the centre's program calls its own is said in the reader's words
            assert not re.search("[a-z]{3}", f"{t.show(link_words.kind(one))}: {t.show(link_words.name(one))}"), one
    table = ReferenceView("classifier", LocalText(*["icd10-kk-ru"] * 3), "1", datetime.now(UTC), in_use=True)
    assert translator("ru").show(link_words.name(table)) == "МКБ-10 (kk, ru)"
    assert linked.link.screen("710614301212") == ("examined",)
    with linked._place.database.reading() as connection:
        [kept] = entries.of_kind(connection, "link-assignment").values()
        record = linked.examinations.record(connection, kept["case"])
        of_person = cases.of_person(connection, record.person_id)
    assert [one["number"] for one in kept["earlier"]] == [earlier.number]
    assert record.state == "draft"
    # They are the same person here: the referral goes to who is known.
    assert set(of_person) == {earlier.id, record.id}
    linked.link.exchange()
    assert sum(linked.examinations.counts().values()) == 2
    fresh = factories.decided_case(linked, {"person.surname": "Бекова"})
    paper = PdfReader(io.BytesIO(linked.conclusions.render(fresh.id, "conclusion", "ru").pdf))
    assert names.ru in paper.pages[0].extract_text()
    require_oracle(linked, centre)
