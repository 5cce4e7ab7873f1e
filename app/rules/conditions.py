"""Conditions at work: each becomes a diagram for exact questions, and an answer with its grounds for the trace."""

from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from app.domain.proposal import Because, Part, Step
from app.rules.diagram import Diagram
from app.rules.model import Condition, Rule

if TYPE_CHECKING:
    from app.rules.space import Case, Space

CACHE_LIMIT: Final = 20_000  # answers kept per condition; a batch of a hundred thousand cases must not fill the memory
NOT_APPLICABLE: Final = "n/a"


class Answer:
    """What a condition says of one case: `truth` is None where unknown facts leave it open. Compared by identity."""

    __slots__ = ("because", "truth")

    def __init__(self, truth: bool | None, because: tuple[Because, ...]) -> None:
        self.truth, self.because = truth, because


Asked = Callable[["Case"], Answer]


def heavier(a: int, b: int) -> int:
    """The heavier of two levels; 0 is none, 1 the heaviest."""
    return b if a == 0 else a if b == 0 else min(a, b)


def diagram_of(space: "Space", condition: Condition) -> Diagram:
    """The truth of a condition as a diagram over the facts of a space."""
    make = space.make
    if "some" in condition:
        least = condition["at_least"]
        result: Diagram = make.leaf(False)
        for variable in reversed(space.members(condition["some"])):
            literal = make.literal(variable, [value >= least for value in space.domains[variable]])
            result = make.choose(literal, make.leaf(True), result)
        return result
    if "fact" in condition:
        if condition["fact"] not in space.number:
            return make.leaf(False)
        variable = space.number[condition["fact"]]
        return make.literal(variable, [value == condition["is"] for value in space.domains[variable]])
    if "below_age" in condition:
        return make.leaf(not space.reached[condition["below_age"]])
    level = space.levels[condition["level"]]
    if "in" in condition:
        return make.map(lambda value: value in condition["in"], level)
    return make.apply(_not_lighter, level, space.levels[condition["not_lighter_than"]])


def _not_lighter(a: int, b: int) -> bool:
    return heavier(a, b) == a


def asked(space: "Space", condition: Condition) -> Asked:
    """The condition as a question to a case, its answers kept."""
    if "some" in condition:
        return _some(space, space.members(condition["some"]), condition["at_least"])
    if "fact" in condition:
        return _fact(space, condition["fact"], condition["is"])
    if "below_age" in condition:
        return _below_age(space, condition["below_age"])
    return _level(condition)


def _some(space: "Space", members: list[int], least: int) -> Asked:
    if not members:
        nobody = Answer(False, ())
        return lambda _: nobody
    # a tuple even for a single fact
    pick = itemgetter(*members) if len(members) > 1 else lambda raws: (raws[members[0]],)
    names, needs = [space.names[member] for member in members], f"≥ {least}"
    kept: dict[Any, Answer] = {}

    def answer(case: "Case") -> Answer:
        raws = pick(case.raws)
        found = kept.get(raws)
        if found is None:
            _bound(kept)
            pairs = [(name, raw) for name, raw in zip(names, raws, strict=True) if raw != NOT_APPLICABLE]
            for truth, wanted in (
                (True, [pair for pair in pairs if pair[1] is not None and pair[1] >= least]),
                (None, [pair for pair in pairs if pair[1] is None]),
                (False, pairs),
            ):
                if wanted or truth is False:
                    found = kept[raws] = Answer(truth, tuple(Because(name, raw, needs) for name, raw in wanted))
                    break
        assert found is not None  # noqa: S101 - the last of the three always answers
        return found

    return answer


def _fact(space: "Space", fact: str, expected: Any) -> Asked:
    if fact not in space.number:
        excluded = Answer(False, ())
        return lambda _: excluded
    number, needs = space.number[fact], f"= {str(expected).lower()}"
    kept: dict[Any, Answer] = {}

    def answer(case: "Case") -> Answer:
        raw = case.raws[number]
        found = kept.get(raw)
        if found is None:
            truth = None if raw is None else (raw if raw != NOT_APPLICABLE else space.domains[number][0]) == expected
            found = kept[raw] = Answer(truth, (Because(fact, raw, needs),))
        return found

    return answer


def _level(condition: Condition) -> Asked:
    which, other = condition["level"], condition.get("not_lighter_than")
    wanted = condition.get("in", ())
    kept: dict[Any, Answer] = {}

    def holds(levels: Any) -> bool:
        return _not_lighter(levels[which], levels[other]) if other else levels[which] in wanted

    def answer(case: "Case") -> Answer:
        level = case.level[which]
        beside = case.level[other] if other else None
        truths = None if level is not None and (not other or beside is not None) else case.truths(holds)
        found = kept.get((level, beside, truths))
        if found is None:
            needs = f"≤ level.{other}" if other else "= " + ", ".join(map(str, wanted))
            grounds = [Because(f"level.{which}", level, needs)]
            if other:
                grounds.append(Because(f"level.{other}", beside, ""))
            truth = holds(case.level) if truths is None else {"all": True, "none": False}.get(truths)
            found = kept[(level, beside, truths)] = Answer(truth, tuple(grounds))
        return found

    return answer


def _below_age(space: "Space", by_sex: Any) -> Asked:
    kept: dict[Any, Answer] = {}

    def answer(case: "Case") -> Answer:
        months = space.pack.parameters[dict(by_sex)[case.sex]].on(case.on)
        found = kept.get((case.age, months))
        if found is None:
            _bound(kept)
            years = f"{months // 12}" if months % 12 == 0 else f"{months / 12:g}"
            found = kept[(case.age, months)] = Answer(
                not space.reached[by_sex], (Because("age", case.age, f"< {years}"),)
            )
        return found

    return answer


def _bound(kept: dict[Any, Answer]) -> None:
    if len(kept) >= CACHE_LIMIT:
        kept.clear()


def idle_step(rule: Rule) -> Step:
    """The step of a rule that is not reached."""
    return Step(rule.id, rule.title, None, False, (), rule.citation)


class Row:
    """A rule ready to be asked, with the steps of the trace it has given before."""

    __slots__ = ("conditions", "guard", "idle", "kept", "questions", "rule")

    def __init__(self, space: "Space", rule: Rule, guard: Condition | None = None) -> None:
        """`guard`: what must hold for the whole table; told in the trace only where it doesn't."""
        self.rule, self.questions = rule, [asked(space, condition) for condition in rule.when]
        self.guard = None if guard is None else asked(space, guard)
        self.conditions = rule.when if guard is None else (guard, *rule.when)
        self.idle = idle_step(rule)
        self.kept: dict[tuple[Answer, ...], Step] = {}

    def ask(self, case: "Case") -> Step:
        """The step of the trace for one case, with what decided it: what failed, else what is open, else what held."""
        answers = tuple([question(case) for question in self.questions])
        if self.guard is not None:
            guarded = self.guard(case)
            if guarded.truth is not True:
                answers = (guarded, *answers)
        found = self.kept.get(answers)
        if found is None:
            if len(self.kept) >= CACHE_LIMIT:
                self.kept.clear()
            truths = [answer.truth for answer in answers]
            held = False if False in truths else None if None in truths else True
            because = tuple(ground for answer in answers if answer.truth is held for ground in answer.because)
            asked_of = self.conditions[-len(answers) :] if answers else ()  # the guard stands first, where it was kept
            parts = tuple(
                Part(condition, answer.truth, answer.because)
                for condition, answer in zip(asked_of, answers, strict=True)
            )
            rule = self.rule
            found = self.kept[answers] = Step(rule.id, rule.title, held, True, because, rule.citation, parts)
        return found


def first_that_holds(rows: list[Row], case: "Case", steps: list[Step]) -> None:
    """Ask the rows from the top; those below a row that holds are not reached."""
    reached = True
    for row in rows:
        if reached:
            step = row.ask(case)
            steps.append(step)
            reached = step.held is not True
        else:
            steps.append(row.idle)
