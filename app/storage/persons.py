"""Persons: what is known of each is repeated from that person's newest case that was not discarded, what was decided
from the newest that is in force.

A person is whoever a case says it is of (`cases.person_id`); the row here is the index by which persons are found.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.storage.database import driver
from app.storage.folding import fold, order_key

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_NEWEST = (
    "SELECT id, document FROM cases WHERE person_id = ? AND state <> 'discarded' ORDER BY changed_seq DESC LIMIT 1"
)
_PUT = (
    "INSERT INTO persons (id, case_id, name, surname_key, given_key, patronymic_key, order_key, given_order, iin,"
    " birth_date, sex, examined_on, outcome, due_on) VALUES (:id, :case_id, :name, :surname_key, :given_key,"
    " :patronymic_key, :order_key, :given_order, :iin, :birth_date, :sex, :examined_on, :outcome, :due_on)"
    " ON CONFLICT (id) DO UPDATE SET case_id = excluded.case_id, name = excluded.name,"
    " surname_key = excluded.surname_key, given_key = excluded.given_key, patronymic_key = excluded.patronymic_key,"
    " order_key = excluded.order_key, given_order = excluded.given_order, iin = excluded.iin,"
    " birth_date = excluded.birth_date, sex = excluded.sex, examined_on = excluded.examined_on,"
    " outcome = excluded.outcome, due_on = excluded.due_on"
)
_IN_FORCE = (
    "SELECT examined_on, outcome, due_on FROM cases WHERE person_id = ? AND state = 'signed'"
    " ORDER BY examined_on DESC, changed_seq DESC LIMIT 1"
)
_REMOVE = "DELETE FROM persons WHERE id = ?"
_OF_CASE = "SELECT c.person_id, p.case_id FROM cases c LEFT JOIN persons p ON p.id = c.person_id WHERE c.id = ?"
_LISTED = "SELECT id, name, iin, birth_date, examined_on, outcome, due_on FROM persons"
_WITH_IIN = f"{_LISTED} WHERE iin = ? ORDER BY order_key"
_BORN = (
    "SELECT id, name, iin, birth_date, examined_on, outcome, due_on, surname_key, given_key FROM persons"
    " WHERE birth_date = ? ORDER BY order_key"
)
_FIND = f"{_LISTED} WHERE id = ?"
_EVERY = text("SELECT * FROM persons")
_IDS = text("SELECT DISTINCT person_id FROM cases WHERE state <> 'discarded'")


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """What a list shows of a person. `examined_on`, `outcome` and `due_on` are of the decision in force."""

    id: str
    name: str
    iin: str | None
    birth_date: str | None
    examined_on: str | None
    outcome: str | None
    due_on: str | None


def find(connection: Connection, person_id: str) -> ListedPerson | None:
    """The person's row; None where no case that counts is of such a person."""
    row = driver(connection).execute(_FIND, (person_id,)).fetchone()
    return ListedPerson(*row) if row else None


def with_iin(connection: Connection, iin: str) -> list[ListedPerson]:
    """Everybody with this ИИН: one person, unless somebody was entered twice."""
    return [ListedPerson(*row) for row in driver(connection).execute(_WITH_IIN, (iin,))]


def born_on(connection: Connection, birth_date: str) -> list[tuple[ListedPerson, str, str]]:
    """Everybody with this birth date, each with surname and given name folded."""
    return [(ListedPerson(*row[:7]), row[7], row[8]) for row in driver(connection).execute(_BORN, (birth_date,))]


def refresh_of(work: "UnitOfWork", case_id: str, *, changed: bool) -> None:
    """After a case was written. `changed`: something that the person's row repeats may have changed; else the row is
    only written anew where another case was that person's newest."""
    person_id, newest = driver(work.connection).execute(_OF_CASE, (case_id,)).fetchone()
    if changed or newest != case_id:
        refresh(work, person_id)


def refresh(work: "UnitOfWork", person_id: str) -> None:
    """Repeat what the person's newest case says; a person without a case that counts is in no list."""
    row = derived(work.connection, person_id)
    if row is None:
        driver(work.connection).execute(_REMOVE, (person_id,))
    else:
        driver(work.connection).execute(_PUT, row)


def derived(connection: Connection, person_id: str) -> dict[str, Any] | None:
    """The person's row as the cases say it has to be; None where it has to be absent."""
    found = driver(connection).execute(_NEWEST, (person_id,)).fetchone()
    if found is None:
        return None
    in_force = driver(connection).execute(_IN_FORCE, (person_id,)).fetchone() or (None, None, None)
    person = json.loads(found[1]).get("person") or {}
    surname, given, patronymic = (person.get(key) or "" for key in ("surname", "given_name", "patronymic"))
    return {
        "id": person_id,
        "case_id": found[0],
        "name": " ".join(part for part in (surname, given, patronymic) if part),
        "surname_key": fold(surname),
        "given_key": fold(given),
        "patronymic_key": fold(patronymic),
        "order_key": order_key(f"{surname} {given} {patronymic}"),
        "given_order": order_key(f"{given} {surname} {patronymic}"),
        "iin": person.get("iin"),
        "birth_date": person.get("birth_date"),
        "sex": person.get("sex"),
        **dict(zip(("examined_on", "outcome", "due_on"), in_force, strict=True)),
    }


def wrongly_listed(connection: Connection) -> Iterator[str]:
    """Ids of persons whose row doesn't repeat what their cases say, or is missing, or has no case."""
    stored = {row["id"]: dict(row) for row in connection.execute(_EVERY).mappings()}
    for (person_id,) in connection.execute(_IDS).all():
        if stored.pop(person_id, None) != derived(connection, person_id):
            yield person_id
    yield from stored
