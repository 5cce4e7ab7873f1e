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


def test_an_identity_document_of_a_later_day_is_told_beside_it_and_kept(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    made: list[str] = []
    document = factories.case_document({"person.identity.issued_on": "2026-11-19"})
    window.tasks.run(lambda: desk.examinations.import_case(document).id, done=made.append)
    idle(window)
    window.open_case(made[0])
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    screen.go("person")
    idle(window)
    field = screen.form.fields["person.identity.issued_on"]
    assert field.error_text is None
    assert "19.11.2026" in field.remark.text()
    assert field.remark.isVisibleTo(field)
    assert "person.identity.issued_on" not in [problem.path for problem in screen.record.obstacles()]
    screen.record.put("person.identity.issued_on", "2026-11-18")
    idle(window)
    assert field.remark_text is None


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
