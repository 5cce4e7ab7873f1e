"""A training desk is a desk of its own: the real one stays as it is, and every paper of it is marked."""

import hashlib
from pathlib import Path

import pytest

from app.commands.demo import decision
from app.documents.sheet import SAMPLE
from app.domain import case_file
from app.domain.errors import KnownError, UserError
from app.domain.text import LANGUAGES
from app.services import setup, training
from app.services.access import Access
from app.services.views import MemberSignature
from tests import factories
from tests.documents.papers import pages, text_of


def everything(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def letters(pdf: bytes) -> str:
    """The text without its gaps: a mark that lies across the page is read letter by letter."""
    return "".join(text_of(pdf).split())


def test_a_training_session_leaves_the_real_desk_as_it_was_and_marks_signed_papers(access: Access) -> None:
    before = everything(access.data_dir)
    door = training.beside(access)
    assert door.data_dir.parent == access.data_dir.parent
    assert not training.is_training(access)
    assert not training.is_training(door)
    training.prepare(door, "kk")
    training.prepare(door, "kk")  # there already: nothing is made twice
    assert training.is_training(door)

    desk = door.sign_in(training.LOGINS[0], training.PASSPHRASE)
    try:
        assert desk.is_training
        assert "жаттығу" in desk.department.names.kk
        listed = [desk.examinations.open(case.id) for case in desk.examinations.rows()]
        assert len(listed) == 8
        for view in listed:
            assert case_file.problems(view.document) == ()
        whole = next(view for view in listed if view.document["person"]["surname"] == "Үлгібаев")
        draft = desk.conclusions.draft(whole.document)
        desk.conclusions.decide(whole.id, decision(draft, whole.document))
        desk.conclusions.sign(
            whole.id, [MemberSignature(at, login, training.PASSPHRASE) for at, login in enumerate(training.LOGINS)]
        )
        for language in LANGUAGES:
            paper = desk.conclusions.render(whole.id, "conclusion", language)
            assert not paper.draft
            assert letters(paper.pdf).count(SAMPLE.of(language)) == pages(paper.pdf)
            code = setup.recovery_sheet(
                login="a", name="b", department=desk.department, code="AAAA-BBBB", language=language, sample=True
            )
            assert SAMPLE.of(language) in letters(code)
        with pytest.raises(UserError):
            desk.preferences.set("training", value=False)
        assert desk.integrity.verify().problem is None
    finally:
        desk.close()
    assert everything(access.data_dir) == before


def test_beginning_anew_throws_the_training_away_and_nothing_else(access: Access, tmp_path: Path) -> None:
    before = everything(access.data_dir)
    with pytest.raises(KnownError):
        training.begin_anew(access, "ru")  # the real desk carries no note
    assert everything(access.data_dir) == before
    door = training.beside(access)
    training.prepare(door, "ru")
    first = (door.data_dir / "keys.json").read_bytes()
    desk = door.sign_in(training.LOGINS[0], training.PASSPHRASE)
    try:
        with pytest.raises(KnownError):
            training.begin_anew(door, "ru")  # somebody works on it
        desk.examinations.import_case(factories.case_document())
    finally:
        desk.close()
    training.begin_anew(door, "ru")
    assert (door.data_dir / "keys.json").read_bytes() != first
    (door.data_dir / "saraptama.db").unlink()
    training._write_note(door.data_dir, ready=False)  # cut off while it was made
    training.prepare(door, "ru")
    desk = door.sign_in(training.LOGINS[0], training.PASSPHRASE)
    try:
        assert len(desk.examinations.rows()) == 8
    finally:
        desk.close()

    foreign = Access(tmp_path / "other")
    (tmp_path / "other-training").mkdir()
    (tmp_path / "other-training" / "holiday.txt").write_text("mine")
    with pytest.raises(KnownError):
        training.prepare(training.beside(foreign), "en")
    assert (tmp_path / "other-training" / "holiday.txt").read_text() == "mine"
