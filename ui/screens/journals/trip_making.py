"""From people who are due to a trip: look who can come, ask, make it, say what was made."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from app.services.desk import Desk
from app.services.due import Plan
from app.services.trip_planning import Candidate, MadeTrip
from app.services.trip_views import Trip
from ui.language import Language
from ui.screens.journals.trip_dialog import NEW, TripDialog, made_sentence
from ui.tasks import TaskRunner
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words


class TripMaking(QWidget):
    """A line that says which trip was made, with the way there. `made()`; `wanted(trip_id)`: go to it."""

    made = Signal()
    wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, words: Words) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self.done: MadeTrip | None = None
        self.said = label(wrap=True)
        self.open_button = button("", "arrow-right")
        words(self.open_button, "text", N_("Open the trip"))
        self.open_button.clicked.connect(self._open)
        line = row(self, gap=12)
        line.addWidget(self.said, 1)
        line.addWidget(self.open_button)
        language.changed.connect(self.retranslate)
        self.hide()

    def begin(self, of: Callable[[], list[str]], *, on: date, village: str, plan: Plan | None = None) -> None:
        """`of` gives the cases in force of whom a trip is wanted, on the worker; `on` and `village` are offered."""
        planning, trips = self._desk.trip_planning, self._desk.trips

        def look() -> tuple[list[str], tuple[Candidate, ...], list[Trip]]:
            case_ids = of()
            return case_ids, planning.look(case_ids), [found.trip for found in trips.rows() if found.trip.is_open]

        self.forget()
        self._tasks.run(look, done=lambda found: self._ask(*found, on, village, plan), owner=self)

    def forget(self) -> None:
        """Say nothing any more of what was made."""
        self.done = None
        self.hide()

    def retranslate(self) -> None:
        """What was made, in the present language."""
        if self.done is not None:
            self.said.setText(made_sentence(self._language.t, self.done))

    def _ask(
        self, case_ids: list[str], found: tuple[Candidate, ...], trips: list[Trip], on: date, village: str,
        plan: Plan | None,
    ) -> None:  # fmt: skip
        today = self._desk.due.today()
        dialog = TripDialog(
            self._language, found, trips, on=max(on, today), village=village, today=today, parent=self.window()
        )

        def make(values: dict[str, Any]) -> None:
            into = values.pop("trip", None) or NEW
            trip_id = None if into == NEW else str(into)
            dropped = plan.id if plan is not None else None
            self._tasks.run(
                lambda: self._desk.trip_planning.make(case_ids, values, trip_id=trip_id, plan=dropped),
                done=made,
                failed=dialog.refuse,
                owner=dialog,
            )

        def made(done: MadeTrip) -> None:
            dialog.accept()
            self.made.emit()
            self.done = done
            self.retranslate()
            self.show()
            self.open_button.setFocus()

        dialog.confirmed.connect(make)

    def _open(self) -> None:
        if self.done is not None:
            self.wanted.emit(self.done.trip.id)
