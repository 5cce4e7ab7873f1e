"""Who is due: whose newest signed case ends its period, in the month asked for, the overdue on top."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import UserError
from app.domain.vocabulary import CorrectionKind
from app.services.desk import Desk
from app.services.due import DueAsked, DuePage
from app.storage import due as stored
from tests.factories import DECISION, FakeClock, case_document, signatures, signed_case

DECEMBER = DueAsked(date(2028, 12, 1))


def names(page: DuePage) -> list[str]:
    return [str(row.cells[1]).split()[0] for row in page.rows]


def signed_again(desk: Desk, case_id: str, period: dict[str, object], on: str) -> None:
    """A later case of the same person."""
    person = desk.examinations.open(case_id).person_id
    document = case_document({"examination.on": on, "referral.signed_on": on, "person.surname": "Кейінгі"})
    view = desk.examinations.import_case(document)
    from app.storage import cases

    with desk._place.begin() as work:
        cases.set_placed(work, view.id, "person_id", person)
        work.commit()
    reasons = [{"code": "decision_differs", "text": "x", "citation": "y"}]
    desk.conclusions.decide(view.id, {**DECISION, "period": period, "reasons": reasons})
    desk.conclusions.sign(view.id, signatures())


def test_only_the_newest_signed_case_of_a_person_counts(full_desk: Desk) -> None:
    one, two = signed_case(full_desk, {"person.surname": "Ақанов"}), signed_case(full_desk, {"person.surname": "Беков"})
    assert names(full_desk.due.page(DECEMBER)) == ["Ақанов", "Беков"]
    signed_again(full_desk, one.id, {"kind": "years", "value": 1}, "2026-11-17")
    assert names(full_desk.due.page(DECEMBER)) == ["Беков"]
    assert names(full_desk.due.page(replace(DECEMBER, month=date(2027, 12, 1)))) == ["Кейінгі"]
    draft = full_desk.examinations.correct(two.id, CorrectionKind.SLIP, "typed wrong")
    assert full_desk.due.page(DECEMBER).rows[0].cells[-1] == draft.number  # under way
    month = full_desk.due.month(DECEMBER)
    assert (month.days, month.total(12), month.overdue) == ({date(2028, 12, 1): 1}, 1, 0)
    assert month.villages == (("Бестамақ ауылы", 1),)


def test_the_overdue_stand_on_top_and_pages_hold_everybody_once(full_desk: Desk, clock: FakeClock) -> None:
    villages = ("Ақжар", "Бестамақ", "Ақжар", "Өтеген")
    for number, village in enumerate(villages):
        on = "2025-01-20" if number < 2 else "2026-11-18"
        changes: dict[str, object] = {
            "examination.on": on,
            "referral.signed_on": on,
            "referral.incapacity_since": "2024-05-11",
            "referral.diagnosed_on": "2024-05-11",
            "person.surname": f"Адам{3 - number}",
            "person.address.text": f"{village}, 1",
        }
        signed_case(full_desk, changes)
    clock.jump(days=120)
    assert full_desk.due.month(DECEMBER).overdue == 2
    for sort, expected in (
        ("day", ["Адам3", "Адам2", "Адам1", "Адам0"]),
        ("name", ["Адам2", "Адам3", "Адам0", "Адам1"]),
        ("village", ["Адам3", "Адам2", "Адам1", "Адам0"]),
    ):
        asked = replace(DECEMBER, sort=sort)
        assert names(full_desk.due.page(asked)) == expected
        after, seen = None, []
        while True:
            page = full_desk.due.page(asked, after, 1)
            seen += names(page)
            after = page.end
            if after is None:
                break
        assert seen == expected
    page = full_desk.due.page(DECEMBER)
    assert [row.overdue for row in page.rows] == [True, True, False, False]
    assert names(full_desk.due.page(replace(DECEMBER, overdue=False))) == ["Адам1", "Адам0"]
    assert names(full_desk.due.page(replace(DECEMBER, village="Ақжар"))) == ["Адам3", "Адам1"]
    assert names(full_desk.due.page(replace(DECEMBER, region="71"))) == []
    assert [row.case_id for row in full_desk.due.every(DECEMBER)] == [row.case_id for row in page.rows]


def test_a_plan_keeps_who_was_chosen(full_desk: Desk) -> None:
    signed_case(full_desk)
    rows = full_desk.due.page(DECEMBER).rows
    with pytest.raises(UserError):
        full_desk.due.plan((), "Бестамақ ауылы", DECEMBER.month)
    plan = full_desk.due.plan(rows, "Бестамақ ауылы", DECEMBER.month)
    assert full_desk.due.plans() == (plan,)
    assert (plan.people, plan.village, plan.month) == (
        ((rows[0].person_id, rows[0].case_id),),
        "Бестамақ ауылы",
        "2028-12",
    )
    full_desk.due.drop_plan(plan.id)
    full_desk.due.drop_plan(plan.id)
    assert full_desk.due.plans() == ()
    assert full_desk.integrity.verify().problem is None


def test_overdue_people_are_counted_as_far_as_a_bound(full_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "MOST", 0)
    signed_case(full_desk)
    assert stored.count(full_desk._place.database.connection, stored.Span("2028-01-01", "2029-01-01")) == 1
