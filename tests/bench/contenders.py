"""The pack's table of decisions as others would run it: group level and period of an adult, from complete facts.

Each contender is given less to do than the engine: the level of the listed defects is worked out for it beforehand, it
checks no person and no paper, reckons no end date, and finds no contradiction. `Facts` are flat, by fact id.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

Facts = Mapping[str, Any]
Found = tuple[int, str]  # the level of the case (0: none), and the id of the period's row, "" where there is none

FUNCTIONS = ("mental", "sensory", "statodynamic", "visceral")
FIVE = ("self_care", "movement", "orientation", "communication", "behaviour")
CAPPED = ("learning", "work")


def by_hand(facts: Facts) -> Found:
    """The same criteria as a programmer writes them down: no table, no trace."""
    function = max(facts["mental"], facts["sensory"], facts["statodynamic"], facts["visceral"])
    five = max(
        facts["self_care"], facts["movement"], facts["orientation"], facts["communication"], facts["behaviour"]
    )  # fmt: skip
    any_limitation = max(five, facts["learning"], facts["work"])
    if function == 4 and five == 3:
        level = 1
    elif function >= 3 and any_limitation >= 2:
        level = 2
    elif function >= 2 and any_limitation >= 1:
        level = 3
    else:
        level = 0
    listed = facts["listed"]
    case = min(level or listed, listed or level)
    if case == 0:
        return 0, ""
    if listed:
        if facts["defect_complication"]:
            return case, "period.complication"
        if case == listed:
            return case, "period.defect.adult"
    prognosis = facts["prognosis"]
    if prognosis == "favourable":
        return case, "period.favourable.treatment" if facts["active_treatment"] else "period.favourable"
    if prognosis == "doubtful":
        return case, "period.doubtful.light" if case == 3 else "period.doubtful.heavy"
    return case, "period.unfavourable.adult"


# The tables. A condition is (fact, sign, value); `function`, `five`, `any` and `case` are worked out before.
LEVELS = (
    (1, (("function", ">=", 4), ("five", ">=", 3))),
    (2, (("function", ">=", 3), ("any", ">=", 2))),
    (3, (("function", ">=", 2), ("any", ">=", 1))),
    (0, ()),
)
PERIODS = (
    ("", (("case", "==", 0),)),
    ("period.defect.adult", (("listed", ">=", 1), ("defect_complication", "==", False), ("heavier", "==", True))),
    ("period.complication", (("listed", ">=", 1), ("defect_complication", "==", True))),
    ("period.favourable.treatment", (("prognosis", "==", "favourable"), ("active_treatment", "==", True))),
    ("period.favourable", (("prognosis", "==", "favourable"), ("active_treatment", "==", False))),
    ("period.doubtful.heavy", (("prognosis", "==", "doubtful"), ("case", "<=", 2))),
    ("period.doubtful.light", (("prognosis", "==", "doubtful"), ("case", "==", 3))),
    ("period.unfavourable.adult", (("prognosis", "==", "unfavourable"),)),
)
_SIGNS: Mapping[str, Callable[[str, Any], Callable[[Facts], bool]]] = {
    ">=": lambda fact, value: lambda facts: facts[fact] >= value,
    "<=": lambda fact, value: lambda facts: facts[fact] <= value,
    "==": lambda fact, value: lambda facts: facts[fact] == value,
}


class Closures:
    """The tables compiled to closures, with a trace: each condition that was asked, and what it said."""

    def __init__(self) -> None:
        self._levels, self._periods = ([self._compiled(row) for row in table] for table in (LEVELS, PERIODS))

    @staticmethod
    def _compiled(row: Any) -> Any:
        return row[0], [((fact, sign, value), _SIGNS[sign](fact, value)) for fact, sign, value in row[1]]

    def decide(self, given: Facts) -> tuple[Found, list[Any]]:
        """What is found, and the trace."""
        trace: list[Any] = []
        facts = dict(given)
        facts["function"] = max([facts[name] for name in FUNCTIONS])
        facts["five"] = max([facts[name] for name in FIVE])
        facts["any"] = max(facts["five"], *[facts[name] for name in CAPPED])
        level, listed = self._first(self._levels, facts, trace), facts["listed"]
        facts["case"] = min(level or listed, listed or level)
        facts["heavier"] = facts["case"] == listed
        return (facts["case"], self._first(self._periods, facts, trace)), trace

    @staticmethod
    def _first(rows: Any, facts: Facts, trace: list[Any]) -> Any:
        for result, conditions in rows:
            held = True
            for condition, holds in conditions:
                held = holds(facts)
                trace.append((result, condition, facts[condition[0]], held))
                if not held:
                    break
            if held:
                return result
        raise AssertionError("the tables are total")


def zen_graph() -> dict[str, Any]:
    """The tables as a decision graph of zen-engine: expressions, levels, the case's level, periods."""
    nodes = [
        {"id": "in", "type": "inputNode", "name": "request", "position": {"x": 0, "y": 0}, "content": {}},
        _expressions("maxima", {
            "function": f"max([{', '.join(FUNCTIONS)}])",
            "five": f"max([{', '.join(FIVE)}])",
            "any": f"max([{', '.join((*FIVE, *CAPPED))}])",
        }),
        _table("levels", "level", LEVELS),
        _expressions("case", {
            "case": "level == 0 ? listed : listed == 0 ? level : min([level, listed])",
            "heavier": "(level == 0 ? listed : listed == 0 ? level : min([level, listed])) == listed",
        }),
        _table("periods", "period", PERIODS, "case"),
        {"id": "out", "type": "outputNode", "name": "response", "position": {"x": 0, "y": 0}, "content": {}},
    ]  # fmt: skip
    ids = [node["id"] for node in nodes]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in pairwise(ids)]
    return {"nodes": nodes, "edges": edges}


def _expressions(name: str, expressions: Mapping[str, str]) -> dict[str, Any]:
    lines = [{"id": f"{name}.{key}", "key": key, "value": value} for key, value in expressions.items()]
    content = {"expressions": lines, "passThrough": True}
    return {"id": name, "type": "expressionNode", "name": name, "position": {"x": 0, "y": 0}, "content": content}


def _table(name: str, result: str, rows: Any, *more: str) -> dict[str, Any]:
    """A decision table; with `more`, its result and those fields are all that goes on."""
    fields = list(dict.fromkeys(fact for _, conditions in rows for fact, _, _ in conditions))
    rules = []
    for number, (found, conditions) in enumerate(rows):
        rule = {"_id": f"{name}.{number}", f"out.{result}": _literal(found), **dict.fromkeys(fields, "")}
        rule.update({f"out.{field}": field for field in more})
        for fact, sign, value in conditions:
            rule[fact] = _literal(value) if sign == "==" else f"{sign} {value}"
        rules.append(rule)
    content = {
        "hitPolicy": "first", "passThrough": not more,
        "inputField": None, "outputPath": None, "executionMode": "single",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": f"out.{field}", "name": field, "field": field} for field in (result, *more)],
        "rules": rules,
    }  # fmt: skip
    return {"id": name, "type": "decisionTableNode", "name": name, "position": {"x": 0, "y": 0}, "content": content}


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
