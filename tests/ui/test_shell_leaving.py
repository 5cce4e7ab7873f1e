"""Nothing is lost by leaving, nothing is seen behind the lock: late answers, dialogues, codes, refused writes."""

import stat
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.domain.case_file import get
from app.domain.errors import KnownError
from app.domain.text import Text
from app.domain.vocabulary import CaseState
from app.services.access import Access
from app.services.views import CaseView
from tests import factories
from tests.ui.conftest import Open, Type
from tests.ui.test_shell_first_start import walk_to_recovery
from ui import place
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen
from ui.screens.examination.signing import AccountDialog
from ui.screens.settings import SettingsScreen
from ui.screens.sign_in.lock import LockScreen
from ui.screens.sign_in.recover import RecoverScreen
from ui.screens.sign_in.screen import SignInScreen
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.question import Question

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
FRESH = "теміржол бойында екі түйе тұр"


def unlock(window: MainWindow, idle: Idle, passphrase: str = factories.PASSPHRASE) -> None:
    lock = window.screens.currentWidget()
    assert isinstance(lock, LockScreen)
    lock.passphrase.edit.setText(passphrase)
    lock.submit()
    idle(window)


def question(window: MainWindow) -> Question:
    """The question that is asked now."""
    asked = [made for made in window.findChildren(Question) if made.isVisible()]
    assert len(asked) == 1
    return asked[0]


def open_case(window: MainWindow, idle: Idle, make: Callable[[Any], CaseView] | None = None) -> CaseScreen:
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    document = factories.case_document({"decision": factories.DECISION})
    window.tasks.run(lambda: make(desk) if make else desk.examinations.import_case(document), done=found.append)
    idle(window)
    window.open_case(found[0].id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    return screen


def stored(window: MainWindow, idle: Idle, case_id: str, path: str) -> Any:
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    window.tasks.run(lambda: desk.examinations.open(case_id), done=found.append)
    idle(window)
    return get(found[0].document, path)


class Disk:
    """Examinations on a disk that can be full."""

    def __init__(self, real: Any) -> None:
        self._real, self.full = real, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def set_field(self, *args: Any, **kwargs: Any) -> CaseView:
        if self.full:
            raise KnownError(Text("The disk is full."))
        return self._real.set_field(*args, **kwargs)  # type: ignore[no-any-return]


@pytest.fixture
def disk_case(signed_in: SignedIn, idle: Idle) -> tuple[MainWindow, CaseScreen, Disk]:
    """A case whose disk is full when `disk.full` is set."""
    window = signed_in()
    desk = window.desk
    assert desk is not None
    screen = open_case(window, idle)
    disk = Disk(desk.examinations)
    desk.examinations = disk  # type: ignore[assignment]
    return window, screen, disk


# --- the lock -----------------------------------------------------------------------------------------------------
def test_a_late_answer_doesn_t_open_a_case_over_the_lock(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    held = threading.Event()
    window.tasks.run(held.wait)
    cases = window.screens.currentWidget()
    assert isinstance(cases, CasesScreen)
    cases.begin_case()
    window.lock()
    lock = window.screens.currentWidget()
    held.set()
    idle(window)
    assert window.screens.currentWidget() is lock
    assert not window.findChildren(CaseScreen)
    unlock(window, idle)
    assert isinstance(window.screens.currentWidget(), CaseScreen), "what was asked for is there after unlocking"
    window.lock()
    assert isinstance(window.screens.currentWidget(), LockScreen), "and the window can be locked again"


def signing_with_a_new_member(window: MainWindow, idle: Idle) -> tuple[CaseScreen, AccountDialog]:
    """A decided case at its signatures, one member without an account, whose dialogue is open."""

    def make(desk: Any) -> CaseView:
        desk.users.add("andrey", factories.NAMES["first"], factories.PASSPHRASE)
        view = desk.examinations.import_case(factories.case_document({"decision": factories.DECISION}))
        return desk.conclusions.decide(view.id, factories.DECISION)  # type: ignore[no-any-return]

    screen = open_case(window, idle, make)
    screen.go("decision")
    idle(window)
    nobody = next(made for made in screen.signing.rows if not made.users)
    nobody.make_button.click()
    dialog = next(d for d in window.findChildren(AccountDialog) if d.isVisible())
    return screen, dialog


def add_member(dialog: AccountDialog) -> None:
    dialog.login.setText("third")
    for edit in (dialog.passphrase.first.edit, dialog.passphrase.second.edit):
        edit.setText(FRESH)
    dialog.make()


def test_the_lock_hides_a_member_s_recovery_code_until_it_is_unlocked(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    _, dialog = signing_with_a_new_member(window, idle)
    add_member(dialog)
    idle(window)
    code = dialog.recovery.code.text()
    assert code
    window.lock()
    assert [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()] == []
    unlock(window, idle)
    assert dialog.isVisible()
    assert dialog.recovery.code.text() == code, "the code is shown once: locking must not lose it"


def test_the_lock_while_a_member_is_being_added_keeps_the_code_for_later(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    _, dialog = signing_with_a_new_member(window, idle)
    held = threading.Event()
    window.tasks.run(held.wait)
    add_member(dialog)
    window.lock()
    held.set()
    idle(window)
    assert not dialog.isVisible()
    unlock(window, idle)
    assert dialog.isVisible()
    assert dialog.recovery.code.text()


def test_the_lock_forgets_every_passphrase_that_was_typed(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen, dialog = signing_with_a_new_member(window, idle)
    dialog.reject()
    member = next(made for made in screen.signing.rows if made.users)
    member.passphrase.edit.setText("бұл құпия сөз")
    member.passphrase.show_button.setChecked(True)
    window.lock()
    typed = [edit.text() for edit in window.findChildren(PassphraseEdit)]
    assert set(typed) == {""}
    unlock(window, idle)
    member.passphrase.show_button.setChecked(True)
    member.passphrase.edit.undo()
    assert member.passphrase.text() == "", "nor does undoing bring it back"


def test_enter_twice_at_the_sign_in_signs_in_once(access: Access, open_window: Open, idle: Idle) -> None:
    window = open_window()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SignInScreen)
    screen.login.setText(factories.HEAD)
    screen.passphrase.edit.setText(factories.PASSPHRASE)
    for _ in range(2):
        QTest.keyClick(screen.passphrase.edit, Qt.Key.Key_Return)
    idle(window)
    assert window.desk is not None
    assert not window.messages.isVisible()


# --- recovery codes -----------------------------------------------------------------------------------------------
def test_closing_the_window_asks_before_a_recovery_code_is_lost(
    open_window: Open, type_text: Type, idle: Idle, qtbot: QtBot
) -> None:
    window = open_window("en")
    screen = walk_to_recovery(window, type_text, idle)
    assert not window.close()
    question(window).stay_button.click()
    assert window.isVisible()
    assert screen.recovery.code.text()
    assert not window.close()
    question(window).leave_button.click()
    assert not window.isVisible()


def test_closing_the_window_while_the_desk_is_being_made_waits_for_the_code(
    open_window: Open, type_text: Type, idle: Idle
) -> None:
    window = open_window("en")
    held = threading.Event()
    window.tasks.run(held.wait)
    screen: Any = window.screens.currentWidget()
    screen._go(2)
    screen.department_page.department = lambda: factories.DEPARTMENT
    type_text(screen.user_page.name, factories.NAMES["head"])
    type_text(screen.user_page.login, "head")
    for edit in (screen.user_page.passphrase.first.edit, screen.user_page.passphrase.second.edit):
        edit.setText(factories.PASSPHRASE)
    screen.next()
    assert not window.close()
    question(window).stay_button.click()
    held.set()
    idle(window)
    assert screen.recovery.code.text()


def test_a_confirmed_code_lets_the_window_close(open_window: Open, type_text: Type, idle: Idle) -> None:
    window = open_window("en")
    walk_to_recovery(window, type_text, idle).recovery.check.setChecked(True)
    assert window.close()


def test_leaving_the_settings_asks_before_a_new_user_s_code_is_lost(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    page = screen.users
    page.name.setText(factories.NAMES["first"])
    page.login.setText("andrey")
    for edit in (page.passphrase.first.edit, page.passphrase.second.edit):
        edit.setText(FRESH)
    page.add()
    idle(window)
    for leave in (window.show_cases, window.sign_out, window.close, window.show_settings):
        leave()
        question(window).stay_button.click()
        assert window.screens.currentWidget() is screen
        assert page.sheet.code.text()
    window.show_cases()
    question(window).leave_button.click()
    assert isinstance(window.screens.currentWidget(), CasesScreen)


def test_the_new_code_is_shown_though_signing_in_fails(
    access: Access, open_window: Open, idle: Idle, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    code = first.users.recover(factories.PASSPHRASE)
    first.close()
    window = open_window("en")
    real = window.access.sign_in

    def refuse(login: str, passphrase: str) -> Any:
        raise KnownError(Text("The disk is full."))

    monkeypatch.setattr(window.access, "sign_in", refuse)
    screen = recovering(window, code)
    idle(window)
    assert screen.sheet.code.text()
    assert window.messages.isVisible()
    monkeypatch.setattr(window.access, "sign_in", real)
    screen.sheet.check.setChecked(True)
    screen.button.click()
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)


def recovering(window: MainWindow, code: str) -> RecoverScreen:
    window.show_recovery(factories.HEAD)
    screen = window.screens.currentWidget()
    assert isinstance(screen, RecoverScreen)
    screen.code.setText(code)
    for edit in (screen.passphrase.first.edit, screen.passphrase.second.edit):
        edit.setText(FRESH)
    screen.submit()
    return screen


def test_a_recovered_desk_can_be_locked_while_the_new_code_is_on_screen(
    access: Access, open_window: Open, idle: Idle
) -> None:
    first = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    code = first.users.recover(factories.PASSPHRASE)
    first.close()
    window = open_window("en")
    screen = recovering(window, code)
    idle(window)
    shown = screen.sheet.code.text()
    assert window.idle._timer.isActive(), "nobody there: it locks itself"
    assert not window.close()
    question(window).stay_button.click()
    window.lock()
    assert isinstance(window.screens.currentWidget(), LockScreen)
    unlock(window, idle, FRESH)
    assert window.screens.currentWidget() is screen
    assert screen.sheet.code.text() == shown
    screen.sheet.check.setChecked(True)
    screen.button.click()
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)


def test_a_signed_in_user_makes_a_new_recovery_sheet_with_the_passphrase(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SettingsScreen)
    screen.sections.setCurrentRow(screen.pages.index(screen.sheet))
    page = screen.sheet
    page.passphrase.edit.setText("басқа сөз")
    page.button.click()
    idle(window)
    assert page._passphrase.error.isVisible()
    assert not page.sheet.isVisible()
    page.passphrase.edit.setText(factories.PASSPHRASE)
    page.button.click()
    idle(window)
    code = page.sheet.code.text()
    assert len(code.split()) == 9
    window.show_cases()
    question(window).stay_button.click()
    page.sheet.check.setChecked(True)
    assert page.form.isVisible()
    window.sign_out()
    idle(window)
    assert window.access.recover(factories.HEAD, code, FRESH)


# --- writes that the disk refused -----------------------------------------------------------------------------------
def test_a_refused_write_is_named_and_written_by_trying_again(
    disk_case: tuple[MainWindow, CaseScreen, Disk], idle: Idle
) -> None:
    window, screen, disk = disk_case
    disk.full = True
    screen.record.put("diagnosis.main.text", "Жаңа диагноз")
    idle(window)
    assert screen.unsaved_bar.isVisible()
    screen.record.changed.emit("person.surname")
    assert screen.unsaved_bar.isVisible(), "whatever else changes on screen"
    assert str(screen.form.fields["diagnosis.main.text"].label.text()) in screen.unsaved_text.text()
    screen.retry_button.click()
    idle(window)
    assert screen.unsaved_bar.isVisible()
    disk.full = False
    screen.retry_button.click()
    idle(window)
    assert not screen.unsaved_bar.isVisible()
    assert stored(window, idle, screen.case_id, "diagnosis.main.text") == "Жаңа диагноз"


@pytest.mark.parametrize("way", ["back", "close", "sign out", "lock"])
def test_leaving_tries_again_first(disk_case: tuple[MainWindow, CaseScreen, Disk], idle: Idle, way: str) -> None:
    window, screen, disk = disk_case
    case_id = screen.case_id
    disk.full = True
    screen.record.put("diagnosis.main.text", "Жаңа диагноз")
    idle(window)
    disk.full = False
    {"back": screen.close_case, "close": window.close, "sign out": window.sign_out, "lock": window.lock}[way]()
    idle(window)
    if way == "close":
        assert not window.isVisible()
    elif way == "back":
        assert isinstance(window.screens.currentWidget(), CasesScreen)
    desk = window.access.sign_in(factories.HEAD, factories.PASSPHRASE) if way in ("close", "sign out") else window.desk
    assert desk is not None
    found: list[Any] = []
    if way in ("close", "sign out"):
        found.append(desk.examinations.open(case_id))
        desk.close()
    else:
        window.tasks.run(lambda: desk.examinations.open(case_id), done=found.append)
        idle(window)
    assert get(found[0].document, "diagnosis.main.text") == "Жаңа диагноз"


@pytest.mark.parametrize("way", ["back", "close", "sign out", "settings"])
def test_where_trying_again_fails_leaving_asks(
    disk_case: tuple[MainWindow, CaseScreen, Disk], idle: Idle, way: str
) -> None:
    window, screen, disk = disk_case
    leave: Any = {
        "back": screen.close_case, "close": window.close, "sign out": window.sign_out, "settings": window.show_settings
    }[way]  # fmt: skip
    disk.full = True
    screen.record.put("diagnosis.main.text", "Жаңа диагноз")
    idle(window)
    leave()
    idle(window)
    asked = question(window)
    assert screen.form.fields["diagnosis.main.text"].label.text() in asked.text.text()
    asked.stay_button.click()
    assert window.screens.currentWidget() is screen
    assert screen.record.get("diagnosis.main.text") == "Жаңа диагноз"
    leave()
    idle(window)
    question(window).leave_button.click()
    idle(window)
    assert not window.isVisible() or window.screens.currentWidget() is not screen


def test_a_stale_write_doesn_t_overtake_a_newer_one(
    disk_case: tuple[MainWindow, CaseScreen, Disk], idle: Idle, qtbot: QtBot
) -> None:
    window, screen, disk = disk_case
    disk.full = True
    screen.record.commit("diagnosis.main.text", "ескі")
    # The worker has failed; the window hasn't heard of it when the newer value is entered.
    tried = threading.Event()
    window.tasks.run(tried.set)
    assert tried.wait(10)
    disk.full = False
    screen.record.commit("diagnosis.main.text", "жаңа")
    idle(window)
    screen.record.commit("referral.number", "77")
    idle(window)
    assert stored(window, idle, screen.case_id, "diagnosis.main.text") == "жаңа"
    assert not screen.unsaved_bar.isVisible()


def test_nothing_is_decided_while_something_is_unsaved(
    disk_case: tuple[MainWindow, CaseScreen, Disk], idle: Idle
) -> None:
    window, screen, disk = disk_case
    disk.full = True
    screen.record.put("diagnosis.main.text", "Жаңа диагноз")
    idle(window)
    refused: list[BaseException] = []
    screen.record.decide(factories.DECISION, refused.append)
    idle(window)
    assert len(refused) == 1
    assert screen.record.view.state is CaseState.DRAFT
    disk.full = False
    screen.record.decide(factories.DECISION, refused.append)
    idle(window)
    assert len(refused) == 1
    assert screen.record.view.state is CaseState.DECIDED
    assert screen.record.get("diagnosis.main.text") == "Жаңа диагноз"


# --- traces on the disk -----------------------------------------------------------------------------------------------
def test_the_window_s_place_is_readable_by_its_owner_alone(signed_in: SignedIn) -> None:
    window = signed_in()
    window.close()
    kept = window.access.data_dir / place.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.chmod(0o644)  # as an older version left it
    place.keep(window, window.access.data_dir)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_tick_box_breaks_its_words_where_the_width_ends(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QWidget

    from ui.widgets.parts import column
    from ui.widgets.tick_box import TickBox

    words = "жалпы еңбек ету қабілетінен айырылу дәрежесін белгілеу мақсатында & тағы"
    holder = QWidget()
    qtbot.addWidget(holder)
    box = TickBox()
    column(holder).addWidget(box)
    box.set_words(words)
    holder.resize(260, 200)
    holder.show()
    assert box.text().count("\n") >= 1
    assert box.text().replace("\n", " ").replace("&&", "&") == words
    assert all(box.fontMetrics().horizontalAdvance(line) <= 260 for line in box.text().split("\n"))
    holder.resize(1200, 200)
    assert "\n" not in box.text()


def test_a_window_locked_while_the_first_room_is_on_its_way_opens_it_after_unlocking(
    access: Access, open_window: Open, idle: Idle, qtbot: QtBot
) -> None:
    window = open_window()
    screen = window.screens.currentWidget()
    assert isinstance(screen, SignInScreen)
    screen.signed_in.connect(lambda _desk: window.lock())
    screen.sign_in(factories.HEAD, factories.PASSPHRASE)
    qtbot.waitUntil(lambda: isinstance(window.screens.currentWidget(), LockScreen), timeout=15000)
    idle(window)
    unlock(window, idle)
    assert isinstance(window.screens.currentWidget(), CasesScreen)
