"""A rule pack in memory: its records as values. Made by `app.rules.loader` alone, which has checked them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.criteria import CauseInfo, DefectInfo, FactInfo, FactKind, RecordInfo, ScaleInfo
from app.domain.errors import UserError
from app.domain.proposal import Citation, PackIdentity
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import PeriodKind, Status

if TYPE_CHECKING:
    from app.rules.programme import Programme

Condition = Mapping[str, Any]  # one checked condition of the closed language, as decisions.toml describes it


@dataclass(frozen=True, slots=True)
class Ages:
    """From the age in one parameter (included) to below the age in another; None: without a border."""

    first: str | None
    below: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a parameter and the days on which it holds, both included; None: without an end."""

    first: date | None
    last: date | None
    value: Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the law with its dates, in order of days.

    `unit`: `years`, `months`, `persons`, `degrees` (whole numbers), `rule` (one of the words that the engine knows) or
    `switch` (whether something is asked at all).
    """

    id: str
    name: LocalText
    unit: str
    values: tuple[Value, ...]
    citation: Citation

    def on(self, day: date) -> Any:
        """The value that holds on `day`; UserError where none does."""
        for value in self.values:
            if (value.first is None or value.first <= day) and (value.last is None or day <= value.last):
                return value.value
        raise UserError(
            Text(
                N_("The criteria have no value of {parameter} for {on}. Another pack is needed for that day."),
                {"parameter": self.id, "on": day},
            )
        )


@dataclass(frozen=True, slots=True)
class Degree:
    """A value of a fact with its name: a degree from 0 upwards, or the id of a choice."""

    value: int | str
    name: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the examination (criteria, section 1), named as in case files without `facts.`.

    `values`: what may be given, the one that counts as nothing first; none for a set. `definitions`: the law's words by
    value. Ages are names of parameters in years: from `if_given_from` it takes part only if it is given, from
    `not_applicable_from` "n/a" may be said. `present_if`: the section without which it is not asked.
    """

    id: str
    kind: FactKind
    name: LocalText
    values: tuple[Any, ...]
    degrees: tuple[Degree, ...]
    definitions: Mapping[int | str, tuple[LocalText, Citation]]
    ages: Ages
    if_given_from: str | None
    not_applicable_from: str | None
    present_if: str | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Offer:
    """A period before its end is known (criteria, section 3); `value` counts months or years, else None."""

    kind: PeriodKind
    value: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a decision: it holds if all of `when` hold. `result` is what its table decides.

    `switch`: the parameter that switches the row on and off (proposed causes alone); None: always on.
    """

    id: str
    title: LocalText
    ages: Ages
    when: tuple[Condition, ...]
    result: Any
    citation: Citation
    switch: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a person must state to choose a candidate of the period; the engine does not check it."""

    id: str
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """What a row of the table gives. `ground`: what a person must state to choose a candidate; None without any."""

    proposed: Offer
    alternatives: tuple[Offer, ...]
    candidates: tuple[Offer, ...]
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The greatest of the facts' degrees, each first read through the `values` of its group (criteria, section 6)."""

    id: str
    parts: tuple[tuple[str, tuple[int, ...]], ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of disability (criteria, section 5): its code in case files, whom it fits, and the paper it needs.

    `childhood_until`: the parameter of the age before which the paper must be dated; `childhood_causes`: codes of an
    earlier record that stand for that paper.
    """

    code: str
    name: LocalText
    ages: Ages
    paper: str  # none | competent_body | childhood
    childhood_until: str | None
    childhood_causes: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """A contradiction or an obstacle (criteria, section 6): a check of `app.rules.conflicts`, its arguments, its words.

    `arguments` name parameters, measures or places, as `conflict_tables.CHECKS` asks for them.
    """

    code: str
    kind: Any  # "conflict" | "obstacle"
    check: str
    arguments: Mapping[str, Any]
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class NoteRule:
    """What is said beside the group: a check of `app.rules.notes`, its parameters, and the sentence.

    `switch`: the parameter that switches the rule on and off (None: always on); `said_when_on`: whether the note is
    for a switch that is on, or says what the law is remembered to be while it is off.
    """

    id: str
    check: str
    arguments: Mapping[str, str]
    switch: str | None
    said_when_on: bool
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class TestCase:
    """A test by clause: what a table of lawyers would write down.

    `parameters`: values with which the criteria are tried instead of their own, for what stands switched off.
    """

    id: str
    clause: str
    sentence: str
    document: dict[str, Any]
    expect: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Pack:
    """The criteria of one edition. Read only once loaded; `compiled` is the engine's own cache.

    An edition whose records have days is several of these, one for each stretch of days (`holds_from` to `holds_to`,
    both included); each knows all in `slices`, and the newest stands for the edition. Else `slices` is empty.
    """

    id: str
    version: str
    digest: str
    status: Status
    name: LocalText
    valid_from: date
    valid_to: date | None
    parameters: Mapping[str, Parameter]
    fact_list: tuple[Fact, ...]
    groups: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, Measure]
    levels: tuple[Rule, ...]
    outcomes: tuple[Rule, ...]
    clips: tuple[Rule, ...]
    periods: tuple[Rule, ...]
    general: tuple[Rule, ...]
    professional: tuple[Rule, ...]
    proposed_causes: tuple[Rule, ...]
    causes_by_code: Mapping[str, Cause]
    defect_by_id: Mapping[str, DefectInfo]
    conflicts: tuple[ConflictRule, ...]
    words: Mapping[str, Mapping[str, LocalText]]
    cases: tuple[TestCase, ...]
    holds_from: date
    holds_to: date | None
    scales: tuple[ScaleInfo, ...] = ()
    programme: "Programme | None" = None
    extra_help: "Programme | None" = None
    notes: tuple[NoteRule, ...] = ()
    slices: "tuple[Pack, ...]" = field(default=(), compare=False, repr=False)
    compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """What travels to another process: everything but the engine's cache."""
        return None, {part.name: getattr(self, part.name) for part in fields(self)} | {"compiled": {}}

    def on(self, day: date) -> "Pack":
        """The edition as it holds on a day: the slice of that day, or the pack itself where no record has days."""
        for held in self.slices:
            if held.holds_to is None or day <= held.holds_to:
                return held
        return self.slices[-1] if self.slices else self

    @property
    def programmes(self) -> "tuple[Programme, ...]":
        """The programme of rehabilitation measures and that of extra help for the injured, whichever there are."""
        return tuple(one for one in (self.programme, self.extra_help) if one is not None)

    @property
    def defects(self) -> tuple[DefectInfo, ...]:
        """The list of anatomical defects, in the pack's order."""
        return tuple(self.defect_by_id.values())

    @property
    def causes(self) -> tuple[CauseInfo, ...]:
        """The causes of disability, in the pack's order."""
        return tuple(
            CauseInfo(cause.code, cause.name, cause.paper != "none", cause.citation)
            for cause in self.causes_by_code.values()
        )

    def parameter(self, parameter_id: str, on: date | None = None) -> Any:
        """The value of a parameter on a day (else the newest); KeyError for an unknown id."""
        parameter = self.parameters[parameter_id]
        return parameter.values[-1].value if on is None else parameter.on(on)

    def covers(self, ages: Ages, age: int, on: date) -> bool:
        """Whether an age in full years lies within borders, as they are on a day."""
        if ages.first is not None and age < self.parameters[ages.first].on(on):
            return False
        return ages.below is None or age < self.parameters[ages.below].on(on)

    def is_on(self, switch: str | None, day: date) -> bool:
        """Whether a parameter of unit `switch` is on on a day; what has no switch is always on."""
        return switch is None or bool(self.parameters[switch].on(day))

    def facts(self, age: int, on: date | None = None) -> tuple[FactInfo, ...]:
        """The facts as a screen shows them for one age on a day, with degrees and definitions."""
        from app.rules.facts import fact_infos

        day = on or self.holds_from
        return fact_infos(self.on(day), age, day)

    def fact_name(self, path: str) -> LocalText:
        """The name of a fact or field, with or without `facts.`; its id where the pack has no name for it."""
        plain = path.removeprefix("facts.")
        for fact in self.fact_list:
            if fact.id == plain:
                return fact.name
        for scale in self.scales:
            if plain == f"scales.{scale.id}":
                return scale.name
        return self.words["name"].get(plain) or LocalText(plain, plain, plain)

    def word(self, section: str, key: str) -> LocalText:
        """A wording of `words.toml`."""
        return self.words[section][key]

    def identity(self, status: Status) -> PackIdentity:
        """Who the criteria are, with the weakest status that something rests on."""
        return PackIdentity(self.id, self.version, self.digest, status)

    def records(self) -> tuple[RecordInfo, ...]:
        """Every record of every day with its words, its citation and its days, for `pack show`."""
        from app.rules.slices import dated_records

        return dated_records(self)
