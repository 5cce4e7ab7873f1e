"""What comes with the referral, in the real window: the rest of 031/у, the list of documents, copies of papers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import UserError
from app.services.desk import Desk
from tests.factories import DECISION, case_document
from tests.ui.conftest import Type
from tests.ui.test_case import Idle, Open, open_case, press, stored, to_step  # noqa: F401 - fixtures
from ui import copies
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.copy_dialogs import CopyDialog, CopyViewer
from ui.widgets.line_choice import LineChoiceField
from ui.widgets.question import Question
from ui.widgets.rows import RowsField

KEY = Qt.Key


def window_of(screen: CaseScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def picture(width: int = 2600, height: int = 1800, colour: int = 0xFFCCDDEE) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


@pytest.fixture
def files(tmp_path: Path, qapp: object) -> Path:
    """A photograph, a scan as PDF, a cut-off picture and a letter."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "ЭКГ.jpg").write_bytes(copies.encoded(picture()))
    (folder / "small.png").write_bytes(copies.encoded(picture(40, 30), "PNG"))
    (folder / "cut.jpg").write_bytes(copies.encoded(picture())[:600])
    (folder / "letter.docx").write_bytes(b"PK\x03\x04")
    writer = QPdfWriter(str(folder / "scan.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    painter.drawLine(0, 0, 500, 500)
    writer.newPage()
    painter.drawLine(0, 0, 500, 500)
    painter.end()
    return folder


@pytest.fixture
def dialogs(qtbot: QtBot) -> Callable[[CaseScreen], CopyDialog]:
    """The dialogue that asks what the next copy is."""

    def wait(screen: CaseScreen) -> CopyDialog:
        found: list[CopyDialog] = []

        def there() -> bool:
            found[:] = [d for d in window_of(screen).findChildren(CopyDialog) if d.isVisible()]
            return bool(found)

        qtbot.waitUntil(there, timeout=10000)
        return found[0]

    return wait


def add(screen: CaseScreen, dialog: CopyDialog, idle: Idle, *, of: str = "result", title: str | None = None) -> None:
    dialog.of.setCurrentIndex(dialog.of.findData(of))
    if title is not None:
        dialog.title.setText(title)
    dialog.save_button.click()
    idle(window_of(screen))


def attached(screen: CaseScreen, idle: Idle) -> list[dict[str, Any]]:
    return list((stored(screen, idle).document.get("dossier") or {}).get("attachments") or ())


def test_a_photograph_is_made_smaller_added_looked_at_renamed_and_taken_out(
    open_case: Open,  # noqa: F811
    idle: Idle,
    files: Path,
    dialogs: Callable[[CaseScreen], CopyDialog],
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    field = screen.referral.copies
    screen.copy_desk.take_files([files / "ЭКГ.jpg"])
    dialog = dialogs(screen)
    assert dialog.title.text() == "ЭКГ"
    assert dialog.smaller.isChecked()
    dialog.save_button.click()
    assert dialog._of.error.isVisible(), "what it is has to be said"
    QTest.keyClick(dialog.of, Qt.Key.Key_Down)
    assert not dialog._of.error.isVisible(), "said, and still red"
    add(screen, dialog, idle)
    (entry,) = attached(screen, idle)
    assert (entry["kind"], entry["title"], entry["of"]) == ("jpeg", "ЭКГ", "result")
    stored_picture: list[bytes] = []
    screen._tasks.run(lambda: screen._desk.attachments.content(entry["digest"]), done=stored_picture.append)
    idle(window_of(screen))
    assert max(copies.picture(stored_picture[0]).size().toTuple()) == copies.LONGEST_SIDE
    assert field.list.count() == 1
    assert not field.list.item(0).icon().isNull()
    assert not field.nothing.isVisible()
    QTest.keyClick(field.list, KEY.Key_Return)
    idle(window_of(screen))
    viewer = window_of(screen).findChild(CopyViewer)
    assert viewer is not None
    viewer.zoom(1)
    viewer.zoom(-1)
    viewer.zoom(0)
    viewer.accept()
    field.change_button.click()
    add(screen, dialogs(screen), idle, of="consultation", title="Кардиолог")
    assert [(e["title"], e["of"]) for e in attached(screen, idle)] == [("Кардиолог", "consultation")]
    field.remove_button.click()
    question = window_of(screen).findChild(Question)
    assert question is not None
    question.leave_button.click()
    idle(window_of(screen))
    assert attached(screen, idle) == []
    assert field.nothing.isVisible()


@pytest.mark.qt_log_ignore("JPEG", extend=True)
def test_several_files_are_asked_about_in_turn_and_what_is_broken_is_said(
    open_case: Open,  # noqa: F811
    idle: Idle,
    files: Path,
    dialogs: Callable[[CaseScreen], CopyDialog],
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    field = screen.referral.copies
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(files / name)) for name in ("cut.jpg", "scan.pdf", "letter.docx")])
    drop = QDropEvent(
        QPoint(5, 5).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    field.dropEvent(drop)
    dialog = dialogs(screen)
    assert "“cut.jpg” is broken or was cut off" in field.error.text()
    assert "2 pages" in dialog.facts.text()
    assert not dialog.smaller.isVisible()
    add(screen, dialog, idle, of="identity")
    assert "collecting them is prohibited" in dialog._of.error.text()
    add(screen, dialog, idle, of="extract")
    assert "“letter.docx” is neither" in field.error.text()
    (entry,) = attached(screen, idle)
    assert (entry["kind"], entry["pages"], entry["of"]) == ("pdf", 2, "extract")
    screen.copy_desk.take_files([files / "scan.pdf"])
    again = dialogs(screen)
    add(screen, again, idle, of="extract")
    assert "attached to the case already" in again._title.error.text()
    again.reject()
    field.list.setCurrentRow(0)
    field.open_button.click()
    idle(window_of(screen))
    viewer = window_of(screen).findChild(CopyViewer)
    assert viewer is not None
    viewer.zoom(1)
    viewer.accept()


def test_a_picture_is_pasted_and_an_empty_clipboard_is_said(
    open_case: Open,  # noqa: F811
    idle: Idle,
    dialogs: Callable[[CaseScreen], CopyDialog],
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    field = screen.referral.copies
    QGuiApplication.clipboard().clear()
    field.paste_button.click()
    assert "no picture and no file to paste" in field.error.text()
    QGuiApplication.clipboard().setImage(picture(300, 200))
    field.paste_button.click()
    add(screen, dialogs(screen), idle, title="Анализ")
    assert [e["title"] for e in attached(screen, idle)] == ["Анализ"]


def test_a_decided_case_shows_its_copies_and_takes_none(
    open_case: Open,  # noqa: F811
    idle: Idle,
    files: Path,
    dialogs: Callable[[CaseScreen], CopyDialog],
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    screen.copy_desk.take_files([files / "small.png"])
    add(screen, dialogs(screen), idle)
    screen.record.decide(DECISION, lambda error: pytest.fail(str(error)))
    idle(window_of(screen))
    field = screen.referral.copies
    assert field.open_button.isVisibleTo(field)
    assert not field.add_button.isVisibleTo(field)
    assert not field.remove_button.isVisibleTo(field)
    assert screen.referral.rest.add_button.isVisibleTo(screen.referral), "folded texts can be looked at"


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_broken_files_are_refused_in_words(qtbot: QtBot, data: bytes) -> None:
    with pytest.raises(UserError):
        copies.make_ready(data, "paper")


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_whose_end_is_missing_is_refused(qtbot: QtBot, form: str) -> None:
    whole = copies.encoded(QImage(str(Path("docs/pictures/cases-ru.png").resolve())), form)
    assert copies.make_ready(whole, "paper").width == 1366
    assert copies.make_ready(whole + b"what a camera adds", "paper").width == 1366
    for part in (0.2, 0.5, 0.95):
        with pytest.raises(UserError, match="cut off"):
            copies.make_ready(whole[: int(len(whole) * part)], "paper")


def test_the_rest_of_the_form_is_folded_until_it_is_wanted(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    rest = screen.referral.rest
    assert not rest.is_open
    rest.add_button.click()
    anamnesis = screen.form.fields["dossier.referral.anamnesis"]
    type_text(anamnesis.focus_widget(), "Болен с 2025 года.")
    spells = screen.form.fields["dossier.referral.incapacity"]
    assert isinstance(spells, RowsField)
    spells.add_button.click()
    row = spells.rows[0]
    type_text(row.first, "11052026")  # type: ignore[attr-defined]
    type_text(row.last, "1.10.26")  # type: ignore[attr-defined]
    type_text(row.diagnosis, "I63")  # type: ignore[attr-defined]
    screen.settle()
    idle(window_of(screen))
    kept = stored(screen, idle).document["dossier"]["referral"]
    assert kept["anamnesis"] == "Болен с 2025 года."
    assert kept["incapacity"] == [{"from": "2026-05-11", "to": "2026-10-01", "diagnosis": "I63"}]
    rest.remove_button.click()
    assert not rest.is_open
    assert stored(screen, idle).document["dossier"]["referral"] == kept, "folding takes nothing away"


def test_documents_are_ticked_off_and_an_absent_one_is_a_remark(
    open_case: Open,  # noqa: F811
    idle: Idle,
) -> None:
    screen = open_case(case_document())
    to_step("referral")
    page = screen.referral
    seen = [f.path.rpartition(".")[2] for f in page.checklist.fields if f.isVisibleTo(page)]
    assert "outpatient_card" in seen
    assert "pedagogical" not in seen, "an adult brings none"
    field = screen.form.fields["dossier.checklist.outpatient_card"]
    assert isinstance(field, LineChoiceField)
    field.focus_widget().setFocus()
    press(KEY.Key_Right, KEY.Key_Space)
    idle(window_of(screen))
    assert stored(screen, idle).document["dossier"]["checklist"] == {"outpatient_card": "absent"}
    assert page.checklist.ground.isVisible()
    assert "outpatient card" in page.checklist.ground_words.text()
    button = screen.steps.buttons["referral"]
    assert "1 remark" in button.text()
    assert "Absent: outpatient card." in button.toolTip()
    screen.record.put("person.birth_date", "2015-03-04")
    assert screen.form.fields["dossier.checklist.pedagogical"].isVisibleTo(page)


def test_the_desk_is_whole_after_all_of_it(open_case: Open, idle: Idle) -> None:  # noqa: F811
    screen = open_case(case_document())
    desk: Desk = screen._desk
    found: list[Any] = []
    screen.record.put("dossier.checklist.work", "present")
    screen._tasks.run(desk.integrity.verify, done=found.append)
    idle(window_of(screen))
    assert found[0].ok
