"""The case as a whole in the real window: ended and resumed by keyboard, corrected, put off, hidden from experts."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.case_file import get
from app.domain.vocabulary import CaseState, CorrectionKind
from app.services.desk import Desk
from app.services.views import CaseView
from tests import factories
from tests.journeys.hands import words_on
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen
from ui.screens.examination.deadlines import DeadlinesDialog
from ui.widgets.fields_dialog import FieldsDialog

Idle = Callable[[MainWindow], None]
Make = Callable[[Desk], CaseView]
Open = Callable[[Make], CaseScreen]
EXPIRED: dict[str, object] = {"referral.signed_on": "2026-09-12"}


@pytest.fixture
def open_made(signed_in: Callable[..., MainWindow], idle: Idle) -> Open:
    """The case window on what `make` makes of a desk with its whole commission."""

    def open_it(make: Make) -> CaseScreen:
        window = signed_in()
        desk = window.desk
        assert desk is not None
        found: list[CaseView] = []
        window.tasks.run(lambda: (factories.with_commission(desk), make(desk))[1], done=found.append)
        idle(window)
        window.open_case(found[0].id)
        idle(window)
        return screen_of(window)

    return open_it


def screen_of(window: MainWindow) -> CaseScreen:
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    return screen


def window_of(screen: CaseScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def asked(dialog: Any) -> FieldsDialog:
    assert isinstance(dialog, FieldsDialog)
    return dialog


def field(dialog: FieldsDialog, name: str) -> Any:
    return next(one for one in dialog.fields if one.path.endswith(name))


def state(screen: CaseScreen) -> CaseState:
    return screen.record.view.state


def press(screen: CaseScreen, key: Qt.Key) -> None:
    QTest.keyClick(screen, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def test_a_refusal_is_proposed_by_what_the_case_shows_and_ends_and_resumes_by_keyboard(
    open_made: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_made(lambda desk: desk.examinations.import_case(factories.case_document(EXPIRED)))
    window = window_of(screen)
    screen.go("decision")
    assert "the documents have expired" in screen.decision.end_button.text()
    press(screen, Qt.Key.Key_E)
    dialog = asked(screen.acts.dialog)
    assert (dialog.values["kind"], dialog.values["ground"]) == ("refusal", "expired_documents")
    assert dialog.values["head"] == factories.NAMES["head"]
    day = field(dialog, ".on")
    day.edit.clear()
    type_text(day.edit, "31.02.2026")
    dialog.act_button.click()
    idle(window)
    assert day.error_text is not None
    assert dialog.isVisible(), "a day that does not exist keeps the dialogue"
    day.edit.clear()
    type_text(day.edit, "19.11.2026")
    dialog.act_button.click()
    idle(window)
    assert "future" in day.error.text()
    day.edit.clear()
    type_text(day.edit, "18.11.2026")
    dialog.act_button.click()
    idle(window)
    assert state(screen) is CaseState.ENDED
    assert "examination refused" in screen.notice.text.text()
    screen.notice.button.click()
    dialog = asked(screen.acts.dialog)
    dialog.act_button.click()
    idle(window)
    assert "reason" in field(dialog, "reason").error.text()
    type_text(field(dialog, "reason").edit, "жолдама жаңартылды")
    QTest.keyClick(field(dialog, "reason").edit, Qt.Key.Key_Return)
    dialog.act_button.click()
    idle(window)
    assert state(screen) is CaseState.DRAFT
    assert not screen.notice.isVisible()


def test_the_list_shows_endings_and_postponements_and_begins_a_correction(
    open_made: Open, idle: Idle, type_text: Type
) -> None:
    def make(desk: Desk) -> CaseView:
        signed = factories.signed_case(desk)
        ended = desk.examinations.import_case(factories.case_document())
        desk.endings.end(ended.id, {"kind": "absence", "on": "2026-11-18", "head": "Сейітова"})
        later = desk.examinations.import_case(factories.case_document())
        desk.endings.postpone(later.id, {"until": "2026-12-01", "what": "a", "reason": "b"})
        return signed

    screen = open_made(make)
    window = window_of(screen)
    window.show_cases()
    idle(window)
    cases = window.screens.currentWidget()
    assert isinstance(cases, CasesScreen)
    model = cases.model
    shown = {model.data(model.index(row, 6)) for row in range(model.rowCount())}
    assert shown == {"put off until 01.12.2026", "the person did not come", "group II disability"}
    cases.table.choose(0)
    cases.correct()
    assert "Only a signed case" in cases.note.text()
    cases.table.choose(model.rowCount() - 1)
    QTest.keyClick(cases.table, Qt.Key.Key_C)
    dialog = asked(cases.dialog)
    dialog.act_button.click()
    assert field(dialog, ".kind").error.isVisible()
    field(dialog, ".kind").row.buttons[1].click()
    dialog.act_button.click()
    idle(window)
    assert field(dialog, ".reason").error.isVisible(), "a correction says why"
    type_text(field(dialog, ".reason").edit, "жаңа қорытынды келді")
    dialog.act_button.click()
    idle(window)
    correction = screen_of(window)
    assert get(correction.record.document, "dossier.correction.kind") == "new_facts"
    correction.record.commit("facts.functions.sensory", 2)
    correction.go("decision")
    idle(window)
    words = words_on(correction.decision.changes)
    assert "As signed" in words
    assert any(word.startswith("0, ") for word in words)
    assert any(word.startswith("2, ") for word in words)
    correction.decision.changes.open_button.click()
    idle(window)
    assert screen_of(window).record.view.state is CaseState.SIGNED
    assert "is not signed yet" in screen_of(window).notice.text.text()


def test_a_proactive_case_hides_the_person_until_somebody_shows_it(open_made: Open, idle: Idle) -> None:
    changes: dict[str, object] = {"examination.place": "in_absentia_proactive"}
    screen = open_made(lambda desk: desk.examinations.import_case(factories.case_document(changes)))
    for step in ("person", "referral", "conclusion", "examination", "diagnosis", "decision"):
        screen.go(step)
        seen = " ".join(words_on(screen))
        for secret in ("Әбдіқадырұлы", "710614", "Бестамақ", "Алға"):
            assert secret not in seen, (step, secret)
    assert "55 years old" in screen.header.facts.text()
    screen.jump("person.surname")
    assert screen.stack.currentWidget() is screen.closed_page
    assert QApplication.focusWidget() is screen.closed_page.show_button
    screen.closed_page.show_button.click()
    idle(window_of(screen))
    assert "Әбдіқадырұлы" in screen.header.name.text()
    assert screen.stack.currentWidget() is screen.person


def test_a_case_put_off_says_so_and_its_deadlines_say_what_they_rest_on(open_made: Open, idle: Idle) -> None:
    def make(desk: Desk) -> CaseView:
        view = desk.examinations.import_case(factories.case_document())
        return desk.endings.postpone(view.id, {"until": "2026-12-01", "what": "ЭхоКГ", "reason": "the degree"})

    screen = open_made(make)
    assert "put off" in screen.header.state.text()
    assert "13 more days" in screen.header.deadline.text()
    press(screen, Qt.Key.Key_D)
    dialog = screen.acts.dialog
    assert isinstance(dialog, DeadlinesDialog)
    dialog.sources_button.click()
    said = words_on(dialog)
    assert any("13 more days, 01.12.2026" in words for words in said)
    assert any("seen in a source" in words for words in said), "the referral's term names its source"
    dialog.reject()
    screen.notice.button.click()
    idle(window_of(screen))
    assert "put off" not in screen.header.state.text()


def test_who_is_of_age_is_offered_no_childrens_outcomes(open_made: Open) -> None:
    screen = open_made(lambda desk: desk.examinations.import_case(factories.case_document()))
    screen.go("decision")
    screen.decision.differ_button.click()
    shown = [screen.decision.outcome.combo.itemText(at) for at in range(screen.decision.outcome.combo.count())]
    assert not [words for words in shown if "child" in words]
    periods = [screen.decision.period.combo.itemText(at) for at in range(screen.decision.period.combo.count())]
    assert not [words for words in periods if "age of" in words]


def test_a_superseded_case_leads_to_the_one_that_took_its_place(open_made: Open, idle: Idle) -> None:
    def make(desk: Desk) -> CaseView:
        old = factories.signed_case(desk)
        new = desk.examinations.correct(old.id, CorrectionKind.BY_COURT, "the court said so")
        desk.conclusions.decide(new.id, factories.DECISION)
        desk.conclusions.sign(new.id, factories.signatures())
        return old

    screen = open_made(make)
    window = window_of(screen)
    assert "Superseded by 2/2026/000002" in screen.notice.text.text()
    screen.notice.button.click()
    idle(window)
    assert screen_of(window).record.view.number == "2/2026/000002"
    assert screen_of(window).acts.can("correct")


def test_a_programme_alone_is_recorded_without_a_group(open_made: Open, idle: Idle) -> None:
    purpose: dict[str, object] = {"referral.purpose": ["rehabilitation"]}
    screen = open_made(lambda desk: desk.examinations.import_case(factories.case_document(purpose)))
    screen.go("decision")
    assert not screen.decision.outcome.isVisible()
    assert screen.summary.outcome.text() == "The group is not asked for"
    assert QApplication.focusWidget() is screen.decision.decide_button
    screen.decision.decide_button.click()
    idle(window_of(screen))
    assert screen.record.view.state is CaseState.DECIDED
    assert screen.record.get("decision.outcome") is None
