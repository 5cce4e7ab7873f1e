"""The least change of a case's facts that would give another outcome: exact, over the diagram of all combinations.

Changed are facts that are given: never one that is unknown, nor one said to be "not applicable". The change counts
only if it gives the wanted result for certain, whatever the unknown facts are. Of all such changes the least is the
one with the fewest listed defects added or removed, then with the fewest facts changed, then with the least sum of
degrees by which they change, then the one whose facts come first in the order of the criteria (and then the smaller
values). No act says what is nearest: this order is a convention of the program.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import is_
from typing import Any, Literal

from app.domain.case_file import Document
from app.domain.dates import age, parse_iso
from app.domain.proposal import Period, Proposal, Term
from app.domain.vocabulary import Outcome
from app.rules.conditions import NOT_APPLICABLE
from app.rules.diagram import Diagram, Diagrams, Leaf
from app.rules.model import Pack
from app.rules.plan import Day, plan_of
from app.rules.space import Answer, Case, Space

Direction = Literal["heavier", "lighter"]
Cost = tuple[int, int, int]  # listed defects added and removed, facts changed, sum of degrees
_Way = tuple[Cost, tuple[tuple[int, int], ...]]  # what it costs, and (variable, number of its value) for each change
_NONE: _Way = ((0, 0, 0), ())


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value. `fact` is named without `facts.`; `was` and `now` are values of the pack.

    For `anatomical_defects` `was` holds the ids that would have to go (a tuple, may be empty), and `now` the level of
    one defect of the list that would have to be added (None: nothing is added).
    """

    fact: str
    was: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Nearest:
    """The least change that gives another outcome, `heavier` or `lighter` than the case's."""

    direction: Direction
    outcome: Outcome
    changes: tuple[Change, ...]


class Neighbourhood:
    """The cases around one: what other facts would give. Made for a case with a birth date, a sex and a day.

    `pack` must be the one that `proposal` was made with, `document` the case.
    """

    def __init__(self, pack: Pack, document: Document, proposal: Proposal) -> None:
        birth = parse_iso(document["person"]["birth_date"])
        assert birth is not None  # noqa: S101 - a proposal was made of the document
        self._birth, self._proposal, self._pack = birth, proposal, pack.on(proposal.on)
        self._day: Day = plan_of(self._pack).day(proposal.on)
        self._start = self._day.start(document)
        sex, years = document["person"]["sex"], age(birth, proposal.on)
        self._space: Space = self._day.space(birth, sex, years)
        self._case = Case(proposal.on, years, sex)
        self._space.read(document.get("facts") or {}, self._case)

    def outcomes(self) -> tuple[Nearest, ...]:
        """The next heavier and the next lighter outcome that some change gives; none where the outcome is open.

        Where no change gives the next outcome for certain, the one after it is tried, and so on.
        """
        rule, outcome = self._space.outcome, self._proposal.outcome
        if rule is None or outcome is Outcome.UNDETERMINED:
            return ()
        order: list[Outcome] = [*dict.fromkeys(rule.result), Outcome.NOT_ESTABLISHED]
        place = order.index(outcome)
        diagram = Diagrams().map(lambda leaf: self._space.answers[leaf].outcome, self._space.case)
        found = []
        ways: tuple[tuple[Direction, list[Outcome]], ...] = (
            ("heavier", order[:place][::-1]), ("lighter", order[place + 1 :]),
        )  # fmt: skip
        for direction, wanted in ways:
            for other in wanted:
                changes = self._least(diagram, partial(is_, other))
                if changes is not None:
                    found.append(Nearest(direction, other, changes))
                    break
        return tuple(found)

    def to_period(self, term: Term) -> tuple[Change, ...] | None:
        """The least change under which `term` is the proposed period and the outcome stays; None where none is."""
        outcome, birth, clip = self._proposal.outcome, self._birth, self._space.clip
        if outcome is Outcome.UNDETERMINED or not isinstance(self._proposal.period, Period):
            return None
        terms: dict[str, Term] = {}

        def proposed(answer: Answer) -> bool:
            if answer.outcome is not outcome or answer.period is None:
                return False
            rule = answer.period
            if rule.id not in terms:
                terms[rule.id] = self._day.period(rule, birth, clip, self._start).proposed
            return terms[rule.id] == term

        return self._least(self._space.case, lambda leaf: proposed(self._space.answers[leaf]))

    def _least(self, diagram: Diagram, wanted: Callable[[Any], bool]) -> tuple[Change, ...] | None:
        make, case = Diagrams(), self._case
        truth = make.map(wanted, diagram)
        unknown = {variable for variable, value in enumerate(case.values) if value is None}
        way = _least_way(_whatever(make, truth, unknown), self._costs())
        if way is None:
            return None
        return tuple(self._change(variable, value) for variable, value in way[1])

    def _costs(self) -> list[Mapping[int, Cost]]:
        """What each value of each variable costs, by its number; values that a fact can't be changed to are absent."""
        space, case = self._space, self._case
        kinds = {fact.id: fact.kind for fact in self._pack.fact_list}
        found: list[Mapping[int, Cost]] = []
        for variable, (name, domain) in enumerate(zip(space.names, space.domains, strict=True)):
            value, raw = case.values[variable], case.raws[variable]
            if value is None or raw == NOT_APPLICABLE:
                found.append({} if value is None else {value: (0, 0, 0)})
            elif variable == space.defects:
                found.append({
                    number: (sum(map(len, self._defects(level))), int(number != value), 0)
                    for number, level in enumerate(domain)
                })  # fmt: skip
            else:
                weigh = kinds[name] == "degree"
                found.append({
                    number: (0, int(number != value), abs(number - value) if weigh else int(number != value))
                    for number in range(len(domain))
                })  # fmt: skip
        return found

    def _defects(self, level: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The listed defects that must go, and the levels of those that must come, for `level` to be the heaviest."""
        known = self._pack.defect_by_id
        raw: Iterable[str] = self._case.raws[self._space.defects]
        given = {defect: known[defect].level for defect in raw}
        gone = tuple(defect for defect, its in given.items() if level == 0 or its < level)
        return gone, () if level == 0 or level in given.values() else (level,)

    def _change(self, variable: int, value: int) -> Change:
        space, case = self._space, self._case
        if variable == space.defects:
            gone, added = self._defects(space.domains[variable][value])
            return Change(space.names[variable], gone, next(iter(added), None))
        return Change(space.names[variable], case.raws[variable], space.domains[variable][value])


def _whatever(make: Diagrams, truth: Diagram, unknown: set[int]) -> Diagram:
    """Where something is true whatever the unknown variables are."""
    memo: dict[int, Diagram] = {}

    def walk(at: Diagram) -> Diagram:
        if isinstance(at, Leaf):
            return at
        found = memo.get(id(at))
        if found is None:
            branches = [walk(branch) for branch in at.branches]
            if at.var in unknown:
                found = branches[0]
                for branch in branches[1:]:
                    found = make.apply(lambda a, b: a and b, found, branch)
            else:
                found = make.node(at.var, branches)
            memo[id(at)] = found
        return found

    return walk(truth)


def _least_way(truth: Diagram, costs: list[Mapping[int, Cost]]) -> _Way | None:
    """The cheapest way to a True leaf; None where there is none. A variable that isn't asked keeps its value."""
    memo: dict[int, _Way | None] = {}

    def walk(at: Diagram) -> _Way | None:
        if isinstance(at, Leaf):
            return _NONE if at.value else None
        if id(at) in memo:
            return memo[id(at)]
        best: _Way | None = None
        for number, cost in costs[at.var].items():
            rest = walk(at.branches[number])
            if rest is not None:
                own = ((at.var, number),) if cost[1] else ()
                way = (_sum(cost, rest[0]), own + rest[1])
                if best is None or (way[0], way[1]) < (best[0], best[1]):
                    best = way
        memo[id(at)] = best
        return best

    return walk(truth)


def _sum(a: Cost, b: Cost) -> Cost:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]
