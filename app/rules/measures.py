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
from app.rules.ages import reached_age
from app.rules.diagram import Diagrams, Leaf, support, value_at
from app.rules.measure_space import DIAGNOSIS, Compiled, conditions_of
from app.rules.model import Condition, Pack
from app.rules.plan import plan_of
from app.rules.programme import Carrier, Ground, Programme, RehabilitationMeasure
from app.rules.space import Case

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


def measures_of(
    pack: Pack, document: Document, ids: Iterable[str] | None = None, of: Programme | None = None
) -> tuple[MeasureFound, ...]:
    """Every measure of the programme (of `ids`, if given) as it stands for a case, in the pack's order.

    `of`: another programme of the pack than that of rehabilitation. One that is switched off on the day gives none.
    The case is one that `propose` accepts: with birth date, sex and day of examination. Pure; bounded in time by the
    pack alone.
    """
    on = parse_iso(document["examination"]["on"])
    birth = parse_iso(document["person"]["birth_date"])
    assert on is not None  # noqa: S101 - without them there is no proposal
    assert birth is not None  # noqa: S101
    held = pack.on(on)
    programme = of or held.programme
    if programme is None or not held.is_on(programme.switch, on):
        return ()
    person = Person(held, document, birth, on)
    wanted = None if ids is None else set(ids)
    return tuple(person.found(programme, measure) for measure in programme.measures
                 if wanted is None or measure.id in wanted)  # fmt: skip


# What a test may expect of some measures, by id: `measures = { cane = "proposed" }`; of a programme switched off, OFF.
OFF: Final = "off"
READ: Final[Mapping[str, Callable[[MeasureFound], Any]]] = {
    "measures": lambda found: found.state.value,
    "measures_missing": lambda found: list(found.missing),
    "measures_grounds": lambda found: [one.ground.id for one in found.indications],
    "measures_against": lambda found: [one.ground.id for one in found.against],
    "measures_by": lambda found: "none" if found.carrier is None else found.carrier.id,
    "measures_kind": lambda found: found.measure.kind,
}


def measures_read(pack: Pack, document: Document, expect: Mapping[str, Any]) -> dict[str, Any]:
    """What the measures that a test names are for its case, under the keys of `READ` that the test has."""
    wanted = {key: value for key, value in expect.items() if key in READ and isinstance(value, dict)}
    ids = {name for named in wanted.values() for name in named}
    on = parse_iso(document["examination"]["on"]) if ids else None
    programmes = pack.on(on).programmes if on else ()
    found = {one.measure.id: one for of in programmes for one in measures_of(pack, document, ids, of)}
    known = {measure.id for of in programmes for measure in of.measures}
    read = {key: {name: READ[key](found[name]) if name in found else OFF for name in of if name in known}
            for key, of in wanted.items()}  # fmt: skip
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
        self, programme: Programme, measure: RehabilitationMeasure, kept: dict[Any, Compiled] | None = None
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
        if state is MeasureState.NOT_INDICATED:
            return MeasureFound(measure, state, missing, required, (), (), carrier)
        return MeasureFound(
            measure, state, missing, required, found(measure.indications), found(measure.contraindications), carrier
        )

    def _because(self, condition: Condition) -> tuple[Because, ...]:
        """What the case has of what a condition asks for; empty where that does not apply at this age."""
        if "level" in condition:
            name = condition["level"]
            return (Because(f"level.{name}", self._case.level[name], ""),)
        if "below_age" in condition:
            limit = self._pack.parameters[dict(condition["below_age"])[self._sex]].on(self._on)
            return (Because("age", self._age, f"{limit / 12:g}"),)
        if "injured" in condition:
            return (Because("work_injury", self._injured, ""),)
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

    def _compiled(self, programme: Programme, measure: RehabilitationMeasure, kept: dict[Any, Compiled]) -> Compiled:
        """The measure over the facts of the person's band, compiled once; the key tells ages and injuries apart."""
        asked = conditions_of(programme, measure)
        reached: dict[Any, bool] = {
            condition["below_age"]: reached_age(
                self._pack, dict(condition["below_age"])[self._sex], self._birth, self._on
            )
            for condition in asked if "below_age" in condition
        }  # fmt: skip
        if any("injured" in condition for condition in asked):
            reached["injured"] = self._injured
        key = ("measure", measure.id, self._space, tuple(reached.items()))
        found = kept.get(key)
        if found is None:
            found = kept[key] = Compiled(self._space, programme, measure, reached)
        return found


def _deciding(found: list[GroundFound], state: MeasureState) -> tuple[GroundFound, ...]:
    """The grounds to tell of: those that surely hold by themselves, else with a doctor's word, else the open ones."""
    if state is not MeasureState.OPEN:
        held = [one for one in found if one.held]
        for surely in ([one for one in held if one.ground.confirm is None], held):
            if surely:
                return tuple(surely)
    return tuple(found)
