"""Rehabilitation measures in the real window: names at a glance, reasons and sources on demand, by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.case_file import put
from tests import factories
from tests.ui.cases import opened
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.proposal.measures import MeasuresPart

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
Open = Callable[[dict[str, Any]], CaseScreen]


@pytest.fixture
def open_case(signed_in: SignedIn, idle: Idle) -> Open:
    """The page of the proposal of a document."""

    def open_it(document: dict[str, Any]) -> CaseScreen:
        window = signed_in()
        return opened(window, idle, document, "proposal")

    return open_it


def measures(screen: CaseScreen) -> MeasuresPart:
    return next(part for part in screen.pages["proposal"].findChildren(MeasuresPart) if part.isVisible())


def said(widget: QWidget) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel) if part.isVisible() and part.text()]


def test_measures_stand_folded_and_a_key_unfolds_their_reasons_and_sources(open_case: Open) -> None:
    screen = open_case(factories.case_document())
    part = measures(screen)
    lines = said(part)
    assert lines[0] == "Rehabilitation measures"
    assert lines[1].startswith("✓ Proposed by the criteria: cane, crutches, walker, handrails")
    assert lines[2].startswith("? To be confirmed by a doctor: orthosis, wheelchair for indoors")
    assert any("from memory, not checked against the official text" in line for line in lines)
    assert not any("Quantity and term" in line for line in lines)
    assert part.toggle.accessibleName() == "Reasons and sources of the measures"
    assert part.toggle.accessibleDescription() == "folded"
    assert part.toggle.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(part.toggle, Qt.Key.Key_Space)
    assert part.toggle.accessibleDescription() == "unfolded"
    lines = said(part)
    at = lines.index("Crutches")
    assert lines[at + 1] == "Prosthetic-orthopaedic aids"
    assert "independent movement: 2" in lines[at:]
    assert any(line.startswith("convention of this program, not a rule of law") for line in lines[at:])
    assert "A doctor must confirm: a joint or limb needs fixing or unloading" in lines


def test_they_stay_unfolded_while_the_case_changes_and_follow_the_language(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    measures(screen).toggle.click()
    window = screen.window()
    assert isinstance(window, MainWindow)
    window.language.set("kk")
    idle(window)
    part = measures(screen)
    assert part.toggle.isChecked()
    lines = said(part)
    assert lines[0] == "Оңалту іс-шаралары"
    assert "Балдақтар" in lines
    assert any(line.startswith("Саны мен мерзімі: нақтыланбаған") for line in lines)


def test_what_is_missing_is_named_and_nothing_established_says_so(open_case: Open, idle: Idle) -> None:
    screen = open_case(put(factories.case_document(), "facts.limitations.movement", None))
    measures(screen).toggle.click()
    assert "Missing: independent movement" in said(measures(screen))
    for name in ("mental", "sensory", "statodynamic", "visceral"):
        screen.record.put(f"facts.functions.{name}", 0)
    window = screen.window()
    assert isinstance(window, MainWindow)
    idle(window)
    lines = said(measures(screen))
    assert lines[1] == "No measure is proposed: this programme is made where a disability is established."
    assert not measures(screen).toggle.isVisible()
