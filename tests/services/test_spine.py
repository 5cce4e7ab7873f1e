"""Persons, entries, placement: what stands beside a case is found, audited and checked like the case itself."""

import pytest
from sqlalchemy import text

from app.domain.case_file import get, read_case
from app.domain.errors import UserError
from app.domain.vocabulary import CorrectionKind
from app.services.desk import Desk
from app.storage import cases, entries
from app.storage.folding import order_key
from tests.factories import DECISION, case_document, decided_case, signed_case


def persons(desk: Desk) -> list[dict[str, object]]:
    with desk._place.database.reading() as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM persons ORDER BY order_key")).mappings()]


def verified(desk: Desk) -> bool:
    told = desk.integrity.verify()
    assert told.ok == (told.problem is None)
    return told.ok


def test_a_persons_row_says_what_the_newest_case_says(desk: Desk) -> None:
    first = desk.examinations.import_case(case_document())
    assert [row["case_id"] for row in persons(desk)] == [first.id]
    desk.examinations.set_field(first.id, "person.surname", "Ғабитов")
    assert [row["name"] for row in persons(desk)] == ["Ғабитов Ғалымжан Өмірқұлұлы"]
    assert verified(desk)


def test_a_correction_is_of_the_same_person_and_a_discarded_case_counts_no_more(full_desk: Desk) -> None:
    signed = signed_case(full_desk)
    correction = full_desk.examinations.correct(signed.id, CorrectionKind.SLIP, "typed wrong")
    assert correction.person_id == signed.person_id
    full_desk.examinations.set_field(correction.id, "person.given_name", "Асқар")
    assert [row["case_id"] for row in persons(full_desk)] == [correction.id]
    full_desk.examinations.discard(correction.id, "tried")
    assert [(row["case_id"], row["name"]) for row in persons(full_desk)] == [
        (signed.id, "Әбдіқадырұлы Ғалымжан Өмірқұлұлы")
    ]
    assert verified(full_desk)


def test_a_person_without_a_case_that_counts_is_in_no_list(desk: Desk) -> None:
    desk.examinations.discard(desk.examinations.create().id, "tried")
    assert persons(desk) == []
    assert verified(desk)


def test_a_case_moves_to_another_person_whatever_its_state_and_both_rows_follow(full_desk: Desk) -> None:
    signed, other = signed_case(full_desk), full_desk.examinations.import_case(case_document())
    with full_desk._place.begin() as work:
        cases.set_placed(work, signed.id, "person_id", other.person_id)
        cases.set_placed(work, signed.id, "queue", "examined")
        work.commit()
    assert [row["id"] for row in persons(full_desk)] == [other.person_id]
    assert full_desk.examinations.open(signed.id).queue == "examined"
    assert verified(full_desk)


def test_the_end_of_the_decided_period_is_kept_with_the_case(desk: Desk) -> None:
    view = decided_case(desk)
    assert get(view.document, "dossier.until") == "2028-12-01"
    view = desk.conclusions.reopen(view.id)
    again = {**DECISION, "outcome": "not_established", "period": None, "cause": None, "general_capacity": None}
    again["reasons"] = [{"code": "decision_differs", "text": "tried", "citation": "tried"}]
    assert get(desk.conclusions.decide(view.id, again).document, "dossier.until") is None
    assert verified(desk)


def test_a_case_file_from_outside_holds_no_dossier() -> None:
    with pytest.raises(UserError) as caught:
        read_case(b'{"format": "mse-case/1", "dossier": {}}')
    assert caught.value.where == "dossier"


def test_the_desk_notices_what_was_changed_beside_the_audit_trail(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    desk.preferences.set("blind_vote", "required")
    assert desk.preferences.get("blind_vote") == "required"
    assert verified(desk)
    for statement, back in (
        ("UPDATE persons SET name = 'X'", "UPDATE persons SET name = 'Әбдіқадырұлы Ғалымжан Өмірқұлұлы'"),
        ("UPDATE cases SET queue = 'called'", "UPDATE cases SET queue = NULL"),
        ("UPDATE cases SET region = '11'", "UPDATE cases SET region = '15'"),
        ("UPDATE entries SET record = '{}'", 'UPDATE entries SET record = \'{"value":"required"}\''),
        ("INSERT INTO entries VALUES ('setting', 'x', 1, '{}')", "DELETE FROM entries WHERE id = 'x'"),
    ):
        for words, ok in ((statement, False), (back, True)):
            desk._place.database.connection.exec_driver_sql(words)
            assert verified(desk) is ok, words
    assert view.person_id != view.id


def test_an_entry_that_does_not_change_leaves_no_trace(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "offered")
    before = desk.integrity.verify().audit
    desk.preferences.set("blind_vote", "offered")
    assert desk.integrity.verify().audit == before
    with pytest.raises(UserError):
        desk.preferences.set("blind_vote", "sometimes")


def test_an_entry_can_be_taken_away_and_that_is_told(desk: Desk) -> None:
    with desk._place.begin() as work:
        entries.put(work, "snippet", "a", {"text": "Шағымдары жоқ"})
        entries.put(work, "snippet", "b", {"text": "Жалоб нет"})
        work.commit()
    with desk._place.begin() as work:
        entries.put(work, "snippet", "a", None)
        work.commit()
    with desk._place.database.reading() as connection:
        assert list(entries.of_kind(connection, "snippet")) == ["b"]
    assert verified(desk)


def test_names_are_in_the_order_of_the_kazakh_alphabet() -> None:
    names = ["Абай", "Әлия", "Байжан", "Ғалым", "Демеу", "Ерлан", "Ислам", "Қанат", "Нұрлан", "Ңғ", "Ораз", "Өтеген"]
    names += ["Ұлан", "Үміт", "Хасан", "Һадис", "Шара", "Ілияс", "Эльмира", "Юсуп", "Яна"]
    assert sorted(names, key=order_key) == names
    assert order_key("Ғалымжан").startswith(order_key("ғал"))
