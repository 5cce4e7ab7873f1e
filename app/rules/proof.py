"""Proof over the whole space of facts (criteria, section 7), and the pack's own test cases by clause.

For each age band the compiled diagrams stand for every combination of facts; they are walked, not sampled: each
combination has one outcome, a heavier fact never gives a lighter one, every rule decides somewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from app.domain.case_file import check_document
from app.domain.errors import Told
from app.domain.proposal import Band, Period, Proposal, Term, Undetermined
from app.domain.text import N_, Text
from app.rules.conditions import heavier
from app.rules.diagram import Diagram, Diagrams, results
from app.rules.engine import propose
from app.rules.model import Pack, TestCase
from app.rules.space import Space, age_limits, borders


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a pack: its name, the band, rule or case it is about, whether it holds, and what was seen."""

    check: str
    subject: str
    ok: bool
    detail: Text


def check_pack(pack: Pack) -> tuple[Finding, ...]:
    """Everything that can be proved of a pack. It must have been loaded with its cases for these to be run."""
    spaces = list(_spaces(pack))
    findings = [finding for name, space in spaces for finding in (*_total(name, space), _monotone(name, space))]
    findings += _decides(pack, [space for _, space in spaces])
    findings += _cited(pack)
    return (*findings, *run_cases(pack))


def run_cases(pack: Pack) -> tuple[Finding, ...]:
    """The pack's own test cases by clause, each against what it expects."""
    return tuple(_case(pack, case) for case in pack.cases)


def _spaces(pack: Pack) -> Iterator[tuple[str, Space]]:
    """A space for each age band of each edition of the borders, below and above each age limit of the rules."""
    border_ids, limits = borders(pack), age_limits(pack)
    days = {pack.valid_from} | {value.first for border in border_ids for value in pack.parameters[border].values
                                if value.first and value.first > pack.valid_from}  # fmt: skip
    for on in sorted(days):
        ages = sorted({0, *(pack.parameters[border].on(on) for border in border_ids)})
        for position, age in enumerate(ages):
            band = f"{age}–{ages[position + 1] - 1}" if position + 1 < len(ages) else f"{age}+"
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
        for conflict in pack.conflicts:
            measures = conflict.arguments.get("measures")
            if measures is None or True in results(space.differ[measures]):
                deciding.add(conflict.code)
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
    for rule_id in [*(rule.id for rules in tables for rule in rules), *(conflict.code for conflict in pack.conflicts)]:
        ok = rule_id in deciding
        yield Finding("decides", rule_id, ok, Text(
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


def _case(pack: Pack, case: TestCase) -> Finding:
    """Run one test case of the pack against what it expects."""
    try:
        check_document(case.document)
        told = observed(propose(pack, case.document))
    except Told as error:
        return Finding("case", case.id, False, error.text)
    wrong = {key: told[key] for key, value in case.expect.items() if told[key] != value}
    if not wrong:
        return Finding(
            "case", case.id, True, Text(N_("{clause}: {sentence}"), {"clause": case.clause, "sentence": case.sentence})
        )
    key, found = next(iter(wrong.items()))
    return Finding("case", case.id, False, Text(
        N_("{sentence} Expected as {key}: {expected}; the criteria give: {found}."),
        {"sentence": case.sentence, "key": key, "expected": str(case.expect[key]), "found": str(found)}))  # fmt: skip


def observed(proposal: Proposal) -> Mapping[str, Any]:
    """A proposal in the short form of the test cases: `years 2`, `[60, 79]`, `none`, `undetermined`."""
    period = proposal.period
    known = period if isinstance(period, Period) else None
    return {
        "outcome": proposal.outcome.value,
        "missing": list(proposal.missing),
        "level": [proposal.level.by_criteria or 0, proposal.level.by_defects or 0, proposal.level.of_case or 0],
        "period": _word(period) if known is None else _term(known.proposed),
        "until": known.proposed.until.isoformat() if known and known.proposed.until else "none",
        "alternatives": [_term(term) for term in known.alternatives] if known else [],
        "candidates": [_term(term) for term in known.candidates] if known else [],
        "period_missing": list(period.missing) if isinstance(period, Undetermined) else [],
        "general_capacity": _band(proposal.general_capacity),
        "general_missing": _missing(proposal.general_capacity),
        "professional_capacity": _band(proposal.professional_capacity),
        "professional_missing": _missing(proposal.professional_capacity),
        "cause": proposal.cause_proposed or "none",
        "conflicts": [conflict.code for conflict in proposal.conflicts],
    }


def _word(value: object) -> str:
    return "none" if value is None else "undetermined"


def _term(term: Term) -> str:
    return term.kind.value if term.value is None else f"{term.kind.value} {term.value}"


def _band(band: Band | Undetermined | None) -> list[int] | str:
    return [band.first, band.last] if isinstance(band, Band) else _word(band)


def _missing(band: Band | Undetermined | None) -> list[str]:
    return list(band.missing) if isinstance(band, Undetermined) else []
