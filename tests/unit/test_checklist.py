"""Which documents are asked for, by occasion, age and cause; what is absent is said and stops nothing."""

from typing import Any

import pytest

from app.domain.case_file import check_field
from app.domain.text import LANGUAGES
from app.domain.vocabulary import Status
from app.services import checklist
from app.services.steps import step_states
from tests.factories import case_document
from tests.unit.test_steps import draft, view

ALWAYS = {"application", "identity", "referral_031", "outpatient_card", "extracts", "residence"}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, {"work"}),
        ({"person.birth_date": "2015-01-01"}, {"pedagogical"}),
        ({"cause.code": "02"}, {"work", "injury_act", "causal_link"}),
        ({"facts.work_injury": {"capacity": "reduced"}}, {"work", "injury_act", "causal_link"}),
        ({"cause.code": "07.2"}, {"work", "military"}),
        ({"person.birth_date": None}, {"work", "pedagogical"}),
    ],
)
def test_the_case_decides_what_is_asked_for(changes: dict[str, Any], more: set[str]) -> None:
    assert {one.id for one in checklist.wanted(case_document(changes))} == ALWAYS | more


def test_in_absentia_proactive_nobody_brings_an_application() -> None:
    asked = {one.id for one in checklist.wanted(case_document({"examination.place": "in_absentia_proactive"}))}
    assert asked & {"application", "identity"} == set()


def test_every_line_has_three_languages_a_source_and_no_claim_to_be_verified() -> None:
    ids = [one.id for one in checklist.documents()]
    assert len(ids) == len(set(ids))
    for one in checklist.documents():
        assert check_field(one.path, "absent") == "absent"
        assert one.status is not Status.VERIFIED
        assert all(one.name.of(code) and one.source.of(code) for code in LANGUAGES)
        known = {"occasion", "purpose", "place", "cause", "not_place", "age_from", "age_below", "or_work_injury"}
        assert set(one.when) <= known


def test_what_is_absent_is_a_remark_and_a_ground_in_words_and_no_obstacle() -> None:
    document = case_document({"dossier.checklist": {"outpatient_card": "absent", "work": "not_needed"}})
    referral = next(state for state in step_states(view(document), draft()) if state.step == "referral")
    assert (referral.status, referral.remarks) == ("complete", ())
    assert [remark.path for remark in referral.wishes] == ["dossier.checklist.outpatient_card"]
    ground = checklist.ground(document)
    assert ground is not None
    assert ground.ru == "Неполный пакет документов, отсутствуют: амбулаторная карта."
    assert checklist.ground(case_document()) is None
    # An answer that no longer applies stays in sight.
    assert "military" in {one.id for one in checklist.wanted(case_document({"dossier.checklist.military": "present"}))}
