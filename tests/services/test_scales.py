"""Scales are kept, imported, signed and replayed as every other part of a case; without them nothing is added."""

import json
from pathlib import Path

import pytest

from app.domain.case_file import get
from app.domain.errors import UserError
from tests import factories

SCALES = {"barthel": {"total": 35}, "visual_acuity": {"better_eye": 0.3}, "hearing": {"hz_500": 40}}


@pytest.fixture
def desk(tmp_path: Path):
    access = factories.make_desk(tmp_path)
    desk = factories.with_commission(access.sign_in(factories.HEAD, factories.PASSPHRASE))
    yield desk
    desk.close()


def test_an_entry_is_saved_by_its_path_and_a_wrong_one_refused(desk):
    view = desk.examinations.import_case(factories.case_document())
    desk.examinations.set_field(view.id, "scales.visual_acuity.better_eye", 0.03)
    assert get(desk.examinations.open(view.id).document, "scales.visual_acuity.better_eye") == 0.03
    with pytest.raises(UserError) as caught:
        desk.examinations.set_field(view.id, "scales.barthel.feeding", 7)
    assert caught.value.where == "scales.barthel.feeding"


def test_scales_are_imported_signed_and_hold_when_everything_is_verified(desk):
    view = factories.signed_case(desk, {"scales": SCALES})
    assert view.signed.document["scales"] == SCALES
    assert desk.integrity.verify().ok
    again = json.loads(json.dumps({key: part for key, part in view.signed.document.items() if key != "dossier"}))
    assert desk.examinations.import_case(again).document["scales"] == SCALES


def test_a_case_without_scales_stays_without_that_key(desk):
    view = desk.examinations.import_case(factories.case_document())
    assert "scales" not in view.document
    assert "scales" not in desk.examinations.create().document


def test_a_scale_far_from_its_degree_must_be_answered_before_deciding(desk):
    view = desk.examinations.import_case({**factories.case_document(), "scales": {"barthel": {"total": 100}}})
    draft = desk.conclusions.draft(view.document)
    assert [conflict.code for conflict in draft.proposal.conflicts] == ["scale_differs"]
    decided = {**view.document, "decision": factories.DECISION}
    stopping = [problem.path for problem in desk.conclusions.obstacles(decided)]
    assert stopping == ["facts.limitations.self_care"]
    reasons = [{"code": "scale_differs", "text": "Индекс күндізгі көмекпен толтырылған", "citation": None}]
    answered = {**view.document, "decision": {**factories.DECISION, "reasons": reasons}}
    assert desk.conclusions.obstacles(answered) == ()
