"""Which rehabilitation measures a pack proposes for one case (ИПАР), exactly, whatever is unknown.

A measure is proposed if its programme is made for the person, all that it requires holds, an indication holds and no
contra-indication does; `to_confirm` if only indications hold that a doctor must confirm in words. As everywhere, what
comes out is what comes out in every completion; else the measure is open, and `missing` names the facts that matter.

A completion fills in the facts, the set of listed defects, and the main diagnosis where none is given. Accompanying
diseases and complications that nobody listed are taken not to be there: unlike degrees, diseases are never all asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.case_file import Document
from app.domain.dates import age, parse_iso
from app.domain.proposal import Because, Part
from app.domain.vocabulary import MeasureState
from app.rules.conditions import heavier
from app.rules.diagram import Diagram, Diagrams, Leaf, Node, support, value_at
from app.rules.model import Condition, Pack
from app.rules.plan import plan_of
from app.rules.programme import Carrier, Ground, Programme, RehabilitationMeasure
from app.rules.space import Case, Space, reached_age

DIAGNOSIS: Final = "diagnosis.main"
_NONE: Final[dict[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class GroundFound:
    """An indication or contra-indication as it stands for a case, with each condition asked; `held` None: open."""

    ground: Ground
    held: bool | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MeasureFound:
    """A measure as it stands for a case. `missing`: the facts that matter, sorted; only where it is open.

    `required`: the conditions of programme and measure. `indications`, `against`: those that decide. `carrier` None:
    who provides it is not known.
    """

    measure: RehabilitationMeasure
    state: MeasureState
    missing: tuple[str, ...]
    required: tuple[Part, ...]
    indications: tuple[GroundFound, ...]
    against: tuple[GroundFound, ...]
    carrier: Carrier | None


def measures_of(pack: Pack, document: Document, ids: Iterable[str] | None = None) -> tuple[MeasureFound, ...]:
    """Every measure of the pack (of `ids`, if given) as it stands for a case, in the pack's order.

    The case is one that `propose` accepts: with birth date, sex and day of examination. Pure; bounded in time by the
    pack alone.
    """
    on = parse_iso(document["examination"]["on"])
    birth = parse_iso(document["person"]["birth_date"])
    assert on is not None  # noqa: S101 - without them there is no proposal
    assert birth is not None  # noqa: S101
    held = pack.on(on)
    programme = held.programme
    if programme is None:
        return ()
    person = Person(held, document, birth, on)
    wanted = None if ids is None else set(ids)
    return tuple(person.found(programme, measure) for measure in programme.measures
                 if wanted is None or measure.id in wanted)  # fmt: skip


# What a test may expect of some measures, by id: `measures = { cane = "proposed" }`.
READ: Final[Mapping[str, Callable[[MeasureFound], Any]]] = {
    "measures": lambda found: found.state.value,
    "measures_missing": lambda found: list(found.missing),
    "measures_grounds": lambda found: [one.ground.id for one in found.indications],
    "measures_by": lambda found: "none" if found.carrier is None else found.carrier.id,
}


def measures_read(pack: Pack, document: Document, expect: Mapping[str, Any]) -> dict[str, Any]:
    """What the measures that a test names are for its case, under the keys of `READ` that the test has."""
    wanted = {key: value for key, value in expect.items() if key in READ and isinstance(value, dict)}
    ids = {name for named in wanted.values() for name in named}
    found = {one.measure.id: one for one in measures_of(pack, document, ids)} if ids else {}
    read = {key: {name: READ[key](found[name]) for name in of if name in found} for key, of in wanted.items()}
    return {key: None for key in expect if key in READ} | read


class Person:
    """One case with everything that a measure may ask of it."""

    def __init__(self, pack: Pack, document: Document, birth: date, on: date) -> None:
        sex, self._age = document["person"]["sex"], age(birth, on)
        self._pack, self._birth, self._on, self._sex = pack, birth, on, sex
        self._space = plan_of(pack).day(on).space(birth, sex, self._age)
        facts = document.get("facts") or _NONE
        self._case = Case(on, self._age, sex)
        self._space.read(facts, self._case)
        self._injured = facts.get("work_injury") is not None
        diagnosis = document.get("diagnosis") or _NONE
        self._main = (diagnosis.get("main") or _NONE).get("icd10") or None
        others = [*(diagnosis.get("accompanying") or ()), *(diagnosis.get("complications") or ())]
        self._others = [other["icd10"] for other in others if other.get("icd10")]

    def found(
        self, programme: Programme, measure: RehabilitationMeasure, kept: dict[Any, "Compiled"] | None = None
    ) -> MeasureFound:
        """A measure as it stands for this person. `kept`: what was compiled, if not in the pack's own cache."""
        carriers = (programme.carriers[name] for name in measure.carriers)
        carrier = next((one for one in carriers if self._injured or not one.injured), None)
        if not self._pack.covers(measure.ages, self._age, self._on):
            return MeasureFound(measure, MeasureState.NOT_INDICATED, (), (), (), (), carrier)
        compiled = self._compiled(programme, measure, self._pack.compiled if kept is None else kept)
        values = compiled.values(self._case, self._main, self._others)
        rest = value_at(compiled.state, values) or Diagrams().restrict(compiled.state, values)
        state, missing = MeasureState.OPEN, tuple(sorted(compiled.names[variable] for variable in support(rest)))
        if isinstance(rest, Leaf):
            state = rest.value

        def parts(conditions: Iterable[Condition]) -> tuple[Part, ...]:
            return tuple(
                Part(condition, compiled.holds((condition,), values), self._because(condition))
                for condition in conditions
            )

        def found(grounds: tuple[Ground, ...]) -> tuple[GroundFound, ...]:
            asked = (GroundFound(ground, compiled.holds(ground.when, values), parts(ground.when)) for ground in grounds)
            return _deciding([one for one in asked if one.held is not False], state)

        required = parts((*programme.when, *measure.requires))
        return MeasureFound(
            measure, state, missing, required, found(measure.indications), found(measure.contraindications), carrier
        )

    def _because(self, condition: Condition) -> tuple[Because, ...]:
        """What the case has of what a condition asks for; empty where that does not apply at this age."""
        if "level" in condition:
            name = condition["level"]
            return (Because(f"level.{name}", self._case.level[name], ""),)
        if "below_age" in condition:
            return (Because("age", self._age, ""),)
        if "diagnosis" in condition:
            codes = [code for code in (self._main, *self._others) if code and code.startswith(condition["diagnosis"])]
            return (Because(DIAGNOSIS, tuple(codes) if codes or self._main else None, ""),)
        fact = "anatomical_defects" if "defects" in condition else condition["fact"]
        if fact not in self._space.number:
            return ()
        raw = self._case.raws[self._space.number[fact]]
        if "defects" in condition and raw is not None:
            raw = tuple(defect for defect in raw if defect in condition["defects"])
        return (Because(fact, raw, ""),)

    def _compiled(
        self, programme: Programme, measure: RehabilitationMeasure, kept: dict[Any, "Compiled"]
    ) -> "Compiled":
        """The measure over the facts of the person's band, compiled once; ages are told apart by the key."""
        reached = {
            condition["below_age"]: reached_age(
                self._pack, dict(condition["below_age"])[self._sex], self._birth, self._on
            )
            for condition in conditions_of(programme, measure) if "below_age" in condition
        }  # fmt: skip
        key = ("measure", measure.id, self._space, tuple(reached.items()))
        found = kept.get(key)
        if found is None:
            found = kept[key] = Compiled(self._space, programme, measure, reached)
        return found


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
                against = make.apply(lambda a, b: a or b, against, self._conjunction(ground.when))
        required = self._conjunction((*programme.when, *measure.requires))
        self.state = make.apply(_state, make.apply(_weigh, required, indicated), against)

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
        for defect in space.pack.defects:
            hits = tuple(defect.id in one for one in self._lists)
            found |= {(heavier(level, defect.level), *(a or b for a, b in zip(hit, hits, strict=True)))
                      for level, *hit in found}  # fmt: skip
        return sorted(found)

    # --- diagrams ---------------------------------------------------------------------------------------------------
    def _conjunction(self, conditions: tuple[Condition, ...]) -> Diagram:
        key = repr(conditions)
        found = self._conjunctions.get(key)
        if found is None:
            found = self._make.leaf(True)
            for condition in conditions:
                found = self._make.apply(lambda a, b: a and b, found, self._truth(condition))
            self._conjunctions[key] = found
        return found

    def _truth(self, condition: Condition) -> Diagram:
        make, space = self._make, self._space
        if "below_age" in condition:
            return make.leaf(not self._reached[condition["below_age"]])
        if "defects" in condition:
            which = 1 + self._lists.index(condition["defects"])
            return make.literal(space.defects, [one[which] for one in self._sets])
        if "diagnosis" in condition:
            which = self._codes.index(condition["diagnosis"])
            place = len(space.names)
            main = make.literal(place, [hits[which] for hits in self._diagnosed])
            return make.apply(lambda a, b: a or b, main, make.literal(place + 1 + which, [False, True]))
        if "level" in condition:
            return make.map(lambda level: level in condition["in"], self._widened(space.levels[condition["level"]]))
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


def _deciding(found: list[GroundFound], state: MeasureState) -> tuple[GroundFound, ...]:
    """The grounds to tell of: those that surely hold by themselves, else with a doctor's word, else the open ones."""
    if state is MeasureState.NOT_INDICATED:
        return ()
    if state is not MeasureState.OPEN:
        held = [one for one in found if one.held]
        for surely in ([one for one in held if one.ground.confirm is None], held):
            if surely:
                return tuple(surely)
    return tuple(found)
