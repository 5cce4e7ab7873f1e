"""The tour leads over one invented case, there and back, by keyboard, and is no part of the real desk."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import training
from app.services.access import Access
from tests.ui.conftest import Open
from ui.main_window import MainWindow
from ui.tour import STATIONS


def test_the_tour_leads_from_the_list_through_one_case_to_the_journals(
    access: Access, open_window: Open, idle: Callable[[MainWindow], None], qtbot: QtBot
) -> None:
    window = open_window("en")
    tour = window.training.tour
    tour.forward()
    assert tour.isHidden()
    window.training.start()
    idle(window)
    screen: Any = window.screens.currentWidget()
    screen.sign_in(training.LOGINS[0], training.PASSPHRASE)
    idle(window)
    window.training.band.tour_button.click()
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
