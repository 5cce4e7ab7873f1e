"""Workers interpret what came, on both databases: whatever kills them, nothing is lost and nothing counts twice."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import interpreting, judging, projecting, working
from app.centre.ingest import Ingest
from app.centre.interpreting import Interpreter, requeue
from app.centre.store import Store
from app.domain.vocabulary import CorrectionKind
from app.services.attachments import Copy
from app.services.desk import Desk
from tests import factories
from tests.link.laptop import Laptop
from tests.link.meaning_kit import Centre, Desklike, Forger, centre_at, place_of


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    with centre_at(address) as made:
        yield made


def snapshot(centre: Centre) -> dict[str, list[Any]]:
    """All rows that follow from events, but for the moments at which the centre wrote them."""
    found = {}
    for table in (*projecting.TABLES, "unapplied", "progress"):
        with centre.store.begin() as connection:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()  # noqa: S608
        found[table] = sorted(
            json.dumps({k: str(v) for k, v in row.items() if k not in ("since", "received_at")}, sort_keys=True)
            for row in rows
        )
    return found


def worked(desk: Desk) -> str:
    """A day's work: a conclusion, a paper, a correction, an ended case."""
    case = factories.signed_case(desk)
    desk.conclusions.record_output(case.id, "conclusion", "kk", "sha256:" + "0" * 64, "printed")
    ended = desk.examinations.import_case(factories.case_document())
    desk.endings.end(ended.id, {"kind": "withdrawal", "on": "2026-11-18", "head": factories.NAMES[factories.HEAD]})
    desk.endings.resume(ended.id, "Қайта келді")
    correction = desk.examinations.correct(case.id, CorrectionKind.SLIP, "Қате")
    desk.conclusions.decide(correction.id, factories.DECISION)
    desk.conclusions.sign(correction.id, factories.signatures())
    return case.id


def test_what_a_desk_wrote_is_taken_over_once(centre: Centre, full_desk: Desk) -> None:
    case_id = worked(full_desk)
    laptop = Desklike(full_desk)
    assert set(centre.take(laptop)) == {"stored"}
    judged = centre.interpreter.run_dry()
    assert judged == len(laptop.records)
    [(upto, applied, waiting, aside)] = centre.rows(
        "SELECT interpreted_upto, applied, waiting, quarantined FROM progress"
    )
    assert (upto, applied, waiting, aside) == (len(laptop.records), len(laptop.records), 0, 0)
    conclusions = centre.rows(
        "SELECT case_id, number, iin, person, outcome, period_kind, period_value, general, proposed_outcome,"
        " overridden, complete, region, department, organisation, examined_on FROM conclusions ORDER BY seq"
    )
    assert conclusions[0] == (
        case_id, "2/2026/000001", "710614301212", "Әбдіқадырұлы Ғалымжан Өмірқұлұлы", "group_2", "years", 2, 70,
        "group_2", 0, 1, "150000000", "2", "Алға аудандық ауруханасы", "2026-11-18",
    )  # fmt: skip
    assert len(conclusions) == 2
    assert centre.rows("SELECT count(*) FROM conclusion_members") == [(6,)]
    assert centre.rows("SELECT document, language, how FROM printed") == [("conclusion", "kk", "printed")]
    assert sorted(centre.rows("SELECT reason, by_number <> '' FROM void_papers")) == [
        ("resumed", False), ("superseded", True),
    ]  # fmt: skip
    before = snapshot(centre)
    assert set(centre.take(laptop)) == {"already"}
    assert centre.interpreter.run_dry() == 0
    assert snapshot(centre) == before


def test_a_batch_may_end_between_any_two_records(centre: Centre, full_desk: Desk) -> None:
    reasons = [{"code": code, "text": "Ауыр", "citation": "260"}
               for code in ("decision_differs", "percentage_outside_band")]  # fmt: skip
    view = full_desk.examinations.import_case(factories.case_document())
    full_desk.conclusions.decide(
        view.id, {**factories.DECISION, "outcome": "group_1", "general_capacity": 90, "reasons": reasons}
    )
    full_desk.conclusions.sign(view.id, factories.signatures())
    laptop = Desklike(full_desk)
    device = laptop.enrol(centre.store, centre.keys)
    from app.sync import wire

    for batch in laptop.batches(1):
        centre.ingest.take(device, wire.sealed(batch, centre.keys.seal_key), "network")
        centre.interpreter.run_dry()
        # What waits for the next record is neither set aside nor asked for again and again.
        assert centre.interpreter.step() == 0
    assert centre.rows("SELECT * FROM unapplied") == []
    assert centre.rows("SELECT overridden, override_reason FROM conclusions") == [(1, "Ауыр")]


class Killed(BaseException):
    """As `kill -9`: nobody catches it, the transaction is simply gone."""


def test_killed_at_any_moment_nothing_is_lost_or_doubled(
    centre: Centre, full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(full_desk)
    laptop = Desklike(full_desk)
    monkeypatch.setattr(interpreting, "STEP", 3)
    centre.take(laptop)
    kept, asked = Interpreter._keep, {"n": 0}
    fuse = {"at": 0}

    def burning(self: Interpreter, *rest: Any) -> None:
        asked["n"] += 1
        if asked["n"] == fuse["at"]:
            raise Killed
        kept(self, *rest)
        if asked["n"] == -fuse["at"]:
            raise Killed

    monkeypatch.setattr(Interpreter, "_keep", burning)
    for at in range(1, 60):
        asked["n"], fuse["at"] = 0, at if at % 2 else -(at % 4 + 1)
        try:
            Interpreter(centre.store).step()
        except Killed:
            continue
    fuse["at"] = 0
    Interpreter(centre.store).run_dry()
    found = snapshot(centre)
    monkeypatch.setattr(Interpreter, "_keep", kept)
    with centre_at(str(Path(place_of(full_desk).database.path).with_name("other.db")), centre.keys) as other:
        other.take(laptop)
        other.interpreter.run_dry()
        assert snapshot(other) == found
    assert centre.rows("SELECT count(*) FROM conclusions") == [(2,)]


def test_several_workers_share_the_lines_and_none_is_done_twice(
    centre: Centre, full_desk: Desk, tmp_path: Path
) -> None:
    factories.signed_case(full_desk)
    laptops = [Desklike(full_desk)]
    for number in range(3):
        access = factories.make_desk(tmp_path / f"d{number}")
        desk = factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE))
        factories.signed_case(desk)
        laptops.append(Desklike(desk))
        desk.close()
    for laptop in laptops:
        centre.take(laptop)
    done: list[int] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(Interpreter(centre.store).run_dry())
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that found a line taken went home; what is left is done now.
    left = Interpreter(centre.store).run_dry()
    assert not failed
    assert sum(done) + left == sum(len(laptop.records) for laptop in laptops)
    assert centre.rows("SELECT count(*) FROM conclusions") == [(4,)]
    assert centre.rows("SELECT count(*) FROM unapplied") == [(0,)]


def _with_bad_record(desk: Desk, laptop: Desklike) -> int:
    """The log with a conclusion of an unknown edition in it, chained and signed anew; its number."""
    forger = Forger(desk)
    at = next(n for n, record in enumerate(laptop.records) if json.loads(record)["type"] == "case.signed")
    laptop.records[at] = forger.conclusion(
        laptop.records[at], lambda record: record["pack"].update(digest="sha256:" + "11" * 32)
    )
    laptop.rechain(forger, at)
    return at + 1


def test_a_bad_record_blocks_no_other_and_comes_back_when_it_is_asked_for(
    centre: Centre, full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = worked(full_desk)
    laptop = Desklike(full_desk)
    seq = _with_bad_record(full_desk, laptop)
    centre.take(laptop)
    centre.interpreter.run_dry()
    aside = centre.rows("SELECT seq, state, reason FROM unapplied ORDER BY seq")
    assert aside[0] == (seq, "quarantined", "unknown_pack")
    assert {row[2] for row in aside[1:]} == {"depends"}
    assert centre.rows("SELECT case_id FROM conclusions") == []
    [(applied, quarantined)] = centre.rows("SELECT applied, quarantined FROM progress")
    assert (applied, quarantined) == (len(laptop.records) - len(aside), len(aside))
    # The edition is published: what was set aside is judged again, with what rests on it.
    from app.centre import holding
    from app.centre.editions import Editions

    shipped = Editions()
    known = shipped.of_digest
    digest = json.loads(json.loads(laptop.records[-2])["payload"].get("record") or "{}").get("pack", {}).get("digest")
    real = digest or next(iter(_digests(laptop)))
    monkeypatch.setattr(holding.Editions, "of_digest", lambda self, asked: known(real))
    assert requeue(centre.store, reason="unknown_pack") == 1
    centre.interpreter.run_dry()
    assert centre.rows("SELECT seq, state, reason FROM unapplied") == []
    assert (case_id,) in centre.rows("SELECT case_id FROM conclusions")


def test_of_what_was_set_aside_exactly_the_record_that_was_asked_for_is_judged_again(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Laptop()
    device = laptop.enrol(centre.store, centre.keys)
    laptop.write(times=4)
    Ingest(centre.store, centre.keys).take(device, laptop.sealed(centre.keys, 1), "network")
    centre.interpreter.run_dry()
    before = centre.rows("SELECT seq, reason, since FROM unapplied ORDER BY seq")
    assert len(before) == 4
    judged: list[int] = []
    judge = judging.judge

    def watched(data: bytes, held: Any) -> Any:
        judged.append(json.loads(data)["seq"])
        return judge(data, held)

    monkeypatch.setattr(judging, "judge", watched)
    assert requeue(centre.store, incarnation=laptop.incarnation, line=0, seq=3) == 1
    assert requeue(centre.store, incarnation=laptop.incarnation, line=1, seq=3) == 0
    centre.interpreter.run_dry()
    assert judged == [3]
    after = centre.rows("SELECT seq, reason, since FROM unapplied ORDER BY seq")
    assert [row for row in after if row not in before] == [after[2]]
    # Nor does a reason bring others of the log with it, nor a second asking the first one's.
    assert requeue(centre.store, reason="unknown_pack") == 0
    judged.clear()
    assert requeue(centre.store, incarnation=laptop.incarnation) == 1
    centre.interpreter.run_dry()
    centre.interpreter.run_dry()
    assert judged == [1, 2, 3, 4]


def _digests(laptop: Desklike) -> set[str]:
    events = [json.loads(record) for record in laptop.records]
    found = {event["pack_digest"] for event in events if event["pack_digest"]}
    return {one for one in found if "1111" not in one}


def test_it_waits_for_attachments_and_is_taken_over_when_they_came(
    centre: Centre, full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = full_desk.examinations.import_case(factories.case_document())
    first, second = (
        full_desk.attachments.add(
            case.id, Copy(b"%PDF-1.4\n%%EOF\n" + more, b"\x89PNG", 1), title="Үзінді", of="extract"
        )
        for more in (b"", b"\n")
    )
    full_desk.conclusions.decide(case.id, factories.DECISION)
    full_desk.conclusions.sign(case.id, factories.signatures())
    laptop = Desklike(full_desk)
    centre.take(laptop)
    centre.interpreter.run_dry()
    assert centre.rows("SELECT state, reason, came, whole FROM unapplied") == [("waiting_attachment", "", 0, 2)]
    assert centre.rows("SELECT complete FROM conclusions") == [(0,)]
    judged: list[bytes] = []
    real = judging.judge
    monkeypatch.setattr(judging, "judge", lambda data, known: judged.append(data) or real(data, known))
    for added, came in ((first, 1), (second, 2)):
        with centre.store.begin(write=True) as connection:
            connection.execute(
                text("UPDATE attachments SET complete = 1, held = size WHERE digest = :digest"),
                {"digest": added.digest},
            )
            connection.exec_driver_sql("UPDATE progress SET look_again = 1")
        centre.interpreter.run_dry()
        # Nothing is computed again before all are there.
        assert len(judged) == came - 1
        assert centre.rows("SELECT came, whole FROM unapplied") == ([(1, 2)] if came == 1 else [])
    assert centre.rows("SELECT complete FROM conclusions") == [(1,)]
    assert centre.rows("SELECT count(*) FROM attachments") == [(2,)]
    assert centre.rows("SELECT waiting, applied FROM progress") == [(0, len(laptop.records))]


def test_text_that_no_database_takes_sets_one_record_aside(centre: Centre, full_desk: Desk) -> None:
    worked(full_desk)
    laptop, forger = Desklike(full_desk), Forger(full_desk)
    at = next(n for n, record in enumerate(laptop.records) if json.loads(record)["type"] == "document.printed")

    def spoil(event: dict[str, Any]) -> None:
        event["payload"]["document"] = "a\0b"
        event["payload"]["language"] = "kk"

    laptop.records[at] = forger.changed(laptop.records[at], spoil)
    laptop.rechain(forger, at)
    centre.take(laptop)
    centre.interpreter.run_dry()
    aside = centre.rows("SELECT seq, reason FROM unapplied")
    assert aside in ([], [(at + 1, "malformed")])  # SQLite takes it
    assert centre.rows("SELECT count(*) FROM conclusions") == [(2,)]


def test_a_worker_stops_when_it_is_told(centre: Centre, full_desk: Desk) -> None:
    factories.signed_case(full_desk)
    centre.take(Desklike(full_desk))
    stop = threading.Event()
    worker = threading.Thread(target=working.work, args=(centre.store, stop))
    worker.start()
    waited = threading.Event()
    for _ in range(600):
        if centre.rows("SELECT count(*) FROM conclusions WHERE compared = 1") == [(1,)] and centre.rows(
            "SELECT tree_size FROM tree_heads"
        ):
            break
        waited.wait(0.05)
    stop.set()
    worker.join(30)
    assert not worker.is_alive()
    assert centre.rows("SELECT count(*) FROM conclusions WHERE compared = 1") == [(1,)]
    assert isinstance(centre.store, Store)
