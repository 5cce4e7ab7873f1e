"""The papers of a session (отырыс, заседание): its protocol, and the sets of everybody who was examined in it.

A session is a trip. Its protocol is final once the trip is closed and no decision waits for signatures; until then it
bears the draft mark.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file, voting
from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, LocalText, Text, one_line
from app.domain.vocabulary import CaseState, EndingKind, QueueState
from app.services.documents import DocumentService, SetPaper
from app.services.examinations import ExaminationService
from app.services.grounds import ground
from app.services.packs import PackService
from app.services.trip_views import Trip, Turn
from app.services.trips import TripService
from app.services.views import CaseView, Document, How, Rendered
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.documents.session import Entry, Session, Vote

_SIGNED: Final = (CaseState.SIGNED, CaseState.SUPERSEDED)
_ABSENT: Final = (QueueState.REFUSED, QueueState.NOT_COME, QueueState.POSTPONED)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The set of one case of the session, in the order of the session."""

    case_id: str
    number: str
    name: str
    papers: tuple[SetPaper, ...]

    @property
    def left(self) -> tuple[SetPaper, ...]:
        """What has not been given out yet."""
        return tuple(paper for paper in self.papers if not paper.out)


class SessionService:
    """Reads trips and cases; writes nothing but the record that a protocol left the program."""

    def __init__(
        self,
        place: Workplace,
        trips: TripService,
        examinations: ExaminationService,
        packs: PackService,
        documents: DocumentService,
    ) -> None:
        self._place, self._trips, self._examinations = place, trips, examinations
        self._packs, self._documents = packs, documents

    # --- which session -----------------------------------------------------------------------------------------
    def named(self, name: str) -> Trip:
        """The trip that a command names: by its day (`2026-11-18`), or, of several of one day, by day and number in
        an order that stays (`2026-11-18/2`). UserError where there is none, or several: it lists them."""
        day, _, at = name.strip().partition("/")
        on = parse_iso(day)
        found = sorted((row.trip for row in self._trips.rows() if row.trip.on == on), key=lambda trip: trip.id)
        if not found:
            sentence = N_("There is no trip of “{name}”. Name its day, such as 2026-11-18.")
            raise UserError(Text(sentence, {"name": one_line(name)}))
        if not at and len(found) == 1:
            return found[0]
        if at.isascii() and at.isdecimal() and 1 <= int(at) <= len(found):
            return found[int(at) - 1]
        listed = "; ".join(f"{day}/{n} {trip.where}".strip() for n, trip in enumerate(found, start=1))
        sentence = N_("There are several trips of {day}. Name one of them: {trips}")
        raise UserError(Text(sentence, {"day": on or "", "trips": listed}))

    # --- the protocol ------------------------------------------------------------------------------------------
    def session(self, trip_id: str) -> "Session":
        """Everything that the protocol says. UserError where there is no such trip."""
        from app.crypto import digests
        from app.documents.session import DECIDED, Session, told

        with self._place.database.reading():
            worklist = self._trips.worklist(trip_id)
            trip = worklist.trip
            commission = _members(trip.fields.get("commission") or ())
            entries, sat = [], dict.fromkeys(commission)
            for turn in worklist.turns:
                entry, members = self._entry(turn, commission)
                entries.append(entry)
                sat.update(dict.fromkeys(members))
        department, counts = self._place.department(), Counter(entry.standing for entry in entries)
        final = not trip.is_open and bool(entries) and not counts[DECIDED]
        hashed = {
            "on": trip.on.isoformat(),
            "place": trip.place.value,
            "where": trip.where,
            "members": [list(member) for member in sat],
            "entries": [told(entry) for entry in entries],
        }
        made = Session(
            number=f"{department.number}/{trip.on.isoformat()}",
            on=trip.on,
            place=trip.place,
            where=trip.where,
            members=tuple(sat),
            entries=tuple(entries),
            final=final,
            digest=digests.written(digests.digest("session", digests.canonical(hashed))),
            department=department,
            sample=self._place.is_training(),
            counts=counts,
        )
        return self._witnessed(made, worklist.turns) if final else made

    def render(self, trip_id: str, language: str) -> Rendered:
        """The protocol as PDF in one language: with the draft mark unless it is final."""
        from app.documents.protocol import render_protocol

        if language not in LANGUAGES:
            sentence = N_("“{id}” is printed in these languages: {languages}.")
            raise UserError(Text(sentence, {"id": PROTOCOL, "languages": ", ".join(LANGUAGES)}))
        made, told = self.session(trip_id), Counter[str]()
        pdf = render_protocol(made, language, told)
        name = f"{PROTOCOL}-{made.number.replace('/', '-')}-{trip_id[:6]}-{language}.pdf"
        return Rendered(pdf, f"sha256:{hashlib.sha256(pdf).hexdigest()}", not made.final, name, told)

    def record(
        self,
        trip_id: str,
        language: str,
        digest: str,
        how: How,
        *,
        target: str = "",
        copies: int = 1,
    ) -> None:
        """Note that a protocol left the program. `target`: the printer, or the name of the file."""
        output: dict[str, Any] = {"document": PROTOCOL, "language": language, "digest": digest, "how": how,
                                  "copies": copies, "trip": trip_id}  # fmt: skip
        if target:
            output["target"] = target
        with self._place.begin() as work:
            work.audit("document.printed", new=output)
            work.emit("document.printed", output, subject=PROTOCOL)
            work.commit()

    # --- the sets ----------------------------------------------------------------------------------------------
    def sets(self, trip_id: str, languages: Iterable[str]) -> tuple[CaseSet, ...]:
        """The papers that belong to what was decided of everybody in the session, in its order and in the languages;
        who was not decided on has none. Which of them were given out is told by the events."""
        asked = tuple(dict.fromkeys(languages))
        found = []
        for turn in self._trips.worklist(trip_id).turns:
            if turn.state not in (*_SIGNED, CaseState.ENDED):
                continue
            papers = self._documents.wanted(turn.case_id, asked)
            if papers:
                found.append(CaseSet(turn.case_id, turn.number, turn.name, papers))
        return tuple(found)

    # --- inside ------------------------------------------------------------------------------------------------
    def _entry(
        self, turn: Turn, commission: tuple[tuple[str, str], ...]
    ) -> "tuple[Entry, tuple[tuple[str, str], ...]]":
        """A case as the protocol tells it, and who decided on it."""
        from app.documents.session import DECIDED, OPEN, SIGNED, Entry

        view = self._examinations.open(turn.case_id)
        document = view.signed.document if view.signed is not None else view.document
        entry = Entry(turn.turn, turn.number, one_line(turn.name), turn.iin, turn.birth_date, OPEN)
        if view.state is CaseState.ENDED:
            ending = case_file.get(document, "dossier.ending") or {}
            told = ground(ending.get("ground"))
            standing = turn.queue if turn.queue in _ABSENT else EndingKind(ending["kind"])
            return replace(entry, standing=standing.value, ground=told.name if told is not None else None,
                           told=one_line(ending.get("text") or "")), ()  # fmt: skip
        if turn.queue in _ABSENT:
            return replace(entry, standing=turn.queue.value), ()
        if view.state not in (*_SIGNED, CaseState.DECIDED):
            return entry, ()
        members = _members(case_file.get(document, "examination.commission") or ())
        decided = case_file.get(document, "decision") or {}
        return replace(
            entry,
            standing=SIGNED if view.signed is not None else DECIDED,
            icd10=case_file.get(document, "diagnosis.main.icd10") or "",
            outcome=decided.get("outcome"),
            cause=self._cause(view, document, decided.get("cause")),
            period=_period(decided.get("period")),
            until=parse_iso(case_file.get(document, "dossier.until") or ""),
            general=decided.get("general_capacity"),
            professional=decided.get("professional_capacity"),
            votes=voting.for_and_against(document),
            against=tuple(_votes(document)),
            others=() if members == commission else members,
            digest=view.signed.digest if view.signed is not None else "",
        ), members

    def _cause(self, view: CaseView, document: Document, cause: str | None) -> LocalText | None:
        if cause is None:
            return None
        if view.signed is not None:
            pack = self._packs.named(view.signed.pack)
        else:
            on = parse_iso(case_file.get(document, "examination.on") or "")
            pack = self._packs.for_date(on or self._place.clock.today())
        return next((one.name for one in pack.causes if one.code == cause), LocalText(cause, cause, cause))

    def _witnessed(self, session: "Session", turns: Iterable[Turn]) -> "Session":
        """With the desk's key. The event that stands in it is the last one of the session's own: it stays what it is,
        so that a protocol printed again is the same to the byte."""
        from app.documents.session import witness_of
        from app.storage import installation
        from app.storage.chain import EVENTS

        heads = []
        with self._place.database.reading() as connection:
            for turn in turns:
                kind = {CaseState.ENDED: "case.ended"}.get(turn.state, "case.signed")
                head = EVENTS.last(connection, turn.case_id, kind)
                if head is not None and turn.state in (*_SIGNED, CaseState.ENDED):
                    heads.append((head.seq, head.hash))
            identity = installation.identity(connection)
        if not heads:  # nobody was examined: there is nothing that the log tells of
            return session
        return replace(session, witness=witness_of(session, identity.device_seed, max(heads),
                                                   self._place.department().region))  # fmt: skip


def _members(told: Iterable[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((one_line(member.get("name") or ""), member.get("role") or "member") for member in told)


def _period(told: dict[str, Any] | None) -> tuple[str | None, int | None]:
    return ((told or {}).get("kind"), (told or {}).get("value"))


def _votes(document: Document) -> "Iterable[Vote]":
    from app.documents.session import Vote

    for at in voting.dissenting(document):
        vote = voting.vote_of(document, at)
        if vote is not None:
            yield Vote(one_line(vote["name"]), vote["outcome"], _period(vote.get("period")))
