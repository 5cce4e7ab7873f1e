"""Entering a case: every field saved, checked and audited; nothing typed is lost; nothing signed changes."""

import json
from typing import Any

import pytest

from app.domain.errors import UserError
from app.domain.vocabulary import CaseState
from app.services.desk import Desk
from app.storage.chain import AUDIT
from tests import factories
from tests.factories import FakeClock, case_document


def audit_of(desk: Desk, case_id: str) -> list[dict[str, Any]]:
    with desk._place.database.reading() as connection:
        return [record for _, record in AUDIT.walk(connection) if record["case_id"] == case_id]


def test_a_new_case_is_numbered_within_the_department_and_year(desk: Desk, clock: FakeClock) -> None:
    numbers = [desk.examinations.create().number for _ in range(2)]
    clock.jump(days=60)
    assert [*numbers, desk.examinations.create().number] == ["2/2026/000001", "2/2026/000002", "2/2027/000001"]


def test_a_new_case_is_of_today_and_has_the_last_commission(desk: Desk) -> None:
    assert desk.examinations.create().document["examination"] == {"on": "2026-11-18"}
    before = desk.examinations.import_case(case_document())
    view = desk.examinations.create()
    assert view.document["examination"]["commission"] == before.document["examination"]["commission"]
    assert view.document["person"] == {}
    assert view.state is CaseState.DRAFT


def test_a_saved_field_is_there_when_the_desk_is_opened_again(desk: Desk, data_dir: Any) -> None:
    view = desk.examinations.create()
    saved = desk.examinations.set_field(view.id, "facts.limitations.movement", 2, screen="functions")
    assert saved == desk.examinations.open(view.id)
    desk.examinations.set_field(view.id, "person.surname", "  Ахметов ")
    desk.examinations.remember_place(view.id, "person", "person.surname")
    desk.close()
    again = factories.make_access(data_dir).sign_in(factories.HEAD, factories.PASSPHRASE)
    opened = again.examinations.open(view.id)
    assert opened.document["facts"]["limitations"] == {"movement": 2}
    assert opened.document["person"] == {"surname": "Ахметов"}
    assert opened.place == ("person", "person.surname")
    again.close()


def test_each_change_is_audited_with_old_and_new_value_and_the_screen(desk: Desk) -> None:
    view = desk.examinations.create()
    desk.examinations.set_field(view.id, "person.surname", "Ахметов", screen="person")
    desk.examinations.set_field(view.id, "person.surname", "Ахметова", screen="person")
    desk.examinations.set_field(view.id, "person.surname", "Ахметова", screen="person")
    desk.examinations.set_field(view.id, "person.surname", None)
    changes = [(r["path"], r["old"], r["new"], r["screen"]) for r in audit_of(desk, view.id) if r["action"] == "field"]
    assert changes == [
        ("person.surname", None, "Ахметов", "person"),
        ("person.surname", "Ахметов", "Ахметова", "person"),
        ("person.surname", "Ахметова", None, ""),
    ]
    assert {record["actor"] for record in audit_of(desk, view.id)} == {desk.user.id}


def test_zero_false_and_not_given_are_three_different_answers(desk: Desk) -> None:
    view = desk.examinations.create()
    for value in (0, None, 0):
        kept = desk.examinations.set_field(view.id, "facts.limitations.movement", value)
        assert kept.document["facts"]["limitations"]["movement"] == value
    assert len([r for r in audit_of(desk, view.id) if r["action"] == "field"]) == 3
    assert desk.examinations.set_field(view.id, "facts.insured", False).document["facts"]["insured"] is False


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("person.iin", "123"),
        ("facts.limitations.movement", 9),
        ("facts.limitations.movement", True),
        ("examination.on", "2026-02-30"),
    ],
)
def test_a_wrong_value_is_refused_with_its_path_and_changes_nothing(desk: Desk, path: str, value: object) -> None:
    view = desk.examinations.create()
    with pytest.raises(UserError) as refused:
        desk.examinations.set_field(view.id, path, value)
    assert refused.value.where == path
    assert desk.examinations.open(view.id) == view


def test_unfinished_text_is_kept_until_a_value_takes_its_place(desk: Desk) -> None:
    view = desk.examinations.create()
    desk.examinations.keep_unfinished(view.id, "person.iin", "0612")
    kept = desk.examinations.keep_unfinished(view.id, "person.birth_date", "11.12.")
    assert kept == desk.examinations.open(view.id)
    assert kept.unfinished == {"person.iin": "0612", "person.birth_date": "11.12."}
    desk.examinations.keep_unfinished(view.id, "person.birth_date", None)
    # The same value as before still clears the unfinished text.
    assert desk.examinations.set_field(view.id, "person.iin", None).unfinished == {}


def test_a_discarded_draft_leaves_the_list_and_keeps_its_number_and_reason(desk: Desk) -> None:
    view = desk.examinations.create()
    with pytest.raises(UserError, match="reason"):
        desk.examinations.discard(view.id, "  ")
    desk.examinations.discard(view.id, "entered twice")
    assert desk.examinations.rows() == ()
    assert [row.id for row in desk.examinations.rows(states=frozenset({CaseState.DISCARDED}))] == [view.id]
    assert desk.examinations.counts() == {state: int(state is CaseState.DISCARDED) for state in CaseState}
    assert audit_of(desk, view.id)[-1]["new"] == "entered twice"
    with pytest.raises(UserError, match="discarded"):
        desk.examinations.set_field(view.id, "person.surname", "А")
    assert desk.examinations.create().number.endswith("000002")


def test_an_unknown_case_is_a_sentence(desk: Desk) -> None:
    with pytest.raises(UserError, match="no such case"):
        desk.examinations.open("nothing")


def test_several_cases_are_imported_all_or_none(desk: Desk) -> None:
    with pytest.raises(UserError):
        desk.examinations.import_cases((case_document(), case_document({"person.sex": "unknown"})))
    assert desk.examinations.rows() == ()
    assert len(desk.examinations.import_cases((case_document(), case_document()))) == 2
    assert desk.examinations.import_cases(()) == ()


def test_text_that_no_file_can_hold_is_refused(desk: Desk) -> None:
    view = desk.examinations.create()
    half_a_pair = json.loads('"\\ud800"')
    with pytest.raises(UserError):
        desk.examinations.set_field(view.id, "person.surname", half_a_pair)
    with pytest.raises(UserError):
        desk.examinations.import_case(case_document({"person.surname": half_a_pair}))
    assert desk.examinations.open(view.id) == view
    # What isn't a value yet is kept as far as it can be.
    kept = desk.examinations.keep_unfinished(view.id, "person.iin", f"06{half_a_pair}")
    assert kept.unfinished == {"person.iin": "06?"}


def test_long_texts_of_any_script_are_kept_as_typed(desk: Desk) -> None:
    view = desk.examinations.create()
    words = "Шағымдары: «бас айналу»,\n\tәлсіздік – 😀 \u2028 " * 400
    kept = desk.examinations.set_field(view.id, "diagnosis.main.text", words)
    assert (
        desk.examinations.open(view.id).document["diagnosis"]["main"]["text"]
        == kept.document["diagnosis"]["main"]["text"]
    )
    assert desk.integrity.verify().ok


def test_the_department_can_change_its_letterhead(desk: Desk) -> None:
    from dataclasses import replace

    changed = replace(factories.DEPARTMENT, number="7")
    desk.set_department(changed)
    assert desk.department == changed
    assert desk.examinations.create().number == "7/2026/000001"
    assert desk.integrity.verify().ok


def test_a_login_is_given_once(full_desk: Desk) -> None:
    with pytest.raises(UserError, match="taken"):
        full_desk.users.add(" First", "Another Person", factories.PASSPHRASE)
    assert [user.login for user in full_desk.users.all()] == ["head", "first", "second"]
