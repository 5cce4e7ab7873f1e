"""The papers of a case in the window: listed, seen, printed and saved one by one or as a set, on the worker."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.screens.conclusion.panel as panel_module
from app.domain.errors import KnownError
from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from app.storage.chain import EVENTS
from tests import factories
from tests.documents.papers import pages, text_of
from ui.delivery import ToFiles
from ui.language import Language
from ui.screens.conclusion import ConclusionPanel
from ui.tasks import TaskRunner
from ui.theme import Appearance

Shown = tuple[ConclusionPanel, Desk, str, TaskRunner]


@pytest.fixture
def shown(qapp: QApplication, full_desk: Desk, qtbot: QtBot) -> Iterator[Shown]:
    """The panel on a signed case whose certificate stands on a blank, in Kazakh."""
    look, language, tasks = Appearance(qapp, "light"), Language("kk"), TaskRunner()
    view = factories.signed_case(full_desk)
    full_desk.papers.add_range(PaperKind.DISABILITY_CERTIFICATE, "АА", "0000007", "0000100")
    full_desk.papers.issue(view.id, PaperKind.DISABILITY_CERTIFICATE)
    panel = ConclusionPanel(full_desk, tasks, language)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    panel.show_case(view)
    panel.show()
    settled(qtbot, tasks)
    yield panel, full_desk, view.id, tasks
    tasks.close()
    language.deleteLater()
    look.deleteLater()


def settled(qtbot: QtBot, tasks: TaskRunner) -> None:
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20000)


def listed(panel: ConclusionPanel) -> list[str]:
    rows = range(panel.list.list.count())
    return [str(panel.list.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in rows]


def pick(panel: ConclusionPanel, document: str, qtbot: QtBot, tasks: TaskRunner) -> str:
    """Choose a paper in the list; its text."""
    panel.list.list.setCurrentRow(listed(panel).index(document))
    settled(qtbot, tasks)
    rendered = panel.previews[panel.chosen()[0]].rendered
    assert rendered is not None
    return text_of(rendered.pdf)


def told(desk: Desk, case_id: str) -> list[tuple[str, str, str]]:
    """What was recorded: document, language, where it went."""
    with desk._place.database.reading() as connection:
        found = [event["payload"] for _, event in sorted(EVENTS.of_case(connection, case_id))
                 if event["type"] == "document.printed"]  # fmt: skip
    return [(one["document"], one["language"], one.get("target", "")) for one in found]


def to_pdf(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_the_list_holds_what_the_case_has_and_shows_what_is_chosen(shown: Shown, qtbot: QtBot) -> None:
    panel, _, _, tasks = shown
    assert listed(panel) == [
        "conclusion", "act", "certificate", "extract", "general-capacity", "plain", "plain-large", "notice",
        "notice-employer",
        "application", "receipt",
    ]  # fmt: skip
    assert "АА № 0000007" in panel.list.list.item(2).text()
    assert "Мүгедектік туралы анықтама Сериясы АА № 0000007" in pick(panel, "certificate", qtbot, tasks)
    panel.choices["kk+ru"].click()
    settled(qtbot, tasks)
    assert "Справка об инвалидности" in text_of(panel.previews["kk+ru"].rendered.pdf)  # type: ignore[union-attr]
    pick(panel, "conclusion", qtbot, tasks)
    assert panel.chosen() == ("kk", "ru")
    assert not panel.choices["kk+ru"].isVisible()
    assert panel.print_button.text() == "Екеуін де басып шығару"


def test_printed_twice_the_certificate_is_a_duplicate_and_the_preview_says_so(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, case_id, tasks = shown
    assert "ТЕЛНҰСҚА" not in pick(panel, "certificate", qtbot, tasks)
    on_worker: list[bool] = []
    really = panel_module.ToPrinter.put

    def put(self: object, *words: object) -> str:
        on_worker.append(threading.current_thread() is not threading.main_thread())
        return really(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(panel_module.ToPrinter, "put", put)
    for name in ("first.pdf", "second.pdf"):
        monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_, name=name: to_pdf(tmp_path / name))
        panel.print_button.click()  # the second at once: what it prints is made after the first was recorded
    settled(qtbot, tasks)
    assert on_worker == [True, True]
    assert [one[0] for one in told(desk, case_id)] == ["certificate", "certificate"]
    with desk._place.database.reading() as connection:
        payloads = [event["payload"] for _, event in sorted(EVENTS.of_case(connection, case_id))]
    assert [one["duplicate"] for one in payloads if "duplicate" in one] == [False, True]
    assert (tmp_path / "second.pdf").stat().st_size > 0
    assert "ТЕЛНҰСҚА" in text_of(panel.previews["kk"].rendered.pdf)  # type: ignore[union-attr]
    assert "2 рет берілді" in panel.list.list.item(2).text()


def test_the_set_is_saved_into_one_folder_and_recorded_paper_by_paper(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, case_id, tasks = shown
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(panel_module, "ask_folder", lambda *_: out)
    pick(panel, "certificate", qtbot, tasks)
    panel.choices["kk+ru"].click()
    with qtbot.waitSignal(panel.produced, timeout=20000):
        panel.list.save_button.click()
    settled(qtbot, tasks)
    found = sorted(path.name for path in out.iterdir())
    assert len(found) == 10
    assert [one[2] for one in told(desk, case_id)] == [
        name
        for form in ("conclusion", "act", "certificate", "extract", "general-capacity", "plain", "notice", "receipt")
        for name in found if name.startswith(form)
    ]  # fmt: skip
    receipt = next(path for path in out.iterdir() if path.name.startswith("receipt"))
    assert "Сериясы АА № 0000007 қазақша, орысша" in text_of(receipt.read_bytes())
    assert panel.said.text() == "Сақталған құжат: 10, барлығы 10."
    assert desk.integrity.verify().problem is None


def test_a_set_that_is_refused_in_the_middle_stays_ready_and_only_what_went_out_is_recorded(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, case_id, tasks = shown
    really, count = ToFiles.put, 0

    def put(self: ToFiles, *words: object) -> str:
        nonlocal count
        count += 1
        if count == 3:
            (tmp_path / "refused").mkdir()
            self._folder = tmp_path / "no"
        return really(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(ToFiles, "put", put)
    monkeypatch.setattr(panel_module, "ask_folder", lambda *_: tmp_path)
    said: list[object] = []
    tasks.failed.connect(said.append)
    with qtbot.assertNotEmitted(panel.produced):
        panel.list.save_button.click()
        settled(qtbot, tasks)
    assert len(said) == 1
    assert isinstance(said[0], KnownError)
    assert [one[0] for one in told(desk, case_id)] == ["conclusion", "act"]
    assert panel.list.print_button.isEnabled()
    assert not panel.stop_button.isVisible()


def test_a_set_stops_after_the_paper_under_way(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, case_id, tasks = shown
    really = ToFiles.put

    def put(self: ToFiles, *words: object) -> str:
        entered.set()
        pressed.wait(10)
        return really(self, *words)  # type: ignore[arg-type]

    entered, pressed = threading.Event(), threading.Event()
    monkeypatch.setattr(ToFiles, "put", put)
    monkeypatch.setattr(panel_module, "ask_folder", lambda *_: tmp_path)
    panel.list.save_button.click()
    assert panel.stop_button.isVisible()
    assert entered.wait(20)
    panel.stop_button.click()
    pressed.set()
    settled(qtbot, tasks)
    assert [one[0] for one in told(desk, case_id)] == ["conclusion"]
    assert panel.said.text() == "Сақталған құжат: 1, барлығы 8."


def test_the_printed_set_has_every_page_and_a_refused_case_shows_its_refusal_first(
    shown: Shown, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, desk, _, tasks = shown
    view = desk.examinations.import_case(factories.case_document())
    ending = {"kind": "refusal", "ground": "expired_documents", "on": "2026-11-18", "head": factories.NAMES["head"]}
    panel.show_case(desk.endings.end(view.id, ending))
    settled(qtbot, tasks)
    assert panel.document == "refusal"
    assert listed(panel) == ["conclusion", "refusal", "application"]
    monkeypatch.setattr("ui.widgets.output.ask_printer", lambda *_: to_pdf(tmp_path / "printed.pdf"))
    panel.list.print_button.click()
    settled(qtbot, tasks)
    assert pages((tmp_path / "printed.pdf").read_bytes()) == 1
    assert told(desk, view.id) == [("refusal", "kk", "printed.pdf")]
