"""What the services of trips hand out: frozen values, safe to pass to the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.text import Text
from app.domain.trips import ABSENT, INSIDE
from app.domain.vocabulary import CaseState, EndingKind, Occasion, Place, QueueState


@dataclass(frozen=True, slots=True)
class Trip:
    """One sitting. `closed_at` is None while it takes cases; `left` are the ids of those not examined at closing."""

    id: str
    on: date
    place: Place
    fields: Mapping[str, Any]
    closed_at: datetime | None = None
    left: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Settlement, address and ward or vehicle: what is known of them."""
        parts = (self.fields.get(name) for name in ("settlement", "address", "venue"))
        return ", ".join(str(part) for part in parts if part)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the cases of a trip stand how. `states` counts by queue, `signed` is part of the examined ones."""

    states: Mapping[QueueState, int] = field(default_factory=dict)
    signed: int = 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states.get(QueueState.WAITING, 0)

    @property
    def inside(self) -> int:
        return sum(self.states.get(state, 0) for state in INSIDE)

    @property
    def unsigned(self) -> int:
        """Decided, and not signed yet."""
        return self.states.get(QueueState.EXAMINED, 0) - self.signed

    @property
    def absent(self) -> int:
        """Refused, not come, postponed."""
        return sum(self.states.get(state, 0) for state in ABSENT)


@dataclass(frozen=True, slots=True)
class TripRow:
    """One line of the list of trips."""

    trip: Trip
    tally: Tally


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in the order of a trip, or a case that is offered for it (`turn` 0). `missing` and `wrong` are steps
    of the case that aren't complete; `remarks` say what is wrong or missing there, the first things first; `ending`:
    how the case ended, where it did without a decision."""

    case_id: str
    number: str
    turn: int
    queue: QueueState
    state: CaseState
    name: str
    iin: str | None
    birth_date: date | None
    on: date | None
    occasion: Occasion | None
    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    remarks: tuple[Text, ...] = ()
    ending: EndingKind | None = None


@dataclass(frozen=True, slots=True)
class Worklist:
    """A trip with everybody in it, in their order."""

    trip: Trip
    tally: Tally
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Who has this ИИН on this desk, as the newest case says. `unsigned` tells that this case is still open: it would
    be put into the trip itself; else a new case of the same person."""

    person_id: str
    case_id: str
    number: str
    unsigned: bool
    examined_on: date | None
    fields: Mapping[str, Any]
