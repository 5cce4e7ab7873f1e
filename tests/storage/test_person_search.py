"""Persons as they are found while typing: what a filter over everybody and a sort would give, without either."""

import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.desk import Desk
from app.storage import person_search, persons
from app.storage.database import driver
from app.storage.folding import fold, order_key
from tests.factories import HEAD, PASSPHRASE, case_document, make_desk

Names = tuple[str, str, str]
# Letters that a Russian keyboard has no key for, their neighbours, and what stands between names.
_LETTERS = st.text(st.sampled_from("аәбгғеёиікқнңоөуұүхһжщĞğ-"), min_size=1, max_size=4)
_NAME = st.one_of(_LETTERS, st.tuples(_LETTERS, _LETTERS).map(" ".join), st.just(""))
_PEOPLE = st.lists(st.tuples(_NAME, _NAME, _NAME), max_size=30)
_ALPHABET = " -'0123456789abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@pytest.fixture(scope="module")
def desk_of_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("many") / "desk"
    desk = make_desk(folder).sign_in(HEAD, PASSPHRASE)
    desk.examinations.import_case(case_document())
    yield desk
    desk.close()


def fill(desk: Desk, people: list[Names]) -> None:
    connection = driver(desk._place.database.connection)
    case_id = connection.execute("SELECT id FROM cases").fetchone()[0]
    connection.execute("BEGIN")
    connection.execute("DELETE FROM persons")
    nothing = dict.fromkeys(("birth_date", "sex", "examined_on", "outcome", "due_on"))
    for number, (surname, given_name, patronymic) in enumerate(people):
        row = {
            "id": str(number), "case_id": case_id, "name": f"{surname}|{given_name}|{patronymic}",
            "surname_key": fold(surname), "given_key": fold(given_name), "patronymic_key": fold(patronymic),
            "order_key": order_key(f"{surname} {given_name} {patronymic}"),
            "given_order": order_key(f"{given_name} {surname} {patronymic}"),
            "iin": f"{number * 7919 % 1000:03}{number:09}",
        }  # fmt: skip
        connection.execute(persons._PUT, {**row, **nothing})
    connection.execute("COMMIT")


def expected(people: list[Names], query: str) -> list[str]:
    """Filter everybody, sort: by surname, then who is found by the given name alone."""
    words = fold(query).split()
    by_surname, by_given = [], []
    for surname, given_name, patronymic in people:
        whole, spoken = f"{surname} {given_name} {patronymic}", f"{given_name} {surname} {patronymic}"
        # Whoever has no surname stands under the given name.
        begins = [
            fold(part).startswith(word) for part, word in zip((whole, given_name, patronymic), words, strict=False)
        ]
        turned = [
            fold(part).startswith(word) for part, word in zip((given_name, whole, patronymic), words, strict=False)
        ]
        several = len(words) in (2, 3)
        name = f"{surname}|{given_name}|{patronymic}"
        if fold(whole).startswith(" ".join(words)) or (several and all(begins)):
            by_surname.append((order_key(whole), name))
        elif (several and all(turned)) or (not several and fold(spoken).startswith(" ".join(words))):
            by_given.append((order_key(whole if several else spoken), name))
    return [key for key, _ in sorted(by_surname)] + [key for key, _ in sorted(by_given)]


def keys(desk: Desk, query: str, limit: int) -> list[str]:
    """Of those found, in their order: the key they are sorted by; equal names may change places."""
    words = fold(query).split()
    found = []
    for row in desk.people.search(query, limit).rows:
        surname, given_name, patronymic = row.name.split("|")
        whole, spoken = f"{surname} {given_name} {patronymic}", f"{given_name} {surname} {patronymic}"
        by_given = len(words) not in (2, 3) and not fold(whole).startswith(" ".join(words))
        found.append(order_key(spoken if by_given else whole))
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=_PEOPLE, data=st.data())
def test_what_is_found_is_what_a_filter_and_a_sort_give(
    desk_of_many: Desk, people: list[Names], data: st.DataObject
) -> None:
    fill(desk_of_many, people)
    somebody = data.draw(st.sampled_from([*people, ("аә", "кқ", "")]))
    order = data.draw(st.permutations(range(3)))
    typed = " ".join(somebody[place][: data.draw(st.integers(0, 4))] for place in order[: data.draw(st.integers(1, 3))])
    query = data.draw(st.sampled_from((typed, typed.upper(), fold(typed), f" {typed}  ")))
    wanted = expected(people, query)
    assert keys(desk_of_many, query, 1000) == wanted
    limit = data.draw(st.integers(1, 5))
    assert keys(desk_of_many, query, limit) == wanted[:limit]
    assert desk_of_many.people.search(query, limit).more == (len(wanted) > limit)


@given(st.lists(st.text(st.sampled_from(_ALPHABET), max_size=6), max_size=12))
def test_the_order_is_that_of_the_kazakh_alphabet_letter_by_letter(names: list[str]) -> None:
    tidy = [" ".join(name.split()) for name in names]
    assert sorted(tidy, key=order_key) == sorted(tidy, key=lambda name: [_ALPHABET.index(letter) for letter in name])


@given(st.text(max_size=8), st.text(max_size=8))
def test_letters_of_no_alphabet_here_are_never_taken_for_others(one: str, other: str) -> None:
    def said(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).casefold().split())

    assert (order_key(one) == order_key(other)) == (said(one) == said(other))
    assert order_key("ğ") not in {order_key(letter) for letter in _ALPHABET}


def test_a_number_is_found_by_its_beginning_also_with_spaces(desk_of_many: Desk) -> None:
    fill(desk_of_many, [("А", "Б", "")] * 200)
    all_iins = sorted(row.iin or "" for row in desk_of_many.people.search("", 1000).rows)
    for digits in ("0", "07", "790", all_iins[30], f"{all_iins[30][:6]} {all_iins[30][6:]}", "9999"):
        found = [row.iin for row in desk_of_many.people.search(digits, 1000).rows]
        assert found == [iin for iin in all_iins if iin.startswith(digits.replace(" ", ""))]


def test_a_search_costs_probes_for_what_it_shows_and_reads_nobody_else(desk_of_many: Desk) -> None:
    """Among 3,000 persons each question is a search in an index: no scan, no sorting; and few of them."""
    chance = random.Random(7)
    names = ["Құдайберген", "Кудайберген", "Ғалым", "Галым", "Өмір", "Омир", "Үсен", "Усен", "Ұлан", "Һамза"]
    fill(desk_of_many, [(chance.choice(names) + "ұлы", chance.choice(names), "") for _ in range(3000)])
    connection = driver(desk_of_many._place.database.connection)
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    try:
        for query in ("", "к", "кудайбергенулы", "кудайбергенулы гал", "улан усен", "жок", "12"):
            asked.clear()
            rows = desk_of_many.people.search(query, 20).rows
            assert bool(rows) == (query != "жок")
            assert len(asked) <= 70, query
            steps = [
                row[3] for statement in list(asked) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            ]
            assert not [step for step in steps if "TEMP B-TREE" in step]
            assert not [step for step in steps if step.startswith("SCAN") and "found" not in step]
    finally:
        connection.set_trace_callback(None)


def test_nothing_typed_stops_the_search(desk_of_many: Desk) -> None:
    fill(desk_of_many, [("Ким", "Ли", "")])
    for query in ("%", "_", "' OR 1=1 --", "к" * 5000, "\u0000", "\U0010ffff", "ß", "а б в г д"):
        assert desk_of_many.people.search(query).rows == ()
    assert person_search.found(desk_of_many._place.database.connection, "ким  ли", 5)[0].name == "Ким|Ли|"
