"""Small slips of the hand in a case: Enter on a way to somewhere, the wheel over a list, a day that isn't yet."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests import factories
from tests.ui.cases import opened
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.widgets.choice import Combo
from ui.widgets.degree_row import TwoLines
from ui.widgets.jump_button import JumpButton

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]


def test_an_identity_document_of_a_later_day_is_told_beside_it_and_kept(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = opened(window, idle, factories.case_document({"person.identity.issued_on": "2026-11-19"}), "person")
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
    screen = opened(window, idle, factories.case_document({"person.surname": None, "facts.prognosis": None}), "person")
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


def test_each_remark_of_a_complete_step_stands_in_words_and_leads_to_its_question(
    signed_in: SignedIn, idle: Idle
) -> None:
    window = signed_in()
    screen = opened(
        window, idle, factories.case_document({"person.address": None, "person.identity": None}), "diagnosis"
    )
    assert "2 remarks" in screen.steps.buttons["person"].text()
    lines = [screen.summary.advice.itemAt(at).widget() for at in range(screen.summary.advice.count())]
    assert ["address" in line.accessibleName() for line in lines] == [True, False, False]  # type: ignore[union-attr]
    assert "identity document" in lines[1].accessibleName()  # type: ignore[union-attr]
    assert "prognosis" in lines[2].accessibleName()  # type: ignore[union-attr]
    assert all(line is not None and line.isVisible() for line in lines)
    lines[1].setFocus()  # type: ignore[union-attr]
    QTest.keyClick(lines[1], Qt.Key.Key_Return)
    idle(window)
    assert screen.step == "person"
    assert screen.form.fields["person.identity.number"].focus_widget().hasFocus()
    screen.record.put("person.identity.number", "011051051")
    screen.record.put("person.address.text", "Бестамақ")
    screen.record.put("dossier.prognoses.clinical", "doubtful")
    idle(window)
    assert not screen.summary.advice_heading.isVisible()


def test_what_there_is_to_choose_from_stands_on_two_lines_and_says_when_more_follows(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    line = TwoLines(holder)
    metrics = line.fontMetrics()
    line.set_text("0 · nothing was found")
    wide = metrics.horizontalAdvance(line.text()) + 4
    assert line.lines(wide) == ("0 · nothing was found",)
    assert line.heightForWidth(wide) == metrics.lineSpacing() + 2
    line.set_text("1 · nothing was found but a little")
    assert " ".join(line.lines(wide)) == line.text()
    assert line.heightForWidth(wide) == 2 * metrics.lineSpacing() + 2
    line.set_text("2 · nothing was found but a little, and much more than would ever stand on two lines of this")
    assert len(line.lines(wide)) == 2
    assert line.lines(wide)[1].endswith("…")
    assert metrics.horizontalAdvance("2 · " + line.lines(wide)[1]) <= wide
    assert line.accessibleName() == line.toolTip() == line.text()


def test_undo_stays_where_it_is_when_redo_comes(signed_in: SignedIn, idle: Idle) -> None:
    screen = opened(signed_in(), idle, factories.case_document(), "person")
    screen.record.put("person.surname", "Серікұлы")
    idle(screen.window())  # type: ignore[arg-type]
    header = screen.header
    before = header.undo_button.mapTo(screen, QPoint(0, 0)).x()
    screen.undo()
    idle(screen.window())  # type: ignore[arg-type]
    assert header.redo_button.isVisible()
    assert header.undo_button.mapTo(screen, QPoint(0, 0)).x() == before


def test_letters_find_a_line_by_any_of_its_words_open_or_not(qtbot: QtBot, type_text: Type) -> None:
    """Causes begin with their code; what a doctor knows is the word."""
    combo = Combo()
    combo.addItems(["not given", "01 общее заболевание", "02 трудовое увечье", "05 с детства", "07 «общее» увечье"])
    qtbot.addWidget(combo)
    combo.show()
    chosen: list[int] = []
    combo.activated.connect(chosen.append)
    typed = (("заб", 1), ("у", 2), ("+у", 4), ("дет", 3), ("02", 2), ("общ", 4), ("нетътакого", 4))
    for word, row in typed:
        text = word.lstrip("+")
        combo._typed_at = combo._typed_at if text != word else 0.0  # after a pause
        type_text(combo, text)
        assert combo.currentIndex() == row, text
    assert chosen[:3] == [1, 2, 4]
    combo._typed_at = 0.0
    before = list(chosen)
    combo.showPopup()
    type_text(combo.view(), "детс")
    assert combo.view().currentIndex().row() == 3
    assert chosen == before, "looked for, not chosen yet"
    QTest.keyPress(combo.view(), Qt.Key.Key_Return)  # its release has no list any more to go to
    qtbot.waitUntil(lambda: chosen[-1:] == [3])
    assert combo.currentIndex() == 3


def test_what_the_paper_will_call_not_given_is_told_beside_its_question(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in("kk")
    open_ones = {"diagnosis.complications": None, "diagnosis.accompanying": []}
    screen = opened(window, idle, factories.case_document(open_ones), "diagnosis")
    asked, answered = (screen.form.fields[f"diagnosis.{one}"] for one in ("complications", "accompanying"))
    assert "Асқынулар туралы жауап жоқ" in asked.remark.text()
    assert answered.remark_text is None
    (state,) = (state for state in screen.record.states() if state.step == "diagnosis")
    assert (state.status, [wish.path for wish in state.wishes]) == ("complete", ["diagnosis.complications"])
    screen.record.put("diagnosis.complications", [])
    idle(window)
    assert asked.remark_text is None
