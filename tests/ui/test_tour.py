"""The tour leads over one invented case, there and back, by keyboard, and is no part of the real desk."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import training
from app.services.access import Access
from tests import factories
from tests.ui.conftest import Open
from ui.main_window import MainWindow
from ui.tour import STATIONS


def test_the_tour_leads_from_the_list_through_one_case_to_the_journals(
    access: Access, open_window: Open, idle: Callable[[MainWindow], None], qtbot: QtBot
) -> None:
    window = open_window("en")
    tour, offer = window.training.tour, window.training.offer
    assert offer.isHidden()
    tour.forward()
    assert tour.isHidden()
    window.training.start()
    idle(window)
    screen: Any = window.screens.currentWidget()
    screen.sign_in(training.LOGINS[0], training.PASSPHRASE)
    idle(window)
    # On the first sign-in it is offered, beside the work; its key begins it.
    assert offer.isVisible()
    assert not offer.isAncestorOf(window.focusWidget())  # type: ignore[arg-type]
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert offer.isHidden()
    for at, station in enumerate(STATIONS):
        idle(window)
        assert tour.at == at
        assert tour.isVisible()
        assert tour.text.text() == station.words
        screen = window.screens.currentWidget()
        if station.room:
            qtbot.waitUntil(lambda place=station.room: window._place == place)  # type: ignore[misc]
        else:
            qtbot.waitUntil(lambda step=station.step: getattr(window.screens.currentWidget(), "step", "") == step)  # type: ignore[misc]
            focused = window.focusWidget()
            assert focused is not None
            assert window.screens.isAncestorOf(focused)  # the widget to begin with has the focus
        if at == 3:
            qtbot.keyClick(window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
            idle(window)
            assert tour.at == 2
            qtbot.keyClick(window, Qt.Key.Key_F8)
            idle(window)
        qtbot.keyClick(window, Qt.Key.Key_F8)
    idle(window)
    assert tour.isHidden()
    tour.begin()
    window.sign_out()
    idle(window)
    assert tour.isHidden()
    # Never again, not even after everything was begun anew; the button stays.
    for anew in (False, True):
        if anew:
            window.training._prepare(window.access, lambda: training.begin_anew(window.access, "en"))
            idle(window)
        screen = window.screens.currentWidget()
        screen.sign_in(training.LOGINS[0], training.PASSPHRASE)
        idle(window)
        assert window.desk is not None
        assert offer.isHidden()
        window.training.band.tour_button.click()
        assert tour.isVisible()
        window.sign_out()
        idle(window)


def test_practising_is_offered_once_on_a_desk_that_was_just_made(
    access: Access, open_window: Open, idle: Callable[[MainWindow], None]
) -> None:
    window = open_window("en")
    window._first_sign_in(factories.HEAD, factories.PASSPHRASE)
    idle(window)
    offer = window.training.offer
    assert offer.isVisible()
    assert "invented people" in offer.text.text()
    offer.drop_button.click()
    assert offer.isHidden()
    window.sign_out()
    idle(window)
    window._first_sign_in(factories.HEAD, factories.PASSPHRASE)
    idle(window)
    assert offer.isHidden()
    assert access.preferences().offered == ("practice",)
    # Whoever takes it is led to the training desk's sign-in.
    offer.make("practice", "x", "y")
    offer.take_button.click()
    idle(window)
    screen: Any = window.screens.currentWidget()
    assert screen.is_training
    assert window.desk is None
