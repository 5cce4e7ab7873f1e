"""Language, lock, look: what holds on every screen."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.text import LANGUAGES
from app.services import setup
from tests import factories
from tests.ui.conftest import Open, visible
from ui.idle import IdleWatch
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.help import HelpDialog
from ui.screens.settings import SettingsScreen
from ui.screens.sign_in.lock import LockScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.screens.welcome import WelcomeScreen
from ui.widgets.header import Elided
from ui.widgets.status_line import Facts

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
NEVER_TRANSLATED = {"Saraptama", "kk", "ru", "en", "Қазақша", "Русский", "English", ""}


def screens_before(window: MainWindow, idle: Idle) -> Iterator[str]:
    """Shows each page of the first start in turn."""
    screen = window.screens.currentWidget()
    assert isinstance(screen, WelcomeScreen)
    yield "language"
    screen.next()
    yield "department"
    screen.department_page.region.setCurrentIndex(2)
    screen.department_page.number.setText("2")
    screen.department_page._compose()
    screen.next()
    screen.next()
    yield "user, with what is missing"
    user = screen.user_page
    user.name.setText(factories.NAMES["head"])
    user.login.setText("head")
    for edit in (user.passphrase.first, user.passphrase.second):
        edit.edit.setText(factories.PASSPHRASE)
    screen.next()
    idle(window)
    yield "recovery"


def screens_after(window: MainWindow, idle: Idle) -> Iterator[str]:
    """Shows each screen of somebody signed in, in turn."""
    yield "no cases"
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: factories.signed_case(factories.with_commission(desk)))
    window.show_cases()
    idle(window)
    yield "cases"
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    for at in range(len(screen.pages)):
        screen.sections.setCurrentRow(at)
        idle(window)
        yield f"settings {at}"
    window.show_help()
    yield "help"
    next(d for d in QApplication.topLevelWidgets() if isinstance(d, HelpDialog) and d.isVisible()).accept()
    window.lock()
    yield "locked"
    window.sign_out()
    idle(window)
    yield "sign in"
    window.show_recovery()
    yield "recover"


def top_levels(window: MainWindow) -> list[QWidget]:
    return [window, *(d for d in QApplication.topLevelWidgets() if isinstance(d, QDialog) and d.isVisible())]


def words_of(window: MainWindow) -> list[str]:
    found = []
    for top in top_levels(window):
        for widget in visible(top):
            if isinstance(widget, QLabel | QPushButton):
                found.append(widget.text())
            if isinstance(widget, QLineEdit):
                found.append(widget.placeholderText())
            if isinstance(widget, QComboBox):
                found += [widget.itemText(at) for at in range(widget.count())]
            if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
                across = range(model.columnCount(QModelIndex()) if isinstance(widget, QTableView) else 1)
                down = range(model.rowCount(QModelIndex()))
                found += [str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in across]
                found += [str(model.index(row, at).data() or "") for row in down for at in across]
            found.append(widget.toolTip())
    return found


def cut(window: MainWindow) -> list[str]:
    """Labels and buttons with less room than their words need."""
    found = []
    for top in top_levels(window):
        for widget in visible(top):
            if isinstance(widget, Elided | Facts) or not isinstance(widget, QLabel | QPushButton):
                continue
            text = widget.text()
            if isinstance(widget, QLabel) and widget.wordWrap():
                narrow = widget.height() + 1 < widget.heightForWidth(widget.width())
            else:
                narrow = widget.width() + 1 < widget.sizeHint().width()
            if text and narrow:
                found.append(f"{text!r}: {widget.size().toTuple()} for {widget.sizeHint().toTuple()}")
    return found


def nameless(window: MainWindow) -> list[str]:
    """What takes the keyboard and has nothing to say to a screen reader."""
    found = []
    for top in top_levels(window):
        for widget in visible(top):
            # A scroll bar and a view's inner parts are spoken of by their owner.
            if widget.focusPolicy().value == 0 or isinstance(widget, QScrollBar):
                continue
            if widget.parent() and isinstance(widget.parent(), QAbstractItemView):
                continue
            spoken = QAccessible.queryAccessibleInterface(widget)
            if not (widget.accessibleName() or (spoken and spoken.text(QAccessible.Text.Name))):
                found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_word_is_cut_before_sign_in(open_window: Open, idle: Idle, marked: None, scale: float) -> None:
    window = open_window("kk", scale=scale)
    faults = {place: cut(window) for place in screens_before(window, idle) if not QApplication.processEvents()}
    assert {place: found for place, found in faults.items() if found} == {}
    assert window.width() <= 1366
    assert window.minimumSizeHint().width() <= 1366


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_word_is_cut_after_sign_in(signed_in: SignedIn, idle: Idle, marked: None, scale: float) -> None:
    window = signed_in("kk", scale=scale)
    faults = {place: cut(window) for place in screens_after(window, idle) if not QApplication.processEvents()}
    assert {place: found for place, found in faults.items() if found} == {}
    assert window.width() <= 1366
    assert window.minimumSizeHint().width() <= 1366


def test_every_part_that_takes_the_keyboard_has_a_name(open_window: Open, signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    faults = {place: nameless(window) for place in screens_after(window, idle)}
    assert {place: found for place, found in faults.items() if found} == {}


def test_every_part_of_the_first_start_has_a_name(open_window: Open, idle: Idle) -> None:
    window = open_window()
    faults = {place: nameless(window) for place in screens_before(window, idle)}
    assert {place: found for place, found in faults.items() if found} == {}


def foreign(window: MainWindow, code: str) -> list[str]:
    """Visible words that name another language than `code`, or none although they are the window's own."""
    others = [f"{other}·" for other in ("kk", "ru", "en") if other != code]
    return [text for text in words_of(window) if any(mark in text for mark in others)]


def test_a_change_of_language_reaches_every_word(signed_in: SignedIn, idle: Idle, marked: None) -> None:
    window = signed_in("kk")
    for place in screens_after(window, idle):
        for code in ("ru", "en", "kk"):
            window.language.set(code)
            assert foreign(window, code) == [], place
        assert any(text.startswith("kk·") for text in words_of(window)), place


def test_a_change_of_language_reaches_the_first_start(open_window: Open, idle: Idle, marked: None) -> None:
    window = open_window("kk")
    for place in screens_before(window, idle):
        for code in ("ru", "en", "kk"):
            window.language.set(code)
            assert foreign(window, code) == [], place


def test_every_word_of_the_first_start_comes_from_the_catalogue(open_window: Open, idle: Idle, marked: None) -> None:
    window = open_window("kk")
    regions = {name.kk for _, name in setup.regions()}
    for place in screens_before(window, idle):
        if place != "recovery":
            unknown = [w for w in words_of(window) if "kk·" not in w and w not in NEVER_TRANSLATED | regions]
            assert unknown == [], place


@pytest.mark.parametrize(("code", "word"), [("kk", "Бас тарту"), ("ru", "Отмена"), ("en", "Cancel")])
def test_qt_speaks_the_same_language(open_window: Open, code: str, word: str) -> None:
    window = open_window("en")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, window)
    window.header.languages[code].click()
    QApplication.processEvents()
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == word
    fresh = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, window)
    assert fresh.button(QDialogButtonBox.StandardButton.Cancel).text() == word


def test_language_and_look_are_remembered(signed_in: SignedIn, open_window: Open, idle: Idle) -> None:
    window = signed_in("en")
    window.header.languages["ru"].click()
    window.header.look_button.click()
    kept = window.access.preferences()
    assert (kept.language, kept.theme) == ("ru", "dark")


def test_the_lock_hides_the_cases_and_asks_for_the_passphrase(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    before = window.screens.currentWidget()
    window.lock()
    lock = window.screens.currentWidget()
    assert isinstance(lock, LockScreen)
    assert before is not None
    assert not before.isVisible()
    assert not window.header.sections["cases"].isVisible()
    assert window.header.where.text() == ""
    window.show_cases()
    window.show_settings()
    assert window.screens.currentWidget() is lock
    lock.passphrase.edit.setText("басқа сөз")
    lock.submit()
    idle(window)
    assert window.screens.currentWidget() is lock
    assert lock._passphrase.error.isVisible()
    lock.passphrase.edit.setText(factories.PASSPHRASE)
    lock.submit()
    idle(window)
    assert window.screens.currentWidget() is before
    assert window.header.sections["cases"].isVisible()


def test_the_lock_closes_what_lies_over_the_window(signed_in: SignedIn) -> None:
    window = signed_in()
    window.show_help()
    window.lock()
    assert top_levels(window) == [window]


@pytest.mark.usefixtures("access")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_back_by_the_recovery_sheet_is_not_cut(open_window: Open, language: str) -> None:
    screen = open_window(language).screens.currentWidget()
    assert isinstance(screen, SignInScreen)
    assert screen.recover_button.width() >= screen.recover_button.sizeHint().width()


def test_signing_out_from_the_lock_leads_to_the_sign_in(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.lock()
    window.screens.currentWidget().leave_button.click()  # type: ignore[union-attr]
    idle(window)
    assert isinstance(window.screens.currentWidget(), SignInScreen)
    assert window.desk is None


class Hands:
    """Clocks that stand where they are set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("which", ["monotonic", "wall"])
def test_an_untouched_window_locks_itself(signed_in: SignedIn, qtbot: QtBot, which: str) -> None:
    window = signed_in()
    monotonic, wall = Hands(), Hands()
    watch = IdleWatch(window, monotonic, wall)
    watch.idle.connect(window.lock)
    watch.start(10)
    (monotonic if which == "monotonic" else wall).now = 599
    watch.look()
    assert isinstance(window.screens.currentWidget(), CasesScreen)
    (monotonic if which == "monotonic" else wall).now = 601
    watch.look()
    assert isinstance(window.screens.currentWidget(), LockScreen)


def test_a_touch_puts_the_lock_off(signed_in: SignedIn, qtbot: QtBot) -> None:
    window = signed_in()
    monotonic, wall = Hands(), Hands()
    watch = IdleWatch(window, monotonic, wall)
    watch.start(10)
    watch._follow(window.windowHandle())
    monotonic.now = 599
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(watch.idle):
        monotonic.now = 700
        watch.look()


def test_never_means_never(signed_in: SignedIn, qtbot: QtBot) -> None:
    window = signed_in()
    watch = IdleWatch(window, Hands(), Hands())
    watch.start(0)
    assert not watch._timer.isActive()


def test_the_title_names_nobody(signed_in: SignedIn) -> None:
    assert signed_in().windowTitle() == "Saraptama"


def test_a_failure_stays_until_it_is_read(signed_in: SignedIn, idle: Idle) -> None:
    from app.domain.errors import KnownError
    from app.domain.text import Text

    window = signed_in()

    def fail() -> None:
        raise KnownError(Text("The disk is full."))

    window.tasks.run(fail)
    idle(window)
    assert window.messages.isVisible()
    assert window.messages.text.text() == "The disk is full."
    window.messages.close_button.click()
    assert not window.messages.isVisible()


def test_the_window_comes_back_where_it_was(signed_in: SignedIn, open_window: Open) -> None:
    window = signed_in()
    window.resize(1100, 720)
    window.close()
    again = open_window()
    again.close()
    from ui import place

    place.restore(again, again.access.data_dir)
    assert window.size().width() == 1100


def test_a_second_copy_on_the_same_data_is_told_so(signed_in: SignedIn, open_window: Open, idle: Idle) -> None:
    first = signed_in()
    second = open_window()
    screen = second.screens.currentWidget()
    assert isinstance(screen, SignInScreen)
    screen.sign_in(factories.HEAD, factories.PASSPHRASE)
    idle(second)
    assert second.desk is None
    assert second.messages.isVisible()
    first.close()
    screen.sign_in(factories.HEAD, factories.PASSPHRASE)
    idle(second)
    assert second.desk is not None
    assert not second.messages.isVisible()


def test_a_person_s_words_stay_out_of_the_settings(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.choose_language("ru")
    window.close()
    kept = "".join((window.access.data_dir / name).read_text("utf-8") for name in ("settings.json", "window.json"))
    assert factories.NAMES["head"] not in kept
    assert factories.HEAD not in kept


def test_a_new_user_gets_a_sheet_and_can_sign_in(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.sections.setCurrentRow(screen.pages.index(screen.users))
    page = screen.users
    page.name.setText(factories.NAMES["first"])
    page.login.setText("andrey")
    for edit in (page.passphrase.first.edit, page.passphrase.second.edit):
        edit.setText("көк аспан астында жеті тау")
    page.add_button.click()
    idle(window)
    assert len(page.sheet.code.text().split()) == 9
    assert page.list.count() == 2
    page.sheet.check.setChecked(True)
    assert page.form.isVisible()
    assert page.sheet.code.text() == ""
    window.sign_out()
    idle(window)
    window.screens.currentWidget().sign_in("andrey", "көк аспан астында жеті тау")  # type: ignore[union-attr]
    idle(window)
    assert window.desk is not None
    assert window.desk.user.name == factories.NAMES["first"]


def test_a_passphrase_is_changed_only_by_who_knows_the_old_one(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.sections.setCurrentRow(screen.pages.index(screen.passphrase))
    page = screen.passphrase
    fresh = "көк аспан астында жеті тау"
    for old, expected in (("жоқ", False), (factories.PASSPHRASE, True)):
        page.old.edit.setText(old)
        for edit in (page.fresh.first.edit, page.fresh.second.edit):
            edit.setText(fresh)
        page.change()
        idle(window)
        assert page._old.error.isVisible() is not expected
        assert bool(page.said.text()) is expected
    window.lock()
    lock = window.screens.currentWidget()
    assert isinstance(lock, LockScreen)
    lock.passphrase.edit.setText(fresh)
    lock.submit()
    idle(window)
    assert window.screens.currentWidget() is not lock


def test_copies_are_listed_and_the_log_is_judged(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.sections.setCurrentRow(screen.pages.index(screen.checks))
    idle(window)
    before = screen.checks.list.count()
    screen.checks.copy_button.click()
    idle(window)
    assert screen.checks.list.count() == before + 1
    screen.checks.verify_button.click()
    idle(window)
    assert screen.checks.verdict.text().startswith("✓")


def test_the_lock_while_a_case_is_open_comes_back_to_the_case(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    made: list[str] = []
    window.tasks.run(lambda: desk.examinations.create().id, done=made.append)
    idle(window)
    window.open_case(made[0])
    idle(window)
    case = window.screens.currentWidget()
    window.lock()
    lock = window.screens.currentWidget()
    assert isinstance(lock, LockScreen)
    lock.passphrase.edit.setText(factories.PASSPHRASE)
    lock.submit()
    idle(window)
    assert window.screens.currentWidget() is case
    window.header.sections["cases"].click()
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)
