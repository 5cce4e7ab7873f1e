"""The engine and a second evaluator, written apart from it, agree: complete and partial cases, all ages, many dates."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.case_file import check_document, new_document, put
from app.domain.proposal import Band, Period, Undetermined
from app.domain.vocabulary import Outcome
from app.rules.engine import propose
from tests.rules import oracle

AGES = st.sampled_from([0, 3, 6, 7, 10, 13, 14, 16, 17, 18, 30, 59, 60, 61, 62, 63, 64, 80])
DAYS = st.dates(date(2023, 7, 1), date(2034, 12, 31))


@st.composite
def people(draw):
    on = draw(DAYS)
    age = draw(AGES)
    born = oracle.plus_months(on, -12 * age) - timedelta(
        days=draw(st.sampled_from([0, 0, 1, 2, 30, 100, 180, 183, 200, 364]))
    )
    born = min(born, on)
    return born, draw(st.sampled_from(["male", "female"])), on


@st.composite
def cases(draw, most_unknown=4):
    born, sex, on = draw(people())
    space = oracle.variables(oracle.age_on(born, on))
    unknown = draw(st.sets(st.sampled_from(sorted(space)), max_size=most_unknown))
    facts = {name: draw(st.sampled_from(values)) for name, values in space.items() if name not in unknown}
    age = oracle.age_on(born, on)
    if 14 <= age < 18 and draw(st.booleans()):
        facts["limitations.work"] = draw(st.sampled_from([0, 1, 2, 3, "n/a"]))
    if age >= 18 and draw(st.booleans()):
        facts["limitations.learning"] = "n/a"
    return facts, born, sex, on


def document_of(facts, born, sex, on):
    document = put(put(new_document(), "person.birth_date", born.isoformat()), "person.sex", sex)
    document = put(document, "examination.on", on.isoformat())
    for name, value in facts.items():
        document = put(document, f"facts.{name}", list(value) if isinstance(value, tuple) else value)
    check_document(document)
    return document


def part(value, certain):
    return ("undetermined", value.missing) if isinstance(value, Undetermined) else (certain(value), ())


def compare(pack, facts, born, sex, on):
    expected = oracle.answer(facts, born, sex, on)
    proposal = propose(pack, document_of(facts, born, sex, on))
    assert (proposal.outcome.value, proposal.missing) == expected["outcome"]
    assert (proposal.outcome is Outcome.UNDETERMINED) == bool(proposal.missing)
    for name in ("by_criteria", "by_defects", "of_case"):
        found = expected[name][0]
        assert getattr(proposal.level, name) == (None if found in (0, "undetermined") else found)
    assert part(proposal.period, shape) == expected["period"]
    assert (
        part(proposal.general_capacity, lambda band: (band.first, band.last) if isinstance(band, Band) else None)
        == expected["general"]
    )
    codes = [conflict.code for conflict in proposal.conflicts]
    assert ("functions_limitations_mismatch" in codes) == expected["mismatch"]
    return expected


def shape(period):
    if not isinstance(period, Period):
        return None
    term = lambda term: (term.kind.value, term.value, term.until)  # noqa: E731
    return tuple(term(found) for found in (period.proposed, *period.alternatives)), tuple(
        term(found) for found in period.candidates
    )


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases(most_unknown=0))
def test_complete_cases_agree(pack, case):
    compare(pack, *case)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_partial_cases_agree_in_outcome_missing_period_and_percentages(pack, case):
    compare(pack, *case)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    case=cases(most_unknown=3),
    outcome=st.sampled_from([None, "group_1", "group_2", "group_3", "child", "not_established"]),
    kind=st.sampled_from([None, ("years", 1), ("years", 2), ("months", 6), ("no_term", None), ("until_18", None)]),
    figure=st.sampled_from([None, 0, 29, 30, 59, 60, 79, 80, 100]),
)
def test_conflicts_with_the_decision_are_reported_only_if_every_completion_has_them(pack, case, outcome, kind, figure):
    facts, born, sex, on = case
    decision = {"outcome": outcome, "period": kind and {"kind": kind[0], "value": kind[1]}, "general_capacity": figure}
    document = put(document_of(facts, born, sex, on), "decision", decision)
    check_document(document)
    codes = [conflict.code for conflict in propose(pack, document).conflicts]
    results = oracle.answer(facts, born, sex, on)["results"]

    def agrees(result):
        terms = [] if result[4] is None else [(term[0], term[1]) for term in result[4][0]]
        return outcome in (None, result[0]) and (kind is None or kind in terms)

    assert ("decision_differs" in codes) == (not any(agrees(result) for result in results))
    outside = (
        all(result[5] is None or not result[5][0] <= figure <= result[5][1] for result in results)
        if figure is not None
        else False
    )
    assert ("percentage_outside_band" in codes) == outside


@pytest.mark.parametrize("age", [3, 10, 15, 40, 70])
def test_every_combination_of_heaviest_degrees_agrees(pack, age):
    """The whole space, folded by what has influence: the greatest function, of five, of capped, and all else."""
    on = date(2026, 11, 20)
    born = date(2026 - age, 5, 5)
    base = {name: values[0] for name, values in oracle.variables(age).items()}
    capped = "limitations.play" if age < 18 else "limitations.work"
    insured = (True, False) if age >= 18 else (None,)
    for function in range(5):
        for five in range(4):
            for cap in range(4):
                for defects in oracle.DEFECT_SETS:
                    for complication in (True, False):
                        for prognosis in ("favourable", "doubtful", "unfavourable"):
                            facts = {
                                **base,
                                "functions.sensory": function,
                                "limitations.behaviour": five,
                                capped: cap,
                                "anatomical_defects": defects,
                                "defect_complication": complication,
                                "prognosis": prognosis,
                                "active_treatment": (function + five + cap) % 2 == 0,
                            }
                            if insured != (None,):
                                facts["insured"] = insured[(function + cap) % 2]
                            expected = oracle.decide(facts, born, "female", on)
                            proposal = propose(pack, document_of_quick(facts, born, on), trace=False)
                            assert proposal.outcome.value == expected[0], facts
                            assert shape(proposal.period) == expected[4], facts


def document_of_quick(facts, born, on):
    document = {
        "person": {"birth_date": born.isoformat(), "sex": "female"},
        "examination": {"on": on.isoformat()},
        "facts": {"functions": {}, "limitations": {}},
    }
    for name, value in facts.items():
        section, _, key = name.rpartition(".")
        (document["facts"][section] if section else document["facts"])[key] = (
            list(value) if isinstance(value, tuple) else value
        )
    return document


def test_the_long_comparison_runs_and_finds_no_disagreement():
    """A small draw of what `python -m tests.rules.compare` does with 100,000 partial cases."""
    from tests.rules import compare as long_comparison

    assert long_comparison.run(("suite", 150)) == (150, None)
