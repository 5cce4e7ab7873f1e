"""What the pack's own test cases cover: each clause, each conflict, and each boundary from both sides.

A boundary counts as tested when it is noticed: the parameter is moved a step down and a step up, its dates a day or
two earlier and later, and some case must turn red each time. A date must also have cases on its two sides.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from app.domain.text import N_, Text
from app.domain.vocabulary import Status
from app.rules.boundaries import boundaries, moved_parameters
from app.rules.case_runs import Finding, all_parameters, case_findings, observed, proposal_of, run_cases
from app.rules.measure_space import parameters_of
from app.rules.model import Pack, Rule
from app.rules.slices import slices_of

__all__ = ["Finding", "case_findings", "clauses", "coverage", "observed", "run_cases"]


def coverage(pack: Pack) -> Iterator[Finding]:
    """Cases by clause, conflicts shown by cases, boundaries from both sides, what parameters are for, the status."""
    yield from _by_clause(pack)
    yield from _conflicts_decide(pack)
    yield from boundaries(pack, partial(users_of, pack))
    yield from _used(pack)
    yield _status(pack)


def clauses(pack: Pack) -> tuple[str, ...]:
    """What a test case may be about and must be there for: rules, causes, defects, parameters and conflicts."""
    return tuple(dict.fromkeys(clause for held in slices_of(pack) for clause in _clauses(held)))


def _clauses(pack: Pack) -> list[str]:
    tables = (pack.levels, pack.outcomes, pack.clips, pack.periods, pack.general, pack.professional,
              pack.proposed_causes)  # fmt: skip
    found = [rule.id for rules in tables for rule in rules]
    found += [f"cause.{code}" for code in pack.causes_by_code] + [f"defect.{defect.id}" for defect in pack.defects]
    found += pack.parameters
    found += [f"scale.{scale.id}" for scale in pack.scales]
    for programme in pack.programmes:
        found += [name for name in programme.records() if name.startswith(("programme.", "carrier.", "rehab"))]
    found += [note.id for note in pack.notes]
    return [*found, *(conflict.code for conflict in pack.conflicts)]


def _by_clause(pack: Pack) -> Iterator[Finding]:
    count, known = Counter(case.clause for case in pack.cases), clauses(pack)
    noticed = moved_parameters(pack)  # tested by moving them, below
    for clause in known:
        if clause in noticed and not count[clause]:
            continue
        yield Finding("coverage", clause, bool(count[clause]), Text(
            N_("Cases by this clause: {n}.") if count[clause]
            else N_("No case of cases.toml names this clause. Add one on each side of it."),
            {"n": count[clause]}))  # fmt: skip
    for clause in sorted(set(count) - set(known)):
        yield Finding("coverage", clause, False, Text(
            N_("Cases name this clause, but no record has it as its id. Correct the clause."), {}))  # fmt: skip


def _conflicts_decide(pack: Pack) -> Iterator[Finding]:
    """A case that reports each conflict, and one by the same clause that does not."""
    told = {case.id: observed(found) for case in pack.cases if (found := proposal_of(pack, case)) is not None}
    for code in dict.fromkeys(conflict.code for held in slices_of(pack) for conflict in held.conflicts):
        by_clause = [case.id for case in pack.cases if case.clause == code and case.id in told]
        with_it = [case for case in told if code in told[case]["conflicts"]]
        without = [case for case in by_clause or told if code not in told[case]["conflicts"]]
        ok = bool(with_it and without)
        yield Finding("decides", code, ok, Text(
            N_("Reported by the case “{case}” and by {n} in all, not by “{other}”.") if ok
            else N_("Cases must show it reported and, by this clause, not reported. Add the case that is lacking."),
            {"case": with_it[0], "n": len(with_it), "other": without[0]} if ok else {}))  # fmt: skip


def _used(pack: Pack) -> Iterator[Finding]:
    """Who refers to each parameter. The loader has refused those that nobody refers to."""
    for parameter in dict.fromkeys(parameter.id for parameter in all_parameters(pack)):
        users = users_of(pack, parameter)
        yield Finding("used", parameter, bool(users), Text(
            N_("Records that refer to it: {n} (the first is {record}).") if users
            else N_("Nothing uses it. Take it out."),
            {"n": len(users), "record": users[0] if users else ""}))  # fmt: skip


def users_of(pack: Pack, parameter: str) -> list[str]:
    """The ids of the records that refer to a parameter."""
    return sorted({user for held in slices_of(pack) for user in _users(held, parameter)})


def _users(pack: Pack, parameter: str) -> set[str]:
    if parameter in ("period.start", "period.end"):
        return {rule.id for rule in pack.periods}
    tables = (pack.levels, pack.outcomes, pack.clips, pack.periods, pack.general, pack.professional,
              pack.proposed_causes)  # fmt: skip
    found = {rule.id for rules in tables for rule in rules if parameter in _named(rule)}
    found |= {fact.id for fact in pack.fact_list
              if parameter in (fact.ages.first, fact.ages.below, fact.if_given_from,
                               fact.not_applicable_from)}  # fmt: skip
    found |= {f"cause.{cause.code}" for cause in pack.causes_by_code.values()
              if parameter in (cause.ages.first, cause.ages.below, cause.childhood_until)}  # fmt: skip
    found |= {f"scale.{scale.id}" for scale in pack.scales if parameter in scale.ages}
    found |= {note.id for note in pack.notes if parameter in (note.switch, *note.arguments.values())}
    for programme in pack.programmes:
        found |= {f"rehabilitation.{measure.id}" for measure in programme.measures
                  if parameter in (programme.switch, *parameters_of(programme, measure))}  # fmt: skip
    return found | {conflict.code for conflict in pack.conflicts if parameter in conflict.arguments.values()}


def _named(rule: Rule) -> set[Any]:
    limits = {name for condition in rule.when for _, name in condition.get("below_age", ())}
    return {rule.ages.first, rule.ages.below, rule.switch, *limits}


def _status(pack: Pack) -> Finding:
    count = Counter(record.citation.status for record in pack.records())
    return Finding("status", pack.id, True, Text(
        N_("The weakest status is: {weakest}. Records verified: {verified}, seen: {seen}, from memory: {memory}."),
        {"weakest": pack.word("status", pack.status), "verified": count[Status.VERIFIED], "seen": count[Status.SEEN],
         "memory": count[Status.MEMORY]}))  # fmt: skip
