"""Somebody in a trip who refuses or hasn't come: what can be done with the case now, and moving it to another trip."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from app.domain.case_file import get
from app.domain.purposes import is_decided_on
from app.domain.vocabulary import CaseState, EndingKind, QueueState, Role
from app.services.conclusions import ConclusionService
from app.services.examinations import ExaminationService
from app.services.grounds import Ground, shown_ground
from app.services.trip_views import Trip
from app.services.trips import TripService
from app.services.workplace import Workplace

KINDS: Final[Mapping[QueueState, EndingKind]] = MappingProxyType(
    {QueueState.REFUSED: EndingKind.REFUSED, QueueState.NOT_COME: EndingKind.NOT_COME}
)
"""The queue states after which a case may have to end, and how."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A draft of a trip whose person refuses or hasn't come. `served`: nothing has to be decided in it; `shown`: the
    ground for a refusal that the case itself shows; `head`: of the commission; `others`: open trips it could go to."""

    case_id: str
    number: str
    name: str
    queue: QueueState
    served: bool
    shown: Ground | None
    head: str | None
    trip: Trip
    others: tuple[Trip, ...]
    today: date


class AbsenceService:
    """Ending itself is done by `EndingService`."""

    def __init__(
        self, place: Workplace, trips: TripService, examinations: ExaminationService, conclusions: ConclusionService
    ) -> None:
        self._place = place
        self._trips = trips
        self._examinations = examinations
        self._conclusions = conclusions

    def mark(self, case_id: str, state: QueueState) -> Absence | None:
        """`TripService.set_queue`; where the case may have to end now, what has to be known for that."""
        self._trips.set_queue(case_id, state)
        return self.look(case_id)

    def look(self, case_id: str) -> Absence | None:
        """None for a case that is no draft, corrects another one, or is in no trip or another state of its queue."""
        view = self._examinations.open(case_id)
        if view.state is not CaseState.DRAFT or view.supersedes is not None or view.trip_id is None:
            return None
        if view.queue is None or view.queue not in KINDS:
            return None
        proposal = self._conclusions.draft(view.document, view.unfinished).proposal
        obstacles = {found.code for found in proposal.conflicts if found.kind == "obstacle"} if proposal else set()
        trip = self._trips.trip(view.trip_id)
        members = get(view.document, "examination.commission") or trip.fields.get("commission") or ()
        named = (get(view.document, f"person.{part}") for part in ("surname", "given_name", "patronymic"))
        return Absence(
            case_id=case_id,
            number=view.number,
            name=" ".join(str(part) for part in named if part),
            queue=QueueState(view.queue),
            served=not is_decided_on(view.document),
            shown=shown_ground(view.document, obstacles),
            head=next((member.get("name") for member in members if member.get("role") == Role.HEAD), None),
            trip=trip,
            today=self._place.clock.today(),
            others=tuple(row.trip for row in self._trips.rows() if row.trip.is_open and row.trip.id != trip.id),
        )

    def move(self, case_id: str, trip_id: str | None, fields: Mapping[str, Any]) -> Trip:
        """To the end of another trip, which is made of `fields` where `trip_id` is None; the person waits there.

        UserError for a wrong field or a closed trip; nothing is made then.
        """
        with self._place.begin() as work:
            if trip_id is None:
                trip = self._trips.begin(work, fields)
            else:
                trip = self._trips.find_open(work.connection, trip_id)
            if self._trips.admit(work, trip, case_id):
                work.commit()
        return trip

    def come_after_all(self, case_id: str) -> None:
        """Whose case was resumed waits again in the trip."""
        if self._examinations.open(case_id).queue in KINDS:
            self._trips.set_queue(case_id, QueueState.WAITING)
