"""From nothing to the list of cases, by keyboard."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.views import AccessState
from tests import factories
from tests.ui.conftest import Open, Type
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.sign_in.recover import RecoverScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.screens.welcome import WelcomeScreen

NAME = "Нұрланова Айгүл Серікқызы"
Idle = Callable[[MainWindow], None]


def walk_to_recovery(window: MainWindow, type_text: Type, idle: Idle) -> WelcomeScreen:
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    QTest.keyClick(screen.language_page.first_field(), Qt.Key.Key_Return)
    page = screen.department_page
    assert screen.pages.currentWidget() is page
    page.region.setCurrentIndex(page.region.findData(factories.DEPARTMENT.region))
    type_text(page.number, "2")
    QTest.keyClick(page.number, Qt.Key.Key_Return)
    user = screen.user_page
    type_text(user.name, NAME)
    type_text(user.login, "aigul")
    type_text(user.passphrase.first.edit, factories.PASSPHRASE)
    type_text(user.passphrase.second.edit, factories.PASSPHRASE)
    QTest.keyClick(user.passphrase.second.edit, Qt.Key.Key_Return)
    idle(window)
    assert screen.pages.currentWidget() is screen.recovery
    return screen


def test_first_start_ends_in_the_list_and_leaves_an_encrypted_desk(
    open_window: Open, type_text: Type, idle: Idle, data_dir: Path
) -> None:
    window = open_window("kk")
    screen = walk_to_recovery(window, type_text, idle)
    assert len(screen.recovery.code.text().split()) == 9
    assert not screen.next_button.isEnabled()
    QTest.keyClick(screen.recovery.check, Qt.Key.Key_Return)
    assert screen.pages.currentWidget() is screen.recovery
    QTest.keyClick(screen.recovery.check, Qt.Key.Key_Space)
    QTest.keyClick(screen.recovery.check, Qt.Key.Key_Return)
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)
    assert window.desk is not None
    assert window.desk.user.name == NAME
    assert window.desk.department.number == "2"
    assert "Ақтөбе" in window.desk.department.names.kk
    assert "№ 2" in window.desk.department.names.kk
    assert window.access.preferences().language == "kk"
    window.choose_language("ru")  # the pages that are gone don't listen any more
    window.toggle_look()
    assert (window.access.preferences().language, window.access.preferences().theme) == ("ru", "dark")
    assert b"SQLite format 3" not in (data_dir / "saraptama.db").read_bytes()[:16]


def test_what_somebody_wrote_into_a_name_is_not_composed_away(open_window: Open, type_text: Type) -> None:
    window = open_window("ru")
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    page = screen.department_page
    page.region.setCurrentIndex(0)
    page.names["ru"].setPlainText("Особый отдел")
    type_text(page.number, "17")
    assert page.names["ru"].toPlainText() == "Особый отдел"
    assert "17" in page.names["kk"].toPlainText()


def test_a_name_that_was_only_touched_follows_region_and_number_and_none_is_left_without_its_number(
    open_window: Open, type_text: Type
) -> None:
    window = open_window("kk")
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    page, step = screen.department_page, screen.pages
    screen.next()
    page.region.setCurrentIndex(0)
    page.names["ru"].setPlainText(page.names["ru"].toPlainText() + " \n")
    page.names["kk"].setPlainText("2" + page.names["kk"].toPlainText())
    page.region.setCurrentIndex(page.region.findData(factories.DEPARTMENT.region))
    type_text(page.number, "17")
    assert "№ 17" in page.names["ru"].toPlainText()
    assert "…" in page.names["kk"].toPlainText()
    QTest.keyClick(page.number, Qt.Key.Key_Return)
    assert step.currentWidget() is page
    assert page._names["kk"].error.isVisible()
    page.anew_button.click()
    assert "Ақтөбе" in page.names["kk"].toPlainText()
    assert "№ 17" in page.names["kk"].toPlainText()
    assert not page._names["kk"].error.isVisible()
    QTest.keyClick(page.names["kk"], Qt.Key.Key_Return)
    assert step.currentWidget() is screen.user_page


def test_an_empty_page_says_below_each_field_what_is_missing(open_window: Open) -> None:
    window = open_window("en")
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    screen.next()
    screen.next()
    assert screen.pages.currentWidget() is screen.department_page
    assert screen.department_page._region.error.isVisible()
    assert screen.department_page._number.error.isVisible()


def test_a_weak_or_mistyped_passphrase_is_not_taken(open_window: Open, type_text: Type, data_dir: Path) -> None:
    window = open_window("en")
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    page = screen.user_page
    type_text(page.name, NAME)
    type_text(page.login, "aigul")
    type_text(page.passphrase.first.edit, "қысқа")
    assert page.take() is None
    assert page.passphrase.first.bar.value() == 0
    page.passphrase.first.clear()
    type_text(page.passphrase.first.edit, factories.PASSPHRASE)
    type_text(page.passphrase.second.edit, "басқа")
    assert page.passphrase.first.bar.value() >= 2
    assert page.take() is None
    assert not (data_dir / "saraptama.db").exists()


def test_caps_lock_is_noticed(open_window: Open, type_text: Type) -> None:
    window = open_window("en")
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    edit = screen.user_page.passphrase.first
    type_text(edit.edit, "Қ")
    assert not edit.caps.isHidden()
    type_text(edit.edit, "қ")
    assert edit.caps.isHidden()


def test_the_recovery_sheet_leads_back_in_with_a_new_passphrase(
    open_window: Open, type_text: Type, idle: Idle, qtbot: QtBot
) -> None:
    window = open_window("en")
    screen = walk_to_recovery(window, type_text, idle)
    code = screen.recovery.code.text()
    screen.recovery.check.setChecked(True)
    screen.next_button.click()
    idle(window)
    window.sign_out()
    idle(window)
    sign_in = window.screens.currentWidget()
    assert isinstance(sign_in, SignInScreen)
    assert sign_in.login.text() == "aigul"
    sign_in.recover_button.click()
    recover = window.screens.currentWidget()
    assert isinstance(recover, RecoverScreen)
    fresh = "теміржол бойында екі түйе тұр"
    recover.code.setText(code)
    for edit in (recover.passphrase.first.edit, recover.passphrase.second.edit):
        type_text(edit, fresh)
    recover.submit()
    idle(window)
    assert recover.sheet.isVisible()
    assert recover.sheet.code.text() != code
    recover.sheet.check.setChecked(True)
    recover.button.click()
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)
    window.sign_out()
    idle(window)
    again = window.screens.currentWidget()
    assert isinstance(again, SignInScreen)
    again.sign_in("aigul", factories.PASSPHRASE)
    idle(window)
    assert again._passphrase.error.isVisible()
    assert window.desk is None


def test_the_sheet_is_a_pdf_that_can_be_saved(
    open_window: Open, type_text: Type, idle: Idle, tmp_path: Path, monkeypatch: object
) -> None:
    from ui.widgets import recovery

    window = open_window("en")
    screen = walk_to_recovery(window, type_text, idle)
    target = tmp_path / "sheet.pdf"
    monkeypatch.setattr(recovery, "ask_file", lambda *_: target)  # type: ignore[attr-defined]
    screen.recovery.save_button.click()
    idle(window)
    assert target.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_desk_that_exists_asks_to_sign_in(access: object, open_window: Open) -> None:
    window = open_window("en")
    assert window.access.state() is AccessState.READY
    assert isinstance(window.screens.currentWidget(), SignInScreen)


def test_a_data_directory_that_is_a_file_is_said_in_a_sentence(open_window: Open, data_dir: Path) -> None:
    data_dir.write_text("not a directory")
    window = open_window("en")
    assert window.stopped is not None
    assert window.stopped.exit_code == 3
    data_dir.unlink()
    window.screens.currentWidget().retry_button.click()  # type: ignore[union-attr]
    assert isinstance(window.screens.currentWidget(), WelcomeScreen)
