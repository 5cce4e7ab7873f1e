"""Somebody who has the key changes papers with electronic signatures, or what is known of them: found."""

import hashlib
from pathlib import Path

import pytest

from app.services.desk import Desk
from app.services.electronic import Order
from tests import esign
from tests.factories import signed_case
from tests.faults.test_tampering import drop_triggers, run, verify


@pytest.fixture
def signed(full_desk: Desk, tmp_path: Path) -> Desk:
    case = signed_case(full_desk)
    for member, who in enumerate(("head", "first")):
        file = esign.holder(who).file(tmp_path / f"{who}.p12")
        full_desk.electronic.sign(Order(case.id, "conclusion", "kk", member), file, esign.PASSPHRASE)
    assert verify(full_desk).problem is None
    return full_desk


def test_changed_bytes_records_and_events_are_found(signed: Desk) -> None:
    drop_triggers(signed)
    bytes_before = run(signed, "SELECT bytes FROM attachments").scalar_one()
    record = run(signed, "SELECT record FROM entries WHERE kind = 'signed-paper'").scalar_one()
    changed = bytes(bytes_before[:-9]) + b"X" + bytes(bytes_before[-8:])
    fresh = hashlib.sha256(changed).hexdigest()

    def found(*statements: tuple[str, tuple[object, ...]]) -> bool:
        run(signed, "SAVEPOINT before")
        for statement, params in statements:
            run(signed, statement, params)
        problem = signed.integrity.verify().problem
        run(signed, "ROLLBACK TO before")
        run(signed, "RELEASE before")
        return problem is not None

    assert found(("UPDATE attachments SET bytes = ?", (changed,)))
    assert found(("DELETE FROM attachments", ()))
    assert found(("DELETE FROM entries WHERE kind = 'signed-paper'", ()))
    assert found(("UPDATE entries SET record = ?", (record.replace(esign.IINS["head"], "990101300999"),)))
    old = hashlib.sha256(bytes_before).hexdigest()
    assert found(
        ("UPDATE attachments SET bytes = ?, digest = ?", (changed, fresh)),
        ("UPDATE entries SET record = ? WHERE kind = 'signed-paper'", (record.replace(old, fresh),)),
    )


def test_a_signature_cut_out_of_the_log_is_missed(signed: Desk) -> None:
    drop_triggers(signed)
    run(signed, "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    assert verify(signed).problem is not None
