"""Trips and the order of the day: who comes when, who is in, what is left (adr/0022)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.domain import case_file
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.trips import KEPT, KIND, NEEDED, TAKEN, check_field, standing
from app.domain.vocabulary import CaseState, Place, QueueState
from app.services.examinations import ExaminationService
from app.services.open_work import OpenWork
from app.services.trip_records import not_examined, take, taken, tally_of, trip_of, turn_of
from app.services.trip_views import Trip, TripRow, Worklist
from app.services.views import CaseView
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.database import Connection
    from app.storage.unit_of_work import UnitOfWork


class TripService:
    """Where a case is in the order of work is no part of what is signed: it may change in any state of the case."""

    def __init__(self, place: Workplace, examinations: ExaminationService, open_work: OpenWork) -> None:
        self._place = place
        self._examinations = examinations
        self._open_work = open_work

    # --- what there is -----------------------------------------------------------------------------------------
    def rows(self) -> tuple[TripRow, ...]:
        """All trips, the latest day first; of one day the last made first."""
        return tuple(row for row, _ in self._rows())

    def today(self) -> tuple[TripRow, ...]:
        """The open trips of today, the one in which work was left first."""
        today = self._place.clock.today()
        found = [entry for entry in self._rows() if entry[0].trip.is_open and entry[0].trip.on == today]
        found.sort(key=lambda entry: (entry[0].tally.inside > 0, entry[1]), reverse=True)
        return tuple(row for row, _ in found)

    def trip(self, trip_id: str) -> Trip:
        """UserError where there is no such trip."""
        with self._place.database.reading() as connection:
            return self.find(connection, trip_id)

    def worklist(self, trip_id: str) -> Worklist:
        """Everybody in the trip with what is missing in each unsigned case. For the worker."""
        from app.storage import trips

        with self._place.database.reading() as connection:
            trip = self.find(connection, trip_id)
            placed = trips.of_trip(connection, trip_id)
            unfinished = self._open_work.of(connection, placed)
        turns = tuple(turn_of(case, unfinished.get(case.id)) for case in placed)
        return Worklist(trip, tally_of((turn.state, turn.queue, 1) for turn in turns), turns)

    def find(self, connection: "Connection", trip_id: str) -> Trip:
        """The trip as stored; UserError where there is none."""
        from app.storage import entries

        record = entries.find(connection, KIND, trip_id)
        if record is None:
            raise UserError(Text(N_("There is no such trip on this desk. Go back to the list of trips.")))
        return trip_of(trip_id, record)

    def find_open(self, connection: "Connection", trip_id: str) -> Trip:
        """The trip as stored; UserError where it is closed."""
        trip = self.find(connection, trip_id)
        if not trip.is_open:
            sentence = N_("The trip of {date} is closed and takes no new cases. Open it again, or choose another trip.")
            raise UserError(Text(sentence, {"date": trip.on}))
        return trip

    # --- make, change, close -----------------------------------------------------------------------------------
    def create(self, fields: Mapping[str, Any] | None = None) -> Trip:
        """A new trip: of today, an on-site sitting with the commission of the newest trip or case, unless told."""
        with self._place.begin() as work:
            trip = self.begin(work, fields or {})
            work.commit()
        return trip

    def begin(self, work: "UnitOfWork", fields: Mapping[str, Any]) -> Trip:
        """`create` within a unit of work."""
        from app.services.founding import new_id
        from app.storage import entries

        self._place.require_clock()
        record = {
            "on": self._place.clock.today().isoformat(),
            "place": Place.VISITING_SESSION.value,
            "commission": self._usual_commission(work.connection),
            "closed": None,
        }
        for name, value in fields.items():
            record[name] = _checked(name, value)
        trip_id = new_id()
        entries.put(work, KIND, trip_id, record)
        return trip_of(trip_id, record)

    def set_field(self, trip_id: str, name: str, value: object) -> Trip:
        """Change one field. Drafts that have of it what the trip had follow the trip. UserError for a wrong value."""
        from app.storage import cases, entries, trips

        checked = _checked(name, value)
        with self._place.begin() as work:
            before = self.find(work.connection, trip_id)
            record = {**_record(work.connection, trip_id), name: checked}
            if not entries.put(work, KIND, trip_id, record):
                return before
            after = trip_of(trip_id, record)
            if name in TAKEN.values():
                for placed in trips.of_trip(work.connection, trip_id):
                    case = cases.find(work.connection, placed.id)
                    if case is not None:
                        take(work, case, after, before)
            work.commit()
        return after

    def close(self, trip_id: str) -> Worklist:
        """No case comes in any more. The record keeps who was not examined."""
        from app.storage import entries
        from app.storage.unit_of_work import written_time

        worklist = self.worklist(trip_id)
        if worklist.trip.is_open:
            with self._place.begin() as work:
                closed = {"at": written_time(work.now), "left": [turn.case_id for turn in not_examined(worklist)]}
                entries.put(work, KIND, trip_id, {**_record(work.connection, trip_id), "closed": closed})
                work.commit()
        return self.worklist(trip_id)

    def reopen(self, trip_id: str) -> Trip:
        """Take cases again."""
        from app.storage import entries

        with self._place.begin() as work:
            if entries.put(work, KIND, trip_id, {**_record(work.connection, trip_id), "closed": None}):
                work.commit()
        return self.trip(trip_id)

    def remove(self, trip_id: str) -> None:
        """Take away a trip in which nobody is. UserError where somebody is: cases would lose their trip unseen."""
        from app.storage import entries, trips

        with self._place.begin() as work:
            trip = self.find(work.connection, trip_id)
            if trips.of_trip(work.connection, trip_id):
                sentence = N_("The trip of {date} has cases: move them to another trip or take them out first.")
                raise UserError(Text(sentence, {"date": trip.on}))
            entries.put(work, KIND, trip_id, None)
            work.commit()

    # --- who is in it ------------------------------------------------------------------------------------------
    def begin_case(self, trip_id: str) -> CaseView:
        """A new draft at the end of the trip, with its day, place and commission."""
        with self._place.begin() as work:
            trip = self.find_open(work.connection, trip_id)
            document = case_file.new_document()
            for path, value in taken(trip).items():
                document = case_file.put(document, path, value)
            case_id = self._examinations.add(work, document, "case.created")
            self.put_last(work, trip_id, case_id)
            work.commit()
        return self._examinations.open(case_id)

    def add(self, trip_id: str, case_ids: Iterable[str]) -> None:
        """Put cases at the end of the trip, out of another one where they are in it. A draft takes day, place and
        commission of the trip, except what was changed in it on purpose. UserError where the trip is closed."""
        with self._place.begin() as work:
            trip = self.find_open(work.connection, trip_id)
            changed = False
            for case_id in case_ids:
                changed = self.admit(work, trip, case_id) or changed
            if changed:
                work.commit()

    def admit(self, work: "UnitOfWork", trip: Trip, case_id: str) -> bool:
        """`add` of one case within a unit of work; False where it is in the trip already."""
        from app.storage import entries

        case = self._examinations.record(work.connection, case_id)
        if case.trip_id == trip.id:
            return False
        if case.state is CaseState.DISCARDED:
            sentence = N_("Case {number} was discarded and can't be changed.")
            raise UserError(Text(sentence, {"number": case.number}))
        old = entries.find(work.connection, KIND, case.trip_id) if case.trip_id else None
        take(work, case, trip, trip_of(case.trip_id, old) if case.trip_id and old else None)
        self.put_last(work, trip.id, case_id)
        return True

    def put_last(self, work: "UnitOfWork", trip_id: str, case_id: str) -> None:
        """Place a case at the end of a trip, waiting."""
        from app.storage import cases, trips

        turn = trips.last_turn(work.connection, trip_id) + 1
        for name, value in (("trip_id", trip_id), ("turn", turn), ("queue", QueueState.WAITING.value)):
            cases.set_placed(work, case_id, name, value)

    def take_out(self, case_id: str) -> None:
        """The case is in no trip any more; everything in it stays."""
        from app.storage import cases

        with self._place.begin() as work:
            if self._examinations.record(work.connection, case_id).trip_id is None:
                return
            for name in ("trip_id", "turn", "queue"):
                cases.set_placed(work, case_id, name, None)
            work.commit()

    # --- the order ---------------------------------------------------------------------------------------------
    def put_at(self, case_id: str, place: int) -> None:
        """Move a case within its trip to `place`, from 0; beyond the end is the end. Nothing for a case in none."""
        from app.storage import cases, trips

        with self._place.begin() as work:
            trip_id = self._examinations.record(work.connection, case_id).trip_id
            if trip_id is None:
                return
            order = [placed.id for placed in trips.of_trip(work.connection, trip_id)]
            turns = {placed.id: placed.turn for placed in trips.of_trip(work.connection, trip_id)}
            order.remove(case_id)
            order.insert(max(0, place), case_id)
            changed = [(at, each) for at, each in enumerate(order, 1) if turns[each] != at]
            for at, each in changed:
                cases.set_placed(work, each, "turn", at)
            if changed:
                work.commit()

    def set_queue(self, case_id: str, state: QueueState) -> None:
        """How the person stands now. UserError for a state that follows from the case, and for a case
        that has ended."""
        from app.storage import cases

        if state not in KEPT:
            sentence = N_("“{state}” is not set by hand: it follows from the case itself.")
            raise UserError(Text(sentence, {"state": state}))
        with self._place.begin() as work:
            record = self._examinations.record(work.connection, case_id)
            if record.trip_id is None or record.queue == state:
                return
            if record.state is CaseState.ENDED:
                sentence = N_("Case {number} has ended: resume it, then the person can be called again.")
                raise UserError(Text(sentence, {"number": record.number}))
            cases.set_placed(work, case_id, "queue", state.value)
            work.commit()

    def call_next(self, trip_id: str) -> str | None:
        """Call the next person who waits, and say which case that is; None where nobody does. Whoever is in stays so.

        UserError where the trip is closed.
        """
        from app.storage import cases, trips

        with self._place.begin() as work:
            self.find_open(work.connection, trip_id)
            for placed in trips.of_trip(work.connection, trip_id):
                if standing(placed.queue, placed.state) is QueueState.WAITING:
                    cases.set_placed(work, placed.id, "queue", QueueState.CALLED.value)
                    work.commit()
                    return placed.id
        return None

    def call_after(self, case_id: str | None) -> str | None:
        """The next person of the trip in which this case is, else of today's: what a key in the case asks for."""
        trip_id = None
        if case_id is not None:
            with self._place.database.reading() as connection:
                trip_id = self._examinations.record(connection, case_id).trip_id
        if trip_id is None or not self.trip(trip_id).is_open:
            trip_id = next((row.trip.id for row in self.today() if row.tally.waiting), None)
        return self.call_next(trip_id) if trip_id is not None else None

    # --- inside ------------------------------------------------------------------------------------------------
    def _rows(self) -> list[tuple[TripRow, int]]:
        """Each trip with the newest change in it, in the order of `rows`."""
        from app.storage import entries, trips

        counts: dict[str, list[tuple[CaseState, QueueState, int]]] = {}
        newest: dict[str, int] = {}
        with self._place.database.reading() as connection:
            records = entries.of_kind(connection, KIND)
            for trip_id, state, queue, count, seq in trips.counted(connection):
                counts.setdefault(trip_id, []).append((state, standing(queue, state), count))
                newest[trip_id] = max(seq, newest.get(trip_id, 0))
        found = [
            (TripRow(trip_of(trip_id, record), tally_of(counts.get(trip_id, ()))), newest.get(trip_id, 0))
            for trip_id, record in records.items()
        ]
        return sorted(found, key=lambda entry: (entry[0].trip.on, entry[1], entry[0].trip.id), reverse=True)

    def _usual_commission(self, connection: "Connection") -> list[dict[str, Any]] | None:
        from app.storage import cases, entries

        records = entries.of_kind(connection, KIND).values()
        latest = max(records, key=lambda record: str(record["on"]), default=None)
        if latest is not None and latest.get("commission"):
            return list(latest["commission"])
        before = cases.newest_document(connection)
        return case_file.get(before, "examination.commission") if before else None


def _checked(name: str, value: object) -> Any:
    checked = check_field(name, value)
    if checked is None and name in NEEDED:
        raise UserError(Text(N_("A trip needs its day and its kind of place.")), where=name)
    return checked


def _record(connection: "Connection", trip_id: str) -> dict[str, Any]:
    from app.storage import entries

    record = entries.find(connection, KIND, trip_id)
    if record is None:
        raise UserError(Text(N_("There is no such trip on this desk. Go back to the list of trips.")))
    return record
