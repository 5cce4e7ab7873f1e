"""A rehabilitation measure over the facts of one age band, as reduced diagrams: exact whatever is unknown."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.vocabulary import MeasureState
from app.rules.conditions import heavier
from app.rules.diagram import Diagram, Diagrams, Leaf, Node, value_at
from app.rules.model import Condition
from app.rules.programme import Programme, RehabilitationMeasure
from app.rules.space import Case, Space

DIAGNOSIS: Final = "diagnosis.main"


def conditions_of(programme: Programme, measure: RehabilitationMeasure) -> list[Condition]:
    """Every condition that a measure rests on."""
    grounds = (*measure.indications, *measure.contraindications)
    return [*programme.when, *measure.requires, *(condition for ground in grounds for condition in ground.when)]


def parameters_of(programme: Programme, measure: RehabilitationMeasure) -> set[str | None]:
    """The parameters that a measure refers to: its ages and the age limits of its conditions."""
    limits = {name for condition in conditions_of(programme, measure) for _, name in condition.get("below_age", ())}
    return {measure.ages.first, measure.ages.below, *limits}


class Compiled:
    """One measure over the facts of one band: its state and the truth of each condition, as diagrams.

    The variable of the defects stands here for their heaviest level together with which of the measure's lists of
    defects are hit; one more stands for which of its lists of diagnoses the main one hits. After it stands a variable
    for each of these lists, whether another diagnosis hits it, which is always known.
    """

    def __init__(
        self, space: Space, programme: Programme, measure: RehabilitationMeasure, reached: Mapping[Any, bool]
    ) -> None:
        self._space, self._make, self._reached = space, Diagrams(), reached
        conditions = conditions_of(programme, measure)
        self._lists = list(dict.fromkeys(c["defects"] for c in conditions if "defects" in c))
        self._codes = list(dict.fromkeys(c["diagnosis"] for c in conditions if "diagnosis" in c))
        self._sets = self._defect_sets(space)
        self._diagnosed = sorted({self._hits(code) for prefixes in self._codes for code in prefixes}
                                 | {(False,) * len(self._codes)})  # fmt: skip
        self.names = [*space.names, DIAGNOSIS]
        make = self._make
        self._conjunctions: dict[str, Diagram] = {}
        indicated: Diagram = make.leaf(0)
        for ground in measure.indications:
            strength = 2 if ground.confirm is None else 1
            weighed = make.apply(_weigh, self._conjunction(ground.when), make.leaf(strength))
            indicated = make.apply(max, indicated, weighed)
        against: Diagram = make.leaf(False)
        for ground in measure.contraindications:
            if ground.confirm is None:
                against = make.choose(against, make.leaf(True), self._conjunction(ground.when))
        required = self._conjunction((*programme.when, *measure.requires))
        state = make.apply(_state, indicated, against)
        self.state = make.choose(required, state, make.leaf(MeasureState.NOT_INDICATED))

    def holds(self, conditions: tuple[Condition, ...], values: list[int | None]) -> bool | None:
        """Whether some conditions hold together in every completion, in none (False), or in some."""
        diagram = self._conjunction(conditions)
        leaf = value_at(diagram, values)  # mostly everything is known, or enough of it
        if leaf is None:
            rest = Diagrams().restrict(diagram, values)
            leaf = rest if isinstance(rest, Leaf) else None
        return None if leaf is None else bool(leaf.value)

    def values(self, case: Case, main: str | None, others: list[str]) -> list[int | None]:
        """The case's values by variable; None where unknown."""
        values = list(case.values)
        place = self._space.defects
        known = values[place] if place >= 0 else None
        if known is not None:
            level = self._space.domains[place][known]
            chosen = set(case.raws[place] or ())
            values[place] = self._sets.index((level, *(bool(chosen.intersection(one)) for one in self._lists)))
        values.append(None if main is None else self._diagnosed.index(self._hits(main)))
        hits = list(map(self._hits, others))
        return values + [int(any(hit[which] for hit in hits)) for which in range(len(self._codes))]

    def _hits(self, code: str) -> tuple[bool, ...]:
        return tuple(any(code.startswith(prefix) for prefix in prefixes) for prefixes in self._codes)

    def _defect_sets(self, space: Space) -> list[tuple[Any, ...]]:
        """What some set of listed defects can be: its heaviest level, and which lists it hits."""
        found = {(0, *(False,) * len(self._lists))}
        single = {(defect.level, *(defect.id in one for one in self._lists)) for defect in space.pack.defects}
        for level, *hits in single:
            found |= {(heavier(other, level), *(a or b for a, b in zip(hit, hits, strict=True)))
                      for other, *hit in found}  # fmt: skip
        return sorted(found)

    # --- diagrams ---------------------------------------------------------------------------------------------------
    def _conjunction(self, conditions: tuple[Condition, ...]) -> Diagram:
        key = repr(conditions)
        found = self._conjunctions.get(key)
        if found is None:
            truths = [self._truth(condition) for condition in conditions]
            found = truths[0] if truths else self._make.leaf(True)
            for truth in truths[1:]:
                found = self._make.choose(found, truth, self._make.leaf(False))
            self._conjunctions[key] = found
        return found

    def _truth(self, condition: Condition) -> Diagram:
        make, space = self._make, self._space
        if "below_age" in condition:
            return make.leaf(not self._reached[condition["below_age"]])
        if "injured" in condition:
            return make.leaf(self._reached["injured"])
        if "defects" in condition:
            which = 1 + self._lists.index(condition["defects"])
            return make.literal(space.defects, [one[which] for one in self._sets])
        if "diagnosis" in condition:
            which = self._codes.index(condition["diagnosis"])
            place = len(space.names)
            main = make.literal(place, [hits[which] for hits in self._diagnosed])
            return make.choose(main, make.leaf(True), make.literal(place + 1 + which, [False, True]))
        if "level" in condition:
            kept, key = space.pack.compiled, ("level", space, condition["level"], condition["in"])
            if key not in kept:  # the same for every measure, and the largest of all
                kept[key] = Diagrams().map(lambda level: level in condition["in"], space.levels[condition["level"]])
            return self._widened(kept[key])
        if condition["fact"] not in space.number:
            return make.leaf(False)  # it does not apply at this age
        variable = space.number[condition["fact"]]
        if "is" in condition:
            return make.literal(variable, [value == condition["is"] for value in space.domains[variable]])
        least, most = condition["at_least"], condition["at_most"]
        return make.literal(variable, [least <= value <= most for value in space.domains[variable]])

    def _widened(self, diagram: Diagram) -> Diagram:
        """A diagram of the space with the defects' variable as it stands here."""
        make, space, memo = self._make, self._space, dict[int, Diagram]()

        def walk(at: Diagram) -> Diagram:
            found = memo.get(id(at))
            if found is None:
                if isinstance(at, Node):
                    branches = [walk(branch) for branch in at.branches]
                    if at.var == space.defects:
                        domain = space.domains[at.var]
                        branches = [branches[domain.index(level)] for level, *_ in self._sets]
                    found = make.node(at.var, branches)
                else:
                    found = make.leaf(at.value)
                memo[id(at)] = found
            return found

        return walk(diagram)


def _weigh(holds: bool, strength: int) -> int:
    return strength if holds else 0


def _state(strength: int, against: bool) -> MeasureState:
    if not strength:
        return MeasureState.NOT_INDICATED
    if against:
        return MeasureState.CONTRAINDICATED
    return MeasureState.PROPOSED if strength > 1 else MeasureState.TO_CONFIRM
