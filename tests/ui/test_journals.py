"""The journals in the window: found by key, filtered, paged, sorted, saved; who is due; blanks in settings and case."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from tests import factories
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.conclusion.papers import CasePapersBar, IssueDialog, SpoilDialog
from ui.screens.examination import CaseScreen
from ui.screens.journals import JournalsScreen, export, list_page
from ui.screens.journals.export import ExportDialog
from ui.screens.journals.trip_dialog import TripDialog
from ui.screens.settings import SettingsScreen
from ui.screens.trips import TripsScreen
from ui.widgets.question import Question

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
CERTIFICATE = PaperKind.DISABILITY_CERTIFICATE
NUMBERS = ("710614301212", "710614301222", "710614301232")
PEOPLE = (("Әбдірахманова", "home", "Ақжар ауылы"), ("Беков", "department", "Тамды ауылы"),
          ("Ғалымжанұлы", "home", "Ақжар ауылы"))  # fmt: skip


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def with_signed(window: MainWindow, idle: Idle, *, distinct: bool = False) -> list[str]:
    desk, made = desk_of(window), list[str]()

    def enter() -> None:
        factories.with_commission(desk)
        for surname, place, village in PEOPLE:
            changes: dict[str, object] = {"person.surname": surname, "examination.place": place,
                                          "person.address.text": f"{village}, 1"}  # fmt: skip
            if distinct:
                changes["person.iin"] = NUMBERS[len(made)]
            made.append(factories.signed_case(desk, changes).id)

    window.tasks.run(enter)
    idle(window)
    return made


def journals(window: MainWindow, idle: Idle, tab: int = 0) -> JournalsScreen:
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, JournalsScreen)
    screen.tabs.setCurrentIndex(tab)
    idle(window)
    return screen


def names(page: list_page.ListPage) -> list[str]:
    return [page.model.text(at, ["name"])[0].split()[0] for at in range(len(page.model.rows))]


def test_empty_journals_say_what_will_stand_there(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = journals(window, idle)
    for at, page in enumerate(screen.page(at) for at in range(3)):
        screen.tabs.setCurrentIndex(at)
        idle(window)
        assert page.stack.currentWidget() is page.empty
        assert page.empty_text.text()
        assert not page.export_button.isEnabled()
        assert not page.clear_button.isVisible()
    screen.tabs.setCurrentIndex(3)
    idle(window)
    assert screen.page(3).stack.currentWidget() is screen.page(3).empty
    assert not screen.page(3).plan_button.isEnabled()
    assert not screen.page(3).trip_button.isEnabled()


def test_the_journal_of_protocols_is_filtered_searched_sorted_and_opens_its_case(
    signed_in: SignedIn, idle: Idle, type_text: Type, qtbot: QtBot
) -> None:
    window = signed_in()
    ids = with_signed(window, idle)
    page = journals(window, idle).page(0)
    assert page.table.hasFocus()
    assert names(page) == ["Ғалымжанұлы", "Беков", "Әбдірахманова"]
    assert page.where.text() == "Rows 1 to 3 of 3"
    page.filters.choices["place"].setCurrentIndex(page.filters._values["place"].index("home"))
    page.filters.changed.emit()
    idle(window)
    assert names(page) == ["Ғалымжанұлы", "Әбдірахманова"]
    page.table.sorted_by.emit("name")
    idle(window)
    assert names(page) == ["Әбдірахманова", "Ғалымжанұлы"]
    page.way_button.click()
    idle(window)
    assert names(page) == ["Ғалымжанұлы", "Әбдірахманова"]
    type_text(page.filters.search, "бек")
    qtbot.waitUntil(lambda: not page.filters._pause.isActive())
    idle(window)
    assert page.stack.currentWidget() is page.empty
    page.clear_button.click()
    qtbot.waitUntil(lambda: not page.filters._pause.isActive())
    idle(window)
    assert len(names(page)) == 3
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    idle(window)
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    assert case.record.view.id == ids[2]


def test_a_period_is_typed_or_chosen_and_a_wrong_one_is_said(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    with_signed(window, idle)
    page = journals(window, idle).page(0)
    page.filters.since.setText("19112026")
    page.filters.since.editingFinished.emit()
    idle(window)
    assert page.filters.since.text() == "19.11.2026"
    assert names(page) == []
    page.filters.until.setText("18.11.2026")
    page.filters.until.editingFinished.emit()
    assert page.filters.until.property("invalid")
    assert "before it begins" in page.note.text()
    page.filters.period.setCurrentIndex(2)
    page.filters.period.activated.emit(2)
    idle(window)
    assert (page.filters.since.text(), page.filters.until.text()) == ("01.11.2026", "30.11.2026")
    assert len(names(page)) == 3


def test_pages_are_turned_by_key(signed_in: SignedIn, idle: Idle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_page, "PAGE", 2)
    window = signed_in()
    with_signed(window, idle)
    page = journals(window, idle).page(0)
    assert page.where.text() == "Rows 1 to 2 of 3"
    QTest.keyClick(page.table, Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
    idle(window)
    assert (names(page), page.where.text()) == (["Әбдірахманова"], "Rows 3 to 3 of 3")
    assert not page.on_button.isEnabled()
    QTest.keyClick(page.table, Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
    idle(window)
    assert names(page) == ["Ғалымжанұлы", "Беков"]
    QTest.keyClick(page.table, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, JournalsScreen)
    assert screen.current() is screen.page(1)


def test_what_is_shown_is_saved_where_the_person_says(
    signed_in: SignedIn, idle: Idle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = signed_in()
    with_signed(window, idle)
    page = journals(window, idle).page(0)
    for form in ("csv", "xlsx", "pdf"):
        target = tmp_path / f"a.{form}"
        monkeypatch.setattr(export, "ask_file", lambda *_, target=target, **__: target)
        if form == "csv":
            QTest.keyClick(page.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        else:
            page.export()
        dialog = page.findChildren(ExportDialog)[-1]
        dialog.choices[form].setChecked(True)
        dialog.go_button.click()
        idle(window)
        assert target.stat().st_size > 100
        assert page.note.text() == f"Saved as a.{form}. Rows: 3."
    printed: list[bytes] = []
    monkeypatch.setattr(export, "ask_printer", lambda *_: object())
    monkeypatch.setattr(export, "print_pdf", lambda pdf, *_: printed.append(pdf))
    page.export()
    dialog = page.findChildren(ExportDialog)[-1]
    dialog.choices["print"].setChecked(True)
    dialog.go_on()
    idle(window)
    assert printed[0].startswith(b"%PDF")
    assert page.note.text() == "Printed. Rows: 3."


def test_who_is_due_is_seen_by_month_chosen_planned_and_copied(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    with_signed(window, idle)
    page = journals(window, idle, 3).page(3)
    page.calendar.show_month(date(2028, 11, 1))
    idle(window)
    page.calendar.days[2].setFocus()
    QTest.keyClick(page.calendar.days[2], Qt.Key.Key_PageDown)
    idle(window)
    assert page.calendar.month == date(2028, 12, 1)
    assert page.calendar.title.text() == "December 2028"
    first = next(cell for cell in page.calendar.days if cell.isChecked())
    assert first.text() == "1\n3"
    assert page.calendar.months[11].text() == "Dec\n3"
    QTest.keyClick(page.calendar.months[11], Qt.Key.Key_Left)
    assert page.calendar.months[10].hasFocus()
    first.click()
    assert page.table.hasFocus()
    page.village.setCurrentIndex(page.village.findData("Ақжар ауылы"))
    page.village.activated.emit(1)
    idle(window)
    assert len(page.model.rows) == 2
    page.table.selectAll()
    assert page.trip_button.text() == "Make a trip: 2 people…"
    page.plan_button.click()
    idle(window)
    (plan,) = desk_of(window).due.plans()
    assert (plan.village, plan.month, len(plan.people)) == ("Ақжар ауылы", "2028-12", 2)
    assert "2 people" in page.note.text()
    page.table.selectionModel().select(
        page.model.index(0, 0),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    page.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.count("\n") == 0
    assert "\t710614301212\t" in copied
    page._drop(plan.id)
    idle(window)
    assert desk_of(window).due.plans() == ()


def test_a_trip_is_made_of_a_month_and_a_village_by_keyboard_and_of_a_plan(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    with_signed(window, idle, distinct=True)
    screen = journals(window, idle, 3)
    page = screen.page(3)
    page.calendar.show_month(date(2028, 12, 1))
    idle(window)
    page.village.setCurrentIndex(page.village.findData("Ақжар ауылы"))
    page.village.activated.emit(1)
    idle(window)
    page.table.clearSelection()
    assert page.trip_button.text() == "Make a trip of everybody…"
    page.trip_button.setFocus()
    QTest.keyClick(page.trip_button, Qt.Key.Key_Space)
    idle(window)
    (dialog,) = window.findChildren(TripDialog)
    assert [name.split()[0] for name in dialog.who.text().split("; ")] == ["Әбдірахманова", "Ғалымжанұлы"]
    assert dialog.left.isHidden(), dialog.left.text()
    assert (dialog.values["settlement"], dialog.values["on"]) == ("Ақжар ауылы", "2028-12-01")
    dialog.confirm()
    idle(window)
    trip = desk_of(window).trips.rows()[0]
    assert (str(trip.trip.on), trip.trip.where, trip.tally.waiting) == ("2028-12-01", "Ақжар ауылы", 2)
    assert "2 people are in the trip now" in page.making.said.text()
    # The rest is kept as a plan; its trip is the one that is there. Who is in a trip already is told.
    page.village.setCurrentIndex(0)
    page.village.activated.emit(0)
    idle(window)
    assert page.making.isHidden()
    page.table.selectAll()
    page.plan_button.click()
    idle(window)
    (plan,) = page.plans.plans
    page.plans.wanted.emit(plan)
    idle(window)
    dialog = next(found for found in window.findChildren(TripDialog) if found.isVisible())
    assert dialog.who.text().startswith("Беков")
    assert dialog.left.text().count("is in the trip: 01.12.2028") == 2
    combo = dialog.fields[0].focus_widget()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    idle(window)
    assert dialog.fields[1].isHidden()
    dialog.confirm()
    idle(window)
    assert desk_of(window).due.plans() == ()
    assert page.plans.plans == ()
    page.making.open_button.click()
    idle(window)
    room = window.screens.currentWidget()
    assert isinstance(room, TripsScreen)
    assert [turn.name.split()[0] for turn in room.page.worklist.turns] == ["Әбдірахманова", "Ғалымжанұлы", "Беков"]  # type: ignore[union-attr]
    assert desk_of(window).integrity.verify().ok


def test_ranges_are_entered_refused_beside_their_field_and_taken_out(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    window.show_settings()
    idle(window)
    settings = window.screens.currentWidget()
    assert isinstance(settings, SettingsScreen)
    page = settings.papers
    settings.sections.setCurrentRow(settings.pages.index(page))
    for first, last in (("0001", "0010"), ("0005", "0020")):
        page.series.setText("аа")
        page.first.setText(first)
        page.last.setText(last)
        page.given_on.setText("1.11.26")
        page.add_button.click()
        idle(window)
    assert page.list.rowCount() == 1
    assert "overlap" in page._fields["first"].error.text()
    assert page.list.item(0, 3).text() == "01.11.2026"
    assert "10 blanks left" in page.low.text()
    page.spoiled_series.setText("АА")
    page.spoiled_number.setText("0004")
    page.spoil_button.click()
    idle(window)
    assert page._spoiled["reason"].error.isVisibleTo(page)
    page.list.selectRow(0)
    page.remove_button.click()
    asked = page.findChild(Question)
    assert isinstance(asked, Question)
    asked.leave_button.click()
    idle(window)
    assert page.list.rowCount() == 0


def test_a_paper_is_issued_and_written_off_on_the_signed_case(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    (case, *_) = with_signed(window, idle)
    window.tasks.run(lambda: desk_of(window).papers.add_range(CERTIFICATE, "АА", "0001", "0003"))
    window.open_case(case)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    screen.go("conclusion")
    idle(window)
    bar = screen.findChild(CasePapersBar)
    assert isinstance(bar, CasePapersBar)
    assert bar.isVisible()
    (button,) = bar.issue_buttons
    assert button.text() == "Issue disability certificate АА № 0001"  # type: ignore[attr-defined]
    bar.issue(bar._papers.offers[0])
    issue = bar.findChild(IssueDialog)
    assert isinstance(issue, IssueDialog)
    issue.issue_button.click()
    idle(window)
    assert "АА № 0001" in bar.said.text()
    assert bar.issue_buttons == []
    bar.write_off(bar._papers.issued[0])
    spoil = bar.findChild(SpoilDialog)
    assert isinstance(spoil, SpoilDialog)
    spoil.spoil_button.click()
    assert spoil.isVisible()
    spoil.reason.setText("мокрый")
    spoil.spoil_button.click()
    idle(window)
    assert bar._papers.offers[0].number == "0002"
    window.language.set("kk")
    assert "есептен шығарылды" in bar.said.text().lower()
