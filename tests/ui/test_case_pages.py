"""Pages are made when they are needed; whoever comes to one first, from wherever, finds it complete."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.services.views import CaseView
from tests import factories
from tests.ui.conftest import Type, stands
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen, case_pages

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
Make = Callable[..., CaseView]


def made(window: MainWindow, idle: Idle, make: Make) -> CaseView:
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    window.tasks.run(lambda: make(desk), done=found.append)
    idle(window)
    return found[0]


def case_of(changes: dict[str, object] | None = None) -> Make:
    return lambda desk: desk.examinations.import_case(factories.case_document(changes))


def opened(window: MainWindow, case_id: str, idle: Idle) -> CaseScreen:
    window.open_case(case_id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    return screen


def every_word(widget: QWidget) -> str:
    """All that stands in widgets, seen or not."""
    found: list[str] = []
    for part in (widget, *widget.findChildren(QWidget)):
        found += [part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.windowTitle()]
        match part:
            case QLineEdit() | QLabel():
                found.append(part.text())
            case QPlainTextEdit():
                found.append(part.toPlainText())
            case QComboBox():
                found += [part.itemText(at) for at in range(part.count())]
    return "\n".join(found)


def test_nothing_of_one_case_stands_on_the_pages_of_the_next(
    signed_in: SignedIn, idle: Idle, type_text: Type, qtbot: QtBot
) -> None:
    window = signed_in()
    first = made(window, idle, case_of())
    other = {"person.iin": None, "person.surname": "Сәрсенова", "person.given_name": "Шолпан",
             "person.patronymic": None, "person.birth_date": "1980-02-03", "person.sex": "female",
             "person.address": None, "person.identity": None, "diagnosis.main.text": "басқа"}  # fmt: skip
    second = made(window, idle, case_of(other))
    screen = opened(window, first.id, idle)
    screen.jump("dossier.observations.therapist.complaints")
    type_text(QApplication.focusWidget(), "Бірінші адамның шағымы")  # type: ignore[arg-type]
    screen.jump("person.address.text")
    edit = QApplication.focusWidget()
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    type_text(edit, "Құпия көше, 7")
    again = opened(window, second.id, idle)
    assert again is not screen
    for step in again.pages:
        again.go(step)
        again.pages[step].make_whole()
        idle(window)
    words = every_word(again)
    assert "Сәрсенова" in words
    for told in ("Әбдіқадырұлы", "Ғалымжан", "710614301212", "Құпия", "шағымы", "гемипарез", "011051051", "Жеңіс"):
        assert told not in words, told
    said: list[object] = []
    again.told.connect(said.append)
    again.undo()
    assert "nothing to take back" in window.language.t.show(said[0])  # type: ignore[arg-type]
    desk = window.desk
    assert desk is not None
    path = "person.address.text"
    found: list[tuple[object, ...]] = []
    for case in (first, second):
        window.tasks.run(lambda c=case: desk.examinations.history(c.id, path), done=found.append)  # type: ignore[misc]
    idle(window)
    assert "Құпия көше, 7" in str(found[0]), "what was being typed when the case was left is saved, in its own case"
    assert "Құпия" not in str(found[1])
    # The screen that was left goes bit by bit, and soon.
    qtbot.waitUntil(lambda: window.findChildren(CaseScreen) == [again], timeout=5000)


def test_what_is_missing_is_reached_on_a_page_that_was_never_opened(
    signed_in: SignedIn, idle: Idle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_pages, "QUIET_MS", 600_000)
    window = signed_in()
    case = made(
        window, idle, case_of({f"facts.limitations.{name}": None for name in ("movement", "self_care", "work")})
    )
    screen = opened(window, case.id, idle)
    assert set(screen.pages.made) == {"person"}, "one page alone is made"
    screen.go_to_missing()
    field = screen.form.fields.get("facts.limitations.movement")
    assert field is not None
    focus = QApplication.focusWidget()
    assert focus is not None
    assert field.isAncestorOf(focus)
    assert not screen.pages["functions"].is_whole, "and of this one no more than is needed"
    screen.jump("facts.prognosis")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert screen.form.fields["facts.prognosis"].isAncestorOf(focus)
    assert "diagnosis" not in screen.pages.made


def test_pages_are_made_ahead_while_nobody_does_anything(
    signed_in: SignedIn, idle: Idle, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(case_pages, "QUIET_MS", 1)
    monkeypatch.setattr(case_pages, "BETWEEN_MS", 1)
    window = signed_in()
    told = "observations.therapist.complaints"
    origin = {"kind": "snippet", "id": "1", "name": "ен", "share": 90, "at": "2026-11-18T05:00:00Z"}

    def with_a_phrase(desk: Desk) -> CaseView:
        view = desk.examinations.import_case(factories.case_document())
        desk.examinations.set_field(view.id, f"dossier.{told}", "Ентігу.")
        return desk.examinations.set_field(view.id, f"dossier.origins.{told}", [origin])

    screen = opened(window, made(window, idle, with_a_phrase).id, idle)
    qtbot.waitUntil(lambda: set(screen.pages.made) == set(screen.pages), timeout=15000)
    qtbot.waitUntil(lambda: all(page.is_whole for page in screen.pages.made.values()), timeout=15000)
    shown = screen.form.fields.get("diagnosis.main.text")
    assert shown is not None
    assert "гемипарез" in shown.focus_widget().toPlainText()  # type: ignore[attr-defined]
    assert "“ен”" in screen.form.fields[f"dossier.{told}"].remark.text(), "and what is no field of the form"
    assert screen.step == "person", "the one who works is left where they are"


def test_a_page_that_is_made_after_the_language_changed_speaks_the_new_one(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in("en")
    screen = opened(window, made(window, idle, case_of()).id, idle)
    window.choose_language("ru")
    idle(window)
    assert "diagnosis" not in screen.pages.made
    screen.go("diagnosis")
    assert screen.pages["diagnosis"].heading.text() == "Диагноз"
    assert screen.form.fields["diagnosis.main.text"].label.text() == "Словами"
    window.choose_language("kk")
    idle(window)
    assert screen.form.fields["diagnosis.main.text"].label.text() != "Словами"


def test_a_locked_window_makes_no_page_and_goes_on_after_unlocking(
    signed_in: SignedIn, idle: Idle, type_text: Type, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_pages, "QUIET_MS", 1)
    window = signed_in()
    case = made(window, idle, case_of())
    window.open_case(case.id)
    qtbot.waitUntil(lambda: isinstance(window.screens.currentWidget(), CaseScreen), timeout=15000)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    qtbot.waitUntil(lambda: len(screen.pages.made) == 2, timeout=15000)
    window.lock()
    before = [(step, page.is_whole) for step, page in screen.pages.made.items()]
    for _ in range(30):  # as often as its timer would, for some pages
        screen.ahead._go_on()
    assert [(step, page.is_whole) for step, page in screen.pages.made.items()] == before
    lock = window._lock
    assert lock is not None
    type_text(lock.first_field(), factories.PASSPHRASE)
    QTest.keyClick(lock.first_field(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: set(screen.pages.made) == set(screen.pages), timeout=15000)


@pytest.mark.parametrize("away", ["close", "sign out", "list"])
def test_a_case_may_be_left_while_its_pages_are_being_made(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    monkeypatch.setattr(case_pages, "QUIET_MS", 1)
    window = signed_in()
    case = made(window, idle, case_of())
    window.open_case(case.id)
    qtbot.waitUntil(lambda: isinstance(window.screens.currentWidget(), CaseScreen), timeout=15000)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    qtbot.waitUntil(lambda: len(screen.pages.made) == 3, timeout=15000)
    match away:
        case "close":
            window.close()
            assert not window.isVisible()
        case "sign out":
            bit_by_bit: list[CaseScreen] = []

            def take_down(screen: CaseScreen) -> None:
                bit_by_bit.append(screen)

            monkeypatch.setattr(CaseScreen, "take_down", take_down)
            window.sign_out()
            idle(window)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            assert not window.findChildren(CaseScreen)
            assert not bit_by_bit, "nobody who isn't signed in has a case behind the screen, not for a moment"
        case "list":
            screen.close_case()
            window.choose_language("kk")
            qtbot.waitUntil(lambda: not window.findChildren(CaseScreen), timeout=5000)


def test_on_a_signed_case_every_page_is_frozen_whenever_it_is_made(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: factories.with_commission(desk))
    idle(window)
    screen = opened(window, made(window, idle, factories.signed_case).id, idle)
    for path in ("person.representative.name", "diagnosis.main.text", "examination.on", "dossier.referral.anamnesis"):
        edit = screen.form.fields[path].focus_widget()
        assert isinstance(edit, QLineEdit | QPlainTextEdit)
        assert edit.isReadOnly(), path
    screen.go("functions")
    idle(window)
    assert stands(window)
    assert not screen.functions.degrees["limitations.work"].row.buttons[1].isEnabled()


def test_what_is_typed_before_the_question_stands_is_typed_into_it(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot
) -> None:
    """Ctrl+6 and at once a digit: the degrees are made in turns, and nobody who is fast loses a key."""
    window = signed_in()
    unanswered = {"facts.limitations.work": None}
    case = made(window, idle, case_of(unanswered))
    screen = opened(window, case.id, idle)
    assert "functions" not in screen.pages.made or not screen.pages.made["functions"].is_whole
    screen.go("functions")
    assert "facts.limitations.work" not in screen.form.fields
    waiting = window.focusWidget()
    assert waiting is screen.steps.buttons["functions"]
    QTest.keyClick(waiting, Qt.Key.Key_2)
    idle(window)
    assert screen.record.get("facts.limitations.work") == 2
    field = screen.form.fields["facts.limitations.work"]
    assert field.isAncestorOf(window.focusWidget())


def test_whoever_goes_elsewhere_meanwhile_is_not_called_back(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    case = made(window, idle, case_of({"facts.limitations.work": None}))
    screen = opened(window, case.id, idle)
    screen.go("functions")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_3)
    screen.go("diagnosis")
    idle(window)
    assert screen.step == "diagnosis"
    assert screen.record.get("facts.limitations.work") is None
    focus = window.focusWidget()
    assert focus is not None
    assert screen.pages["diagnosis"].isAncestorOf(focus)


def test_of_cases_that_are_asked_for_together_the_last_one_is_shown_alone(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot
) -> None:
    """Enter twice, or another case while the first one is on its way."""
    window = signed_in()
    first, second = (made(window, idle, case_of({"person.surname": name})) for name in ("Асанов", "Әлиева"))
    for asked in (first, second, second):
        window.open_case(asked.id)
    idle(window)
    qtbot.waitUntil(lambda: len(window.findChildren(CaseScreen)) == 1, timeout=5000)
    (screen,) = window.findChildren(CaseScreen)
    assert screen is window.screens.currentWidget()
    assert screen.case_id == second.id
    window.open_case(first.id)
    window.show_section("people")
    idle(window)
    qtbot.waitUntil(lambda: not window.findChildren(CaseScreen), timeout=5000)
    assert window.screens.currentWidget() is window._sections["people"]


def test_a_case_on_its_way_when_the_window_is_locked_is_open_after_unlocking(
    signed_in: SignedIn, idle: Idle, type_text: Type
) -> None:
    window = signed_in()
    case = made(window, idle, case_of())
    window.open_case(case.id)
    window.lock()
    idle(window)
    shown = window.screens.currentWidget()
    lock = window._lock
    assert lock is not None
    assert shown is lock
    type_text(lock.first_field(), factories.PASSPHRASE)
    QTest.keyClick(lock.first_field(), Qt.Key.Key_Return)
    idle(window)
    (screen,) = window.findChildren(CaseScreen)
    assert (screen.case_id, screen.isVisible()) == (case.id, True)


def test_a_case_on_its_way_goes_with_who_signs_out(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    case = made(window, idle, case_of())
    window.open_case(case.id)
    window.sign_out()
    idle(window)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not window.findChildren(CaseScreen)
    assert window.desk is None
