"""Taking a person into a trip: on the spot from papers, from cases that lie ready, or because the person is known."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file
from app.domain.case_file import Document, get, put
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.mrz import Mrz
from app.domain.mrz import read as read_zone
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, Occasion
from app.services.examinations import ExaminationService
from app.services.people import PeopleService
from app.services.trip_records import taken, turn_of
from app.services.trip_views import KnownPerson, Trip, Turn
from app.services.trips import TripService
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

PICTURE_LIMIT: Final = 40 * 1024 * 1024
"""Bytes of a file with a picture; cameras write some 10 MB."""
UNSIGNED: Final = (CaseState.DRAFT, CaseState.DECIDED)
# What the line of registration shows of a known person.
_SHOWN: Final = tuple(f"person.{name}" for name in ("surname", "given_name", "patronymic", "birth_date", "sex"))
# … and of a case of theirs that is still open.
_OPEN: Final = ("examination.occasion", "referral.number", "referral.signed_on")


class RegistrationService:
    """Every way into a trip is one transaction."""

    def __init__(self, place: Workplace, examinations: ExaminationService, trips: TripService) -> None:
        self._place = place
        self._examinations = examinations
        self._trips = trips

    def read_zone(self, text: str) -> Mrz:
        """What the machine readable zone of a card or passport says; UserError where it was read wrong."""
        return read_zone(text, self._place.clock.today())

    def can_read_pictures(self) -> bool:
        """Whether what reads pictures is installed: Pillow, and the weights of the letters."""
        from importlib.util import find_spec

        from app.paths import resource

        return find_spec("PIL") is not None and resource("recognition", "ocr-b.weights").is_file()

    def picture_file(self, path: Path) -> bytes:
        """The bytes of a picture; UserError where it can't be read or is too large. Nothing of it is kept."""
        return case_file.read_bytes(path, PICTURE_LIMIT)

    def read_picture(self, width: int, height: int, grey: bytes) -> Mrz:
        """What the machine readable zone in a picture says; nothing of the picture is kept.

        `grey`: one byte a pixel, row by row. UserError where no zone can be read for sure; KnownError where what reads
        pictures is missing or broken.
        """
        try:
            from app.recognition import reader

            found = reader.read(width, height, grey, self._place.clock.today())
        except (ImportError, OSError, ValueError) as error:
            sentence = N_(
                "What reads pictures is missing or broken in this installation ({reason}). Type the number, or read the"
                " lines with a reader."
            )
            raise KnownError(Text(sentence, {"reason": type(error).__name__})) from error
        if found is None:
            sentence = N_(
                "The lines of < signs could not be read in this picture for sure. Take it anew from above, sharp, in"
                " even light; or type the number."
            )
            raise UserError(Text(sentence))
        return found

    def known(self, iin: str) -> KnownPerson | None:
        """Who has this ИИН on this desk; the person of the newest case where several have."""
        from app.storage import trips

        with self._place.database.reading() as connection:
            found = trips.newest_of(connection, iin)
            if found is None:
                return None
            record = self._examinations.record(connection, found[0])
        unsigned = record.state in UNSIGNED
        shown = {path: get(record.document, path) for path in (*_SHOWN, *(_OPEN if unsigned else ()))}
        return KnownPerson(
            person_id=record.person_id,
            case_id=record.id,
            number=record.number,
            unsigned=unsigned,
            examined_on=parse_iso(get(record.document, "examination.on") or ""),
            fields={path: value for path, value in shown.items() if value is not None},
        )

    def register(self, trip_id: str, fields: Mapping[str, object], known: str | None = None) -> str:
        """Put a person at the end of a trip; the id of the case. `fields` by path of the case: person, referral,
        occasion. `known`: the newest case of the person who this is; where that is still open it is taken itself.

        UserError (`where` is the path): no surname, a wrong value, a closed trip, somebody who is in it already.
        """
        checked = {path: case_file.check_field(path, value) for path, value in fields.items()}
        given = {path: value for path, value in checked.items() if value is not None}
        if "person.surname" not in given:
            raise UserError(Text(N_("The surname is missing: type it as it stands in the document.")),
                            where="person.surname")  # fmt: skip
        with self._place.begin() as work:
            trip = self._trips.find_open(work.connection, trip_id)
            self._require_absent(work, trip, given.get("person.iin"))
            case_id = self._add(work, trip, given, known)
            work.commit()
        return case_id

    def offered(self, query: str, limit: int = 100) -> tuple[Turn, ...]:
        """Whom the trip may take by name, ИИН or number: unsigned cases outside of trips, then everybody known."""
        from app.storage import trips

        with self._place.database.reading() as connection:
            return tuple(turn_of(case) for case in trips.offered(connection, query, limit))

    def take_in(self, trip_id: str, case_ids: Iterable[str]) -> None:
        """Put what was offered at the end of a trip: an unsigned case itself, else a new case of its person."""
        with self._place.begin() as work:
            trip = self._trips.find_open(work.connection, trip_id)
            changed = False
            for case_id in case_ids:
                changed = self.admit_known(work, trip, case_id) or changed
            if changed:
                work.commit()

    def admit_known(self, work: "UnitOfWork", trip: Trip, case_id: str) -> bool:
        """`take_in` of one case within a unit of work; False where it is in the trip already."""
        record = self._examinations.record(work.connection, case_id)
        if record.state in UNSIGNED:
            return self._trips.admit(work, trip, case_id)
        self._require_absent(work, trip, get(record.document, "person.iin"))
        self._add(work, trip, {}, case_id)
        return True

    def _add(self, work: "UnitOfWork", trip: Trip, given: Mapping[str, Any], known: str | None) -> str:
        record = self._examinations.record(work.connection, known) if known is not None else None
        if record is not None and record.state in UNSIGNED:
            self._take_unsigned(work, trip, record.id, given)
            return record.id
        document = self._of_known(record.person_id) if record is not None else case_file.new_document()
        for path, value in {**taken(trip), **given}.items():
            document = put(document, path, value)
        person = record.person_id if record is not None else None
        case_id = self._examinations.add(work, document, "case.created", person=person)
        self._trips.put_last(work, trip.id, case_id)
        return case_id

    def _take_unsigned(self, work: "UnitOfWork", trip: Trip, case_id: str, given: Mapping[str, Any]) -> None:
        """The open case of a known person comes into the trip with what was typed now."""
        from app.storage import cases

        record = self._examinations.record(work.connection, case_id)
        if record.trip_id is not None and record.trip_id != trip.id:
            other = self._trips.find(work.connection, record.trip_id)
            if other.is_open:
                sentence = N_("Case {number} of this person is in the trip of {date}: move it from there.")
                raise UserError(Text(sentence, {"number": record.number, "date": other.on}), where="person.iin")
        self._trips.admit(work, trip, case_id)
        record = self._examinations.record(work.connection, case_id)
        if record.state is not CaseState.DRAFT:
            return
        document, unfinished, head = record.document, dict(record.unfinished), None
        for path, value in given.items():
            old = get(document, path)
            if old != value:
                head = work.audit("field", case_id=case_id, path=path, old=old, new=value)
                document = put(document, path, value)
                unfinished.pop(path, None)
        if head is not None:
            cases.save(work, head, case_id, document, unfinished)

    def _of_known(self, person_id: str) -> Document:
        """A new case of the person: what is known of them, and what was decided last."""
        document, known = case_file.new_document(), PeopleService(self._place).known(person_id)
        for path, value in known.items():
            document = put(document, path, value)
        if "previous" in known:
            document = put(document, "examination.occasion", Occasion.REPEAT.value)
        return document

    def _require_absent(self, work: "UnitOfWork", trip: Trip, iin: object) -> None:
        from app.storage import trips

        for placed in trips.of_trip(work.connection, trip.id):
            if iin is not None and placed.iin == iin:
                sentence = N_("{name} is in this trip already, with the turn {turn}.")
                raise UserError(Text(sentence, {"name": placed.name, "turn": placed.turn}), where="person.iin")
