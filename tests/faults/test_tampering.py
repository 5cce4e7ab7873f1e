# ruff: noqa: S608 - the statements are built from the names of our own tables
"""Somebody who has the key changes the database: triggers refuse, and where they were dropped, verify finds it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.crypto import digests
from app.domain.vocabulary import CorrectionKind
from app.services.desk import Desk
from app.services.views import Verification
from tests.factories import (
    DECISION,
    HEAD,
    PASSPHRASE,
    case_document,
    make_access,
    make_desk,
    signatures,
    signed_case,
    with_commission,
)

ROOT = Path(__file__).parents[2]
_TABLES = ("desk", "users", "audit", "events", "cases", "places", "conclusions")


def run(desk: Desk, statement: str, params: tuple[object, ...] = ()) -> Any:
    with desk._place.database.lock:
        return desk._place.database.connection.exec_driver_sql(statement, params)


_NAMES = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_TRIGGERS = {
    statement.split()[2]: statement
    for statement in (ROOT / "db" / "migrations" / "schema.sql").read_text(encoding="utf-8").split(";\n")
    if statement.startswith("CREATE TRIGGER")
}


def drop_triggers(desk: Desk) -> None:
    for (name,) in run(desk, "SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        run(desk, f"DROP TRIGGER {name}")


def verify(desk: Desk) -> Verification:
    """As a forger would have it checked: with every trigger back in its place."""
    missing = [sql for name, sql in _TRIGGERS.items() if name not in set(run(desk, _NAMES).scalars())]
    for sql in missing:
        run(desk, sql)
    found = desk.integrity.verify()
    if missing:
        drop_triggers(desk)
    return found


@pytest.fixture(scope="module")
def worked_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a draft, a signed case, a corrected one and a discarded one; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("worked") / "desk"
    desk = with_commission(make_desk(folder).sign_in(HEAD, PASSPHRASE))
    draft = desk.examinations.import_case(case_document({"person.surname": "Беков"}))
    desk.examinations.set_field(draft.id, "diagnosis.main.text", "бірінші")
    desk.examinations.keep_unfinished(draft.id, "person.iin", "12")
    gone = desk.examinations.create()
    desk.examinations.discard(gone.id, "twice")
    signed_case(desk)
    corrected = desk.examinations.correct(signed_case(desk).id, CorrectionKind.SLIP, "typed wrong")
    desk.conclusions.decide(corrected.id, DECISION)
    desk.conclusions.sign(corrected.id, signatures())
    desk.close()
    return folder


@pytest.fixture
def worked(worked_folder: Path, data_dir: Path) -> Iterator[Desk]:
    shutil.copytree(worked_folder, data_dir)
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    # A sign-in as the last record could be cut off unnoticed: nothing else tells of it.
    (draft,) = desk.examinations.rows("беков")
    desk.examinations.set_field(draft.id, "referral.organisation", "Ақтөбе қалалық ауруханасы")
    yield desk
    desk.close()


def test_an_honest_desk_is_whole(worked: Desk) -> None:
    found = verify(worked)
    assert found.problem is None
    assert found.ok
    assert found.audit == run(worked, "SELECT count(*) FROM audit").scalar_one()
    assert found.events == run(worked, "SELECT count(*) FROM events").scalar_one()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET record = x'00' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "INSERT INTO audit (seq, hash, record) VALUES (999999, zeroblob(32), x'00')",
        "INSERT OR REPLACE INTO audit (seq, hash, record) VALUES (1, zeroblob(32), x'00')",
        "UPDATE events SET case_id = 'x'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events (seq, hash, record) VALUES (1, zeroblob(32), x'00')",
        "UPDATE cases SET document = '{}' WHERE state = 'signed'",
        "UPDATE cases SET name = 'Другой' WHERE state = 'signed'",
        "UPDATE cases SET outcome = 'group_1' WHERE state = 'superseded'",
        "UPDATE cases SET state = 'draft' WHERE state = 'signed'",
        "UPDATE cases SET state = 'superseded', document = '{}' WHERE state = 'signed'",
        "UPDATE cases SET state = 'signed' WHERE state = 'superseded'",
        "UPDATE cases SET state = 'draft' WHERE state = 'discarded'",
        "UPDATE cases SET state = 'signed' WHERE state = 'draft'",
        "UPDATE cases SET number = '1/1/1' WHERE state = 'draft'",
        "DELETE FROM cases",
        "UPDATE conclusions SET record = x'00'",
        "DELETE FROM conclusions",
        "INSERT OR REPLACE INTO conclusions SELECT case_id, digest, x'00', seal FROM conclusions",
        "INSERT OR REPLACE INTO cases SELECT * FROM cases WHERE state = 'signed'",
        "INSERT OR REPLACE INTO cases SELECT * FROM cases WHERE state = 'draft'",
        "UPDATE users SET public_key = zeroblob(32)",
        "DELETE FROM users",
        "UPDATE desk SET device_seed = zeroblob(32)",
        "DELETE FROM desk",
    ],
)
def test_the_database_itself_refuses(worked: Desk, statement: str) -> None:
    with pytest.raises(IntegrityError):
        run(worked, statement)
    assert verify(worked).ok


@pytest.mark.parametrize("table", ["audit", "events"])
def test_a_change_of_any_record_of_a_chain_is_found_and_named(worked: Desk, table: str) -> None:
    drop_triggers(worked)
    for seq, record in run(worked, f"SELECT seq, record FROM {table}").all():
        changed = record.replace(b'"wall_time":"2', b'"wall_time":"3')
        assert changed != record
        run(worked, f"UPDATE {table} SET record = ? WHERE seq = ?", (changed, seq))
        found = verify(worked)
        assert found.problem is not None
        assert found.problem.params["seq"] == seq
        run(worked, f"UPDATE {table} SET record = ? WHERE seq = ?", (record, seq))
    assert verify(worked).ok


@pytest.mark.parametrize("table", ["audit", "events"])
def test_a_record_changed_together_with_its_hash_is_found_too(worked: Desk, table: str) -> None:
    """Also the last one: the event log anchors the audit trail, the tables anchor the event log's end."""
    purpose = {"audit": "audit", "events": "event"}[table]
    drop_triggers(worked)
    for seq, value, record in run(worked, f"SELECT seq, hash, record FROM {table}").all():
        content = json.loads(record)
        if content.get("action") in ("user.signed_in",):
            content["actor"] = "x"
        else:
            content["payload" if table == "events" else "new"] = {"audit_head": {"seq": 1, "hash": "00"}}
        changed = digests.canonical(content)
        run(
            worked,
            f"UPDATE {table} SET record = ?, hash = ? WHERE seq = ?",
            (changed, digests.digest(purpose, changed), seq),
        )
        try:
            found = verify(worked)
            assert found.problem is not None, content
        finally:
            run(worked, f"UPDATE {table} SET record = ?, hash = ? WHERE seq = ?", (record, value, seq))
    assert verify(worked).ok


@pytest.mark.parametrize("table", ["audit", "events"])
def test_a_record_taken_out_of_a_chain_is_found(worked: Desk, table: str) -> None:
    drop_triggers(worked)
    last = run(worked, f"SELECT max(seq) FROM {table}").scalar_one()
    for seq in range(1, last):
        row = run(worked, f"SELECT * FROM {table} WHERE seq = ?", (seq,)).one()
        run(worked, f"DELETE FROM {table} WHERE seq = ?", (seq,))
        assert not verify(worked).ok
        run(worked, f"INSERT INTO {table} VALUES (?, ?, ?, ?)", tuple(row))
    assert verify(worked).ok


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "DELETE FROM audit",
        "DELETE FROM events",
        "UPDATE cases SET document = replace(document, 'бірінші', 'екінші') WHERE state = 'draft'",
        "UPDATE cases SET document = replace(document, 'group_2', 'group_1') WHERE state = 'signed'",
        "UPDATE cases SET unfinished = '{}' WHERE state = 'draft'",
        "UPDATE cases SET number = '9/2026/000009' WHERE state = 'draft'",
        "UPDATE cases SET state = 'draft' WHERE state = 'discarded'",
        "UPDATE cases SET state = 'draft' WHERE state = 'signed'",
        "UPDATE cases SET state = 'signed' WHERE state = 'superseded'",
        "UPDATE cases SET supersedes = NULL WHERE supersedes IS NOT NULL",
        "UPDATE cases SET name = 'Другой' WHERE state = 'draft'",
        "UPDATE cases SET iin = '000000000000' WHERE state = 'signed'",
        "UPDATE cases SET outcome = 'group_1' WHERE state = 'signed'",
        "DELETE FROM cases WHERE state = 'discarded'",
        "INSERT INTO cases SELECT 'new', '2/2026/000099', year, 99, state, NULL, person_id, trip_id, turn, queue, name,"
        " surname_key, given_key, patronymic_key, order_key, iin, birth_date, examined_on, occasion, place, region,"
        " icd10, outcome, due_on, postponed_to, ending, changed_at, changed_seq, unfinished, document "
        "FROM cases WHERE state = 'draft'",
        "DELETE FROM conclusions",
        "UPDATE conclusions SET record = CAST(replace(CAST(record AS TEXT), 'group_2', 'group_1') AS BLOB)",
        "UPDATE conclusions SET digest = zeroblob(32)",
        "UPDATE conclusions SET seal = CAST(replace(CAST(seal AS TEXT), 'Ким', 'Цой') AS BLOB)",
        "UPDATE users SET name = 'Другой' WHERE login = 'first'",
        "UPDATE users SET public_key = zeroblob(32) WHERE login = 'first'",
        "INSERT INTO users VALUES ('x', 99, 'x', 'x', zeroblob(32))",
        "UPDATE desk SET number = '99'",
        "UPDATE desk SET name_kk = 'Басқа бөлім'",
        "UPDATE desk SET device = 'another'",
        "UPDATE desk SET incarnation = 'another'",
        "UPDATE desk SET device_public = zeroblob(32)",
    ],
)
def test_what_was_changed_behind_the_triggers_is_found(worked: Desk, statement: str) -> None:
    drop_triggers(worked)
    run(worked, "PRAGMA foreign_keys = OFF")
    assert run(worked, statement).rowcount != 0
    found = verify(worked)
    assert not found.ok
    assert found.problem is not None


def test_a_signature_that_does_not_hold_is_named(worked: Desk) -> None:
    """A forger with the database rewrites record, seal, digest, event and audit alike, but has no member's key."""
    drop_triggers(worked)
    case_id, record, seal = run(
        worked,
        "SELECT case_id, record, seal FROM conclusions WHERE case_id ="
        " (SELECT id FROM cases WHERE state = 'signed' AND supersedes IS NULL)",
    ).one()
    forged = record.replace("Ғалымжан".encode(), "Ғалымжон".encode())
    digest = digests.digest("conclusion", forged)
    content = json.loads(seal)
    content["digest"] = digests.written(digest)
    forged_seal = digests.canonical(content)
    run(
        worked,
        "UPDATE conclusions SET record = ?, digest = ?, seal = ? WHERE case_id = ?",
        (forged, digest, forged_seal, case_id),
    )
    run(
        worked,
        "UPDATE cases SET document = replace(document, 'Ғалымжан', 'Ғалымжон'),"
        " name = replace(name, 'Ғалымжан', 'Ғалымжон'),"
        " given_key = replace(given_key, 'галымжан', 'галымжон') WHERE id = ?",
        (case_id,),
    )
    _rewrite(worked, "audit", "audit", case_id, forged, forged_seal, digest)
    _rewrite(worked, "events", "event", case_id, forged, forged_seal, digest)
    found = verify(worked)
    assert found.problem is not None
    assert "a signature of record" in found.problem.msgid


def _rewrite(desk: Desk, table: str, purpose: str, case_id: str, record: bytes, seal: bytes, digest: bytes) -> None:
    """Re-make a whole chain around a forged case, as somebody who knows this program would."""
    hashes = [row[0].hex() for row in run(desk, "SELECT hash FROM audit ORDER BY seq").all()]
    before = "0" * 64
    for seq, data in run(desk, f"SELECT seq, record FROM {table} ORDER BY seq").all():
        content = json.loads(data)
        content["prev_hash"] = before
        if content["case_id"] == case_id:
            content = json.loads(json.dumps(content, ensure_ascii=False).replace("Ғалымжан", "Ғалымжон"))
            if content.get("action") == "case.signed":
                content["new"] = digests.written(digest)
            if content.get("type") == "case.signed":
                content["payload"] |= {
                    "record": record.decode(),
                    "seal": seal.decode(),
                    "digest": digests.written(digest),
                }
        if table == "events":
            content["payload"]["audit_head"]["hash"] = hashes[content["payload"]["audit_head"]["seq"] - 1]
        made = digests.canonical(content)
        value = digests.digest(purpose, made)
        run(desk, f"UPDATE {table} SET record = ?, hash = ? WHERE seq = ?", (made, value, seq))
        before = value.hex()
