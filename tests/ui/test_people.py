"""The room of persons, and the quiet note where somebody is entered a second time; by keyboard, on real services."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.case_file import get
from app.services.views import CaseView
from tests import factories
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.people import PeopleScreen
from ui.screens.people.dialogs import MergeDialog, SeparateDialog

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
KEY = Qt.Key


def do(window: MainWindow, idle: Idle, work: Callable[[], object]) -> object:
    found: list[object] = []
    window.tasks.run(work, done=found.append)
    idle(window)
    return found[0]


def room(window: MainWindow, idle: Idle) -> PeopleScreen:
    QTest.keyClick(window, KEY.Key_3, Qt.KeyboardModifier.AltModifier)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, PeopleScreen)
    return screen


def search(screen: PeopleScreen, window: MainWindow, idle: Idle, qtbot: QtBot, type_text: Type, text: str) -> list[str]:
    screen.search.clear()
    type_text(screen.search, text)
    qtbot.waitUntil(lambda: not screen._pause.isActive())
    idle(window)
    return [row.name for row in screen.model.rows]


def import_people(window: MainWindow, idle: Idle) -> list[CaseView]:
    desk = window.desk
    assert desk is not None
    people = (("Өмірбек", "Ұлан", "950303300033"), ("Омаров", "Усен", "900202300022"))
    documents = [
        factories.case_document({"person.surname": surname, "person.given_name": given, "person.iin": iin})
        for surname, given, iin in people
    ]
    done = do(window, idle, lambda: desk.examinations.import_cases(documents))
    assert isinstance(done, tuple)
    return list(done)


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_an_empty_room_says_who_will_stand_there(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = room(window, idle)
    assert screen.rows.currentWidget() is screen.empty
    assert "Nobody yet" in screen.empty_title.text()
    assert window.header.sections["people"].isChecked()


def test_somebody_is_found_opened_examined_anew_and_come_back_to(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    first, _ = import_people(window, idle)
    screen = room(window, idle)
    assert screen.search.hasFocus()
    names = ["Омаров Усен Өмірқұлұлы", "Өмірбек Ұлан Өмірқұлұлы"]
    assert [row.name for row in screen.model.rows] == names
    assert search(screen, window, idle, qtbot, type_text, "ом") == names
    assert search(screen, window, idle, qtbot, type_text, "улан омир") == names[1:]
    assert search(screen, window, idle, qtbot, type_text, "9002") == names[:1]
    assert search(screen, window, idle, qtbot, type_text, "жоқ") == []
    assert "Nobody found" in screen.empty_title.text()
    assert search(screen, window, idle, qtbot, type_text, "омирбек") == names[1:]
    QTest.keyClick(screen.search, KEY.Key_Return)
    idle(window)
    assert screen.stack.currentWidget() is screen.card
    assert "950303 300033" in screen.card.facts.text()
    assert "under way" in screen.card.under_way_text.text()
    assert screen.card.table.hasFocus()
    QTest.keyClick(screen.card.table, KEY.Key_Return)
    idle(window)
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    assert case.case_id == first.id
    case.close_case()
    idle(window)
    assert window.screens.currentWidget() is screen
    assert screen.stack.currentWidget() is screen.card
    screen.card.new_button.click()
    idle(window)
    case = window.screens.currentWidget()
    assert isinstance(case, CaseScreen)
    assert case.case_id != first.id
    assert case.record.view.person_id == first.person_id
    assert case.record.get("person.surname") == "Өмірбек"
    case.close_case()
    idle(window)
    assert len(screen.card.card.cases) == 2  # type: ignore[union-attr]
    QTest.keyClick(screen.card.table, KEY.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert screen.stack.currentWidget() is screen.list
    assert screen.table.hasFocus()
    QTest.keyClick(screen.table, KEY.Key_Slash)
    assert screen.search.hasFocus()


def test_two_records_are_joined_and_separated_with_a_reason(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    kept, other = import_people(window, idle)
    screen = room(window, idle)
    screen.show_person(kept.person_id)
    idle(window)
    screen.card.merge_button.click()
    dialog = screen.findChild(MergeDialog)
    assert dialog is not None
    assert not dialog.act_button.isEnabled()
    dialog.search.clear()
    type_text(dialog.search, "омаров")
    qtbot.waitUntil(lambda: not dialog._pause.isActive())
    idle(window)
    assert dialog.hits.count() == 1
    dialog.hits.setCurrentRow(0)
    idle(window)
    assert "≠ 900202 300022" in said(dialog)
    dialog.act_button.click()
    assert "how this is known" in said(dialog)
    type_text(dialog.reason, "бір куәлік")
    QTest.keyClick(dialog.reason, KEY.Key_Return)
    idle(window)
    assert {case.id for case in screen.card.card.cases} == {kept.id, other.id}  # type: ignore[union-attr]
    assert "бір куәлік" in said(screen.card)
    screen._ask_to_separate(screen.card.card, other.person_id)  # type: ignore[arg-type]
    back = screen.findChild(SeparateDialog)
    assert back is not None
    type_text(back.reason, "екі адам")
    back.act_button.click()
    idle(window)
    assert {case.id for case in screen.card.card.cases} == {kept.id}  # type: ignore[union-attr]
    screen.show_list()
    assert len(screen.model.rows) == 2


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_room_speaks_each_language(signed_in: SignedIn, idle: Idle, marked: None, language: str) -> None:
    window = signed_in("en")
    first, _ = import_people(window, idle)
    screen = room(window, idle)
    screen.show_person(first.person_id)
    idle(window)
    window.language.set(language)
    own = {"Өмірбек Ұлан Өмірқұлұлы"}
    for text in said(screen.card).splitlines():
        assert text in own or f"{language}·" in text, text
    headers = [screen.card.table.horizontalHeaderItem(at) for at in range(6)]
    assert all(item is not None and item.text().startswith(f"{language}·") for item in headers)


def entering(window: MainWindow, idle: Idle) -> CaseScreen:
    desk = window.desk
    assert desk is not None
    view = do(window, idle, desk.examinations.create)
    assert isinstance(view, CaseView)
    window.open_case(view.id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    return screen


def noticed(screen: CaseScreen, window: MainWindow, idle: Idle, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: not screen.doubles._pause.isActive())
    idle(window)
    return screen.doubles.text.text() if screen.doubles.isVisible() else ""


def test_a_double_is_noticed_while_typing_and_what_is_known_is_taken_over(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    first, _ = import_people(window, idle)
    screen = entering(window, idle)
    assert noticed(screen, window, idle, qtbot) == ""
    iin = screen.form.fields["person.iin"].focus_widget()
    type_text(iin, "950303300033")
    assert "Өмірбек Ұлан" in noticed(screen, window, idle, qtbot)
    assert "this ИИН" in screen.doubles.text.text()
    assert iin.hasFocus()  # it stops nobody
    screen.doubles.same_button.click()
    idle(window)
    assert screen.record.view.person_id == first.person_id
    assert "Known there and empty here" in screen.doubles.text.text()
    assert screen.doubles.take_button.hasFocus()
    screen.doubles.take_button.click()
    idle(window)
    assert not screen.doubles.isVisible()
    surname = screen.form.fields["person.surname"]
    assert surname.edit.text() == "Өмірбек"  # type: ignore[attr-defined]
    assert screen.record.get("person.address.text") == "Бестамақ ауылы, Жеңіс көшесі, 12"
    desk = window.desk
    assert desk is not None
    stored = do(window, idle, lambda: desk.examinations.open(screen.case_id))
    assert isinstance(stored, CaseView)
    assert stored.person_id == first.person_id
    assert get(stored.document, "person.identity.number") == "011051051"
    assert noticed(screen, window, idle, qtbot) == ""


def test_another_person_is_not_asked_about_again(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    first, _ = import_people(window, idle)
    screen = entering(window, idle)
    for path, text in (("surname", "Омирбеков"), ("given_name", "Улан"), ("birth_date", "14061971")):
        field = screen.form.fields[f"person.{path}"]
        type_text(field.focus_widget(), text)
        field.settle()
    assert noticed(screen, window, idle, qtbot) == ""  # two letters are another name
    surname = screen.form.fields["person.surname"]
    surname.edit.clear()  # type: ignore[attr-defined]
    type_text(surname.focus_widget(), "Омирбекк")
    surname.settle()
    assert "very much alike" in noticed(screen, window, idle, qtbot)
    screen.doubles.other_button.click()
    idle(window)
    assert screen.record.get("dossier.others") == [first.person_id]
    assert noticed(screen, window, idle, qtbot) == ""
    window.open_case(screen.case_id)
    idle(window)
    again = window.screens.currentWidget()
    assert isinstance(again, CaseScreen)
    assert noticed(again, window, idle, qtbot) == ""


def test_without_an_iin_the_reason_makes_the_step_whole(signed_in: SignedIn, idle: Idle, type_text: Type) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    document = factories.case_document({"person.iin": None, "person.address": None, "person.identity": None})
    view = do(window, idle, lambda: desk.examinations.import_case(document))
    assert isinstance(view, CaseView)
    window.open_case(view.id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)

    def state() -> str:
        return next(state.status for state in screen.record.states() if state.step == "person")

    assert state() == "incomplete"
    why, words = screen.form.fields["dossier.no_iin.reason"], screen.form.fields["dossier.no_iin.words"]
    assert why.isVisible()
    assert not words.isVisible()
    address = screen.form.fields["person.address.text"]
    assert not address.remark.isVisibleTo(address)
    why.combo.setCurrentIndex(5)  # type: ignore[attr-defined]
    why.combo.activated.emit(5)  # type: ignore[attr-defined]
    assert words.isVisible()
    assert state() == "incomplete"
    type_text(words.focus_widget(), "ұмытылған")
    words.settle()
    assert state() == "complete"
    assert "not given" in address.remark.text()  # asked for, without stopping anybody
    QApplication.processEvents()
    type_text(screen.form.fields["person.iin"].focus_widget(), "710614301212")
    assert not why.isVisible()
    idle(window)


def test_a_country_is_found_by_its_first_letters_in_any_language(
    signed_in: SignedIn, idle: Idle, type_text: Type
) -> None:
    window = signed_in()
    screen = entering(window, idle)
    field = screen.form.fields["person.citizenship"]
    edit = field.edit  # type: ignore[attr-defined]
    found = [code for code, _ in field._search("каз")]  # type: ignore[attr-defined]
    assert found == ["KAZ"]
    assert [code for code, _ in field._search("өзб")] == ["UZB"]  # type: ignore[attr-defined]
    for typed, code, shown in (
        ("узбек", "UZB", "Uzbekistan"),
        ("Germany", "DEU", "Germany"),
        ("rus", "RUS", "Russia"),
        ("без граж", "XXA", "stateless"),
        ("XYZ", "XYZ", "XYZ"),
    ):
        edit.clear()
        type_text(edit, typed)
        field.settle()
        assert screen.record.get("person.citizenship") == code
        assert edit.text() == shown
    assert "not in the list" in field.remark.text()
    edit.clear()
    type_text(edit, "ки")
    field.settle()
    assert "Choose a country" in field.error.text()
    assert screen.record.unfinished["person.citizenship"] == "ки"
    idle(window)
