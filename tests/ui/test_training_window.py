"""The window of a training desk can't be taken for the real one, from the sign-in to the sign-out."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import cli
from app.services import training
from app.services.access import Access
from app.services.views import AccessState
from tests.ui.conftest import Open
from ui import PRODUCT, theme
from ui.main_window import MainWindow
from ui.screens.sign_in.screen import SignInScreen
from ui.widgets.question import Question

BAND = {
    "kk": "Жаттығу: ойдан шығарылған адамдар",
    "ru": "Учебный режим: вымышленные люди",
    "en": "Training: invented people",
}


def sign_in_screen(window: MainWindow) -> SignInScreen:
    screen = window.screens.currentWidget()
    assert isinstance(screen, SignInScreen)
    return screen


def test_the_band_stays_from_sign_in_to_sign_out_and_nothing_hides_it(
    access: Access, open_window: Open, idle: Callable[[MainWindow], None], qtbot: QtBot
) -> None:
    window = open_window("en")
    assert not window.training.band.isVisible()
    assert window.windowTitle() == PRODUCT
    sign_in_screen(window).training_button.click()
    idle(window)
    screen = sign_in_screen(window)
    assert screen.is_training
    assert training.PASSPHRASE in screen.shown.text()
    screen.passphrase.edit.setText(training.PASSPHRASE)
    screen.submit()
    idle(window)
    assert window.desk is not None
    assert window.desk.is_training

    def seen() -> bool:
        words = BAND[window.language.code]
        whole = window.training.band.text.text() == words and words in window.windowTitle()
        return whole and window.training.band.isVisible() and window.training.band.width() == window.width()

    assert theme.current().colours.danger in QApplication.instance().styleSheet()  # type: ignore[union-attr]
    band, tongue = window.training.band, window.next_language
    for place in (
        window.show_settings, lambda: window.show_section("people"), tongue, tongue, tongue, window.toggle_look,
        band.hide, lambda: band.setVisible(False), window.lock,
    ):  # fmt: skip
        place()
        idle(window)
        assert seen()
    window.sign_out()
    idle(window)
    assert seen()
    screen = sign_in_screen(window)

    made = (window.access.data_dir / "keys.json").read_bytes()
    screen.anew_button.click()
    asked = window.findChild(Question)
    assert asked is not None
    asked.leave_button.click()
    idle(window)
    assert (window.access.data_dir / "keys.json").read_bytes() != made
    assert seen()

    sign_in_screen(window).real_button.click()
    idle(window)
    assert window.access is access or window.access.data_dir == access.data_dir
    assert access.state() is AccessState.READY
    assert not window.training.band.isVisible()
    assert window.windowTitle() == PRODUCT


def test_the_command_asks_for_the_training(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, Path]] = []
    monkeypatch.setattr("ui.__main__.run", lambda args, _t: asked.append((args.training, args.data)) or 0)
    assert cli.main(["run", "--training", "--data", str(access.data_dir)]) == 0
    assert cli.main(["run", "--data", str(access.data_dir)]) == 0
    assert asked == [(True, access.data_dir), (False, access.data_dir)]
