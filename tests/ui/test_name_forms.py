"""To whom, in the language of a paper: proposed, taken over only by an act, told where it is outdated."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.declension import confirmed
from tests import factories
from tests.ui.cases import opened
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.examination.name_forms import NameFormField

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]


def test_a_declined_name_is_proposed_and_nothing_is_taken_over_by_itself(
    signed_in: SignedIn, idle: Idle, qtbot: QtBot, type_text: Type
) -> None:
    window = signed_in()
    names = {"person.surname": "Ахметова", "person.given_name": "Айгүл", "person.patronymic": None}
    screen = opened(window, idle, factories.case_document({**names, "person.sex": "female"}), "person")
    kazakh, russian = (screen.form.fields[f"dossier.name_forms.{code}"] for code in ("kk", "ru"))
    assert isinstance(kazakh, NameFormField)
    assert isinstance(russian, NameFormField)
    qtbot.waitUntil(lambda: russian.offered is not None and not window.tasks.busy)
    assert (kazakh.offered, russian.offered) == ("Ахметова Айгүлге", "Ахметовой Айгүл")
    assert "Ахметовой Айгүл" in russian.remark.text()
    assert screen.record.get("dossier.name_forms") is None

    # By key; then the proposal has nothing to say any more, and the next act takes it back.
    russian.edit.setFocus()
    QTest.keyClick(russian.edit, Qt.Key.Key_F6)
    idle(window)
    assert confirmed(screen.record.document, "ru") == "Ахметовой Айгүл"
    assert russian.edit.text() == "Ахметовой Айгүл"
    assert not russian.take_button.isVisible()
    assert screen.record.undo() == "dossier.name_forms.ru"
    assert confirmed(screen.record.document, "ru") is None
    screen.record.redo()
    # By hand, otherwise than proposed.
    kazakh.edit.setFocus()
    type_text(kazakh.edit, "Айгүл Ахметоваға")
    kazakh.settle()
    idle(window)
    assert confirmed(screen.record.document, "kk") == "Айгүл Ахметоваға"

    # Another name: both are outdated, and say so; papers leave them out until somebody says otherwise.
    screen.record.put("person.given_name", "Сәуле")
    qtbot.waitUntil(lambda: russian.offered == "Ахметовой Сәуле" and not window.tasks.busy)
    assert confirmed(screen.record.document, "ru") is None
    assert russian.remark.text().startswith("⚠")
    assert "Ахметова Айгүл" in russian.remark.text()
    russian.edit.setFocus()
    QTest.keyClick(russian.edit, Qt.Key.Key_Return)
    idle(window)
    assert confirmed(screen.record.document, "ru") == "Ахметовой Айгүл"
    qtbot.mouseClick(kazakh.take_button, Qt.MouseButton.LeftButton)
    idle(window)
    assert confirmed(screen.record.document, "kk") == "Ахметова Сәулеге"
    desk = window.desk
    assert desk is not None
    stored: list[dict[str, object]] = []
    window.tasks.run(lambda: desk.examinations.open(screen.case_id).document, done=stored.append)
    idle(window)
    assert confirmed(stored[0], "kk") == "Ахметова Сәулеге"


def test_without_a_name_nothing_is_asked_and_a_signed_case_offers_nothing(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    screen = opened(window, idle, factories.case_document({"person.surname": None}), "person")
    field = screen.form.fields["dossier.name_forms.ru"]
    assert isinstance(field, NameFormField)
    assert not field.isVisible()
    screen.record.put("person.surname", "Ким")
    idle(window)
    assert field.isVisible()
    field.set_read_only(True)
    assert field.offered is None
