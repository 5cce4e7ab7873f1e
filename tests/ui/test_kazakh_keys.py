"""The Kazakh layout has letters and signs where others have digits: what digits do, the same keys do there."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.vocabulary import QueueState
from app.services.desk import Desk
from app.services.views import CaseView
from tests import factories
from tests.trips import full_trip
from tests.ui.cases import opened
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen
from ui.screens.examination.ballot import BallotDialog
from ui.screens.trips import TripsScreen
from ui.widgets import digits

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
ROW = 'қ"әіңғ,.үұ'
CTRL = Qt.KeyboardModifier.ControlModifier


def pressed(kind: QEvent.Type, digit: int, *, ctrl: bool = False) -> QKeyEvent:
    """The key of a digit, as the Kazakh layout gives it to the window."""
    place = digits._FIRST_SCAN_CODE + (digit or 10) - 1
    text, held = ROW[digit], CTRL if ctrl else Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(kind, ord(text.upper()), held, place, 0, 0, "" if ctrl else text)
    event.ignore()
    return event


def press(on: QWidget | None, digit: int) -> None:
    assert on is not None
    QApplication.sendEvent(on, pressed(QEvent.Type.KeyPress, digit))


def press_with_ctrl(screen: CaseScreen, digit: int) -> None:
    """As the platform does: first who wants the key rather than its shortcut. (An event that is sent here instead
    loses its place on the keyboard on the way to the shortcuts.)"""
    asked = pressed(QEvent.Type.ShortcutOverride, digit, ctrl=True)
    QApplication.sendEvent(screen.window().focusWidget() or screen, asked)
    assert asked.isAccepted()
    screen.keyPressEvent(pressed(QEvent.Type.KeyPress, digit, ctrl=True))


def test_a_case_is_worked_with_the_row_of_digits_of_the_kazakh_layout(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in("kk")

    def work(desk: Desk) -> CaseView:
        factories.with_commission(desk)
        desk.preferences.set("blind_vote", "required")
        return desk.examinations.import_case(factories.case_document({"person.iin": None}))

    screen = opened(window, idle, work, "person")
    field = screen.form.fields["person.iin"]
    field.focus_widget().setFocus()
    for digit in (7, 1, 0, 6, 1, 4, 3, 0, 1, 2, 1, 2):
        press(window.focusWidget(), digit)
    idle(window)
    assert screen.record.get("person.iin") == "710614301212"
    for digit, step in ((6, "functions"), (1, "person"), (5, "diagnosis"), (7, "vote")):
        press_with_ctrl(screen, digit)
        idle(window)
        assert screen.step == step
    assert window.screens.currentWidget() is screen
    screen.vote.ask(0)
    dialog = screen.findChild(BallotDialog)
    assert isinstance(dialog, BallotDialog)
    for digit in (2, 6):
        press(dialog.focusWidget(), digit)
    chosen = [field.row.value_button() for field in (dialog.outcome, dialog.period)]
    assert [button and button.option.value for button in chosen] == ["group_2", {"kind": "months", "value": 6}]
    dialog.reject()


def test_the_order_of_a_trip_is_kept_with_them_too(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in("kk")
    desk = window.desk
    assert desk is not None
    trips: list[object] = []
    window.tasks.run(lambda: full_trip(desk, 1), done=trips.append)
    window.show_section("trips")
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, TripsScreen)
    table = screen.page.table
    table.setFocus()
    for digit, state in ((2, QueueState.CALLED), (1, QueueState.WAITING)):
        press(table, digit)
        idle(window)
        assert [turn.queue for turn in table.turns.turns] == [state]


def test_calling_the_next_person_with_nobody_waiting_leaves_the_keyboard_where_it_was(
    signed_in: SignedIn, idle: Idle
) -> None:
    window = signed_in()
    screen = opened(window, idle, factories.case_document(), "person")
    field = screen.form.fields["person.surname"].focus_widget()
    field.setFocus()
    window.next_person()
    idle(window)
    assert window.messages.isVisible()
    assert window.focusWidget() is field
    screen.close_case()
    idle(window)
    assert isinstance(window.screens.currentWidget(), CasesScreen)
    assert not window.messages.isVisible(), "the note was about the screen before"
