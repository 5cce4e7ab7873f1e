"""The trip of a day that may be broken off (tests.faults.day): begun, people put into it, moved, called."""

from typing import Any, Final

from app.domain.case_file import get
from app.domain.vocabulary import CaseState, QueueState
from app.services.desk import Desk
from app.services.trip_views import Turn
from tests import factories, trips
from tests.faults.day_telling import UNKNOWN, Facts, Teller

WAYS: Final = ("agree", "differ", "refuse", "not_come", "resume", "postpone", "correct", "known", "no_iin")
"""Each person of a trip stands for one way through the day, told by the number of the referral; besides, who was put
off comes back on the next day ("back")."""
_COMMISSION: Final[Any] = factories.case_document()["examination"]["commission"]


def way_of(desk: Desk, case_id: str) -> str:
    """A letter behind the way says that something was done once more in the case."""
    return number_of(desk, case_id).partition("/")[2].rstrip("бр")


def number_of(desk: Desk, case_id: str) -> str:
    return str(get(desk.examinations.open(case_id).document, "referral.number"))


def set_number(desk: Desk, tell: Teller, case_id: str, number: str) -> None:
    facts: Facts = {f"field|{case_id}|referral.number": number}
    tell.does(facts, lambda: desk.examinations.set_field(case_id, "referral.number", number))


def order_of(desk: Desk, trip_id: str) -> list[str]:
    return [turn.case_id for turn in desk.trips.worklist(trip_id).turns]


def begin(desk: Desk, tell: Teller) -> None:
    day = len(desk.trips.rows()) + 1
    tell.does({"setting|term_decision": day}, lambda: desk.preferences.set("term_decision", day))
    name = f"күн {day}"
    if name not in {known.name for known in desk.snippets.all()}:
        tell.does({f"snippet|{name}": "жазба"}, lambda: desk.snippets.keep(name, "жазба", language="kk"))
    tell.does(
        {},
        lambda: desk.trips.create({"settlement": f"Ауыл {day}", "commission": _COMMISSION}),
        lambda trip: {f"settlement|{trip.id}": f"Ауыл {day}", f"order|{trip.id}": []},
    )


def register(desk: Desk, tell: Teller, trip_id: str, day: int) -> None:
    """Who was put off on the day before, then everybody who isn't there yet; then the order changes."""
    take_back(desk, tell, trip_id, day)
    there = {number_of(desk, case_id).rstrip("бр") for case_id in order_of(desk, trip_id)}
    for at, way in enumerate(WAYS):
        if f"{day}/{way}" not in there:
            register_one(desk, tell, trip_id, day, at)
    order = order_of(desk, trip_id)
    ways = [way_of(desk, case_id) for case_id in order]
    if ways[-1] == WAYS[-1]:
        # A small child goes first.
        last = order[-1]
        tell.does({f"order|{trip_id}": [last, *order[:-1]]}, lambda: desk.trips.put_at(last, 0))
        register(desk, tell, trip_id, day)
    elif ways.index("refuse") < ways.index("not_come"):
        # By mistake out of the trip, and in again, at its end.
        out = order[ways.index("refuse")]
        kept = [case_id for case_id in order if case_id != out]
        tell.does({f"order|{trip_id}": kept, f"queue|{out}": None}, lambda: desk.trips.take_out(out))
        register(desk, tell, trip_id, day)


def take_back(desk: Desk, tell: Teller, trip_id: str, day: int) -> None:
    """Who was put off comes into this trip, is taken up again, and gets another number of the referral."""
    for row in desk.trips.rows():
        if row.trip.id == trip_id:
            continue
        for case_id in order_of(desk, row.trip.id):
            if way_of(desk, case_id) == "postpone":
                left = [each for each in order_of(desk, row.trip.id) if each != case_id]
                facts: Facts = {
                    f"order|{row.trip.id}": left,
                    f"order|{trip_id}": [*order_of(desk, trip_id), case_id],
                    f"queue|{case_id}": "waiting",
                }
                tell.does(facts, lambda case_id=case_id: desk.trips.add(trip_id, [case_id]))  # type: ignore[misc]
    for case_id in order_of(desk, trip_id):
        if number_of(desk, case_id) == f"{day - 1}/postpone":
            if get(desk.examinations.open(case_id).document, "dossier.postponed") is not None:
                facts = {f"field|{case_id}|dossier.postponed": None}
                tell.does(facts, lambda case_id=case_id: desk.endings.take_up(case_id))  # type: ignore[misc]
            set_number(desk, tell, case_id, f"{day}/back")


def register_one(desk: Desk, tell: Teller, trip_id: str, day: int, at: int) -> None:
    way, order = WAYS[at], order_of(desk, trip_id)
    fields: Facts = {**trips.person(day * len(WAYS) + at), "referral.number": f"{day}/{way}"}
    known = None
    if way == "refuse":
        found = desk.registration.known(str(fields["person.iin"]))
        if found is not None:
            facts = {f"order|{trip_id}": [*order, found.case_id], f"queue|{found.case_id}": "waiting"}
            tell.does(facts, lambda: desk.trips.add(trip_id, [found.case_id]))
            return
    if way == "no_iin":
        del fields["person.iin"]
    if way == "known" and day > 1:
        # Whoever agreed on the first day comes again.
        fields = {**trips.person(len(WAYS)), "referral.number": f"{day}/{way}"}
        found = desk.registration.known(str(fields["person.iin"]))
        assert found is not None
        known, fields["examination.occasion"] = found.case_id, "repeat"

    def told(case_id: str) -> Facts:
        return {
            f"order|{trip_id}": [*order, case_id],
            f"queue|{case_id}": "waiting",
            f"state|{case_id}": "draft",
            f"field|{case_id}|person.surname": fields["person.surname"],
            f"field|{case_id}|person.iin": fields.get("person.iin"),
        }

    before = {f"order|{trip_id}": [*order, UNKNOWN]}
    tell.does(before, lambda: desk.registration.register(trip_id, fields, known), told)


def discard_a_mistake(desk: Desk, tell: Teller, day: int) -> None:
    """Each day a case is begun by mistake, outside of the trip, and discarded."""
    if desk.examinations.counts()[CaseState.DISCARDED] >= day:
        return
    drafts = [desk.examinations.open(row.id) for row in desk.examinations.rows("", frozenset({CaseState.DRAFT}))]
    begun = [view.id for view in drafts if view.trip_id is None and not get(view.document, "referral.number")]
    if not begun:
        tell.does({}, desk.examinations.create, lambda view: {f"state|{view.id}": "draft"})
        discard_a_mistake(desk, tell, day)
    else:
        tell.does({f"state|{begun[0]}": "discarded"}, lambda: desk.examinations.discard(begun[0], "қате басталды"))


def next_turn(desk: Desk, tell: Teller, trip_id: str) -> Turn | None:
    """Whoever is in or was left half way; else the next one is called; None once nobody waits."""
    while True:
        turns = desk.trips.worklist(trip_id).turns
        for turn in turns:
            unsigned = turn.state in (CaseState.DRAFT, CaseState.DECIDED)
            if unsigned and turn.queue not in (QueueState.WAITING, QueueState.POSTPONED):
                return turn
        waiting = next((turn for turn in turns if turn.queue is QueueState.WAITING), None)
        if waiting is None:
            return None
        tell.does({f"queue|{waiting.case_id}": "called"}, lambda: desk.trips.call_next(trip_id))
