"""What the child of `tests.faults.day` does: one trip after another, each step told before and after it is done.

The script looks at the desk and does what comes next, as people do who open the program after it was cut off; it
remembers nothing itself. Each person of a trip stands for one way through the day (`day_trip.WAYS`), told by the number
of the referral. A step names facts: what must stand on the desk once it is done.
"""

import copy
import hashlib
from typing import Any, Final

from app.domain import programme, voting
from app.domain.case_file import get
from app.domain.vocabulary import CaseState, CorrectionKind, EndingKind, QueueState
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.trip_views import Turn
from app.services.views import CaseView
from app.services.votes import Ballot
from tests import factories
from tests.faults import day_papers, day_programme, day_trip
from tests.faults.day_telling import TODAY, Facts, Teller
from tests.faults.day_trip import number_of, set_number, way_of

PNG: Final = b"\x89PNG\r\n\x1a\n"
TWO: Final = {"kind": "years", "value": 2}
OTHERWISE: Final[dict[str, Any]] = {
    **factories.DECISION,
    "outcome": "group_1",
    "general_capacity": 85,
    "reasons": [
        {"code": "decision_differs", "text": "Ауыр асқыну", "citation": "Order 260"},
        {"code": "percentage_outside_band", "text": "Ауыр асқыну", "citation": None},
    ],
}
_LATER: Final = {"until": "2026-12-01", "what": "ЭхоКГ", "reason": "айқын емес"}
_SAMPLE: Final = factories.case_document()
# What is entered of everybody who is examined; long words too, which are audited as a difference.
_ENTERED: Final[Facts] = {
    "referral.organisation": _SAMPLE["referral"]["organisation"],
    "referral.purpose": _SAMPLE["referral"]["purpose"],
    "referral.incapacity_since": "2026-05-11",
    "referral.diagnosed_on": "2026-05-11",
    "person.address": _SAMPLE["person"]["address"],
    "dossier.observations.therapist.complaints": ("Бас ауруы, әлсіздік. " * 20).strip(),
    "dossier.observations.neurologist.objective": "Оң жақ гемипарез.",
    "dossier.observations.surgeon.conclusion": "Ерекшеліксіз.",
    "diagnosis.main.icd10": "I69.3",
    "diagnosis.main.text": _SAMPLE["diagnosis"]["main"]["text"],
    **{f"facts.{name}": value for name, value in _SAMPLE["facts"].items()},
    "cause.code": "01",
}


def work_for_ever(desk: Desk, report: int) -> None:
    """The child: goes on with the trip that is open, then begins another one."""
    tell = Teller(report)
    while True:
        go_on(desk, tell)


def go_on(desk: Desk, tell: Teller) -> None:
    """A trip from where it stands to its end."""
    opened = desk.trips.today()
    if not opened:
        day_trip.begin(desk, tell)
        opened = desk.trips.today()
    trip_id, day = opened[0].trip.id, len(desk.trips.rows())
    day_trip.discard_a_mistake(desk, tell, day)
    day_trip.register(desk, tell, trip_id, day)
    while (turn := day_trip.next_turn(desk, tell, trip_id)) is not None:
        examine(desk, tell, turn, way_of(desk, turn.case_id))
    for turn in desk.trips.worklist(trip_id).turns:
        after_signing(desk, tell, turn.case_id, way_of(desk, turn.case_id))
    join_or_separate(desk, tell, day)
    day_papers.spoil_a_blank_one(desk, tell, day)
    day_papers.print_journal(desk, tell, day)
    tell.does({f"closed|{trip_id}": True}, lambda: desk.trips.close(trip_id))


def join_or_separate(desk: Desk, tell: Teller, day: int) -> None:
    """Two persons of an odd day are joined on it, and separated on the next one."""
    first = day - 1 + day % 2
    trip = next(row.trip.id for row in desk.trips.rows() if row.trip.fields["settlement"] == f"Ауыл {first}")
    cases = {way_of(desk, turn.case_id): turn.case_id for turn in desk.trips.worklist(trip).turns}
    day_papers.join_or_separate(desk, tell, day, cases["agree"], cases["no_iin"])


def examine(desk: Desk, tell: Teller, turn: Turn, way: str) -> None:
    """What the commission does with the person who is in."""
    case_id = turn.case_id
    absent = {"refuse": QueueState.REFUSED, "postpone": QueueState.POSTPONED}
    absent |= dict.fromkeys(("not_come", "resume"), QueueState.NOT_COME)
    if way not in absent:
        decide_and_sign(desk, tell, case_id, way)
        return
    if way == "postpone" and get(desk.examinations.open(case_id).document, "dossier.postponed") is None:
        facts = {f"field|{case_id}|dossier.postponed": _LATER, f"queue|{case_id}": "in_examination"}
        tell.does(facts, lambda: desk.endings.postpone(case_id, _LATER))
    if turn.queue is not absent[way]:
        state = absent[way]
        tell.does({f"queue|{case_id}": state.value}, lambda: desk.trips.set_queue(case_id, state))
    if way != "postpone":
        end(desk, tell, case_id, way)


def end(desk: Desk, tell: Teller, case_id: str, way: str) -> None:
    """Who was thought not to have come, and whose case was resumed, turns out to have died."""
    ending = {"kind": EndingKind.NOT_COME.value, "on": TODAY, "head": factories.NAMES[factories.HEAD]}
    if way == "refuse":
        ending |= {"kind": EndingKind.REFUSED.value, "ground": "incomplete_package"}
    elif number_of(desk, case_id).endswith("р"):
        ending |= {"kind": EndingKind.DIED.value, "source": "көршісі айтты"}
    facts = {f"state|{case_id}": "ended", f"field|{case_id}|dossier.ending": ending}
    if way == "refuse":
        facts[f"refusal|{case_id}"] = True
    tell.does(facts, lambda: desk.endings.end(case_id, ending))


def resume(desk: Desk, tell: Teller, case_id: str) -> None:
    """The case is resumed, gets a sign that it was, and ends otherwise."""
    facts = {f"state|{case_id}": "draft", f"field|{case_id}|dossier.ending": None}
    tell.does(facts, lambda: desk.endings.resume(case_id, "келді"))
    set_number(desk, tell, case_id, f"{number_of(desk, case_id)}р")
    end(desk, tell, case_id, "resume")


def decide_and_sign(desk: Desk, tell: Teller, case_id: str, way: str) -> None:
    view = desk.examinations.open(case_id)
    if view.state is CaseState.DRAFT:
        enter(desk, tell, case_id, way)
        vote(desk, tell, case_id, way)
        decision = copy.deepcopy(OTHERWISE if way == "differ" else factories.DECISION)
        facts = {f"state|{case_id}": "decided", f"field|{case_id}|decision.outcome": decision["outcome"]}
        facts |= {f"queue|{case_id}": "examined"} if view.supersedes is None else {}
        tell.does(facts, lambda: desk.conclusions.decide(case_id, decision))
    number = get(view.document, "referral.number")
    if way == "no_iin" and not number.endswith("б"):
        # The number of the referral was typed wrong: once more.
        reopened = {f"state|{case_id}": "draft", f"queue|{case_id}": "in_examination"}
        tell.does(reopened, lambda: desk.conclusions.reopen(case_id))
        set_number(desk, tell, case_id, f"{number}б")
        decide_and_sign(desk, tell, case_id, way)
        return
    if way in ("agree", "differ", "correct"):
        day_programme.write_decided(desk, tell, case_id)
    facts = {f"state|{case_id}": "signed", f"protocol|{case_id}": True}
    if view.supersedes is not None:
        facts[f"state|{view.supersedes}"] = "superseded"
    tell.does(
        facts,
        lambda: desk.conclusions.sign(case_id, factories.signatures()),
        lambda signed: {f"signed|{case_id}": signed_as(signed)},
    )


def signed_as(view: CaseView) -> Any:
    return view.signed and [view.signed.digest, [one.name for one in view.signed.signatures]]


def enter(desk: Desk, tell: Teller, case_id: str, way: str) -> None:
    """Each field that isn't there yet, then a copy of a paper."""
    wanted = dict(_ENTERED)
    if way in ("agree", "differ", "correct"):
        wanted["referral.purpose"] = day_programme.PURPOSE
    if way == "no_iin":
        wanted["dossier.no_iin.reason"] = "stateless"
    if way == "differ":
        member = {"member": 1, "name": factories.NAMES[factories.FIRST]}
        if get(desk.examinations.open(case_id).document, f"{programme.PATH}.taken") is not None:
            wanted[day_programme.FOUND] = day_programme.FOUND_OUT
        wanted["dossier.dissent"] = [{**member, "text": "Екінші топ жеткілікті", "declined": False}]
    queue = desk.examinations.open(case_id).queue
    for path, value in wanted.items():
        if get(desk.examinations.open(case_id).document, path) == value:
            continue
        facts = {f"field|{case_id}|{path}": value}
        if queue is not None:
            facts[f"queue|{case_id}"] = "in_examination"
        tell.does(facts, lambda path=path, value=value: desk.examinations.set_field(case_id, path, value))  # type: ignore[misc]
    data = PNG + case_id.encode()
    digest = hashlib.sha256(data).hexdigest()
    listed = get(desk.examinations.open(case_id).document, "dossier.attachments") or []
    if digest not in {entry["digest"] for entry in listed} and way in ("agree", "correct"):
        tell.does(
            {f"attachment|{case_id}|{digest}": "ЭКГ"},
            lambda: desk.attachments.add(case_id, Copy(data, b"\xff\xd8\xffsmall"), title="ЭКГ", of="result"),
        )

    if way == "differ":
        day_programme.write_draft(desk, tell, case_id)


def vote(desk: Desk, tell: Teller, case_id: str, way: str) -> None:
    """Whoever has not voted; the last vote opens them."""
    document = desk.examinations.open(case_id).document
    if voting.is_opened(document):
        return
    for member, given in enumerate(voting.votes(document)):
        if given is not None:
            continue
        outcome = "group_1" if way == "differ" and member != 1 else "group_2"
        facts = {f"vote|{case_id}|{member}": outcome, f"opened|{case_id}": member == 2}
        ballot = Ballot(member, outcome, dict(TWO), "негіз")
        tell.does(facts, lambda ballot=ballot: desk.votes.cast(case_id, ballot))  # type: ignore[misc]


def after_signing(desk: Desk, tell: Teller, case_id: str, way: str) -> None:
    """A correction where one is due, then the numbered blanks."""
    if way == "resume" and not number_of(desk, case_id).endswith("р"):
        resume(desk, tell, case_id)
    if desk.examinations.open(case_id).state not in (CaseState.SIGNED, CaseState.SUPERSEDED):
        return
    if way == "correct":
        related = desk.examinations.related(case_id)
        if related.corrected_by is None:
            tell.does(
                {},
                lambda: desk.examinations.correct(case_id, CorrectionKind.BY_COURT, "сот шешімі"),
                lambda new: {f"state|{new.id}": "draft", f"corrects|{new.id}": case_id},
            )
            related = desk.examinations.related(case_id)
        assert related.corrected_by is not None
        case_id = related.corrected_by.id
        if desk.examinations.open(case_id).state is not CaseState.SIGNED:
            decide_and_sign(desk, tell, case_id, way)
    day_papers.give_papers(desk, tell, case_id, spoiled=way == "agree")
