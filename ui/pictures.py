"""Pictures of the real window, taken without a screen: for `saraptama demo` and for the README."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.domain.text import LANGUAGES
from app.services.access import Access

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDTH, HEIGHT = 1366, 768


def proposal_pictures(access: Access, login: str, passphrase: str, case_id: str, out: Path) -> list[Path]:
    """The proposal of a case as the window shows it, one picture a language; returns their paths."""
    window = open_window(access, login, passphrase)
    try:
        go_to(window, case_id, "proposal")
        return in_languages(window, "proposal", out)
    finally:
        window.close()


def open_window(access: Access, login: str, passphrase: str) -> "MainWindow":
    """The program's window with somebody signed in, on Qt's offscreen platform. `close()` it: that closes the desk."""
    from ui.language import Language
    from ui.main_window import MainWindow
    from ui.tasks import TaskRunner
    from ui.theme import Appearance

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_say)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["saraptama"])
    window = MainWindow(access, Language("en", app), Appearance(app, "light"), TaskRunner(app))
    window.resize(WIDTH, HEIGHT)
    window.show()
    window.take_desk(access.sign_in(login, passphrase))
    settle(window)
    return window


def go_to(window: "MainWindow", case_id: str, step: str) -> None:
    """Open a case at one of its steps."""
    from ui.screens.examination import CaseScreen

    window.open_case(case_id)
    settle(window)
    screen = window.screens.currentWidget()
    if not isinstance(screen, CaseScreen):
        raise RuntimeError(type(screen).__name__)
    screen.go(step)
    settle(window)


def in_languages(window: "MainWindow", name: str, out: Path) -> list[Path]:
    """What the window shows now, in each language, as `name-language.png`."""
    taken = []
    for language in LANGUAGES:
        window.language.set(language)
        settle(window)
        taken.append(out / f"{name}-{language}.png")
        if not window.grab().save(str(taken[-1])):
            raise OSError(f"{taken[-1]}")
    return taken


def _say(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # The offscreen platform says this of every window, and no one can do anything about it.
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


def settle(window: "MainWindow") -> None:
    """Serve events until the worker has answered everything and the layouts have come to rest."""
    serve_until(lambda: not window.tasks.busy)
    for _ in range(5):
        QApplication.processEvents()


def serve_until(reached: Callable[[], bool]) -> None:
    """Serve events until `reached()`; each answer of the worker is an event, so nothing is polled."""
    while not reached():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
