"""One start of a window, to be timed from outside: says its memory in MB once it is painted and takes keys, and ends.

`python -m tests.bench.window bare` or `… ours DATA_DIR`. Both sides share the waiting, so that they differ in the
window alone. `… listed DATA_DIR` signs in too and speaks once the list of cases is there; `… visited DATA_DIR` looks
at everything first that holds memory.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any


def memory() -> float:
    """Resident memory of this process in MB (Linux; 0 elsewhere)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def exec_until_painted() -> int:
    """Stands in for the event loop: serves events until a window is painted and could take a key, and says so."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    while not any(window.isExposed() for window in QGuiApplication.topLevelWindows() if window.isVisible()):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    # Qt paints while it handles the exposure; what that set off is served too.
    QApplication.processEvents()
    print(f"{memory():.1f}", flush=True)
    return 0


def bare() -> None:
    """A window with a form and a table, as little PySide6 as does it."""
    from PySide6.QtWidgets import (
        QApplication,
        QFormLayout,
        QLineEdit,
        QPushButton,
        QTableWidget,
        QTableWidgetItem,
        QVBoxLayout,
        QWidget,
    )

    app = QApplication([])
    window = QWidget()
    form = QFormLayout()
    for name in ("surname", "given name", "born"):
        form.addRow(name, QLineEdit())
    table = QTableWidget(20, 4)
    for row in range(20):
        for column in range(4):
            table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
    layout = QVBoxLayout(window)
    layout.addLayout(form)
    layout.addWidget(table)
    layout.addWidget(QPushButton("save"))
    window.resize(900, 600)
    window.show()
    exec_until_painted()
    del app


def ours(data_dir: str) -> None:
    """The real program on a desk that exists, up to its sign-in window."""
    from PySide6.QtWidgets import QApplication

    from app.cli import main

    QApplication.exec = staticmethod(exec_until_painted)  # type: ignore[method-assign,assignment]
    raise SystemExit(main(["--data", data_dir]))


def exec_until_listed(*, visiting: bool = False) -> int:
    """As `exec_until_painted`, but signs in and waits for the rows; `visiting` also opens a case with all its steps and
    every room."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from app.services.steps import STEPS
    from tests.bench.desk import LOGIN, PASSPHRASE
    from ui.main_window import MainWindow
    from ui.pictures import go_to, settle
    from ui.screens.cases import CasesScreen
    from ui.sections import SECTIONS

    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))
    serve_until(window.isVisible)
    sign_in = window.show_sign_in()
    sign_in.login.setText(LOGIN)
    sign_in.passphrase.edit.setText(PASSPHRASE)
    sign_in.submit()

    def rows() -> list[Any]:
        screen = window.screens.currentWidget()
        return screen.model.rows if isinstance(screen, CasesScreen) else []

    serve_until(lambda: bool(rows()))
    if visiting:
        case = rows()[0]
        for section in SECTIONS:
            window.show_section(section.name)
            settle(window)
        for step in STEPS:
            go_to(window, case.id, step)
            # An event loop that runs deletes what was thrown away; nothing runs here.
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    print(f"{memory():.1f}", flush=True)
    window.close()
    return 0


def serve_until(reached: Callable[[], bool]) -> None:
    """Serve events until something is so."""
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    while not reached():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()


def signed_in(data_dir: str, *, visiting: bool) -> None:
    """The real program up to its list of cases, or further."""
    from PySide6.QtWidgets import QApplication

    from app.cli import main

    QApplication.exec = staticmethod(partial(exec_until_listed, visiting=visiting))  # type: ignore[method-assign,assignment]
    raise SystemExit(main(["--data", data_dir]))


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    elif sys.argv[1] == "ours":
        ours(sys.argv[2])
    else:
        signed_in(sys.argv[2], visiting=sys.argv[1] == "visited")
