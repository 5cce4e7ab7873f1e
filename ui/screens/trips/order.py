"""What changes the order of a trip, from whichever screen shows it: move, mark, end, call."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.text import N_, Text
from app.domain.vocabulary import QueueState
from app.services.absences import KINDS, Absence
from app.services.desk import Desk
from ui.language import Language
from ui.screens.trips.worklist import WorklistTable
from ui.tasks import TaskRunner


class Order(QObject):
    """Bound to one table. `changed()` once something is written; `called(case_id)`, "" where nobody waits;
    `told(text)`: what became of a case."""

    changed = Signal()
    called = Signal(str)
    told = Signal(object)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, table: WorklistTable) -> None:
        super().__init__(table)
        self._desk, self._tasks, self._language, self._table = desk, tasks, language, table
        table.moved.connect(self.move)
        table.queued.connect(self.mark)

    def move(self, case_id: str, place: int) -> None:
        """To another place in the order, from 0."""
        self._write(lambda: self._desk.trips.put_at(case_id, place))

    def mark(self, case_id: str, state: QueueState) -> None:
        """How the person stands. Where the case may have to end with it, that is asked at once."""
        if state not in KINDS:
            self._write(lambda: self._desk.trips.set_queue(case_id, state))
            return

        def marked(absence: Absence | None) -> None:
            self.changed.emit()
            self._ask(absence)

        self._tasks.run(lambda: self._desk.absences.mark(case_id, state), done=marked, owner=self)

    def ask_again(self, case_id: str) -> None:
        """What becomes of a case that was left open."""
        self._tasks.run(lambda: self._desk.absences.look(case_id), done=self._ask, owner=self)

    def resume(self, case_id: str, number: str) -> None:
        """Ask why an ended case goes on; the person waits again."""
        from ui.screens.examination.case_acts import begin_resuming

        def resumed() -> None:
            self._write(lambda: self._desk.absences.come_after_all(case_id))

        begin_resuming(
            self._desk, self._tasks, self._language, case_id, number, self._table, done=resumed, keep=self._keep
        )

    def _keep(self, dialog: object) -> None:
        self.dialog = dialog

    def _ask(self, absence: Absence | None) -> None:
        if absence is None:
            return
        from ui.screens.trips.absence import END, NEW, AbsenceDialog, values_of

        dialog = AbsenceDialog(self._language, absence, self._table)
        self._keep(dialog)
        case_id, told = absence.case_id, {"name": absence.name or absence.number}

        def confirmed(values: dict[str, Any]) -> None:
            what, rest = values_of(values)
            if what == END:
                work: Callable[[], object] = lambda: self._desk.endings.end(case_id, rest, screen="trips")  # noqa: E731
            else:
                into = str(rest.get("trip") or NEW)
                fields = {"on": rest.get("day"), "settlement": absence.trip.fields.get("settlement")}
                work = lambda: self._desk.absences.move(case_id, None if into == NEW else into, fields)  # noqa: E731
            self._tasks.run(work, done=lambda _done: ended(what), failed=dialog.refuse, owner=dialog)

        def ended(what: str) -> None:
            dialog.accept()
            self.changed.emit()
            sentence = (
                N_("{name}: the case has ended. “Resume the case” takes it back, with a reason.")
                if what == END
                else N_("{name} waits in another trip now.")
            )
            self.told.emit(Text(sentence, told))

        dialog.confirmed.connect(confirmed)

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
