"""What is kept of earlier cases makes the next one fast, and never another."""

import random
from dataclasses import FrozenInstanceError, fields

import pytest

from app.domain.proposal import Proposal, proposal_of
from app.rules import reading, space
from app.rules.engine import propose
from app.rules.loader import load_pack
from tests.rules import drawn, mutation
from tests.rules.conftest import PACK

CASE = {
    "format": "mse-case/1",
    "person": {"birth_date": "1980-05-05", "sex": "male"},
    "examination": {"on": "2026-11-20"},
}


@pytest.fixture
def fresh():
    """The pack with nothing kept."""
    return load_pack(PACK, verify=None)


def with_facts(**limitations):
    return {**CASE, "facts": {"limitations": limitations}}


def test_a_batch_that_overflows_what_is_kept_gets_the_same_answers(pack, fresh, monkeypatch):
    contents, chance = mutation.contents(), random.Random(7)
    documents = [drawn.document(chance, contents) for _ in range(300)]
    whole = [propose(pack, document, trace=False) for document in documents]
    monkeypatch.setattr(reading, "KEPT", 3)
    monkeypatch.setattr(reading, "TOGETHER", 3)  # a look-up a fact
    monkeypatch.setattr(space, "OPEN_KEPT", 3)
    assert [propose(fresh, document, trace=False) for document in documents] == whole
    plan = fresh.compiled["plan"]
    assert all(0 < len(compiled._still_open) <= 3 for compiled in plan.spaces.values())
    readers = [compiled._reader for compiled in plan.spaces.values()]
    assert readers
    for reader in readers:
        assert all(len(kept) <= 3 for _, _, _, kept, _ in reader._sections)
        assert all(len(state.next) <= 3 for state in reader._states.values())


@pytest.mark.parametrize("given", [{}, {"movement": 1}, dict.fromkeys(
    ("self_care", "movement", "orientation", "communication", "behaviour", "learning", "work"), 1)])  # fmt: skip
def test_a_fact_excluded_by_age_is_reported_however_many_others_are_given(pack, given):
    codes = {conflict.code for conflict in propose(pack, with_facts(**given, play=0)).conflicts}
    assert "fact_excluded_by_age" in codes
    without = {conflict.code for conflict in propose(pack, with_facts(**given, play="n/a", motor=None)).conflicts}
    assert "fact_excluded_by_age" not in without


def test_what_is_not_applicable_is_not_concerned_in_a_contradiction(pack):
    """Twice each, because what was told of a case is kept."""
    facts = {"functions": dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), 4)}
    five = dict.fromkeys(("self_care", "movement", "orientation", "communication", "behaviour", "work"), 0)
    for learning in ("n/a", 0, "n/a", 0):
        limitations = {"limitations": {**five, "learning": learning}}
        conflicts = propose(pack, {**CASE, "facts": {**facts, **limitations}}, trace=False).conflicts
        differing = next(one for one in conflicts if one.code == "functions_limitations_mismatch")
        assert ("limitations.learning" in differing.facts) == (learning == 0)
        assert len(differing.facts) == 10 + (learning == 0)


@pytest.mark.parametrize(("incapacity", "diagnosed"), [("2026-08-01", "2026-09-05"), ("2026-09-05", "2026-08-01")])
def test_a_referral_too_early_tells_the_earlier_of_two_days(pack, incapacity, diagnosed):
    referral = {"signed_on": "2026-11-10", "incapacity_since": incapacity, "diagnosed_on": diagnosed}
    document = {**CASE, "examination": {"on": "2026-11-20", "occasion": "first"}, "referral": referral}
    (early,) = (one for one in propose(pack, document).conflicts if one.code == "referral_too_early")
    assert "01.08.2026" in early.text.en
    assert "05.09.2026" not in early.text.en
    assert early.facts == ("referral.diagnosed_on", "referral.incapacity_since", "referral.signed_on")


def test_what_an_earlier_case_left_unknown_is_known_in_the_next(fresh):
    full = {"functions": dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), 2),
            "limitations": dict.fromkeys(("self_care", "movement", "orientation", "communication", "behaviour",
                                          "learning", "work"), 1),
            "anatomical_defects": [], "prognosis": "doubtful"}  # fmt: skip
    lacking = {
        **full,
        "functions": {**full["functions"], "mental": None, "visceral": 0, "sensory": 0, "statodynamic": 0},
    }
    for facts, outcome in ((full, "group_3"), (lacking, "undetermined"), (full, "group_3"), (lacking, "undetermined")):
        assert propose(fresh, {**CASE, "facts": facts}, trace=False).outcome == outcome


def test_a_proposal_made_fast_is_a_proposal(pack):
    found = propose(pack, CASE)
    values = [getattr(found, field.name) for field in fields(Proposal)]
    assert type(found) is Proposal
    assert found == Proposal(*values) == proposal_of(*values)
    assert [getattr(proposal_of(*range(12)), field.name) for field in fields(Proposal)] == list(range(12))
    with pytest.raises(FrozenInstanceError):
        found.age = 1
