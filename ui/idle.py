"""Notices that nobody has touched the laptop for a while."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QInputEvent, QInputMethodEvent, QWindow

_LOOK_EVERY_MS = 5000


class IdleWatch(QObject):
    """Emits `idle` once after `minutes` without a key, a click or a move in any window of ours; 0 never.

    The wall clock is read too, because the monotonic one stands still while some laptops sleep.
    """

    idle = Signal()

    def __init__(
        self,
        parent: QObject,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._clocks = (monotonic, wall)
        self._touched = self._now()
        self._limit = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # Windows see each touch once; a filter on the application would see every event of every widget.
            application.focusWindowChanged.connect(self._follow)
            self._follow(QGuiApplication.focusWindow())

    def start(self, minutes: int) -> None:
        """Watch from now on with this limit."""
        self._limit = minutes * 60.0
        self.touch()
        if minutes > 0:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Nobody is signed in."""
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self._now()

    def is_resting(self, seconds: float) -> bool:
        """Whether nobody has touched the laptop for so long."""
        return self._now()[0] - self._touched[0] > seconds

    def look(self) -> None:
        """Compare the clocks now."""
        if any(now - then >= self._limit for now, then in zip(self._now(), self._touched, strict=True)):
            self._timer.stop()
            self.idle.emit()

    def _now(self) -> tuple[float, float]:
        monotonic, wall = self._clocks
        return monotonic(), wall()

    def _follow(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputEvent | QInputMethodEvent):
            self.touch()
        return super().eventFilter(watched, event)
