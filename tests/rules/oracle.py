"""A second evaluator, written from `criteria.md` alone and apart from the engine: plain Python, by brute force.

It uses nothing of `app`. `decide` answers for complete facts; `answer` goes through every completion.
"""

from calendar import monthrange
from datetime import date
from itertools import product

FUNCTIONS = ("mental", "sensory", "statodynamic", "visceral")
FIVE = ("self_care", "movement", "orientation", "communication", "behaviour")
LEVEL_OF = {"shin_stump": 3, "hemiplegia": 2, "paraplegia": 1}
# one set for each heaviest level stands for every subset of the list with that heaviest level
DEFECT_SETS = ((), ("shin_stump",), ("hemiplegia",), ("paraplegia",))
BANDS = {
    "full_loss": (90, 100),
    "special_conditions": (60, 89),
    "lower_qualification": (30, 59),
    "reduced": (5, 29),
    "none": None,
}


def plus_months(day, count):
    month = day.year * 12 + day.month - 1 + count
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def anniversary(born, years):
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age_on(born, on):
    years = on.year - born.year
    return years if anniversary(born, years) <= on else years - 1


def first_after(day):
    return plus_months(day.replace(day=1), 1)


def pensioner(born, sex, on):
    if sex == "male":
        return anniversary(born, 63) <= on
    steps = (
        (date(1900, 1, 1), date(2027, 12, 31), 61, 0),
        (date(2028, 1, 1), date(2028, 12, 31), 61, 6),
        (date(2029, 1, 1), date(2029, 12, 31), 62, 0),
        (date(2030, 1, 1), date(2030, 12, 31), 62, 6),
        (date(2031, 1, 1), date(9999, 1, 1), 63, 0),
    )
    for first, last, years, months in steps:
        reached = plus_months(born, years * 12 + months) if months else anniversary(born, years)
        if max(first, reached) <= min(last, on):
            return True
    return False


def variables(age):
    """Every fact that applies at an age, with its values."""
    found = {f"functions.{name}": (0, 1, 2, 3, 4) for name in FUNCTIONS}
    found |= {f"limitations.{name}": (0, 1, 2, 3) for name in FIVE}
    if age >= 7:
        found["limitations.learning"] = (0, 1, 2, 3)
    if age >= 18:
        found["limitations.work"] = (0, 1, 2, 3)
        found["insured"] = (True, False)
    else:
        found["limitations.play"] = found["limitations.motor"] = (0, 1, 2, 3)
    found["anatomical_defects"] = DEFECT_SETS
    found["defect_complication"] = found["active_treatment"] = (True, False)
    found["prognosis"] = ("favourable", "doubtful", "unfavourable")
    return found


def decide(facts, born, sex, on):
    """(outcome, by_criteria, by_defects, of_case, period, general, mismatch) for complete facts; level 9 is none."""
    age = age_on(born, on)
    number = lambda name: 0 if facts.get(name, 0) == "n/a" else facts.get(name, 0)  # noqa: E731
    top = max(number(f"functions.{name}") for name in FUNCTIONS)
    five = [number(f"limitations.{name}") for name in FIVE] + ([number("limitations.motor")] if age < 18 else [])
    capped = []
    if age >= 7:
        capped.append(number("limitations.learning"))
    if age >= 14:
        capped.append(number("limitations.work"))
    if age < 18:
        capped.append(number("limitations.play"))
    criteria = 9
    if top == 4 and 3 in five:
        criteria = 1
    elif top >= 3 and max(five + capped) >= 2:
        criteria = 2
    elif top >= 2 and max(five + capped) >= 1:
        criteria = 3
    listed = min([LEVEL_OF[name] for name in facts["anatomical_defects"]], default=9)
    level = min(criteria, listed)
    if level == 9:
        outcome = "not_established"
    elif age >= 18:
        outcome = f"group_{level}"
    elif age >= 7:
        outcome = f"child_group_{level}"
    else:
        outcome = "child"
    period = None if level == 9 else period_of(facts, born, on, age, criteria, listed, level)
    general = None
    if age >= 18 and not pensioner(born, sex, on) and facts["insured"] and level != 9:
        general = {1: (80, 100), 2: (60, 79), 3: (30, 59)}[level]
    mismatch = (0, 0, 1, 2, 3)[top] != max(five + [min(2, value) for value in capped])
    return outcome, criteria % 9, listed % 9, level % 9, period, general, mismatch


def period_of(facts, born, on, age, criteria, listed, level):
    forever = "no_term" if age >= 18 else "until_18" if age >= 7 else "until_7"
    prognosis, candidates = facts["prognosis"], []
    if listed < 9 and not facts["defect_complication"] and listed <= criteria:
        offers = [(forever, None)]
    elif listed < 9 and facts["defect_complication"]:
        offers = [("years", 1), ("months", 6)]
    elif prognosis == "favourable":
        offers = [("months", 6), ("years", 1)] if facts["active_treatment"] else [("years", 1), ("months", 6)]
    elif prognosis == "doubtful":
        offers = [("years", 2), ("years", 1)] if level < 3 else [("years", 1), ("years", 2)]
    elif age >= 18:
        offers, candidates = [("years", 5), ("years", 2)], [("no_term", None, None)]
    else:
        offers = [(forever, None), ("years", 5), ("years", 2)]
    border = anniversary(born, 7 if age < 7 else 18) if age < 18 else None
    ended = []
    for offered in offers:
        kind, value = offered
        if kind in ("months", "years"):
            until = first_after(plus_months(on, value if kind == "months" else 12 * value))
            if border is not None and until >= border:
                kind, value, until = forever, None, border
        else:
            until = border
        if (kind, value, until) not in ended:
            ended.append((kind, value, until))
    return tuple(ended), tuple(candidates)


def answer(facts, born, sex, on):
    """What is certain and what is missing, over every completion of the unknown facts (absent keys)."""
    space = variables(age_on(born, on))
    unknown = [name for name in space if name not in facts]
    completions = {}
    for values in product(*(space[name] for name in unknown)):
        completions[values] = decide({**facts, **dict(zip(unknown, values, strict=True))}, born, sex, on)

    def part(index):
        found = {result[index] for result in completions.values()}
        if len(found) == 1:
            return next(iter(found)), ()
        matters = set()
        for place, name in enumerate(unknown):
            seen = {}
            for values, result in completions.items():
                seen.setdefault(values[:place] + values[place + 1 :], set()).add(result[index])
            if any(len(results) > 1 for results in seen.values()):
                matters.add(name)
        return "undetermined", tuple(sorted(matters))

    return {
        "outcome": part(0),
        "by_criteria": part(1),
        "by_defects": part(2),
        "of_case": part(3),
        "period": part(4),
        "general": part(5),
        "mismatch": all(result[6] for result in completions.values()),
        "results": list(completions.values()),
    }
