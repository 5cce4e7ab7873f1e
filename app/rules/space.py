"""The facts that apply to persons of one age band, and every decision over them as one reduced diagram.

A space is compiled once per pack and band and kept. Its variables are the facts that apply; a value that is "not
applicable" stands for the lightest one, which counts as nothing. `anatomical_defects` is one variable with the
heaviest level of the chosen set, because nothing else of the set has influence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from app.domain.case_fields import shown
from app.domain.errors import UserError
from app.domain.proposal import Band, Level
from app.domain.text import N_, Text
from app.domain.vocabulary import Outcome
from app.rules.conditions import NOT_APPLICABLE, Row, diagram_of, heavier
from app.rules.diagram import Diagram, Diagrams, results, value_at
from app.rules.facts import may_be_not_applicable, only_if_given
from app.rules.model import Condition, Fact, Measure, Pack, Rule

Levels = Mapping[str, int | None]
_NO_SECTION: Final[dict[str, Any]] = {}


class Answer(NamedTuple):
    """One thing that may come out: the leaf of the diagram, and what the tables say of it."""

    leaf: tuple[Any, ...]
    levels: dict[str, int | None]
    level: Level
    outcome: Outcome
    period: Rule | None
    general: Band | None


class Case:
    """One case as the engine sees it: values by variable (None: unknown), and what may still come out."""

    __slots__ = ("age", "excluded", "level", "on", "pairs", "possible", "raws", "rest", "sex", "values")

    def __init__(self, on: date, age: int, sex: str) -> None:
        self.on, self.age, self.sex = on, age, sex
        self.values: list[int | None] = []
        self.raws: list[Any] = []
        self.excluded: list[str] = []
        self.rest: Diagram
        self.possible: list[Answer] = []
        self.pairs: set[tuple[Any, ...]] = set()
        self.level: dict[str, int | None] = {}

    def truths(self, holds: Callable[[Mapping[str, int]], bool]) -> str:
        """Whether something about the levels holds in `all`, `none` or `some` completions."""
        if not self.pairs:
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
        self._lookups: list[dict[Any, int]] = []
        reads: list[tuple[str, str, dict[Any, tuple[int | None, Any]]]] = []
        self._excluded: list[tuple[str, str, str]] = []
        self.defects = -1
        for fact in pack.fact_list:
            if not fact.present_if:
                self._add(fact, age, on, reads)
        # The facts in their order, those of one section together: (section or "", ((key, what its values mean), …)).
        self._reads = [
            (section, tuple((key, meanings) for _, key, meanings in found))
            for section, found in groupby(reads, key=itemgetter(0))
        ]

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
        period = make.apply(lambda level, row: row if level else None, self.levels["of_case"], period)
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
        self.compared = {
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

    def _add(self, fact: Fact, age: int, on: date, reads: list[Any]) -> None:
        section, _, key = fact.id.rpartition(".")
        if_given = only_if_given(self.pack, fact, age, on)
        if not if_given and not self.pack.covers(fact.ages, age, on):
            self._excluded.append((section, key, fact.id))
            return
        number = len(self.domains)
        domain: tuple[Any, ...] = fact.values
        if fact.kind == "set":
            self.defects = number
            domain = (0, *sorted({defect.level for defect in self.pack.defects}, reverse=True))
        lookup = {value: position for position, value in enumerate(domain)}
        self.number[fact.id] = number
        self.names.append(fact.id)
        self.domains.append(domain)
        self._lookups.append(lookup)
        unknown, not_applicable = (None, None), (0, NOT_APPLICABLE)
        may_be_none = if_given or may_be_not_applicable(self.pack, fact, age, on)
        meanings: dict[Any, tuple[int | None, Any]] = {
            None: not_applicable if if_given else unknown,
            NOT_APPLICABLE: not_applicable if may_be_none else unknown,
        }
        if fact.kind != "set":
            meanings.update({value: (position, value) for value, position in lookup.items()})
        reads.append((section, key, meanings))

    def members(self, groups: tuple[str, ...]) -> list[int]:
        """The variables of the facts in some groups that apply in this band."""
        facts = dict.fromkeys(fact for group in groups for fact in self.pack.groups[group])
        return sorted(self.number[fact] for fact in facts if fact in self.number)

    def truth(self, rule: Rule) -> Diagram:
        """Where all conditions of a rule hold."""
        truth: Diagram = self.make.leaf(True)
        for condition in rule.when:
            truth = self.make.apply(lambda a, b: a and b, truth, diagram_of(self, condition))
        return truth

    def _first(self, rule: Rule, result: Any, otherwise: Diagram) -> Diagram:
        return self.make.apply(lambda holds, other: result if holds else other, self.truth(rule), otherwise)

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
        values: list[int | None] = []
        raws: list[Any] = []
        for section, reads in self._reads:
            given = (facts.get(section) or _NO_SECTION) if section else facts
            for key, meanings in reads:
                raw = given.get(key)
                if raw.__class__ is list:
                    raws.append(tuple(raw))
                    values.append(self._lookups[len(values)][heaviest(self.pack, raw)])
                    continue
                try:
                    value, raw = meanings[raw]
                except KeyError:
                    path = f"{section}.{key}" if section else key
                    raise _unknown_value(path, raw, self._lookups[len(values)]) from None
                values.append(value)
                raws.append(raw)
        case.values, case.raws = values, raws
        for section, key, fact in self._excluded:
            raw = ((facts.get(section) or _NO_SECTION) if section else facts).get(key)
            if raw is not None and raw != NOT_APPLICABLE:
                case.excluded.append(fact)
        leaf = value_at(self.case, case.values)
        if leaf is not None:
            answer = self.answers[leaf.value]
            case.rest, case.possible, case.level = leaf, [answer], answer.levels
            return
        case.rest = Diagrams().restrict(self.case, case.values)
        case.possible = [self.answers[leaf] for leaf in sorted(results(case.rest), key=repr)]
        case.level = {
            which: _only({answer.levels[which] or 0 for answer in case.possible})
            for which in ("by_criteria", "by_defects", "of_case")
        }

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


def heaviest(pack: Pack, defects: Iterable[str]) -> int:
    """The heaviest level of some listed defects, 0 for none. UserError for an id that is not in the list."""
    level = 0
    for defect in defects:
        known = pack.defect_by_id.get(defect)
        if known is None:
            raise UserError(
                Text(
                    N_("facts.anatomical_defects: “{id}” is not in the list of the criteria. Choose from it."),
                    {"id": defect},
                ),
                where="facts.anatomical_defects",
            )
        level = heavier(level, known.level)
    return level


def _unknown_value(fact: str, raw: object, lookup: Mapping[Any, int]) -> UserError:
    path = f"facts.{fact}"
    return UserError(
        Text(
            N_("{path}: {value} is not one of {values}. Write one of them, or null if it is not known."),
            {"path": path, "value": shown(raw), "values": ", ".join(shown(value).strip('"') for value in lookup)},
        ),
        where=path,
    )


def _only(levels: set[int]) -> int | None:
    return next(iter(levels)) if len(levels) == 1 else None
