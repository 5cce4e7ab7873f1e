"""Two editions asked about the same case: what the second is bound to answer as the first did, without being asked.

Most editions change a row or a number of the one before them, and a rehearsal asks both about a hundred thousand cases.
What is compared here decides nothing: where two editions are not seen to be alike, both are asked.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from app.domain.errors import UserError
from app.domain.proposal import Citation
from app.domain.text import LocalText
from app.rules.ages import age_limits, borders, dated_values
from app.rules.conflicts import CHECKS, RestsOn
from app.rules.model import ConflictRule, Pack

_TABLES: Final = (
    "fact_list", "groups", "measures", "levels", "outcomes", "clips", "periods", "general", "professional",
    "proposed_causes", "defect_by_id",
)  # fmt: skip


class Alike(NamedTuple):
    """On one day. `answers`: outcome, level, period, percentages and proposed cause are the same for every case.

    `conflicts`: codes of the contradictions that both report of the same cases, though perhaps in other words.
    """

    answers: bool
    conflicts: frozenset[str]


def alike(one: Pack, other: Pack, on: date) -> Alike:
    """What two editions, each as it stands on the day, are bound to answer alike to a case of that day."""
    tables, causes, conflicts = _undated(one, other)
    names = one.parameters.keys() | other.parameters.keys()
    moved = {name for name in names if _value(one, name, on) != _value(other, name, on)}
    limits = {name for limit in age_limits(one) for _, name in limit}
    moved |= {name for name in limits if dated_values(one, name) != dated_values(other, name)}
    decisive = {*borders(one), *limits, "period.start", "period.end"}
    decisive |= {rule.switch for rule in one.proposed_causes if rule.switch}
    answers = tables and not decisive & moved
    for cause in one.causes_by_code.values():
        causes = causes and not moved.intersection((cause.ages.first, cause.ages.below, cause.childhood_until))
    same = {RestsOn.PAPERS: True, RestsOn.FACTS: answers, RestsOn.CAUSES: causes, RestsOn.ALL: False}
    return Alike(answers, frozenset(
        rule.code
        for rule in one.conflicts
        if rule.code in conflicts and same[CHECKS[rule.check].rests_on] and not moved.intersection(_named(rule))
    ))  # fmt: skip


def _undated(one: Pack, other: Pack) -> tuple[bool, bool, frozenset[str]]:
    """Whether the tables that decide say the same, whether the causes do, and the codes of the contradictions that do:
    on every day. Kept, because rows are many and days are many."""
    kept: dict[int, tuple[Pack, tuple[bool, bool, frozenset[str]]]] = other.compiled.setdefault("alike", {})
    if id(one) in kept:
        return kept[id(one)][1]
    tables = all(_essence(getattr(one, name)) == _essence(getattr(other, name)) for name in _TABLES)
    pairs = [[rule.arguments.get("measures") for rule in pack.conflicts] for pack in (one, other)]
    there = {rule.code: _essence(rule) for rule in other.conflicts}
    conflicts = frozenset(rule.code for rule in one.conflicts if there.get(rule.code) == _essence(rule))
    found = tables and pairs[0] == pairs[1], _essence(one.causes_by_code) == _essence(other.causes_by_code), conflicts
    kept[id(one)] = one, found
    return found


def _value(pack: Pack, name: str, on: date) -> Any:
    """The value of a parameter on a day; None where it has none, which is no value."""
    try:
        return pack.parameters[name].on(on) if name in pack.parameters else None
    except UserError:
        return None


def _named(rule: ConflictRule) -> list[str]:
    return [value for value in rule.arguments.values() if isinstance(value, str)]


def _essence(value: Any) -> Any:
    """A record without its source and its words: what decides."""
    if isinstance(value, Citation | LocalText):
        return None
    if isinstance(value, dict):
        return {key: _essence(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_essence(inner) for inner in value]
    if is_dataclass(value):
        return [_essence(getattr(value, part.name)) for part in fields(value)]
    return value
