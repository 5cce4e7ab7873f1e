"""Copies of papers: stored once inside the encrypted file, named by the case, checked, and never an identity paper."""

import json
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain import brought
from app.domain.errors import UserError
from app.services.attachments import Copy
from app.services.desk import Desk
from tests import factories
from tests.factories import case_document, decided_case, signatures

PNG = b"\x89PNG\r\n\x1a\n" + b"picture of a paper " * 20
PDF = b"%PDF-1.7\n" + b"scan " * 50
THUMB = b"\xff\xd8\xffsmall"


def copy(data: bytes = PNG, pages: int | None = None) -> Copy:
    return Copy(data, THUMB, pages)


def test_a_copy_is_stored_encrypted_named_by_the_case_and_told_to_the_centre(desk: Desk, data_dir: Path) -> None:
    view = desk.examinations.import_case(case_document())
    added = desk.attachments.add(view.id, copy(PDF, 3), title=" Эпикриз ", of="extract")
    (entry,) = added.view.document["dossier"]["attachments"]
    assert (entry["kind"], entry["title"], entry["pages"], entry["of"]) == ("pdf", "Эпикриз", 3, "extract")
    assert entry["size"] == len(PDF)
    assert not added.known
    assert desk.attachments.content(added.digest) == PDF
    assert desk.attachments.thumbnails([added.digest, "0" * 64]) == {added.digest: THUMB}
    with desk._place.database.reading() as connection:
        events = [json.loads(r[0]) for r in connection.exec_driver_sql("SELECT record FROM events ORDER BY seq")]
    assert events[-1]["type"] == "attachment.added"
    assert events[-1]["payload"]["digest"] == added.digest
    assert "Эпикриз" not in json.dumps(events[-1], ensure_ascii=False)
    assert desk.integrity.verify().ok
    desk.close()
    assert not any(b"scan scan" in path.read_bytes() for path in data_dir.rglob("*") if path.is_file())


def test_the_same_file_twice_is_stored_once_and_said_so(desk: Desk) -> None:
    one, two = desk.examinations.create(), desk.examinations.create()
    desk.attachments.add(one.id, copy(), title="ЭКГ", of="result")
    with pytest.raises(UserError, match="attached to the case already"):
        desk.attachments.add(one.id, copy(), title="again", of="result")
    assert desk.attachments.add(two.id, copy(), title="ЭКГ", of="result").known
    with desk._place.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM attachments").scalar_one() == 1
    assert desk.integrity.verify().ok


def test_identity_papers_strange_files_and_too_large_ones_are_refused_in_words(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.examinations.create()
    with pytest.raises(UserError, match="collecting them is prohibited"):
        desk.attachments.add(view.id, copy(), title="x", of="identity")
    with pytest.raises(UserError, match="collecting them is prohibited"):
        desk.attachments.require_room(view.id, "identity", 1)
    with pytest.raises(UserError):
        desk.examinations.set_field(view.id, brought.ATTACHMENTS, [{"digest": "0" * 64, "of": "identity"}])
    strange = tmp_path / "paper.docx"
    strange.write_bytes(b"PK\x03\x04")
    with pytest.raises(UserError, match="neither a PNG or JPEG picture nor a PDF"):
        desk.attachments.read(strange)
    empty = tmp_path / "empty.pdf"
    empty.touch()
    with pytest.raises(UserError, match="neither"):
        desk.attachments.read(empty)
    with pytest.raises(UserError, match="There is no file"):
        desk.attachments.read(tmp_path / "gone.png")
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.write(PNG)
        file.truncate(brought.FILE_LIMIT + 1)
    with pytest.raises(UserError, match="MB are read"):
        desk.attachments.read(large)
    with pytest.raises(UserError, match="MB are kept of one"):
        desk.attachments.require_room(view.id, "other", brought.FILE_LIMIT + 1)
    monkeypatch.setattr("app.services.attachments.CASE_LIMIT", len(PNG) + len(PDF) - 1)
    desk.attachments.add(view.id, copy(), title="one", of="other")
    with pytest.raises(UserError, match="Take one out"):
        desk.attachments.add(view.id, copy(PDF), title="two", of="other")
    assert [e["title"] for e in desk.examinations.open(view.id).document["dossier"]["attachments"]] == ["one"]
    assert desk.integrity.verify().ok


def test_a_copy_is_renamed_and_taken_out_and_forgotten_once_no_case_names_it(desk: Desk) -> None:
    one, two = desk.examinations.create(), desk.examinations.create()
    digest = desk.attachments.add(one.id, copy(), title="a", of="other").digest
    desk.attachments.add(two.id, copy(), title="b", of="other")
    renamed = desk.attachments.rename(one.id, digest, title="ЭхоКГ", of="result")
    assert [(e["title"], e["of"]) for e in renamed.document["dossier"]["attachments"]] == [("ЭхоКГ", "result")]
    assert desk.attachments.remove(one.id, digest).document["dossier"]["attachments"] == []
    assert desk.attachments.content(digest) == PNG, "the other case still names it"
    desk.attachments.remove(two.id, digest)
    with pytest.raises(UserError, match="not in the database"):
        desk.attachments.content(digest)
    assert desk.integrity.verify().ok
    assert not desk.attachments.add(one.id, copy(), title="again", of="other").known
    assert desk.integrity.verify().ok


def test_copies_are_frozen_and_signed_with_the_case(full_desk: Desk) -> None:
    desk = full_desk
    view = desk.examinations.import_case(case_document())
    digest = desk.attachments.add(view.id, copy(), title="a", of="other").digest
    desk.conclusions.decide(view.id, factories.DECISION)
    signed = desk.conclusions.sign(view.id, signatures()).signed
    assert signed is not None
    assert signed.document["dossier"]["attachments"][0]["digest"] == digest
    for act in (
        lambda: desk.attachments.add(view.id, copy(PDF), title="b", of="other"),
        lambda: desk.attachments.remove(view.id, digest),
        lambda: desk.attachments.rename(view.id, digest, title="c", of="other"),
    ):
        with pytest.raises(UserError, match="signed and can't be changed"):
            act()
    with pytest.raises(IntegrityError, match="a case names this copy"), desk._place.database.lock:
        desk._place.database.connection.exec_driver_sql("DELETE FROM attachments")
    assert desk.integrity.verify().ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attachments SET bytes = zeroblob(size)",
        "UPDATE attachments SET thumbnail = x'ffd8ff00'",
        "UPDATE attachments SET kind = 'pdf'",
        "DELETE FROM attachments",
        "INSERT INTO attachments VALUES (printf('%064d', 0), 'png', 1, x'00', x'00')",
    ],
)
def test_verify_finds_a_changed_missing_or_foreign_copy(desk: Desk, statement: str) -> None:
    view = decided_case(factories.with_commission(desk))
    desk.conclusions.reopen(view.id)
    desk.attachments.add(view.id, copy(), title="a", of="other")
    connection = desk._place.database.connection
    with desk._place.database.lock:
        triggers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'attachments'"
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
    found = desk.integrity.verify()
    assert not found.ok
    assert "copy" in str(found.problem)
