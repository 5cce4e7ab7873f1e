"""The programme in the real window: one key takes the proposal over, the keyboard edits it, signing freezes it."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.programme import PATH
from app.domain.vocabulary import CaseState, MeasureState
from app.services.desk import Desk
from app.services.views import CaseView
from tests import factories
from tests.ui.cases import opened
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.measure_dialogs import AddDialog, ReasonDialog, RowDialog
from ui.screens.examination.programme_page import ProgrammePage

Idle = Callable[[MainWindow], None]
Make = Callable[[Desk], CaseView]
Open = Callable[[Make], CaseScreen]
PURPOSE = {"referral.purpose": ["disability", "rehabilitation"]}
TAKE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def open_case(signed_in: Callable[..., MainWindow], idle: Idle) -> Open:
    """The programme's step of a case."""

    def open_it(make: Make) -> CaseScreen:
        window = signed_in()
        return opened(window, idle, make, "programme")

    return open_it


def draft(changes: dict[str, object] | None = None) -> Make:
    document = factories.case_document({**PURPOSE, **(changes or {})})
    return lambda desk: desk.examinations.import_case(document)


def window_of(screen: CaseScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def stored(screen: CaseScreen, idle: Idle) -> list[dict[str, Any]]:
    """The rows as the database has them."""
    window = window_of(screen)
    idle(window)
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    window.tasks.run(lambda: desk.examinations.open(screen.case_id), done=found.append)
    idle(window)
    programme = (found[0].document.get("dossier") or {}).get("programme") or {}
    return list(programme.get("rows") or [])


def ids(screen: CaseScreen) -> list[str | None]:
    return [row.get("measure") for row in screen.record.get(f"{PATH}.rows") or []]


def dialogue(screen: CaseScreen, kind: type[QDialog]) -> Any:
    shown = [found for found in screen.window().findChildren(kind) if found.isVisible()]
    assert len(shown) == 1
    return shown[0]


def key(widget: QWidget, which: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, which, how)
    QApplication.processEvents()


def test_one_key_takes_the_proposal_over_and_the_keyboard_edits_it(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case(draft())
    page = screen.programme
    assert isinstance(page, ProgrammePage)
    assert screen.steps.buttons["programme"].accessibleName() == "Programme: incomplete"
    assert "no measures" in page.remark.text()
    assert QApplication.focusWidget() is page.take_button
    key(page.take_button, Qt.Key.Key_Return, TAKE)
    assert screen.step == "programme", "the key of agreeing takes over here"
    rows = page.rows
    taken = ids(screen)
    assert taken[:3] == ["cane", "crutches", "walker"]
    assert QApplication.focusWidget() is rows
    entry = rows.entries()[0]
    assert entry.name == "1. Cane"
    assert "quantity and term not given" in entry.lines[0]
    assert any(line.startswith("Indication: independent movement: 2") for line in entry.lines)
    assert "○ from memory, not checked against the official text" in entry.source
    assert entry.source in rows.item(0).data(Qt.ItemDataRole.AccessibleTextRole)

    key(rows, Qt.Key.Key_Down)
    assert rows.currentRow() == 1
    key(rows, Qt.Key.Key_Up, ALT)
    assert ids(screen)[:2] == ["crutches", "cane"]
    assert rows.currentRow() == 0, "the cursor goes along"
    key(rows, Qt.Key.Key_Delete)
    assert "crutches" not in ids(screen)
    screen.undo()
    screen.undo()
    assert ids(screen) == taken
    screen.redo()
    assert ids(screen)[:2] == ["crutches", "cane"]
    screen.undo()

    rows.setCurrentRow(0)
    key(rows, Qt.Key.Key_Return)
    asked = dialogue(screen, RowDialog)
    asked.quantity.clear()
    type_text(asked.quantity, "two")
    asked.act_button.click()
    assert "whole number" in asked.error.text()
    asked.quantity.clear()
    type_text(asked.quantity, "2")
    asked.term.setCurrentIndex(1)
    asked.act_button.click()
    assert "how many months" in asked.error.text()
    type_text(asked.months, "24")
    assert asked.carrier.currentText().startswith("local executive bodies")
    asked.carrier.setEditText("Центр занятости")
    asked.act_button.click()
    first = stored(screen, idle)[0]
    assert (first["quantity"], first["unit"], first["months"], first["carrier"]) == (2, "piece", 24, "Центр занятости")
    assert "2 pieces · 24 months · Центр занятости" in rows.entries()[0].lines[0]

    rows.setCurrentRow(1)
    key(rows, Qt.Key.Key_Return)
    asked = dialogue(screen, RowDialog)
    asked.refused.click()
    asked.act_button.click()
    assert "why the person refuses" in asked.error.text()
    type_text(asked.reason, "ходит с тростью")
    asked.act_button.click()
    second = stored(screen, idle)[1]
    assert (second["state"], second["reason"], second["signed"]) == ("refused_by_person", "ходит с тростью", True)
    assert "✗ Refused by the person: ходит с тростью" in rows.entries()[1].lines


def test_to_confirm_one_by_one_contra_indicated_with_a_reason_and_the_whole_list_by_search(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case(draft({"facts.anatomical_defects": ["arms_both_stumps"]}))
    page = screen.programme
    confirm = page.offers[MeasureState.TO_CONFIRM]
    entry = confirm.rows.entries()[0]
    assert any(line.startswith("A doctor must confirm: ") for line in entry.lines)
    confirm.rows.setFocus()
    key(confirm.rows, Qt.Key.Key_Return)
    assert ids(screen) == [entry.id]
    assert entry.id not in [one.id for one in confirm.rows.entries()]
    assert any(line.startswith("Confirmed by a doctor: ") for line in page.rows.entries()[0].lines)

    against = page.offers[MeasureState.CONTRAINDICATED]
    assert any("stumps" in line for line in against.rows.entries()[0].lines)
    place = against.rows.entries()[0].id
    against.button.click()
    asked = dialogue(screen, ReasonDialog)
    asked.act_button.click()
    assert asked.isVisible(), "not without a reason"
    type_text(asked.reason, "с протезами держит")
    asked.act_button.click()
    assert ids(screen) == [entry.id, place]
    assert stored(screen, idle)[1]["reason"] == "с протезами держит"

    window_of(screen).language.set("kk")
    key(page.rows, Qt.Key.Key_Insert)
    asked = dialogue(screen, AddDialog)
    type_text(asked.search, "кресло")
    hits = asked.list.count()
    assert 0 < hits < 10
    key(asked.search, Qt.Key.Key_Return)
    asked.list.itemActivated.emit(asked.list.currentItem())
    QApplication.processEvents()
    assert len(ids(screen)) == 3
    key(page.rows, Qt.Key.Key_Insert)
    asked = dialogue(screen, AddDialog)
    type_text(asked.search, "ортопедиялық төсек")
    assert asked.list.count() == 0
    assert not asked.act_button.isEnabled()
    asked.free_button.click()
    QApplication.processEvents()
    row = dialogue(screen, RowDialog)
    assert row.name.text() == "ортопедиялық төсек"
    row.act_button.click()
    last = stored(screen, idle)[-1]
    assert (last["name"], last["part"], last["origin"]) == ("ортопедиялық төсек", "social", "added")


def test_what_changed_is_told_and_one_key_follows(open_case: Open, idle: Idle) -> None:
    screen = open_case(draft())
    page = screen.programme
    page.take_button.click()
    assert not page.changes.isVisible()
    screen.record.put("facts.limitations.movement", None)
    assert "Left open now, and kept in the programme: cane" in page.changes.text.text()
    assert "Missing: independent movement" in page.changes.text.text()
    assert not page.changes.button.isVisible()
    screen.record.put("facts.limitations.movement", 0)
    assert "No longer proposed: cane, crutches, walker" in page.changes.text.text()
    page.changes.button.click()
    assert not {"cane", "crutches"} & set(ids(screen))
    assert not page.changes.isVisible()
    screen.record.put("facts.limitations.movement", 2)
    assert "Newly proposed: cane" in page.changes.text.text()
    screen.undo()  # the fact
    screen.undo()  # the following
    assert ids(screen)[:2] == ["cane", "crutches"]
    assert stored(screen, idle)[0]["measure"] == "cane"


def test_where_no_programme_is_asked_for_or_none_is_needed_the_step_is_complete(
    open_case: Open, idle: Idle, type_text: Type
) -> None:
    screen = open_case(lambda desk: desk.examinations.import_case(factories.case_document()))
    page = screen.programme
    name = screen.steps.buttons["programme"].accessibleName
    assert name() == "Programme: nothing entered"
    assert "does not ask for a programme" in page.remark.text()
    screen.record.put("referral.purpose", ["rehabilitation"])
    assert name() == "Programme: incomplete"
    screen.go_to_missing()
    screen.go("programme")
    type_text(page.none.edit, "всё есть")
    page.none.settle()
    assert name() == "Programme: complete"
    for fact in ("mental", "sensory", "statodynamic", "visceral"):
        screen.record.put(f"facts.functions.{fact}", 0)
    idle(window_of(screen))
    assert page.remark.text() == "✓ No disability is established: no programme is made."
    assert not page.tools.isVisible()
    assert not any(offers.isVisible() for offers in page.offers.values())


def test_it_is_edited_after_the_decision_and_nothing_else_and_frozen_once_signed(open_case: Open, idle: Idle) -> None:
    def make(desk: Desk) -> CaseView:
        factories.with_commission(desk)
        return factories.decided_case(desk, dict(PURPOSE))

    screen = open_case(make)
    window, page = window_of(screen), screen.programme
    assert "the programme alone" in screen.notice.text.text()
    assert screen.form.fields["person.surname"].focus_widget().isReadOnly()  # type: ignore[attr-defined]
    key(page.take_button, Qt.Key.Key_Return, TAKE)
    assert stored(screen, idle)[0]["measure"] == "cane"
    screen.undo()
    assert ids(screen) == []
    screen.redo()
    screen.undo()
    screen.undo()
    assert ids(screen) == []
    assert screen.record.get("person.surname") == "Әбдіқадырұлы", "what came before the decision stays"
    screen.redo()
    agreed = screen.form.fields[f"{PATH}.consent.answer"]
    agreed.row.buttons[0].click()  # type: ignore[attr-defined]
    idle(window)
    told = page.remark.text().splitlines()
    assert len(told) == 2, told
    assert told[0].startswith("○ Quantity, term or who carries it out is missing of the measures No. 1")
    assert told[1] == "○ Who agreed with the programme or refused it, or on which day, is missing."
    screen.record.put("person.surname", "Басқа")
    assert screen.record.get("person.surname") != "Басқа"
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    window.tasks.run(lambda: desk.conclusions.sign(screen.case_id, factories.signatures()), done=found.append)
    idle(window)
    assert found[0].state is CaseState.SIGNED
    screen.record.take(found[0])
    idle(window)
    assert not page.tools.isVisible()
    assert page.rows.count() == len(ids(screen))
    before = ids(screen)
    for which in (Qt.Key.Key_Delete, Qt.Key.Key_Return):
        key(page.rows, which)
    page.take_over()
    assert ids(screen) == before
    assert not [shown for shown in window.findChildren(QDialog) if shown.isVisible()]
    assert not agreed.row.buttons[1].isEnabled()  # type: ignore[attr-defined]


def test_every_part_has_a_name_and_nothing_is_cut_at_the_largest_text(open_case: Open, idle: Idle) -> None:
    screen = open_case(draft())
    window, page = window_of(screen), screen.programme
    page.take_button.click()
    window.appearance.set("light", 1.5)
    for language in ("kk", "ru", "en"):
        window.language.set(language)
        idle(window)
        for part in (page.rows, *(offers.rows for offers in page.offers.values())):
            assert part.accessibleName()
            if part.isVisible():
                heights = sum(part.sizeHintForRow(place) for place in range(part.count()))
                assert part.viewport().height() >= heights
        for made in page.tools.findChildren(QWidget):
            assert made.accessibleName()
            assert made.width() >= made.sizeHint().width()
        assert page.tools.width() <= page.viewport().width()
