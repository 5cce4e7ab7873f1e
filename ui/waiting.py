"""Waiting for something outside of the program, such as a person at NCALayer, on a thread of its own.

The worker that owns the database waits for nobody: what is typed meanwhile is saved.
"""

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Waiting(QObject):
    """One wait. `answered(result, error)` comes on the GUI thread, once, unless `stop` was called before."""

    answered = Signal(object, object)
    _came = Signal(object, object)

    def __init__(self, work: Callable[[threading.Event], object], parent: QObject) -> None:
        """`work` touches no widget, and the database for moments only; it ends soon once the event it gets is set."""
        super().__init__(parent)
        self._stop = threading.Event()
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._run, args=(work,), name="saraptama-waiting", daemon=True).start()

    def stop(self) -> None:
        """Wait no longer; nothing is told then."""
        self._stop.set()

    def _run(self, work: Callable[[threading.Event], object]) -> None:
        result, error = None, None
        try:
            result = work(self._stop)
        except Exception as raised:  # told on the GUI thread
            error = raised
        with contextlib.suppress(RuntimeError):  # whoever asked is gone
            self._came.emit(result, error)

    def _tell(self, result: object, error: object) -> None:
        if not self._stop.is_set():
            self.answered.emit(result, error)
