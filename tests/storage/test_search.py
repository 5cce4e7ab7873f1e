"""Search as you type: a Russian keyboard, any case, words from the beginning, answered from index ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary import CaseState
from app.services.desk import Desk
from app.storage import case_list
from app.storage.folding import fold
from tests.factories import case_document

PEOPLE = {
    "1": ("Ғалымжанова", "Әсел", "Қайратқызы", "850101400011"),
    "2": ("Галымов", "Айдар", None, "900202300022"),
    "3": ("Өмірбек", "Ғалымжан", "Ұланұлы", "950303300033"),
    "4": ("Семёнова-Һаким", "Інжу", "Ыдырысқызы", "000404600044"),
}


@pytest.fixture
def people(desk: Desk) -> Desk:
    for surname, given_name, patronymic, iin in PEOPLE.values():
        person = {"person.surname": surname, "person.given_name": given_name, "person.patronymic": patronymic}
        desk.examinations.import_case(case_document({**person, "person.iin": iin}))
    return desk


def found(desk: Desk, query: str) -> set[str]:
    by_iin = {person[3]: key for key, person in PEOPLE.items()}
    return {by_iin[row.iin or ""] for row in desk.examinations.rows(query)}


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", "1234"),
        ("галым", "123"),
        ("ҒАЛЫМ", "123"),
        ("ғалымжанова әс", "1"),
        ("асел галым", "1"),
        ("галым асел кайр", "1"),
        ("галым асел зз", ""),
        ("омир", "3"),
        ("семенова", "4"),
        ("Семёнова-Хаким инжу", "4"),
        ("инж", "4"),
        ("жан", ""),
        ("9002", "2"),
        ("2/2026/000003", "3"),
        ("2/2026", "1234"),
        ("3", "3"),
        ("  галымов   ", "2"),
        ("%", ""),
        ("_", ""),
        ("' OR 1=1 --", ""),
    ],
)
def test_what_is_typed_finds(people: Desk, query: str, keys: str) -> None:
    assert found(people, query) == set(keys)


@given(st.text(max_size=40))
def test_folding_is_stable_and_hides_the_difference_of_the_two_alphabets(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert not set(fold(text)) & set("әғқңөұүһіё")


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("query", ["", "галым", "галым асел", "галым асел кайр", "9002", "3", "2/2026"])
def test_every_search_is_answered_from_indexes_without_sorting_what_is_many(
    people: Desk, query: str, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = found(people, query)
    if many:  # as if each name were borne by thousands
        monkeypatch.setattr(case_list, "_FEW", dict.fromkeys((1, 2, 3), 0))
    assert found(people, query) == keys
    plan = plan_of(people, query)
    read = [step for step in plan if "cases" in step and "found" not in step]
    assert read
    assert not [step for step in read if step.startswith("SCAN")]
    assert not [step for step in read if "COVERING" not in step and "cases_by_ordinal" not in step
                and "PRIMARY KEY" not in step and "(number" not in step]  # fmt: skip
    if query == "" or many:
        assert not [step for step in plan if "TEMP B-TREE" in step]


def plan_of(desk: Desk, query: str) -> list[str]:
    with desk._place.database.reading() as connection:
        statement, params = case_list.listing(connection, query, frozenset())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", {**params, "limit": 500}).all()
    return [row[3] for row in rows]


def test_states_are_counted_as_they_change_and_narrow_every_search(people: Desk) -> None:
    rows = people.examinations.rows()
    people.examinations.discard(rows[0].id, "twice")
    assert people.examinations.counts()[CaseState.DRAFT] == 3
    assert people.examinations.counts()[CaseState.DISCARDED] == 1
    assert people.examinations.counts()[CaseState.SIGNED] == 0
    only = frozenset({CaseState.DISCARDED})
    for query in ("", "семенова", "семенова инжу", "0004", "2/2026", "4"):
        assert [row.id for row in people.examinations.rows(query, only)] == [rows[0].id]
        assert rows[0].id not in [row.id for row in people.examinations.rows(query)]


def test_the_newest_change_comes_first_whatever_the_clock_says(people: Desk) -> None:
    rows = people.examinations.rows()
    assert [row.number[-1] for row in rows] == ["4", "3", "2", "1"]
    people._place.clock.jump(days=-4000)  # type: ignore[attr-defined]
    people.examinations.set_field(rows[2].id, "person.citizenship", "RUS")
    assert [row.number[-1] for row in people.examinations.rows()] == ["2", "4", "3", "1"]
