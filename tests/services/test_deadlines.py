"""Deadlines: from the criteria, from the department, or not known; and a clock that jumped makes them doubtful."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import UserError
from app.domain.vocabulary import CaseState, Status
from app.services.deadlines import Deadline, nearest, terms
from app.services.desk import Desk
from tests.factories import FakeClock, case_document, signed_case


def of(desk: Desk, case_id: str) -> dict[str, Deadline]:
    view = desk.examinations.open(case_id)
    return {one.id: one for one in desk.deadlines.of(view, desk.deadlines.basis())}


def test_a_draft_counts_its_referral_and_its_decision(desk: Desk, clock: FakeClock) -> None:
    view = desk.examinations.import_case(case_document())
    found = of(desk, view.id)
    assert (found["referral"].due, found["referral"].left) == (date(2026, 12, 2), 14)
    assert found["referral"].status is Status.SEEN
    assert (found["decision"].due, found["decision"].left, found["decision"].status) == (
        date(2026, 11, 18), 0, Status.MEMORY,
    )  # fmt: skip
    assert found["registration"].due is None
    assert found["registration"].why is not None
    clock.jump(days=2)
    assert of(desk, view.id)["decision"].left == -2
    first = nearest(tuple(of(desk, view.id).values()))
    assert first is not None
    assert first.id == "decision"
    desk.examinations.set_field(view.id, "referral.registered_on", "2026-11-18")
    assert "registration" not in of(desk, view.id)


def test_a_case_that_was_put_off_waits_and_comes_back_by_itself(desk: Desk, clock: FakeClock) -> None:
    view = desk.examinations.import_case(case_document())
    desk.endings.postpone(view.id, {"until": "2026-11-25", "what": "ЭхоКГ", "reason": "not clear"})
    found = of(desk, view.id)
    assert (found["postponed"].left, found["decision"].due) == (7, date(2026, 11, 25))
    clock.jump(days=7)
    found = of(desk, view.id)
    assert "postponed" not in found
    assert found["decision"].left == 0


def test_a_term_that_no_text_gives_is_not_known_until_the_department_enters_it(full_desk: Desk) -> None:
    case_id = signed_case(full_desk).id
    found = of(full_desk, case_id)
    assert (found["appeal"].due, found["programme"].due) == (None, None)
    assert "not known" in str(found["appeal"].why)
    full_desk.deadlines.set_days("appeal", 30)
    appeal = of(full_desk, case_id)["appeal"]
    assert (appeal.due, appeal.left, appeal.entered, appeal.status) == (date(2026, 12, 18), 30, True, Status.MEMORY)
    full_desk.deadlines.set_days("appeal", None)
    assert of(full_desk, case_id)["appeal"].due is None
    for wrong in (-1, 1000, True, "30"):
        with pytest.raises(UserError):
            full_desk.deadlines.set_days("appeal", wrong)  # type: ignore[arg-type]
    assert full_desk.integrity.verify().ok
    assert {term.id for term in terms() if term.days is None} == {"decision_proactive", "programme", "appeal"}


def test_a_signed_case_says_when_the_person_is_due_again_and_from_when(full_desk: Desk) -> None:
    found = of(full_desk, signed_case(full_desk).id)
    assert found["reexamination"].due == date(2028, 12, 1)
    assert found["reexamination_from"].due == date(2028, 10, 1)
    first = nearest(tuple(found.values()))
    assert first is not None
    assert first.id == "reexamination", "from when one may come is no deadline"


def test_an_appeal_that_ran_out_is_nobodys_delay(full_desk: Desk, clock: FakeClock) -> None:
    case_id = signed_case(full_desk).id
    full_desk.deadlines.set_days("appeal", 10)
    clock.jump(days=20)
    found = of(full_desk, case_id)
    assert found["appeal"].left == -10
    assert not found["appeal"].counts


def test_a_proactive_decision_has_no_known_term_and_a_duplicate_none_at_all(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document({"examination.place": "in_absentia_proactive"}))
    assert of(desk, view.id)["decision_proactive"].due is None
    desk.examinations.set_field(view.id, "referral.purpose", None)
    desk.examinations.set_field(view.id, "dossier.purpose", ["duplicate"])
    assert of(desk, view.id) == {}


def test_nothing_is_due_in_a_case_that_ended(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    for state in (CaseState.ENDED, CaseState.DISCARDED):
        assert desk.deadlines.of(replace(view, state=state), desk.deadlines.basis()) == ()


def test_a_clock_that_jumped_makes_the_days_doubtful(desk: Desk, clock: FakeClock) -> None:
    assert desk.deadlines.basis().doubt is None
    clock.jump(days=40)
    desk.examinations.import_case(case_document())
    assert desk.deadlines.basis().doubt is not None
