"""Persons: found while typing, shown with all their examinations, noticed when somebody enters one a second time.

Which case is of which person is what the cases say (adr/0020); joining and separating two persons is `merging`.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file, dates
from app.domain.declension import KEY as NAME_FORMS
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import CaseState, NoIin, Occasion, Outcome, Place
from app.services.merging import Merging
from app.services.person_history import one_letter_apart, stretches, swapped
from app.services.person_views import Found, Likeness, Lookalike, PersonCard, PersonCase, PersonRow, PrintedPaper
from app.services.steps import NO_IIN, NO_IIN_WORDS
from app.services.views import Document
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord
    from app.storage.database import Connection
    from app.storage.persons import ListedPerson

SHOWN: Final = 50
# The parts of a person that a new case takes over from the last one, or that are offered where they are empty.
KNOWN: Final = (
    "person.iin",
    "person.surname",
    "person.given_name",
    "person.patronymic",
    "person.birth_date",
    "person.sex",
    "person.citizenship",
    "person.address",
    "person.identity",
    "person.representative",
    "dossier.no_iin",
)


class PeopleService:
    """Reading here never waits for more than it shows; what changes whose a case is, is audited."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._merging = Merging(place)
        self.merge = self._merging.merge
        self.separate = self._merging.separate

    def search(self, query: str = "", limit: int = SHOWN) -> Found:
        """Persons whose surname, given name or ИИН the query begins, in the order of the Kazakh alphabet; a Russian
        keyboard finds Kazakh letters. Two or three words: surname, given name, patronymic, also given name first."""
        from app.storage import person_search

        with self._place.database.reading() as connection:
            rows = person_search.found(connection, query, limit + 1)
        return Found(tuple(_row(row) for row in rows[:limit]), len(rows) > limit)

    def card(self, person_id: str) -> PersonCard:
        """Everything known of a person; UserError where there is no such person."""
        from app.storage import persons, users

        with self._place.database.reading() as connection:
            row = persons.find(connection, person_id)
            if row is None:
                raise UserError(Text(N_("There is no such person any more. Search again.")))
            records = [record for record in self._records(connection, person_id) if record.state != CaseState.DISCARDED]
            # As it says itself when it was changed: the first is whose data the person's row repeats.
            newest = records[0].document
            examined = sorted(map(_case, records), key=lambda case: case.examined_on or "9999", reverse=True)
            names = {user.id: user.name for user in users.everybody(connection)}
            papers = _papers(connection, records, names)
            merged = self._merging.of(connection, person_id, names)
        reason = case_file.get(newest, NO_IIN)
        return PersonCard(
            id=person_id,
            name=row.name,
            person=newest.get("person") or {},
            no_iin=NoIin(reason) if reason and row.iin is None else None,
            no_iin_words=case_file.get(newest, NO_IIN_WORDS),
            cases=tuple(examined),
            stretches=stretches(examined),
            papers=papers,
            merged=merged,
        )

    def alike(self, document: Document, but: Collection[str] = ()) -> tuple[Lookalike, ...]:
        """Other persons who may be the one of this case: the same ИИН; or the same birth date (or one with day and
        month exchanged) and a name that differs in one letter at most. `but`: ids of persons who aren't meant."""
        from app.storage import persons
        from app.storage.folding import fold

        said = document.get("person") or {}
        others = {*but, *(case_file.get(document, "dossier.others") or ())}
        found: dict[str, Lookalike] = {}

        def take(row: "ListedPerson", why: Likeness) -> None:
            if row.id not in others:
                found.setdefault(row.id, Lookalike(_row(row), why))

        surname, given = fold(said.get("surname") or ""), fold(said.get("given_name") or "")
        birth = dates.parse_iso(said.get("birth_date") or "")
        with self._place.database.reading() as connection:
            if said.get("iin"):
                for row in persons.with_iin(connection, said["iin"]):
                    take(row, Likeness.NUMBER)
            if birth is not None and surname and given:
                for row, *names in persons.born_on(connection, birth.isoformat()):
                    if names == [surname, given]:
                        take(row, Likeness.NAME)
                    elif names == [given, surname] or _nearly(names, [surname, given]):
                        take(row, Likeness.NEARLY)
                exchanged = swapped(birth)
                for row, *names in persons.born_on(connection, exchanged.isoformat()) if exchanged else ():
                    if names == [surname, given]:
                        take(row, Likeness.NEARLY)
        order = tuple(Likeness)
        return tuple(sorted(found.values(), key=lambda one: order.index(one.why)))

    def link(self, case_id: str, person_id: str) -> None:
        """Say that a case is of this person. UserError where there is no such case or person."""
        from app.storage import cases, persons

        with self._place.begin() as work:
            record = cases.find(work.connection, case_id)
            if record is None or persons.find(work.connection, person_id) is None:
                raise UserError(Text(N_("There is no such person any more. Search again.")))
            if record.person_id == person_id:
                return
            cases.set_placed(work, case_id, "person_id", person_id, screen="person")
            work.commit()

    def known(self, person_id: str, *, but: str = "") -> dict[str, Any]:
        """What the last signed case of a person says of it (where none is signed, the newest; never `but`), by path
        of the case file; with `previous`, what was last decided."""
        with self._place.database.reading() as connection:
            records = [
                record
                for record in self._records(connection, person_id)
                if record.id != but and record.state is not CaseState.DISCARDED
            ]
        if not records:
            return {}
        newest = next((record for record in records if record.state is CaseState.SIGNED), records[0]).document
        values = {path: case_file.get(newest, path) for path in (*KNOWN, NAME_FORMS)}
        values["previous"] = previous_of(records)
        return {path: value for path, value in values.items() if _given(value)}

    def _records(self, connection: "Connection", person_id: str) -> "list[CaseRecord]":
        """All cases of a person, newest change first."""
        from app.storage import cases

        found = (cases.find(connection, case_id) for case_id in cases.of_person(connection, person_id))
        return [record for record in found if record is not None]


def previous_of(records: "list[CaseRecord]") -> dict[str, Any] | None:
    """The part `previous` of a new case: the decision in force, None where nothing was signed."""
    signed = [record for record in records if record.state is CaseState.SIGNED]
    if not signed:
        return None
    last = max(signed, key=lambda record: case_file.get(record.document, "examination.on") or "").document
    decision = last.get("decision") or {}
    found = {
        "on": case_file.get(last, "examination.on"),
        **{k: decision.get(k) for k in ("outcome", "period", "cause")},
    }
    if found["outcome"] == Outcome.NOT_ESTABLISHED:
        found |= {"period": None, "cause": None}
    return {key: value for key, value in found.items() if value is not None}


def _given(value: object) -> bool:
    return any(map(_given, value.values())) if isinstance(value, dict) else value is not None


def _nearly(names: list[str], typed: list[str]) -> bool:
    """One letter of difference in one of the names, none in the other."""
    different = [pair for pair in zip(names, typed, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and one_letter_apart(*different[0])


def _row(row: "ListedPerson") -> PersonRow:
    outcome = Outcome(row.outcome) if row.outcome else None
    return PersonRow(row.id, row.name, row.iin, row.birth_date, row.examined_on, outcome, row.due_on)


def _case(record: "CaseRecord") -> PersonCase:
    def value(path: str) -> Any:
        return case_file.get(record.document, path)

    decided = record.state in (CaseState.DECIDED, CaseState.SIGNED, CaseState.SUPERSEDED)
    decision = (record.document.get("decision") or {}) if decided else {}
    place, occasion = value("examination.place"), value("examination.occasion")
    return PersonCase(
        id=record.id,
        number=record.number,
        state=record.state,
        examined_on=value("examination.on"),
        place=Place(place) if place else None,
        occasion=Occasion(occasion) if occasion else None,
        outcome=Outcome(decision["outcome"]) if decision.get("outcome") else None,
        period=decision.get("period"),
        cause=decision.get("cause"),
        until=value("dossier.until") if decided else None,
        supersedes=record.supersedes,
    )


def _title(document_id: str) -> LocalText:
    """How the paper is called; by its id where this program doesn't know it."""
    from app import documents

    try:
        return documents.title(document_id)
    except UserError:
        return LocalText(kk=document_id, ru=document_id, en=document_id)


def _papers(connection: "Connection", records: "list[CaseRecord]", names: dict[str, str]) -> tuple[PrintedPaper, ...]:
    from app.storage.chain import EVENTS
    from app.storage.unit_of_work import read_time

    found = [
        PrintedPaper(
            at=read_time(event["wall_time"]),
            by=names.get(event["actor"], ""),
            document=event["payload"]["document"],
            title=_title(event["payload"]["document"]),
            language=event["payload"]["language"],
            how=event["payload"]["how"],
            number=record.number,
        )
        for record in records
        for _, event in EVENTS.of_case(connection, record.id)
        if event["type"] == "document.printed"
    ]
    return tuple(sorted(found, key=lambda paper: paper.at, reverse=True))
