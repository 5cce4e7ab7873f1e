"""What the pack's own test cases cover: each clause, each conflict, and each boundary from both sides.

A boundary counts as tested when it is noticed: the parameter is moved a step down and a step up, its dates a day or
two earlier and later, and some case must turn red each time. A date must also have cases on its two sides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.domain.case_file import check_document
from app.domain.dates import parse_iso
from app.domain.errors import Told
from app.domain.proposal import Band, Period, Proposal, Term, Undetermined
from app.domain.text import N_, Text
from app.domain.vocabulary import Status
from app.rules.engine import propose
from app.rules.measure_space import parameters_of
from app.rules.measures import measures_read
from app.rules.model import Pack, Parameter, Rule, TestCase, Value
from app.rules.notes import notes_of
from app.rules.scales import bands_read
from app.rules.slices import slices_of, with_parameter


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a pack: its name, the band, rule or case it is about, whether it holds, and what was seen."""

    check: str
    subject: str
    ok: bool
    detail: Text


def run_cases(pack: Pack) -> tuple[Finding, ...]:
    """The pack's own test cases by clause, each against what it expects."""
    return tuple(case_findings(pack))


def case_findings(pack: Pack) -> Iterator[Finding]:
    """As `run_cases`, one after the other, for whoever stops at the first that fails."""
    return (_case(pack, case) for case in pack.cases)


def coverage(pack: Pack) -> Iterator[Finding]:
    """Cases by clause, conflicts shown by cases, boundaries from both sides, what parameters are for, the status."""
    yield from _by_clause(pack)
    yield from _conflicts_decide(pack)
    yield from _boundaries(pack)
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
    noticed = {parameter.id for parameter, *_ in _moves(pack)}  # tested by moving them, below
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
    told = {case.id: observed(found) for case in pack.cases if (found := _proposal(pack, case)) is not None}
    for code in dict.fromkeys(conflict.code for held in slices_of(pack) for conflict in held.conflicts):
        by_clause = [case.id for case in pack.cases if case.clause == code and case.id in told]
        with_it = [case for case in told if code in told[case]["conflicts"]]
        without = [case for case in by_clause or told if code not in told[case]["conflicts"]]
        ok = bool(with_it and without)
        yield Finding("decides", code, ok, Text(
            N_("Reported by the case “{case}” and by {n} in all, not by “{other}”.") if ok
            else N_("Cases must show it reported and, by this clause, not reported. Add the case that is lacking."),
            {"case": with_it[0], "n": len(with_it), "other": without[0]} if ok else {}))  # fmt: skip


def _parameters(pack: Pack) -> list[Parameter]:
    """The parameters of all slices, each once unless it is another one there."""
    found: list[Parameter] = []
    for held in slices_of(pack):
        found += [parameter for parameter in held.parameters.values() if parameter not in found]
    return found


def _moves(pack: Pack) -> Iterator[tuple[Parameter, str | Text, list[Parameter]]]:
    """(parameter, what is moved, the ways to move it there): one of them must be noticed."""
    for parameter in _parameters(pack):
        values = parameter.values
        for position, value in enumerate(values):
            if isinstance(value.value, bool):
                other = replace(value, value=not value.value)
                yield parameter, Text(N_("on") if other.value else N_("off")), [_with(parameter, {position: other})]
            elif isinstance(value.value, int):
                for step in (-1, 1):
                    moved = replace(value, value=value.value + step)
                    yield parameter, f"{value.value + step}", [_with(parameter, {position: moved})]
            if position and value.first is not None:
                for sign in (-1, 1):
                    ways = [_with(parameter, _later(values, position, timedelta(sign * days))) for days in (1, 2)]
                    yield parameter, f"{value.first + timedelta(sign):%d.%m.%Y}", ways


def _later(values: tuple[Value, ...], position: int, by: timedelta) -> Mapping[int, Value]:
    value, before = values[position], values[position - 1]
    assert value.first is not None  # noqa: S101 - the caller asks only for values that begin
    moved = {position: replace(value, first=value.first + by)}
    if before.last is not None:
        moved[position - 1] = replace(before, last=before.last + by)
    return moved


def _with(parameter: Parameter, moved: Mapping[int, Value]) -> Parameter:
    return replace(parameter, values=tuple(moved.get(place, value) for place, value in enumerate(parameter.values)))


def _boundaries(pack: Pack) -> Iterator[Finding]:
    days = case_days(pack.cases)
    already = set(red(pack))  # a case that fails anyway notices nothing
    for parameter, to, ways in _moves(pack):
        moved = (case for way in ways for case in red(with_parameter(pack, parameter, way)))
        noticed = next((case for case in moved if case not in already), None)
        yield Finding("boundary", parameter.id, noticed is not None, Text(
            N_("Moved to {to}, the case “{case}” notices it.") if noticed is not None
            else N_("Moved to {to}, no case notices it. Add a case on that side of the boundary."),
            {"to": to, "case": noticed or ""}))  # fmt: skip
    for parameter_id, first in _dates(pack):
        before = first - timedelta(1)
        ok = {before, first} <= days
        yield Finding("boundary", parameter_id, ok, Text(
            N_("Cases stand on {before} and on {first}, both sides of the date.") if ok
            else N_("Cases must stand on {before} and on {first}, both sides of the date. Add them."),
            {"before": f"{before:%d.%m.%Y}", "first": f"{first:%d.%m.%Y}"}))  # fmt: skip


def _dates(pack: Pack) -> list[tuple[str, date]]:
    return [(parameter.id, value.first) for parameter in _parameters(pack) for value in parameter.values[1:]
            if value.first is not None]  # fmt: skip


def case_days(cases: Iterable[TestCase]) -> set[date | None]:
    """The days of examination of some cases."""
    return {parse_iso(case.document["examination"]["on"] or "") for case in cases}


def red(changed: Pack) -> Iterator[str]:
    """The cases that fail where a pack was changed."""
    return (finding.subject for finding in case_findings(changed) if not finding.ok)


def _used(pack: Pack) -> Iterator[Finding]:
    """Who refers to each parameter. The loader has refused those that nobody refers to."""
    for parameter in dict.fromkeys(parameter.id for parameter in _parameters(pack)):
        users = sorted({user for held in slices_of(pack) for user in _users(held, parameter)})
        yield Finding("used", parameter, bool(users), Text(
            N_("Records that refer to it: {n} (the first is {record}).") if users
            else N_("Nothing uses it. Take it out."),
            {"n": len(users), "record": users[0] if users else ""}))  # fmt: skip


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


def _proposal(pack: Pack, case: TestCase) -> Proposal | None:
    try:
        check_document(case.document)
        return propose(_tried(pack, case), case.document, trace=False)
    except Told:
        return None


def _tried(pack: Pack, case: TestCase) -> Pack:
    """The pack with the values that a case tries instead of the pack's own; kept, for others try the same."""
    if not case.parameters:
        return pack
    key = ("tried", tuple(sorted(case.parameters.items())))
    found: Pack | None = pack.compiled.get(key)
    if found is None:
        found = pack
        for parameter in _parameters(pack):
            if parameter.id in case.parameters:
                value = Value(None, None, case.parameters[parameter.id])
                found = with_parameter(found, parameter, replace(parameter, values=(value,)))
        pack.compiled[key] = found
    return found


def _case(pack: Pack, case: TestCase) -> Finding:
    """Run one test case of the pack against what it expects."""
    try:
        check_document(case.document)
        pack = _tried(pack, case)
        proposal = propose(pack, case.document, trace=False)
        told = dict(observed(proposal))
        if "scales" in case.expect:
            told["scales"] = bands_read(pack, case.document)
        if "notes" in case.expect:
            told["notes"] = [note.id for note in notes_of(pack, case.document, proposal)]
        told |= measures_read(pack, case.document, case.expect)
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
        "obstacles": [conflict.code for conflict in proposal.conflicts if conflict.kind == "obstacle"],
    }


def _word(value: object) -> str:
    return "none" if value is None else "undetermined"


def _term(term: Term) -> str:
    return term.kind.value if term.value is None else f"{term.kind.value} {term.value}"


def _band(band: Band | Undetermined | None) -> list[int] | str:
    return [band.first, band.last] if isinstance(band, Band) else _word(band)


def _missing(band: Band | Undetermined | None) -> list[str]:
    return list(band.missing) if isinstance(band, Undetermined) else []
