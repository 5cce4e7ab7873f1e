"""Exchanges with the centre while the window is used: one at a time, by hand or by themselves.

They run on a thread of their own: the worker saves what is typed meanwhile, and nobody waits for the network or a
stick. (The services of the link hold the database for moments only, never while they wait.)
"""

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.domain.errors import Cancelled, NothingToDo, Told
from app.domain.text import N_, Text
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.link_views import Exchange, LinkStatus, Progress, Report

_LOOK_EVERY_MS: Final = 30_000
_RESTS_S: Final = 5.0
"""So long nobody has touched the laptop when an exchange begins by itself."""
_PATIENCE_S: Final = 10.0

Act = Callable[["Report"], "Exchange"]


def in_short(status: "LinkStatus", *, at_work: bool) -> Text:
    """How the link stands, for the status line."""
    if status.centre is None:
        return Text(N_("not linked with a centre"))
    if at_work:
        return Text(N_("exchanging …"))
    # By the values of `Place`: importing the link's values would cost the start-up.
    count = {place.value: n for place, n in status.counts.items()}.get
    # Records, as on the page; copies of papers are told where no record goes before them.
    waiting, carried = count("waiting", 0), count("carried", 0)
    told = Text(N_("all is at the centre"))
    if waiting:
        told = Text(N_("waiting: {n}"), {"n": waiting})
    elif status.attachments_waiting:
        told = Text(N_("copies waiting: {n}"), {"n": status.attachments_waiting})
    elif carried:
        told = Text(N_("on a stick: {n}"), {"n": carried})
    elif status.attachments_carried:
        told = Text(N_("copies on a stick: {n}"), {"n": status.attachments_carried})
    return Text(N_("⚠ {said}"), {"said": told}) if status.problems else told


class Traffic(QObject):
    """Of one window; `take` and `leave` with the desk.

    `changed`: whether it is at work, how far, what waits. `ended(exchange)` and `failed(error)` of an exchange that a
    person asked for; one that began by itself ends in silence, and `changed` tells what waits then.
    """

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)
    _told = Signal(object)
    _came = Signal(object, object, object, object)

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
        self._ends = 0
        """exchanges that ended"""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._changes = 0
        """what was counted last was of so many changes"""
        tasks.delivered.connect(self._count_if_changed)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._over, Qt.ConnectionType.QueuedConnection)
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
        desk, ends = self._desk, self._ends
        if desk is not None:
            self._changes = desk.link.changes
            self._tasks.run(desk.link.status, done=lambda status: self._counted(desk, ends, status), owner=self)

    def _count_if_changed(self) -> None:
        """What somebody has just done may wait for the centre now."""
        if self._desk is not None and self._desk.link.changes != self._changes:
            self.count()

    def _counted(self, desk: "Desk", ends: int, status: "LinkStatus") -> None:
        if ends != self._ends:
            self.count()  # an exchange has ended meanwhile: this may be from before
        elif desk is self._desk:
            self.status = status
            self.changed.emit()

    # --- an exchange ------------------------------------------------------------------------------------------
    def begin(self, kind: str, act: Act, *, by_itself: bool = False) -> bool:
        """Run `act` on a thread of its own; False where an exchange is under way."""
        if self._desk is None or self.at_work:
            return False
        self.at_work, self.by_itself, self.progress = kind, by_itself, None
        self._stop = stop = threading.Event()
        given = self._desk, act, stop
        self._thread = threading.Thread(target=self._run, args=given, name="saraptama-link", daemon=True)
        self._thread.start()
        self.changed.emit()
        return True

    def stop(self) -> None:
        """End it before the next batch; what went until then counts."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether what is under way was asked to end."""
        return bool(self.at_work) and self._stop.is_set()

    def closer(self, close: Callable[[], object]) -> Callable[[], None]:
        """For the worker: close the desk once the exchange under way has ended. One that hangs in the network is not
        waited for: what it would write is refused then, and it is as after a pulled plug, of which nothing is lost."""
        thread = self._thread

        def work() -> None:
            if thread is not None:
                thread.join(_PATIENCE_S)
            close()

        return work

    def _run(self, desk: "Desk", act: Act, stop: threading.Event) -> None:
        """On the thread of the exchange."""

        def report(progress: "Progress") -> None:
            if stop.is_set():
                raise Cancelled
            with contextlib.suppress(RuntimeError):  # the window has gone
                self._told.emit(progress)

        done, error, status = None, None, None
        try:
            done = act(report)
        except Exception as raised:  # told on the GUI thread
            error = raised
        # Here, not on the worker that may be busy: the status line and the room change in the turn that tells the end.
        with contextlib.suppress(Exception):  # a desk that was closed; another one is counted on the worker
            status = desk.link.status()
        with contextlib.suppress(RuntimeError):
            self._came.emit(stop, done, error, status)

    def _on_told(self, progress: "Progress") -> None:
        if self.at_work:
            self.progress = progress
            self.changed.emit()

    def _over(
        self, stop: threading.Event, done: "Exchange | None", error: BaseException | None, status: "LinkStatus | None"
    ) -> None:
        if stop is not self._stop:
            return  # of a desk that has been closed
        asked, self.at_work, self.progress, self._thread = not self.by_itself, "", None, None
        self._ends += 1
        if self._desk is not None and status is not None:
            self.status = status
        self.changed.emit()
        if self._desk is None:
            return
        if status is None:
            self.count()
        if isinstance(error, Cancelled):
            self._refuse(asked, NothingToDo(Text(N_("It was stopped. What went until then counts; the rest waits."))))
        elif error is not None:
            self._refuse(asked, error)
        elif asked:
            self.ended.emit(done)

    def _refuse(self, asked: bool, error: BaseException) -> None:
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
        elif asked:
            self.failed.emit(error)

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
            self.begin("network", desk.link.exchange, by_itself=True)

    def _not_due(self, error: BaseException) -> None:
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
