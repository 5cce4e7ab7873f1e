"""Exchanges with the centre while the window is used: one at a time, on the worker, by hand or by themselves.

Between two batches the worker does what was asked for meanwhile, so that nobody who types waits for the network.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.domain.errors import Cancelled, KnownError, Told
from app.domain.text import N_, Text
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.link_views import Exchange, LinkStatus, Progress, Report

_LOOK_EVERY_MS: Final = 30_000
_RESTS_S: Final = 5.0
"""So long nobody has touched the laptop when an exchange begins by itself."""

Act = Callable[["Report"], "Exchange"]


def in_short(status: "LinkStatus", *, at_work: bool) -> Text:
    """How the link stands, for the status line."""
    if status.centre is None:
        return Text(N_("offline"))
    if at_work:
        return Text(N_("exchanging …"))
    # By the values of `Place`: importing the link's values would cost the start-up.
    count = {place.value: n for place, n in status.counts.items()}.get
    waiting, carried = count("waiting", 0) + status.attachments_waiting, count("carried", 0)
    told = Text(N_("all is at the centre"))
    if waiting:
        told = Text(N_("waiting: {n}"), {"n": waiting})
    elif carried:
        told = Text(N_("on a stick: {n}"), {"n": carried})
    return Text(N_("⚠ {said}"), {"said": told}) if status.problems else told


class Traffic(QObject):
    """Of one window; `take` and `leave` with the desk.

    `changed`: whether it is at work, how far, what waits. `ended(exchange)` and `failed(sentence)` of an exchange that
    a person asked for; one that began by itself ends in silence, and `changed` tells what waits then.
    """

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)
    _told = Signal(object)

    def __init__(
        self, tasks: TaskRunner, may_begin: Callable[[], bool], is_resting: Callable[[float], bool], parent: QObject
    ) -> None:
        """`may_begin`: whether an exchange may begin by itself now (somebody is signed in, nothing is locked)."""
        super().__init__(parent)
        self._tasks, self._may_begin, self._is_resting = tasks, may_begin, is_resting
        self._desk: Desk | None = None
        self.status: LinkStatus | None = None
        self.progress: Progress | None = None
        self.at_work = ""
        """`network`, `stick-out`, `stick-in`, or empty"""
        self.by_itself = False
        self._stop = threading.Event()
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def take(self, desk: "Desk") -> None:
        """Somebody has signed in."""
        self._desk = desk
        self._timer.start()
        self.count()

    def leave(self) -> None:
        """Nobody is signed in any more: what is under way ends before the next batch."""
        self._timer.stop()
        self.stop()
        self._desk = self.status = None
        self.changed.emit()

    def count(self) -> None:
        """Ask anew what waits."""
        desk = self._desk
        if desk is not None:
            self._tasks.run(desk.link.status, done=lambda status: self._counted(desk, status), owner=self)

    def _counted(self, desk: "Desk", status: "LinkStatus") -> None:
        if desk is self._desk:
            self.status = status
            self.changed.emit()

    # --- an exchange ------------------------------------------------------------------------------------------
    def begin(self, kind: str, name: str, act: Act, *, by_itself: bool = False) -> bool:
        """Run `act`; `name` (translated) stands in the status line. False where one is under way."""
        if self._desk is None or self.at_work:
            return False
        self.at_work, self.by_itself, self.progress = kind, by_itself, None
        self._stop = stop = threading.Event()
        self._tasks.run(
            lambda: self._run(act, stop), done=self._ended, failed=self._failed, name="" if by_itself else name,
            owner=self,
        )  # fmt: skip
        self.changed.emit()
        return True

    def stop(self) -> None:
        """End it before the next batch; what went until then counts."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        return bool(self.at_work) and self._stop.is_set()

    def _run(self, act: Act, stop: threading.Event) -> "Exchange | None":
        """On the worker."""

        def report(progress: "Progress") -> None:
            if shiboken6.isValid(self):
                self._told.emit(progress)
            if stop.is_set() or not self._tasks.breathe() or stop.is_set():
                raise Cancelled

        try:
            return act(report)
        except Cancelled:
            return None

    def _on_told(self, progress: "Progress") -> None:
        if self.at_work:
            self.progress = progress
            self.changed.emit()

    def _ended(self, exchange: "Exchange | None") -> None:
        asked = self._over()
        if asked:
            if exchange is None:
                self.failed.emit(Text(N_("It was stopped. What went until then counts; the rest waits.")))
            else:
                self.ended.emit(exchange)

    def _failed(self, error: BaseException) -> None:
        asked = self._over()
        if isinstance(error, OSError):  # a stick that was pulled out while it was written or read
            sentence = N_("The stick can't be written or read: {reason}. Put it in again, or take another one.")
            error = KnownError(Text(sentence, {"reason": error.strerror or type(error).__name__}))
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
        elif asked:
            self.failed.emit(error.text)

    def _over(self) -> bool:
        """Whether a person had asked for it."""
        asked, self.at_work, self.progress = not self.by_itself, "", None
        self.changed.emit()
        self.count()
        return asked

    # --- by itself --------------------------------------------------------------------------------------------
    def look(self) -> None:
        """Count anew, and begin an exchange where one is due, nobody is typing and the window isn't locked."""
        desk = self._desk
        if desk is None:
            return
        if self.at_work:
            if self.by_itself and not self._may_begin():
                self.stop()
            return
        if not self._may_begin() or desk.is_training or self._tasks.busy:
            return
        self.count()
        if self._is_resting(_RESTS_S):
            self._tasks.run(lambda: self._is_due(desk), done=self._begin_if, failed=self._not_due, owner=self)

    def _is_due(self, desk: Any) -> bool:
        """On the worker."""
        return bool(desk.link.is_due())

    def _begin_if(self, due: bool) -> None:
        desk = self._desk
        if due and desk is not None and self._may_begin():
            self.begin("network", "", desk.link.exchange, by_itself=True)

    def _not_due(self, error: BaseException) -> None:
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
