"""Persons: their cards, new examinations of them, doubles noticed, two records joined and separated again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.vocabulary import CaseState, CorrectionKind, NoIin, Occasion, Outcome
from app.services.desk import Desk
from app.services.person_history import one_letter_apart, stretches, swapped
from app.services.person_views import Likeness, PersonCase
from app.storage import persons
from tests.factories import DECISION, case_document, decided_case, signatures, signed_case, with_commission


def whole(desk: Desk) -> bool:
    return desk.integrity.verify().ok


def test_a_card_shows_every_examination_the_decision_in_force_and_the_papers(desk: Desk) -> None:
    with_commission(desk)
    first = signed_case(desk)
    paper = desk.conclusions.render(first.id, "conclusion", "kk")
    desk.conclusions.record_output(first.id, "conclusion", "kk", paper.digest, "printed")
    card = desk.people.card(first.person_id)
    assert card.name == "Әбдіқадырұлы Ғалымжан Өмірқұлұлы"
    assert [case.id for case in card.cases] == [first.id]
    assert card.in_force is not None
    assert card.in_force.until == get(first.document, "dossier.until") == "2028-12-01"
    assert [(paper.title.ru, paper.language, paper.how, paper.number) for paper in card.papers] == [
        (card.papers[0].title.ru, "kk", "printed", first.number)
    ]
    (row,) = desk.people.search("абдикадыр").rows
    assert (row.outcome, row.due_on, row.examined_on) == (Outcome.GROUP_2, "2028-12-01", "2026-11-18")
    corrected = desk.examinations.correct(first.id, CorrectionKind.SLIP, "typed wrong")
    assert desk.people.card(first.person_id).under_way is not None
    desk.conclusions.decide(corrected.id, {**DECISION, "period": {"kind": "years", "value": 1}, "reasons": [
        {"code": "decision_differs", "text": "a year", "citation": "§"}]})  # fmt: skip
    desk.conclusions.sign(corrected.id, signatures())
    card = desk.people.card(first.person_id)
    assert {case.state for case in card.cases} == {CaseState.SIGNED, CaseState.SUPERSEDED}
    assert card.in_force is not None
    assert card.in_force.id == corrected.id
    assert desk.people.search("абдикадыр").rows[0].due_on == "2027-12-01"
    assert whole(desk)
    with pytest.raises(UserError):
        desk.people.card("nobody")


def test_a_new_examination_takes_over_the_person_and_what_was_decided(desk: Desk) -> None:
    with_commission(desk)
    first = signed_case(desk)
    again = desk.examinations.create(person=first.person_id)
    assert again.person_id == first.person_id
    assert {key: value for key, value in first.document["person"].items() if value is not None} == again.document[
        "person"
    ]
    assert get(again.document, "examination.occasion") == Occasion.REPEAT
    assert get(again.document, "examination.on") == "2026-11-18"
    assert again.document["previous"] == {
        "on": "2026-11-18", "outcome": "group_2", "period": {"kind": "years", "value": 2}, "cause": "01",
    }  # fmt: skip
    assert again.document["diagnosis"] == {}
    assert again.document["decision"] is None
    assert len(desk.people.search().rows) == 1
    stranger = desk.examinations.create()
    other = desk.examinations.create(person=stranger.person_id) if desk.people.known(stranger.person_id) else None
    assert other is None
    with pytest.raises(UserError):
        desk.examinations.create(person="nobody")
    assert whole(desk)


def alike(desk: Desk, changes: dict[str, object]) -> list[Likeness]:
    return [found.why for found in desk.people.alike(case_document(changes))]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"person.surname": "Басқа", "person.birth_date": "1999-01-01"}, [Likeness.NUMBER]),
        ({"person.iin": None}, [Likeness.NAME]),
        ({"person.iin": None, "person.surname": "АБДИКАДЫРУЛЫ"}, [Likeness.NAME]),
        ({"person.iin": None, "person.surname": "Әбдіқадирұлы"}, [Likeness.NEARLY]),
        ({"person.iin": None, "person.given_name": "Ғалымжа"}, [Likeness.NEARLY]),
        ({"person.iin": None, "person.surname": "Ғалымжан", "person.given_name": "Әбдіқадырұлы"}, [Likeness.NEARLY]),
        ({"person.iin": None, "person.given_name": "Ғалым"}, []),
        ({"person.iin": None, "person.surname": "Әбдіқадирұлы", "person.given_name": "Ғалымжа"}, []),
        ({"person.iin": None, "person.birth_date": "1971-06-15"}, []),
        ({"person.iin": None, "person.birth_date": None}, []),
    ],
)
def test_who_may_be_the_same_person_is_noticed_and_nobody_else(
    desk: Desk, changes: dict[str, object], why: list[Likeness]
) -> None:
    desk.examinations.import_case(case_document())
    assert alike(desk, changes) == why


def test_day_and_month_exchanged_are_noticed(desk: Desk) -> None:
    desk.examinations.import_case(case_document({"person.birth_date": "1971-06-03", "person.iin": None}))
    assert alike(desk, {"person.birth_date": "1971-03-06"}) == [Likeness.NEARLY]
    assert swapped(date(1971, 6, 14)) is None


def test_a_case_is_said_to_be_of_another_person_or_not_to_be(desk: Desk) -> None:
    known = desk.examinations.import_case(case_document())
    entered = desk.examinations.create()
    desk.examinations.set_field(entered.id, "person.iin", "710614301212")
    view = desk.examinations.open(entered.id)
    (found,) = desk.people.alike(view.document, {view.person_id})
    assert found.person.id == known.person_id
    desk.examinations.set_field(entered.id, "dossier.others", [found.person.id])
    assert desk.people.alike(desk.examinations.open(entered.id).document, {view.person_id}) == ()
    desk.people.link(entered.id, known.person_id)
    assert desk.examinations.open(entered.id).person_id == known.person_id
    assert len(desk.people.search().rows) == 1
    offered = desk.people.known(known.person_id, but=entered.id)
    assert offered["person.surname"] == "Әбдіқадырұлы"
    assert "previous" not in offered
    with pytest.raises(UserError):
        desk.people.link(entered.id, "nobody")
    assert whole(desk)


def test_two_records_are_joined_by_an_act_that_can_be_taken_back(desk: Desk) -> None:
    with_commission(desk)
    kept = desk.examinations.import_case(case_document())
    other = signed_case(desk, {"person.surname": "Абдикадыров"})
    draft = desk.examinations.create(person=other.person_id)
    with pytest.raises(UserError):
        desk.people.merge(kept.person_id, other.person_id, "  ")
    with pytest.raises(UserError):
        desk.people.merge(kept.person_id, kept.person_id, "the same")
    with pytest.raises(UserError):
        desk.people.merge(kept.person_id, "nobody", "the same")
    desk.people.merge(kept.person_id, other.person_id, "two spellings, one identity card")
    card = desk.people.card(kept.person_id)
    assert {case.id for case in card.cases} == {kept.id, other.id, draft.id}
    assert [(one.name, one.cases, one.reason) for one in card.merged] == [
        ("Абдикадыров Ғалымжан Өмірқұлұлы", 2, "two spellings, one identity card")
    ]
    assert [row.id for row in desk.people.search().rows] == [kept.person_id]
    assert whole(desk)
    corrected = desk.examinations.correct(other.id, CorrectionKind.SLIP, "typed wrong")
    later = desk.examinations.create(person=kept.person_id)
    with pytest.raises(UserError):
        desk.people.separate(other.person_id, "")
    desk.people.separate(other.person_id, "two men after all")
    assert {case.id for case in desk.people.card(other.person_id).cases} == {other.id, draft.id, corrected.id}
    assert {case.id for case in desk.people.card(kept.person_id).cases} == {kept.id, later.id}
    assert desk.people.card(kept.person_id).merged == ()
    assert whole(desk)
    with pytest.raises(UserError):
        desk.people.separate(other.person_id, "once more")


def test_joinings_are_taken_back_in_their_order(desk: Desk) -> None:
    one, two, three = (desk.examinations.import_case(case_document({"person.given_name": name})) for name in "АБВ")
    desk.people.merge(two.person_id, three.person_id, "a")
    desk.people.merge(one.person_id, two.person_id, "b")
    with pytest.raises(UserError):
        desk.people.separate(three.person_id, "the later one first")
    desk.people.separate(two.person_id, "c")
    desk.people.separate(three.person_id, "d")
    assert len(desk.people.search().rows) == 3
    assert whole(desk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE persons SET due_on = '2030-01-01'",
        "UPDATE persons SET outcome = 'group_1'",
        "DELETE FROM persons",
        "UPDATE case_counts SET cases = cases + 1 WHERE state = 'draft'",
        "DELETE FROM case_counts",
        "DELETE FROM entries",
        "UPDATE entries SET record = replace(record, 'identity', 'birth')",
        "UPDATE cases SET person_id = id",
    ],
)
def test_what_is_changed_behind_the_program_is_noticed(desk: Desk, statement: str) -> None:
    one, two = (desk.examinations.import_case(case_document({"person.given_name": name})) for name in "АБ")
    desk.people.merge(one.person_id, two.person_id, "one identity card")
    assert whole(desk)
    desk._place.database.connection.exec_driver_sql(statement)
    assert not whole(desk)


def test_the_event_of_a_joining_has_to_be_there(desk: Desk) -> None:
    one, two = (desk.examinations.import_case(case_document({"person.given_name": name})) for name in "АБ")
    desk.people.merge(one.person_id, two.person_id, "one identity card")
    connection = desk._place.database.connection
    sql = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
    )
    triggers = sql.all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
    found = desk.integrity.verify()
    assert found.problem is not None
    assert "ends too early" in found.problem.msgid


def case(on: str, until: str | None, outcome: Outcome = Outcome.GROUP_3) -> PersonCase:
    return PersonCase(on, on, CaseState.SIGNED, on, None, None, outcome, None, "01", until, None)


def test_the_line_of_time_ends_a_decision_with_the_next_one_and_shows_what_lay_between() -> None:
    line = stretches((case("2026-05-01", "2028-06-01", Outcome.GROUP_2), case("2023-01-10", "2024-02-01"),
                      case("2024-03-05", "2026-04-01"), case("2026-04-01", None)))  # fmt: skip
    assert [(str(s.since), str(s.until), s.outcome) for s in line] == [
        ("2023-01-10", "2024-02-01", Outcome.GROUP_3),
        ("2024-02-01", "2024-03-05", None),
        ("2024-03-05", "2026-04-01", Outcome.GROUP_3),
        ("2026-04-01", "2026-05-01", Outcome.GROUP_3),
        ("2026-05-01", "2028-06-01", Outcome.GROUP_2),
    ]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("асан", "асан", True), ("асан", "асын", True), ("асан", "асаан", True), ("асан", "сан", True),
     ("асан", "асна", True), ("асан", "анас", False), ("асан", "ас", False), ("", "а", True), ("аб", "ба", True),
     ("асан", "есын", False)],
)  # fmt: skip
def test_one_letter_of_difference(one: str, other: str, near: bool) -> None:
    assert one_letter_apart(one, other) == one_letter_apart(other, one) == near


def test_without_an_iin_a_reason_is_enough_to_sign_and_stands_on_the_paper(desk: Desk, tmp_path: Path) -> None:
    with_commission(desk)
    view = decided_case(desk, {"person.iin": None})
    assert [problem.path for problem in desk.conclusions.obstacles(view.document)] == ["person.iin"]
    desk.conclusions.reopen(view.id)
    view = desk.examinations.set_field(view.id, "dossier.no_iin.reason", NoIin.OTHER)
    assert [problem.path for problem in desk.conclusions.obstacles({**view.document, "decision": DECISION})] == [
        "dossier.no_iin.words"
    ]
    desk.examinations.set_field(view.id, "dossier.no_iin.words", "ұмытылған")
    desk.examinations.set_field(view.id, "dossier.no_iin.reason", "newborn")
    desk.conclusions.decide(view.id, DECISION)
    signed = desk.conclusions.sign(view.id, signatures())
    for language, words in (("kk", "жаңа туған"), ("ru", "новорожденный"), ("en", "newborn")):
        text = printed(desk, signed.id, language)
        assert words in text
        assert "ұмытылған" in text
    card = desk.people.card(signed.person_id)
    assert (card.no_iin, card.no_iin_words) == (NoIin.NEWBORN, "ұмытылған")
    assert whole(desk)


def printed(desk: Desk, case_id: str, language: str) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    pdf: Any = desk.conclusions.render(case_id, "conclusion", language).pdf
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_citizenship_is_printed_by_name(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document({"person.citizenship": "UZB"}))
    assert "Өзбекстан" in printed(desk, view.id, "kk")
    desk.examinations.set_field(view.id, "person.citizenship", "XXA")
    assert "без гражданства" in printed(desk, view.id, "ru")


def test_a_person_s_row_follows_every_change_of_its_cases(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    desk.examinations.set_field(view.id, "person.surname", "Ә")
    with desk._place.database.reading() as connection:
        row = persons.find(connection, view.person_id)
    assert row is not None
    assert row.name.startswith("Ә ")
    desk.examinations.discard(view.id, "twice")
    assert desk.people.search().rows == ()
