"""What changes the order of a trip, from whichever screen shows it: move, mark, call."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.domain.vocabulary import QueueState
from app.services.desk import Desk
from ui.screens.trips.worklist import WorklistTable
from ui.tasks import TaskRunner


class Order(QObject):
    """Bound to one table. `changed()` once something is written; `called(case_id)`, "" where nobody waits."""

    changed = Signal()
    called = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, table: WorklistTable) -> None:
        super().__init__(table)
        self._desk, self._tasks = desk, tasks
        table.moved.connect(self.move)
        table.queued.connect(self.mark)

    def move(self, case_id: str, place: int) -> None:
        """To another place in the order, from 0."""
        self._write(lambda: self._desk.trips.put_at(case_id, place))

    def mark(self, case_id: str, state: QueueState) -> None:
        """How the person stands."""
        self._write(lambda: self._desk.trips.set_queue(case_id, state))

    def take_out(self, case_id: str) -> None:
        """Out of the trip."""
        self._write(lambda: self._desk.trips.take_out(case_id))

    def move_to(self, trip_id: str, case_id: str) -> None:
        """To the end of another trip."""
        self._write(lambda: self._desk.trips.add(trip_id, [case_id]))

    def call_next(self, trip_id: str) -> None:
        """The next person who waits."""
        self._tasks.run(
            lambda: self._desk.trips.call_next(trip_id), done=lambda found: self.called.emit(found or ""), owner=self
        )

    def _write(self, work: Callable[[], None]) -> None:
        self._tasks.run(work, done=lambda _none: self.changed.emit(), owner=self)
