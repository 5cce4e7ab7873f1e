"""Each occasion, place, age and purpose goes its own way from a draft to a signed paper, and asks for no more."""

from datetime import date
from typing import Any

import pytest

from app.domain.case_file import get, put
from app.domain.errors import UserError
from app.domain.purposes import needs_of
from app.domain.vocabulary import CaseState, CorrectionKind, Occasion, Outcome, PeriodKind, Place
from app.services.advice import advice
from app.services.desk import Desk
from app.services.differences import differences
from tests import factories
from tests.factories import case_document, signatures, signed_case

REVIEWED = {"number": "9/2025/000004", "on": "2025-11-01", "organ": "№ 9 бөлім", "members": ["Басқа Адам"]}
OPINIONS = [
    {"expert": f"Сарапшы {n}", "outcome": "group_2", "period": {"kind": "years", "value": 2}, "reason": "айқын"}
    for n in (1, 2, 3)
]
ABSENT = {"consent": True, "reason": "treated in another region"}
CHILD = {"person.iin": None, "facts.insured": "n/a", "facts.limitations.work": "n/a", "facts.limitations.learning": 1}


def add(desk: Desk, changes: dict[str, object], dossier: dict[str, object]) -> str:
    case_id = desk.examinations.import_case(case_document(changes)).id
    for key, value in dossier.items():
        desk.examinations.set_field(case_id, f"dossier.{key}", value)
    return case_id


def agreed(desk: Desk, case_id: str) -> dict[str, Any]:
    """What agreeing with the proposal gives."""
    document = desk.examinations.open(case_id).document
    proposal = desk.conclusions.draft(document).proposal
    assert proposal is not None
    period = getattr(proposal.period, "proposed", None)
    bands = {
        name: getattr(getattr(proposal, name), "first", None) for name in ("general_capacity", "professional_capacity")
    }
    return {
        "outcome": proposal.outcome.value,
        "period": period and {"kind": period.kind.value, "value": period.value},
        "cause": proposal.cause_proposed or get(document, "cause.code"),
        **bands,
        "reasons": [],
    }


def missing(desk: Desk, document: dict[str, Any]) -> list[str]:
    return [problem.path for problem in desk.conclusions.obstacles(document)]


@pytest.mark.parametrize("occasion", Occasion)
def test_every_occasion_and_place_can_be_signed_with_what_it_asks_for(full_desk: Desk, occasion: Occasion) -> None:
    for place in Place:
        changes: dict[str, object] = {"examination.occasion": occasion.value, "examination.place": place.value}
        if occasion is not Occasion.FIRST:
            changes["previous"] = {"on": "2025-11-18", "outcome": "group_3"}
        again = occasion in (Occasion.CONTROL, Occasion.APPEAL)
        if again:
            changes["referral"] = {"purpose": ["disability"]}
        wanted = {
            **({"reviewed": REVIEWED} if again else {}),
            **({"in_absentia": ABSENT} if place is Place.IN_ABSENTIA else {}),
            **({"opinions": OPINIONS} if place is Place.IN_ABSENTIA_PROACTIVE else {}),
        }
        case_id = add(full_desk, changes, {})
        bare = put(full_desk.examinations.open(case_id).document, "decision", agreed(full_desk, case_id))
        paths = {path.split(".")[1] for path in missing(full_desk, bare)}
        assert paths == set(wanted), (occasion, place)
        for key, value in wanted.items():
            full_desk.examinations.set_field(case_id, f"dossier.{key}", value)
        full_desk.conclusions.decide(case_id, agreed(full_desk, case_id))
        assert full_desk.conclusions.sign(case_id, signatures()).state is CaseState.SIGNED
        for language in ("kk", "ru", "en") if place is Place.IN_ABSENTIA_PROACTIVE else ():
            assert not full_desk.conclusions.render(case_id, "conclusion", language).draft
    assert full_desk.integrity.verify().ok


BABY = {**CHILD, "facts.limitations.learning": "n/a", "cause.code": "05"}
GROUPS = ("group_1", "group_2", "group_3")


@pytest.mark.parametrize(
    ("born", "changes", "outcomes", "kinds"),
    [
        ("2021-03-05", BABY, ("child",), {"until_7"}),
        ("2015-06-14", {**CHILD, "cause.code": "06"}, tuple(f"child_{group}" for group in GROUPS), {"until_18"}),
        ("1971-06-14", {}, GROUPS, set()),
    ],
)
def test_each_age_is_offered_its_own_outcomes_and_ends(
    desk: Desk, born: str, changes: dict[str, object], outcomes: tuple[str, ...], kinds: set[str]
) -> None:
    document = case_document({"person.birth_date": born, **changes})
    on, birth = (date.fromisoformat(day) for day in ("2026-11-18", born))
    found, ends = desk.packs.offered(on, birth)
    assert found == {Outcome(name) for name in outcomes} | {Outcome.NOT_ESTABLISHED}
    assert ends - {PeriodKind.MONTHS, PeriodKind.YEARS, PeriodKind.NO_TERM} == {PeriodKind(kind) for kind in kinds}
    proposal = desk.conclusions.draft(document).proposal
    assert proposal is not None
    assert proposal.outcome in found
    everything = desk.packs.offered(on, None)
    assert found < everything[0]


@pytest.mark.parametrize(
    ("purpose", "further", "decision", "asked"),
    [
        (["rehabilitation"], None, {}, set()),
        (["extra_help"], None, {}, set()),
        (["general_capacity"], None, {"general_capacity": 70}, {"decision.general_capacity"}),
        (["professional_capacity"], None, {"professional_capacity": 20}, {"decision.professional_capacity"}),
        (None, ["cause_change"], {"cause": "02"}, {"decision.cause", "previous.on", "previous.outcome"}),
        (None, ["court_opinion"], None, {"dossier.request.organ", "dossier.request.number", "dossier.request.on"}),
        (["rehabilitation"], ["duplicate"], {}, set()),
    ],
)  # fmt: skip
def test_a_purpose_asks_for_what_it_needs_and_for_no_more(
    full_desk: Desk,
    purpose: list[str] | None,
    further: list[str] | None,
    decision: dict[str, Any] | None,
    asked: set[str],
) -> None:
    changes: dict[str, object] = {"facts.work_injury": {"capacity": "reduced"}}
    changes |= {"referral.purpose": purpose} if purpose else {"referral": {}}
    if further == ["cause_change"]:
        changes |= {"facts": {}, "diagnosis": {}, "cause": {"code": "02", "paper": None}}
        changes["cause.paper"] = {"number": "5", "date": "2026-10-01", "issuer": "еңбек инспекциясы"}
    case_id = add(full_desk, changes, {"purpose": further} if further else {})
    document = full_desk.examinations.open(case_id).document
    bare = put(document, "decision", {"reasons": []})
    needed = {path for path in missing(full_desk, bare) if not path.startswith("decision.") or path in asked}
    assert set(missing(full_desk, bare)) - {"decision.outcome"} >= asked
    assert needed == asked
    fills = {"previous": {"on": "2025-11-18", "outcome": "group_2", "cause": "01"},
             "dossier.request": {"organ": "сот", "number": "3", "on": "2026-11-10"}}  # fmt: skip
    for path, value in fills.items():
        if any(wanted.startswith(path) for wanted in asked):
            full_desk.examinations.set_field(case_id, path, value)
    full = {"outcome": None, "period": None, "cause": None, "general_capacity": None, "professional_capacity": None,
            "reasons": [], **(agreed(full_desk, case_id) if decision is None else decision)}  # fmt: skip
    full_desk.conclusions.decide(case_id, full)
    signed = full_desk.conclusions.sign(case_id, signatures())
    assert signed.state is CaseState.SIGNED
    assert full_desk.conclusions.render(case_id, "conclusion", "ru").pdf.startswith(b"%PDF")


def test_a_duplicate_needs_no_decision_and_ends_as_served(desk: Desk) -> None:
    case_id = add(desk, {"referral": {}, "facts": {}, "diagnosis": {}, "examination.commission": None},
                  {"purpose": ["duplicate"]})  # fmt: skip
    assert needs_of(desk.examinations.open(case_id).document) == frozenset()
    assert missing(desk, desk.examinations.open(case_id).document) == []
    with pytest.raises(UserError, match="duplicate"):
        desk.conclusions.decide(case_id, {})
    served = {"kind": "served", "text": "duplicate 5", "on": "2026-11-18", "head": "Сейітова"}
    assert desk.endings.end(case_id, served).state is CaseState.ENDED


def test_a_control_names_what_it_looks_at_and_others_look_at_it(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    found = full_desk.examinations.numbered(old.number)
    assert found is not None
    assert found.signed is not None
    members = [signature.name.upper() for signature in found.signed.signatures[:1]]
    document = case_document({"examination.occasion": "control"})
    document["dossier"] = {"reviewed": {"number": old.number, "case_id": old.id, "members": members}}
    assert [problem.path for problem in advice(document)] == ["examination.commission"]
    assert advice(put(document, "examination.occasion", "repeat")) == ()
    assert advice(put(document, "dossier.reviewed.members", ["Басқа Адам"])) == ()


def test_a_child_and_a_person_with_a_guardian_are_asked_for_a_representative() -> None:
    child = case_document({"person.birth_date": "2015-06-14"})
    assert [problem.path for problem in advice(child)] == ["person.representative.name"]
    assert advice(put(child, "person.representative", {"kind": "parent", "name": "Анасы"})) == ()
    adult = case_document()
    assert advice(adult) == ()
    assert [problem.path for problem in advice({**adult, "dossier": {"guardianship": True}})] == [
        "person.representative.name"
    ]


def test_a_decision_against_most_experts_is_worth_a_look() -> None:
    document = case_document({"examination.place": "in_absentia_proactive", "decision": {"outcome": "group_3"}})
    document["dossier"] = {"opinions": OPINIONS}
    assert [problem.path for problem in advice(document)] == ["dossier.opinions"]
    assert advice(put(document, "decision.outcome", "group_2")) == ()


def test_a_correction_shows_every_field_that_differs_and_no_other(full_desk: Desk) -> None:
    old = signed_case(full_desk)
    new = full_desk.examinations.correct(old.id, CorrectionKind.SLIP, "typed wrong")
    assert differences(old.document, new.document) == ()
    for path, value in (
        ("facts.functions.sensory", None), ("facts.active_treatment", False), ("person.address.text", None),
        ("diagnosis.complications", [{"icd10": "I10", "text": "x"}]), ("dossier.guardianship", True),
    ):  # fmt: skip
        full_desk.examinations.set_field(new.id, path, value)
    changed = full_desk.examinations.open(new.id).document
    found = {one.path: (one.old, one.new) for one in differences(old.document, changed)}
    assert found == {
        "facts.functions.sensory": (0, None),
        "facts.active_treatment": (True, False),
        "person.address.text": ("Бестамақ ауылы, Жеңіс көшесі, 12", None),
        "diagnosis.complications": ([], [{"icd10": "I10", "text": "x"}]),
        "dossier.guardianship": (None, True),
    }
    decided = put(changed, "decision", {**factories.DECISION, "outcome": "group_3"})
    assert "decision.outcome" in {one.path for one in differences(old.document, decided)}


def test_both_papers_of_a_correction_name_each_other(full_desk: Desk) -> None:
    import io

    from pypdf import PdfReader

    def words(case_id: str) -> str:
        pdf = full_desk.conclusions.render(case_id, "conclusion", "en").pdf
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)

    old = signed_case(full_desk)
    assert "Superseded" not in words(old.id)
    new = full_desk.examinations.correct(old.id, CorrectionKind.BY_COURT, "the court of Alga said so")
    full_desk.conclusions.decide(new.id, factories.DECISION)
    full_desk.conclusions.sign(new.id, signatures())
    assert f"Superseded by opinion No. {new.number}" in words(old.id)
    said = words(new.id)
    assert f"corrects opinion No. {old.number}" in said
    assert "the court of Alga said so" in said
