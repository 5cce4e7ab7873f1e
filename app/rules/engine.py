"""The proposal: what the criteria give for one case, exactly, whatever is unknown.

The engine knows no law. It reads the facts of a case into the compiled space of the person's age band, follows one
diagram to what may come out, and tells each rule's part in it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.domain.case_file import Document
from app.domain.proposal import Because, Proposal, Step, Undetermined, proposal_of
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome, Status
from app.rules.alike import alike
from app.rules.conditions import CACHE_LIMIT, first_that_holds, idle_step
from app.rules.conflicts import conflict_of, reports_of
from app.rules.decided import Decided
from app.rules.model import Fact, Pack, Rule
from app.rules.papers import Papers
from app.rules.plan import plan_of
from app.rules.reading import heaviest
from app.rules.space import Case, Space, StillOpen

_RANK: Final = {Status.MEMORY: 0, Status.SEEN: 1, Status.VERIFIED: 2}
_BY_RANK: Final = (Status.MEMORY, Status.SEEN, Status.VERIFIED)


def decide(pack: Pack, papers: Papers, beside: Decided | None = None) -> Decided:
    """What the criteria give for a case, without words and reasons. UserError for a value that the pack doesn't have.

    The case is one that `case_file` has checked. `beside`: what another edition gives for it; what this one is bound to
    say alike is then taken over, good for comparing the two, not for reasons and citations.
    """
    found = Decided()
    found.papers = papers
    found.pack = pack = pack.on(papers.on)
    found.plan = plan = plan_of(pack)
    found.day = day = plan.day(papers.on)
    if beside is None:
        _answer(found)
        found.reports = reports_of(found)
        return found
    if day.alike is None or day.alike[0] is not beside.day:
        day.alike = beside.day, alike(beside.pack, pack, papers.on)
    same = day.alike[1]
    if same.answers:
        found.answer_as(beside)
    else:
        _answer(found)
    found.reports = reports_of(found, beside.reports, same.conflicts)
    return found


def _answer(found: Decided) -> None:
    """All that is decided, but for the contradictions."""
    papers, plan, day = found.papers, found.plan, found.day
    birth, facts = papers.birth, papers.facts
    found.space = space = day.space(birth, papers.sex, papers.age)
    found.case = case = Case(papers.on, papers.age, papers.sex)
    space.read(facts, case)
    start = day.start(papers.document) if day.starts_by_document else None
    # Every distinct period is worked out once.
    if case.still_open is None:
        (answer,) = case.possible
        found.outcome, found.missing, found.level, found.general = answer.outcome, (), answer.level, answer.general
        period = None if answer.period is None else day.period(answer.period, birth, space.clip, start)
        found.period, found.possible = period, ((answer.outcome, period),)
    else:
        _answer_open(found, case.still_open, start)

    injury = plan.injury
    found.bands, found.professional = (None,), None
    found.injured = injured = None if injury is None else facts.get(injury.present_if or "")
    if injury is not None and injured is not None:
        capacity = injured.get(injury.id.rpartition(".")[2])
        values = injury.values if capacity is None else (capacity,)
        found.bands = bands = tuple({plan.professional.get(value) for value in values})
        found.professional = bands[0] if len(bands) == 1 else Undetermined((injury.id,))

    previous = papers.previous.get("cause")
    found.cause = None
    for rule in space.proposed_causes:
        if rule.result[1] in (None, previous):
            found.cause = rule
            break


def _answer_open(found: Decided, left: StillOpen, start: date | None) -> None:
    """What comes out if that is certain although facts are unknown, else the facts that matter."""
    rows = {answer.leaf[2]: answer.period for answer in left.possible}
    clip, birth = found.space.clip, found.papers.birth
    periods = {row: None if rule is None else found.day.period(rule, birth, clip, start) for row, rule in rows.items()}
    found.possible = [(answer.outcome, periods[answer.leaf[2]]) for answer in left.possible]
    found.level, found.general = left.level, left.general
    if isinstance(left.outcome, Undetermined):
        found.outcome, found.missing = Outcome.UNDETERMINED, left.outcome.missing
    else:
        found.outcome, found.missing = left.outcome, ()
    if not isinstance(left.row, Undetermined):
        found.period = periods[left.row]
    elif len(set(periods.values())) == len(periods):
        found.period = left.row
    else:  # another row may give the same period
        found.period = found.space.certain(left.rows, periods.__getitem__)


def propose(pack: Pack, document: Document, *, trace: bool = True) -> Proposal:
    """The proposal for a case that has a birth date, a sex and a day of examination (else UserError).

    The document is one that `case_file` has checked; a defect that the pack doesn't list is a UserError. Without
    `trace` the steps are left out, and the status is that of the whole pack.
    """
    papers = Papers(document)
    found = decide(pack, papers)
    pack, space, case = found.pack, found.space, found.case
    conflicts = tuple([conflict_of(pack, report) for report in found.reports])
    steps: list[Step] = []
    identity = found.plan.identity
    if trace:
        _trace(space, case, steps, found.outcome)
        _trace_capacity(pack, found.plan.injury, found.injured, steps)
        _trace_cause(space, case, papers.previous.get("cause"), found.cause, steps)
        identity = found.plan.identities[_status(pack, steps, conflicts)]
    return proposal_of(
        identity, papers.on, papers.age,
        found.outcome, found.level, found.missing,
        found.period, found.general, found.professional, found.cause_proposed, conflicts, tuple(steps),
    )  # fmt: skip


def check_listed(pack: Pack, document: Document) -> None:
    """UserError where a case names an anatomical defect that the criteria do not list. For imports."""
    heaviest(pack, (document.get("facts") or {}).get("anatomical_defects") or ())


def _trace(space: Space, case: Case, steps: list[Step], outcome: Outcome) -> None:
    first_that_holds(space.level_rows, case, steps)
    number = space.defects
    if number >= 0:
        for defect in case.raws[number] or ():
            known = space.pack.defect_by_id[defect]
            steps.append(
                Step(
                    f"defect.{defect}",
                    known.name,
                    True,
                    True,
                    (Because("anatomical_defects", defect, f"= level {known.level}"),),
                    known.citation,
                )
            )
    level = case.level["of_case"]
    rule = space.outcome
    if rule is not None:
        key = (outcome, level, case.age)
        step = space.outcome_steps.get(key)
        if step is None:
            if len(space.outcome_steps) >= CACHE_LIMIT:
                space.outcome_steps.clear()
            held = None if outcome is Outcome.UNDETERMINED else outcome is not Outcome.NOT_ESTABLISHED
            title = space.pack.word("outcome", outcome)
            because = (Because("level.of_case", level, _levels_needed(rule, outcome)), Because("age", case.age, ""))
            step = space.outcome_steps[key] = Step(rule.id, title, held, True, because, rule.citation)
        steps.append(step)
    if level == 0:  # nothing is established, so neither table is reached
        steps += [row.idle for row in space.period_rows]
        steps += [row.idle for row in space.general_rows]
        return
    first_that_holds(space.period_rows, case, steps)
    first_that_holds(space.general_rows, case, steps)


def _levels_needed(rule: Rule, outcome: Outcome) -> str:
    levels = [str(position) for position, name in enumerate(rule.result, start=1) if name == outcome]
    return "= " + ", ".join(levels or [str(position) for position in range(1, len(rule.result) + 1)])


def _trace_capacity(pack: Pack, fact: Fact | None, injured: Mapping[str, Any] | None, steps: list[Step]) -> None:
    if fact is None:
        return
    rows = pack.compiled.get("professional")
    if rows is None:
        rows = pack.compiled["professional"] = ([idle_step(rule) for rule in pack.professional], {})
    idle: list[Step] = rows[0]
    kept: dict[Any, list[Step]] = rows[1]
    if injured is None:
        steps += idle
        return
    capacity = injured.get(fact.id.rpartition(".")[2])
    found: list[Step] | None = kept.get(capacity)
    if found is None:
        found = kept[capacity] = [
            Step(rule.id, rule.title, None if capacity is None else rule.when[0]["is"] == capacity, True,
                 (Because(fact.id, capacity, f"= {rule.when[0]['is']}"),), rule.citation)
            for rule in pack.professional
        ]  # fmt: skip
    steps += found


def _trace_cause(space: Space, case: Case, previous: Any, held: Rule | None, steps: list[Step]) -> None:
    for rule in space.proposed_causes:
        code, needed = rule.result
        key = (rule.id, case.age, previous, rule is held)
        step = space.outcome_steps.get(key)
        if step is None:
            because = [Because("age", case.age, _span(space, rule, case))]
            if needed is not None:
                because = [Because("previous.cause", previous, f"= {needed}")]
            cause = space.pack.causes_by_code[code]
            title = LocalText(*(f"{code} {cause.name.of(language)}" for language in ("kk", "ru", "en")))
            step = space.outcome_steps[key] = Step(rule.id, title, rule is held, True, tuple(because), rule.citation)
        steps.append(step)


def _span(space: Space, rule: Rule, case: Case) -> str:
    signs = ((rule.ages.first, "≥"), (rule.ages.below, "<"))
    return ", ".join(f"{sign} {space.pack.parameters[border].on(case.on)}" for border, sign in signs if border)


def _status(pack: Pack, steps: list[Step], conflicts: tuple[Any, ...]) -> Status:
    """The weakest status of what the proposal rests on: rules that were reached, conflicts, the period's parameters."""
    weakest = 2
    for step in steps:
        if step.reached:
            weakest = min(weakest, _RANK[step.citation.status])
            if weakest == 0:
                return Status.MEMORY
    for conflict in conflicts:
        weakest = min(weakest, _RANK[conflict.citation.status])
    for name in ("period.start", "period.end"):
        weakest = min(weakest, _RANK[pack.parameters[name].citation.status])
    return _BY_RANK[weakest]
