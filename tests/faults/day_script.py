"""What the child of `tests.faults.day` does: one trip after another, each step told before and after it is done.

The script looks at the desk and does what comes next, as people do who open the program after it was cut off; it
remembers nothing itself. Each person of a trip stands for one way through the day (`WAYS`), told by the number of the
referral. A step names facts: what must stand on the desk once it is done.
"""

import copy
import hashlib
import json
import os
from collections.abc import Callable
from typing import Any, Final

from app.domain import voting
from app.domain.case_file import get
from app.domain.vocabulary import CaseState, CorrectionKind, EndingKind, PaperKind, PaperState, QueueState
from app.services.attachments import Copy
from app.services.desk import Desk
from app.services.trip_views import Turn
from app.services.views import CaseView
from app.services.votes import Ballot
from tests import factories, trips

Facts = dict[str, Any]
UNKNOWN: Final = "?"
"""In facts told before a step: an id that only the step itself makes."""
WAYS: Final = ("agree", "differ", "refuse", "not_come", "postpone", "correct", "known", "no_iin")
SERIES: Final = "АА"
BLANKS: Final = (PaperKind.CERTIFICATE_EXTRACT, PaperKind.GENERAL_CAPACITY)
TODAY: Final = "2026-11-18"
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


class Teller:
    """Tells each step on the pipe: its facts before it is done, and again once the service has answered."""

    def __init__(self, report: int) -> None:
        self._report = report

    def does(self, facts: Facts, act: Callable[[], Any], found: Callable[[Any], Facts] = lambda _: {}) -> None:
        """`found`: facts that only the answer gives."""
        self._write({"begun": facts})
        answer = act()
        self._write({"done": {**facts, **found(answer)}})

    def _write(self, line: Facts) -> None:
        os.write(self._report, (json.dumps(line, ensure_ascii=False) + "\n").encode())


def work_for_ever(desk: Desk, report: int) -> None:
    """The child: goes on with the trip that is open, then begins another one."""
    tell = Teller(report)
    while True:
        go_on(desk, tell)


def go_on(desk: Desk, tell: Teller) -> None:
    """A trip from where it stands to its end."""
    opened = desk.trips.today()
    if not opened:
        begin(desk, tell)
        opened = desk.trips.today()
    trip_id, day = opened[0].trip.id, len(desk.trips.rows())
    register(desk, tell, trip_id, day)
    while (turn := next_turn(desk, tell, trip_id)) is not None:
        examine(desk, tell, turn, way_of(desk, turn.case_id))
    for turn in desk.trips.worklist(trip_id).turns:
        after_signing(desk, tell, turn.case_id, way_of(desk, turn.case_id))
    spoil_a_blank_one(desk, tell, day)
    tell.does({f"closed|{trip_id}": True}, lambda: desk.trips.close(trip_id))


def way_of(desk: Desk, case_id: str) -> str:
    number = str(get(desk.examinations.open(case_id).document, "referral.number"))
    return number.partition("/")[2].rstrip("б")


def begin(desk: Desk, tell: Teller) -> None:
    day = len(desk.trips.rows()) + 1
    tell.does({"setting|term_decision": day}, lambda: desk.preferences.set("term_decision", day))
    name = f"күн {day}"
    if name not in {known.name for known in desk.snippets.all()}:
        tell.does({f"snippet|{name}": "жазба"}, lambda: desk.snippets.keep(name, "жазба", language="kk"))
    commission = _SAMPLE["examination"]["commission"]
    tell.does(
        {},
        lambda: desk.trips.create({"settlement": f"Ауыл {day}", "commission": commission}),
        lambda trip: {f"settlement|{trip.id}": f"Ауыл {day}", f"order|{trip.id}": []},
    )


def register(desk: Desk, tell: Teller, trip_id: str, day: int) -> None:
    """Everybody who isn't there yet; then the last one goes first, with a small child."""
    order = [turn.case_id for turn in desk.trips.worklist(trip_id).turns]
    there = {way_of(desk, case_id) for case_id in order}
    for at, way in enumerate(WAYS):
        if way in there:
            continue
        fields: Facts = {**trips.person(day * len(WAYS) + at), "referral.number": f"{day}/{way}"}
        known = None
        if way == "no_iin":
            del fields["person.iin"]
        if way == "known" and day > 1:
            # Whoever agreed on the first day comes again.
            fields = {**trips.person(len(WAYS)), "referral.number": f"{day}/{way}"}
            found = desk.registration.known(str(fields["person.iin"]))
            assert found is not None
            known, fields["examination.occasion"] = found.case_id, "repeat"
        listed = list(order)

        def told(case_id: str, listed: list[str] = listed, fields: Facts = fields) -> Facts:
            return {
                f"order|{trip_id}": [*listed, case_id],
                f"queue|{case_id}": "waiting",
                f"state|{case_id}": "draft",
                f"field|{case_id}|person.surname": fields["person.surname"],
                f"field|{case_id}|person.iin": fields.get("person.iin"),
            }

        before = {f"order|{trip_id}": [*listed, UNKNOWN]}
        tell.does(
            before,
            lambda fields=fields, known=known: desk.registration.register(trip_id, fields, known),  # type: ignore[misc]
            told,
        )
        order = [turn.case_id for turn in desk.trips.worklist(trip_id).turns]
    if way_of(desk, order[-1]) == WAYS[-1]:
        last = order[-1]
        tell.does({f"order|{trip_id}": [last, *order[:-1]]}, lambda: desk.trips.put_at(last, 0))


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


def examine(desk: Desk, tell: Teller, turn: Turn, way: str) -> None:
    """What the commission does with the person who is in."""
    case_id = turn.case_id
    absent = {"refuse": QueueState.REFUSED, "not_come": QueueState.NOT_COME, "postpone": QueueState.POSTPONED}
    if way == "postpone" and get(desk.examinations.open(case_id).document, "dossier.postponed") is None:
        facts = {f"field|{case_id}|dossier.postponed": _LATER, f"queue|{case_id}": "in_examination"}
        tell.does(facts, lambda: desk.endings.postpone(case_id, _LATER))
    if way in absent:
        state = absent[way]
        tell.does({f"queue|{case_id}": state.value}, lambda: desk.trips.set_queue(case_id, state))
    if way in ("refuse", "not_come"):
        ending = {"kind": EndingKind.NOT_COME.value, "on": TODAY, "head": factories.NAMES[factories.HEAD]}
        if way == "refuse":
            ending |= {"kind": EndingKind.REFUSED.value, "ground": "incomplete_package"}
        facts = {f"state|{case_id}": "ended", f"field|{case_id}|dossier.ending": ending}
        tell.does(facts, lambda: desk.endings.end(case_id, ending))
    if way not in absent:
        decide_and_sign(desk, tell, case_id, way)


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
        tell.does(
            {f"field|{case_id}|referral.number": f"{number}б"},
            lambda: desk.examinations.set_field(case_id, "referral.number", f"{number}б"),
        )
        decide_and_sign(desk, tell, case_id, way)
        return
    facts = {f"state|{case_id}": "signed"}
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
    if way == "no_iin":
        wanted["dossier.no_iin.reason"] = "stateless"
    if way == "differ":
        member = {"member": 1, "name": factories.NAMES[factories.FIRST]}
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
    for kind in BLANKS:
        states = [paper.state for paper in desk.papers.of_case(case_id).issued if paper.kind is kind]
        if not states:
            issue(desk, tell, case_id, kind)
            states = [PaperState.ISSUED]
        if way == "agree" and kind is BLANKS[0]:
            if states == [PaperState.ISSUED]:
                spoil_what_was_issued(desk, tell, case_id, kind)
                states = [PaperState.SPOILED]
            if states == [PaperState.SPOILED]:
                issue(desk, tell, case_id, kind)


def issue(desk: Desk, tell: Teller, case_id: str, kind: PaperKind) -> None:
    offer = next(offer for offer in desk.papers.of_case(case_id).offers if offer.kind is kind)
    number = str(offer.number)
    facts = {f"paper|{kind}|{int(number)}": [case_id, "issued"]}
    tell.does(facts, lambda: desk.papers.issue(case_id, kind, expected=number))


def spoil_what_was_issued(desk: Desk, tell: Teller, case_id: str, kind: PaperKind) -> None:
    first = next(paper for paper in desk.papers.of_case(case_id).issued if paper.kind is kind)
    tell.does(
        {f"paper|{kind}|{int(first.number)}": [case_id, "spoiled"]},
        lambda: desk.papers.spoil(kind, SERIES, first.number, "бұзылды"),
    )


def spoil_a_blank_one(desk: Desk, tell: Teller, day: int) -> None:
    """Each day a blank gets wet before anybody has it."""
    kind, why = BLANKS[0], f"су болды, {day}"
    rows = used_blanks(desk)
    if any(row.reason == why for row in rows):
        return
    number = max((row.number for row in rows if row.kind == kind), default=0) + 1
    tell.does(
        {f"paper|{kind}|{number}": [None, "spoiled"]}, lambda: desk.papers.spoil(kind, SERIES, f"{number:05}", why)
    )


def used_blanks(desk: Desk) -> list[Any]:
    from app.storage import papers

    with desk._place.database.reading() as connection:
        return list(papers.every(connection))
