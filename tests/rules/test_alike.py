"""An edition beside another one answers as it would alone, whatever the two have in common.

A rehearsal asks both editions about every case and works out once what both are bound to say alike (`app.rules.alike`).
"""

import random
from datetime import date

import pytest

from app.domain.errors import Told
from app.rules.alike import alike
from app.rules.engine import decide
from app.rules.loader import pack_of
from app.rules.papers import Papers
from app.rules.standing import standing_on
from tests.rules import drawn, mutation

CONTENTS = mutation.contents()
BUILT_IN = pack_of(CONTENTS, "sha256:0")
DECIDING = [mutant for mutant in mutation.mutants(CONTENTS) if mutant[1] not in mutation.BESIDE]
PARAMETERS = [mutant for mutant in DECIDING if mutant[1] == "parameters.toml"]
DAY = date(2027, 1, 1)
SEEDS = 6


def says(found):
    return (
        found.outcome, found.missing, found.level, found.period, found.general, found.professional,
        found.cause_proposed, [report.rule.code for report in found.reports],
    )  # fmt: skip


def asked(pack, papers, beside=None):
    try:
        return says(decide(pack, papers, beside))
    except Told as told:
        return str(told.text)


def changed(mutant):
    """The pack with one change of the mutation; None where it doesn't load."""
    try:
        return pack_of(mutation.mutated(CONTENTS, *mutant[1:]), "sha256:1")
    except Told:
        return None


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_a_new_edition_changes_it_answers_beside_the_old_one_as_alone(seed):
    """One row, threshold, date, list or parameter changed at a time; cases drawn with facts unknown and days near."""
    chance = random.Random(seed)
    compared, taken_over = 0, 0
    for mutant in [*chance.sample(DECIDING, 15), *PARAMETERS[seed::SEEDS]]:
        new = changed(mutant)
        if new is None:
            continue
        old = BUILT_IN
        if chance.random() < 0.3:  # as a rehearsal asks them about cases from before the edition
            old, new = standing_on(old, DAY), standing_on(new, DAY)
        for _ in range(8):
            papers = Papers(drawn.document(chance, CONTENTS, unknown=2))
            try:
                was = decide(old, papers)
            except Told:
                continue
            assert asked(new, papers, was) == asked(new, papers), mutant[0]
            compared += 1
            taken_over += alike(was.pack, new.on(papers.on), papers.on).answers
    assert compared > 60
    assert taken_over > 5  # else nothing was tried


def test_the_same_edition_is_alike_in_all_that_it_answers():
    same = alike(BUILT_IN, pack_of(mutation.contents(), "sha256:1"), DAY)
    assert same.answers
    assert {"referral_expired", "functions_limitations_mismatch", "cause_age"} <= same.conflicts


def test_who_has_looked_at_a_record_and_its_words_change_no_answer():
    """An edition of sign-offs or of better wording costs a rehearsal no more than one edition does."""
    contents = mutation.contents()
    for record in contents["decisions.toml"]["level"]:
        record["cite"] = [*record["cite"][:2], "seen" if record["cite"][2] == "memory" else "memory"]
        record["ru"] += " (иначе)"
    assert alike(BUILT_IN, pack_of(contents, "sha256:1"), DAY).answers


def test_an_age_limit_that_was_another_one_in_earlier_years_is_not_alike():
    """Who reached it then has reached it for good, so two limits equal today may tell different people apart."""
    contents = mutation.contents()
    limit = next(one for one in contents["parameters.toml"]["parameter"] if one["id"] == "pension_age.female")
    limit["values"][0]["value"] -= 12
    other = pack_of(contents, "sha256:1")
    assert not alike(BUILT_IN, other, date(2029, 6, 1)).answers
    born, on = "1966-12-01", "2029-06-01"  # 61 years old on the last day of 2027, 62 and a half on the day
    document = drawn.document(random.Random(1), CONTENTS)
    document["person"] |= {"birth_date": born, "sex": "female", "iin": None}
    document["examination"]["on"] = on
    papers = Papers(document)
    assert asked(other, papers, decide(BUILT_IN, papers)) == asked(other, papers)


def test_a_cause_that_another_age_may_have_is_asked_anew():
    contents = mutation.contents()
    grown_up = next(one for one in contents["parameters.toml"]["parameter"] if one["id"] == "age.adult")
    grown_up["values"][0]["value"] += 1
    assert "cause_age" in alike(BUILT_IN, pack_of(mutation.contents(), "sha256:1"), DAY).conflicts
    assert "cause_age" not in alike(BUILT_IN, pack_of(contents, "sha256:2"), DAY).conflicts
