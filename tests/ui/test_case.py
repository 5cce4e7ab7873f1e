"""Entering a case in the real window, on the real services, by keyboard."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.case_file import get, put
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.services.steps import STEPS
from app.services.views import CaseView
from tests import factories
from tests.ui.cases import opened
from tests.ui.conftest import Type, visible
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.step_list import KEYS
from ui.widgets.degree_row import DegreeRow
from ui.widgets.options import UNANSWERED

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
Open = Callable[..., CaseScreen]
KEY = Qt.Key
# The offscreen platform has no windows to raise above others.
POPUP = pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)


@pytest.fixture
def open_case(signed_in: SignedIn, idle: Idle) -> Open:
    """The case window with a document (else a new case), in the window of the signed-in head."""

    def open_it(document: dict[str, Any] | None = None, *, language: str = "en", **look: object) -> CaseScreen:
        new = document if document is not None else lambda desk: desk.examinations.create()
        return opened(signed_in(language, **look), idle, new)

    return open_it


def reopen(window: MainWindow, case_id: str, idle: Idle) -> CaseScreen:
    window.open_case(case_id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    return screen


def stored(screen: CaseScreen, idle: Idle) -> CaseView:
    """The case as the database has it once everything is written."""
    window = screen.window()
    assert isinstance(window, MainWindow)
    found: list[CaseView] = []
    screen._tasks.run(lambda: screen._desk.examinations.open(screen.case_id), done=found.append)
    idle(window)
    return found[0]


def press(*keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)


def control(key: Qt.Key) -> None:
    press(key, modifier=Qt.KeyboardModifier.ControlModifier)


def to_step(step: str) -> None:
    """By its digit, wherever it stands in the order of the steps."""
    control(KEY(ord(KEYS[STEPS.index(step)])))


def focused(screen: CaseScreen) -> str | None:
    """The path of the field that has the keyboard."""
    focus = QApplication.focusWidget()
    inside = (path for path, field in screen.form.fields.items() if focus is not None and field.isAncestorOf(focus))
    return next(inside, None)


def states(screen: CaseScreen) -> dict[str, str]:
    return {state.step: state.status for state in screen.record.states()}


@POPUP
def test_a_whole_case_is_entered_by_keyboard_and_stored_field_by_field(
    open_case: Open, idle: Idle, type_text: Type, qtbot: QtBot
) -> None:
    screen = open_case()

    def answer(text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        type_text(focus, text)
        press(KEY.Key_Tab)

    def to(path: str) -> None:
        for _ in range(40):
            if focused(screen) == path:
                return
            press(KEY.Key_Tab)
        raise AssertionError(f"Tab doesn't come to {path}, but to {focused(screen)}")

    assert focused(screen) == "person.iin"
    answer("710614301212")
    assert focused(screen) == "person.surname"
    answer("Әбдіқадырұлы")
    answer("Ғалымжан")
    answer("Өмірқұлұлы")
    assert focused(screen) == "person.birth_date", "in the order of the paper"

    to_step("referral")
    answer("121/26")
    answer("02112026")
    answer("Алға аудандық ауруханасы")
    to("referral.purpose")
    press(KEY.Key_Space)
    to("referral.incapacity_since")
    answer("11.05.26")

    to_step("examination")
    to("examination.on")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    focus.selectAll()
    answer("18112026")
    assert focused(screen) == "examination.place"
    press(KEY.Key_Right, KEY.Key_Right, KEY.Key_Space)
    to("examination.occasion")
    press(KEY.Key_Space)
    for name in factories.NAMES.values():
        add = screen.examination.commission.add_button
        while QApplication.focusWidget() is not add:
            press(KEY.Key_Tab)
        press(KEY.Key_Space)
        type_text(QApplication.focusWidget(), name)  # type: ignore[arg-type]
        press(KEY.Key_Tab)

    to_step("diagnosis")
    answer("i693")
    answer("Ми инфарктісінің салдары")

    to_step("functions")
    degrees = {"functions.mental": "1", "functions.sensory": "0", "functions.statodynamic": "3",
               "functions.visceral": "1", "limitations.self_care": "2", "limitations.movement": "2",
               "limitations.orientation": "0", "limitations.communication": "0", "limitations.behaviour": "0",
               "limitations.learning": "n", "limitations.work": "2"}  # fmt: skip
    for fact, key in degrees.items():
        assert focused(screen) == f"facts.{fact}"
        answer(key)
    to("facts.anatomical_defects")
    press(KEY.Key_Right, KEY.Key_Space)
    to("facts.prognosis")
    press(KEY.Key_Right, KEY.Key_Space)
    to("facts.insured")
    press(KEY.Key_Space)
    idle(screen.window())  # type: ignore[arg-type]

    assert states(screen) == {
        "person": "complete", "referral": "complete", "examination": "complete",
        "observations": "complete", "diagnosis": "complete", "functions": "complete", "vote": "complete",
        "proposal": "complete", "decision": "incomplete", "programme": "complete",
        "conclusion": "incomplete",
    }  # fmt: skip
    document = stored(screen, idle).document
    wanted = factories.case_document()
    for path in ("person.iin", "person.surname", "person.birth_date", "person.sex", "referral.signed_on",
                 "referral.purpose", "referral.incapacity_since", "examination.on", "examination.place",
                 "examination.commission", "diagnosis.main.icd10", "facts.functions", "facts.limitations",
                 "facts.anatomical_defects", "facts.prognosis", "facts.insured"):  # fmt: skip
        assert get(document, path) == get(wanted, path), path
    assert "Group II" in screen.summary.outcome.text()
    assert "01.12.2028" in screen.summary.period.text()


def test_not_examined_is_another_answer_than_none_in_look_and_in_store(open_case: Open, idle: Idle) -> None:
    screen = open_case(put(factories.case_document(), "facts.functions.sensory", None))
    screen.jump("facts.functions.sensory")
    row = screen.form.fields["facts.functions.sensory"]
    assert isinstance(row, DegreeRow)
    chosen = row.row.value_button()
    assert chosen is not None
    assert chosen.option.value is UNANSWERED
    assert chosen.property("kind") == "unanswered"
    assert len([line for line in row.above if line.isVisible()]) == 5, "what there is to choose from"
    press(KEY.Key_0)
    chosen = row.row.value_button()
    assert chosen is not None
    assert chosen.option.value == 0
    assert chosen.property("kind") == "option"
    assert row.definition.text().startswith("0 · ")
    assert stored(screen, idle).document["facts"]["functions"]["sensory"] == 0
    press(KEY.Key_Backspace)
    assert stored(screen, idle).document["facts"]["functions"]["sensory"] is None


def test_the_digits_of_the_kazakh_layout_choose_degrees(open_case: Open, type_text: Type) -> None:
    screen = open_case(factories.case_document())
    screen.jump("facts.limitations.movement")
    type_text(QApplication.focusWidget(), "і")  # type: ignore[arg-type]
    assert screen.record.get("facts.limitations.movement") == 3


def test_a_number_with_a_wrong_form_is_told_below_its_field_kept_and_shown_again(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case()
    type_text(QApplication.focusWidget(), "7106143")  # type: ignore[arg-type]
    press(KEY.Key_Tab)
    field = screen.form.fields["person.iin"]
    assert "12 digits" in field.error.text()
    assert field.error.isVisible()
    assert states(screen)["person"] == "contradictory"
    assert stored(screen, idle).unfinished == {"person.iin": "7106143"}
    window = screen.window()
    assert isinstance(window, MainWindow)
    again = reopen(window, screen.case_id, idle)
    field = again.form.fields["person.iin"]
    assert field.focus_widget().text() == "7106143"  # type: ignore[attr-defined]
    assert "12 digits" in field.error.text()


def test_a_wrong_check_digit_is_told_at_the_twelfth_digit_and_still_stored(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case()
    type_text(QApplication.focusWidget(), "710614301213")  # type: ignore[arg-type]
    field = screen.form.fields["person.iin"]
    assert "last digit" in field.error.text()
    assert "14.06.1971" in field.remark.text()
    assert screen.record.get("person.birth_date") == "1971-06-14", "read from the number"
    assert screen.record.get("person.sex") == "male"
    assert stored(screen, idle).document["person"]["iin"] == "710614301213"


def test_a_date_that_does_not_exist_is_told_and_a_short_one_is_written_out(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case()
    screen.jump("referral.signed_on")
    type_text(QApplication.focusWidget(), "31.02.2026")  # type: ignore[arg-type]
    press(KEY.Key_Tab)
    field = screen.form.fields["referral.signed_on"]
    assert field.error.isVisible()
    assert field.error.text().startswith("⚠ ")
    screen.jump("referral.signed_on")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    focus.selectAll()
    type_text(focus, "1.11.26")
    press(KEY.Key_Return)
    assert focus.text() == "01.11.2026"
    assert not field.error.isVisible()
    assert stored(screen, idle).document["referral"]["signed_on"] == "2026-11-01"


def test_a_country_is_stored_in_capitals_however_it_is_typed(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case()
    field = screen.form.fields["person.citizenship"]
    field.focus_widget().setFocus()
    type_text(field.focus_widget(), "kaz")
    press(KEY.Key_Tab)
    assert get(stored(screen, idle).document, "person.citizenship") == "KAZ"
    field.focus_widget().setFocus()
    press(KEY.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
    press(KEY.Key_Delete, KEY.Key_Tab)
    assert get(stored(screen, idle).document, "person.citizenship") is None


def test_a_pause_in_typing_saves_what_stands_there(open_case: Open, idle: Idle, type_text: Type, qtbot: QtBot) -> None:
    screen = open_case()
    screen.jump("person.surname")
    type_text(QApplication.focusWidget(), "Өте")  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: screen.record.get("person.surname") == "Өте", timeout=5000)
    assert stored(screen, idle).document["person"]["surname"] == "Өте"


def test_what_is_missing_is_one_key_away(open_case: Open) -> None:
    document = factories.case_document()
    for name in ("movement", "self_care", "work"):
        document = put(document, f"facts.limitations.{name}", None)
    screen = open_case(document)
    screen.go("diagnosis")
    control(KEY.Key_M)
    assert screen.step == "functions"
    assert focused(screen) == "facts.limitations.movement"
    press(KEY.Key_2)
    assert "Group II" in screen.summary.outcome.text()


def test_each_missing_answer_of_the_panel_leads_to_its_question(open_case: Open, qtbot: QtBot) -> None:
    document = factories.case_document()
    for path in ("facts.limitations.movement", "facts.limitations.self_care", "facts.limitations.work"):
        document = put(document, path, None)
    screen = open_case(document)
    items = [screen.summary.missing.itemAt(i).widget() for i in range(screen.summary.missing.count())]
    assert items
    seen = set()
    for item in items:
        assert isinstance(item, QAbstractButton)
        item.click()
        seen.add(focused(screen))
    assert len(seen) == len(items)
    assert all(path and path.startswith("facts.") for path in seen)


def test_the_case_reopens_at_the_question_where_it_was_left(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    screen.jump("facts.limitations.orientation")
    window = screen.window()
    assert isinstance(window, MainWindow)
    press(KEY.Key_Left, modifier=Qt.KeyboardModifier.AltModifier)
    idle(window)
    assert window.screens.currentWidget() is not screen
    again = reopen(window, screen.case_id, idle)
    assert again.step == "functions"
    assert focused(again) == "facts.limitations.orientation"


def test_escape_does_not_leave_the_case(open_case: Open, idle: Idle) -> None:
    screen = open_case()
    window = screen.window()
    assert isinstance(window, MainWindow)
    press(KEY.Key_Escape)
    idle(window)
    assert window.screens.currentWidget() is screen


def test_every_missing_answer_leads_to_a_question_that_is_seen(open_case: Open, idle: Idle) -> None:
    document = factories.case_document()
    for fact in ("prognosis", "active_treatment", "defect_complication", "anatomical_defects"):
        document = put(document, f"facts.{fact}", None)
    screen = open_case(document)
    screen.go("functions")
    assert screen.form.fields["facts.active_treatment"].isVisible(), "it is asked whatever the prognosis is"
    for path in ("facts.active_treatment", "facts.defect_complication"):
        screen.go("person")
        screen.jump(path)
        assert screen.form.fields[path].isVisible()
        assert focused(screen) == path


def test_the_button_below_a_step_leads_to_the_next_one(open_case: Open) -> None:
    screen = open_case()
    screen.next_buttons[0].click()
    assert screen.step == "referral"


def test_leaving_by_key_saves_the_field_being_typed(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case()
    screen.jump("person.given_name")
    type_text(QApplication.focusWidget(), "Һадис")  # type: ignore[arg-type]
    window, case_id, desk = screen.window(), screen.case_id, screen._desk
    press(KEY.Key_Left, modifier=Qt.KeyboardModifier.AltModifier)
    assert isinstance(window, MainWindow)
    found: list[CaseView] = []
    window.tasks.run(lambda: desk.examinations.open(case_id), done=found.append)
    idle(window)
    assert found[0].document["person"]["given_name"] == "Һадис"


def test_a_contradiction_stands_below_its_field_and_in_the_panel(open_case: Open) -> None:
    screen = open_case(put(factories.case_document(), "person.birth_date", "1971-06-15"))
    assert screen.form.fields["person.birth_date"].error.isVisible()
    assert states(screen)["person"] == "contradictory"
    item = screen.summary.conflicts.itemAt(0).widget()
    assert isinstance(item, QAbstractButton)
    assert item.accessibleName().startswith("⚠ to be answered")


def test_a_child_gets_a_representative_and_the_questions_of_its_age(open_case: Open) -> None:
    case = Path(__file__).resolve().parents[3] / "shared" / "cases" / "04-child-of-five.case.json"
    if not case.exists():
        pytest.skip("the shared cases are not on this machine")
    screen = open_case(json.loads(case.read_text("utf-8")))
    screen.go("person")
    assert screen.form.fields["person.representative.name"].isVisible()
    screen.go("functions")
    assert screen.form.fields["facts.limitations.play"].isVisible()
    assert not screen.form.fields["facts.limitations.work"].isVisible()


@POPUP
def test_a_code_is_found_by_words_and_chosen_with_the_arrow(
    open_case: Open, idle: Idle, type_text: Type, qtbot: QtBot
) -> None:
    screen = open_case()
    screen.go("diagnosis")
    field = screen.form.fields["diagnosis.main.icd10"]
    edit = field.focus_widget()
    type_text(edit, "sequelae inf")
    popup = field.hits.popup()  # type: ignore[attr-defined]
    qtbot.waitUntil(popup.isVisible, timeout=5000)
    QTest.keyClick(popup, KEY.Key_Down)
    QTest.keyClick(popup, KEY.Key_Return)
    assert stored(screen, idle).document["diagnosis"]["main"]["icd10"] == "I69.3"
    assert "infarction" in field.remark.text()


@POPUP
def test_a_code_the_list_does_not_have_is_taken_with_a_remark(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case()
    screen.go("diagnosis")
    type_text(QApplication.focusWidget(), "U88.8")  # type: ignore[arg-type]
    press(KEY.Key_Tab)
    assert "not in the offline list" in screen.form.fields["diagnosis.main.icd10"].remark.text()
    assert stored(screen, idle).document["diagnosis"]["main"]["icd10"] == "U88.8"


def test_another_language_keeps_what_is_being_typed(open_case: Open, marked: None, type_text: Type, idle: Idle) -> None:
    screen = open_case()
    screen.jump("person.surname")
    edit = QApplication.focusWidget()
    assert isinstance(edit, QLineEdit)
    type_text(edit, "Ұлан")
    window = screen.window()
    assert isinstance(window, MainWindow)
    window.choose_language("ru")
    assert edit.text() == "Ұлан"
    shown = [label.text() for label in visible(screen) if isinstance(label, QLabel)]
    assert not [text for text in shown if text.startswith("en·")]
    assert any(text.startswith("Ru·") or text.startswith("ru·") for text in shown)
    press(KEY.Key_Tab)
    assert stored(screen, idle).document["person"]["surname"] == "Ұлан"


class FullDisk:
    """Examinations whose next writes the surroundings refuse."""

    def __init__(self, real: Any, refusals: int) -> None:
        self._real, self._refusals = real, refusals

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def set_field(self, *args: Any, **kwargs: Any) -> CaseView:
        if self._refusals:
            self._refusals -= 1
            raise KnownError(Text(N_("The disk is full. Free some space; nothing is lost.")))
        return self._real.set_field(*args, **kwargs)  # type: ignore[no-any-return]


def test_a_write_that_the_disk_refuses_is_written_with_the_next_one(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    window = screen.window()
    assert isinstance(window, MainWindow)
    screen._desk.examinations = FullDisk(screen._desk.examinations, 1)  # type: ignore[assignment]
    screen.record.put("person.surname", "Бірінші")
    idle(window)
    assert screen.unsaved_bar.isVisible()
    screen.record.put("person.given_name", "Екінші")
    idle(window)
    person = stored(screen, idle).document["person"]
    assert (person["surname"], person["given_name"]) == ("Бірінші", "Екінші")


def test_every_control_of_every_step_has_a_name_for_a_screen_reader(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    for key, step in zip(KEYS, screen.pages, strict=False):
        control(KEY(ord(key)))
        idle(screen.window())  # type: ignore[arg-type]
        assert screen.step == step
        assert nameless(screen) == [], step


def nameless(screen: CaseScreen) -> list[str]:
    """What a person can use on the screen now and a screen reader has no name for."""
    found = []
    for widget in visible(screen):
        if not isinstance(widget, QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit):
            continue
        if isinstance(widget.parent(), QComboBox | QAbstractButton | QLineEdit) or widget.objectName().startswith(
            "qt_"
        ):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not interface.text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def cut(screen: QWidget) -> list[str]:
    """Labels and buttons that are too small for their words, and anything wider than its page."""
    found = []
    for widget in visible(screen):
        if isinstance(widget, QLabel) and widget.text():
            if widget.wordWrap():
                if widget.heightForWidth(widget.width()) > widget.height() + 1:
                    found.append(widget.text())
            elif widget.sizeHint().width() > widget.width() + 1:
                found.append(widget.text())
        elif isinstance(widget, QAbstractButton) and widget.property("kind") == "step":
            font = QFont(widget.font())
            font.setBold(True)  # as it is once its step is open
            lines = widget.text().splitlines()
            found += [line for line in lines if QFontMetrics(font).horizontalAdvance(line) > widget.width() - 20]
        elif isinstance(widget, QAbstractButton) and widget.text():
            wraps = widget.hasHeightForWidth()
            small = widget.heightForWidth(widget.width()) > widget.height() + 1 if wraps else None
            if small or (not wraps and widget.sizeHint().width() > widget.width() + 1):
                found.append(widget.text())
    return found


def test_no_word_is_cut_at_150_per_cent_in_a_longer_language(open_case: Open, marked: None, idle: Idle) -> None:
    screen = open_case(factories.case_document({"decision": factories.DECISION}), language="kk", scale=1.5)
    window = screen.window()
    assert window.width() == 1366, "the window doesn't grow beyond the laptop's screen"
    for step in ("person", "referral", "examination", "diagnosis", "functions", "proposal", "decision"):
        screen.go(step)
        idle(window)  # type: ignore[arg-type]
        page = screen.pages[step]
        assert page.content.width() <= page.viewport().width(), f"pages scroll downwards only: {step}"
        assert cut(screen) == [], step


def test_the_proposal_tells_each_condition_with_a_sign_and_says_it_aloud(open_case: Open, idle: Idle) -> None:
    screen = open_case(put(factories.case_document(), "facts.functions.sensory", None))
    screen.go("proposal")
    idle(screen.window())  # type: ignore[arg-type]
    labels = [part for part in screen.pages["proposal"].findChildren(QLabel) if part.isVisible()]
    texts = [part.text() for part in labels]
    said = {part.accessibleName() for part in labels if part.text() in ("✓", "✗", "○")}
    assert said == {"holds", "does not hold", "left open"}
    assert "disorder of functions, degree 4: not examined – sensory functions" in texts
    assert not [text for text in texts if "≥" in text]


def test_the_record_shows_at_once_and_writes_in_order(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    record: CaseRecord = screen.record
    for number in range(20):
        record.put("referral.number", f"{number}/26")
    assert record.get("referral.number") == "19/26"
    assert stored(screen, idle).document["referral"]["number"] == "19/26"
