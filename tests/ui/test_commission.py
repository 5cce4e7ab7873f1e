"""The commission of a case and of a trip: who is signed in is offered, who can't sign here is told in time."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.case_file import get
from tests import factories
from tests.ui.cases import opened
from tests.ui.conftest import Type
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.examination.signing import AccountDialog
from ui.screens.trips import TripsScreen
from ui.widgets.commission_field import CommissionField
from ui.widgets.rows import NameRow

Idle = Callable[[MainWindow], None]
SignedIn = Callable[..., MainWindow]
KEY = Qt.Key
ME = factories.NAMES[factories.HEAD]


def commission_of(window: MainWindow, idle: Idle, commission: object) -> CommissionField:
    """The commission of a new case, on its step."""
    document = factories.case_document({"examination.commission": commission})
    field = opened(window, idle, document, "examination").examination.commission
    assert isinstance(field, CommissionField)
    return field


def stored(window: MainWindow, idle: Idle) -> object:
    """The commission of the case on screen as the database has it."""
    screen, desk = window.screens.currentWidget(), window.desk
    assert isinstance(screen, CaseScreen)
    assert desk is not None
    found: list[object] = []
    read = lambda: get(desk.examinations.open(screen.case_id).document, "examination.commission")  # noqa: E731
    window.tasks.run(read, done=found.append)
    idle(window)
    return found[0]


def test_who_is_signed_in_is_offered_as_the_first_member_and_comes_by_an_act_alone(
    signed_in: SignedIn, idle: Idle
) -> None:
    window = signed_in()
    field = commission_of(window, idle, None)
    assert field.me_button.isVisible()
    assert ME in field.me_button.accessibleName()
    assert stored(window, idle) is None
    field.me_button.setFocus()
    QTest.keyClick(field.me_button, KEY.Key_Space)
    idle(window)
    assert stored(window, idle) == [{"name": ME, "role": "head"}]
    assert not field.me_button.isVisible()
    row = field.rows[0]
    assert isinstance(row, NameRow)
    assert row.role.hasFocus()
    row.remove_button.click()
    idle(window)
    assert field.me_button.isVisible()


def test_where_a_commission_stands_nobody_is_offered(signed_in: SignedIn, idle: Idle) -> None:
    window = signed_in()
    members = [{"name": factories.NAMES[factories.FIRST], "role": "head"}]
    field = commission_of(window, idle, members)
    assert not field.me_button.isVisible()
    field.begin_with_me()
    assert stored(window, idle) == members


@pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing", extend=True)
def test_members_without_an_account_are_told_on_the_step_of_the_commission(
    signed_in: SignedIn, idle: Idle, type_text: Type
) -> None:
    window = signed_in()
    field = commission_of(window, idle, factories.case_document()["examination"]["commission"])
    first, second = factories.NAMES[factories.FIRST], factories.NAMES[factories.SECOND]
    assert field.strangers == [first, second]
    assert f"{first}, {second}" in field.remark.text()
    assert ME not in field.remark.text()
    # The account is made from here.
    assert first in field.account_button.accessibleName()
    field.account_button.click()
    dialog = next(each for each in window.findChildren(AccountDialog) if each.isVisible())
    type_text(dialog.login, "first")
    for line in (dialog.passphrase.first, dialog.passphrase.second):
        type_text(line.edit, factories.passphrase_of(factories.FIRST))
    dialog.make()
    idle(window)
    assert field.strangers == [second]
    assert second in field.account_button.accessibleName()
    dialog.recovery.check.setChecked(True)
    dialog.reject()
    # Whoever is taken out, or written as the account has it, is no stranger any more.
    field.rows[2].remove_button.click()
    idle(window)
    assert field.strangers == []
    assert field.remark_text is None
    assert not field.account_button.isVisible()


def test_enter_takes_the_only_name_that_is_left_and_what_was_typed_where_there_are_more(
    signed_in: SignedIn, idle: Idle, type_text: Type
) -> None:
    window = signed_in()
    desk = window.desk
    assert desk is not None
    window.tasks.run(lambda: factories.with_commission(desk))
    idle(window)
    field = commission_of(window, idle, None)
    for typed, wanted in (("ким", "Ким Андрей Викторович"), ("а", "а")):
        row = field.add_row({})
        assert isinstance(row, NameRow)
        row.name.setFocus()
        type_text(row.name, typed)
        completer = row.name.completer()
        assert completer.popup().isVisible()
        assert (completer.completionCount() == 1) is (wanted != typed)
        QTest.keyClick(completer.popup(), KEY.Key_Return)
        idle(window)
        assert row.name.text() == wanted
        assert not completer.popup().isVisible()


def test_a_trip_tells_the_same(signed_in: SignedIn, idle: Idle, type_text: Type) -> None:
    window = signed_in()
    window.show_section("trips")
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, TripsScreen)
    QTest.keyClick(screen.list.empty_button, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    idle(window)
    field = screen.page.details.commission
    assert field.me_button.isVisible()
    field.begin_with_me()
    row = field.add_row()
    assert isinstance(row, NameRow)
    type_text(row.name, "Жаңа Мүше")
    field.settle()
    idle(window)
    assert screen.page.worklist is not None
    assert [one["name"] for one in screen.page.worklist.trip.fields["commission"]] == [ME, "Жаңа Мүше"]
    assert field.strangers == ["Жаңа Мүше"]
    assert field.account_button.isVisible()
