"""A real window on real services; typing that knows Kazakh; words that show which language they are in."""

import gettext
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import ui.language
from app import bootstrap
from app.domain.clock import Clock
from app.i18n import Translator
from app.services.access import Access
from tests import factories
from ui.__main__ import start
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.screens.trips import TripsScreen

Type = Callable[[QWidget, str], None]
Open = Callable[..., MainWindow]


@pytest.fixture
def type_text() -> Type:
    """Type as a keyboard would. (`qtbot.keyClicks` aborts the process at the first Cyrillic letter.)"""

    def type_it(widget: QWidget, text: str) -> None:
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    return type_it


@pytest.fixture
def idle(qtbot: QtBot) -> Callable[[MainWindow], None]:
    """Wait until the worker has answered everything, the window has taken it in, and its page stands as a whole."""

    def wait(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: not window.tasks.busy, timeout=15000)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: stands(window) and not window.tasks.busy, timeout=15000)
        for _ in range(2):  # what came last is laid out, then what stands in it
            QApplication.processEvents()

    return wait


@pytest.fixture
def open_window(qtbot: QtBot, data_dir: Path, clock: Clock) -> Iterator[Open]:
    """Open the window on the test's data directory, at 1366x768, with cheap key derivation."""
    windows: list[MainWindow] = []

    def open_it(language: str = "en", *, mode: str = "light", scale: float = 1.0) -> MainWindow:
        access: Access = bootstrap.access(data_dir, clock=clock, cost=factories.CHEAP)
        window = start(data_dir, language, access)
        window.appearance.set(mode, scale)  # type: ignore[arg-type]
        window.resize(1366, 768)
        with qtbot.waitActive(window):
            window.activateWindow()
        QApplication.processEvents()  # the first field has taken the keyboard
        windows.append(window)
        return window

    yield open_it
    for window in windows:
        window._closing = True  # whatever a test has left on screen: nobody is there to be asked
        window.close()
        window.deleteLater()
    # Its translators go with it, before the next test asks Qt for words.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def signed_in(access: Access, open_window: Open, idle: Callable[[MainWindow], None]) -> Callable[..., MainWindow]:
    """A window with the head of the commission signed in, on the list of cases."""

    def sign_in(language: str = "en", **look: object) -> MainWindow:
        window = open_window(language, **look)
        window.screens.currentWidget().sign_in(factories.HEAD, factories.PASSPHRASE)  # type: ignore[union-attr]
        idle(window)
        assert window.desk is not None
        return window

    return sign_in


def stands(window: MainWindow) -> bool:
    """Whether the page of the case on screen is whole, and today's trip is open; other screens always stand."""
    screen = window.screens.currentWidget()
    if isinstance(screen, TripsScreen):
        return not screen.is_opening
    if window._coming is not None:
        return False
    if not isinstance(screen, CaseScreen):
        return True
    if not screen.isEnabled():
        return not screen.record.is_loaded  # one that was refused stays so
    page = screen.pages.made.get(screen.step)
    return page is None or page.is_whole or not page.isVisible()


class Marked(gettext.NullTranslations):
    """A catalogue that knows every sentence: it writes its language before it and a fifth more behind."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def gettext(self, message: str) -> str:
        return f"{self._code}·{message}" + "ұ" * (len(message) // 5)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sentence of the window tells its language, whether the catalogues are written yet or not."""
    monkeypatch.setattr(ui.language, "translator", lambda code: Translator(code, Marked(code)))


def visible(window: QWidget) -> list[QWidget]:
    """Every widget that can be seen."""
    return [widget for widget in window.findChildren(QWidget) if widget.isVisible()]
