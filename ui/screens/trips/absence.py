"""Somebody refuses or hasn't come: at once, in the same place, the case is ended, moved, or left open."""

from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from app.domain.text import N_, Text
from app.domain.trips import checks
from app.services.absences import KINDS, Absence
from ui.language import Language
from ui.screens.examination.act_dialogs import ENDING_SHOWS, ending_fields
from ui.screens.examination.style import RULES
from ui.screens.trips.dialogs import trip_line
from ui.widgets.choice import ComboField
from ui.widgets.date_field import DateField
from ui.widgets.fields_dialog import FieldsDialog
from ui.widgets.options import ChoiceField, Option

END, MOVE, NEW = "end", "move", "new"
_ACTS: Final = {END: N_("End the case"), MOVE: N_("Move")}


class AbsenceDialog(FieldsDialog):
    """`confirmed(values)`: `what` is `END` with the ending, or `MOVE` with `trip` (an id, or `NEW` with `day`).

    Closing it leaves the case open, with its mark in the queue."""

    def __init__(self, language: Language, absence: Absence, parent: QWidget) -> None:
        t, today = language.t, absence.today
        ways = [
            Option(END, N_("End the case without a decision"), "1"),
            Option(MOVE, N_("Move it to another trip, where the person waits"), "2"),
        ]
        into = [*(Option(trip.id, Text(trip_line(t, trip))) for trip in absence.others), Option(NEW, N_("A new trip"))]
        fields = [
            ChoiceField("what", N_("What becomes of the case"), ways, vertical=True),
            ComboField("trip", N_("Into which trip"), into),
            DateField("day", N_("Day of the new trip"), today=lambda: today, check=checks("on")),
            *ending_fields(served=absence.served, shown=absence.shown, today=lambda: today),
        ]
        about = Text(
            N_("{name}, case {number}: {state}. The mark in the queue is kept; what becomes of the case is said here."),
            {"name": absence.name or Text(N_("name not entered")), "number": absence.number, "state": absence.queue},
        )
        super().__init__(language, N_("Not examined today"), about, fields, _ACTS[END], parent,
                         stay=N_("Leave the case open"))  # fmt: skip
        self.setStyleSheet(RULES)
        ending = [field.path.rpartition(".")[2] for field in fields[3:]]
        self.shows = {
            "trip": lambda values: values.get("what") == MOVE,
            "day": lambda values: values.get("what") == MOVE and values.get("trip") == NEW,
        }
        for key in ending:
            self.shows[key] = partial(_asks, key)
        self.ask(
            {
                "what": END,
                "trip": absence.others[0].id if absence.others else NEW,
                "kind": KINDS[absence.queue].value,
                "ground": absence.shown.id if absence.shown is not None else None,
                "on": today.isoformat(),
                "head": absence.head,
            }
        )

    def _take(self, path: str, value: object) -> None:
        super()._take(path, value)
        if path == "what":
            self._words(self.act_button, "text", _ACTS[str(value or END)])


def _asks(key: str, values: dict[str, Any]) -> bool:
    shows = ENDING_SHOWS.get(key)
    return values.get("what") == END and (shows is None or shows(values))


def values_of(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What is to become of the case, and the answers that belong to it."""
    rest = dict(values)
    return str(rest.pop("what", None) or END), rest
