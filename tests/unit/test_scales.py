"""A scale comes to one number, and the case file takes no other numbers than its form has."""

import pytest

from app.domain.case_file import check_document, check_field, problems, read_case
from app.domain.errors import UserError
from app.domain.scales import FORMS, scores
from app.services.steps import path_of, step_of
from tests import factories

BARTHEL = {
    "feeding": 10, "bathing": 5, "grooming": 5, "dressing": 10, "bowels": 10, "bladder": 10, "toilet": 10,
    "transfer": 15, "mobility": 15, "stairs": 10,
}  # fmt: skip


def with_scales(scales):
    return {**factories.case_document(), "scales": scales}


def test_published_extremes_are_what_the_items_come_to():
    extremes = {name: (form.least, form.most) for name, form in FORMS.items()}
    assert extremes == {
        "barthel": (0, 100), "mmse": (0, 30), "gmfcs": (1, 5), "nyha": (1, 4), "visual_acuity": (0, 2),
        "visual_field": (0, 90), "hearing": (-10, 130), "whodas_12": (12, 60),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ({"barthel": BARTHEL}, 100),
        ({"barthel": {**BARTHEL, "stairs": 5}}, 95),
        ({"barthel": {**BARTHEL, "stairs": None}}, None),
        ({"barthel": {"total": 35}}, 35),
        ({"barthel": {**BARTHEL, "stairs": None, "total": 95}}, 95),
        ({"hearing": {"hz_500": 40, "hz_1000": 41, "hz_2000": 40, "hz_4000": 40}}, 40.25),
        ({"hearing": {"hz_500": 40, "hz_1000": 40, "hz_2000": 40, "hz_4000": 40}}, 40),
        ({"visual_acuity": {"better_eye": 0.03}}, 0.03),
        ({"gmfcs": {}}, None),
        ({}, None),
    ],
)
def test_a_scale_comes_to_one_number_or_to_none(given, score):
    assert next(iter(scores(given).values()), None) == score


@pytest.mark.parametrize(
    ("scales", "path"),
    [
        ({"barthel": {"feeding": 7}}, "scales.barthel.feeding"),
        ({"barthel": {"feeding": True}}, "scales.barthel.feeding"),
        ({"barthel": {"feeding": "5"}}, "scales.barthel.feeding"),
        ({"barthel": {"total": 101}}, "scales.barthel.total"),
        ({"barthel": {"total": 33}}, "scales.barthel.total"),
        ({"barthel": {"walking": 5}}, "scales.barthel.walking"),
        ({"rankin": {"grade": 2}}, "scales.rankin"),
        ({"barthel": [5]}, "scales.barthel"),
        ([], "scales"),
        ({"gmfcs": {"level": 0}}, "scales.gmfcs.level"),
        ({"nyha": {"class": 5}}, "scales.nyha.class"),
        ({"visual_acuity": {"better_eye": 0.031}}, "scales.visual_acuity.better_eye"),
        ({"visual_acuity": {"better_eye": -0.01}}, "scales.visual_acuity.better_eye"),
        ({"visual_acuity": {"better_eye": False}}, "scales.visual_acuity.better_eye"),
        ({"visual_acuity": {"better_eye": 10**400}}, "scales.visual_acuity.better_eye"),
        ({"hearing": {"hz_500": 131}}, "scales.hearing.hz_500"),
        ({"whodas_12": {"s1": 0}}, "scales.whodas_12.s1"),
        ({"whodas_12": {"total": 11}}, "scales.whodas_12.total"),
    ],
)
def test_what_the_form_does_not_have_is_refused_with_its_path(scales, path):
    with pytest.raises(UserError) as caught:
        check_document(with_scales(scales))
    assert caught.value.where == path


def test_a_number_without_end_is_refused():
    text = b'{"format": "mse-case/1", "scales": {"visual_acuity": {"better_eye": 1e999}}}'
    with pytest.raises(UserError) as caught:
        read_case(text)
    assert caught.value.where == "scales.visual_acuity.better_eye"


@pytest.mark.parametrize(
    ("given", "contradicts"),
    [
        ({"barthel": {**BARTHEL, "total": 100}}, False),
        ({"barthel": {**BARTHEL, "total": 95}}, True),
        ({"barthel": {"feeding": 10, "total": 5}}, True),
        ({"barthel": {"feeding": 0, "total": 95}}, True),
        ({"barthel": {"feeding": 0, "total": 90}}, False),
        ({"hearing": {"hz_500": 40, "hz_1000": 41, "hz_2000": 40, "hz_4000": 40, "mean": 41}}, False),
        ({"hearing": {"hz_500": 40, "hz_1000": 41, "hz_2000": 40, "hz_4000": 40, "mean": 39}}, True),
        ({"hearing": {"hz_500": 40, "hz_1000": 40, "hz_2000": 40, "hz_4000": 40, "mean": 41}}, True),
    ],
)
def test_a_total_must_be_what_some_filling_in_comes_to(given, contradicts):
    scale = next(iter(given))
    assert FORMS[scale].contradicts(given[scale]) is contradicts
    found = [problem.path for problem in problems(with_scales(given))]
    assert found == ([f"scales.{scale}.{FORMS[scale].whole}"] if contradicts else [])


@pytest.mark.parametrize("scales", [None, {}, {"barthel": None}, {"barthel": {}}, {"barthel": {"feeding": None}}])
def test_scales_that_are_not_given_are_no_error(scales):
    check_document(with_scales(scales))


def test_one_entry_is_checked_by_its_path():
    assert check_field("scales.visual_acuity.better_eye", 0.03) == 0.03
    with pytest.raises(KeyError):
        check_field("scales.barthel.walking", 5)


def test_an_entry_belongs_to_the_step_of_functions_and_is_no_fact():
    assert step_of("scales.barthel.total") == "functions"
    assert path_of("scales.barthel") == "scales.barthel"
