"""A trip made of who is due again: looked at first, then made in one transaction with everybody in its order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, EndingKind
from app.services.registration import UNSIGNED, RegistrationService
from app.services.trip_views import Trip
from app.services.trips import TripService
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord
    from app.storage.database import Connection

MOST: Final = 100
"""So many people are put into a trip at once: five days of work."""


class Way(Enum):
    """What becomes of somebody who is to come into a trip."""

    ANEW = "anew"
    """a new case, as a repeat examination"""
    OPEN = "open"
    """the person's case that is open already comes into the trip"""
    BUSY = "busy"
    """left out: the open case is in another open trip, or in this one"""
    DOUBLE = "double"
    """left out: somebody with the same ИИН comes, or is in the trip (two records of one person)"""
    DEAD = "dead"
    """left out: a case of the person ended with the death"""
    GONE = "gone"
    """left out: the case in force isn't on this desk any more, or isn't signed"""


COMING: Final = (Way.ANEW, Way.OPEN)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might come into a trip. `case_id`: the case that would be taken, or the one in force, of which a
    new one is made; `trip`: in which the person is already."""

    case_id: str
    name: str
    way: Way
    trip: Trip | None = None
    iin: str | None = None


@dataclass(frozen=True, slots=True)
class MadeTrip:
    """The trip, how many people came into it, and who was left out."""

    trip: Trip
    taken: int
    left_out: tuple[Candidate, ...]


class TripPlanning:
    """Reads cases and trips; writes through the service of trips and the registration."""

    def __init__(self, place: Workplace, trips: TripService, registration: RegistrationService) -> None:
        self._place = place
        self._trips = trips
        self._registration = registration

    def look(self, case_ids: Sequence[str]) -> tuple[Candidate, ...]:
        """What would become of whom, by the cases in force and in their order; everybody once."""
        with self._place.database.reading() as connection:
            return self._look(connection, case_ids)

    def make(
        self, case_ids: Sequence[str], fields: Mapping[str, Any], *, trip_id: str | None = None, plan: str | None = None
    ) -> MadeTrip:
        """A new trip with these `fields` (or the open one with `trip_id`), and everybody who can come at its end, in
        this order. The `plan` of whom it was made is taken away with it.

        UserError: nobody is chosen or can come, too many at once, a wrong field, a closed trip. Nothing is made then.
        """
        from app.services.due import PLAN
        from app.storage import entries, trips

        if len(case_ids) > MOST:
            sentence = N_("{n} people are too many for one trip: at most {most}. Choose a village or single people.")
            raise UserError(Text(sentence, {"n": len(case_ids), "most": MOST}))
        with self._place.begin() as work:
            found = self._look(work.connection, case_ids)
            trip = self._trips.find_open(work.connection, trip_id) if trip_id is not None else None
            if trip is not None:
                there = {placed.iin for placed in trips.of_trip(work.connection, trip.id)}
                found = tuple(_without_doubles(found, there))
            coming = [one for one in found if one.way in COMING]
            if not coming:
                sentence = N_("None of these people can come into the trip: they are in an open trip already, or died.")
                raise UserError(Text(sentence if found else N_("Nobody is chosen. Choose people in the list.")))
            if trip is None:
                trip = self._trips.begin(work, fields)
            for one in coming:
                self._registration.admit_known(work, trip, one.case_id)
            if plan is not None:
                entries.put(work, PLAN, plan, None, screen="journals")
            work.commit()
        return MadeTrip(trip, len(coming), tuple(one for one in found if one not in coming))

    def _look(self, connection: "Connection", case_ids: Sequence[str]) -> tuple[Candidate, ...]:
        from app.storage import cases

        found: dict[str, Candidate] = {}
        for case_id in case_ids:
            record = cases.find(connection, case_id)
            if record is None:
                found[case_id] = Candidate(case_id, "", Way.GONE)
            elif record.person_id not in found:
                found[record.person_id] = self._candidate(connection, record)
        return tuple(_without_doubles(found.values(), set()))

    def _candidate(self, connection: "Connection", in_force: "CaseRecord") -> Candidate:
        from app.storage import cases

        name, iin = _name(in_force), get(in_force.document, "person.iin")
        theirs = [cases.find(connection, case_id) for case_id in cases.of_person(connection, in_force.person_id)]
        known = [record for record in theirs if record is not None]
        if any(get(record.document, "dossier.ending.kind") == EndingKind.DIED for record in known
               if record.state is CaseState.ENDED):  # fmt: skip
            return Candidate(in_force.id, name, Way.DEAD)
        # A correction of a signed case is no examination: it comes into no trip by itself.
        opened = next((one for one in known if one.state in UNSIGNED and one.supersedes is None), None)
        if opened is None:
            signed = next((one for one in known if one.state is CaseState.SIGNED), None)
            return Candidate(signed.id, name, Way.ANEW, iin=iin) if signed else Candidate(in_force.id, name, Way.GONE)
        trip = self._trips.find(connection, opened.trip_id) if opened.trip_id is not None else None
        if trip is not None and trip.is_open:
            return Candidate(opened.id, name, Way.BUSY, trip)
        return Candidate(opened.id, name, Way.OPEN, iin=iin)


def _without_doubles(found: Iterable[Candidate], there: set[str | None]) -> Iterator[Candidate]:
    """The same, with nobody coming whose ИИН is there."""
    known = there - {None}
    for one in found:
        double = one.way in COMING and one.iin in known
        if one.way in COMING and one.iin is not None:
            known.add(one.iin)
        yield replace(one, way=Way.DOUBLE) if double else one


def _name(record: "CaseRecord") -> str:
    parts = (get(record.document, f"person.{part}") for part in ("surname", "given_name", "patronymic"))
    return " ".join(str(part) for part in parts if part) or record.number
