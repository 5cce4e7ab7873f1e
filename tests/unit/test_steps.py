"""The map of a case: what each step says of itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.case_file import Problem, put
from app.domain.proposal import (
    Band,
    Citation,
    Conflict,
    Level,
    PackIdentity,
    Period,
    Proposal,
    Term,
    Undetermined,
)
from app.domain.text import LocalText, Text
from app.domain.vocabulary import CaseState, Outcome, PeriodKind, Status
from app.services.steps import STEPS, missing_facts, path_of, step_of, step_states
from app.services.views import CaseView, DraftProposal
from tests import factories

WORDS = LocalText(kk="қайшылық", ru="противоречие", en="contradiction")
CITATION = Citation(WORDS, WORDS, "2026", Status.MEMORY)


def view(document: dict[str, Any], state: CaseState = CaseState.DRAFT, **unfinished: str) -> CaseView:
    kept = {path.replace("__", "."): text for path, text in unfinished.items()}
    return CaseView("id", "2/2026/000001", state, document, kept, None, datetime(2026, 11, 18, tzinfo=UTC), None, None)


def draft(*, problems: tuple[Problem, ...] = (), conflicts: tuple[Conflict, ...] = (), **changes: Any) -> DraftProposal:
    parts: dict[str, Any] = {
        "outcome": Outcome.GROUP_2, "missing": (), "general_capacity": Band(60, 79), "professional_capacity": None,
        "period": Period(Term(PeriodKind.YEARS, 2, date(2028, 12, 1)), (), ()), **changes,
    }  # fmt: skip
    pack = PackIdentity("kz-mse", "1.0.0", "sha256:0", Status.MEMORY)
    level = Level(2, None, 2)
    proposal = Proposal(pack=pack, on=date(2026, 11, 18), age=55, level=level, cause_proposed=None, conflicts=conflicts,
                        trace=(), **parts)  # fmt: skip
    return DraftProposal(proposal, None, problems)


def conflict(code: str, *facts: str, kind: Any = "conflict") -> Conflict:
    return Conflict(code, kind, facts, WORDS, CITATION)


def status(case: CaseView, proposed: DraftProposal) -> dict[str, str]:
    return {state.step: state.status for state in step_states(case, proposed)}


def paths(case: CaseView, proposed: DraftProposal, step: str) -> list[str]:
    return [r.path for state in step_states(case, proposed) if state.step == step for r in state.remarks]


def test_a_whole_case_waits_for_decision_and_signatures_only() -> None:
    found = status(view(factories.case_document()), draft())
    assert [step for step in STEPS if found[step] != "complete"] == ["decision", "conclusion"]


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("person.iin", "person"), ("person.surname", "person"), ("person.sex", "person"),
        ("referral.number", "referral"), ("referral.purpose", "referral"),
        ("examination.on", "examination"), ("examination.commission", "examination"),
        ("diagnosis.main.icd10", "diagnosis"), ("diagnosis.main.text", "diagnosis"),
    ],
)  # fmt: skip
def test_each_needed_field_makes_its_step_incomplete_and_is_named(path: str, step: str) -> None:
    case = view(put(factories.case_document(), path, None))
    assert status(case, draft())[step] == "incomplete"
    assert path in paths(case, draft(), step)


def test_a_missing_fact_makes_functions_incomplete_and_its_path_is_named() -> None:
    proposed = draft(outcome=Outcome.UNDETERMINED, missing=("limitations.work",), period=Undetermined(("prognosis",)))
    case = view(factories.case_document())
    assert status(case, proposed)["functions"] == "incomplete"
    assert paths(case, proposed, "functions") == ["facts.limitations.work", "facts.prognosis"]


def test_an_unknown_fact_that_does_not_matter_leaves_functions_complete() -> None:
    case = view(put(factories.case_document(), "facts.limitations.orientation", None))
    assert status(case, draft())["functions"] == "complete"


def test_text_that_is_no_value_yet_makes_its_step_contradictory() -> None:
    assert status(view(factories.case_document(), person__iin="7106"), draft())["person"] == "contradictory"


def test_a_conflict_marks_every_step_it_concerns_until_it_is_answered() -> None:
    proposed = draft(conflicts=(conflict("iin_birth_date", "person.iin", "person.birth_date"),))
    document = factories.case_document()
    assert status(view(document), proposed)["person"] == "contradictory"
    answer = [{"code": "iin_birth_date", "text": "a paper shows the date", "citation": None}]
    assert status(view(put(document, "decision.reasons", answer)), proposed)["person"] == "complete"


def test_a_differing_decision_is_answered_by_reason_and_clause_together() -> None:
    proposed = draft(conflicts=(conflict("decision_differs", "decision.outcome"),))
    document = factories.case_document({"decision": factories.DECISION})
    for reason, expected in (
        ({"text": "why", "citation": None}, "contradictory"),
        ({"text": None, "citation": "clause"}, "contradictory"),
        ({"text": "why", "citation": "clause"}, "complete"),
    ):
        case = view(put(document, "decision.reasons", [{"code": "decision_differs", **reason}]), CaseState.DECIDED)
        assert status(case, proposed)["decision"] == expected, reason


def test_an_obstacle_is_never_answered_away() -> None:
    proposed = draft(conflicts=(conflict("iin_checksum", "person.iin", kind="obstacle"),))
    answer = [{"code": "iin_checksum", "text": "never mind", "citation": "none"}]
    case = view(put(factories.case_document(), "decision.reasons", answer))
    assert status(case, proposed)["person"] == "contradictory"


def test_a_wrong_value_between_fields_is_told_at_its_field() -> None:
    problem = Problem("referral.signed_on", Text("later than the examination"))
    case = view(factories.case_document())
    assert paths(case, draft(problems=(problem,)), "referral") == ["referral.signed_on"]


def test_a_percentage_that_is_due_belongs_to_the_decision() -> None:
    document = factories.case_document({"decision": {**factories.DECISION, "general_capacity": None}})
    assert "decision.general_capacity" in paths(view(document, CaseState.DECIDED), draft(), "decision")
    assert paths(view(document, CaseState.DECIDED), draft(general_capacity=None), "decision") == []


def test_not_established_needs_no_period_and_no_cause() -> None:
    decision = {"outcome": "not_established", "reasons": []}
    case = view(factories.case_document({"decision": decision}), CaseState.DECIDED)
    assert (
        status(case, draft(outcome=Outcome.NOT_ESTABLISHED, period=None, general_capacity=None))["decision"]
        == "complete"
    )


def test_without_birth_date_there_is_no_proposal_and_the_way_there_is_named() -> None:
    case = view(put(factories.case_document(), "person.birth_date", None))
    nothing = DraftProposal(None, None, ())
    assert status(case, nothing)["proposal"] == "incomplete"
    assert paths(case, nothing, "proposal") == ["person.birth_date"]


def test_a_signed_case_is_complete_whatever_later_criteria_would_say() -> None:
    proposed = draft(conflicts=(conflict("referral_expired", "referral.signed_on", kind="obstacle"),))
    found = status(view(factories.case_document(), CaseState.SIGNED), proposed)
    assert set(found.values()) == {"complete"}


def test_facts_are_named_without_facts_and_found_with_it() -> None:
    assert path_of("functions.mental") == "facts.functions.mental"
    assert path_of("work_injury.capacity") == "facts.work_injury.capacity"
    assert path_of("person.iin") == "person.iin"
    assert step_of("facts.limitations.work") == step_of("limitations.work") == "functions"
    assert step_of("examination.commission[2].name") == "examination"
    proposed = draft(missing=("prognosis",), general_capacity=Undetermined(("insured", "prognosis"))).proposal
    assert proposed is not None
    assert missing_facts(proposed) == ("facts.prognosis", "facts.insured")
