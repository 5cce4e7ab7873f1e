"""The day on the home screen: a chip for each open trip of today and one for what earlier days have left unsigned."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.text import N_
from app.services.desk import Desk
from app.services.trip_views import TripRow, Worklist
from app.services.views import CaseRow
from ui.language import Language
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button
from ui.widgets.words import Words

LEFT: Final = "left over"


@dataclass(frozen=True, slots=True)
class Day:
    """Open trips of today, where work was left first; unsigned cases of earlier days; what of it is chosen."""

    trips: tuple[TripRow, ...] = ()
    left: tuple[CaseRow, ...] = ()
    choice: str | None = None
    worklist: Worklist | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was chosen and which trips have been shown: one that is new on this day is chosen by itself."""

    choice: str | None = None
    seen: frozenset[str] = field(default_factory=frozenset)

    def ask(self, desk: Desk) -> Day:
        """The day as it stands, on the worker."""
        trips, left = desk.trips.today(), desk.examinations.left_over()
        ids = [found.trip.id for found in trips]
        choice = self.choice if self.choice in (LEFT, *ids) else None
        if choice is None and not set(ids) <= self.seen:
            choice = ids[0]
        worklist = desk.trips.worklist(choice) if choice in ids and choice is not None else None
        return Day(trips, left, choice, worklist)


class TodayChips(QWidget):
    """At most one chip is down. `changed` when another choice was made."""

    changed = Signal()

    def __init__(self, language: Language, layout: FlowLayout) -> None:
        """The chips go into `layout`, in front of what else stands there later."""
        super().__init__()
        self.hide()
        self._words = Words(language, self)
        self._layout = layout
        self._seen: frozenset[str] = frozenset()
        self.day = Day()
        self.trips: dict[str, QPushButton] = {}
        self.left = button("chip", "hourglass", checkable=True)
        self.left.clicked.connect(lambda on: self._choose(LEFT, on))
        self.left.hide()
        layout.addWidget(self.left)

    def question(self) -> Question:
        """What to ask the worker."""
        return Question(self.day.choice, self._seen)

    def trip(self) -> TripRow | None:
        """The trip of today that is chosen, else the one in which work was left; None without any."""
        chosen = [found for found in self.day.trips if found.trip.id == self.day.choice]
        return next(iter(chosen or self.day.trips), None)

    def show_day(self, day: Day) -> None:
        """The day as it stands."""
        self.day = day
        self._seen |= {found.trip.id for found in day.trips}
        for trip_id in [known for known in self.trips if known not in {found.trip.id for found in day.trips}]:
            gone = self.trips.pop(trip_id)
            self._layout.removeWidget(gone)
            gone.deleteLater()
        for found in day.trips:
            chip = self.trips.get(found.trip.id) or self._make(found.trip.id)
            where = found.trip.fields.get("settlement") or found.trip.place
            self._words(chip, "text", N_("Today: {where}  {n}"), where=where, n=found.tally.total)
            self._words(chip, "toolTip", N_("Only the people of this trip, in their order"))
            chip.setChecked(found.trip.id == day.choice)
        self.left.setVisible(bool(day.left))
        self.left.setChecked(day.choice == LEFT)
        self._words(self.left, "text", N_("Unsigned from earlier days  {n}"), n=len(day.left))
        self._words(self.left, "toolTip", N_("Only cases whose day of examination is over and which are not signed"))

    def _make(self, trip_id: str) -> QPushButton:
        chip = self.trips[trip_id] = button("chip", "route", checkable=True)
        chip.clicked.connect(lambda on: self._choose(trip_id, on))
        self._layout.insertWidget(len(self.trips) - 1, chip)
        return chip

    def _choose(self, choice: str, on: bool) -> None:
        self.day = Day(self.day.trips, self.day.left, choice if on else None)
        for trip_id, chip in self.trips.items():
            chip.setChecked(on and trip_id == choice)
        self.left.setChecked(on and choice == LEFT)
        self.changed.emit()
