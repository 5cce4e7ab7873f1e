"""Proposing, deciding, signing: who must sign, what stops it, and that signed is frozen."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.crypto import digests, signing
from app.crypto.records import member_statement
from app.domain.errors import CheckFailed, UserError
from app.domain.vocabulary import CaseState, CorrectionKind, Outcome
from app.services.desk import Desk
from app.services.views import MemberSignature
from app.storage import conclusions
from app.storage.chain import EVENTS
from tests import factories
from tests.factories import DECISION, FIRST, HEAD, NAMES, SECOND, case_document, decided_case, signatures, signed_case

DIFFERENT = {**DECISION, "outcome": "group_1", "general_capacity": 90}
ANSWER = {"code": "decision_differs", "text": "Ауыр асқыну бар", "citation": "Order 260"}
BAND_ANSWER = {"code": "percentage_outside_band", "text": "Топқа сай", "citation": None}


def events_of(desk: Desk) -> list[dict[str, Any]]:
    with desk._place.database.reading() as connection:
        return [event for _, event in EVENTS.walk(connection)]


def test_a_draft_is_proposed_for_as_soon_as_age_sex_and_day_are_known(desk: Desk) -> None:
    whole = case_document()
    draft = desk.conclusions.draft(whole)
    assert draft.proposal is not None
    assert draft.proposal.outcome is Outcome.GROUP_2
    assert draft.explanation is not None
    assert draft.problems == ()
    for path in ("person.birth_date", "person.sex", "examination.on"):
        assert desk.conclusions.draft(case_document({path: None})).proposal is None
    assert desk.conclusions.draft(case_document({"person.birth_date": "2027-01-01"})).problems != ()


def test_an_unfinished_field_counts_as_unknown_in_the_draft(desk: Desk) -> None:
    whole = case_document()
    assert desk.conclusions.draft(whole, {"person.birth_date": "11.1"}).proposal is None
    assert whole == case_document()


def test_a_day_without_criteria_is_a_remark_and_no_crash(desk: Desk) -> None:
    draft = desk.conclusions.draft(case_document({"examination.on": "1999-01-01"}))
    assert draft.proposal is None
    assert "examination.on" in {problem.path for problem in draft.problems}


def test_agreeing_decides_and_reopening_makes_a_draft_again(desk: Desk) -> None:
    view = decided_case(desk)
    assert (view.state, view.document["decision"]) == (CaseState.DECIDED, DECISION)
    assert desk.examinations.rows()[0].outcome is Outcome.GROUP_2
    with pytest.raises(UserError, match="Reopen"):
        desk.examinations.set_field(view.id, "person.surname", "Б")
    again = desk.conclusions.reopen(view.id)
    assert again.state is CaseState.DRAFT
    with pytest.raises(UserError, match="reopened"):
        desk.conclusions.reopen(view.id)


def test_a_decision_that_differs_needs_a_reason_and_a_citation(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    for reasons in ([], [{**ANSWER, "citation": None}], [{**ANSWER, "text": None}], [{**ANSWER, "code": "iin_sex"}]):
        with pytest.raises(UserError, match="differs") as refused:
            desk.conclusions.decide(view.id, {**copy.deepcopy(DIFFERENT), "reasons": reasons})
        assert refused.value.where == "decision.reasons"
    assert desk.examinations.open(view.id) == view
    assert desk.conclusions.decide(view.id, {**DIFFERENT, "reasons": [ANSWER]}).state is CaseState.DECIDED


def test_a_decision_without_an_outcome_or_with_unfinished_text_is_refused(desk: Desk) -> None:
    view = desk.examinations.import_case(case_document())
    with pytest.raises(UserError) as refused:
        desk.conclusions.decide(view.id, {"reasons": []})
    assert refused.value.where == "decision.outcome"
    desk.examinations.keep_unfinished(view.id, "person.iin", "71")
    with pytest.raises(UserError) as refused:
        desk.conclusions.decide(view.id, DECISION)
    assert refused.value.where == "person.iin"


def test_nothing_stops_a_whole_decided_case(desk: Desk) -> None:
    assert desk.conclusions.obstacles(case_document({"decision": DECISION})) == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"decision": None}, "decision.outcome"),
        ({"diagnosis.main": None}, "diagnosis.main.icd10"),
        ({"person.birth_date": None}, "person.birth_date"),
        (
            {"facts.limitations.movement": None, "facts.limitations.self_care": None, "facts.limitations.work": None},
            "facts.limitations.movement",
        ),
        ({"facts.prognosis": None}, "facts.prognosis"),
        ({"referral.signed_on": "2026-09-01"}, "referral.signed_on"),
        ({"person.iin": "710614301213"}, "person.iin"),
        ({"person.sex": "female"}, "person.iin"),
        ({"facts.functions.statodynamic": 4}, None),
    ],
)
def test_obstacles_open_conflicts_and_missing_fields_stop_signing(
    full_desk: Desk, changes: dict[str, object], path: str | None
) -> None:
    document = case_document({"decision": DECISION, **changes})
    paths = {problem.path for problem in full_desk.conclusions.obstacles(document)}
    assert paths
    assert path is None or path in paths


def test_every_member_signs_and_the_case_is_frozen(full_desk: Desk) -> None:
    view = signed_case(full_desk)
    signed = view.signed
    assert signed is not None
    assert view.state is CaseState.SIGNED
    assert [entry.name for entry in signed.signatures] == [NAMES[HEAD], NAMES[FIRST], NAMES[SECOND]]
    assert signed.document == view.document
    assert set(signed.proposal) == {"kk", "ru", "en"}
    assert signed.department == factories.DEPARTMENT
    assert signed.number == view.number
    for change in (
        lambda: full_desk.examinations.set_field(view.id, "person.surname", "Б"),
        lambda: full_desk.conclusions.decide(view.id, DECISION),
        lambda: full_desk.conclusions.reopen(view.id),
        lambda: full_desk.conclusions.sign(view.id, signatures()),
        lambda: full_desk.examinations.discard(view.id, "no"),
        lambda: full_desk.examinations.keep_unfinished(view.id, "person.iin", "1"),
    ):
        with pytest.raises(UserError):
            change()
    full_desk.examinations.remember_place(view.id, "conclusion", None)
    assert full_desk.examinations.open(view.id).signed == signed


def test_each_signature_is_of_the_very_record_that_is_kept(full_desk: Desk) -> None:
    view = signed_case(full_desk)
    with full_desk._place.database.reading() as connection:
        row = conclusions.find(connection, view.id)
    assert row is not None
    digest = digests.digest("conclusion", row.record)
    assert view.signed is not None
    assert view.signed.digest == "sha256:" + digest.hex()
    seal = json.loads(row.seal)
    assert seal["digest"] == view.signed.digest
    for entry in seal["signatures"]:
        key, signature = bytes.fromhex(entry["public_key"]), bytes.fromhex(entry["signature"])
        assert signing.verify(key, "conclusion", member_statement(seal, entry), signature)
        for other in ({"role": "chair"}, {"login": "x"}, {"user": "x"}, {"signed_at": "x"}, {"account_by": "x"}):
            assert not signing.verify(key, "conclusion", member_statement(seal, {**entry, **other}), signature)
        for other in ({"digest": "x"}, {"audit_head": "x"}, {"event_head": "x"}):
            assert not signing.verify(key, "conclusion", member_statement({**seal, **other}, entry), signature)


def test_the_event_carries_the_signed_bytes_and_the_pack(full_desk: Desk) -> None:
    view = signed_case(full_desk)
    event = events_of(full_desk)[-1]
    assert view.signed is not None
    assert (event["type"], event["case_id"]) == ("case.signed", view.id)
    assert event["pack_digest"] == view.signed.pack.digest
    record = event["payload"]["record"].encode()
    assert "sha256:" + digests.digest("conclusion", record).hex() == event["payload"]["digest"] == view.signed.digest
    assert not [e for e in events_of(full_desk) if e["type"] == "decision.overridden"]


def test_drafts_do_not_travel(full_desk: Desk) -> None:
    before = len(events_of(full_desk))
    view = decided_case(full_desk)
    full_desk.conclusions.reopen(view.id)
    assert len(events_of(full_desk)) == before


def test_an_override_is_an_event_of_its_own(full_desk: Desk) -> None:
    view = full_desk.examinations.import_case(case_document())
    reasons = [ANSWER, BAND_ANSWER]
    full_desk.conclusions.decide(view.id, {**DIFFERENT, "reasons": reasons})
    full_desk.conclusions.sign(view.id, signatures())
    overridden, signed = events_of(full_desk)[-2:]
    assert (overridden["type"], signed["type"]) == ("decision.overridden", "case.signed")
    assert overridden["payload"]["proposed"] == "group_2"
    assert overridden["payload"]["decision"]["outcome"] == "group_1"


@pytest.mark.parametrize(
    ("given", "words", "where"),
    [
        (signatures()[:2], "has not signed", "signatures.2"),
        ([], "has not signed", "signatures.0"),
        (
            [*signatures()[:2], MemberSignature(2, FIRST, factories.passphrase_of(FIRST))],
            "is not that of",
            "signatures.2",
        ),
        ([*signatures()[:2], MemberSignature(2, "nobody", "x")], "is not that of", "signatures.2"),
        ([*signatures()[:2], MemberSignature(2, SECOND, "wrong")], "The passphrase of", "signatures.2"),
        (
            [*signatures()[:2], MemberSignature(2, SECOND, factories.passphrase_of(FIRST))],
            "The passphrase of",
            "signatures.2",
        ),
        ([*signatures(), signatures()[0]], "twice", None),
        ([*signatures(), MemberSignature(3, HEAD, "x")], "does not belong", None),
    ],
)
def test_without_every_members_own_signature_nothing_is_signed(
    full_desk: Desk, given: list[MemberSignature], words: str, where: str | None
) -> None:
    view = decided_case(full_desk)
    with pytest.raises(UserError, match=words) as refused:
        full_desk.conclusions.sign(view.id, given)
    assert refused.value.where == where
    if where == "signatures.2":
        assert refused.value.text.params["name"] == NAMES[SECOND]
    assert full_desk.examinations.open(view.id) == view


def test_one_person_cannot_sign_for_two_members(full_desk: Desk) -> None:
    twice = [{"name": NAMES[HEAD], "role": "head"}] + [{"name": NAMES[FIRST].upper(), "role": "member"}] * 2
    view = decided_case(full_desk, {"examination.commission": twice})
    with pytest.raises(UserError, match="two members"):
        full_desk.conclusions.sign(view.id, signatures(HEAD, FIRST, FIRST))


def test_members_are_matched_whatever_the_case_and_the_spaces(full_desk: Desk) -> None:
    commission = [
        {"name": NAMES[login].upper().replace(" ", "  "), "role": "head" if login == HEAD else "member"}
        for login in (HEAD, FIRST, SECOND)
    ]
    view = decided_case(full_desk, {"examination.commission": commission})
    assert full_desk.conclusions.sign(view.id, signatures()).state is CaseState.SIGNED


def test_a_draft_and_a_case_with_an_obstacle_are_not_signed(full_desk: Desk) -> None:
    draft = full_desk.examinations.import_case(case_document())
    with pytest.raises(UserError, match="decides first"):
        full_desk.conclusions.sign(draft.id, signatures())
    obstructed = decided_case(full_desk, {"referral.signed_on": "2026-09-12"})
    with pytest.raises(UserError, match="can't be signed yet") as refused:
        full_desk.conclusions.sign(obstructed.id, signatures())
    assert refused.value.where == "referral.signed_on"
    assert full_desk.examinations.open(obstructed.id) == obstructed


def test_a_correction_supersedes_what_it_corrects_once_it_is_signed(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    new = full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    assert (new.supersedes, new.document["decision"], new.state) == (old.id, None, CaseState.DRAFT)
    with pytest.raises(UserError, match="being corrected"):
        full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    assert full_desk.examinations.open(old.id).state is CaseState.SIGNED
    full_desk.conclusions.decide(new.id, DECISION)
    signed = full_desk.conclusions.sign(new.id, signatures())
    superseded = full_desk.examinations.open(old.id)
    assert superseded.state is CaseState.SUPERSEDED
    assert superseded.signed == old.signed
    assert events_of(full_desk)[-1]["type"] == "case.superseded"
    assert events_of(full_desk)[-1]["subject"] == signed.id
    with pytest.raises(UserError, match="not signed"):
        full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    assert full_desk.integrity.verify().ok


def test_a_paper_is_a_draft_until_signed_and_the_same_bytes_whenever_printed(full_desk: Desk) -> None:
    view = decided_case(full_desk)
    draft = full_desk.conclusions.render(view.id, "conclusion", "kk")
    assert draft.draft
    full_desk.conclusions.sign(view.id, signatures())
    paper = full_desk.conclusions.render(view.id, "conclusion", "kk")
    assert not paper.draft
    assert paper.pdf.startswith(b"%PDF")
    assert paper.pdf != draft.pdf
    assert paper.file_name == "conclusion-2-2026-000001-kk.pdf"
    assert full_desk.conclusions.render(view.id, "conclusion", "kk") == paper
    # A later letterhead changes no signed paper.
    from dataclasses import replace

    full_desk.set_department(replace(factories.DEPARTMENT, number="9"))
    assert full_desk.conclusions.render(view.id, "conclusion", "kk") == paper
    full_desk.conclusions.record_output(view.id, "conclusion", "kk", paper.digest, "printed")
    event = events_of(full_desk)[-1]
    assert (event["type"], event["payload"]["digest"], event["payload"]["how"]) == (
        "document.printed",
        paper.digest,
        "printed",
    )


def test_an_unknown_document_is_a_sentence(full_desk: Desk) -> None:
    view = full_desk.examinations.create()
    with pytest.raises(UserError, match="no document"):
        full_desk.conclusions.render(view.id, "nothing", "kk")


def test_a_paper_of_an_empty_case_can_be_looked_at(full_desk: Desk) -> None:
    view = full_desk.examinations.create()
    assert full_desk.conclusions.render(view.id, "conclusion", "ru").pdf.startswith(b"%PDF")


def test_passphrases_stay_out_of_what_a_report_would_show() -> None:
    assert "qwerty" not in repr(MemberSignature(0, HEAD, "qwerty"))


def test_the_proposal_needs_no_database() -> None:
    program = (
        "import sys\n"
        "from app.services.conclusions import ConclusionService\n"
        "from app.services.packs import PackService\n"
        "from tests.factories import case_document\n"
        "service = ConclusionService(None, PackService(), None)\n"
        "assert service.draft(case_document()).proposal is not None\n"
        "print(sorted({'sqlalchemy', 'sqlcipher3', 'alembic', 'reportlab'} & set(sys.modules)))\n"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_signed_case_whose_criteria_changed_is_not_printed_as_if_nothing_happened(
    full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = signed_case(full_desk)
    monkeypatch.setattr("app.services.conclusions.in_languages", lambda proposal: {})
    with pytest.raises(CheckFailed, match="do not give what was signed"):
        full_desk.conclusions.render(view.id, "conclusion", "kk")
