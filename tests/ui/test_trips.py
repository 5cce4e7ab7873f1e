"""The room of trips and the day on the home screen, in the real window, by keyboard."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from app.domain.case_file import get
from app.domain.vocabulary import CaseState, EndingKind, QueueState
from app.services.absences import KINDS
from tests import factories
from tests.trips import full_trip, iin_of
from tests.ui.conftest import Type
from tests.ui.test_shell_window import cut, nameless
from tests.unit.test_mrz import card
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.examination import CaseScreen
from ui.screens.trips import TripsScreen
from ui.screens.trips.absence import AbsenceDialog
from ui.screens.trips.dialogs import CloseDialog, MoveDialog, OfferDialog
from ui.screens.trips.worklist import Column
from ui.widgets.fields_dialog import FieldsDialog

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
KEY, Q = Qt.Key, QueueState
ALT = Qt.KeyboardModifier.AltModifier
# The offscreen platform has no windows to raise above others.
POPUP = pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)


@pytest.fixture
def trips(signed_in: SignedIn, idle: Idle) -> Callable[..., TripsScreen]:
    """The room of trips, with a trip of today of so many people open in it (none: the list)."""

    def open_it(people: int | None = 3, language: str = "en", **look: object) -> TripsScreen:
        window = signed_in(language, **look)
        desk = window.desk
        assert desk is not None
        if people is not None:
            window.tasks.run(lambda: full_trip(desk, people))
        window.show_section("trips")
        idle(window)
        screen = window.screens.currentWidget()
        assert isinstance(screen, TripsScreen)
        return screen

    return open_it


def window_of(screen: TripsScreen | CasesScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def dialog(kind: type[QDialog]) -> QDialog:
    return next(top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible())


def open_dialogs() -> list[QDialog]:
    return [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]


def names(screen: TripsScreen) -> list[str]:
    assert screen.page.worklist is not None
    return [turn.name.split()[0] for turn in screen.page.worklist.turns]


def states(screen: TripsScreen) -> list[QueueState]:
    assert screen.page.worklist is not None
    return [turn.queue for turn in screen.page.worklist.turns]


def back(window: MainWindow, idle: Idle) -> None:
    """From the case to where it was opened."""
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    case.close_case()
    idle(window)


def test_a_trip_is_made_changed_and_kept(trips: Callable[..., TripsScreen], idle: Idle, type_text: Type) -> None:
    screen = trips(None)
    window = window_of(screen)
    assert screen.currentWidget() is screen.list
    assert screen.list.empty_button.isVisible()
    QTest.keyClick(screen.list.empty_button, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    idle(window)
    details = screen.page.details
    assert details.settlement.edit.hasFocus()
    type_text(details.settlement.edit, "Бестамақ")
    QTest.keyClick(details.settlement.edit, KEY.Key_Tab)
    idle(window)
    assert "Бестамақ" in screen.page.title.text()
    type_text(details.kato.edit, "12")
    QTest.keyClick(details.kato.edit, KEY.Key_Return)
    idle(window)
    assert details.kato.error.isVisible()
    screen.page.details_button.setChecked(False)
    assert screen.page.empty.isVisible()
    screen.show_list()
    idle(window)
    assert [row.trip.fields.get("settlement") for row in screen.list.model.rows] == ["Бестамақ"]
    screen.list.table.activated.emit(QModelIndex())
    idle(window)
    assert screen.currentWidget() is screen.page
    screen.page.remove_button.click()
    idle(window)
    assert screen.list.model.rows == ()


def test_a_person_is_registered_by_keyboard_alone(
    trips: Callable[..., TripsScreen], idle: Idle, type_text: Type
) -> None:
    screen = trips(1)
    window, page, register = window_of(screen), screen.page, screen.page.register
    QTest.keyClick(page.table, KEY.Key_R)
    assert register.identity.edit.hasFocus()
    # The line between is no letter key of the room: what is typed there is text.
    type_text(register.identity.edit, "710614301212")
    idle(window)
    assert register.birth.text() == "14.06.1971"
    assert register.values["person.sex"] == "male"
    QTest.keyClick(register.identity.edit, KEY.Key_Return)  # the name is still missing: Enter goes there
    assert register.surname.edit.hasFocus()
    type_text(register.surname.edit, "Нұрланова")
    QTest.keyClick(register.surname.edit, KEY.Key_Tab)
    type_text(QApplication.focusWidget(), "Роза")  # type: ignore[arg-type]
    assert register.given.text() == "Роза"
    type_text(register.signed.edit, "01.11.2026")
    QTest.keyClick(register.signed.edit, KEY.Key_Return)
    idle(window)
    assert names(screen) == ["Әбенов", "Нұрланова"]
    assert register.identity.edit.hasFocus()
    assert register.surname.text() == ""
    # A mistake is said below its line, and nothing is written.
    type_text(register.identity.edit, "12")
    type_text(register.surname.edit, "Қате")
    QTest.keyClick(register.surname.edit, KEY.Key_Return)
    idle(window)
    assert register.identity.error.isVisible()
    assert len(names(screen)) == 2
    QTest.keyClick(register.identity.edit, KEY.Key_Escape)
    assert not register.isVisible()


def test_a_wrong_check_digit_is_told_in_place_and_the_number_still_says_birth_date_and_sex(
    trips: Callable[..., TripsScreen], idle: Idle, type_text: Type
) -> None:
    screen = trips(0)
    window, register = window_of(screen), screen.page.register
    screen.page.register_button.setChecked(True)
    line = register.identity
    type_text(line.edit, "800101401213")
    idle(window)
    assert line.error_text is not None
    assert (register.birth.text(), register.values["person.sex"]) == ("01.01.1980", "female")
    # Another number: what the first one said goes with it; what was typed stays.
    line.edit.clear()
    type_text(line.edit, "710614301213")
    idle(window)
    assert (register.birth.text(), register.values["person.sex"]) == ("14.06.1971", "male")
    register.birth.edit.clear()
    type_text(register.birth.edit, "15.06.1971")
    register.birth.settle()
    line.edit.clear()
    type_text(line.edit, "710614 301214")  # as cards have it
    idle(window)
    assert register.birth.text() == "15.06.1971"
    # Leaving the line doesn't take the warning away, and Enter adds the person all the same.
    line.edit.setFocus()
    QTest.keyClick(line.edit, KEY.Key_Tab)
    assert register.surname.edit.hasFocus()
    idle(window)
    assert line.error_text is not None
    assert line.error.isVisible()
    type_text(register.surname.edit, "Қате")
    QTest.keyClick(register.surname.edit, KEY.Key_Return)
    idle(window)
    assert names(screen) == ["Қате"]
    assert screen.page.worklist is not None
    stored = window.desk.examinations.open(screen.page.worklist.turns[0].case_id).document  # type: ignore[union-attr]
    assert get(stored, "person.iin") == "710614301214"
    assert get(stored, "person.birth_date") == "1971-06-15"
    assert line.error_text is None


def test_a_reader_types_the_zone_line_by_line(trips: Callable[..., TripsScreen], idle: Idle, type_text: Type) -> None:
    screen = trips(0)
    window, register = window_of(screen), screen.page.register
    screen.page.register_button.setChecked(True)
    for line in card().split("\n"):
        type_text(register.identity.edit, line)
        if register.identity.edit.hasFocus():
            QTest.keyClick(register.identity.edit, KEY.Key_Return)
    idle(window)
    assert register.surname.edit.hasFocus()
    assert register.surname.text() == ""  # Latin letters go into no field
    assert "ABDIKADYRULY" in register.said.text()
    type_text(register.surname.edit, "Әбдіқадырұлы")
    QTest.keyClick(register.surname.edit, KEY.Key_Return)
    idle(window)
    desk = window.desk
    assert desk is not None
    assert screen.page.worklist is not None
    stored = desk.examinations.open(screen.page.worklist.turns[0].case_id).document
    assert get(stored, "person.iin") == "710614301212"
    assert get(stored, "person.identity.number") == "012345678"
    assert get(stored, "person.citizenship") == "KAZ"
    type_text(register.identity.edit, card().replace("012345678", "012345679").replace("\n", " "))
    idle(window)
    assert register.identity.error.isVisible()


def test_a_known_person_is_offered_by_the_number(
    trips: Callable[..., TripsScreen], idle: Idle, type_text: Type
) -> None:
    screen = trips(0)
    window, register = window_of(screen), screen.page.register
    desk = window.desk
    assert desk is not None
    found: list[str] = []
    work = lambda: factories.signed_case(factories.with_commission(desk)).person_id  # noqa: E731
    window.tasks.run(work, done=found.append)
    idle(window)
    screen.page.register_button.setChecked(True)
    type_text(register.identity.edit, "710614301212")
    idle(window)
    assert register.same.isVisible()
    assert register.surname.text() == "Әбдіқадырұлы"
    assert register.values["examination.occasion"] == "repeat"
    QTest.keyClick(register.identity.edit, KEY.Key_Return)
    idle(window)
    assert screen.page.worklist is not None
    assert desk.examinations.open(screen.page.worklist.turns[0].case_id).person_id == found[0]
    # Another number: what came from the first goes.
    type_text(register.identity.edit, "710614301212")
    idle(window)
    register.identity.edit.clear()
    type_text(register.identity.edit, iin_of(3))
    idle(window)
    assert not register.same.isVisible()
    assert register.surname.text() == ""


def test_the_order_is_changed_by_keyboard_and_by_dragging(trips: Callable[..., TripsScreen], idle: Idle) -> None:
    screen = trips(4)
    window, table = window_of(screen), screen.page.table
    before = names(screen)
    table.go(0)
    QTest.keyClick(table, KEY.Key_Down, ALT)
    idle(window)
    assert names(screen) == [before[1], before[0], *before[2:]]
    assert table.row() == 1  # the cursor goes with the person
    QTest.keyClick(table, KEY.Key_Up, ALT)
    idle(window)
    assert names(screen) == before
    QTest.keyClick(table, KEY.Key_Up, ALT)  # the first goes nowhere
    idle(window)
    assert names(screen) == before
    data = table.turns.mimeData([table.turns.index(0, 0)])
    table.turns.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0, QModelIndex())
    idle(window)
    assert names(screen) == [before[1], before[2], before[0], before[3]]
    data = table.turns.mimeData([table.turns.index(3, 0)])
    table.turns.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    idle(window)
    assert names(screen)[0] == before[3]


def test_n_calls_the_next_and_digits_mark(trips: Callable[..., TripsScreen], idle: Idle) -> None:
    screen = trips(4)
    window, table = window_of(screen), screen.page.table
    table.setFocus()
    QTest.keyClick(table, KEY.Key_N)
    idle(window)
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    assert get(case.record.document, "person.surname") == "Әбенов"
    # From the case the next one is a key away, too; what was left is left as it was.
    QTest.keyClick(case, KEY.Key_N, ALT)
    idle(window)
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    assert get(case.record.document, "person.surname") == "Байжанова"
    case.record.put("facts.prognosis", "doubtful")
    idle(window)
    back(window, idle)
    assert window.screens.currentWidget() is screen
    assert states(screen) == [Q.CALLED, Q.IN_EXAMINATION, Q.WAITING, Q.WAITING]
    assert table.row() == 0
    for digit, state in (
        (KEY.Key_4, Q.REFUSED),
        (KEY.Key_5, Q.NOT_COME),
        (KEY.Key_6, Q.POSTPONED),
        (KEY.Key_1, Q.WAITING),
    ):
        QTest.keyClick(table, digit)
        idle(window)
        assert (state in KINDS) is any(isinstance(one, AbsenceDialog) for one in open_dialogs())
        for one in open_dialogs():
            QTest.keyClick(one, KEY.Key_Escape)
            window.activateWindow()
            idle(window)
        assert states(screen)[0] is state
        assert screen.page.chips[state].isChecked()
    for expected in (0, 2, 3):
        QTest.keyClick(table, KEY.Key_N)
        idle(window)
        back(window, idle)
        assert states(screen)[expected] is Q.CALLED
    QTest.keyClick(table, KEY.Key_N)
    idle(window)
    assert window.screens.currentWidget() is screen
    assert screen.page.note.isVisible()


@POPUP
def test_who_refused_or_did_not_come_ends_moves_or_stays_in_one_flow_by_keyboard(
    trips: Callable[..., TripsScreen], idle: Idle
) -> None:
    screen = trips(3)
    window, page, table = window_of(screen), screen.page, screen.page.table
    desk = window.desk
    assert desk is not None
    table.setFocus()
    QTest.keyClick(table, KEY.Key_5)
    idle(window)
    asked = dialog(AbsenceDialog)
    assert isinstance(asked, AbsenceDialog)
    # The kind, the day and the head stand there; ending it is one press away.
    assert (asked.values["kind"], asked.values["head"]) == ("absence", factories.NAMES[factories.HEAD])
    assert asked.fields[0].focus_widget().hasFocus()
    assert not asked.fields[1].isVisibleTo(asked)
    asked.act_button.setFocus()
    QTest.keyClick(asked.act_button, KEY.Key_Space)
    idle(window)
    turn = page.worklist.turns[0]  # type: ignore[union-attr]
    assert (turn.state, turn.queue, turn.ending) == (CaseState.ENDED, Q.NOT_COME, EndingKind.NOT_COME)
    assert table.turns.text(turn, Column.MISSING) == "the person did not come"
    assert "has ended" in page.note.text()
    assert not page.chips[Q.WAITING].isEnabled()
    QTest.keyClick(table, KEY.Key_1)
    idle(window)
    assert states(screen)[0] is Q.NOT_COME
    assert window.messages.isVisible(), "said why not"
    # Taken back with a reason, the person waits again.
    page.acts.resume_button.click()
    why = next(one for one in open_dialogs())
    assert isinstance(why, FieldsDialog)
    why.fields[0].show_value("келді")
    why.values["reason"] = "келді"
    why.confirm()
    idle(window)
    turn = page.worklist.turns[0]  # type: ignore[union-attr]
    assert (turn.state, turn.queue, turn.ending) == (CaseState.DRAFT, Q.WAITING, None)
    # Refused: what the case itself shows is chosen; another answer moves it into a new trip.
    table.go(1)
    QTest.keyClick(table, KEY.Key_4)
    idle(window)
    asked = dialog(AbsenceDialog)
    assert isinstance(asked, AbsenceDialog)
    assert asked.values["kind"] == "refusal"
    QTest.keyClick(asked.fields[0].focus_widget(), KEY.Key_2)
    assert asked.act_button.text() == "Move"
    assert asked.fields[2].isVisibleTo(asked)
    assert not asked.fields[3].isVisibleTo(asked)
    asked.confirm()
    idle(window)
    assert asked.isVisible(), "the day of the new trip is missing"
    asked.fields[2].offer("2026-11-25")
    asked.confirm()
    idle(window)
    assert names(screen) == ["Әбенов", "Ғабитов"]
    new = next(row for row in desk.trips.rows() if row.trip.id != page.trip_id)
    assert (str(new.trip.on), new.trip.fields["settlement"], new.tally.waiting) == ("2026-11-25", "Бестамақ", 1)
    # Left open, it can be ended later, from the same place.
    table.go(0)
    QTest.keyClick(table, KEY.Key_4)
    idle(window)
    QTest.keyClick(dialog(AbsenceDialog), KEY.Key_Escape)
    assert states(screen)[0] is Q.REFUSED
    page.acts.end_button.click()
    idle(window)
    assert isinstance(dialog(AbsenceDialog), AbsenceDialog)
    dialog(AbsenceDialog).reject()
    assert desk.integrity.verify().ok


@POPUP
def test_people_come_from_cases_move_on_and_the_trip_closes(trips: Callable[..., TripsScreen], idle: Idle) -> None:
    screen = trips(2)
    window, page = window_of(screen), screen.page
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: desk.examinations.import_case(factories.case_document()))
    window.tasks.run(lambda: desk.trips.create({"settlement": "Алға"}))
    page.offer()
    idle(window)
    offer = dialog(OfferDialog)
    assert isinstance(offer, OfferDialog)
    assert offer.list.count() == 1
    offer.take()
    idle(window)
    assert offer.list.count() == 0
    offer.reject()
    assert names(screen)[-1] == "Әбдіқадырұлы"
    page.table.go(0)
    page.ask_move()
    idle(window)
    move = dialog(MoveDialog)
    assert isinstance(move, MoveDialog)
    assert "Алға" in move.list.item(0).text()
    move.done_button.click()
    idle(window)
    assert len(names(screen)) == 2
    page.table.go(0)
    page.out_button.click()
    idle(window)
    assert names(screen) == ["Әбдіқадырұлы"]
    page.close_or_reopen()
    close = dialog(CloseDialog)
    assert isinstance(close, CloseDialog)
    assert close.list.count() == 1
    close.done_button.click()
    idle(window)
    assert not page.register_button.isEnabled()
    assert "Әбдіқадырұлы" in page.note.text()
    page.close_button.click()
    idle(window)
    assert page.register_button.isEnabled()


def test_the_home_screen_shows_today_first(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    home = window.screens.currentWidget()
    assert isinstance(home, CasesScreen)
    assert not home.next_button.isVisible()
    window.tasks.run(lambda: desk.examinations.import_case(factories.case_document({"examination.on": "2026-11-10"})))
    window.tasks.run(lambda: full_trip(desk, 3))
    home.refresh()
    idle(window)
    assert home.stack.currentWidget() is home.turns
    assert len(home.turns.turns.turns) == 3
    assert home.next_button.isVisible()
    home.turns.setFocus()
    QTest.keyClick(home.turns, KEY.Key_N)
    idle(window)
    assert isinstance(window.screens.currentWidget(), CaseScreen)
    back(window, idle)
    assert home.turns.turns.turns[0].queue is Q.CALLED
    # Ctrl+N begins a case where the list is: in the trip.
    QTest.keyClick(home.turns, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    idle(window)
    back(window, idle)
    assert len(home.turns.turns.turns) == 4
    # A search looks through everything; so does the list without the chip, which stays as it was left.
    home.search.setText("Әбдіқ")
    home.refresh()
    idle(window)
    assert [row.name.split()[0] for row in home.model.rows] == ["Әбдіқадырұлы"]
    assert home.stack.currentWidget() is home.table
    home.search.clear()
    next(iter(home.today.trips.values())).click()
    idle(window)
    assert home.stack.currentWidget() is home.table
    assert len(home.model.rows) == 5
    home.today.left.click()
    idle(window)
    assert [row.name.split()[0] for row in home.model.rows] == ["Әбдіқадырұлы"]
    home.chips[CaseState.SIGNED].click()
    idle(window)
    assert home.model.rows == ()


def test_two_trips_on_one_day_are_told_apart(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    home = window.screens.currentWidget()
    assert isinstance(home, CasesScreen)
    window.tasks.run(lambda: full_trip(desk, 1))
    window.tasks.run(lambda: desk.trips.create({"settlement": "Алға"}))
    home.refresh()
    idle(window)
    other = next(trip for trip in home.today.day.trips if trip.trip.fields["settlement"] == "Алға")
    home.today.trips[other.trip.id].click()
    idle(window)
    assert [chip.isChecked() for chip in home.today.trips.values()].count(True) == 1
    assert home.turns.turns.turns == ()
    home.next_button.click()
    idle(window)
    assert window.screens.currentWidget() is home  # nobody waits in the one that is chosen
    assert home.note.text()


def test_the_columns_follow_the_width_of_the_window_and_the_language(
    trips: Callable[..., TripsScreen], idle: Idle
) -> None:
    screen = trips()
    window, table = window_of(screen), screen.page.table
    for width, folded in ((1000, True), (1800, False), (1000, True)):
        window.resize(width, 768)
        idle(window)
        assert table.isColumnHidden(Column.IIN) is folded, width
    widths = [table.columnWidth(at) for at in Column]
    window.language.set("kk" if window.language.code != "kk" else "ru")
    idle(window)
    assert [table.columnWidth(at) for at in Column] != widths


def test_a_row_says_queue_age_and_what_is_missing(trips: Callable[..., TripsScreen], idle: Idle) -> None:
    screen = trips(1, "ru")
    t = window_of(screen).language.t
    row = {at: screen.page.table.turns.index(0, at).data() for at in Column}
    assert row[Column.TURN] == "1"
    assert row[Column.QUEUE] == t("waiting")
    assert row[Column.AGE] == "56"
    assert t("Diagnosis") in row[Column.MISSING]
    assert t("Proposal") not in row[Column.MISSING]
    tip = screen.page.table.turns.index(0, Column.MISSING).data(Qt.ItemDataRole.ToolTipRole)
    assert t("The main diagnosis in words is missing.") in tip


@pytest.mark.parametrize(("language", "scale"), [("kk", 1.5), ("ru", 1.0)])
def test_no_word_of_the_room_is_cut_and_everything_has_a_name(
    trips: Callable[..., TripsScreen], idle: Idle, language: str, scale: float
) -> None:
    screen = trips(2, language, scale=scale)
    window, page = window_of(screen), screen.page
    faults: dict[str, list[str]] = {}

    def look(place: str) -> None:
        idle(window)
        for _ in range(3):
            QApplication.processEvents()
        faults[place] = [*cut(window), *nameless(window)]

    look("trip")
    page.register_button.setChecked(True)
    look("register")
    page.details_button.setChecked(True)
    look("details")
    page.details_button.setChecked(False)
    for ask in (page.offer, page.close_or_reopen, page.ask_move):
        ask()
        look(ask.__name__)
        next(top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()).reject()
    screen.show_list()
    look("list")
    window.show_cases()
    look("home")
    assert {place: found for place, found in faults.items() if found} == {}
    assert window.width() <= 1366
    assert window.minimumSizeHint().width() <= 1366
