"""The proposal: what the criteria give for one case, exactly, whatever is unknown.

The engine knows no law. It reads the facts of a case into the compiled space of the person's age band, follows one
diagram to what may come out, and tells each rule's part in it.
"""

from collections.abc import Callable
from typing import Any, Final

from app.domain.case_fields import missing
from app.domain.case_file import Document
from app.domain.dates import age, parse_iso
from app.domain.proposal import Band, Because, Level, Period, Proposal, Step, Undetermined, proposal_of
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome, Status
from app.rules.conditions import CACHE_LIMIT, first_that_holds, idle_step
from app.rules.conflicts import Situation, conflicts_of
from app.rules.diagram import Diagrams, Leaf, support
from app.rules.model import Fact, Pack, Rule
from app.rules.plan import plan_of
from app.rules.reading import heaviest
from app.rules.space import Answer, Case, Space

_EMPTY: Final[dict[str, Any]] = {}
_RANK: Final = {Status.MEMORY: 0, Status.SEEN: 1, Status.VERIFIED: 2}
_BY_RANK: Final = (Status.MEMORY, Status.SEEN, Status.VERIFIED)


def propose(pack: Pack, document: Document, *, trace: bool = True) -> Proposal:
    """The proposal for a case that has a birth date, a sex and a day of examination (else UserError).

    The document is one that `case_file` has checked; a defect that the pack doesn't list is a UserError. Without
    `trace` the steps are left out, and the status is that of the whole pack.
    """
    person, examination = document.get("person") or {}, document.get("examination") or {}
    birth = parse_iso(person.get("birth_date") or "")
    on = parse_iso(examination.get("on") or "")
    sex = person.get("sex")
    if birth is None:
        raise missing("person.birth_date")
    if sex is None:
        raise missing("person.sex")
    if on is None:
        raise missing("examination.on")
    years = age(birth, on)
    pack = pack.on(on)
    plan = plan_of(pack)
    day = plan.day(on)
    space = day.space(birth, sex, years)
    case = Case(on, years, sex)
    facts = document.get("facts") or {}
    space.read(facts, case)
    start = day.start(document) if day.starts_by_document else None
    # What comes out if that is certain, else the facts that matter; every distinct period is worked out once.
    outcome: Outcome | Undetermined
    period: Period | Undetermined | None
    general: Band | Undetermined | None
    if len(case.possible) == 1:
        answer = case.possible[0]
        outcome, level, general = answer.outcome, answer.level, answer.general
        period = None if answer.period is None else day.period(answer.period, birth, space.clip, start)
        possible = [(outcome, period)]
    else:
        rows = {answer.leaf[2]: answer.period for answer in case.possible}
        periods = {row: None if rule is None else day.period(rule, birth, space.clip, start)
                   for row, rule in rows.items()}  # fmt: skip
        possible = [(answer.outcome, periods[answer.leaf[2]]) for answer in case.possible]
        outcome = _certain(space, case, lambda answer: answer.outcome)
        period = _certain(space, case, lambda answer: periods[answer.leaf[2]])
        general = _certain(space, case, lambda answer: answer.general)
        level = Level(*(case.level[which] or None for which in ("by_criteria", "by_defects", "of_case")))

    injury, capacity = plan.injury, None
    professional: Band | Undetermined | None = None
    bands: tuple[Band | None, ...] = (None,)
    injured = None if injury is None else facts.get(injury.present_if)
    if injury is not None and injured is not None:
        capacity = injured.get(injury.id.rpartition(".")[2])
        values = injury.values if capacity is None else (capacity,)
        bands = tuple({plan.professional.get(value) for value in values})
        professional = bands[0] if len(bands) == 1 else Undetermined((injury.id,))

    previous = (document.get("previous") or _EMPTY).get("cause")
    cause = None
    for rule in space.proposed_causes:
        if rule.result[1] in (None, previous):
            cause = rule
            break
    proposed_cause = None if cause is None else cause.result[0]
    conflicts = conflicts_of(Situation(pack, day, space, case, document, birth, possible, bands, proposed_cause))

    if isinstance(outcome, Undetermined):
        decided, missing_facts = Outcome.UNDETERMINED, outcome.missing
    else:
        decided, missing_facts = outcome, ()

    steps: list[Step] = []
    identity = plan.identity
    if trace:
        _trace(space, case, steps, decided)
        _trace_capacity(pack, injury, injured is not None, capacity, steps)
        _trace_cause(space, case, previous, cause, steps)
        identity = plan.identities[_status(pack, steps, conflicts)]
    return proposal_of(
        identity, on, years,
        decided, level, missing_facts,
        period, general, professional, proposed_cause, conflicts, tuple(steps),
    )  # fmt: skip


def check_listed(pack: Pack, document: Document) -> None:
    """UserError where a case names an anatomical defect that the criteria do not list. For imports."""
    heaviest(pack, (document.get("facts") or {}).get("anatomical_defects") or ())


def _certain(space: Space, case: Case, said: Callable[[Answer], Any]) -> Any:
    """What the answers say of one thing if that is certain, else `Undetermined` with the facts that matter."""
    # Results are numbered, equal ones alike: the diagram then compares numbers instead of whole periods.
    numbers: dict[Any, int] = {}
    mapped = Diagrams().map(lambda leaf: numbers.setdefault(said(space.answers[leaf]), len(numbers)), case.rest)
    if isinstance(mapped, Leaf):
        return next(iter(numbers))
    return Undetermined(tuple(sorted(space.names[variable] for variable in support(mapped))))


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


def _trace_capacity(pack: Pack, fact: Fact | None, injured: bool, capacity: Any, steps: list[Step]) -> None:
    if fact is None:
        return
    rows = pack.compiled.get("professional")
    if rows is None:
        rows = pack.compiled["professional"] = ([idle_step(rule) for rule in pack.professional], {})
    idle: list[Step] = rows[0]
    kept: dict[Any, list[Step]] = rows[1]
    if not injured:
        steps += idle
        return
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
