"""Somebody who has the key changes used blanks or the journal of protocols: refused, else found."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.papers import RANGE, new_range
from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from app.services.journals import Asked
from app.storage import entries, papers
from app.storage.cases import microseconds
from tests.factories import HEAD, PASSPHRASE, make_access, make_desk, signed_case, with_commission
from tests.faults.test_tampering import drop_triggers, run, verify

CERTIFICATE, EXTRACT = PaperKind.DISABILITY_CERTIFICATE, PaperKind.CERTIFICATE_EXTRACT


@pytest.fixture(scope="module")
def papers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two signed cases, papers of both, one of them written off; made once, copied for each test."""
    folder = tmp_path_factory.mktemp("papers") / "desk"
    desk = with_commission(make_desk(folder).sign_in(HEAD, PASSPHRASE))
    desk.papers.add_range(CERTIFICATE, "АА", "0001", "0010")
    desk.papers.add_range(EXTRACT, "АБ", "0001", "0010")
    cases = [signed_case(desk).id, signed_case(desk).id]
    for case in cases:
        desk.papers.issue(case, CERTIFICATE)
        desk.papers.issue(case, EXTRACT)
    desk.papers.spoil(EXTRACT, "АБ", "0001", "бұзылды")
    desk.papers.spoil(EXTRACT, "АБ", "0005", "бұзылды")
    desk.close()
    return folder


@pytest.fixture
def worked(papers_folder: Path, data_dir: Path) -> Iterator[Desk]:
    shutil.copytree(papers_folder, data_dir)
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM papers",
        "UPDATE papers SET number = 9 WHERE state = 'issued'",
        "UPDATE papers SET state = 'issued', reason = NULL WHERE state = 'spoiled'",
        "UPDATE papers SET reason = 'x' WHERE state = 'spoiled'",
        "UPDATE papers SET case_id = (SELECT max(id) FROM cases), state = 'spoiled', reason = 'x' WHERE seq ="
        " (SELECT min(seq) FROM papers WHERE case_id <> (SELECT max(id) FROM cases) AND state = 'issued')",
        "INSERT OR REPLACE INTO papers SELECT * FROM papers",
        "INSERT INTO papers SELECT seq + 100, kind, series, number, digits, case_id, state, taken_at, taken_by,"
        " spoiled_seq, spoiled_at, spoiled_by, reason FROM papers",
        "DELETE FROM protocols",
        "UPDATE protocols SET outcome = 'group_1'",
        "INSERT OR REPLACE INTO protocols SELECT * FROM protocols",
    ],
)
def test_the_database_itself_refuses(worked: Desk, statement: str) -> None:
    with pytest.raises(IntegrityError):
        run(worked, statement)
    assert verify(worked).problem is None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM papers WHERE seq = (SELECT max(seq) FROM papers WHERE case_id IS NOT NULL)",
        "DELETE FROM papers WHERE case_id IS NULL",
        "UPDATE papers SET number = 9 WHERE kind = 'disability_certificate' AND number = 2",
        "UPDATE papers SET reason = 'x' WHERE state = 'spoiled'",
        "UPDATE papers SET taken_by = 'x'",
        "UPDATE papers SET case_id = (SELECT max(case_id) FROM papers)"
        " WHERE case_id = (SELECT min(case_id) FROM papers)",
        "INSERT INTO papers SELECT seq + 100, kind, series, number + 5, digits, case_id, state, taken_at, taken_by,"
        " spoiled_seq, spoiled_at, spoiled_by, reason FROM papers WHERE kind = 'disability_certificate'",
        "UPDATE entries SET record = replace(record, '\"last\":10', '\"last\":99') WHERE kind = 'paper_range'",
        "DELETE FROM entries WHERE kind = 'paper_range'",
        "DELETE FROM protocols WHERE entry = 2",
        "UPDATE protocols SET outcome = 'group_1' WHERE entry = 1",
        "UPDATE protocols SET entry = entry + 10",
        "INSERT INTO protocols SELECT seq + 1, (SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM protocols)),"
        " year, entry + 1, number, ordinal, examined_on, name, surname_key, given_key, patronymic_key, order_key, iin,"
        " kato, region, address, icd10, outcome, period, due_on, place, occasion, commission"
        " FROM protocols WHERE entry = 2",
    ],
)
def test_what_was_changed_behind_the_triggers_is_found(worked: Desk, statement: str) -> None:
    worked.examinations.create()
    drop_triggers(worked)
    run(worked, "PRAGMA foreign_keys = OFF")
    assert run(worked, statement).rowcount != 0
    assert verify(worked).problem is not None


def test_a_number_that_was_passed_over_is_found_however_well_it_is_recorded(worked: Desk) -> None:
    """Somebody who works past the service, with an audit row and an event of each step."""
    place = worked._place
    case = worked.journals.page("protocols", Asked()).rows[0].case_id
    new = {"kind": CERTIFICATE.value, "series": "АА", "number": 9, "digits": 4}
    with place.begin() as work:
        head = work.audit("paper.issued", case_id=case, new=new)
        at, user = microseconds(work.now), place.user.id
        papers.add(work, papers.PaperRow(CERTIFICATE.value, "АА", 9, 4, case, "issued", head.seq, at, user))
        work.emit("paper.issued", new, case_id=case)
        work.commit()
    found = worked.integrity.verify().problem
    assert found is not None
    assert "passed over" in found.msgid
    assert found.params["number"] == "0003"


def test_a_number_in_two_ranges_is_found_however_well_it_is_recorded(worked: Desk) -> None:
    again = new_range("000009", CERTIFICATE.value, "АА", "0001", "0002", None, "")
    with worked._place.begin() as work:
        entries.put(work, RANGE, again.id, again.record())
        work.commit()
    found = worked.integrity.verify().problem
    assert found is not None
    assert "or in two" in found.msgid
