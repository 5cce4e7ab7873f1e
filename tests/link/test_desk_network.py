"""The laptop's side over the network: delivered is what the centre signed for, whatever the network says."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Cancelled, UserError
from app.services.access import Access
from app.services.desk import Desk
from app.services.link_views import Place, Progress
from app.sync import reference, told, wire
from tests import factories
from tests.link.fake_centre import NOW, FakeCentre, serving


@pytest.fixture
def centre() -> FakeCentre:
    return FakeCentre()


@pytest.fixture
def url(centre: FakeCentre) -> Iterator[str]:
    with serving(centre.answer) as url:
        yield url


@pytest.fixture
def linked(full_desk: Desk, centre: FakeCentre, url: str) -> Desk:
    full_desk.link.enrol(centre.invitation(url))
    return full_desk


@pytest.mark.parametrize(
    "typed",
    ["centre.kz", "ftp://centre.kz", "https://", "https://a:b@centre.kz", "https://centre.kz/?x=1", "http://[", "http://x:99999",
     "https://centre.kz\u202e", "https://centre.kz/" + "x" * 300, " ".join(f"https://{n}.kz" for n in range(9))],
)  # fmt: skip
def test_what_is_no_address_of_a_centre_is_told_and_changes_nothing(linked: Desk, typed: str) -> None:
    before = linked.link.status().centre
    with pytest.raises(UserError) as refused:
        linked.link.set_addresses(typed)
    assert refused.value.where == "urls"
    assert linked.link.status().centre == before


def waiting(desk: Desk) -> int:
    counts = desk.link.status().counts
    return counts[Place.WAITING] + counts[Place.CARRIED]


def test_a_signed_case_is_at_the_centre_once_byte_for_byte(linked: Desk, centre: FakeCentre) -> None:
    case = factories.signed_case(linked)
    done = linked.link.exchange()
    assert done.stopped is None
    status = linked.link.status()
    assert status.centre is not None
    assert status.centre.certified
    assert status.counts[Place.RECEIVED] == status.head_seq == len(centre.log)
    assert (done.theirs["head_hash"], done.ours["head_hash"]) == (status.head_hash, status.head_hash)
    assert (done.theirs["cases"], done.ours["cases"]) == (1, 1)
    with linked._place.database.reading() as connection:
        from app.storage import conclusions

        row = conclusions.find(connection, case.id)
    assert row is not None
    assert centre.signed_cases() == [row.record.decode()]
    asked = len(centre.log)
    again = linked.link.exchange()
    assert (again.ours["sent_events"], len(centre.log)) == (0, asked)
    assert len(linked.link.exchanges()) == 1
    assert linked.integrity.verify().ok


def test_only_what_the_centre_said_in_an_exchange_is_compared_in_it(
    linked: Desk, centre: FakeCentre, tmp_path: Path
) -> None:
    import io

    from pypdf import PdfReader

    def slip(identity: str) -> str:
        pages = PdfReader(io.BytesIO(linked.link.slip(identity, "en").pdf)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    heard = linked.link.exchange()
    assert heard.is_comparable
    assert "The centre holds by its receipt" in slip(heard.id)
    factories.signed_case(linked)
    linked.link.set_addresses("http://127.0.0.1:9")
    failed, written = linked.link.exchange(), linked.link.export_bundle(tmp_path)
    assert failed.stopped is not None
    assert failed.ours["events"] != failed.theirs["events"]
    for one in (failed, written):
        assert not one.is_comparable
        assert one.as_of == heard.as_of is not None
        assert "The centre, by its earlier receipt: " in slip(one.id)
    told = slip(failed.id)
    assert told.index("The exchange ended early") < told.index("Department") < told.index("What both sides say")
    assert "ended early" not in slip(written.id)


def test_a_receipt_that_was_lost_after_the_commit_is_asked_for_again(linked: Desk, centre: FakeCentre) -> None:
    factories.signed_case(linked)
    centre.forget_receipts = 2
    assert linked.link.exchange().stopped is not None
    assert waiting(linked) == linked.link.status().head_seq
    assert linked.link.exchange().stopped is None
    assert waiting(linked) == 0
    assert len(centre.signed_cases()) == 1
    assert linked.integrity.verify().ok


def test_how_the_centre_took_a_case_is_shown_in_words(linked: Desk, centre: FakeCentre) -> None:
    one, other = factories.signed_case(linked), factories.signed_case(linked, {"person.surname": "Ахметов"})

    def seqs(case_id: str) -> list[int]:
        return [at for at, event in enumerate(centre.log, 1) if case_id.encode() in event.record]

    def standing(life: str) -> told.Standing:
        head = len(centre.log)
        waits, odd = ((seqs(one.id)[-1], 1, 3),), ((seqs(other.id)[-1], "unknown_type"),)
        return told.Standing(centre.id, life, head, None, waits, odd, NOW)

    linked.link.exchange()
    centre.standing = standing
    linked.link.exchange()
    first, second = linked.link.case(one.id), linked.link.case(other.id)
    assert first is not None
    assert second is not None
    assert (first.place, first.arrived) == (Place.INCOMPLETE, 1)
    assert (second.place, second.reason is not None) == (Place.QUARANTINED, True)
    counts = linked.link.status().counts
    assert counts[Place.APPLIED] == len(centre.log) - 2
    assert [case.case_id for case in linked.link.cases(Place.QUARANTINED)] == [other.id]
    assert sum(counts.values()) == linked.link.status().head_seq


def test_a_centre_restored_from_an_old_copy_is_sent_everything_again(linked: Desk, centre: FakeCentre) -> None:
    factories.signed_case(linked)
    linked.link.exchange()
    del centre.log[3:], centre.lives[3:]
    done = linked.link.exchange()
    assert (done.stopped, len(done.remarks)) == (None, 1)
    assert len(centre.log) == linked.link.status().head_seq
    assert waiting(linked) == 0
    centre.log.clear(), centre.lives.clear(), centre.devices.clear()
    assert linked.link.exchange().stopped is None
    assert len(centre.signed_cases()) == 1
    assert linked.integrity.verify().ok


def test_a_fork_is_told_and_the_desk_goes_on(linked: Desk, centre: FakeCentre) -> None:
    linked.link.exchange()
    held = len(centre.log)
    factories.signed_case(linked)
    centre.log.append(wire.Checked(held + 1, bytes(32), b"{}"))
    centre.lives.append(centre.lives[-1])
    done = linked.link.exchange()
    status = linked.link.status()
    assert status.counts[Place.ASIDE] == status.head_seq - held
    assert any("Two laptops" in text.msgid for text in (*status.problems, *done.remarks))
    assert status.cases[0].place is Place.ASIDE
    factories.signed_case(linked, {"person.surname": "Ахметов"})
    # somebody at the centre adopts this line
    centre.log.pop(), centre.lives.pop()
    assert linked.link.exchange().stopped is None
    status = linked.link.status()
    assert (status.counts[Place.ASIDE], len(centre.log), len(centre.signed_cases())) == (0, status.head_seq, 2)
    assert linked.integrity.verify().ok


def test_a_centre_that_knows_more_is_told_and_a_new_log_begun(
    linked: Desk, centre: FakeCentre, access: Access, data_dir: Path
) -> None:
    linked.link.exchange()
    older = linked.backups.make()
    factories.signed_case(linked)
    linked.link.exchange()
    held = list(centre.log)
    linked.close()
    # An older file comes back, by hand: nobody marked it as a copy.
    from app.storage.database import Database

    key = linked._place.bundle.database_key
    for suffix in ("", "-wal", "-shm"):
        (data_dir / f"saraptama.db{suffix}").unlink(missing_ok=True)
    (data_dir / "saraptama.db").write_bytes(older.read_bytes())
    database = Database(data_dir / "saraptama.db", key)
    with database.reading():
        database.is_copy_no_more()
    database.close()
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    try:
        done = desk.link.exchange()
        assert done.stopped is not None
        assert "older copy" in done.stopped.msgid
        assert desk.link.status().problems
        desk.link.begin_anew("қалпына келтірілді")
        assert len(held) >= desk.link.status().head_seq
        assert not any("older copy" in text.msgid for text in desk.link.status().problems)
        assert desk.integrity.verify().ok
    finally:
        desk.close()


def test_copies_of_papers_go_on_where_they_broke_off(linked: Desk, centre: FakeCentre, tmp_path: Path) -> None:
    from app.services.attachments import Copy

    big = b"%PDF-1.7\n" + bytes(2 * wire.CHUNK + 77)
    view = factories.decided_case(linked)
    linked.conclusions.reopen(view.id)
    linked.attachments.add(view.id, Copy(big, b"\xff\xd8\xff"), title="Қағаз", of="consultation")
    draft = linked.examinations.import_case(factories.case_document({"person.surname": "Ахметов"}))
    linked.attachments.add(draft.id, Copy(b"%PDF-1.7\ndraft", b"\xff\xd8\xff"), title="Жоба", of="consultation")
    linked.conclusions.decide(view.id, dict(factories.DECISION))
    linked.conclusions.sign(view.id, factories.signatures())
    linked.link.set_switches(automatic=True, metered=True, kilobytes_a_second=None)
    done = linked.link.exchange()
    assert (linked.link.status().attachments_waiting, centre.copies, len(done.remarks)) == (1, {}, 1)
    linked.link.set_switches(automatic=True, metered=False, kilobytes_a_second=None)
    digest = hashlib.sha256(big).hexdigest()
    centre.copies[digest], centre.sizes[digest] = bytearray(big[: wire.CHUNK]), len(big)
    centre.asked.clear()
    assert linked.link.exchange().stopped is None
    assert {name: bytes(content) for name, content in centre.copies.items()} == {digest: big}
    assert sum(asked.startswith("PUT") for asked in centre.asked) == 2
    assert linked.link.status().attachments_waiting == 0
    assert linked.integrity.verify().ok


def test_a_portal_a_proxy_and_a_cut_line_prove_nothing(full_desk: Desk, centre: FakeCentre) -> None:
    desk, wrong = full_desk, list[tuple[int, bytes]]()
    factories.signed_case(desk)

    def answer(*asked: Any) -> tuple[int, bytes]:
        if wrong and (wrong[0][0] != 413 or len(asked[3]) > 3000):
            return wrong[0]
        return centre.answer(*asked)

    with serving(answer) as url:
        desk.link.enrol(centre.invitation(url))
        for status, body, words in (
            (200, b"<html>Welcome</html>", "Open a browser"),
            (302, b"", "Open a browser"),
            (407, b"", "proxy"),
            (502, b"<h1>Bad Gateway</h1>", "tried again later"),
            (200, bytes(20 << 20), "Open a browser"),
            (0, b"", "broke off"),
        ):
            wrong[:] = [(status, body)]
            done = desk.link.exchange()
            assert done.stopped is not None
            assert words in done.stopped.msgid
            assert waiting(desk) == desk.link.status().head_seq
        assert desk.link.policy.wait() > 1000
        wrong[:] = [(413, b"too large")]
        done = desk.link.exchange()
        assert done.stopped is not None  # a signed conclusion alone is larger than this proxy takes
        assert 0 < waiting(desk) < desk.link.status().head_seq
        wrong.clear()
        assert desk.link.exchange().stopped is None
    assert waiting(desk) == 0
    done = desk.link.exchange()
    assert done.stopped is not None
    assert "does not answer" in done.stopped.msgid
    assert desk.integrity.verify().ok


def test_another_key_than_the_one_of_the_invitation_says_nothing(full_desk: Desk, centre: FakeCentre, url: str) -> None:
    with pytest.raises(UserError):
        full_desk.link.enrol(told.invited(bytes(32), full_desk.department.names, bytes(32), [url], "K7"))
    invitation = told.invited(bytes(32), full_desk.department.names, bytes(range(32)), [url], "K7")
    full_desk.link.enrol(invitation)
    done = full_desk.link.exchange()
    assert done.stopped is not None
    assert waiting(full_desk) == full_desk.link.status().head_seq


def test_an_exchange_stops_between_two_batches_where_somebody_says_so(linked: Desk) -> None:
    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        linked.link.exchange(stop)
    assert linked.link.exchanges()[0].stopped is not None
    assert linked.link.exchange().stopped is None


def test_what_a_centre_signed_is_a_floor_for_the_clock(linked: Desk, clock: factories.FakeClock) -> None:
    linked.link.exchange()
    factories.signed_case(linked)
    import json

    with linked._place.database.reading() as connection:
        [record] = connection.exec_driver_sql("SELECT record FROM events ORDER BY seq DESC LIMIT 1").one()
    assert json.loads(record)["last_trusted_time"] == NOW
    assert any("last receipt" in text.msgid for text in linked.link.status().problems)
    assert linked.integrity.clock_remark() is not None
    clock.jump(days=3)
    assert not any("last receipt" in text.msgid for text in linked.link.status().problems)


def test_a_revoked_laptop_says_so_and_signs_no_more(linked: Desk, centre: FakeCentre) -> None:
    view = factories.decided_case(linked)
    linked.link.exchange()
    centre.revoked = True
    done = linked.link.exchange()
    assert done.stopped is not None
    assert "revoked" in done.stopped.msgid
    assert any("revoked" in text.msgid for text in linked.link.status().problems)
    with pytest.raises(UserError, match="revoked"):
        linked.conclusions.sign(view.id, factories.signatures())
    centre.revoked = False
    content = b'{"devices": [], "users": []}'
    item = reference.Item("revocations", "all", "2", hashlib.sha256(content).hexdigest(), len(content))
    centre.publish(2, (item, content))
    assert linked.link.exchange().stopped is None
    linked.conclusions.sign(view.id, factories.signatures())
    assert linked.integrity.verify().ok
