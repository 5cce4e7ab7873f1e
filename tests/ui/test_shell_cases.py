"""The list of cases: found while typing, filtered, begun, discarded."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.vocabulary import CaseState
from tests import factories
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.cases import CasesScreen
from ui.screens.cases.discard import DiscardDialog
from ui.screens.cases.model import Column

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
PEOPLE = (("Әбдірахманова", "Гүлжан"), ("Ғалымжанұлы", "Ерлан"), ("Иванов", "Пётр"))


def with_people(window: MainWindow, idle: Idle) -> CasesScreen:
    desk = window.desk
    assert desk is not None

    def enter() -> None:
        for surname, given in PEOPLE:
            view = desk.examinations.create()
            desk.examinations.set_field(view.id, "person.surname", surname)
            desk.examinations.set_field(view.id, "person.given_name", given)

    window.tasks.run(enter)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CasesScreen)
    screen.refresh()
    idle(window)
    return screen


def names(screen: CasesScreen) -> list[str]:
    return [row.name.split()[0] for row in screen.model.rows]


def search(screen: CasesScreen, window: MainWindow, idle: Idle, qtbot: QtBot, type_text: Type, text: str) -> None:
    screen.search.clear()
    type_text(screen.search, text)
    qtbot.waitUntil(lambda: not screen._pause.isActive())
    idle(window)


def test_an_empty_list_says_what_to_do(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = window.screens.currentWidget()
    assert isinstance(screen, CasesScreen)
    assert screen.stack.currentWidget() is screen.empty
    assert "Press N" in screen.empty_text.text()
    assert screen.empty_button.isVisible()


def test_typing_finds_by_folded_name_and_by_number(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    assert names(screen) == ["Иванов", "Ғалымжанұлы", "Әбдірахманова"]
    for typed in ("әбд", "АБДИР"[:3], "гүл"):
        search(screen, window, idle, qtbot, type_text, typed)
        assert names(screen) == ["Әбдірахманова"], typed
    number = screen.model.rows[0].number
    search(screen, window, idle, qtbot, type_text, number)
    assert names(screen) == ["Әбдірахманова"]
    search(screen, window, idle, qtbot, type_text, "жоқ")
    assert screen.stack.currentWidget() is screen.empty
    assert not screen.empty_button.isVisible()


def test_only_the_newest_question_is_answered(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    screen.search.setText("Ғал")
    screen.refresh()
    screen.search.setText("Ива")
    screen.refresh()
    shown: list[list[str]] = []
    screen.model.modelReset.connect(lambda: shown.append(names(screen)))
    idle(window)
    assert shown[-1] == ["Иванов"]
    assert ["Ғалымжанұлы"] not in shown


def test_the_filter_counts_and_narrows(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    assert screen.chips[CaseState.DRAFT].text().split()[-1] == "3"
    screen.chips[CaseState.SIGNED].click()
    idle(window)
    assert screen.model.rows == ()
    screen.chips[CaseState.DRAFT].click()
    idle(window)
    assert len(screen.model.rows) == 3


def test_keys_search_and_begin_a_case(signed_in: SignedIn, idle: Idle, qtbot: QtBot) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    window.activateWindow()
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_Slash)
    assert screen.search.hasFocus()
    opened: list[str] = []
    screen.opened.disconnect()
    screen.opened.connect(opened.append)
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_N)
    idle(window)
    assert len(opened) == 1
    assert opened[0] not in [row.id for row in screen.model.rows]
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    assert opened[1:] == [screen.model.rows[0].id]


def test_a_letter_typed_into_the_search_begins_no_case(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    window.activateWindow()
    screen.search.setFocus()
    QTest.keyClick(screen.search, Qt.Key.Key_N)
    idle(window)
    assert screen.search.text() == "n"
    assert window.screens.currentWidget() is screen


def test_a_draft_is_discarded_with_a_reason_only(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    screen.discard()
    dialog = next(d for d in QApplication.topLevelWidgets() if isinstance(d, DiscardDialog) and d.isVisible())
    dialog.discard_button.click()
    assert dialog.isVisible()
    dialog.reason.setText("екі рет енгізілді")
    dialog.discard_button.click()
    idle(window)
    assert names(screen) == ["Ғалымжанұлы", "Әбдірахманова"]


def test_a_signed_case_cannot_be_discarded(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: factories.signed_case(factories.with_commission(desk)))
    screen = window.screens.currentWidget()
    assert isinstance(screen, CasesScreen)
    screen.refresh()
    idle(window)
    assert [row.state for row in screen.model.rows] == [CaseState.SIGNED]
    screen.discard()
    assert not [d for d in QApplication.topLevelWidgets() if isinstance(d, DiscardDialog) and d.isVisible()]
    assert screen.note.text()


def test_a_row_says_state_age_and_decision_in_words(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in("ru")
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: factories.decided_case(desk))
    screen = window.screens.currentWidget()
    assert isinstance(screen, CasesScreen)
    screen.refresh()
    idle(window)
    row = {at: screen.model.index(0, at, QModelIndex()).data() for at in Column}
    t = window.language.t
    assert row[Column.STATE] == t("decided")
    assert row[Column.OUTCOME] == t("group II disability")
    assert t.plural("{date}, {n} year", "{date}, {n} years", 55, date="14.06.1971") == row[Column.BORN]


def test_home_and_end_go_to_the_first_and_the_last_case(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = with_people(window, idle)
    screen.table.setFocus()
    for key, row in ((Qt.Key.Key_End, 2), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(screen.table, key)
        assert screen.table.currentIndex().row() == row
