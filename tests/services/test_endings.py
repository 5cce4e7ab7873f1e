"""Cases end without a decision, are resumed, put off and corrected; whatever the order, the log stays whole."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.domain.case_file import get
from app.domain.errors import Told, UserError
from app.domain.vocabulary import CaseState, CorrectionKind, EndingKind
from app.services.desk import Desk
from app.services.grounds import ground, grounds, shown_ground
from app.storage.chain import EVENTS
from tests.factories import DECISION, NAMES, FakeClock, case_document, signatures, signed_case

HEAD = NAMES["head"]
REFUSED = {"kind": "refused", "ground": "incomplete_package", "on": "2026-11-18", "head": HEAD}
ENDINGS: dict[str, dict[str, Any]] = {
    "refused": REFUSED,
    "not_come": {"kind": "not_come", "on": "2026-11-18", "head": HEAD},
    "died": {"kind": "died", "on": "2026-11-17", "source": "certificate 12", "head": HEAD},
    "withdrawn": {"kind": "withdrawn", "on": "2026-11-18", "head": HEAD},
    "served": {"kind": "served", "text": "duplicate 5 of certificate 17", "on": "2026-11-18", "head": HEAD},
}
DUPLICATE: dict[str, object] = {"referral": {}, "dossier": {"purpose": ["duplicate"]}}


def events_of(desk: Desk) -> list[dict[str, Any]]:
    with desk._place.database.reading() as connection:
        return [event for _, event in EVENTS.walk(connection)]


@pytest.mark.parametrize("kind", EndingKind)
def test_every_kind_of_ending_freezes_the_case_and_travels(desk: Desk, kind: EndingKind) -> None:
    view = desk.examinations.import_case(case_document({"referral.number": None}))
    for path, value in DUPLICATE.items() if kind is EndingKind.SERVED else ():
        desk.examinations.set_field(view.id, "dossier.purpose" if path == "dossier" else path,
                                    ["duplicate"] if path == "dossier" else value)  # fmt: skip
    ended = desk.endings.end(view.id, ENDINGS[kind])
    assert ended.state is CaseState.ENDED
    assert get(ended.document, "dossier.ending") == ENDINGS[kind]
    event = events_of(desk)[-1]
    assert (event["type"], event["case_id"], event["payload"]["ending"]) == ("case.ended", view.id, ENDINGS[kind])
    (row,) = desk.examinations.rows()
    assert (row.state, row.ending) == (CaseState.ENDED, kind)
    with pytest.raises(UserError, match="Resume it"):
        desk.examinations.set_field(view.id, "person.surname", "Ғабитов")
    assert desk.integrity.verify().ok


def test_a_resumed_case_is_as_it_was_with_the_reason_in_the_log(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    desk.examinations.keep_unfinished(view.id, "person.birth_date", "31.02.1971")
    desk.endings.end(view.id, REFUSED)
    with pytest.raises(UserError, match="reason"):
        desk.endings.resume(view.id, "  ")
    resumed = desk.endings.resume(view.id, "the papers were brought")
    assert (resumed.state, get(resumed.document, "dossier.ending")) == (CaseState.DRAFT, None)
    assert resumed.unfinished == {"person.birth_date": "31.02.1971"}, "nothing typed is lost by an ending"
    assert events_of(desk)[-1]["payload"]["reason"] == "the papers were brought"
    assert [row.ending for row in desk.examinations.rows()] == [None]
    with pytest.raises(UserError, match="was not ended"):
        desk.endings.resume(view.id, "again")
    assert desk.integrity.verify().ok


@pytest.mark.parametrize(
    ("ending", "where"),
    [
        ({}, "kind"),
        ({"kind": "refused", "on": "2026-11-18", "head": HEAD}, "ground"),
        ({"kind": "refused", "ground": "other", "on": "2026-11-18", "head": HEAD}, "text"),
        ({"kind": "not_come", "head": HEAD}, "on"),
        ({"kind": "not_come", "on": "2026-11-18"}, "head"),
        ({"kind": "not_come", "on": "2026-11-19", "head": HEAD}, "on"),
        ({"kind": "died", "on": "2026-11-17", "head": HEAD}, "source"),
        ({"kind": "died", "on": "1971-06-13", "source": "told", "head": HEAD}, "on"),
        ({"kind": "served", "on": "2026-11-18", "head": HEAD}, "text"),
        (ENDINGS["served"], "kind"),
    ],
)
def test_an_ending_that_lacks_something_says_where_and_changes_nothing(
    desk: Desk, ending: dict[str, Any], where: str
) -> None:
    view = desk.examinations.import_case(case_document())
    with pytest.raises(UserError) as refused:
        desk.endings.end(view.id, ending)
    assert refused.value.where == f"dossier.ending.{where}"
    assert desk.examinations.open(view.id) == view


def test_what_an_ending_of_that_kind_does_not_have_is_not_kept(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    ended = desk.endings.end(view.id, {**ENDINGS["not_come"], "ground": "other", "source": "told"})
    assert get(ended.document, "dossier.ending") == ENDINGS["not_come"]


def test_decided_signed_and_corrected_cases_are_not_ended(full_desk: Desk) -> None:
    signed = signed_case(full_desk)
    with pytest.raises(UserError, match="signed"):
        full_desk.endings.end(signed.id, REFUSED)
    correction = full_desk.examinations.correct(signed.id, CorrectionKind.BY_COURT, "x")
    with pytest.raises(UserError, match="discard"):
        full_desk.endings.end(correction.id, REFUSED)


def test_the_case_shows_the_ground_for_a_refusal(desk: Desk) -> None:
    def shown(changes: dict[str, object]) -> str | None:
        document = case_document(changes)
        proposal = desk.conclusions.draft(document).proposal
        assert proposal is not None
        found = shown_ground(document, {c.code for c in proposal.conflicts if c.kind == "obstacle"})
        return found.id if found else None

    assert shown({}) is None
    assert shown({"referral.signed_on": "2026-09-12"}) == "expired_documents"
    assert shown({"referral.incapacity_since": "2026-10-01", "referral.diagnosed_on": "2026-10-01"}) == (
        "referral_too_early"
    )
    assert shown({"referral.number": None}) == "incomplete_package"
    assert shown({"cause": {"code": "02", "paper": None}}) == "incomplete_package"
    assert shown({"referral.number": None, "examination.occasion": "control"}) is None, "a control has no referral"


def test_every_ground_has_three_languages_a_source_and_a_status() -> None:
    assert len({known.id for known in grounds()}) == len(grounds()) == 5
    for known in grounds():
        assert all((known.name.of(code), known.source.of(code)) for code in ("kk", "ru", "en"))
        assert ground(known.id) is known


def test_a_case_put_off_stays_a_draft_and_says_until_when(desk: Desk, clock: FakeClock) -> None:
    view = desk.examinations.import_case(case_document())
    later = {"until": "2026-12-01", "what": "ЭхоКГ", "reason": "the degree of the visceral disorder is not clear"}
    postponed = desk.endings.postpone(view.id, later)
    assert (postponed.state, get(postponed.document, "dossier.postponed")) == (CaseState.DRAFT, later)
    assert [row.postponed_to for row in desk.examinations.rows()] == ["2026-12-01"]
    for change, where in (({"until": "2026-11-18"}, "until"), ({"what": None}, "what"), ({"reason": ""}, "reason")):
        with pytest.raises(UserError) as refused:
            desk.endings.postpone(view.id, {**later, **change})
        assert refused.value.where == f"dossier.postponed.{where}"
    clock.jump(days=12)
    assert desk.examinations.left_over() == ()
    clock.jump(days=1)
    assert [row.id for row in desk.examinations.left_over()] == [view.id], "on the day it comes back by itself"
    desk.endings.take_up(view.id)
    assert [row.postponed_to for row in desk.examinations.rows()] == [None]
    assert desk.integrity.verify().ok


def test_a_correction_needs_a_reason_and_both_know_each_other(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    with pytest.raises(UserError) as refused:
        full_desk.examinations.correct(old.id, CorrectionKind.SLIP, " \n ")
    assert refused.value.where == "dossier.correction.reason"
    new = full_desk.examinations.correct(old.id, CorrectionKind.NEW_FACTS, "a second opinion came")
    assert get(new.document, "dossier.correction") == {"kind": "new_facts", "reason": "a second opinion came"}
    related = full_desk.examinations.related(new.id)
    assert related.corrects is not None
    assert (related.corrects.number, related.corrected_by) == (old.number, None)
    back = full_desk.examinations.related(old.id).corrected_by
    assert back is not None
    assert (back.id, back.state) == (new.id, CaseState.DRAFT)
    found = full_desk.examinations.numbered(f" {old.number} ")
    assert found is not None
    assert found.id == old.id
    assert full_desk.examinations.numbered(new.number) is None, "what nobody has signed is no decision"


def test_an_ended_case_that_was_resumed_past_the_audit_trail_is_found(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    desk.endings.end(view.id, REFUSED)
    for forged in ("outcome = 'group_1'", "document = '{}'", "ending = 'died'", "state = 'signed'"):
        with pytest.raises(IntegrityError, match=r"frozen|conclusion"), desk._place.database.reading() as connection:
            connection.exec_driver_sql(f"UPDATE cases SET {forged}")  # noqa: S608
    assert desk.integrity.verify().ok
    with desk._place.database.reading() as connection:
        connection.exec_driver_sql("UPDATE cases SET state = 'draft'")
    assert not desk.integrity.verify().ok


ACTS = ("end", "resume", "decide", "reopen", "sign", "correct", "postpone", "field", "discard")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=4, max_size=10))
def test_in_whatever_order_acts_come_the_log_stays_whole(full_desk: Desk, acts: list[str]) -> None:
    case_id = full_desk.examinations.import_case(case_document()).id
    for place, act in enumerate(acts):
        try:
            match act:
                case "end":
                    full_desk.endings.end(case_id, REFUSED)
                case "resume":
                    full_desk.endings.resume(case_id, "papers came")
                case "decide":
                    full_desk.conclusions.decide(case_id, DECISION)
                case "reopen":
                    full_desk.conclusions.reopen(case_id)
                case "sign":
                    full_desk.conclusions.sign(case_id, signatures())
                case "correct":
                    case_id = full_desk.examinations.correct(case_id, CorrectionKind.SLIP, "typed wrong").id
                case "postpone":
                    full_desk.endings.postpone(case_id, {"until": "2026-12-01", "what": "a", "reason": "b"})
                case "field":
                    full_desk.examinations.set_field(case_id, "person.address.text", f"Алға, {place}")
                case "discard":
                    full_desk.examinations.discard(case_id, "tried")
        except Told:
            pass
    told = full_desk.integrity.verify()
    assert told.ok, told.problem
