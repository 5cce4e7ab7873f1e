"""Conflicts and obstacles of section 6, one by one, on both sides of each border."""

import json
from pathlib import Path

import pytest

from app.domain.case_file import check_document, problems, put
from app.rules.engine import propose

STROKE = json.loads(
    (Path(__file__).parent.parent / "cases" / "01-stroke-at-home.case.json").read_text(encoding="utf-8")
)
WORK_PAPER = {"number": "1", "date": "1980-01-01", "issuer": "x"}


def conflicts(pack, **changes):
    document = STROKE
    for path, value in changes.items():
        document = put(document, path.replace("__", "."), value)
    check_document(document)
    return {conflict.code: conflict for conflict in propose(pack, document).conflicts}


def test_the_base_has_none(pack):
    assert conflicts(pack) == {}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"person__iin": "710614301213"}, {"iin_checksum"}),
        ({"person__birth_date": "1971-06-15"}, {"iin_birth_date"}),
        ({"person__sex": "female"}, {"iin_sex"}),
        ({"person__iin": "710615301213"}, {"iin_birth_date", "iin_checksum"}),
        ({"person__iin": "710614001212"}, {"iin_checksum"}),
        ({"person__iin": "710615001212"}, {"iin_checksum", "iin_birth_date"}),
        ({"person__iin": "710614901212"}, {"iin_checksum", "iin_birth_date", "iin_sex"}),
        ({"person__iin": None}, set()),
    ],
)
def test_the_number_against_birth_date_and_sex(pack, changes, codes):
    assert set(conflicts(pack, **changes)) == codes


def members(*roles):
    return [{"name": str(number), "role": role} for number, role in enumerate(roles)]


@pytest.mark.parametrize(
    ("commission", "place", "reported"),
    [
        (members("head", "member", "member"), "home", False),
        (members("head", "member"), "home", True),
        (members("head", "member"), "in_absentia_proactive", True),
        (members("member", "member", "member"), "home", True),
        (members("member", "member", "member"), "in_absentia", True),
        (members("member", "member", "member"), "in_absentia_proactive", False),
        (members("member", "member", "member"), None, False),
        ([], None, True),
        ([], "home", True),
        (None, "home", False),
    ],
)
def test_the_commission(pack, commission, place, reported):
    found = conflicts(pack, examination__commission=commission, examination__place=place)
    assert set(found) == ({"commission_too_small"} if reported else set())


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({}, False),
        ({"incapacity_since": "2026-07-02", "diagnosed_on": None}, False),
        ({"incapacity_since": "2026-07-03", "diagnosed_on": None}, True),
        ({"incapacity_since": None, "diagnosed_on": "2026-07-03"}, True),
        ({"incapacity_since": "2026-10-01", "diagnosed_on": "2026-07-02"}, False),
        ({"incapacity_since": "2026-07-03", "diagnosed_on": None, "exception": "incurable"}, False),
        ({"incapacity_since": None, "diagnosed_on": None}, False),
        ({"incapacity_since": "2026-10-01", "diagnosed_on": None, "signed_on": None}, False),
    ],
)
def test_the_four_months_before_a_first_referral(pack, changes, reported):
    paths = {f"referral__{key}": value for key, value in changes.items()}
    assert ("referral_too_early" in conflicts(pack, **paths)) is reported
    for occasion in ("repeat", "control", "appeal", None):
        assert "referral_too_early" not in conflicts(pack, examination__occasion=occasion, **paths)


def test_four_months_end_on_the_last_day_of_a_short_month(pack):
    early = {
        "referral__incapacity_since": "2025-10-31",
        "referral__diagnosed_on": None,
        "examination__on": "2026-03-10",
    }
    assert "referral_too_early" in conflicts(pack, referral__signed_on="2026-02-27", **early)
    assert "referral_too_early" not in conflicts(pack, referral__signed_on="2026-02-28", **early)


@pytest.mark.parametrize(
    ("signed", "on", "reported"),
    [
        ("2026-10-18", "2026-11-18", False),
        ("2026-10-17", "2026-11-18", True),
        ("2026-01-31", "2026-02-28", False),
        ("2026-01-31", "2026-03-01", True),
    ],
)
def test_the_month_of_the_referral(pack, signed, on, reported):
    found = conflicts(
        pack,
        referral__signed_on=signed,
        examination__on=on,
        referral__incapacity_since=None,
        referral__diagnosed_on=None,
    )
    assert set(found) == ({"referral_expired"} if reported else set())


@pytest.mark.parametrize(
    ("code", "paper", "previous", "codes"),
    [
        ("01", None, None, set()),
        ("05", None, None, {"cause_age"}),
        ("06", None, None, {"cause_age"}),
        ("02", None, None, {"cause_paper_missing"}),
        ("02", WORK_PAPER, None, set()),
        ("08", {**WORK_PAPER, "issuer": None}, None, {"cause_paper_missing"}),
        ("07.3", {**WORK_PAPER, "number": " "}, None, {"cause_paper_missing"}),
        ("03", {**WORK_PAPER, "date": None}, None, {"cause_paper_missing"}),
        ("04", None, None, {"cause_paper_missing"}),
        ("04", None, "04", set()),
        ("04", None, "05", set()),
        ("04", None, "06", set()),
        ("04", None, "01", {"cause_paper_missing"}),
        ("04", {**WORK_PAPER, "date": "1989-06-13"}, None, set()),
        ("04", {**WORK_PAPER, "date": "1989-06-14"}, None, {"cause_paper_missing"}),
        (None, None, None, set()),
    ],
)
def test_the_cause_and_its_paper(pack, code, paper, previous, codes):
    found = conflicts(pack, cause__code=code, cause__paper=paper, previous={"cause": previous} if previous else None)
    assert set(found) == codes


@pytest.mark.parametrize(
    ("decision", "reported"),
    [
        ({}, False),
        ({"outcome": "group_2"}, False),
        ({"outcome": "group_1"}, True),
        ({"period": {"kind": "years", "value": 2}}, False),
        ({"period": {"kind": "years", "value": 1}}, False),
        ({"period": {"kind": "months", "value": 6}}, True),
        ({"period": {"kind": "no_term"}}, True),
        ({"period": {"kind": None, "value": None}}, False),
        ({"cause": "01"}, False),
        ({"cause": "07.4"}, False),
        ({"cause": "06"}, True),
        ({"outcome": "group_1", "reasons": [{"code": "decision_differs", "text": "x", "citation": "y"}]}, True),
    ],
)
def test_the_decision_against_the_proposal(pack, decision, reported):
    assert set(conflicts(pack, decision=decision)) == ({"decision_differs"} if reported else set())


def test_a_proposed_cause_must_be_the_decided_one(pack):
    assert "decision_differs" in conflicts(pack, previous={"cause": "06"}, decision={"cause": "01"})
    assert "decision_differs" not in conflicts(pack, previous={"cause": "06"}, decision={"cause": "04"})


@pytest.mark.parametrize(
    ("figures", "facts"),
    [
        ({"general_capacity": 60}, ()),
        ({"general_capacity": 79}, ()),
        ({"general_capacity": 59}, ("decision.general_capacity",)),
        ({"general_capacity": 80}, ("decision.general_capacity",)),
        ({"professional_capacity": 5}, ("decision.professional_capacity",)),
        (
            {"general_capacity": 0, "professional_capacity": 0},
            ("decision.general_capacity", "decision.professional_capacity"),
        ),
    ],
)
def test_the_commissions_figures(pack, figures, facts):
    found = conflicts(pack, decision=figures)
    assert (found["percentage_outside_band"].facts if found else ()) == facts


def test_with_an_unknown_injury_only_a_figure_outside_every_band_is_reported(pack):
    assert "percentage_outside_band" not in conflicts(
        pack, facts__work_injury={}, decision={"professional_capacity": 5}
    )
    assert "percentage_outside_band" in conflicts(pack, facts__work_injury={}, decision={"professional_capacity": 4})


def test_a_fact_excluded_by_age_takes_no_part_and_is_named(pack):
    child = {
        "person__birth_date": "2016-06-14",
        "person__iin": None,
        "cause__code": None,
        "referral__incapacity_since": None,
        "referral__diagnosed_on": None,
        "facts__limitations__learning": 0,
    }
    found = conflicts(pack, **child, facts__insured=False, facts__limitations__work=0)
    assert found["fact_excluded_by_age"].facts == ("insured", "limitations.work")
    assert "fact_excluded_by_age" not in conflicts(pack, **child, facts__insured="n/a", facts__limitations__work=None)
    assert conflicts(pack, facts__limitations__play=0)["fact_excluded_by_age"].facts == ("limitations.play",)


def test_an_unknown_set_of_defects_stands_for_every_subset(pack):
    document = put(STROKE, "facts.anatomical_defects", None)
    proposal = propose(pack, document)
    assert proposal.missing == ("anatomical_defects",)
    assert proposal.level.by_criteria == 2
    assert (proposal.level.by_defects, proposal.level.of_case) == (None, None)


def test_an_empty_case_names_everything_that_matters(pack):
    document = {
        "format": "mse-case/1",
        "person": {"birth_date": "1980-01-01", "sex": "male"},
        "examination": {"on": "2026-11-20"},
    }
    proposal = propose(pack, document)
    functions = [f"functions.{name}" for name in ("mental", "sensory", "statodynamic", "visceral")]
    limitations = [
        f"limitations.{name}"
        for name in ("behaviour", "communication", "learning", "movement", "orientation", "self_care", "work")
    ]
    assert list(proposal.missing) == sorted(["anatomical_defects", *functions, *limitations])
    assert list(proposal.period.missing) == sorted(
        [*proposal.missing, "active_treatment", "defect_complication", "prognosis"]
    )
    assert list(proposal.general_capacity.missing) == sorted([*proposal.missing, "insured"])
    assert proposal.professional_capacity is None
    assert proposal.conflicts == ()


def test_the_trace_tells_what_held_what_failed_and_what_was_not_reached(pack):
    steps = {step.rule: step for step in propose(pack, STROKE).trace}
    assert (steps["level.1"].held, steps["level.2"].held, steps["level.3"].held) == (False, True, None)
    assert (steps["level.3"].reached, steps["level.3"].because) == (False, ())
    assert {ground.fact for ground in steps["level.2"].because} == {
        "functions.statodynamic",
        "limitations.self_care",
        "limitations.movement",
        "limitations.work",
    }
    assert all(ground.value < int(ground.needs[-1]) for ground in steps["level.1"].because)
    assert steps["period.favourable"].held is False
    assert steps["period.favourable"].because[0].needs == "= favourable"
    assert steps["period.doubtful.heavy"].held is True
    assert steps["period.unfavourable.adult"].reached is False
    assert steps["general_capacity.2"].held is True


def test_in_a_draft_a_refused_not_applicable_counts_as_unknown(pack):
    draft = {
        "person": {"birth_date": "2016-01-01", "sex": "male"},
        "examination": {"on": "2026-11-20"},
        "facts": {"functions": {"mental": 2}, "limitations": {"learning": "n/a"}},
    }
    assert "limitations.learning" in propose(pack, draft).missing
    adult = put(draft, "person.birth_date", "1980-01-01")
    assert "limitations.learning" not in propose(pack, adult).missing


def test_the_ages_at_which_not_applicable_is_refused_are_those_of_the_pack(pack):
    for age in range(90):
        for info in pack.facts(age):
            document = {"person": {"birth_date": "2000-01-01"}, "examination": {"on": f"{2000 + age}-01-01"}}
            if info.id in (
                "insured",
                "limitations.work",
                "limitations.learning",
                "limitations.play",
                "limitations.motor",
            ):
                refused = bool(problems(put(document, f"facts.{info.id}", "n/a")))
                assert refused == (not info.may_be_not_applicable), (age, info.id)
