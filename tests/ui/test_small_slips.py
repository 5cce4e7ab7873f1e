"""Small slips of the hand in a case: Enter on a way to somewhere, the wheel over a list, a day that isn't yet."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests import factories
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.widgets.choice import Combo
from ui.widgets.jump_button import JumpButton

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]


def test_enter_goes_where_a_line_leads_and_the_wheel_takes_no_keyboard(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    made: list[str] = []
    document = factories.case_document({"person.surname": None, "facts.prognosis": None})
    window.tasks.run(lambda: desk.examinations.import_case(document).id, done=made.append)
    idle(window)
    window.open_case(made[0])
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    screen.go("person")
    idle(window)
    combo = screen.form.fields["person.identity.kind"].focus_widget()
    assert isinstance(combo, Combo)
    assert not combo.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus
    before = QApplication.focusWidget()
    wheel = QWheelEvent(
        QPointF(3, 3), QPointF(combo.mapToGlobal(QPoint(3, 3))), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, wheel)
    assert QApplication.focusWidget() is before
    screen.go("vote")
    idle(window)
    line = next(made for made in screen.summary.findChildren(JumpButton) if made.isVisible())
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    idle(window)
    assert screen.step != "vote"
