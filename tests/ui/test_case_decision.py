"""Deciding and signing in the real window: agree with one key, differ with a reason, frozen at the end."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton

from app.domain.case_file import put
from app.domain.names import same_name
from app.domain.vocabulary import CaseState
from app.services.views import CaseView
from tests import factories
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.signing import AccountDialog
from ui.widgets import recovery

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
Open = Callable[..., CaseScreen]
AGREE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_case(signed_in: SignedIn, idle: Idle) -> Open:
    """The case window on a document; `commission`: every member has an account."""

    def open_it(document: dict[str, Any], *, commission: bool = True, make: Any = None) -> CaseScreen:
        window = signed_in()
        desk = window.desk
        assert desk is not None
        found: list[CaseView] = []

        def work() -> CaseView:
            if commission:
                factories.with_commission(desk)
            return make(desk) if make else desk.examinations.import_case(document)

        window.tasks.run(work, done=found.append)
        idle(window)
        window.open_case(found[0].id)
        idle(window)
        screen = window.screens.currentWidget()
        assert isinstance(screen, CaseScreen)
        return screen

    return open_it


def window_of(screen: CaseScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def agree(screen: CaseScreen, idle: Idle) -> None:
    QTest.keyClick(screen, Qt.Key.Key_Return, AGREE)
    idle(window_of(screen))


def pick(combo: QComboBox, words: str) -> None:
    place = next(i for i in range(combo.count()) if words in combo.itemText(i))
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def test_one_key_agrees_and_leads_to_what_the_band_leaves_open(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case(factories.case_document())
    screen.go("diagnosis")
    agree(screen, idle)
    record = screen.record
    assert screen.step == "decision"
    assert record.get("decision.outcome") == "group_2"
    assert record.get("decision.period") == {"kind": "years", "value": 2}
    assert record.get("decision.cause") == "01"
    focus = QApplication.focusWidget()
    assert focus is screen.decision.general.edit, "the band leaves the figure open"
    assert "60" in screen.decision.general.hint.text()
    assert not screen.decision.decide_button.isEnabled()
    type_text(screen.decision.general.edit, "70")
    QTest.keyClick(screen.decision.general.edit, Qt.Key.Key_Return)
    assert screen.decision.decide_button.isEnabled()
    screen.decision.decide_button.click()
    idle(window_of(screen))
    assert record.view.state is CaseState.DECIDED


def test_with_too_little_data_agreeing_leads_to_what_is_missing(open_case: Open, idle: Idle) -> None:
    document = factories.case_document()
    for name in ("movement", "self_care", "work"):
        document = put(document, f"facts.limitations.{name}", None)
    screen = open_case(document)
    agree(screen, idle)
    assert screen.step == "functions"
    assert screen.record.get("decision") is None


def test_differing_needs_a_reason_and_a_clause(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case(factories.case_document({"decision": factories.DECISION}))
    screen.go("decision")
    page = screen.decision
    pick(page.outcome.combo, "group I disability")
    idle(window_of(screen))
    assert "decision_differs" in page.answers.answers
    assert not page.decide_button.isEnabled()
    answer = page.answers.answers["decision_differs"]
    type_text(answer.reason.edit, "Қатар жүретін ауру")
    answer.reason.settle()
    assert not page.decide_button.isEnabled(), "a reason without the clause isn't an answer"
    answer = page.answers.answers["decision_differs"]
    type_text(answer.citation.edit, "Қағидалар, 2-тарау")
    answer.citation.settle()
    # The percentage lies outside the band of the group proposed only if it does; whatever is left is listed.
    for code, other in list(page.answers.answers.items()):
        if code != "decision_differs":
            type_text(other.reason.edit, "себебі")
            other.reason.settle()
    idle(window_of(screen))
    assert page.decide_button.isEnabled()
    page.decide_button.click()
    idle(window_of(screen))
    view = screen.record.view
    assert view.state is CaseState.DECIDED
    reasons = {reason["code"]: reason for reason in view.document["decision"]["reasons"]}
    assert reasons["decision_differs"]["text"] == "Қатар жүретін ауру"
    assert reasons["decision_differs"]["citation"] == "Қағидалар, 2-тарау"


def test_the_band_follows_the_group_that_is_chosen(open_case: Open, idle: Idle) -> None:
    screen = open_case(factories.case_document())
    screen.go("decision")
    agree(screen, idle)
    general = screen.decision.general
    assert "60" in general.hint.text()
    assert "79" in general.hint.text()
    pick(screen.decision.outcome.combo, "group III disability")
    screen.record.put("decision.general_capacity", 70)
    idle(window_of(screen))
    assert general.band == (30, 59)
    assert "30" in general.hint.text()
    assert "70" in general.remark.text()
    assert general.remark.isVisible()
    screen.record.put("decision.general_capacity", 45)
    idle(window_of(screen))
    assert not general.remark.isVisible()


def test_tab_goes_on_to_the_answer_that_the_figure_asks_for(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case(factories.case_document())
    screen.go("decision")
    agree(screen, idle)
    edit = screen.decision.general.edit
    assert QApplication.focusWidget() is edit
    type_text(edit, "85")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    answer = screen.decision.answers.answers["percentage_outside_band"]
    assert QApplication.focusWidget() is answer.reason.edit
    type_text(answer.reason.edit, "себебі")
    QTest.keyClick(answer.reason.edit, Qt.Key.Key_Tab)
    QTest.keyClick(answer.citation.edit, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is screen.decision.recommended_group.add_button
    QTest.keyClick(screen.decision.recommended_group.add_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is screen.decision.decide_button


def test_an_obstacle_blocks_the_decision_and_leads_to_where_it_is_mended(open_case: Open, idle: Idle) -> None:
    document = factories.case_document({"decision": factories.DECISION, "referral.signed_on": "2026-10-01"})
    screen = open_case(put(document, "referral.incapacity_since", "2026-01-01"))
    screen.go("decision")
    page = screen.decision
    assert not page.decide_button.isEnabled()
    item = page._way_column.itemAt(0).widget()
    assert isinstance(item, QPushButton)
    item.click()
    assert screen.step == "referral"


def test_a_decided_case_takes_no_changes_until_it_is_reopened(open_case: Open, idle: Idle) -> None:
    screen = open_case({}, make=factories.decided_case)
    screen.go("person")
    edit = screen.form.fields["person.surname"].focus_widget()
    assert isinstance(edit, QLineEdit)
    assert edit.isReadOnly()
    assert "Decided" in screen.notice.text.text()
    screen.go("decision")
    assert screen.decision.reopen_button.isVisible()
    screen.decision.reopen_button.click()
    idle(window_of(screen))
    assert screen.record.view.state is CaseState.DRAFT
    assert not edit.isReadOnly()


def test_every_member_signs_and_the_case_is_frozen(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case({}, make=factories.decided_case)
    screen.go("decision")
    rows = screen.signing.rows
    assert [row.name for row in rows] == list(factories.NAMES.values())
    assert QApplication.focusWidget() is rows[0].passphrase.edit
    for row, login in zip(rows, factories.NAMES, strict=True):
        type_text(row.passphrase.edit, factories.passphrase_of(login))
    screen.signing.sign_button.click()
    idle(window_of(screen))
    assert screen.record.view.state is CaseState.SIGNED
    assert all(not row.passphrase.text() for row in screen.signing.rows), "no passphrase stays behind"
    assert screen.step == "conclusion"
    screen.go("diagnosis")
    words = screen.form.fields["diagnosis.main.text"].focus_widget()
    assert isinstance(words, QPlainTextEdit)
    assert words.isReadOnly()
    assert "frozen" in screen.notice.text.text()
    assert {state.status for state in screen.record.states()} == {"complete"}
    screen.go("decision")
    assert not screen.decision.reopen_button.isVisible()
    before = screen.record.document
    screen.record.commit("person.surname", "Басқа")
    assert screen.record.document is before


def test_a_wrong_passphrase_names_the_member_and_changes_nothing(open_case: Open, idle: Idle, type_text: Type) -> None:
    screen = open_case({}, make=factories.decided_case)
    screen.go("decision")
    for row, login in zip(screen.signing.rows, factories.NAMES, strict=True):
        passphrase = "wrong" if login == factories.FIRST else factories.passphrase_of(login)
        type_text(row.passphrase.edit, passphrase)
    screen.signing.sign_button.click()
    idle(window_of(screen))
    assert screen.record.view.state is CaseState.DECIDED
    assert factories.NAMES[factories.FIRST] in screen.signing.error.text()
    wrong = screen.signing.rows[1].passphrase.edit
    assert QApplication.focusWidget() is wrong
    assert [row.passphrase.edit.property("invalid") for row in screen.signing.rows].count(True) == 1
    assert wrong.property("invalid")


def test_the_language_changes_on_every_step_after_cards_and_rows_came_and_went(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case({}, make=factories.decided_case)
    window = window_of(screen)
    screen.go("decision")
    screen.decision.reopen_button.click()
    idle(window)
    raised: list[object] = []
    window.tasks.failed.connect(raised.append)
    # Eight steps and three languages: in three rounds every step changes to each of them.
    codes = cycle(("ru", "en", "kk"))
    for figure in (85, 70, 85):
        screen.record.put("decision.general_capacity", figure)
        members = screen.record.get("examination.commission")
        screen.record.put("examination.commission", members[:2] if figure == 85 else [*members[:2], members[0]])
        idle(window)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        for step in screen.pages:
            screen.go(step)
            window.choose_language(next(codes))
            assert screen.signing._words._bound
    idle(window)
    assert raised == []


def test_a_member_who_has_not_signed_is_named_before_anything_is_sent(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case({}, make=factories.decided_case)
    screen.go("decision")
    type_text(screen.signing.rows[0].passphrase.edit, factories.PASSPHRASE)
    screen.signing.sign_button.click()
    assert factories.NAMES[factories.FIRST] in screen.signing.error.text()
    assert QApplication.focusWidget() is screen.signing.rows[1].passphrase.edit
    assert screen.signing.sign_button.isEnabled(), "nothing is under way"


def test_a_member_without_an_account_gets_one_on_the_spot(
    open_case: Open, idle: Idle, type_text: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    screen = open_case({}, commission=False, make=factories.decided_case)
    screen.go("decision")
    row = screen.signing.rows[1]
    assert row.none.isVisible()
    assert not row.passphrase.isVisible()
    row.make_button.setFocus()
    row.make_button.click()
    given_up = screen.signing.findChild(AccountDialog)
    assert given_up is not None
    given_up.reject()
    idle(window_of(screen))
    assert window_of(screen).focusWidget() is screen.signing.rows[0].passphrase.edit, "on to who signs next"
    row.make_button.setFocus()
    row.make_button.click()
    dialog = next(one for one in screen.signing.findChildren(AccountDialog) if one is not given_up)
    type_text(dialog.login, "kim")
    for line in (dialog.passphrase.first, dialog.passphrase.second):
        type_text(line.edit, factories.passphrase_of(factories.FIRST))
    dialog.make_button.click()
    idle(window_of(screen))
    assert dialog.recovery.isVisible()
    assert dialog.recovery.code.text()
    dialog.reject()
    assert dialog.isVisible(), "the code is shown once: it is kept first"
    assert dialog.focusWidget() is dialog.recovery.check
    monkeypatch.setattr(recovery, "ask_file", lambda _t, _parent, name: asked.append(name))
    monkeypatch.setattr(recovery, "ask_printer", lambda *_: asked.append("printer"))
    dialog.recovery.save_button.click()
    idle(window_of(screen))
    dialog.recovery.check.setFocus()
    QTest.keyClick(dialog.recovery.check, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(dialog.recovery.check, Qt.Key.Key_Space)
    QTest.keyClick(dialog.recovery.check, Qt.Key.Key_Return)
    idle(window_of(screen))
    QApplication.processEvents()
    assert asked == ["saraptama-recovery-kim.pdf"], "each user's sheet has a file of its own; Enter prints nothing"
    assert not [one for one in screen.signing.findChildren(AccountDialog) if one.isVisible()]
    assert window_of(screen).focusWidget() is screen.signing.rows[0].passphrase.edit, "the first empty passphrase"
    row = screen.signing.rows[1]
    assert row.passphrase.isVisible()
    assert [user.login for user in row.users] == ["kim"]


def test_names_are_one_whatever_their_case_and_blanks() -> None:
    assert same_name("Өтеген  Һадис Ұланұлы ", "өтеген һадис ұланұлы")
    assert not same_name("Ким Андрей", "Ким Андрей Викторович")


def test_help_and_recommendations_are_entered_where_the_commission_decides(open_case: Open, idle: Idle) -> None:
    asked = {"decision": factories.DECISION, "referral.purpose": ["disability", "extra_help"]}
    screen = open_case(factories.case_document(asked))
    screen.go("decision")
    idle(window_of(screen))
    page, record = screen.decision, screen.record
    assert page.help_group.isVisible()
    kinds = screen.form.fields["dossier.extra_help.kinds"]
    assert kinds.remark.isVisible(), "the paper will have boxes to tick"
    kinds.boxes[0].click()  # type: ignore[attr-defined]
    kinds.boxes[6].click()  # type: ignore[attr-defined]
    idle(window_of(screen))
    assert "none needed" in kinds.error.text(), "both at once can't be"
    assert not page.recommended_group.is_open
    page.recommended_group.add_button.click()
    assert QApplication.focusWidget() is screen.form.fields["dossier.recommendations.work"].focus_widget()
    kinds.boxes[6].click()  # type: ignore[attr-defined]
    idle(window_of(screen))
    assert record.get("dossier.extra_help.kinds") == ["constant_care"]
    assert not kinds.remark.isVisible()
    record.put("dossier.recommendations.work", "үйде")
    record.put("referral.purpose", ["disability"])
    idle(window_of(screen))
    assert page.help_group.isVisible(), "what was answered is not hidden"
    record.put("dossier.extra_help", None)
    idle(window_of(screen))
    assert not page.help_group.isVisible()
    assert page.recommended_group.is_open
