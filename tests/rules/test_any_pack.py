"""A second evaluator for any pack (SQL over the parsed files) agrees with the engine, whatever pack the loader takes.

More of each by command: `python -m tests.rules.compare`.
"""

import random
from datetime import date

import pytest

from app.domain.errors import Told
from app.rules.loader import pack_of
from tests.rules import agreement, drawn, generated, mutation, naive

BUILT_IN = mutation.contents()
PACK = pack_of(BUILT_IN, "sha256:0")
MUTANTS = random.Random(3).sample(list(mutation.mutants(BUILT_IN)), 60)


def agree(contents, pack, seed, count, **options):
    chance = random.Random(seed)
    for _ in range(count):
        case = drawn.document(chance, contents, **options)
        difference = agreement.disagreement(contents, pack, case, trace=chance.random() < 0.2)
        assert difference is None, (case, difference)


@pytest.mark.parametrize("seed", range(4))
def test_the_built_in_pack_on_partial_cases_with_any_number_of_unknown_facts(seed):
    agree(BUILT_IN, PACK, seed, 60)


def test_folding_says_what_every_completion_says():
    chance = random.Random(4)
    for _ in range(60):
        case = drawn.document(chance, BUILT_IN, unknown=4)
        assert naive.answer(BUILT_IN, case) == naive.answer(BUILT_IN, case, fold=False)


@pytest.mark.parametrize(
    ("born", "sex"),
    [("2022-05-05", "female"), ("2016-05-05", "male"), ("2010-05-05", "male"), ("1980-05-05", "male"),
     ("1950-05-05", "female")],
)  # fmt: skip
def test_the_whole_space_of_each_age_agrees_folded_by_what_rows_can_tell_apart(born, sex):
    """One query gives every combination with its level, period and band; the engine is asked about each of them."""
    case = {"format": "mse-case/1", "person": {"birth_date": born, "sex": sex}, "examination": {"on": "2026-11-20"}}
    person = naive.Person(BUILT_IN, case)
    vary, rows = person.completions(fold=True)
    assert len(rows) > 3_000
    shapes = {row: person.period(row) for row in {row[len(vary) + 3] for row in rows}}
    bands = {row: person.general(row) for row in {row[len(vary) + 4] for row in rows}}
    defect_of = {0: [], **{level: [name] for name, level in person.level_of.items()}}
    seen = set()
    for *values, criteria, listed, level, period, band, differ in rows:
        facts = {name: {} for name in ("functions", "limitations")}
        for name in person.column:
            section, _, key = name.rpartition(".")
            place = facts[section] if section else facts
            number = values[vary.index(name)] if name in vary else 0
            choices = person.choices(name)
            flags = name in ("defect_complication", "active_treatment", "insured")
            place[key] = choices[number] if choices else bool(number) if flags else number
        facts["anatomical_defects"] = defect_of[values[vary.index("anatomical_defects")]]
        found = agreement.by_engine(PACK, {**case, "facts": facts})
        assert found["outcome"] == (person.outcome(level), ())
        assert found["level"] == [number or None for number in (criteria, listed, level)]
        assert found["period"] == (shapes[period], ())
        assert found["general"] == (bands[band], ())
        assert bool(differ) == (("functions_limitations_mismatch", "conflict") in found["conflicts"])
        seen.add((period, band))
    assert len(seen) >= 6


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant[0])
def test_a_mutated_pack_that_loads(mutant):
    name, file, path, replacement = mutant
    contents = mutation.mutated(BUILT_IN, file, path, replacement)
    try:
        pack = pack_of(contents, "sha256:0")
    except Told:
        return
    agree(contents, pack, name, 8, unknown=3)


def made(seed):
    """A pack by chance, and what the loader makes of it; None where it refuses."""
    contents = generated.contents(random.Random(seed), BUILT_IN)
    try:
        return contents, pack_of(contents, "sha256:0")
    except Told:
        return contents, None


@pytest.mark.parametrize("seed", range(8))
def test_packs_by_chance_with_dated_parameters_and_records(seed):
    for number in range(5):
        contents, pack = made(f"suite {seed}.{number}")
        if pack is not None:
            agree(contents, pack, seed, 10, unknown=4)


def test_most_packs_by_chance_load_and_many_of_them_have_records_with_days():
    packs = [made(f"load {number}")[1] for number in range(60)]
    assert sum(pack is not None for pack in packs) >= 45
    assert sum(pack is not None and len(pack.slices) > 1 for pack in packs) >= 15


def test_an_age_once_reached_stays_reached_where_the_record_that_gave_it_has_ended():
    contents = {**BUILT_IN, "parameters.toml": {"parameter": [
        part
        for record in BUILT_IN["parameters.toml"]["parameter"]
        for part in ([
            {**record, "values": [{"value": 732}], "valid_to": date(2027, 12, 31)},
            {**record, "values": [{"value": 738}], "valid_from": date(2028, 1, 1)},
        ] if record["id"] == "pension_age.female" else [record])
    ]}}  # fmt: skip
    pack = pack_of(contents, "sha256:0")
    facts = {"functions": {"mental": 4, "sensory": 0, "statodynamic": 0, "visceral": 0}, "insured": True,
             "limitations": {"self_care": 3}, "prognosis": "doubtful", "anatomical_defects": []}  # fmt: skip
    for born, band in (("1966-12-20", None), ("1966-12-31", None), ("1967-01-01", (80, 100))):
        case = {"format": "mse-case/1", "person": {"birth_date": born, "sex": "female"},
                "examination": {"on": "2028-02-01"}, "facts": facts}  # fmt: skip
        assert agreement.by_engine(pack, case)["general"] == (band, ())
        assert agreement.disagreement(contents, pack, case) is None


def test_the_second_evaluator_sees_what_the_engine_gets_wrong():
    """Decided by another pack, the engine is caught: the comparison is no empty one."""
    other = mutation.mutated(BUILT_IN, "decisions.toml", ("level", 1, "when", 0, "at_least"), 4)
    pack = pack_of(other, "sha256:0")
    with pytest.raises(AssertionError):
        agree(BUILT_IN, pack, 5, 400)
