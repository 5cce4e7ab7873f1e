"""What the pack's own test cases say of the rehabilitation measures, and what can be proved of them without cases.

Every indication and contra-indication decides somewhere. Each measure is given by some case and not by another. Each
condition, each item of its lists and each degree counts as tested when it is noticed: taken out or moved by one, some
case must turn red.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any, Final

from app.domain.dates import parse_iso
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import MeasureState
from app.rules.ages import age_limits
from app.rules.boundaries import noticed
from app.rules.case_runs import Finding
from app.rules.diagram import Diagrams, results
from app.rules.measure_lines import asked
from app.rules.measure_lines import needed as needed_words
from app.rules.measure_space import Compiled, conditions_of
from app.rules.measures import READ, Person
from app.rules.model import Condition, Pack, TestCase
from app.rules.programme import Ground, Programme, RehabilitationMeasure
from app.rules.slices import slices_of
from app.rules.space import Space

GIVEN: Final = (MeasureState.PROPOSED, MeasureState.TO_CONFIRM)
AGAINST: Final = (MeasureState.CONTRAINDICATED,)


def measure_coverage(pack: Pack) -> Iterator[Finding]:
    """The findings on every measure of an edition; none where it has no measures.

    Where records have days, a measure that is the same in several slices is looked at once, with the cases of them all.
    """
    done: list[tuple[tuple[Condition, ...], RehabilitationMeasure]] = []
    for held in slices_of(pack):
        programme = held.programme
        if programme is not None:
            fresh = tuple(one for one in programme.measures if (programme.when, one) not in done)
            done += [(programme.when, one) for one in fresh]
            programme, bands = replace(programme, measures=fresh), _Bands(held, programme)
            yield from _decides(bands, programme)
            yield from _noticed(held, programme, _Tests(held, pack.cases), bands)


class _Bands:
    """Measures over the facts of every age at which some record changes, and of both sides of the age limits."""

    def __init__(self, pack: Pack, programme: Programme) -> None:
        self._pack, self._programme, self._on = pack, programme, pack.holds_from
        years = [parameter for parameter in pack.parameters.values() if parameter.unit == "years"]
        ages = sorted({0, *(parameter.on(self._on) for parameter in years)})
        self._spaces = [(age, reached, Space(pack, age, self._on, dict.fromkeys(age_limits(pack), reached)))
                        for age in ages for reached in (False, True)]  # fmt: skip

    def compiled(self, measure: RehabilitationMeasure) -> Iterator[Compiled]:
        """A measure over each space of the ages that it is for."""
        for age, reached, space in self._spaces:
            if self._pack.covers(measure.ages, age, self._on):
                asked = conditions_of(self._programme, measure)
                limits = {condition["below_age"]: reached for condition in asked if "below_age" in condition}
                for injured in (False, True):
                    yield Compiled(space, self._programme, measure, {**limits, "injured": injured})

    def same(self, one: RehabilitationMeasure, other: RehabilitationMeasure) -> bool:
        """Whether two measures surely give the same to everybody; False where they name other lists."""
        lists = [[c for c in conditions_of(self._programme, measure) if "defects" in c or "diagnosis" in c]
                 for measure in (one, other)]  # fmt: skip
        if one.ages != other.ages or lists[0] != lists[1]:
            return False
        pairs = zip(self.compiled(one), self.compiled(other), strict=True)
        return all(results(Diagrams().apply(lambda a, b: a == b, a.state, b.state)) == {True} for a, b in pairs)


def _decides(bands: _Bands, programme: Programme) -> Iterator[Finding]:
    """Whether each ground can decide at all, for somebody; what a doctor must answer against it decides nothing."""
    for measure in programme.measures:
        alone: list[tuple[str, RehabilitationMeasure, tuple[MeasureState, ...]]]
        alone = [(f"indication.{ground.id}", replace(measure, indications=(ground,), contraindications=()), GIVEN)
                 for ground in measure.indications]  # fmt: skip
        alone += [(f"contraindication.{ground.id}", replace(measure, contraindications=(ground,)), AGAINST)
                  for ground in measure.contraindications if ground.confirm is None]  # fmt: skip
        for subject, one, states in alone:
            ok = any(state in states for compiled in bands.compiled(one) for state in results(compiled.state))
            yield Finding("decides", subject, ok, Text(
                N_("The rule decides for some combination of facts.") if ok
                else N_("The rule never decides: another row comes first, or it can't hold. Mend it.")))  # fmt: skip


class _Tests:
    """The cases that expect something of measures, by measure, each with the person that it is about."""

    def __init__(self, pack: Pack, cases: tuple[TestCase, ...]) -> None:
        self.of: dict[str, list[tuple[TestCase, Person]]] = {}
        self._before: dict[tuple[str, str], list[Any]] = {}  # what the cases read, by case and measure
        for case in cases:
            wanted = case.expect.get("measures")
            if isinstance(wanted, dict) and (found := _person(pack, case)) is not None:
                person, same = found
                for name in same & wanted.keys():
                    self.of.setdefault(name, []).append((case, person))

    def first(self, programme: Programme, measure: RehabilitationMeasure, other: RehabilitationMeasure,
              changed: Programme | None = None) -> str | None:  # fmt: skip
        """The first case that notices that a measure, or what is asked of everybody, is another."""
        kept: dict[Any, Compiled] = {}
        for case, person in self.of.get(measure.id, ()):
            wanted = [key for key in ("measures", "measures_grounds") if measure.id in case.expect.get(key, {})]
            if (case.id, measure.id) not in self._before:
                found = person.found(programme, measure, {})
                self._before[case.id, measure.id] = [READ[key](found) for key in wanted]
            found = person.found(changed or programme, other, kept)
            if [READ[key](found) for key in wanted] != self._before[case.id, measure.id]:
                return case.id
        return None


def _person(pack: Pack, case: TestCase) -> tuple[Person, set[str]] | None:
    """Whom a case is about, with the measures that are on its day what they are in this slice."""
    on = parse_iso(case.document["examination"]["on"] or "")
    birth = parse_iso(case.document["person"]["birth_date"] or "")
    if on is None or birth is None:
        return None
    held = pack.on(on)
    ours, theirs = pack.programme, held.programme
    if ours is None or theirs is None or ours.when != theirs.when:
        return None
    same = {one.id for one in ours.measures} if held is pack else {
        one.id for one in ours.measures if one in theirs.measures
    }  # fmt: skip
    return Person(held, case.document, birth, on), same


def _noticed(pack: Pack, programme: Programme, tests: _Tests, bands: _Bands) -> Iterator[Finding]:
    for measure in programme.measures:
        subject = f"rehabilitation.{measure.id}"
        told = [(case.id, case.expect["measures"][measure.id]) for case, _ in tests.of.get(measure.id, ())]
        given = [name for name, state in told if state in GIVEN]
        not_given = [name for name, state in told if state not in GIVEN]
        ok = bool(given and not_given)
        yield Finding("decides", subject, ok, Text(
            N_("Given by the case “{case}” and by {n} in all, not by “{other}”.") if ok
            else N_("Cases must show it given, and not given. Add the case that is lacking."),
            {"case": given[0], "n": len(given), "other": not_given[0]} if ok else {}))  # fmt: skip
        for change, other in _changes(pack, measure):
            case = tests.first(programme, measure, other)
            if case is not None or not bands.same(measure, other):  # else it is no change at all
                yield _moved(subject, measure.name, change, case)
    for change, when in _less(pack, programme.when) if programme.measures else ():
        changed = replace(programme, when=when)
        cases = (tests.first(programme, measure, measure, changed) for measure in programme.measures)
        yield _moved(f"programme.{programme.id}", programme.name, change, next(filter(None, cases), None))


def _moved(subject: str, name: LocalText, change: Text, case: str | None) -> Finding:
    said = Text(N_("{measure}: {change}"), {"measure": name, "change": change})
    needed = Text(N_("A case is needed in which just this decides whether the measure is given."))
    return Finding("boundary", subject, case is not None, noticed(said, case, needed))


def _changes(pack: Pack, measure: RehabilitationMeasure) -> Iterator[tuple[Text, RehabilitationMeasure]]:
    """The measure with one thing changed, and what is changed, in words."""
    for change, requires in _less(pack, measure.requires):
        yield change, replace(measure, requires=requires)
    for ages in (replace(measure.ages, first=None), replace(measure.ages, below=None)):
        if ages != measure.ages:
            yield Text(N_("if one of its age limits were not there")), replace(measure, ages=ages)
    for key, grounds in (("indications", measure.indications), ("contraindications", measure.contraindications)):
        for place, ground in enumerate(grounds):
            before, after = grounds[:place], grounds[place + 1 :]
            if key == "indications" or ground.confirm is None:
                yield Text(N_("if the record {record} were not there"), {"record": ground.id}), _with(
                    measure, key, before + after)  # fmt: skip
                for change, when in _less(pack, ground.when):
                    changed = replace(ground, when=when)
                    yield Text(N_("in the record {record}, {change}"), {"record": ground.id, "change": change}), _with(
                        measure, key, (*before, changed, *after))  # fmt: skip


def _with(measure: RehabilitationMeasure, key: str, grounds: tuple[Ground, ...]) -> RehabilitationMeasure:
    if key == "indications":
        return replace(measure, indications=grounds)
    return replace(measure, contraindications=grounds)


def _less(pack: Pack, conditions: tuple[Condition, ...]) -> Iterator[tuple[Text, tuple[Condition, ...]]]:
    """The conditions with one taken out, with one item of a list taken out, or with a degree moved by one."""
    for place, condition in enumerate(conditions):
        before, after = conditions[:place], conditions[place + 1 :]
        words = asked(pack, condition)
        if len(conditions) > 1 or {"level", "below_age", "injured"} & set(condition):
            yield Text(N_("if the condition “{condition}” were not there"), {"condition": words}), before + after
        for key in ("defects", "diagnosis", "in"):
            items = condition.get(key, ())
            for item in items if len(items) > 1 else ():
                left = {**condition, key: tuple(other for other in items if other != item)}
                only = needed_words(pack, {**condition, key: (item,)})
                yield Text(N_("if “{item}” ({id}) were not in the list"), {"item": only, "id": item}), (
                    *before, left, *after)  # fmt: skip
        if "at_least" in condition:
            heaviest = next(fact for fact in pack.fact_list if fact.id == condition["fact"]).values[-1]
            for key, step in product(("at_least", "at_most"), (-1, 1)):
                moved = {**condition, key: condition[key] + step}
                if 0 <= moved["at_least"] <= moved["at_most"] <= heaviest:
                    change = Text(N_("if “{moved}” stood instead of “{condition}”"),
                                  {"moved": asked(pack, moved), "condition": words})  # fmt: skip
                    yield change, (*before, moved, *after)
