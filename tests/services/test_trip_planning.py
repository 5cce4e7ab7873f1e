"""A trip made of who is due: everybody once, in order, as a repeat examination; who can't come is told."""

from datetime import date

import pytest

from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.vocabulary import CorrectionKind
from app.services.desk import Desk
from app.services.due import DueAsked
from app.services.trip_planning import MOST, Way
from tests import factories
from tests.factories import signed_case

DECEMBER = DueAsked(date(2028, 12, 1), overdue=False, village="Ақжар", sort="name")
FIELDS = {"on": "2028-12-04", "settlement": "Ақжар", "place": "visiting_session"}


def signed_of(desk: Desk, surname: str, iin: str, village: str = "Ақжар") -> str:
    changes = {"person.surname": surname, "person.address.text": f"{village}, 1", "person.iin": iin}
    return signed_case(desk, changes).id


def queue(desk: Desk, trip_id: str) -> list[tuple[str, str, str]]:
    return [(turn.name.split()[0], turn.queue.value, str(turn.occasion)) for turn in desk.trips.worklist(trip_id).turns]


def test_a_month_of_a_village_becomes_a_trip_in_its_order_and_the_plan_goes_with_it(full_desk: Desk) -> None:
    desk = full_desk
    for surname, iin in (("Өтеген", "710614301222"), ("Ақанов", "710614301212")):
        signed_of(desk, surname, iin)
    signed_of(desk, "Басқа", "710614301232", "Бестамақ")
    rows = desk.due.page(DECEMBER).rows
    plan = desk.due.plan(rows, "Ақжар", DECEMBER.month)
    wanted = [row.case_id for row in rows]
    assert [(one.name.split()[0], one.way) for one in desk.trip_planning.look(wanted)] == [
        ("Ақанов", Way.ANEW),
        ("Өтеген", Way.ANEW),
    ]
    made = desk.trip_planning.make([*wanted, wanted[0]], FIELDS, plan=plan.id)
    assert (made.taken, made.left_out, desk.due.plans()) == (2, (), ())
    assert made.trip.on == date(2028, 12, 4)
    assert queue(desk, made.trip.id) == [("Ақанов", "waiting", "repeat"), ("Өтеген", "waiting", "repeat")]
    view = desk.examinations.open(desk.trips.worklist(made.trip.id).turns[0].case_id)
    assert get(view.document, "examination.on") == "2028-12-04"
    assert get(view.document, "previous.outcome") == "group_2"
    assert desk.examinations.open(wanted[0]).person_id == view.person_id
    # Once more: everybody is in an open trip, which is said with the trip; nothing is made.
    assert [(one.way, one.trip and one.trip.id) for one in desk.trip_planning.look(wanted)] == [
        (Way.BUSY, made.trip.id)
    ] * 2
    with pytest.raises(UserError, match="in an open trip already"):
        desk.trip_planning.make(wanted, FIELDS)
    assert len(desk.trips.rows()) == 1
    assert desk.integrity.verify().ok


def test_open_cases_come_themselves_and_who_died_or_is_elsewhere_is_left_out(full_desk: Desk) -> None:
    desk = full_desk
    free, dead, corrected = (
        signed_of(desk, name, iin)
        for name, iin in (("Асанов", "710614301212"), ("Болатов", "710614301222"), ("Қайратов", "710614301232"))
    )
    own = desk.examinations.create(desk.examinations.open(free).person_id)
    death = desk.examinations.create(desk.examinations.open(dead).person_id)
    ending = {"kind": "death", "on": "2026-11-18", "source": "куәлік", "head": factories.NAMES[factories.HEAD]}
    desk.endings.end(death.id, ending)
    desk.examinations.correct(corrected, CorrectionKind.SLIP, "қате")
    asked = [free, dead, corrected, "no such case"]
    assert [one.way for one in desk.trip_planning.look(asked)] == [Way.OPEN, Way.DEAD, Way.ANEW, Way.GONE]
    old = desk.trips.create({"settlement": "Бестамақ"})
    made = desk.trip_planning.make(asked, {}, trip_id=old.id)
    assert (made.trip.id, made.taken, [one.way for one in made.left_out]) == (old.id, 2, [Way.DEAD, Way.GONE])
    turns = desk.trips.worklist(old.id).turns
    assert turns[0].case_id == own.id
    assert turns[1].case_id not in asked, "a new case; the correction stays where it is"
    # A second record of one person stays out, whoever of them is in the trip.
    double = signed_of(desk, "Қайратова", "710614301232")
    assert [one.way for one in desk.trip_planning.look([double])] == [Way.ANEW]
    assert [one.way for one in desk.trip_planning.look([double, double, corrected])] == [Way.ANEW, Way.BUSY]
    with pytest.raises(UserError, match="None of these"):
        desk.trip_planning.make([double], {}, trip_id=old.id)
    # Of a closed trip the open case may be taken; into a closed one nobody comes, and nothing is left half done.
    desk.trips.close(old.id)
    with pytest.raises(UserError, match="is closed"):
        desk.trip_planning.make([free], {}, trip_id=old.id)
    with pytest.raises(UserError, match="too many"):
        desk.trip_planning.make([free] * (MOST + 1), {})
    with pytest.raises(UserError) as refused:
        desk.trip_planning.make([free], {"on": None})
    assert refused.value.where == "on"
    assert len(desk.trips.rows()) == 1
    assert [one.way for one in desk.trip_planning.look([free])] == [Way.OPEN]
    assert desk.integrity.verify().ok
