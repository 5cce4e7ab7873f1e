"""Where the window stood last time, kept beside the settings."""

import json
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QMainWindow

FILE = "window.json"
_SMALL = 1400  # pixels: the laptops of 1366x768


def restore(window: QMainWindow, data_dir: Path) -> None:
    """Put the window where it was, if that still is on a screen. The first time, a small screen is used whole."""
    try:
        kept = json.loads((data_dir / FILE).read_text("utf-8"))
        rect = QRect(*(int(kept[key]) for key in ("x", "y", "width", "height")))
        maximised = bool(kept["maximised"])
    except (OSError, ValueError, KeyError, TypeError):
        if window.minimumWidth() <= window.screen().availableGeometry().width() <= _SMALL:
            window.setWindowState(Qt.WindowState.WindowMaximized)
        return
    screen = window.screen().availableGeometry()
    if screen.intersects(rect):
        window.setGeometry(rect.intersected(screen))
    if maximised:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def keep(window: QMainWindow, data_dir: Path) -> None:
    """Write the window's place; a disk that refuses doesn't matter here."""
    rect = window.normalGeometry()
    content = {"x": rect.x(), "y": rect.y(), "width": rect.width(), "height": rect.height()}
    try:
        if data_dir.is_dir():
            path = data_dir / FILE
            path.touch(0o600)
            path.chmod(0o600)  # an older version left it readable by others
            path.write_text(json.dumps({**content, "maximised": window.isMaximized()}), "utf-8")
    except OSError:
        return
