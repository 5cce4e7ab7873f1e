"""What a pack gives once and for all, and what it gives on one day of examination: worked out once, then looked up.

A batch of cases shares packs, days and ages; only what differs from case to case is left to the engine.
"""

from datetime import date
from typing import Any, Final

from app.domain.case_file import Document
from app.domain.dates import birthday
from app.domain.proposal import Band, Period
from app.domain.vocabulary import PeriodKind, Status
from app.rules.ages import age_limits, borders, dated_values, reached_age
from app.rules.model import Fact, Pack, PeriodResult, Rule
from app.rules.periods import REGISTRATION, Calendar, start_of
from app.rules.slices import slices_of
from app.rules.space import Space

DAYS_KEPT: Final = 2_000  # a few years of examination days


class Plan:
    """One pack: the borders of its bands, the bands of professional capacity, its spaces and days."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.borders = [pack.parameters[name] for name in borders(pack)]
        self.limits = age_limits(pack)
        self.switches = sorted({rule.switch for rule in pack.proposed_causes if rule.switch})
        self.injury: Fact | None = next((fact for fact in pack.fact_list if fact.present_if), None)
        self.professional: dict[Any, Band] = {}
        for rule in pack.professional:
            self.professional.setdefault(rule.when[0]["is"], rule.result)
        self.identity = pack.identity(pack.status)
        self.identities = {status: pack.identity(status) for status in Status}
        self.spaces: dict[Any, Space] = {}
        self._days: dict[date, Day] = {}

    def day(self, on: date) -> "Day":
        """The pack on one day; UserError where a parameter has no value for it."""
        found = self._days.get(on)
        if found is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[on] = Day(self, on)
        return found


class Day:
    """One day of examination: the parameters as they stand on it, and periods that begin with it."""

    def __init__(self, plan: Plan, on: date) -> None:
        self.on, self._plan, self._pack = on, plan, plan.pack
        self._borders = [parameter.on(on) for parameter in plan.borders]
        self._limits = {sex: [self._limit(dict(limit)[sex]) for limit in plan.limits] for sex in ("male", "female")}
        self._parameters: dict[str, Any] = {}
        self._spaces: dict[Any, Space] = {}
        self._by_age: dict[tuple[int, str], Space] = {}
        self._causes: dict[tuple[str, int], bool] = {}
        self._periods: dict[str, tuple[Period, date | None] | None] = {}
        self._switches = tuple(bool(self._pack.parameters[name].on(on)) for name in plan.switches)
        self.starts_by_document = self.parameter("period.start") == REGISTRATION
        self.alike: tuple[Day, Any] | None = None  # another edition's day, and what the two answer alike on it

    def _limit(self, parameter_id: str) -> tuple[str, float, float]:
        """An age limit: its parameter, its months on the day (infinite where it has none), the least ever."""
        values = dated_values(self._pack, parameter_id)
        now = [months for first, last, months in values if (first or self.on) <= self.on <= (last or self.on)]
        return parameter_id, min(now, default=float("inf")), min(months for _, _, months in values)

    def parameter(self, parameter_id: str) -> Any:
        """The value of a parameter on this day; KeyError for an unknown id, UserError where it has no value."""
        if parameter_id not in self._parameters:
            self._parameters[parameter_id] = self._pack.parameters[parameter_id].on(self.on)
        return self._parameters[parameter_id]

    def space(self, birth: date, sex: str, age: int) -> Space:
        """The compiled space for a person on this day."""
        found = self._by_age.get((age, sex))
        if found is not None:
            return found
        months = age * 12
        # Who is past the limit of the day has reached it, who will not reach the least one within the year has not.
        reached = tuple([
            months >= now or (months + 12 > least and reached_age(self._pack, parameter, birth, self.on))
            for parameter, now, least in self._limits[sex]
        ])  # fmt: skip
        found = self._spaces.get((age, reached))
        if found is None:
            band = (tuple([age >= border for border in self._borders]), reached, self._switches)
            found = self._plan.spaces.get(band)
            if found is None:
                limits = dict(zip(self._plan.limits, reached, strict=True))
                found = self._plan.spaces[band] = Space(self._pack, age, self.on, limits)
            self._spaces[age, reached] = found
        if all(months >= now or months + 12 <= least for _, now, least in self._limits[sex]):
            self._by_age[age, sex] = found  # no birthday decides it
        return found

    def allows(self, cause: str, age: int) -> bool:
        """Whether the pack has a cause, by its code, and it may be given at an age."""
        found = self._causes.get((cause, age))
        if found is None:
            known = self._pack.causes_by_code.get(cause)
            found = known is not None and self._pack.covers(known.ages, age, self.on)
            self._causes[cause, age] = found
        return found

    def start(self, document: Document) -> date | None:
        """The day from which the periods of a case count, if it is another than the day of examination."""
        return start_of(self._pack, document, self.on) if self.starts_by_document else None

    def period(self, rule: Rule, birth: date, clip: Rule | None, start: date | None = None) -> Period:
        """What a row of the table gives a person: the same for all, unless a birthday or a `start` comes into it."""
        if start is not None:
            return Calendar(self._pack, birth, self.on, clip, start).period(rule.result)
        if rule.id not in self._periods:
            self._periods[rule.id] = self._plain(rule.result, birth)
        plain = self._periods[rule.id]
        if plain is not None:
            period, latest = plain
            if clip is None or latest is None:
                return period
            below = clip.ages.below
            if below is not None and latest < birthday(birth, self.parameter(below)):
                return period
        return Calendar(self._pack, birth, self.on, clip).period(rule.result)

    def _plain(self, result: PeriodResult, birth: date) -> tuple[Period, date | None] | None:
        """The period of a row that no birthday touches, with its latest end; None where a birthday ends it."""
        offers = (result.proposed, *result.alternatives, *result.candidates)
        if any(offer.value is None and offer.kind is not PeriodKind.NO_TERM for offer in offers):
            return None
        period = Calendar(self._pack, birth, self.on, None).period(result)
        terms = (period.proposed, *period.alternatives, *period.candidates)
        return period, max((term.until for term in terms if term.until is not None), default=None)


def plan_of(pack: Pack) -> Plan:
    """The plan of a pack, from the pack's cache."""
    found: Plan | None = pack.compiled.get("plan")
    if found is None:
        found = pack.compiled["plan"] = Plan(pack)
    return found


def share_spaces(pack: Pack, changed: Pack, parameter: str) -> None:
    """Let an edition in which one parameter is another have the compiled spaces, where they don't rest on it. For
    checks: the number in the words of an age limit stays the old one, who has reached it does not."""
    for held, other in zip(slices_of(pack), slices_of(changed), strict=True):
        plan = plan_of(held)
        if parameter not in (*(border.id for border in plan.borders), *plan.switches):
            plan_of(other).spaces = dict(plan.spaces)
