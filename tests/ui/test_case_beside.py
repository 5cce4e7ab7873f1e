"""Beside the group, in the real window: notes on the decision page; other facts and periods on the proposal."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.case_file import put
from app.services.views import CaseView
from tests import factories
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
Open = Callable[[dict[str, Any], str], CaseScreen]
EARLIER = {"on": "2024-09-10", "outcome": "group_2", "period": {"kind": "years", "value": 2}, "cause": "01"}


@pytest.fixture
def open_case(signed_in: SignedIn, idle: Idle) -> Open:
    """The case window on a document, at a step."""

    def open_it(document: dict[str, Any], step: str) -> CaseScreen:
        window = signed_in()
        desk = window.desk
        assert desk is not None
        found: list[CaseView] = []
        window.tasks.run(lambda: desk.examinations.import_case(document), done=found.append)
        idle(window)
        window.open_case(found[0].id)
        idle(window)
        screen = window.screens.currentWidget()
        assert isinstance(screen, CaseScreen)
        screen.go(step)
        idle(window)
        return screen

    return open_it


def said(widget: QWidget) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel) if part.isVisible() and part.text()]


def test_the_proposal_says_what_other_facts_and_other_periods_would_take(open_case: Open) -> None:
    screen = open_case(put(factories.case_document(), "facts.prognosis", "unfavourable"), "proposal")
    lines = said(screen.pages["proposal"])
    assert "What other facts would give" in lines
    heavier = next(line for line in lines if line.startswith("The nearest heavier outcome is group I disability."))
    assert heavier.endswith("statodynamic functions: 4 instead of 3; self-care: 3 instead of 2")
    assert "Other periods and their grounds" in lines
    assert "A person must state the ground: pension age, or a long observation without effect" in lines


def test_notes_stand_on_the_decision_page_with_their_source_and_ask_for_nothing(open_case: Open, idle: Idle) -> None:
    document = put(put(factories.case_document(), "examination.occasion", "repeat"), "previous", EARLIER)
    screen = open_case(document, "decision")
    notes = screen.decision.notes
    lines = said(notes)
    assert lines[0] == "Beside the group"
    assert "the term was missed" in lines[1]
    assert "from memory" in lines[2]
    assert not screen.decision.answers.answers
    screen.record.put("previous.on", "2024-11-10")
    window = screen.window()
    assert isinstance(window, MainWindow)
    idle(window)
    assert not notes.isVisibleTo(screen.decision)


def test_the_reason_of_a_missed_term_and_the_day_of_registration_are_asked_and_stored(
    open_case: Open, idle: Idle
) -> None:
    document = put(put(factories.case_document(), "examination.occasion", "repeat"), "previous", EARLIER)
    screen = open_case(document, "examination")
    window = screen.window()
    assert isinstance(window, MainWindow)
    for path, value in (("previous.good_reason", True), ("referral.registered_on", "2026-11-16")):
        screen.jump(path)
        field = screen.form.fields[path]
        assert field.isVisible()
        screen.record.put(path, value)
    idle(window)
    desk = window.desk
    found: list[CaseView] = []
    assert desk is not None
    window.tasks.run(lambda: desk.examinations.open(screen.record.view.id), done=found.append)
    idle(window)
    assert found[0].document["previous"]["good_reason"] is True
    assert found[0].document["referral"]["registered_on"] == "2026-11-16"
