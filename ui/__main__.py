"""The door to the window. Nothing heavy is imported before the sign-in can be used; then the worker warms it up."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app import bootstrap
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.i18n import Translator

if TYPE_CHECKING:
    from app.services.access import Access
    from ui.main_window import MainWindow

_STARTED = time.perf_counter()
_WARM_UP_AFTER_MS = 300


def has_display(environment: dict[str, str] | None = None, platform: str = sys.platform) -> bool:
    """Whether Qt would find a screen: asked beforehand, because Qt aborts the process where there is none."""
    env = os.environ if environment is None else environment
    if not platform.startswith(("linux", "freebsd")) or env.get("QT_QPA_PLATFORM"):
        return True
    if env.get("WAYLAND_DISPLAY"):
        return True
    return bool(env.get("DISPLAY")) and _answers(env["DISPLAY"])


def _answers(display: str) -> bool:
    """Whether an X server listens where a local DISPLAY points to; a remote one is believed."""
    import socket

    host, _, rest = display.rpartition(":")
    if host not in ("", "unix"):
        return True
    path = f"/tmp/.X11-unix/X{rest.split('.')[0]}"  # noqa: S108 - where X servers listen
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(address) == 0:
                return True
    return False


def start(data_dir: Path, language: str | None = None, access: "Access | None" = None) -> "MainWindow":
    """Make the window for a data directory and show it; a QApplication is made if there is none yet.

    `access` replaces the usual door (tests hand in one whose key derivation is cheap).
    """
    from PySide6.QtWidgets import QApplication

    from ui.language import Language
    from ui.main_window import MainWindow
    from ui.tasks import TaskRunner
    from ui.theme import Appearance

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["saraptama"])
    app.setApplicationName("saraptama")
    access = access or bootstrap.access(data_dir)
    kept = access.preferences()
    spoken = Language(language or kept.language)
    look = Appearance(app, kept.theme, kept.text_scale)
    tasks = TaskRunner()
    window = MainWindow(access, spoken, look, tasks)
    for part in (spoken, look, tasks):
        part.setParent(window)
    window.begin()
    window.show()
    return window


def run(args: argparse.Namespace, _t: Translator) -> int:
    """Show the window until it is closed. KnownError where there is no screen. `args.data` is the data directory."""
    if not has_display():
        raise KnownError(
            Text(N_("No screen was found, so the window can't open. Commands work without one: saraptama --help"))
        )
    from PySide6.QtWidgets import QApplication

    from ui.errors import watch

    window = start(args.data, getattr(args, "lang", None))
    if getattr(args, "training", False):
        window.training.start()
    window.failures.install()
    crash, stop = watch(args.data)
    if crash:
        window.failures.take_crash(crash)
    _after_first_paint(window)
    # What is saved is safe at any moment, so Ctrl+C in a terminal may simply end the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = QApplication.exec()
    stop()
    return window.stopped.exit_code if window.stopped else code


def _after_first_paint(window: "MainWindow") -> None:
    """Once the screen has been painted: measure (for `dev.py bench`), or warm up what the sign-in will need."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtGui import QPaintEvent

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                watched.removeEventFilter(self)
                QTimer.singleShot(0, window, self.ready)
            return False

        def ready(self) -> None:
            if os.environ.get("SARAPTAMA_BENCH_EXIT") == "1":
                print(f"{_since_start():.4f} s {_memory():.1f} MB", flush=True)
                window.close()
                return
            # First the person's keys: importing takes turns with the window.
            QTimer.singleShot(_WARM_UP_AFTER_MS, window, self.warm_up)

        def warm_up(self) -> None:
            from app.services import setup

            window.tasks.run(setup.warm_up, failed=lambda _: None)

    watcher = Painted(window)
    window.screens.installEventFilter(watcher)


def _since_start() -> float:
    """Seconds since the process began (Linux, to 10 ms), else since this module was imported."""
    try:
        born = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return float(Path("/proc/uptime").read_text().split()[0]) - born
    except (OSError, ValueError, AttributeError):
        return time.perf_counter() - _STARTED


def _memory() -> float:
    """Resident memory in MB; 0 where the system doesn't tell this way."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except (OSError, ValueError, AttributeError):
        return 0.0


if __name__ == "__main__":
    from app import paths
    from app.i18n import translator

    spoken = translator("kk")
    try:
        sys.exit(run(argparse.Namespace(data=paths.default_data_dir(), lang=None), spoken))
    except KnownError as known:
        print(spoken.show(known.text), file=sys.stderr)
        sys.exit(known.exit_code)
