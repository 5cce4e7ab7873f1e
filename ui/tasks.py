"""One worker thread that owns the database. Work goes in as a closure, the answer comes back on the GUI thread."""

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from app.domain.errors import Cancelled
from app.domain.text import Text
from ui.garbage import GarbageCollection

T = TypeVar("T")


@dataclass(eq=False)
class Task:
    """One piece of work under way. `cancel()` before it starts drops it; later it drops its answer."""

    work: Callable[[], Any]
    done: Callable[[Any], object] | None = None
    failed: Callable[[BaseException], object] | None = None
    name: str = ""
    cancellable: bool = False
    owner: QObject | None = None
    cancelled: bool = False

    def cancel(self) -> None:
        """Nothing is said, and neither `done` nor `failed` is called."""
        self.cancelled = True

    def wanted(self) -> bool:
        """Whether anybody is there for the answer: not once cancelled, nor once the screen that asked is gone."""
        return not self.cancelled and (self.owner is None or shiboken6.isValid(self.owner))


Answer = tuple[Task, object, BaseException | None]


def _answer(task: Task) -> Answer:
    """Do the work, on the worker."""
    # A save is done even if the screen that asked for it has gone meanwhile.
    if task.cancelled:
        return task, None, None
    try:
        return task, task.work(), None
    except BaseException as raised:  # told on the GUI thread
        return task, None, raised


class TaskRunner(QObject):
    """Runs tasks one after another on a thread of its own.

    `running` tells the name of the task at work ("" when idle), for the status line; `failed` gets every exception
    that the task itself does not take; `Cancelled` is silent. `told` gets what long work says of itself (`tell`).
    `delivered` comes before each answer is given.
    """

    running = Signal(str, bool)  # name, can be cancelled
    failed = Signal(object)
    told = Signal(object)
    delivered = Signal()
    _finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._answers: deque[Answer] = deque()
        self._waiting: list[Task] = []  # GUI thread only: asked for and not answered, oldest first
        self._shown = ("", False)
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._garbage = GarbageCollection(self)
        self._thread = threading.Thread(target=self._loop, name="saraptama-worker", daemon=True)
        self._thread.start()

    def run(
        self,
        work: Callable[[], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        name: str = "",
        cancellable: bool = False,
        owner: QObject | None = None,
    ) -> Task:
        """Do `work` on the worker, then call `done(result)` or `failed(error)` on the GUI thread.

        `name` (translated) is shown in the status line with a bar. `owner`: once that object is deleted, nobody is
        called. Only work without effects may be `cancellable`, such as a search, a preview, a check.
        """
        task = Task(work, done, failed, name, cancellable, owner)
        if not self._closed:
            self._waiting.append(task)
            self._queue.put(task)
            self._show()
        return task

    def tell(self, step: Text) -> None:
        """For work under way, on the worker: say how far it is. `told` brings it to the GUI thread."""
        if shiboken6.isValid(self):
            self.told.emit(step)

    def cancel(self) -> None:
        """Cancel what may be cancelled: the button of the status line."""
        for task in self._waiting:
            if task.cancellable:
                task.cancel()
        self._waiting = [task for task in self._waiting if not task.cancelled]
        self._show()

    @property
    def busy(self) -> bool:
        """Whether any answer is still to come."""
        return bool(self._waiting)

    def close(self, last: Callable[[], object] | None = None) -> None:
        """Finish everything asked for, then `last` (closing the desk) on the worker, and wait for its end."""
        if self._closed:
            return
        self._closed = True
        if last is not None:
            self._queue.put(Task(last))
        self._queue.put(None)
        self._thread.join()
        self._garbage.release()

    def _loop(self) -> None:
        while (task := self._queue.get()) is not None:
            self._answers.append(_answer(task))
            # Let go before the GUI thread is told: whoever lets go last destroys the closures, and with them perhaps
            # the last reference to a widget, which must not happen here.
            del task
            if shiboken6.isValid(self):
                self._finished.emit()

    def _deliver(self) -> None:
        task, result, error = self._answers.popleft()
        if task in self._waiting:
            self._waiting.remove(task)
        self._show()
        self.delivered.emit()
        if not task.wanted() or isinstance(error, Cancelled):
            return
        if error is None:
            if task.done is not None:
                task.done(result)
        elif task.failed is not None:
            task.failed(error)
        else:
            self.failed.emit(error)

    def _show(self) -> None:
        named = next(((task.name, task.cancellable) for task in self._waiting if task.name), ("", False))
        if named != self._shown:
            self._shown = named
            self.running.emit(*named)
