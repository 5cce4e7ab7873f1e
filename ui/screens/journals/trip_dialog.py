"""The question before a trip is made of who is due: who comes and who can't, on which day, or into which trip."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtWidgets import QBoxLayout, QWidget

from app.domain.text import N_, Text
from app.domain.trips import checks
from app.domain.vocabulary import LABELS, Place
from app.i18n import Translator
from app.services.trip_planning import COMING, Candidate, MadeTrip, Way
from app.services.trip_views import Trip
from ui.language import Language
from ui.screens.trips.dialogs import trip_line
from ui.widgets.choice import ComboField
from ui.widgets.date_field import DateField
from ui.widgets.fields_dialog import FieldsDialog
from ui.widgets.options import Option
from ui.widgets.parts import label
from ui.widgets.text_field import TextField

NEW: Final = "new"
_NAMED: Final = 12  # so many people by name, the rest as a number
_WHY: Final = {
    Way.BUSY: N_("{name} is in the trip: {trip}"),
    Way.DOUBLE: N_("{name}: somebody with the same ИИН is in the trip"),
    Way.DEAD: N_("{name} has died"),
    Way.GONE: N_("the decision of {name} is not in force any more"),
}


class TripDialog(FieldsDialog):
    """`confirmed(values)`: `trip` is the id of an open one, or `NEW` with `on`, `settlement`, `place`."""

    def __init__(
        self,
        language: Language,
        found: Sequence[Candidate],
        trips: Sequence[Trip],
        *,
        on: date,
        village: str,
        today: date,
        parent: QWidget,
    ) -> None:
        self._found = found
        t = language.t
        into = [Option(NEW, N_("A new trip")), *(Option(trip.id, Text(trip_line(t, trip))) for trip in trips)]
        kinds = [Option(place.value, LABELS[place]) for place in Place]
        fields = [
            ComboField("trip", N_("Into which trip"), into),
            DateField("on", N_("Day"), today=lambda: today, check=checks("on")),
            TextField("settlement", N_("Town or village"), check=checks("settlement")),
            ComboField("place", N_("Place and form"), kinds, check=checks("place")),
        ]
        coming = [one for one in found if one.way in COMING]
        opened = sum(one.way is Way.OPEN for one in found)
        about = Text(
            N_("Into the trip come {n}: {anew} with a new case, as a repeat examination, and {opened} with the case"
               " that is open already. The order is that of the list."),
            {"n": len(coming), "anew": len(coming) - opened, "opened": opened},
        )  # fmt: skip
        super().__init__(language, N_("Make a trip"), about, fields, N_("Make the trip"), parent,
                         stay=N_("Don't make it"))  # fmt: skip
        self._coming = coming
        self.who, self.left = label(wrap=True), label("hint", wrap=True)
        layout = self.layout()
        assert isinstance(layout, QBoxLayout)  # noqa: S101 - as the base makes it
        layout.insertWidget(2, self.who)
        layout.insertWidget(3, self.left)
        for key in ("on", "settlement", "place"):
            self.shows[key] = lambda values: values.get("trip", NEW) == NEW
        self._tell()
        self.act_button.setEnabled(bool(coming))
        self.ask({"trip": NEW, "on": on.isoformat(), "settlement": village or None,
                  "place": Place.VISITING_SESSION.value})  # fmt: skip

    def retranslate(self) -> None:
        super().retranslate()
        self._tell()

    def _tell(self) -> None:
        t = self._language.t
        names = [one.name for one in self._coming[:_NAMED]]
        more = len(self._coming) - len(names)
        told = "; ".join(names)
        self.who.setText(told if not more else t("{names} and {n} more", names=told, n=more))
        self.who.setVisible(bool(names))
        self.left.setText(left_out(t, [one for one in self._found if one not in self._coming]))
        self.left.setVisible(bool(self.left.text()))


def left_out(t: Translator, found: Sequence[Candidate]) -> str:
    """Who doesn't come into the trip, and why; empty where everybody does."""
    why = [
        t(_WHY[one.way], name=one.name or "–", trip=trip_line(t, one.trip) if one.trip is not None else "–")
        for one in found[:_NAMED]
    ]
    if len(found) > _NAMED:
        why.append(t("and {n} more", n=len(found) - _NAMED))
    return t("Left out: {who}.", who="; ".join(why)) if why else ""


def made_sentence(t: Translator, made: MadeTrip) -> str:
    """What was made, and who was left out."""
    n, trip = made.taken, trip_line(t, made.trip)
    told = t.plural("{n} person is in the trip now: {trip}.", "{n} people are in the trip now: {trip}.", n, trip=trip)
    return " ".join(part for part in (told, left_out(t, made.left_out)) if part)
