"""A day in a village: twenty people registered, called, decided on and signed in a row, through the real window."""

import copy
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.case_file import get
from app.domain.vocabulary import CaseState, QueueState
from app.services.desk import Desk
from tests import factories
from tests.journeys.hands import Hands
from tests.trips import GIVEN, SURNAMES, iin_of
from ui.__main__ import start
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen
from ui.screens.trips import TripsScreen

PEOPLE, ABSENT = 20, 6
KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def examine(desk: Desk, case_id: str) -> None:
    """What the commission enters of one person, a section at a time, until the case is signed."""
    sample = factories.case_document()
    referral = {**sample["referral"], "signed_on": get(desk.examinations.open(case_id).document, "examination.on")}
    given = {"referral": referral, "person.address": sample["person"]["address"], "cause": sample["cause"],
             "diagnosis": sample["diagnosis"], "facts": sample["facts"]}  # fmt: skip
    for path, value in given.items():
        desk.examinations.set_field(case_id, path, value)
    desk.conclusions.decide(case_id, copy.deepcopy(factories.DECISION))
    desk.conclusions.sign(case_id, factories.signatures())


@pytest.mark.parametrize("language", ["kk"])
def test_twenty_people_are_examined_in_a_row(qtbot: QtBot, tmp_path: Path, language: str) -> None:
    access = factories.make_desk(tmp_path / "desk")
    window = start(tmp_path / "desk", language, access)
    window.resize(1366, 768)
    hands = Hands(qtbot, window)
    try:
        window.screens.currentWidget().sign_in(factories.HEAD, factories.PASSPHRASE)  # type: ignore[union-attr]
        home = hands.screen(CasesScreen)
        desk = window.desk
        assert desk is not None
        window.tasks.run(lambda: factories.with_commission(desk))
        trip = begin_the_trip(hands)
        register_everybody(hands, trip)
        # Somebody with a small child goes first; somebody else has not come.
        trip.page.table.go(9)
        for _ in range(9):
            hands.press(trip.page.table, KEY.Key_Up, ALT)
            hands.settle()
        trip.page.table.go(ABSENT)
        hands.press(trip.page.table, KEY.Key_5)
        hands.settle()
        order = [turn.case_id for turn in desk.trips.worklist(trip.page.trip_id).turns]
        hands.click(window.header.sections["cases"])
        hands.settle()
        called = call_everybody(hands, home, desk, trip.page.trip_id)
        assert called == [case_id for at, case_id in enumerate(order) if at != ABSENT]
        worklist = desk.trips.worklist(trip.page.trip_id)
        assert [turn.case_id for turn in worklist.turns] == order
        assert [turn.turn for turn in worklist.turns] == list(range(1, PEOPLE + 1))
        assert worklist.turns[0].name.startswith(SURNAMES[9 % 8])
        for at, turn in enumerate(worklist.turns):
            state = (QueueState.NOT_COME, CaseState.DRAFT) if at == ABSENT else (QueueState.EXAMINED, CaseState.SIGNED)
            assert (turn.queue, turn.state) == state, at
        assert (worklist.tally.signed, worklist.tally.absent, worklist.tally.waiting) == (PEOPLE - 1, 1, 0)
        assert desk.integrity.verify().ok
    finally:
        window.close()


def begin_the_trip(hands: Hands) -> TripsScreen:
    hands.click(hands.window.header.sections["trips"])
    screen: TripsScreen = hands.screen(TripsScreen)
    hands.settle()
    hands.click(screen.list.new_button)
    hands.until(lambda: screen.currentWidget() is screen.page)
    hands.settle()
    details = screen.page.details
    hands.type(details.settlement.edit, "Бестамақ")
    for login in (factories.HEAD, factories.FIRST, factories.SECOND):
        hands.click(details.commission.add_button)
        hands.type(details.commission.rows[-1].name, factories.NAMES[login])  # type: ignore[attr-defined]
        hands.settle()
    hands.click(screen.page.details_button)
    assert screen.page.trip is not None
    assert len(screen.page.trip.fields["commission"]) == 3
    return screen


def register_everybody(hands: Hands, screen: TripsScreen) -> None:
    hands.click(screen.page.register_button)
    register = screen.page.register
    for at in range(PEOPLE):
        hands.type(register.identity.edit, iin_of(at))
        hands.type(register.surname.edit, SURNAMES[at % 8])
        hands.type(register.given.edit, GIVEN[at // 8])
        hands.type(register.number.edit, f"{at}/26")
        hands.press(register.number.edit, KEY.Key_Return)
        hands.settle()
        assert screen.page.worklist is not None
        assert len(screen.page.worklist.turns) == at + 1
    hands.press(register.identity.edit, KEY.Key_Escape)


def call_everybody(hands: Hands, home: CasesScreen, desk: Desk, trip_id: str) -> list[str]:
    """N on the home screen, the examination, back by key; every second person without opening the case, which takes
    most of the time: until nobody waits."""
    called: list[str] = []

    def examine_the_next() -> None:
        case_id = desk.trips.call_next(trip_id)
        if case_id is not None:
            called.append(case_id)
            examine(desk, case_id)

    while True:
        hands.press(home.turns, KEY.Key_N)
        hands.settle()
        screen = hands.window.screens.currentWidget()
        if screen is home:
            assert home.note.text()
            return called
        assert isinstance(screen, CaseScreen)
        hands.until(screen.isEnabled)
        called.append(screen.case_id)
        hands.window.tasks.run(partial(examine, desk, screen.case_id))
        hands.window.tasks.run(examine_the_next)
        hands.settle()
        hands.press(screen.steps.buttons[screen.step], KEY.Key_Left, ALT)
        hands.screen(CasesScreen)
        hands.settle()
