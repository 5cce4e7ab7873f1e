"""One start of a window, to be timed from outside: says its memory in MB once it is painted and takes keys, and ends.

`python -m tests.bench.window bare` or `… ours DATA_DIR`. Both sides share the waiting, so that they differ in the
window alone.
"""

import os
import sys
from pathlib import Path


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


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare()
    else:
        ours(sys.argv[2])
