"""The first vote at the real window: nothing of a vote is seen before all have voted; who votes apart may dissent."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from app.domain import voting
from app.domain.vocabulary import CaseState
from app.i18n import translator
from app.services.desk import Desk
from app.services.views import CaseView
from app.services.votes import Ballot
from tests import factories
from tests.journeys.hands import cut_on, words_on
from tests.ui.cases import opened
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.control import ControlScreen
from ui.screens.examination import CaseScreen
from ui.screens.examination.ballot import BallotDialog
from ui.screens.examination.reason import ReasonDialog
from ui.screens.examination.vote_words import decided_by
from ui.screens.settings import SettingsScreen

Idle = Callable[[MainWindow], None]
Open = Callable[..., CaseScreen]
KEY = Qt.Key
TWO = {"kind": "years", "value": 2}
AGREE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_case(signed_in: Callable[..., MainWindow], idle: Idle) -> Open:
    """The case window on a desk with these settings, after `prepare(desk, view)`."""

    def open_it(
        settings: dict[str, Any], prepare: Callable[..., object] | None = None, changes: dict[str, object] | None = None
    ) -> CaseScreen:
        def work(desk: Desk) -> CaseView:
            factories.with_commission(desk)
            for name, value in settings.items():
                desk.preferences.set(name, value)
            view = desk.examinations.import_case(factories.case_document(changes))
            if prepare is not None:
                prepare(desk, view)
            return view

        return opened(signed_in(), idle, work)

    return open_it


def settle(screen: CaseScreen, idle: Idle) -> None:
    window = screen.window()
    assert isinstance(window, MainWindow)
    idle(window)


def vote(screen: CaseScreen, idle: Idle, member: int, keys: str) -> None:
    """One member at the keyboard: the outcome's digit, the period's digit, Enter."""
    button = screen.vote.vote_buttons[member]
    assert isinstance(button, QPushButton)
    button.click()
    QApplication.processEvents()
    dialog = screen.findChild(BallotDialog)
    assert isinstance(dialog, BallotDialog)
    assert not cut_on(dialog)
    for key in keys:
        QTest.keyClick(dialog.focusWidget(), key)
    QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)
    settle(screen, idle)
    assert screen.findChild(BallotDialog) is None or not screen.findChild(BallotDialog).isVisible()


def every_word(window: QWidget) -> str:
    """Labels, buttons, lists and names for a screen reader of the whole window, seen or not."""
    found: list[str] = []
    for part in (window, *window.findChildren(QWidget)):
        for name in ("text", "toPlainText", "toolTip", "accessibleName", "accessibleDescription", "windowTitle"):
            read = getattr(part, name, None)
            if callable(read):
                found.append(str(read()))
    return "\n".join(found).lower()


def test_before_all_have_voted_no_word_of_the_window_tells_a_vote_or_the_proposal(open_case: Open, idle: Idle) -> None:
    screen = open_case({"blind_vote": "required"})
    for step in ("vote", "proposal", "decision", "functions", "vote"):
        screen.go(step)
    vote(screen, idle, 0, "12")
    vote(screen, idle, 1, "31")
    state = {at: button.text() for at, button in screen.vote.vote_buttons.items() if isinstance(button, QPushButton)}
    assert [words.split(" as ")[0] for words in state.values()] == ["Vote anew", "Vote anew", "Vote"]
    for step in ("proposal", "decision", "vote"):
        screen.go(step)
        settle(screen, idle)
        seen = "\n".join(words_on(screen.window())).lower()
        for told in ("group i", "group 1", "2 years", "1 year", "60", "01.12.2028", "heavier", "lighter"):
            assert told not in seen, (step, told)
        # Also what is hidden: the lists of answers that every case has name all groups, no label names one.
        labels = every_word(screen.summary) + every_word(screen.proposal) + every_word(screen.vote)
        assert "group i" not in labels, step
        assert "years" not in labels.replace("years old", ""), step
    QTest.keyClick(screen, KEY.Key_Return, AGREE)
    settle(screen, idle)
    assert screen.step == "vote"
    assert screen.record.get("decision") is None
    vote(screen, idle, 2, "22")
    seen = every_word(screen.vote)
    assert "1 vote: group i disability; 1 vote: group ii disability; 1 vote: group iii disability" in seen
    assert "the criteria give: group ii disability" in seen
    assert "1 group heavier" in seen
    assert "1 group lighter, 12 months shorter" in seen
    assert "the head of the commission decides" in seen
    assert "group ii" in every_word(screen.summary)


def test_two_vote_apart_and_one_dissents(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    for member, keys in enumerate(("22", "31", "22")):
        vote(screen, idle, member, keys)
    screen.go("decision")
    settle(screen, idle)
    page = screen.decision
    assert screen.record.get("decision.outcome") == "group_2", "the majority is what is proposed: filled in"
    assert list(page.dissent.opinions) == [1]
    type_text(page.general.edit, "70")
    page.general.settle()
    assert not page.decide_button.isEnabled()
    screen.jump(voting.DISSENT)
    opinion = page.dissent.opinions[1]
    assert screen.window().focusWidget() is opinion.text.edit
    type_text(opinion.text.edit, "Жүруі сақталған")
    opinion.text.settle()
    assert page.decide_button.isEnabled()
    page.decide_button.click()
    settle(screen, idle)
    assert screen.record.view.state is CaseState.DECIDED
    for row, login in zip(screen.signing.rows, (factories.HEAD, factories.FIRST, factories.SECOND), strict=True):
        row.passphrase.edit.setText(factories.passphrase_of(login))
    screen.signing.sign_button.click()
    settle(screen, idle)
    assert screen.record.view.state is CaseState.SIGNED
    window = screen.window()
    assert isinstance(window, MainWindow)
    assert window.desk is not None
    assert window.desk.integrity.verify().ok
    window.show_control()
    settle(screen, idle)
    control = window.screens.currentWidget()
    assert isinstance(control, ControlScreen)
    cells = [control.table.item(0, at) for at in range(control.table.columnCount())]
    assert all(isinstance(cell, QTableWidgetItem) for cell in cells)
    assert [cell.text() for cell in cells if cell][-1] in ("0 (0 %)", "1 (100 %)")
    for kind, chip in control.chips.items():
        chip.click()
        assert control._kind == kind
        assert control.table.rowCount() >= 2


def test_no_opinion_in_writing_is_an_answer_and_a_member_of_one_mind_may_still_dissent(
    open_case: Open, idle: Idle
) -> None:
    def prepare(desk: Any, view: CaseView) -> None:
        for member, outcome in enumerate(("group_2", "group_3", "group_2")):
            desk.votes.cast(view.id, Ballot(member, outcome, TWO))

    screen = open_case({"blind_vote": "required"}, prepare)
    screen.go("decision")
    page = screen.decision
    QTest.keyClick(page.general.edit, KEY.Key_Up)
    page.general.settle()
    page.dissent.opinions[1].declined.click()
    settle(screen, idle)
    assert page.decide_button.isEnabled()
    actions = page.dissent._menu.actions()
    assert [action.text() for action in actions] == [factories.NAMES[factories.HEAD], factories.NAMES[factories.SECOND]]
    actions[0].trigger()
    settle(screen, idle)
    assert list(page.dissent.opinions) == [0, 1]
    page.dissent.opinions[0].out.click()
    settle(screen, idle)
    assert list(page.dissent.opinions) == [1]


def test_what_was_voted_on_changes_with_a_reason_alone(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    vote(screen, idle, 0, "22")
    screen.go("functions")
    mental = screen.functions.degrees["functions.mental"]
    assert not any(button.isEnabled() for button in mental.row.buttons)
    screen.record.commit("facts.functions.mental", 3)
    assert screen.record.get("facts.functions.mental") == 1
    assert screen.notice.button.isVisible()
    screen.notice.button.click()
    dialog = screen.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    QTest.keyClick(dialog.reason, KEY.Key_Return)
    assert dialog.isVisible(), "a reason is needed"
    type_text(dialog.reason, "психологтың қорытындысы")
    QTest.keyClick(dialog.reason, KEY.Key_Return)
    settle(screen, idle)
    assert "психологтың қорытындысы" in screen.notice.text.text()
    QTest.keyClick(mental.row.buttons[2], KEY.Key_3)
    settle(screen, idle)
    assert screen.record.get("facts.functions.mental") == 3
    screen.go("vote")
    settle(screen, idle)
    assert "Mental functions: 1 → 3. психологтың қорытындысы" in "\n".join(words_on(screen.vote))


def test_a_department_that_offers_the_vote_may_close_the_proposal(open_case: Open, idle: Idle) -> None:
    screen = open_case({"blind_vote": "offered"})
    screen.go("vote")
    assert "Group II" in screen.summary.outcome.text()
    from ui.widgets.tick_box import TickBox

    switch = screen.vote.findChild(TickBox)
    assert switch is not None
    switch.click()
    settle(screen, idle)
    assert screen.summary.outcome.text() == "Enough data"
    assert {state.step: state.status for state in screen.record.states()}["vote"] == "complete", "nobody has to vote"
    vote(screen, idle, 0, "0")
    again = next(box for box in screen.vote.findChildren(TickBox) if box.isVisible())
    assert not again.isEnabled(), "whoever has begun to vote doesn't look in between"


def test_a_department_without_a_vote_sees_the_proposal_at_once(open_case: Open, idle: Idle) -> None:
    screen = open_case({})
    screen.go("vote")
    settle(screen, idle)
    assert "takes no vote" in "\n".join(words_on(screen.vote))
    assert not screen.vote.vote_buttons
    assert "Group II" in screen.summary.outcome.text()


def test_the_ballot_asks_for_the_own_passphrase_where_the_department_wants_it(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case({"blind_vote": "required", "vote_passphrase": True})
    screen.go("vote")
    screen.vote.ask(1)
    dialog = screen.findChild(BallotDialog)
    assert isinstance(dialog, BallotDialog)
    for key in "22":
        QTest.keyClick(dialog.focusWidget(), key)
    assert dialog.focusWidget() is dialog.passphrase.edit
    type_text(dialog.passphrase.edit, factories.PASSPHRASE)
    QTest.keyClick(dialog.passphrase.edit, KEY.Key_Return)
    settle(screen, idle)
    assert dialog.isVisible()
    assert "passphrase" in dialog.error.text()
    dialog.passphrase.clear()
    type_text(dialog.passphrase.edit, factories.passphrase_of(factories.FIRST))
    QTest.keyClick(dialog.passphrase.edit, KEY.Key_Return)
    settle(screen, idle)
    assert voting.waiting(screen.record.document) == tuple(
        factories.NAMES[login] for login in (factories.HEAD, factories.SECOND)
    )


def test_a_differing_decision_is_read_by_a_paper_and_then_signed(open_case: Open, idle: Idle, type_text: Type) -> None:
    def prepare(desk: Any, view: CaseView) -> None:
        reasons = [{"code": code, "text": "себебі", "citation": "тармақ"}
                   for code in ("decision_differs", "percentage_outside_band")]  # fmt: skip
        decision = {**factories.DECISION, "outcome": "group_1", "general_capacity": 85, "reasons": reasons}
        desk.conclusions.decide(view.id, decision)

    screen = open_case({"second_reading": "always_when_differs"}, prepare)
    screen.go("decision")
    panel = screen.second_reading
    assert panel.isVisibleTo(screen.decision)
    assert panel.nobody.isVisibleTo(panel), "every user is of the commission"
    panel.way.row.buttons[1].click()
    panel.agreed.row.buttons[0].click()
    panel.confirm_button.click()
    settle(screen, idle)
    assert QApplication.focusWidget() is panel.by
    type_text(panel.by, "Жұмабекова С. Қ.")
    type_text(panel.number, "12/м")
    type_text(panel.on.edit, "18112026")
    panel.confirm_button.click()
    settle(screen, idle)
    assert "agrees with the decision, 18.11.2026. Paper No. 12/м." in panel.told.text()
    assert not screen.record.obstacles()


def test_settings_of_the_department_are_saved_as_they_are_chosen(
    signed_in: Callable[..., MainWindow], idle: Idle, data_dir: Any
) -> None:
    window = signed_in()
    window.show_settings()
    idle(window)
    settings = window.screens.currentWidget()
    assert isinstance(settings, SettingsScreen)
    page = settings.working
    page.lists["blind_vote"].setCurrentIndex(0)
    page.lists["blind_vote"].activated.emit(0)
    page.passphrase.click()
    idle(window)
    assert window.desk is not None
    procedure = window.desk.preferences.procedure()
    assert (procedure.blind_vote, procedure.vote_passphrase) == ("required", True)
    page.control_wanted.emit()
    idle(window)
    control = window.screens.currentWidget()
    assert isinstance(control, ControlScreen)
    assert "nothing to count" in control.note.text()
    assert not control.export_button.isEnabled()
    control.back_button.click()
    idle(window)
    assert isinstance(window.screens.currentWidget(), SettingsScreen)


def test_after_a_vote_the_keyboard_is_at_the_next_member_and_then_at_the_next_step(
    open_case: Open, idle: Idle, qtbot: QtBot
) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    for member, following in ((0, 1), (1, 2)):
        vote(screen, idle, member, "22")
        # In a turn after the one in which the ballot closed.
        qtbot.waitUntil(lambda: screen.window().focusWidget() is screen.vote.vote_buttons[following])  # noqa: B023
    vote(screen, idle, 2, "22")
    qtbot.waitUntil(lambda: screen.window().focusWidget() is screen.vote.next_button)


def test_enter_in_a_ballot_chooses_nothing(open_case: Open, idle: Idle) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    screen.vote.ask(0)
    dialog = screen.findChild(BallotDialog)
    assert isinstance(dialog, BallotDialog)
    QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)
    assert dialog.outcome.row.value_button() is None
    QTest.keyClick(dialog.focusWidget(), "2")
    QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)
    QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)
    assert dialog.period.row.value_button() is None
    assert "Choose the period." in dialog.error.text()
    assert dialog.focusWidget() in dialog.period.row.buttons
    QTest.keyClick(dialog.focusWidget(), "2")
    assert dialog.focusWidget() is dialog.vote_button
    dialog.period.row.value_button().setFocus()
    QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)
    assert dialog.focusWidget() is dialog.vote_button, "Enter on an answer goes on"
    dialog.reject()


def test_an_even_vote_on_the_period_is_not_called_a_majority(open_case: Open, idle: Idle) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    for member, keys in enumerate(("26", "21", "22")):
        vote(screen, idle, member, keys)
    told = words_on(screen.vote)
    assert "Group II disability; no majority on the period" in told
    assert any(
        line.startswith("All members are of one mind about the group. On the period there is no majority: the head")
        for line in told
    )
    assert "All members are of one mind." not in told
    screen.go("decision")
    settle(screen, idle)
    assert screen.decision.majority.text().endswith("no majority on the period")


def test_what_the_members_voted_for_comes_before_what_is_proposed(open_case: Open, idle: Idle) -> None:
    screen = open_case({"blind_vote": "required"})
    screen.go("vote")
    for member in range(3):
        vote(screen, idle, member, "21")
    screen.go("decision")
    settle(screen, idle)
    page = screen.decision
    assert page.majority_button.isVisible()
    assert (page.majority_button.property("kind"), page.agree_button.property("kind")) == ("primary", "")
    page.majority_button.click()
    settle(screen, idle)
    assert (
        screen.record.get("decision.period") == voting.majority(screen.record.document, screen.record.procedure).period
    )


def test_members_who_differ_about_the_period_alone_are_not_called_of_one_mind() -> None:
    two = voting.Majority("group_2", {"kind": "years", "value": 2}, "all", (("group_2", 3),), "majority")
    told = decided_by(translator("kk"), two)
    assert "топ жөніндегі пікірі бірауызды" in told
    assert "Мерзім жөніндегі пікірлер әртүрлі" in told
    assert decided_by(translator("kk"), voting.Majority("group_2", None, "all", (("group_2", 3),), "all")) != told
