"""The papers of a session in the window: its protocol, all sets in one go, on from where it stopped; on the worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import ui.screens.trips.protocol_dialog as protocol_module
import ui.screens.trips.session_papers as papers_module
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from app.services.trip_views import Trip
from app.storage.chain import EVENTS
from tests.documents.papers import pages, text_of
from tests.trips import heard_trip
from tests.ui.test_case_papers import settled, to_pdf
from ui.delivery import ToFolder, ToPrinter
from ui.language import Language
from ui.screens.trips.folder_dialog import FolderDialog
from ui.screens.trips.protocol_dialog import ProtocolDialog
from ui.screens.trips.session_papers import SessionPapers
from ui.tasks import TaskRunner
from ui.theme import Appearance

Shown = tuple[Desk, Trip, QWidget, TaskRunner, Language]
SECRET = "жаңбыр тас қалам түйе"


@pytest.fixture
def session(qapp: QApplication, full_desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """A closed session of three people whose decisions are signed."""
    look, language, tasks = Appearance(qapp, "light"), Language("ru"), TaskRunner()
    trip, _ = heard_trip(full_desk, 3)
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1100, 700)
    parent.show()
    yield full_desk, trip, parent, tasks, language
    tasks.close()
    language.deleteLater()
    look.deleteLater()


@pytest.fixture
def papers(session: Shown, qtbot: QtBot) -> SessionPapers:
    desk, trip, parent, tasks, language = session
    dialog = SessionPapers(desk, tasks, language, trip, parent)
    dialog.open()
    settled(qtbot, tasks)
    return dialog


def recorded(desk: Desk) -> list[dict[str, object]]:
    with desk._place.database.reading() as connection:
        return [event["payload"] for _, event in EVENTS.told(connection, "document.printed")]


def test_the_protocol_is_shown_saved_and_printed_by_keys(
    session: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, trip, parent, tasks, language = session
    dialog = ProtocolDialog(desk, tasks, language, trip, parent)
    dialog.open()
    settled(qtbot, tasks)
    assert dialog.print_button.hasFocus()
    assert not dialog.note.isVisible()
    dialog.choices["kk"].click()
    settled(qtbot, tasks)
    assert dialog.preview.rendered is not None
    assert "Комиссия отырысының хаттамасы" in text_of(dialog.preview.rendered.pdf)
    assert dialog.preview.view.accessibleName() == "Қазақша"
    before = dialog.preview.factor()
    QTest.keyClick(dialog.print_button, Qt.Key.Key_Plus)
    assert dialog.preview.factor() > before
    monkeypatch.setattr(protocol_module, "ask_file", lambda *_: tmp_path / "saved.pdf")
    dialog.save_button.click()
    settled(qtbot, tasks)
    assert (tmp_path / "saved.pdf").read_bytes() == dialog.preview.rendered.pdf
    monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_: to_pdf(tmp_path / "printed.pdf"))
    QTest.keyClick(dialog.print_button, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, tasks)
    assert pages((tmp_path / "printed.pdf").read_bytes()) == 1
    assert [(one["document"], one["how"], one["target"]) for one in recorded(desk)] == [
        ("protocol", "saved", "saved.pdf"), ("protocol", "printed", "printed.pdf"),
    ]  # fmt: skip
    assert dialog.note.text() == "Отправлено на принтер."


def test_sets_stop_after_a_paper_and_go_on_with_the_rest(papers: SessionPapers, session: Shown, qtbot: QtBot,
                                                          tmp_path: Path) -> None:  # fmt: skip
    desk, _, _, tasks, _ = session
    wanted = papers.wanted()
    assert [item[1] for item in wanted[:3]] == ["protocol", "protocol", "conclusion"]
    assert len(wanted) == 2 + 3 * 10
    out = tmp_path / "out"
    out.mkdir()
    way = ToFolder(out, None)
    really = way.put

    def put(*words: object) -> str:
        if len(list(out.iterdir())) == 4:
            papers._delivery.stop.set()  # type: ignore[union-attr]
        return really(*words)  # type: ignore[arg-type]

    way.put = put  # type: ignore[method-assign, assignment]
    papers._deliver(way)
    assert papers.stop_button.isVisible()
    assert papers.bar.isVisible()
    assert not papers.print_button.isEnabled()
    settled(qtbot, tasks)
    assert len(recorded(desk)) == 5
    assert papers.note.text() == "Сохранено: 5 из 32."
    assert not papers.stop_button.isVisible()
    left = papers.wanted()
    assert len(left) == 3 * 10 - 3
    assert "выдано: 3" in papers.list.item(0).text()
    papers.write(out, None)
    settled(qtbot, tasks)
    assert len(recorded(desk)) == 32
    assert papers.wanted() == []
    assert not papers.print_button.isEnabled()
    papers.left_box.setChecked(False)
    assert len(papers.wanted()) == 30
    papers.strict_box.setChecked(False)
    assert {"certificate", "extract", "general-capacity"}.isdisjoint(item[1] for item in papers.wanted())
    assert all("Әбенов" not in path.name for path in out.iterdir())
    assert desk.integrity.verify().problem is None


def test_a_printer_that_fails_leaves_every_case_ready_and_says_how_far_it_was(
    papers: SessionPapers, session: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _, _, tasks, _ = session
    sent: list[str] = []

    def put(self: ToPrinter, document: str, language: str, _paper: object) -> str:
        if len(sent) == 6:
            raise KnownError(Text(N_("The printer did not take the document. Check that it is on, connected and has"
                                     " paper, then print again.")))  # fmt: skip
        sent.append(f"{document} {language}")
        return "HP"

    monkeypatch.setattr(ToPrinter, "put", put)
    printer = to_pdf(tmp_path / "never.pdf")
    printer.setCopyCount(2)
    monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_: printer)
    papers.print_button.click()
    settled(qtbot, tasks)
    assert len(recorded(desk)) == 6
    assert {(one["how"], one["copies"]) for one in recorded(desk)} == {("printed", 2)}
    assert "Выдано: 6 из 32" in papers.note.text()
    assert papers.print_button.isEnabled()
    monkeypatch.setattr(ToPrinter, "put", lambda *_: "HP")
    papers.print_button.click()
    settled(qtbot, tasks)
    told = [(one["document"], one["language"]) for one in recorded(desk) if one["document"] == "certificate"]
    assert told == [("certificate", "kk+ru")] * 3, "each went out once"
    assert not any(one.get("duplicate") for one in recorded(desk))


def test_a_folder_is_encrypted_unless_chosen_otherwise(
    papers: SessionPapers, session: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _, _, tasks, _ = session
    desk.papers.add_range(PaperKind.DISABILITY_CERTIFICATE, "АА", "1", "9")
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(papers_module, "choose_folder", lambda *_: out)
    papers.folder_button.click()
    dialog = next(top for top in QApplication.topLevelWidgets() if isinstance(top, FolderDialog) and top.isVisible())
    assert dialog.sealed.isChecked()
    dialog.passphrase.first.edit.setText("123")
    dialog.go_button.click()
    assert dialog.isVisible()
    for line in (dialog.passphrase.first, dialog.passphrase.second):
        line.edit.setText(SECRET)
    dialog.go_button.click()
    settled(qtbot, tasks)
    found = sorted(out.iterdir())
    assert len(found) == 32
    for path in found[:3]:
        reader = PdfReader(path)
        assert reader.is_encrypted
        assert reader.decrypt(SECRET)
        [sealed] = reader.attachments[path.name]
        assert str(desk.paper_witness.check(sealed).verdict) == "genuine"
    assert b"SRP1:" not in found[0].read_bytes()
    assert {one["how"] for one in recorded(desk)} == {"folder"}
    with desk._place.database.reading() as connection:
        told = [str(record) for _, record in EVENTS.told(connection, "document.printed")]
    assert not any(SECRET in one for one in told)
