"""The first vote, dissent, the second reading and what is counted of them, on real desks."""

import copy
import json
import time
from datetime import date
from typing import Any

import pytest

from app.domain import voting
from app.domain.case_file import get
from app.domain.errors import UserError
from app.domain.text import Text
from app.domain.vocabulary import CaseState, CorrectionKind, Outcome
from app.i18n import translator
from app.services.desk import Desk
from app.services.views import CaseView
from app.services.votes import Ballot
from tests.documents.papers import text_of
from tests.factories import (
    DECISION,
    FIRST,
    HEAD,
    NAMES,
    PASSPHRASE,
    SECOND,
    FakeClock,
    case_document,
    make_access,
    passphrase_of,
    signatures,
    signed_case,
)

ONE, TWO = {"kind": "years", "value": 1}, {"kind": "years", "value": 2}
OTHER: dict[str, Any] = {
    **DECISION, "outcome": "group_1", "general_capacity": 85,
    "reasons": [
        {"code": "decision_differs", "text": "Ауыр асқыну", "citation": "Order 260"},
        {"code": "percentage_outside_band", "text": "Ауыр асқыну", "citation": None},
    ],
}  # fmt: skip
READER = ("method", "Жұмабекова Сара Қайратқызы", f"{PASSPHRASE} method")


def ballots(*said: tuple[str, Any]) -> list[Ballot]:
    return [Ballot(member, outcome, period) for member, (outcome, period) in enumerate(said)]


def voted(desk: Desk, *said: tuple[str, Any]) -> CaseView:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    for ballot in ballots(*(said or (("group_2", TWO),) * 3)):
        view = desk.votes.cast(view.id, ballot)
    return view


def words(desk: Desk, view: CaseView) -> str:
    """Everything that a screen gets of a case, as text."""
    draft = desk.conclusions.shown(view.document, view.unfinished, view.state)
    return json.dumps(view.document, ensure_ascii=False) + repr(draft)


def refusal(desk: Desk, view: CaseView) -> tuple[str | None, str]:
    """Why the commission can't sign: where, and how the sentence begins."""
    with pytest.raises(UserError) as refused:
        desk.conclusions.sign(view.id, signatures())
    reason = refused.value.text.params["reason"]
    assert isinstance(reason, Text)
    return refused.value.where, reason.msgid.partition(":")[0]


def whole(desk: Desk) -> bool:
    told = desk.integrity.verify()
    assert told.problem is None, told.problem
    return told.ok


def test_no_screen_gets_a_vote_or_the_proposal_before_all_have_voted(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    for ballot in ballots(("group_1", TWO), ("group_1", TWO)):
        desk.votes.cast(view.id, Ballot(ballot.member, ballot.outcome, ballot.period, "құпия негіздеме"))
        for seen in (desk.examinations.open(view.id), desk.examinations.set_field(view.id, "referral.number", "9")):
            told = words(desk, seen)
            assert "group_1" not in told
            assert "group_2" not in told, "the proposal"
            assert "құпия" not in told
            assert set(get(seen.document, voting.VOTES)[0]) == {"member", "name", "at"}
    draft = desk.conclusions.shown(view.document)
    assert draft.closed
    assert draft.proposal is not None
    assert draft.proposal.outcome is Outcome.UNDETERMINED
    assert "второй" not in text_of(desk.conclusions.render(view.id, "conclusion", "ru").pdf)
    with pytest.raises(UserError, match="Not all members have voted"):
        desk.conclusions.decide(view.id, DECISION)
    opened = desk.votes.cast(view.id, Ballot(2, "group_3", ONE))
    assert [vote["outcome"] for vote in get(opened.document, voting.VOTES)] == ["group_1", "group_1", "group_3"]
    assert not desk.conclusions.shown(opened.document).closed
    assert whole(desk)


def test_a_case_that_ended_without_a_decision_keeps_the_proposal_from_who_may_still_vote(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    ended = desk.endings.end(view.id, {"kind": "withdrawal", "on": "2026-11-18", "head": NAMES["head"]})
    assert desk.conclusions.shown(ended.document, ended.unfinished, ended.state).closed
    assert "второй" not in text_of(desk.conclusions.render(view.id, "conclusion", "ru").pdf)


def test_a_vote_is_taken_anew_by_the_same_member_alone_and_only_until_they_are_open(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "offered")
    view = desk.examinations.import_case(case_document())
    desk.votes.cast(view.id, Ballot(0, "group_1", ONE))
    desk.votes.cast(view.id, Ballot(0, "not_established", TWO))
    for ballot in ballots(("", None), ("group_2", TWO), ("group_2", TWO))[1:]:
        view = desk.votes.cast(view.id, ballot)
    (heads, *_) = get(view.document, voting.VOTES)
    assert (heads["outcome"], heads["period"]) == ("not_established", None)
    with pytest.raises(UserError, match="votes are open"):
        desk.votes.cast(view.id, Ballot(0, "group_1", ONE))
    for path, value in ((voting.VOTES, None), (voting.OPENED, None), ("dossier", None), (voting.DISTANCE, None)):
        with pytest.raises(UserError, match="alone"):
            desk.examinations.set_field(view.id, path, value)
    assert whole(desk)


def test_a_wrong_ballot_changes_nothing(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    for wrong in (
        Ballot(3, "group_1", ONE), Ballot(-1, "group_1", ONE), Ballot(0, "undetermined", ONE), Ballot(0, "group_1"),
        Ballot(0, "group_1", {"kind": "years", "value": None}), Ballot(0, "", ONE),
    ):  # fmt: skip
        with pytest.raises(UserError):
            desk.votes.cast(view.id, wrong)
    assert not voting.has_begun(desk.examinations.open(view.id).document)
    desk.preferences.set("blind_vote", "off")
    with pytest.raises(UserError, match="no vote"):
        desk.votes.cast(view.id, Ballot(0, "group_1", ONE))


def test_where_the_department_asks_for_it_the_own_passphrase_confirms_a_vote(full_desk: Desk) -> None:
    full_desk.preferences.set("blind_vote", "required")
    full_desk.preferences.set("vote_passphrase", True)
    view = full_desk.examinations.import_case(case_document())
    for login, passphrase in ((FIRST, passphrase_of(HEAD)), (HEAD, passphrase_of(HEAD)), ("", "")):
        with pytest.raises(UserError):
            full_desk.votes.cast(view.id, Ballot(1, "group_2", TWO, "", login, passphrase))
    ballot = Ballot(1, "group_2", TWO, "", FIRST, passphrase_of(FIRST))
    assert passphrase_of(FIRST) not in repr(ballot)
    full_desk.votes.cast(view.id, ballot)
    assert whole(full_desk)


def test_after_the_first_vote_a_changed_fact_keeps_old_value_new_value_and_reason(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    desk.examinations.set_field(view.id, "facts.functions.mental", 2)
    desk.votes.cast(view.id, Ballot(0, "group_2", TWO))
    with pytest.raises(UserError, match="say why") as refused:
        desk.examinations.set_field(view.id, "facts.functions.mental", 3)
    assert refused.value.where == "facts.functions.mental"
    desk.examinations.set_field(view.id, "referral.number", "77")
    desk.examinations.set_field(view.id, "facts.functions.mental", 3, why="  психолог\nқорытындысы ")
    (change,) = desk.votes.late_changes(view.id)
    assert (change.path, change.old, change.new) == ("facts.functions.mental", 2, 3)
    assert (change.reason, change.by) == ("психолог қорытындысы", NAMES[HEAD])
    assert whole(desk)


def test_voting_again_needs_a_reason_and_keeps_what_was_open(desk: Desk) -> None:
    view = voted(desk, ("group_1", ONE), ("group_2", TWO), ("group_3", ONE))
    with pytest.raises(UserError):
        desk.votes.again(view.id, " ")
    view = desk.votes.again(view.id, "жаңа құжат келді")
    (ended,) = get(view.document, voting.EARLIER)
    assert [vote["outcome"] for vote in ended["votes"]] == ["group_1", "group_2", "group_3"]
    assert not voting.has_begun(view.document)
    assert desk.conclusions.shown(view.document).closed
    desk.votes.cast(view.id, Ballot(0, "group_1", ONE))
    view = desk.votes.again(view.id, "қате мүше")
    assert get(view.document, voting.EARLIER)[1]["votes"] is None, "what was not open stays closed"
    assert "group_1" not in json.dumps(get(view.document, voting.EARLIER)[1])
    assert whole(desk)


def test_who_leaves_the_commission_opens_nothing_by_it(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    view = desk.examinations.import_case(case_document())
    for ballot in ballots(("group_2", TWO), ("group_2", TWO)):
        desk.votes.cast(view.id, ballot)
    with pytest.raises(UserError):
        desk.votes.open_votes(view.id)
    members = get(view.document, "examination.commission")
    view = desk.examinations.set_field(view.id, "examination.commission", members[:2])
    assert desk.conclusions.shown(view.document).closed
    view = desk.votes.open_votes(view.id)
    assert voting.is_opened(view.document)
    view = desk.examinations.set_field(view.id, "examination.commission", members)
    with pytest.raises(UserError, match="no vote"):
        desk.conclusions.decide(view.id, DECISION)
    assert whole(desk)


def test_votes_dissent_and_distance_are_signed_printed_and_travel(full_desk: Desk) -> None:
    view = voted(full_desk, ("group_2", TWO), ("group_3", ONE), ("group_2", TWO))
    full_desk.conclusions.decide(view.id, DECISION)
    assert refusal(full_desk, view) == (voting.DISSENT, "{name} voted otherwise")
    full_desk.conclusions.reopen(view.id)
    opinion = {"member": 1, "name": NAMES[FIRST], "text": "Жүруі сақталған деп есептеймін", "declined": None}
    full_desk.examinations.set_field(view.id, voting.DISSENT, [opinion])
    full_desk.conclusions.decide(view.id, DECISION)
    signed = full_desk.conclusions.sign(view.id, signatures())
    distance = get(signed.document, voting.DISTANCE)
    assert [far["groups"] for far in distance["votes"]] == [0, -1, 0]
    assert distance["decision"] == {"groups": 0, "months": 0, "differs": False}
    with full_desk._place.database.reading() as connection:
        records = connection.exec_driver_sql("SELECT record FROM events").scalars().all()
    (event,) = [e for e in map(json.loads, records) if e["type"] == "case.signed"]
    dossier = json.loads(event["payload"]["record"])["case"]["dossier"]
    assert dossier["distance"] == distance
    assert len(dossier["votes"]) == 3
    for language, counted in (("kk", "осы шешімге – 2"), ("ru", "за это решение – 2"), ("en", "2 for this decision")):
        paper = text_of(full_desk.conclusions.render(view.id, "conclusion", language).pdf)
        assert opinion["text"] in paper
        assert counted in paper
    assert whole(full_desk)


def test_a_correction_is_voted_on_anew(full_desk: Desk) -> None:
    view = voted(full_desk)
    full_desk.conclusions.decide(view.id, DECISION)
    full_desk.conclusions.sign(view.id, signatures())
    correction = full_desk.examinations.correct(view.id, CorrectionKind.SLIP, "x")
    assert not voting.has_begun(correction.document)
    assert get(correction.document, voting.DISTANCE) is None
    assert full_desk.conclusions.shown(correction.document).closed


def test_a_decision_on_another_group_waits_for_the_second_reading(full_desk: Desk, clock: FakeClock) -> None:
    desk = full_desk
    desk.preferences.set("second_reading", "when_group_differs")
    login, name, passphrase = READER
    desk.users.add(login, name, passphrase)
    view = desk.examinations.import_case(case_document())
    with pytest.raises(UserError):
        desk.second_readings.confirm(view.id, login, passphrase, agreed=True)
    view = desk.conclusions.decide(view.id, copy.deepcopy(OTHER))
    assert refusal(desk, view) == (voting.SECOND_READING, "The decision differs from the proposal")
    for who, typed in ((HEAD, PASSPHRASE), (login, "wrong"), ("nobody", passphrase)):
        with pytest.raises(UserError):
            desk.second_readings.confirm(view.id, who, typed, agreed=True)
    with pytest.raises(UserError, match="why"):
        desk.second_readings.confirm(view.id, login, passphrase, agreed=False)
    desk.second_readings.confirm(view.id, login, passphrase, agreed=False, text="негізі жоқ")
    assert refusal(desk, view)[1].startswith("The department of methodology does not agree")
    # Another decision is read anew.
    desk.conclusions.reopen(view.id)
    view = desk.conclusions.decide(view.id, copy.deepcopy(OTHER))
    assert get(view.document, voting.SECOND_READING) is None
    for wrong in (
        ("", "12", clock.today()),
        ("Б", "", clock.today()),
        ("Б", "12", None),
        ("Б", "12", date(2030, 1, 1)),
    ):
        with pytest.raises(UserError):
            desk.second_readings.by_paper(view.id, by=wrong[0], number=wrong[1], on=wrong[2], agreed=True)
    desk.second_readings.by_paper(view.id, by=name, number="12/м", on=clock.today(), agreed=True)
    desk.second_readings.take_back(view.id)
    view = desk.second_readings.confirm(view.id, login, passphrase, agreed=True, text="келісемін")
    assert get(view.document, voting.SECOND_READING)["login"] == login
    assert desk.conclusions.sign(view.id, signatures()).state is CaseState.SIGNED
    assert whole(desk)


def test_how_we_decide_counts_by_member_commission_and_organisation(full_desk: Desk, data_dir: Any) -> None:
    view = voted(full_desk, ("group_1", TWO), ("group_2", TWO), ("group_1", TWO))
    full_desk.examinations.set_field(
        view.id, voting.DISSENT, [{"member": 1, "name": NAMES[FIRST], "text": None, "declined": True}]
    )
    full_desk.conclusions.decide(view.id, copy.deepcopy(OTHER))
    full_desk.conclusions.sign(view.id, signatures())
    full_desk.preferences.set("blind_vote", "off")
    signed_case(full_desk, {"referral.organisation": "=Басқа аурухана"})
    control = full_desk.control.counts()
    assert (control.total.cases, control.total.overridden, control.total.votes) == (2, 1, 3)
    assert (control.total.apart, control.total.heavier, control.total.dissent) == (2, 2, 1)
    by_name = {tally.name: tally for tally in control.members}
    assert (by_name[NAMES[FIRST]].apart, by_name[NAMES[FIRST]].dissent) == (0, 1)
    assert (by_name[NAMES[HEAD]].apart, by_name[NAMES[HEAD]].dissent) == (1, 0)
    assert {tally.name: tally.overridden for tally in control.organisations} == {
        "Алға аудандық ауруханасы": 1, "=Басқа аурухана": 0,
    }  # fmt: skip
    assert [tally.cases for tally in control.commissions] == [2]
    table = full_desk.control.as_csv(control, translator("ru")).decode("utf-8-sig")
    assert "'=Басқа аурухана" in table
    assert len(table.splitlines()) == 1 + 1 + 3 + 1 + 2
    full_desk.close()
    other = make_access(data_dir).sign_in(SECOND, passphrase_of(SECOND))
    with pytest.raises(UserError, match="heads of commissions"):
        other.control.counts()
    other.close()


def test_thousands_of_signed_cases_are_counted_while_nobody_waits(full_desk: Desk) -> None:
    signed_case(full_desk)
    with full_desk._place.database.lock:
        connection = full_desk._place.database.connection
        rows = connection.exec_driver_sql("SELECT document, 0 FROM cases").all() * 3000
    full_desk.control._signed = lambda: ((json.loads(row[0]), False) for row in rows)  # type: ignore[method-assign]
    began = time.perf_counter()
    assert full_desk.control.counts().total.cases == 3000
    assert time.perf_counter() - began < 3


def test_where_there_is_no_group_nobody_has_to_vote(desk: Desk) -> None:
    desk.preferences.set("blind_vote", "required")
    for changes in (
        {"referral.purpose": ["general_capacity"]}, {"examination.place": "in_absentia_proactive"},
    ):  # fmt: skip
        view = desk.examinations.import_case(case_document(changes))
        assert not desk.conclusions.shown(view.document).closed, changes
        assert voting.VOTES not in {remark.path for remark in desk.conclusions.obstacles(view.document)}


def test_a_desk_begins_with_the_settings_it_is_founded_with(data_dir: Any) -> None:
    from tests.factories import DEPARTMENT

    access = make_access(data_dir)
    access.create(
        department=DEPARTMENT, login=HEAD, name=NAMES[HEAD], passphrase=PASSPHRASE, language="kk",
        settings={"blind_vote": "required"},
    )  # fmt: skip
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.preferences.procedure().blind_vote == "required"
    assert whole(desk)
    desk.close()
