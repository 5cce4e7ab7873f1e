"""Cases: one JSON document each, with the columns that lists and searches need beside it in the same row."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, text

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.storage import persons
from app.storage.database import driver
from app.storage.folding import fold, order_key

if TYPE_CHECKING:
    from app.storage.chain import Head
    from app.storage.unit_of_work import UnitOfWork

Document = dict[str, Any]

# States that change what a person's row repeats.
_TOLD_OF_PERSONS: Final = frozenset({CaseState.SIGNED, CaseState.SUPERSEDED, CaseState.DISCARDED})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SELECT: Final = (
    "SELECT c.id, c.number, c.state, c.supersedes, c.document, c.unfinished, c.changed_at, p.step, p.field,"
    " c.person_id, c.trip_id, c.turn, c.queue FROM cases c LEFT JOIN places p ON p.case_id = c.id WHERE c.id = ?"
)
_OF_PERSON: Final = "SELECT id FROM cases WHERE person_id = ? ORDER BY changed_seq DESC"
_CORRECTIONS: Final = text("SELECT id FROM cases WHERE supersedes = :id")
_IDS: Final = text("SELECT id FROM cases ORDER BY year, ordinal")
_DERIVED: Final = text(
    "SELECT number, document, name, surname_key, given_key, patronymic_key, order_key, iin, birth_date, examined_on,"
    " occasion, place, region, icd10, outcome, due_on, postponed_to, ending FROM cases ORDER BY year, ordinal"
)
_SAVE: Final = (
    "UPDATE cases SET document = :document, unfinished = :unfinished, changed_at = :changed_at,"
    " changed_seq = :changed_seq WHERE id = :id"
)
_SAVE_COLUMNS: Final = (
    "UPDATE cases SET name = :name, surname_key = :surname_key, given_key = :given_key,"
    " patronymic_key = :patronymic_key, order_key = :order_key, iin = :iin, birth_date = :birth_date,"
    " examined_on = :examined_on, occasion = :occasion, place = :place, region = :region, icd10 = :icd10,"
    " outcome = :outcome, due_on = :due_on, postponed_to = :postponed_to, ending = :ending WHERE id = :id"
)
_PLACED: Final = MappingProxyType(
    {name: f"UPDATE cases SET {name} = ? WHERE id = ?" for name in ("person_id", "trip_id", "turn", "queue")}  # noqa: S608
)
_SAVE_STATE: Final = text("UPDATE cases SET state = :state WHERE id = :id")
_INSERT: Final = text(
    "INSERT INTO cases (id, number, year, ordinal, state, supersedes, person_id, document, unfinished, changed_at,"
    " changed_seq, name, surname_key, given_key, patronymic_key, order_key, iin, birth_date, examined_on, occasion,"
    " place, region, icd10, outcome, due_on, postponed_to, ending)"
    " VALUES (:id, :number, :year, :ordinal, 'draft', :supersedes, :person_id, :document, '{}', :changed_at,"
    " :changed_seq, :name, :surname_key, :given_key, :patronymic_key, :order_key, :iin, :birth_date, :examined_on,"
    " :occasion, :place, :region, :icd10, :outcome, :due_on, :postponed_to, :ending)"
)
_ORDINAL: Final = text("SELECT coalesce(max(ordinal), 0) + 1 FROM cases WHERE year = :year")
_NEWEST: Final = text("SELECT document FROM cases WHERE state <> 'discarded' ORDER BY changed_seq DESC LIMIT 1")
_PLACE: Final = text(
    "INSERT INTO places (case_id, step, field) VALUES (:id, :step, :field)"
    " ON CONFLICT (case_id) DO UPDATE SET step = excluded.step, field = excluded.field"
)
_COUNTS: Final = text("SELECT state, cases FROM case_counts")
_COUNTED: Final = text("SELECT state, count(*) FROM cases GROUP BY state")
_CORRECTION: Final = text("SELECT id FROM cases WHERE supersedes = :id AND state <> 'discarded'")
_NUMBERED: Final = text("SELECT id FROM cases WHERE number = :number")
_PAGE: Final = (
    "SELECT year, ordinal, number, document FROM cases"
    " WHERE (year, ordinal) > (:year, :ordinal) AND state NOT IN ('discarded', 'superseded')"
    " ORDER BY year, ordinal LIMIT :limit"
)
# Where the case doesn't say how far its decision lies from the proposal (it was signed before that was kept), its
# conclusion does.
_SIGNED: Final = text(
    "SELECT document, coalesce(json_extract(document, '$.dossier.distance.decision.differs'),"
    " (SELECT EXISTS (SELECT 1 FROM json_each(CAST(conclusions.record AS TEXT), '$.proposal.en.conflicts')"
    " WHERE json_extract(value, '$.code') = 'decision_differs') FROM conclusions WHERE case_id = cases.id), 0)"
    " FROM cases WHERE state = 'signed'"
)
_OTHERS: Final = (
    "SELECT id, number, found FROM (SELECT id, number, changed_seq, json_extract(document, ?) AS found FROM cases"
    " WHERE state <> 'discarded' AND person_id <> ? AND id <> ? ORDER BY changed_seq DESC LIMIT ?)"
    " WHERE typeof(found) = 'text' ORDER BY changed_seq DESC"
)


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as it is stored."""

    id: str
    number: str
    state: CaseState
    supersedes: str | None
    document: Document
    unfinished: Mapping[str, str]
    changed_at: datetime
    place: tuple[str, str | None] | None
    person_id: str
    trip_id: str | None = None
    turn: int | None = None
    queue: str | None = None


def find(connection: Connection, case_id: str) -> CaseRecord | None:
    """The case with this id."""
    row = driver(connection).execute(_SELECT, (case_id,)).fetchone()
    if row is None:
        return None
    identity, number, state, supersedes, document, unfinished, changed_at, step, field, *placed = row
    return CaseRecord(
        id=identity,
        number=number,
        state=CaseState(state),
        supersedes=supersedes,
        document=json.loads(document),
        unfinished=json.loads(unfinished),
        changed_at=moment(changed_at),
        place=(step, field) if step is not None else None,
        person_id=placed[0],
        trip_id=placed[1],
        turn=placed[2],
        queue=placed[3],
    )


def of_person(connection: Connection, person_id: str) -> list[str]:
    """Ids of all cases of a person, newest change first."""
    return [row[0] for row in driver(connection).execute(_OF_PERSON, (person_id,))]


def corrections_of(connection: Connection, case_id: str) -> list[str]:
    """Ids of the cases that correct this one, discarded ones too."""
    return list(connection.execute(_CORRECTIONS, {"id": case_id}).scalars())


def next_ordinal(work: "UnitOfWork", year: int) -> int:
    """1 for the year's first case; numbers of discarded cases are not given again."""
    return int(work.connection.execute(_ORDINAL, {"year": year}).scalar_one())


def add(
    work: "UnitOfWork", head: "Head", *, case_id: str, number: str, year: int, ordinal: int,
    supersedes: str | None, person_id: str, document: Document,
) -> None:  # fmt: skip
    """Write a new draft of a person, known or new."""
    values = {"id": case_id, "number": number, "year": year, "ordinal": ordinal, "supersedes": supersedes}
    columns = {**derived(document), "person_id": person_id}
    work.connection.execute(_INSERT, {**values, **columns, **_written(document), **_stamp(work, head)})
    persons.refresh(work, person_id)


def save(
    work: "UnitOfWork", head: "Head", case_id: str, document: Document, unfinished: Mapping[str, str], *,
    columns: bool = True,
) -> None:  # fmt: skip
    """Write a draft's content. `columns=False` where nothing that lists and searches show has changed."""
    values = {"id": case_id, "unfinished": _json(dict(unfinished)), **_written(document), **_stamp(work, head)}
    driver(work.connection).execute(_SAVE, values)
    if columns:
        driver(work.connection).execute(_SAVE_COLUMNS, {"id": case_id, **derived(document)})
    persons.refresh_of(work, case_id, changed=columns)


def set_state(work: "UnitOfWork", case_id: str, state: CaseState) -> None:
    """Write the state; the database refuses what may not follow."""
    work.connection.execute(_SAVE_STATE, {"id": case_id, "state": state.value})
    if state in _TOLD_OF_PERSONS:
        persons.refresh_of(work, case_id, changed=True)


def set_placed(work: "UnitOfWork", case_id: str, name: str, value: str | int | None, *, screen: str = "") -> None:
    """Write `person_id`, `trip_id`, `turn` or `queue` of a case with its audit row, whatever state the case is in:
    where a case is in the order of work is no part of what was signed. Nothing is written where nothing changes."""
    record = find(work.connection, case_id)
    old = getattr(record, name) if record is not None else None
    if old == value:
        return
    work.audit("case.placed", case_id=case_id, path=name, old=old, new=value, screen=screen)
    driver(work.connection).execute(_PLACED[name], (value, case_id))
    if name == "person_id":
        for person_id in (old, value):
            persons.refresh(work, str(person_id))


def remember_place(connection: Connection, case_id: str, step: str, field: str | None) -> None:
    """Write where the work was left: a bookmark, no part of the record."""
    connection.execute(_PLACE, {"id": case_id, "step": step, "field": field})


def newest_document(connection: Connection) -> Document | None:
    """The content of the case that was worked on last."""
    row = connection.execute(_NEWEST).first()
    return json.loads(row[0]) if row else None


def correction_of(connection: Connection, case_id: str) -> str | None:
    """The id of the case that corrects this one, if one was begun."""
    row = connection.execute(_CORRECTION, {"id": case_id}).first()
    return str(row[0]) if row else None


def by_number(connection: Connection, number: str) -> str | None:
    """The id of the case with this number."""
    row = connection.execute(_NUMBERED, {"number": number}).first()
    return str(row[0]) if row else None


def texts_of_others(
    connection: Connection, case_id: str, person_id: str, path: str, limit: int
) -> list[tuple[str, str, str]]:
    """Id, number and the text at `path` of the newest `limit` cases of other persons, newest first; those without
    such a text are left out. SQLite reads the documents: whole ones would take ten times as long here."""
    return list(driver(connection).execute(_OTHERS, (f"$.{path}", person_id, case_id, limit)))


def counts(connection: Connection) -> dict[CaseState, int]:
    """How many cases each state has; absent where there never was one."""
    return {CaseState(state): count for state, count in connection.execute(_COUNTS)}


def miscounted(connection: Connection) -> bool:
    """Whether `counts` says something else than counting does."""
    kept = {state: count for state, count in connection.execute(_COUNTS) if count}
    return kept != {row[0]: row[1] for row in connection.execute(_COUNTED)}


def every(connection: Connection) -> Iterator[CaseRecord]:
    """All cases, in the order of their numbers."""
    for (case_id,) in connection.execute(_IDS).all():
        record = find(connection, case_id)
        if record is not None:
            yield record


def page(connection: Connection, after: tuple[int, int], limit: int) -> list[tuple[int, int, str, str]]:
    """Year, ordinal, number and document (JSON) of the next cases after a year and ordinal, in the order of numbers.

    Discarded cases and those that a correction has replaced are left out.
    """
    year, ordinal = after
    # The driver's own rows: a rehearsal reads a hundred thousand.
    found: list[tuple[int, int, str, str]] = (
        driver(connection).execute(_PAGE, {"year": year, "ordinal": ordinal, "limit": limit}).fetchall()
    )
    return found


def signed_documents(connection: Connection) -> Iterator[tuple[str, bool]]:
    """The document (JSON) of each signed case that nothing has superseded, and whether its decision differs from what
    the criteria proposed."""
    for document, differs in connection.execute(_SIGNED):
        yield document, bool(differs)


def stamps(connection: Connection) -> Iterator[tuple[str, str, int, int, int, int]]:
    """Of every case: id, number, year, ordinal, microseconds and audit row of its last change."""
    for row in connection.exec_driver_sql("SELECT id, number, year, ordinal, changed_at, changed_seq FROM cases"):
        yield row[0], row[1], row[2], row[3], row[4], row[5]


def wrongly_listed(connection: Connection) -> Iterator[str]:
    """Numbers of cases whose columns don't repeat what their documents say."""
    for row in connection.execute(_DERIVED).mappings():
        if any(row[column] != value for column, value in derived(json.loads(row["document"])).items()):
            yield str(row["number"])


def derived(document: Document) -> dict[str, str | None]:
    """The columns that repeat parts of the document."""
    person = document.get("person") or {}
    examination = document.get("examination") or {}
    decision = document.get("decision") or {}
    dossier = document.get("dossier") or {}
    main = (document.get("diagnosis") or {}).get("main") or {}
    region = ((person.get("address") or {}).get("kato") or "")[:2]
    parts = [person.get(key) or "" for key in ("surname", "given_name", "patronymic")]
    return {
        "name": " ".join(part for part in parts if part),
        "surname_key": fold(parts[0]),
        "given_key": fold(parts[1]),
        "patronymic_key": fold(parts[2]),
        "order_key": order_key(" ".join(part for part in parts if part)),
        "iin": person.get("iin"),
        "birth_date": person.get("birth_date"),
        "examined_on": examination.get("on"),
        "occasion": examination.get("occasion"),
        "place": examination.get("place"),
        "region": region or None,
        "icd10": main.get("icd10"),
        "outcome": decision.get("outcome"),
        "due_on": dossier.get("until"),
        "postponed_to": (dossier.get("postponed") or {}).get("until"),
        "ending": (dossier.get("ending") or {}).get("kind"),
    }


def _written(document: Document) -> dict[str, str]:
    return {"document": _json(document)}


def _stamp(work: "UnitOfWork", head: "Head") -> dict[str, int]:
    return {"changed_at": microseconds(work.now), "changed_seq": head.seq}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def microseconds(moment: datetime) -> int:
    """As `changed_at` holds it: since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """What `changed_at` holds, as a moment; CheckFailed for one that doesn't exist."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        sentence = N_("A case says that it was changed at a time that does not exist: the database was changed.")
        raise CheckFailed(Text(sentence)) from None
