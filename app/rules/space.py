"""The facts that apply to persons of one age band, and every decision over them as one reduced diagram.

A space is compiled once per pack and band and kept. Its variables are the facts that apply; a value that is "not
applicable" stands for the lightest one, which counts as nothing. `anatomical_defects` is one variable with the
heaviest level of the chosen set, because nothing else of the set has influence.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from app.domain.proposal import Band, Level, Undetermined
from app.domain.vocabulary import Outcome
from app.rules.conditions import NOT_APPLICABLE, Row, diagram_of, heavier
from app.rules.diagram import Diagram, Diagrams, Leaf, results, support
from app.rules.facts import may_be_not_applicable, only_if_given
from app.rules.model import Condition, Fact, Measure, Pack, Rule
from app.rules.reading import Given, Read, Reader, keep

Levels = Mapping[str, int | None]
_NO_LEVELS: Final[Levels] = {}
OPEN_KEPT: Final = 1_000  # combinations with unknown facts, each with its small diagram


class Answer(NamedTuple):
    """One thing that may come out: the leaf of the diagram, and what the tables say of it."""

    leaf: tuple[Any, ...]
    levels: dict[str, int | None]
    level: Level
    outcome: Outcome
    period: Rule | None
    general: Band | None


class StillOpen(NamedTuple):
    """What unknown facts leave open, whatever the person's birthday and the day.

    `levels` are those that are certain; `row` is that of the table of periods, `rows` the diagram that leads to it.
    """

    possible: tuple[Answer, ...]
    levels: Levels
    outcome: Outcome | Undetermined
    general: Band | Undetermined | None
    level: Level
    row: int | Undetermined | None
    rows: Diagram


class Case:
    """One case as the engine sees it: values by variable (None: unknown), and what may still come out.

    `values` are numbers of values, `raws` what a trace shows; both are put together from `given` when first asked for.
    """

    __slots__ = ("age", "excluded", "given", "level", "on", "pairs", "parts", "possible", "raws", "sex", "still_open",
                 "values")  # fmt: skip
    values: list[int | None]
    raws: list[Any]

    def __init__(self, on: date, age: int, sex: str) -> None:
        self.on, self.age, self.sex = on, age, sex
        self.given: list[Given] = []
        self.parts: tuple[Diagram | None, ...] = ()
        self.excluded: list[str] = []
        self.possible: Sequence[Answer] = ()
        self.still_open: StillOpen | None = None  # None where one answer is certain
        self.level: Mapping[str, int | None] = _NO_LEVELS
        self.pairs: set[tuple[Any, ...]] | None = None

    def __getattr__(self, name: str) -> Any:  # only for what is not there yet
        if name not in ("values", "raws"):
            raise AttributeError(name)
        found = [value for given in self.given for value in getattr(given, name)]
        setattr(self, name, found)
        return found

    def truths(self, holds: Callable[[Mapping[str, int]], bool]) -> str:
        """Whether something about the levels holds in `all`, `none` or `some` completions."""
        if self.pairs is None:
            self.pairs = {answer.leaf[:2] for answer in self.possible}
        found = {holds({"by_criteria": a, "by_defects": b, "of_case": heavier(a, b)}) for a, b in self.pairs}
        return "some" if len(found) == 2 else "all" if True in found else "none"


class Space:
    """Decisions over the facts of one age band. `case` leads to (by_criteria, by_defects, period row, band row)."""

    def __init__(self, pack: Pack, age: int, on: date, reached: Mapping[Any, bool]) -> None:
        self.pack, self.reached, self.make = pack, reached, Diagrams()
        self.number: dict[str, int] = {}
        self.names: list[str] = []
        self.domains: list[tuple[Any, ...]] = []
        reads: list[Read] = []
        excluded: list[tuple[str, str, str]] = []
        self.defects = -1
        for fact in pack.fact_list:
            if not fact.present_if:
                self._add(fact, age, on, reads, excluded)

        def chosen(rules: tuple[Rule, ...]) -> list[Rule]:
            return [rule for rule in rules if pack.covers(rule.ages, age, on)]

        make = self.make
        criteria: Diagram = make.leaf(0)
        for rule in reversed(chosen(pack.levels)):
            criteria = self._first(rule, rule.result, criteria)
        listed = make.literal(self.defects, self.domains[self.defects]) if self.defects >= 0 else make.leaf(0)
        self.levels: dict[str, Diagram] = {
            "by_criteria": criteria, "by_defects": listed, "of_case": make.apply(heavier, criteria, listed),
        }  # fmt: skip
        self.periods, self.general = chosen(pack.periods), chosen(pack.general)
        period: Diagram = make.leaf(None)
        for number in reversed(range(len(self.periods))):
            period = self._first(self.periods[number], number, period)
        period = make.choose(self.levels["of_case"], period, make.leaf(None))
        band: Diagram = make.leaf(None)
        for number in reversed(range(len(self.general))):
            band = self._first(self.general[number], number, band)
        pairs = make.apply(lambda a, b: (a, b), criteria, listed)
        self.case = make.apply(lambda a, b: (*a, b), make.apply(lambda a, b: (*a, b), pairs, period), band)

        self.measures = {name: self._measure(measure) for name, measure in pack.measures.items()}
        self.differ: dict[tuple[str, str], Diagram] = {
            pair: make.apply(lambda a, b: a != b, self.measures[pair[0]], self.measures[pair[1]])
            for pair in (conflict.arguments.get("measures") for conflict in pack.conflicts) if pair is not None
        }  # fmt: skip
        self._compared = {
            pair: self.members(tuple([group for name in pair for group, _ in pack.measures[name].parts]))
            for pair in self.differ
        }
        established = {"level": "of_case", "in": tuple(sorted({rule.result for rule in pack.levels}))}
        self.level_rows = self._rows(chosen(pack.levels))
        self.period_rows = self._rows(self.periods, established)
        self.general_rows = self._rows(self.general)
        self.outcome = next(iter(chosen(pack.outcomes)), None)
        self.clip = next(iter(chosen(pack.clips)), None)
        self.proposed_causes = [rule for rule in chosen(pack.proposed_causes) if pack.is_on(rule.switch, on)]
        self.outcome_steps: dict[Any, Any] = {}
        self.answers = {leaf: self._answer(leaf) for leaf in results(self.case)}
        self._differ_at = {pair: number for number, pair in enumerate(self.differ, start=1)}
        self._still_open: dict[tuple[Given, ...], StillOpen] = {}
        self._reader = Reader(pack, reads, excluded, [self.case, *self.differ.values()])

    def _add(
        self, fact: Fact, age: int, on: date, reads: list[Read], excluded: list[tuple[str, str, str]]
    ) -> None:  # fmt: skip
        section, _, key = fact.id.rpartition(".")
        if_given = only_if_given(self.pack, fact, age, on)
        if not if_given and not self.pack.covers(fact.ages, age, on):
            excluded.append((section, key, fact.id))
            return
        number = len(self.domains)
        domain: tuple[Any, ...] = fact.values
        listed = fact.kind == "set"
        if listed:
            self.defects = number
            domain = (0, *sorted({defect.level for defect in self.pack.defects}, reverse=True))
        lookup = {value: position for position, value in enumerate(domain)}
        self.number[fact.id] = number
        self.names.append(fact.id)
        self.domains.append(domain)
        unknown, not_applicable = (None, None), (0, NOT_APPLICABLE)
        may_be_none = if_given or may_be_not_applicable(self.pack, fact, age, on)
        meanings: dict[Any, tuple[int | None, Any]] = {
            None: not_applicable if if_given else unknown,
            NOT_APPLICABLE: not_applicable if may_be_none else unknown,
        }
        if not listed:
            meanings.update({value: (position, value) for value, position in lookup.items()})
        reads.append(Read(section, key, meanings, lookup if listed else None))

    def members(self, groups: tuple[str, ...]) -> list[int]:
        """The variables of the facts in some groups that apply in this band."""
        facts = dict.fromkeys(fact for group in groups for fact in self.pack.groups[group])
        return sorted(self.number[fact] for fact in facts if fact in self.number)

    def truth(self, rule: Rule) -> Diagram:
        """Where all conditions of a rule hold."""
        truth: Diagram = self.make.leaf(True)
        for condition in rule.when:
            truth = self.make.choose(truth, diagram_of(self, condition), self.make.leaf(False))
        return truth

    def _first(self, rule: Rule, result: Any, otherwise: Diagram) -> Diagram:
        return self.make.choose(self.truth(rule), self.make.leaf(result), otherwise)

    def _measure(self, measure: Measure) -> Diagram:
        found: Diagram = self.make.leaf(0)
        for group, values in measure.parts:
            for member in self.members((group,)):
                literal = self.make.literal(member, [values[value] for value in self.domains[member]])
                found = self.make.apply(max, found, literal)
        return found

    def _rows(self, rules: list[Rule], guard: Condition | None = None) -> list[Row]:
        return [Row(self, rule, guard) for rule in rules]

    def read(self, facts: Mapping[str, Any], case: Case) -> None:
        """Put the facts of a document (its `facts`) into a case. UserError for a value that the pack does not have."""
        case.given, state, case.excluded = self._reader.read(facts)
        case.parts = state.parts
        leaf = state.parts[0]
        if leaf is not None:
            assert isinstance(leaf, Leaf)  # noqa: S101 - every fact was read, so nothing is left to ask
            answer = self.answers[leaf.value]
            case.possible, case.level = (answer,), answer.levels
            return
        key = tuple(case.given)
        found = self._still_open.get(key)
        if found is None:
            found = keep(self._still_open, key, self._left(case.values), OPEN_KEPT)
        case.still_open, case.possible, case.level = found, found.possible, found.levels

    def _left(self, values: Sequence[int | None]) -> StillOpen:
        rest = Diagrams().restrict(self.case, values)
        possible = tuple([self.answers[leaf] for leaf in sorted(results(rest), key=repr)])
        levels = {which: _only({answer.levels[which] or 0 for answer in possible}) for which in possible[0].levels}
        rows = Diagrams().map(lambda leaf: leaf[2], rest)
        return StillOpen(
            possible,
            levels,
            self.certain(rest, lambda leaf: self.answers[leaf].outcome),
            self.certain(rest, lambda leaf: self.answers[leaf].general),
            Level(*(levels[which] or None for which in ("by_criteria", "by_defects", "of_case"))),
            self.certain(rows, lambda row: row),
            rows,
        )

    def certain(self, diagram: Diagram, said: Callable[[Any], Any]) -> Any:
        """What a diagram's results say of one thing if that is certain, else `Undetermined` with the facts that
        matter."""
        # What is said is numbered, equal things alike: the diagram then compares numbers instead of whole periods.
        numbers: dict[Any, int] = {}
        mapped = Diagrams().map(lambda result: numbers.setdefault(said(result), len(numbers)), diagram)
        if isinstance(mapped, Leaf):
            return next(iter(numbers))
        return Undetermined(tuple(sorted(self.names[variable] for variable in support(mapped))))

    def differs(self, pair: tuple[str, str], case: Case) -> bool:
        """Whether two measures differ in every completion of a case."""
        leaf = case.parts[self._differ_at[pair]]
        if isinstance(leaf, Leaf):
            return bool(leaf.value)
        return results(Diagrams().restrict(self.differ[pair], case.values)) == {True}

    def named(self, pair: tuple[str, str], case: Case) -> list[str]:
        """The facts that two measures are of, those that are not applicable left out."""
        members = self._compared[pair]
        if any(given.not_applicable for given in case.given):
            raws = case.raws
            return [self.names[member] for member in members if raws[member] != NOT_APPLICABLE]
        return [self.names[member] for member in members]

    def _answer(self, leaf: tuple[Any, ...]) -> Answer:
        criteria, listed, period, band = leaf
        level = heavier(criteria, listed)
        outcome: Outcome = self.outcome.result[level - 1] if level and self.outcome else Outcome.NOT_ESTABLISHED
        return Answer(
            leaf,
            {"by_criteria": criteria, "by_defects": listed, "of_case": level},
            Level(criteria or None, listed or None, level or None),
            outcome,
            None if period is None else self.periods[period],
            None if band is None else self.general[band].result,
        )


def _only(levels: set[int]) -> int | None:
    return next(iter(levels)) if len(levels) == 1 else None
