"""The pack's table of decisions in openfisca-core: called by `openfisca` in an environment of its own.

Reads cases (flat facts) from its input as JSON; writes what it found for each, and how many it does per second of CPU:
one simulation of one person a case, the fastest of some rounds, without and with its tracer.
"""

import json
import sys
from importlib.metadata import version
from time import process_time

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

FUNCTIONS = ("mental", "sensory", "statodynamic", "visceral")
FIVE = ("self_care", "movement", "orientation", "communication", "behaviour")
CAPPED = ("learning", "work")
FLAGS = ("defect_complication", "active_treatment")
PROGNOSES = ["favourable", "doubtful", "unfavourable"]
ROWS = [
    "", "period.defect.adult", "period.complication", "period.favourable.treatment", "period.favourable",
    "period.doubtful.heavy", "period.doubtful.light", "period.unfavourable.adult",
]  # fmt: skip
MONTH, ROUNDS = "2026-11", 5
PERSON = build_entity(key="person", plural="persons", label="", is_person=True)


def greatest(names):
    return lambda person, period: np.maximum.reduce([person(name, period) for name in names])


def level(person, period):
    function, five, some = (person(name, period) for name in ("function", "five", "some"))
    rows = [(function >= 4) & (five >= 3), (function >= 3) & (some >= 2), (function >= 2) & (some >= 1)]
    return np.select(rows, [1, 2, 3], 0)


def case(person, period):
    criteria, listed = person("level", period), person("listed", period)
    return np.where(criteria == 0, listed, np.where(listed == 0, criteria, np.minimum(criteria, listed)))


def row(person, period):
    names = ("case", "listed", "defect_complication", "prognosis", "active_treatment")
    of_case, listed, complication, prognosis, treatment = (person(name, period) for name in names)
    rows = [
        of_case == 0, (listed > 0) & ~complication & (of_case == listed), (listed > 0) & complication,
        (prognosis == 0) & treatment, (prognosis == 0) & ~treatment, (prognosis == 1) & (of_case <= 2), prognosis == 1,
    ]  # fmt: skip
    return np.select(rows, list(range(7)), 7)


def variable(name, of=int, formula=None):
    content = {"value_type": of, "entity": PERSON, "definition_period": DateUnit.MONTH}
    if formula is not None:

        def found(person, period):
            return formula(person, period)

        content["formula"] = found
    return type(name, (Variable,), content)


def system():
    made = TaxBenefitSystem([PERSON])
    for name in (*FUNCTIONS, *FIVE, *CAPPED, "listed", "prognosis"):
        made.add_variable(variable(name))
    for name in FLAGS:
        made.add_variable(variable(name, bool))
    formulas = {
        "function": greatest(FUNCTIONS), "five": greatest(FIVE), "some": greatest((*FIVE, *CAPPED)),
        "level": level, "case": case, "row": row,
    }  # fmt: skip
    for name, formula in formulas.items():
        made.add_variable(variable(name, formula=formula))
    return made


def decide(made, facts, *, trace):
    """(level of the case, row of the period) for one person."""
    simulation = SimulationBuilder().build_default_simulation(made, count=1)
    simulation.trace = trace
    for name, value in facts.items():
        simulation.set_input(name, MONTH, np.array([PROGNOSES.index(value) if name == "prognosis" else value]))
    return int(simulation.calculate("case", MONTH)[0]), ROWS[int(simulation.calculate("row", MONTH)[0])]


def rate(made, cases, *, trace):
    fastest = float("inf")
    for _ in range(ROUNDS):
        start = process_time()
        for facts in cases:
            decide(made, facts, trace=trace)
        fastest = min(fastest, process_time() - start)
    return len(cases) / fastest


def main():
    cases, made = json.load(sys.stdin), system()
    told = {
        "version": version("openfisca-core"),
        "found": [decide(made, facts, trace=False) for facts in cases],
        "plain": rate(made, cases, trace=False),
        "traced": rate(made, cases, trace=True),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
