"""The least change of facts that gives another outcome: against trying all changes, with an evaluator of its own."""

import copy
import os
import random
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest

from app.domain.case_file import put, read_case_path
from app.domain.text import LANGUAGES
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.explanation_document import explanation_document
from app.rules.nearest import Change, Neighbourhood
from tests.rules import oracle

CASES = Path(__file__).parent.parent / "cases"
SEED = os.environ.get("SARAPTAMA_SEED", "20261122")
ON, BORN = date(2026, 11, 20), {"adult": "1980-05-05", "school": "2014-05-05", "small": "2021-05-05"}
HEAVIEST_FIRST = ("1", "2", "3")
ADDED = {level: defect for defect, level in oracle.LEVEL_OF.items()}


def case(facts, born):
    document = {
        "format": "mse-case/1",
        "person": {"birth_date": born, "sex": "male"},
        "examination": {"on": ON.isoformat()},
        "facts": {},
    }
    for path, value in facts.items():
        document = put(document, f"facts.{path}", list(value) if isinstance(value, tuple) else value)
    return document


def rank(outcome):
    """0 for nothing established, higher is heavier; all outcomes of small children are one."""
    return {"not_established": 0, "child": 1}.get(outcome) or (4 - int(outcome[-1]) if outcome[-1].isdigit() else 0)


def changed(facts, changes):
    """The facts after some changes, as the value says them."""
    facts = dict(facts)
    for change in changes:
        if change.fact == "anatomical_defects":
            kept = [defect for defect in facts[change.fact] if defect not in change.was]
            facts[change.fact] = (*kept, *([ADDED[change.now]] if change.now else []))
        else:
            assert facts[change.fact] == change.was
            facts[change.fact] = change.now
    return facts


def cost(facts, other, order):
    """(defects, facts, degrees, places, new values) of a change, as the module says it."""
    names = [name for name in order if name in facts and set_of(facts, name) != set_of(other, name)]
    defects = len(set_of(facts, "anatomical_defects") ^ set_of(other, "anatomical_defects"))
    degrees = sum(abs(other[name] - facts[name]) for name in names if name.startswith(("functions", "limitations")))
    values = [(order.index(name), value_number(other, name)) for name in names]
    return defects, len(names), degrees, values


def set_of(facts, name):
    value = facts.get(name)
    return set(value) if isinstance(value, tuple) else value


def value_number(facts, name):
    if name == "anatomical_defects":
        return (9, 3, 2, 1).index(min([oracle.LEVEL_OF[defect] for defect in facts[name]], default=9))
    return facts[name]


def outcomes(facts, unknown, space, born):
    """Every outcome that some completion of the unknown facts gives."""
    found = set()
    for values in product(*(space[name] for name in unknown)):
        full = {**facts, **dict(zip(unknown, values, strict=True))}
        found.add(oracle.decide(full, date.fromisoformat(born), "male", ON)[0])
    return found


def by_trying(pack, facts, unknown, born, wanted):
    """The cheapest change that gives a wanted outcome in every completion, by trying all of up to three facts."""
    space = oracle.variables(oracle.age_on(date.fromisoformat(born), ON))
    order = [fact.id for fact in pack.fact_list]
    may = [
        name
        for name in order
        if name in facts and facts[name] != "n/a" and name.startswith(("functions", "limitations", "anatomical"))
    ]
    best = None
    for count in (1, 2, 3):
        for names in combinations(may, count):
            values = [
                [()] + [(level,) for level in oracle.LEVEL_OF] if name == "anatomical_defects" else space[name]
                for name in names
            ]
            for chosen in product(*values):
                other = {**facts, **dict(zip(names, chosen, strict=True))}
                price = cost(facts, other, order)
                if price[1] != count or (best is not None and price >= best[0]):
                    continue
                if outcomes(other, unknown, space, born) == {wanted}:
                    best = price, other
        if best is not None and best[0][0] == 0:
            return best  # more facts are dearer, and fewer defects than none there are not
    return best


def random_case(draw, unknown_count):
    born = BORN[draw.choice(list(BORN))]
    space = oracle.variables(oracle.age_on(date.fromisoformat(born), ON))
    # Heavy and light ends are drawn oftener: a change of two facts then is enough, and trying stays quick.
    facts = {
        name: draw.choice(values) if name.startswith("functions") or draw.random() < 0.4 else values[0]
        for name, values in space.items()
    }
    if draw.random() < 0.7:
        facts["anatomical_defects"] = ()
    matters = [name for name in space if name.startswith(("functions", "limitations"))]
    unknown = draw.sample(matters, unknown_count)
    return {name: value for name, value in facts.items() if name not in unknown}, unknown, born


@pytest.mark.parametrize("unknown_count", [0, 1])
def test_no_smaller_change_gives_the_next_outcome(pack, unknown_count):
    draw = random.Random(f"{SEED} nearest {unknown_count}")
    compared = 0
    while compared < (60, 12)[unknown_count]:
        facts, unknown, born = random_case(draw, unknown_count)
        document = case(facts, born)
        proposal = propose(pack, document)
        for nearest in Neighbourhood(pack, document, proposal).outcomes():
            if len(nearest.changes) > 3:
                continue
            space = oracle.variables(proposal.age)
            after = changed(facts, nearest.changes)
            assert outcomes(after, unknown, space, born) == {nearest.outcome.value}
            best = by_trying(pack, facts, unknown, born, nearest.outcome.value)
            assert best is not None
            assert cost(facts, after, [fact.id for fact in pack.fact_list]) == best[0]
            heavier = rank(nearest.outcome.value) > rank(proposal.outcome.value)
            assert heavier == (nearest.direction == "heavier")
            compared += 1


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.case.json")))
def test_the_changed_case_has_the_outcome_that_was_said(pack, name):
    document = read_case_path(CASES / name)
    proposal = propose(pack, document)
    around = Neighbourhood(pack, document, proposal)
    for nearest in around.outcomes():
        assert propose(pack, with_changes(document, nearest.changes)).outcome is nearest.outcome
    for term in getattr(proposal.period, "alternatives", ()):
        changes = around.to_period(term)
        if changes is not None:
            other = propose(pack, with_changes(document, changes))
            assert other.period.proposed == term
            assert other.outcome is proposal.outcome


def with_changes(document, changes):
    document = copy.deepcopy(document)
    for change in changes:
        value = change.now
        if change.fact == "anatomical_defects":
            kept = [one for one in document["facts"]["anatomical_defects"] if one not in change.was]
            value = [*kept, *([ADDED[change.now]] if change.now else [])]
        document = put(document, f"facts.{change.fact}", value)
    return document


def nearest_of(pack, document):
    return {found.direction: found for found in Neighbourhood(pack, document, propose(pack, document)).outcomes()}


STROKE = read_case_path(CASES / "01-stroke-at-home.case.json")


def test_a_stroke_is_told_its_neighbours_on_both_sides(pack):
    found = nearest_of(pack, STROKE)
    assert found["heavier"].changes == (
        Change("functions.statodynamic", 3, 4),
        Change("limitations.self_care", 2, 3),
    )
    assert found["lighter"].changes == (Change("functions.statodynamic", 3, 2),)


def test_where_a_defect_gives_the_group_it_must_go(pack):
    document = put(STROKE, "facts.functions", dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), 1))
    document = put(document, "facts.anatomical_defects", ["shin_stump", "hemiplegia"])
    found = nearest_of(pack, document)
    assert found["lighter"].changes == (Change("anatomical_defects", ("hemiplegia",), None),)
    assert all(change.fact != "anatomical_defects" for change in found["heavier"].changes)  # degrees come first


def test_what_is_said_not_to_apply_is_no_degree_to_be_changed(pack):
    functions = dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), 1)
    document = put(STROKE, "facts.functions", functions)
    for learning, names in (("n/a", ["anatomical_defects"]), (0, ["functions.mental", "limitations.learning"])):
        document = put(document, "facts.limitations", {"learning": learning})  # the others are not known
        changes = nearest_of(pack, document)["heavier"].changes
        assert [change.fact for change in changes] == names


def test_an_unknown_fact_is_not_changed_and_cannot_spoil_the_change(pack):
    document = put(STROKE, "facts.limitations.movement", None)
    found = nearest_of(pack, document)
    assert all(change.fact != "limitations.movement" for one in found.values() for change in one.changes)
    # With self-care at 3 or movement unknown, only the function can make it lighter for certain.
    assert found["lighter"].changes == (Change("functions.statodynamic", 3, 2),)


def test_an_open_outcome_has_no_neighbours(pack):
    document = read_case_path(CASES / "06-not-enough-data.case.json")
    assert nearest_of(pack, document) == {}
    assert explain(pack, propose(pack, document), document).nearest == ()


def test_the_heaviest_and_the_lightest_have_one_neighbour(pack):
    heavy = put(put(STROKE, "facts.functions.statodynamic", 4), "facts.limitations.movement", 3)
    assert list(nearest_of(pack, heavy)) == ["lighter"]
    light = put(STROKE, "facts.functions", dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), 0))
    assert list(nearest_of(pack, light)) == ["heavier"]


def test_the_change_is_told_in_three_languages(pack):
    told = explain(pack, propose(pack, STROKE), STROKE)
    heavier, lighter = told.nearest
    assert [line.en for line in heavier.changes] == [
        "statodynamic functions: 4 instead of 3",
        "self-care: 3 instead of 2",
    ]
    assert lighter.text.ru.endswith("статодинамические функции: 2, а не 3")
    assert lighter.text.kk.endswith("статикалық-динамикалық функциялар: 3 емес, 2")
    document = put(put(STROKE, "facts.functions.statodynamic", 1), "facts.anatomical_defects", ["shin_stump"])
    told = explain(pack, propose(pack, document), document)
    assert told.nearest[1].changes[0].en == "anatomical defects: if not listed – stump of the lower leg"


def test_an_alternative_says_which_facts_make_it_the_proposed_period(pack):
    (offer,) = explain(pack, propose(pack, STROKE), STROKE).offers
    assert (offer.kind, offer.rule) == ("alternative", "period.doubtful.heavy")
    assert offer.would_take.en == (
        "It is the proposed period with: rehabilitation prognosis: favourable instead of doubtful; "
        "active treatment or rehabilitation goes on: no instead of yes"
    )
    assert offer.citation == next(rule for rule in pack.periods if rule.id == offer.rule).citation
    assert offer.ground_citation is None


def test_a_candidate_says_which_ground_a_person_must_state(pack):
    document = put(STROKE, "facts.prognosis", "unfavourable")
    offers = explain(pack, propose(pack, document), document).offers
    assert [offer.kind for offer in offers] == ["alternative", "candidate"]
    assert (
        offers[1].would_take.en == "A person must state the ground: pension age, or a long observation without effect"
    )
    assert offers[1].ground_citation.status.value == "memory"


def test_without_the_case_nothing_is_said_of_other_facts(pack):
    told = explain(pack, propose(pack, STROKE))
    assert (told.nearest, told.offers) == ((), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explanation_as_json_holds_all_of_it_in_one_language(pack, language):
    proposal = propose(pack, STROKE)
    told = explain(pack, proposal, STROKE)
    document = explanation_document(told, proposal, language)
    assert list(document)[:5] == ["format", "language", "pack", "on", "age"]
    assert document["format"] == "mse-explanation/1"
    assert document["headline"] == told.headline.of(language)
    assert document["nearest"][0]["changes"] == [line.of(language) for line in told.nearest[0].changes]
    assert document["offers"][0]["citation"]["status"] == "memory"


def single_changes(space, facts):
    """Every other value of every given fact that is no defect."""
    for name, values in space.items():
        if name in facts and facts[name] != "n/a" and name != "anatomical_defects":
            yield name, [value for value in values if value != facts[name]]


def test_no_smaller_change_makes_an_alternative_the_proposed_period(pack):
    draw = random.Random(f"{SEED} periods")
    compared = 0
    while compared < 25:
        facts, _, born = random_case(draw, 0)
        document = case(facts, born)
        proposal = propose(pack, document, trace=False)
        around = Neighbourhood(pack, document, proposal)
        space = oracle.variables(proposal.age)
        for term in getattr(proposal.period, "alternatives", ()):
            prices = []
            for count in (1, 2):
                for chosen in combinations(single_changes(space, facts), count):
                    for values in product(*(values for _, values in chosen)):
                        other = {**facts, **dict(zip((name for name, _ in chosen), values, strict=True))}
                        found = propose(pack, case(other, born), trace=False)
                        if found.outcome is proposal.outcome and found.period.proposed == term:
                            prices.append(price(facts, other))
                if prices:
                    break
            changes = around.to_period(term)
            told = None if changes is None else price(facts, changed(facts, changes))
            if prices:
                assert told == min(prices)
            else:
                assert told is None or told[0] or told[1] > 2
            compared += 1


def price(facts, other):
    """(defects, facts, degrees): a choice or a flag counts one."""
    names = [name for name in facts if set_of(facts, name) != set_of(other, name)]
    defects = len(set_of(facts, "anatomical_defects") ^ set_of(other, "anatomical_defects"))
    degrees = sum(abs(other[name] - facts[name]) if name.startswith(("functions", "limitations")) else 1
                  for name in names if name != "anatomical_defects")  # fmt: skip
    return defects, len(names), degrees
