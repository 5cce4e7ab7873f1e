"""Proof over the whole space of facts (criteria, section 7), and the pack's own test cases by clause.

For each age band the compiled diagrams stand for every combination of facts; they are walked, not sampled: each
combination has one outcome, a heavier fact never gives a lighter one, every rule decides somewhere. Where records have
days, all of it is proved of each slice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from math import prod
from typing import Final

from app.domain.text import N_, Text
from app.rules.ages import age_limits, borders
from app.rules.conditions import heavier
from app.rules.coverage import Finding, coverage, run_cases
from app.rules.dated_coverage import dated_coverage
from app.rules.diagram import Diagram, Diagrams, results
from app.rules.measure_coverage import measure_coverage
from app.rules.model import Pack
from app.rules.scale_coverage import scale_coverage
from app.rules.slices import joined, slices_of
from app.rules.space import Space


def check_pack(pack: Pack) -> tuple[Finding, ...]:
    """Everything that can be proved of a pack. It must have been loaded with its cases for these to be run."""
    return tuple(finding for check in CHECKS for finding in check(pack))


def _covered(pack: Pack) -> Iterator[Finding]:
    """What the pack's own cases cover of its rules, of its days and of its scales."""
    yield from coverage(pack)
    yield from dated_coverage(pack)
    yield from scale_coverage(pack)


def _measures_covered(pack: Pack) -> Iterator[Finding]:
    """What they cover of its measures and of its extra help."""
    yield from measure_coverage(pack)
    yield from measure_coverage(_with_help_alone(pack))


def _with_help_alone(pack: Pack) -> Pack:
    """The pack as if its extra help were the programme of measures: the same checks hold for it."""
    return joined([replace(held, programme=held.extra_help, extra_help=None, compiled={}, slices=())
                   for held in slices_of(pack)])  # fmt: skip


def prove(pack: Pack) -> tuple[Finding, ...]:
    """What holds of the rules by themselves, over the whole space of facts, without any test case."""
    return (*(finding for held in slices_of(pack) for finding in _proved(held)), *_cited(pack))


def _proved(pack: Pack) -> Iterator[Finding]:
    """What holds of the rules of one slice."""
    spaces = list(_spaces(pack))
    yield from (finding for name, space in spaces for finding in (*_total(name, space), _monotone(name, space)))
    yield from (finding for name, age, on in _bands(pack) for finding in _no_overlap(pack, name, age, on))
    yield from _decides(pack, [space for _, space in spaces])


def _since(pack: Pack) -> str:
    """The first day of a slice, where an edition has several: it tells their checks apart."""
    return f" {pack.holds_from:%d.%m.%Y}" if pack.slices else ""


def _bands(pack: Pack) -> Iterator[tuple[str, int, date]]:
    """Name, first age and day of each age band, for each edition of the borders and of what is switched on."""
    border_ids, since, until = borders(pack), pack.holds_from, pack.holds_to
    dated = {*border_ids, *(rule.switch for rule in pack.proposed_causes if rule.switch)}
    days = {since} | {value.first for name in dated for value in pack.parameters[name].values
                      if value.first and value.first > since and (until is None or value.first <= until)}  # fmt: skip
    for on in sorted(days):
        ages = sorted({0, *(pack.parameters[border].on(on) for border in border_ids)})
        for position, age in enumerate(ages):
            ages_named = f"{age}–{ages[position + 1] - 1}" if position + 1 < len(ages) else f"{age}+"
            yield ages_named + _since(pack), age, on


def _spaces(pack: Pack) -> Iterator[tuple[str, Space]]:
    """A space for each age band, below and above each age limit of the rules."""
    limits = age_limits(pack)
    for band, age, on in _bands(pack):
        for reached in product((False, True), repeat=len(limits)):
            suffix = "".join(" ≥ limit" if flag else "" for flag in reached)
            yield f"{band}{suffix}", Space(pack, age, on, dict(zip(limits, reached, strict=True)))


def _total(name: str, space: Space) -> Iterator[Finding]:
    combinations = prod(len(domain) for domain in space.domains)
    outcomes = space.outcome is not None
    yield Finding("total", name, outcomes, Text(
        N_("{n} combinations of facts, each with one outcome.") if outcomes
        else N_("No row says which outcomes this age has."),
        {"n": combinations}))  # fmt: skip
    without = [leaf for leaf in results(space.case) if heavier(leaf[0], leaf[1]) and leaf[2] is None]
    yield Finding("period_total", name, not without, Text(
        N_("Each established disability has one period.") if not without
        else N_("An established disability at level {level} has no period for some combination of facts."),
        {"level": heavier(without[0][0], without[0][1])} if without else {}))  # fmt: skip


def _no_overlap(pack: Pack, name: str, age: int, on: date) -> Iterator[Finding]:
    """At most one row of those that are chosen by age alone; a row by its conditions is the first that holds."""
    rows = [[rule.id for rule in rules if pack.covers(rule.ages, age, on)] for rules in (pack.outcomes, pack.clips)]
    causes = Counter(rule.result[1] for rule in pack.proposed_causes if pack.covers(rule.ages, age, on))
    injuries = Counter(rule.when[0]["is"] for rule in pack.professional)
    doubled = [", ".join(ids) for ids in rows if len(ids) > 1]
    doubled += [str(key) for counted in (causes, injuries) for key, count in counted.items() if count > 1]
    if None in causes and len(causes) > 1:
        doubled.append("proposed_cause")
    yield Finding("no_overlap", name, not doubled, Text(
        N_("Of rows chosen by age, cause or injury at most one holds; of the others the first that holds.")
        if not doubled
        else N_("More than one row holds: {rows}. Keep one of them."), {"rows": "; ".join(doubled)}))  # fmt: skip


def _monotone(name: str, space: Space) -> Finding:
    """For each degree raised by one, everything else alike, the level of the case is not lighter."""
    make, level = Diagrams(), space.levels["of_case"]
    for variable, domain in enumerate(space.domains):
        if isinstance(domain[0], bool) or not isinstance(domain[0], int):
            continue
        for position in range(len(domain) - 1):
            lighter, more = (_fixed(make, level, len(space.domains), variable, position + step) for step in (0, 1))
            if results(make.apply(lambda a, b: heavier(a, b) == b, lighter, more)) != {True}:
                return Finding("monotone", name, False, Text(
                    N_("Raising {fact} from {value} gives a lighter outcome for some combination of facts."),
                    {"fact": space.names[variable], "value": domain[position]}))  # fmt: skip
    return Finding("monotone", name, True, Text(N_("A heavier fact never gives a lighter outcome.")))


def _fixed(make: Diagrams, diagram: Diagram, size: int, variable: int, value: int) -> Diagram:
    values: list[int | None] = [None] * size
    values[variable] = value
    return make.restrict(diagram, values)


def _decides(pack: Pack, spaces: list[Space]) -> Iterator[Finding]:
    """Which rows decide in some completion of some band; those that never do are dead or hidden by another."""
    deciding: set[str] = set()
    for space in spaces:
        reached = results(space.case)
        deciding |= {space.periods[leaf[2]].id for leaf in reached if leaf[2] is not None}
        deciding |= {space.general[leaf[3]].id for leaf in reached if leaf[3] is not None}
        deciding |= {rule.id for rule in (space.outcome, space.clip) if rule is not None}
        deciding |= {rule.id for rule in space.proposed_causes}
        deciding |= set(_deciding_levels(space))
    # What is switched off on every day decides nothing, and that is wanted.
    deciding |= {rule.id for rule in pack.proposed_causes
                 if rule.switch and not any(value.value for value in pack.parameters[rule.switch].values)}  # fmt: skip
    deciding |= {rule.id for rule in pack.professional}  # each stands for one value of one fact, and none is doubled
    tables = (
        pack.levels,
        pack.outcomes,
        pack.clips,
        pack.periods,
        pack.general,
        pack.professional,
        pack.proposed_causes,
    )
    for rule_id in (rule.id for rules in tables for rule in rules):  # conflicts: see coverage
        ok = rule_id in deciding
        yield Finding("decides", rule_id + _since(pack), ok, Text(
            N_("The rule decides for some combination of facts.") if ok
            else N_("The rule never decides: another row comes first, or it can't hold. Mend it.")))  # fmt: skip


def _deciding_levels(space: Space) -> Iterator[str]:
    rest: Diagram = space.make.leaf(True)
    for row in space.level_rows:
        truth = space.truth(row.rule)
        if True in results(space.make.apply(lambda a, b: a and b, rest, truth)):
            yield row.rule.id
        rest = space.make.apply(lambda a, b: a and not b, rest, truth)


def _cited(pack: Pack) -> Iterator[Finding]:
    uncited = [record.id for record in pack.records() if not record.citation.act.en]
    count = {"n": len(pack.records())}
    yield Finding("cited", pack.id, not uncited, Text(N_("{n} records, each with its citation."), count)
                  if not uncited else Text(N_("Not cited: {records}."), {"records": ", ".join(uncited)}))  # fmt: skip


CHECKS: Final[tuple[Callable[[Pack], Iterable[Finding]], ...]] = (prove, run_cases, _covered, _measures_covered)
"""All that is asked of an edition, wherever it is asked: `pack check`, `pack sign`, and the desk, step by step."""
