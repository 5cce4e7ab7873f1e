"""What specialists see, in the real window: long texts, phrases, where they came from, histories, taking back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.observations import NAMES, Section, Specialist, path_of
from tests.factories import case_document
from tests.ui.conftest import Type
from tests.ui.test_case import (  # noqa: F401 - fixtures
    Idle,
    Open,
    control,
    focused,
    open_case,
    press,
    stored,
    to_step,
)
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.history_dialog import HistoryDialog
from ui.screens.examination.phrase_dialog import PhraseDialog
from ui.widgets.paper_text import PaperField

KEY = Qt.Key
COMPLAINTS = path_of(Specialist.THERAPIST, Section.COMPLAINTS)
LONG = "Шағымдары: жүргенде ентігу, аяқтардың ісінуі, әлсіздік, жүрек соғуының жиілеуі, түнде тұншығып ояну. " * 30


def paper(screen: CaseScreen, path: str = COMPLAINTS) -> PaperField:
    field = screen.form.fields[path]
    assert isinstance(field, PaperField)
    return field


def window_of(screen: CaseScreen) -> MainWindow:
    window = screen.window()
    assert isinstance(window, MainWindow)
    return window


def keep(screen: CaseScreen, idle: Idle, name: str, text: str, **told: str) -> str:
    found: list[str] = []
    desk = screen._desk
    screen._tasks.run(lambda: desk.snippets.keep(name, text, language="kk", **told).id, done=found.append)
    screen._tasks.run(desk.snippets.all, done=screen._take_phrases)
    idle(window_of(screen))
    return found[0]


def test_a_specialists_texts_are_typed_saved_and_signed_as_written(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case_document())
    to_step("observations")
    idle(window_of(screen))
    page = screen.observations
    assert focused(screen) == COMPLAINTS
    assert list(screen.form.fields) == [p for p in screen.form.fields if "dossier.observations.surgeon" not in p]
    field = paper(screen)
    before = field.edit.height()
    field.edit.insertPlainText(LONG)
    assert field.edit.height() > 2 * before, "grows with its text"
    assert field.edit.verticalScrollBar().maximum() == 0
    QApplication.processEvents()
    caret = field.edit.viewport().mapTo(page.viewport(), field.edit.cursorRect().center())
    assert 0 < caret.y() < page.viewport().height(), "the page follows the caret"
    press(KEY.Key_Tab)
    assert focused(screen) == path_of(Specialist.THERAPIST, Section.HISTORY)
    press(KEY.Key_PageDown, modifier=Qt.KeyboardModifier.ControlModifier)
    assert focused(screen) == path_of(Specialist.NEUROLOGIST, Section.HISTORY), "the same text of the next one"
    focus = QApplication.focusWidget()
    assert focus is not None
    type_text(focus, "Инсульт 2025")
    idle(window_of(screen))
    view = stored(screen, idle)
    texts = view.document["dossier"]["observations"]
    assert texts["therapist"]["complaints"] == LONG.strip()
    names = [button.accessibleName() for button in page.specialists.buttons]
    assert names[0].endswith("something is written")
    assert names[2].endswith("nothing is written")
    signs = [button.text()[0] for button in page.specialists.buttons]
    assert signs[:3] == ["✓", "○", "○"], "what is typed this moment is not saved yet"
    screen.settle()
    idle(window_of(screen))
    assert stored(screen, idle).document["dossier"]["observations"]["neurologist"]["history"] == "Инсульт 2025"
    # Reopened: at the same text of the same specialist.
    case_id, window = screen.case_id, window_of(screen)
    window.show_cases()
    idle(window)
    window.open_case(case_id)
    idle(window)
    again = window.screens.currentWidget()
    assert isinstance(again, CaseScreen)
    assert focused(again) == path_of(Specialist.NEUROLOGIST, Section.HISTORY)


def test_a_slash_opens_the_phrases_and_enter_puts_one_in(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
    qtbot: QtBot,
) -> None:
    screen = open_case(case_document())
    keep(screen, idle, "ентігу", "Жүргенде ентігу, тыныш жатқанда басылады.")
    keep(screen, idle, "есту", "Есту қабілеті сақталған.", specialist="surgeon")
    keep(screen, idle, "ісіну", "Балтырларының ісінуі.", section="complaints")
    to_step("observations")
    idle(window_of(screen))
    field, phrases = paper(screen), screen.observations.list
    type_text(field.edit, "12/80 ")
    assert not phrases.isVisible(), "a slash within a word is a slash"
    type_text(field.edit, "/")
    assert phrases.isVisible()
    assert [phrases.item(n).text().split(" — ")[0] for n in range(phrases.count())] == ["ісіну", "ентігу"]
    type_text(field.edit, "ент")
    assert phrases.count() == 1
    press(KEY.Key_Return)
    assert not phrases.isVisible()
    assert field.edit.toPlainText() == "12/80 Жүргенде ентігу, тыныш жатқанда басылады."
    type_text(field.edit, " /")
    press(KEY.Key_Down, KEY.Key_Escape)
    assert not phrases.isVisible()
    assert field.edit.toPlainText().endswith(" /")
    press(KEY.Key_Backspace, KEY.Key_Tab)
    idle(window_of(screen))
    (origin,) = stored(screen, idle).document["dossier"]["origins"]["observations"]["therapist"]["complaints"]
    assert (origin["kind"], origin["name"]) == ("snippet", "ентігу")
    assert "is the phrase “ентігу”" in field.remark.text()


def test_selected_words_are_kept_renamed_and_removed_in_one_dialogue(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case_document())
    to_step("observations")
    idle(window_of(screen))
    field = paper(screen)
    type_text(field.edit, "Бас айналуы. Әлсіздік.")
    cursor = field.edit.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(12, QTextCursor.MoveMode.KeepAnchor)
    field.edit.setTextCursor(cursor)
    control(KEY.Key_K)
    dialog = window_of(screen).findChild(PhraseDialog)
    assert dialog is not None
    assert (dialog.text.toPlainText(), dialog.specialist.currentData()) == ("Бас айналуы.", "therapist")
    dialog.save_button.click()
    idle(window_of(screen))
    assert dialog._name.error.isVisible(), "a phrase needs a name"
    type_text(dialog.name, "бас")
    dialog.shared.setChecked(True)
    dialog.save_button.click()
    idle(window_of(screen))
    assert [(p.name, p.owner) for p in screen.observations.phrases] == [("бас", None)]
    dialog.name.setText("бас айналу")
    dialog.save_button.click()
    idle(window_of(screen))
    assert dialog.list.item(0).text().startswith("бас айналу")
    assert len(screen.observations.phrases) == 1
    dialog.remove_button.click()
    idle(window_of(screen))
    assert screen.observations.phrases == ()
    assert dialog.list.count() == 0
    dialog.accept()


def test_a_text_copied_from_another_case_is_told_below_it_and_saving_does_not_wait(
    open_case: Open,  # noqa: F811
    idle: Idle,
) -> None:
    screen = open_case(case_document())
    desk = screen._desk
    first: list[str] = []

    def other() -> str:
        view = desk.examinations.create()
        desk.examinations.set_field(view.id, COMPLAINTS, LONG)
        return view.number

    screen._tasks.run(other, done=first.append)
    idle(window_of(screen))
    to_step("observations")
    idle(window_of(screen))
    field = paper(screen)
    field.edit.insertPlainText(LONG)
    press(KEY.Key_Tab)
    idle(window_of(screen))
    assert field.remark.isVisible()
    assert field.remark.text() == f"About 100 % of this text stands in case {first[0]}."
    assert field.remark.property("role") == "hint"
    window_of(screen).language.set("ru")
    assert first[0] in field.remark.text()


def test_the_last_change_is_taken_back_and_done_again_and_told(
    open_case: Open,  # noqa: F811
    idle: Idle,
    type_text: Type,
) -> None:
    screen = open_case(case_document())
    window = window_of(screen)
    field = screen.form.fields["person.surname"]
    field.focus_widget().setFocus()
    line = field.focus_widget()
    line.selectAll()  # type: ignore[attr-defined]
    type_text(line, "Ахметов")
    control(KEY.Key_Z)
    assert line.text() == "Әбдіқадырұлы", "within a line that is being typed in, the line takes back"  # type: ignore[attr-defined]
    line.selectAll()  # type: ignore[attr-defined]
    type_text(line, "Ахметов")
    press(KEY.Key_Tab, KEY.Key_Tab)
    control(KEY.Key_Z)
    idle(window)
    assert stored(screen, idle).document["person"]["surname"] == "Әбдіқадырұлы"
    assert field.focus_widget().text() == "Әбдіқадырұлы"  # type: ignore[attr-defined]
    assert "Taken back: Person, Surname" in window.status.text.text()
    control(KEY.Key_Y)
    idle(window)
    assert stored(screen, idle).document["person"]["surname"] == "Ахметов"
    assert "Done again" in window.status.text.text()
    assert not screen.header.redo_button.isVisible()
    # What was changed before the case was closed can still be taken back in this session.
    window.show_cases()
    idle(window)
    window.open_case(screen.case_id)
    idle(window)
    again = window.screens.currentWidget()
    assert isinstance(again, CaseScreen)
    again.header.undo_button.click()
    idle(window)
    assert stored(again, idle).document["person"]["surname"] == "Әбдіқадырұлы"


def test_the_history_of_the_field_with_the_keyboard_is_one_key_away(
    open_case: Open,  # noqa: F811
    idle: Idle,
    qtbot: QtBot,
) -> None:
    screen = open_case(case_document())
    screen.record.put("person.sex", "female")
    idle(window_of(screen))
    screen.form.fields["person.sex"].focus_widget().setFocus()
    control(KEY.Key_H)
    idle(window_of(screen))
    dialog = window_of(screen).findChild(HistoryDialog)
    assert dialog is not None
    told = "\n".join(part.text() for part in dialog.findChildren(QLabel))
    assert "Сейітова Әлия Маратқызы · Person" in told
    assert "before: male" in told
    assert "after: female" in told
    assert "when the case was made" in told
    dialog.accept()


@pytest.mark.parametrize("state", ["decided"])
def test_a_decided_case_takes_nothing_back(
    open_case: Open,  # noqa: F811
    idle: Idle,
    state: str,
    signed_in: Callable[..., MainWindow],
) -> None:
    from tests.factories import DECISION

    screen = open_case(case_document())
    screen.record.put("person.sex", "female")
    screen.record.put("person.sex", "male")
    screen.record.decide(DECISION, lambda error: pytest.fail(str(error)))
    idle(window_of(screen))
    assert not screen.header.undo_button.isEnabled()
    control(KEY.Key_Z)
    idle(window_of(screen))
    assert "There is nothing to take back." in window_of(screen).status.text.text()
    assert all(NAMES[section] for section in Section)
