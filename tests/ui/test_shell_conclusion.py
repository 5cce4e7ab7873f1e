"""The conclusion on the screen, on paper and in a file: the real PDF of a real case."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.screens.conclusion.panel as panel_module
from app.domain.errors import KnownError
from app.services.desk import Desk
from app.services.views import CaseView
from tests import factories
from ui.language import Language
from ui.screens.conclusion import ConclusionPanel
from ui.tasks import TaskRunner
from ui.theme import Appearance
from ui.widgets.output import print_pdf, write_file

Shown = tuple[ConclusionPanel, Desk, CaseView, TaskRunner]


@pytest.fixture
def shown(qapp: QApplication, full_desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """The panel on a signed case, in Kazakh."""
    look, language, tasks = Appearance(qapp, "light"), Language("kk"), TaskRunner()
    view = factories.signed_case(full_desk)
    panel = ConclusionPanel(full_desk, tasks, language)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show_case(view)
    panel.show()
    qtbot.waitUntil(lambda: not tasks.busy, timeout=15000)
    yield panel, full_desk, view, tasks
    tasks.close()
    language.deleteLater()
    look.deleteLater()


def settled(qtbot: QtBot, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not tasks.busy, timeout=15000)


def paper(panel: ConclusionPanel, code: str) -> bytes:
    rendered = panel.previews[code].rendered
    assert rendered is not None
    return rendered.pdf


def test_the_preview_is_the_real_paper_in_the_language_chosen(shown: Shown, qtbot: QtBot) -> None:
    panel, _desk, view, tasks = shown
    assert panel.chosen() == ("kk",)
    assert panel.previews["kk"].pages() >= 1
    assert view.number in PdfReader(io.BytesIO(paper(panel, "kk"))).pages[0].extract_text()
    panel.choices["ru"].click()
    settled(qtbot, tasks)
    assert panel.previews["ru"].isVisible()
    assert not panel.previews["kk"].isVisible()
    assert "инвалидност" in PdfReader(io.BytesIO(paper(panel, "ru"))).pages[0].extract_text()


def test_the_page_is_drawn(shown: Shown, qtbot: QtBot) -> None:
    panel, *_ = shown

    def inks() -> int:
        image = panel.previews["kk"].view.viewport().grab().toImage()
        return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})

    qtbot.waitUntil(lambda: inks() > 20, timeout=5000)


def test_three_languages_stand_side_by_side(shown: Shown, qtbot: QtBot) -> None:
    panel, _desk, _view, tasks = shown
    panel.choices["all"].click()
    settled(qtbot, tasks)
    at = [panel.previews[code].x() for code in ("kk", "ru", "en")]
    assert all(panel.previews[code].isVisible() for code in ("kk", "ru", "en"))
    assert at == sorted(at)
    assert len({paper(panel, code) for code in ("kk", "ru", "en")}) == 3


def test_saving_writes_the_whole_paper_and_is_recorded(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, _view, _tasks = shown
    events = desk.integrity.verify().events
    offered: list[str] = []

    def ask(_t: object, _parent: object, name: str) -> Path:
        offered.append(name)
        return tmp_path / "out.pdf"

    monkeypatch.setattr(panel_module, "ask_file", ask)
    with qtbot.waitSignal(panel.produced, timeout=5000) as produced:
        panel.save_button.click()
    assert produced.args == ["saved"]
    assert (tmp_path / "out.pdf").read_bytes() == paper(panel, "kk")
    assert desk.integrity.verify().events == events + 1
    person = factories.case_document()["person"]
    assert not any(str(person[key]).lower() in offered[0].lower() for key in ("surname", "given_name", "iin"))


def test_a_changed_mind_saves_and_records_nothing(shown: Shown, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    panel, _desk, _view, _tasks = shown
    monkeypatch.setattr(panel_module, "ask_file", lambda *_: None)
    with qtbot.assertNotEmitted(panel.produced, wait=50):
        panel.save_button.click()


def test_printing_puts_every_page_onto_the_printer(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, _desk, _view, _tasks = shown
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_: printer)
    with qtbot.waitSignal(panel.produced, timeout=5000) as produced:
        panel.print_button.click()
    assert produced.args == ["printed"]
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == panel.previews["kk"].pages()


@pytest.mark.qt_log_ignore("QPdf|QPainter")
def test_a_printer_that_fails_leaves_a_message_and_no_record(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, _desk, _view, tasks = shown
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no" / "such" / "folder" / "printed.pdf"))
    monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_: printer)
    said: list[object] = []
    tasks.failed.connect(said.append)
    with qtbot.assertNotEmitted(panel.produced):
        panel.print_button.click()
        settled(qtbot, tasks)
    assert len(said) == 1
    assert isinstance(said[0], KnownError)


def test_a_folder_that_refuses_is_said_and_leaves_nothing_half(tmp_path: Path) -> None:
    with pytest.raises(KnownError):
        write_file(tmp_path / "no" / "out.pdf", b"%PDF-")
    (tmp_path / "out.pdf").mkdir()
    with pytest.raises(KnownError):
        write_file(tmp_path / "out.pdf", b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]


def test_a_page_that_is_one_language_keeps_its_place_when_shown_again(shown: Shown, qtbot: QtBot) -> None:
    panel, _desk, view, tasks = shown
    before = panel.previews["kk"]._document
    panel.show_case(view)
    settled(qtbot, tasks)
    assert panel.previews["kk"]._document is before


def test_zoom_goes_up_down_and_back_to_the_width(shown: Shown) -> None:
    panel, *_ = shown
    preview = panel.previews["kk"]
    wide = preview.factor()
    panel.zoom_bar.larger_button.click()
    assert preview.factor() > wide
    panel.zoom_bar.smaller_button.click()
    panel.zoom_bar.smaller_button.click()
    assert preview.factor() < wide
    panel.zoom_bar.fit_button.click()
    assert preview.factor() == pytest.approx(wide, rel=0.05)


def test_a_printer_that_stops_between_pages_is_a_failure(qapp: QApplication, full_desk: Desk, tmp_path: Path) -> None:
    rendered = full_desk.conclusions.render(factories.decided_case(full_desk).id, "conclusion", "en")
    assert rendered.draft
    assert len(PdfReader(io.BytesIO(rendered.pdf)).pages) > 1

    class OutOfPaper(QPrinter):
        def newPage(self) -> bool:
            return False

    printer = OutOfPaper(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    with pytest.raises(KnownError):
        print_pdf(rendered.pdf, printer, qapp)


def test_a_paper_goes_out_as_often_as_asked_for(qapp: QApplication, full_desk: Desk, tmp_path: Path) -> None:
    rendered = full_desk.conclusions.render(factories.decided_case(full_desk).id, "conclusion", "en")
    pages = len(PdfReader(io.BytesIO(rendered.pdf)).pages)

    class OneByOne(QPrinter):
        def supportsMultipleCopies(self) -> bool:
            return False

    printer = OneByOne(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setCopyCount(2)
    print_pdf(rendered.pdf, printer, qapp)
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == 2 * pages
