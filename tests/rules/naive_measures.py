"""A second evaluator of rehabilitation measures, by brute force over the parsed files; it uses nothing of `app`.

Of a case some facts may be unknown (few: every completion is gone through). Known are the ages by the oracle.
"""

import tomllib
from itertools import product

from tests.rules.oracle import FIVE, FUNCTIONS, age_on, pensioner, variables


def read(folder):
    """The measures, by id, with their grounds; the programme's conditions; the levels of the defects."""
    contents = tomllib.loads((folder / "measures.toml").read_text("utf-8"))
    measures = {record["id"]: {**record, "for": [], "against": []} for record in contents["rehabilitation"]}
    for key, name in (("for", "indication"), ("against", "contraindication")):
        for ground in contents[name]:
            measures[ground["id"].split(".")[0]][key].append(ground)
    defects = tomllib.loads((folder / "defects.toml").read_text("utf-8"))["defect"]
    return measures, contents["programme"][0]["when"], {defect["id"]: defect["level"] for defect in defects}


class Evaluator:
    def __init__(self, folder):
        self.measures, self.when, self.levels = read(folder)

    def answer(self, name, facts, diagnoses, born, sex, on):
        """(state, missing) of a measure. `facts` by full name; absent: unknown. `diagnoses`: (main or None, others)."""
        measure, age = self.measures[name], age_on(born, on)
        unknown = {
            fact: values
            for fact, values in variables(age).items()
            if fact not in facts and fact.split(".")[0] in ("functions", "limitations", "anatomical_defects")
        }
        if "anatomical_defects" in unknown:
            unknown["anatomical_defects"] = self.sets(measure)
        main, others = diagnoses
        if main is None:
            unknown["diagnosis.main"] = self.codes(measure)
        found = {}
        for values in product(*unknown.values()):
            chosen = dict(zip(unknown, values, strict=True))
            codes = [chosen.pop("diagnosis.main", main), *others]
            found[values] = self.state(measure, {**facts, **chosen}, codes, age, pensioner(born, sex, on))
        states = set(found.values())
        if len(states) == 1:
            return states.pop(), []
        missing = []
        for place, fact in enumerate(unknown):
            beside = {}
            for values, state in found.items():
                beside.setdefault((*values[:place], *values[place + 1 :]), set()).add(state)
            if any(len(states) > 1 for states in beside.values()):
                missing.append(fact)
        return "open", sorted(missing)

    def lists(self, measure, key):
        grounds = [ground.get("when", []) for ground in measure["for"] + measure["against"]]
        conditions = [condition for when in [self.when, measure.get("requires", []), *grounds] for condition in when]
        return [condition[key] for condition in conditions if key in condition]

    def sets(self, measure):
        """Sets of defects, one for everything that can matter of a set: its level and which lists it hits."""
        lists = self.lists(measure, "defects")
        found = {(0, *(False for _ in lists)): ()}
        for _ in range(len(lists) + 1):
            for chosen in list(found.values()):
                for defect in self.levels:
                    bigger = (*chosen, defect)
                    level = min(self.levels[one] for one in bigger)
                    found.setdefault((level, *(not set(bigger).isdisjoint(one) for one in lists)), bigger)
        return tuple(found.values())

    def codes(self, measure):
        return ("U99", *dict.fromkeys(code for codes in self.lists(measure, "diagnosis") for code in codes))

    def state(self, measure, facts, codes, age, retired):
        first, below = {"age.adult": 18}.get(measure.get("from"), 0), {"age.adult": 18}.get(measure.get("below"), 999)
        level = self.level(facts, age)

        def holds(condition):
            if "level" in condition:
                return level in condition["in"]
            if "defects" in condition:
                return any(defect in condition["defects"] for defect in facts.get("anatomical_defects", ()))
            if "diagnosis" in condition:
                return any(code.startswith(begin) for code in codes for begin in condition["diagnosis"])
            if "below_age" in condition:
                return not retired
            degree = facts.get(condition["fact"], 0)
            return condition["at_least"] <= (0 if degree == "n/a" else degree) <= condition.get("at_most", 9)

        def all_hold(conditions):
            return all(holds(condition) for condition in conditions)

        if not first <= age < below or not all_hold(self.when + measure.get("requires", [])):
            return "not_indicated"
        given = [ground for ground in measure["for"] if all_hold(ground.get("when", []))]
        if not given:
            return "not_indicated"
        if any("confirm" not in ground and all_hold(ground["when"]) for ground in measure["against"]):
            return "contraindicated"
        return "proposed" if any("confirm" not in ground for ground in given) else "to_confirm"

    def level(self, facts, age):
        def degrees(names):
            return [0 if facts.get(name, 0) == "n/a" else facts.get(name, 0) for name in names]

        child = [] if age >= 18 else ["limitations.motor"]
        worst = max(degrees(f"functions.{name}" for name in FUNCTIONS))
        five = max(degrees([*(f"limitations.{name}" for name in FIVE), *child]))
        capped = max(degrees(["limitations.learning", "limitations.work", "limitations.play"]))
        by_criteria = 0
        if worst == 4 and five == 3:
            by_criteria = 1
        elif worst >= 3 and max(five, capped) >= 2:
            by_criteria = 2
        elif worst >= 2 and max(five, capped) >= 1:
            by_criteria = 3
        listed = [self.levels[defect] for defect in facts.get("anatomical_defects", ())]
        return min([one for one in (by_criteria, *listed) if one], default=0)
