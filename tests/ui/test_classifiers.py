"""Official tables in the window: imported in the settings, searched and walked through in a case."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests import factories
from tests.ui.conftest import Type
from tests.ui.test_case import KEY, POPUP, control, reopen, stored
from tests.unit.test_classifier_table import ICD10, KATO
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.browse import BrowseDialog
from ui.screens.settings.classifiers import ClassifiersPage, ImportDialog
from ui.screens.trips.details import DetailsPanel
from ui.widgets.code_search import CodeField
from ui.widgets.place_field import PlaceField
from ui.widgets.rows import CodeRow, RowsField

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]


@pytest.fixture
def settings(signed_in: SignedIn, idle: Idle) -> Callable[..., ClassifiersPage]:
    """The page of the classifiers in the settings."""

    def open_it(language: str = "en", window: MainWindow | None = None) -> ClassifiersPage:
        window = window or signed_in(language)
        window.show_settings()
        idle(window)
        screen = window.screens.currentWidget()
        screen.sections.setCurrentRow(screen.pages.index(screen.classifiers))  # type: ignore[union-attr]
        page = screen.classifiers  # type: ignore[union-attr]
        assert isinstance(page, ClassifiersPage)
        return page

    return open_it


def window_of(page: ClassifiersPage) -> MainWindow:
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def take(page: ClassifiersPage, idle: Idle, path: Path) -> ImportDialog:
    """Choose a file, and say yes to what it changes."""
    page.read(path)
    idle(window_of(page))
    dialog = page.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    QTest.keyClick(dialog.done_button, KEY.Key_Return)
    idle(window_of(page))
    return dialog


def table(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def lines(page: ClassifiersPage) -> list[str]:
    return [page.refused.item(at).text() for at in range(page.refused.count())]


def case_in(window: MainWindow, idle: Idle) -> CaseScreen:
    found = []
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: desk.examinations.import_case(factories.case_document()), done=found.append)
    idle(window)
    return reopen(window, found[0].id, idle)


def test_a_table_is_imported_after_a_look_at_what_it_changes(
    settings: Callable[..., ClassifiersPage], idle: Idle, tmp_path: Path
) -> None:
    page = settings()
    assert "not loaded" in page.list.item(1).text()
    assert "come with the program" in page.list.item(2).text()
    page.read(table(tmp_path, ICD10 + "6;x;69I;Неверно;3;;1;\n"))
    idle(window_of(page))
    dialog = page.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    assert dialog.language.currentText() == "in Russian"
    assert [dialog.list.item(at).text() for at in range(dialog.list.count())][::4] == ["new: 5", "refused: 1"]
    QTest.keyClick(dialog, KEY.Key_Escape)
    idle(window_of(page))
    assert "not loaded" in page.list.item(1).text(), "whoever says no has changed nothing"
    QApplication.sendPostedEvents(None, 52)  # the dialogue is gone
    take(page, idle, table(tmp_path, ICD10 + "6;x;69I;Неверно;3;;1;\n"))
    assert page.verdict.text().startswith("✓")
    assert "line 7: “69I” is not a code of this table" in lines(page)
    assert "5 rows" in page.list.item(1).text()
    assert factories.NAMES[factories.HEAD] in page.list.item(1).text()
    assert window_of(page).focusWidget() is page.import_button
    page.read(table(tmp_path, "nothing;of;the;kind\n1;2;3;4\n"))
    idle(window_of(page))
    assert page.verdict.text().startswith("✗ Line 1 has to name the columns")
    window_of(page).choose_language("kk")
    assert "қабылданбады" in page.verdict.text() or "бағандардың" in page.verdict.text()


def test_an_import_can_be_stopped(
    settings: Callable[..., ClassifiersPage], idle: Idle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = settings()
    service = page._desk.classifiers
    read = service.read
    monkeypatch.setattr(service, "read", lambda path, tell, stopped: (page.stop(), read(path, tell, stopped))[1])
    page.read(table(tmp_path, "code;name\n" + "".join(f"{n:09};место\n" for n in range(1, 1500))))
    assert page.stop_button.hasFocus()
    idle(window_of(page))
    assert "stopped" in page.verdict.text()
    assert page.findChild(ImportDialog) is None
    assert service.loaded() == ()


@POPUP
def test_titles_are_searched_in_every_language_and_say_which_one_they_are_in(
    settings: Callable[..., ClassifiersPage], idle: Idle, tmp_path: Path, type_text: Type, qtbot: QtBot
) -> None:
    page = settings("kk")
    window = window_of(page)
    screen = case_in(window, idle)
    screen.go("diagnosis")
    field = screen.form.fields["diagnosis.main.icd10"]
    assert isinstance(field, CodeField)
    assert "(ағылшынша)" in field.remark.text(), "a title in another language than the window's says so"
    field.edit.clear()
    type_text(field.edit, "ми инфаркт")
    model = field.hits.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    said = str(model.index(0, 0).data())
    assert said.startswith("Қазақша атаулар жүктелмеген"), "instead of an empty list"
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEnabled
    field.hits.popup().hide()
    take(settings(window=window), idle, table(tmp_path, ICD10))
    screen = case_in(window, idle)
    screen.go("diagnosis")
    field = screen.form.fields["diagnosis.main.icd10"]
    assert isinstance(field, CodeField)
    assert "Последствия инфаркта мозга" in field.remark.text()
    assert "(орысша)" in field.remark.text()
    window.choose_language("ru")
    assert "(" not in field.remark.text(), "in its own language a title needs no sign"
    field.edit.clear()
    type_text(field.edit, "инфаркта последствия")
    qtbot.waitUntil(lambda: field.hits.model().rowCount() >= 1)
    assert str(field.hits.model().index(0, 0).data()).startswith("I69.3")
    field.hits.popup().hide()


@POPUP
def test_a_code_is_found_by_walking_from_chapter_to_block_by_keyboard(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot
) -> None:
    window = signed_in("ru")
    screen = case_in(window, idle)
    screen.go("diagnosis")
    field = screen.form.fields["diagnosis.main.icd10"]
    assert isinstance(field, CodeField)
    field.edit.setFocus()
    control(KEY.Key_B)
    dialog = window.findChild(BrowseDialog)
    assert isinstance(dialog, BrowseDialog)
    qtbot.waitUntil(dialog.tree.hasFocus)
    assert dialog.tree.currentItem().text(0) == "I69.3", "it opens where the field stands"
    way = []
    while (item := dialog.tree.currentItem().parent()) is not None:
        dialog.tree.setCurrentItem(item)
        way.append(item.text(0))
    assert way == ["I69", "I60-I69", "IX"]
    assert "кровообращени" in dialog.tree.currentItem().text(1)
    assert not dialog.choose_button.isEnabled(), "a chapter is no diagnosis"
    for key in (KEY.Key_Right, KEY.Key_Down):  # open it already is: the first block, then the next one
        QTest.keyClick(dialog.tree, key)
    QTest.keyClick(dialog.tree, KEY.Key_Right)
    QTest.keyClick(dialog.tree, KEY.Key_Right)
    assert dialog.tree.currentItem().text(0) == "I05"
    assert dialog.full.text().startswith("I05   Rheumatic mitral valve diseases (на английском)")
    QTest.keyClick(dialog.tree, KEY.Key_Return)
    idle(window)
    assert field.edit.text() == "I05"
    assert stored(screen, idle).document["diagnosis"]["main"]["icd10"] == "I05"
    rows = screen.form.fields["diagnosis.accompanying"]
    assert isinstance(rows, RowsField)
    row = rows.add_row()
    assert isinstance(row, CodeRow)
    row.browse_button.click()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(BrowseDialog)))
    dialog = next(d for d in window.findChildren(BrowseDialog) if d.isVisible())
    assert dialog.tree.currentItem().text(0) == "I", "nothing typed: the first chapter"
    dialog.go_to("E11.9")
    QTest.keyClick(dialog.choose_button, KEY.Key_Space)
    assert row.code.text() == "E11.9"
    assert window.focusWidget() is row.words


@POPUP
def test_a_place_is_chosen_by_typing_once_the_table_of_places_is_there(
    settings: Callable[..., ClassifiersPage], idle: Idle, tmp_path: Path, type_text: Type, qtbot: QtBot
) -> None:
    page = settings("ru")
    window = window_of(page)
    screen = case_in(window, idle)
    assert not isinstance(screen.form.fields["person.address.kato"], PlaceField), "before it only the regions"
    take(settings(window=window), idle, table(tmp_path, KATO))
    screen = case_in(window, idle)
    field = screen.form.fields["person.address.kato"]
    assert isinstance(field, PlaceField)
    assert field.edit.text() == "Актюбинская область, Алгинский район"
    window.choose_language("kk")
    assert field.edit.text() == "Ақтөбе облысы, Алға ауданы"
    field.edit.clear()
    type_text(field.edit, "алға бест")
    qtbot.waitUntil(lambda: field.hits.model().rowCount() == 1)
    field.hits.popup().hide()
    field.edit.setFocus()
    type_text(field.edit, "а")
    field.settle()
    idle(window)
    assert field.edit.text() == "Ақтөбе облысы, Алға ауданы, с.Бестамак"
    assert stored(screen, idle).document["person"]["address"]["kato"] == "153230100"
    for typed, kept in (("150000001", "150000001"), ("шалқар", None)):
        field.edit.clear()
        type_text(field.edit, typed)
        field.settle()
        idle(window)
        if kept:
            assert "енгізілген кестеде жоқ" in field.remark.text()
            assert stored(screen, idle).document["person"]["address"]["kato"] == kept
        else:
            assert "Тізімнен мекенді таңдаңыз" in field.error.text()
    assert isinstance(field.edit, QLineEdit)


def test_a_trip_takes_its_place_from_the_same_table(
    settings: Callable[..., ClassifiersPage], idle: Idle, tmp_path: Path, type_text: Type
) -> None:
    page = settings("ru")
    window = window_of(page)
    take(page, idle, table(tmp_path, KATO))
    desk = window.desk
    assert desk is not None
    made = []
    window.tasks.run(desk.trips.create, done=made.append)
    idle(window)
    panel = DetailsPanel(desk, window.tasks, window.language, factories.FakeClock().today)
    panel.show_trip(made[0])
    type_text(panel.kato.edit, "с.Бестамак")
    panel.kato.hits.popup().hide()
    panel.kato.settle()
    idle(window)
    assert panel.kato.edit.text() == "Актюбинская область, Алгинский район, с.Бестамак"
    trip = []
    window.tasks.run(lambda: desk.trips.trip(made[0].id), done=trip.append)
    idle(window)
    assert (trip[0].fields["kato"], trip[0].fields["settlement"]) == ("153230100", "с.Бестамак")
    panel.deleteLater()
