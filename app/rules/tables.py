"""The records of decisions.toml, and the closed language of their conditions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.domain.case_fields import shown
from app.domain.text import N_, LocalText
from app.domain.vocabulary import PeriodKind, Sex
from app.rules.model import Ages, Cause, Condition, Fact, Measure, Parameter, Rule
from app.rules.references import Used, ages_of, border, parameter, switch_of
from app.rules.result_tables import band_of, grounds_of, outcome_list, period_result
from app.rules.source import Acts, Table, names_known, refuse

LEVELS: Final = ("by_criteria", "by_defects", "of_case")
CONDITIONED: Final = ("level", "period", "general_capacity", "professional_capacity")  # others go by age alone
_NO_TEXT: Final = LocalText("", "", "")


@dataclass(frozen=True)
class Decisions:
    """What decisions.toml holds."""

    groups: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, Measure]
    levels: tuple[Rule, ...]
    outcomes: tuple[Rule, ...]
    clips: tuple[Rule, ...]
    periods: tuple[Rule, ...]
    general: tuple[Rule, ...]
    professional: tuple[Rule, ...]
    proposed_causes: tuple[Rule, ...]
    causes: Mapping[str, Cause]


def decisions(
    table: Table, acts: Acts, parameters: Mapping[str, Parameter], known: tuple[Fact, ...], used: Used
) -> Decisions:
    """The tables of decisions.toml, each condition checked."""
    fact_by_id = {fact.id: fact for fact in known}
    groups: dict[str, tuple[str, ...]] = {}
    group_table = Table(table.file, "group", table.take("group", dict))
    for name in group_table.names():
        members = group_table.list_of(name, str)
        for member in members:
            if member not in fact_by_id or fact_by_id[member].kind != "degree":
                raise refuse(
                    table.file,
                    f"group {name}",
                    N_("“{fact}” is no fact with degrees. Correct the name. Known are: {known}."),
                    fact=member,
                    known=names_known(member, (one.id for one in known if one.kind == "degree")),
                )
        if not members or len(set(members)) != len(members):
            raise refuse(table.file, f"group {name}", N_("the group is empty or names a fact twice. Correct it."))
        groups[name] = tuple(members)

    measures: dict[str, Measure] = {}
    for record in table.tables("measure", lambda content: content.get("id")):
        parts = []
        for content in record.take("parts", list):
            part = Table(table.file, record.record, content)
            group, values = part.one_of("group", groups), part.list_of("values", int)
            used.groups.add(group)
            size = max(len(fact_by_id[member].values) for member in groups[group])
            if len(values) != size or values != sorted(values) or values[:1] != [0]:
                raise record.refuse(
                    N_("the values must begin with 0, never fall, and be {size} in number. Correct them."), size=size
                )
            parts.append((group, tuple(values)))
            part.done()
        measure_id = record.take("id", str)
        measures[measure_id] = Measure(measure_id, tuple(parts), acts.cite(record))
        record.done()

    context = _Context(table.file, parameters, fact_by_id, groups, used, acts)
    levels = context.rules(table, "level", lambda record: record.take("level", int), titled=True)
    if [rule.result for rule in levels] != sorted(rule.result for rule in levels) or any(
        rule.result < 1 for rule in levels
    ):
        raise refuse(table.file, "level", N_("the levels are out of order. Put the heaviest (1) first."))
    context.levels.update(rule.result for rule in levels)
    outcomes = context.rules(table, "outcome", lambda record: outcome_list(record, levels))
    clips = context.rules(
        table, "clip", lambda record: PeriodKind(record.one_of("kind", (PeriodKind.UNTIL_7, PeriodKind.UNTIL_18)))
    )
    for rule in clips:
        if rule.ages.below is None:
            raise refuse(table.file, rule.id, N_("a birthday that ends a period needs “below”. Add it."))
        if [other.result for other in clips].count(rule.result) > 1:
            raise refuse(
                table.file, rule.id,
                N_("two records “clip” give the kind “{kind}”: on which birthday such a period ends is open."
                   " Keep one of them."), kind=rule.result.value,
            )  # fmt: skip
    grounds = grounds_of(table, acts)
    periods = context.rules(table, "period", lambda record: period_result(record, grounds), titled=True)
    for ground in grounds.values():
        if all(rule.result.ground is not ground for rule in periods):
            raise refuse(table.file, f"ground {ground.id}", N_("nothing uses it. Take it out."))
    ends = {rule.result for rule in clips}
    for rule in periods:
        for offer in (rule.result.proposed, *rule.result.alternatives, *rule.result.candidates):
            if offer.kind in (PeriodKind.UNTIL_7, PeriodKind.UNTIL_18) and offer.kind not in ends:
                raise refuse(
                    table.file,
                    rule.id,
                    N_("no record “clip” says on which birthday a period “{kind}” ends. Add such a record."),
                    kind=offer.kind.value,
                )
    general = context.rules(table, "general_capacity", band_of, titled=True)
    professional = context.rules(table, "professional_capacity", band_of, titled=True)
    for rule in professional:
        if (
            len(rule.when) != 1
            or rule.ages != Ages(None, None)
            or rule.when[0].get("fact") not in fact_by_id
            or not fact_by_id[rule.when[0]["fact"]].present_if
        ):
            raise refuse(
                table.file,
                rule.id,
                N_("a professional band stands on the injured worker's capacity alone. Correct it."),
            )
    causes = _causes(context, table)
    proposed = context.rules(
        table, "proposed_cause", lambda record: (record.one_of("code", causes), record.one_of("previous", causes, None))
    )
    for name, rules in (("outcome", outcomes), ("clip", clips)):
        _refuse_overlap(table.file, name, rules, parameters)
    table.done()
    return Decisions(groups, measures, levels, outcomes, clips, periods, general, professional, proposed, causes)


@dataclass(frozen=True)
class _Context:
    file: str
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    groups: Mapping[str, tuple[str, ...]]
    used: Used
    acts: Acts
    levels: set[int] = field(default_factory=set)  # those that rows “level” give, once these are read

    def rules(
        self, table: Table, key: str, result: Callable[[Table], Any], *, titled: bool = False
    ) -> tuple[Rule, ...]:
        """The rows of one decision, in order."""
        rows: list[Rule] = []
        seen: dict[Any, str] = {}  # who has these ages and conditions
        for record in table.tables(key, lambda content: content.get("id")):
            row = Rule(
                record.take("id", str), record.local() if titled else _NO_TEXT,
                ages_of(record, self.parameters, self.used),
                tuple(self.condition(record, content) for content in record.take("when", list, []))
                if key in CONDITIONED else (),
                result(record), self.acts.cite(record),
                switch_of(record, self.parameters, self.used) if key == "proposed_cause" else None,
            )  # fmt: skip
            record.done()
            self._refuse_misplaced(record, key, row)
            earlier = seen.setdefault((row.ages, *sorted(map(repr, row.when))), row.id)
            if titled and earlier != row.id:
                raise record.refuse(
                    N_("its conditions are those of {other}: the two overlap. Take one out."), other=earlier
                )
            rows.append(row)
        if not rows:
            raise refuse(self.file, key, N_("the pack has no such row. Add at least one."))
        return tuple(rows)

    def _refuse_misplaced(self, record: Table, table: str, row: Rule) -> None:
        """Levels cannot rest on levels, and only a professional band on the facts of an injury."""
        for condition in row.when:
            if table == "level" and "level" in condition:
                raise record.refuse(N_("a level can't rest on a level: nothing would decide first. Ask about facts."))
            injury = "fact" in condition and self.facts[condition["fact"]].present_if is not None
            if injury != (table == "professional_capacity"):
                raise record.refuse(
                    N_("the work injury decides about professional bands alone, and they rest on nothing else."
                       " Take this condition out.")
                )  # fmt: skip

    def condition(self, record: Table, content: object) -> Condition:
        """One condition of the closed language; UserError for anything else."""
        table = Table(self.file, record.record, content)
        found: dict[str, Any]
        if table.has("some"):
            found = {"some": tuple(table.list_of("some", str)), "at_least": table.take("at_least", int)}
            for group in found["some"]:
                if group not in self.groups:
                    raise record.refuse(N_("“{name}” is no group. Correct the name. Known are: {known}."),
                                        name=group, known=names_known(group, self.groups))  # fmt: skip
                self.used.groups.add(group)
            heaviest = max((self.facts[name].values[-1] for group in found["some"] for name in self.groups[group]),
                           default=0)  # fmt: skip
            if not 0 < found["at_least"] <= heaviest:
                raise record.refuse(
                    N_("“at_least” must be a degree from 1 to {most} of the groups that it names. Correct it."),
                    most=heaviest,
                )
        elif table.has("fact"):
            found = {"fact": table.take("fact", str), "is": table.take("is", (str, int, bool))}
            fact = self.facts.get(found["fact"])
            if fact is None:
                raise record.refuse(N_("“{name}” is no fact of facts.toml. Correct the name. Known are: {known}."),
                                    name=found["fact"], known=names_known(found["fact"], self.facts))  # fmt: skip
            if not any(found["is"] == value and type(found["is"]) is type(value) for value in fact.values):
                raise record.refuse(N_("“{value}” is no value of {fact}. Correct it. Known are: {known}."),
                                    value=found["is"], fact=fact.id,
                                    known=", ".join(map(shown, fact.values)))  # fmt: skip
        elif table.has("level") and table.has("in"):
            found = {"level": table.one_of("level", LEVELS), "in": tuple(table.list_of("in", int))}
            if self.levels and (not found["in"] or not set(found["in"]) <= {0, *self.levels}):
                raise record.refuse(
                    N_("“in” must name levels that rows “level” give, or 0 for none: {known}. Correct it."),
                    known=", ".join(map(str, sorted({0, *self.levels}))),
                )
        elif table.has("level"):
            found = {
                "level": table.one_of("level", LEVELS),
                "not_lighter_than": table.one_of("not_lighter_than", LEVELS),
            }
        elif table.has("below_age"):
            by_sex = Table(self.file, record.record, table.take("below_age", dict))
            names = {sex.value: by_sex.take(sex.value, str) for sex in Sex}
            found = {"below_age": tuple(
                (sex, parameter(record, name, "months", self.parameters, self.used)) for sex, name in names.items()
            )}  # fmt: skip
            by_sex.done()
        else:
            raise record.refuse(N_("this is not a known kind of condition. Known are: some, fact, level, below_age."))
        table.done()
        return found


def _causes(context: _Context, table: Table) -> dict[str, Cause]:
    found: dict[str, Cause] = {}
    for record in table.tables("cause", lambda content: content.get("code")):
        code, paper = record.take("code", str), record.one_of("paper", ("none", "competent_body", "childhood"))
        ages = ages_of(record, context.parameters, context.used)
        until, causes = None, ()
        if paper == "childhood":
            until = border(record, "childhood_until", context.parameters, context.used)
            causes = tuple(record.list_of("childhood_causes", str))
            if until is None:
                raise record.refuse(N_("the key “{key}” is missing. Add it."), key="childhood_until")
        found[code] = Cause(code, record.local(), ages, paper, until, causes, context.acts.cite(record))
        record.done()
    for cause in found.values():
        for code in cause.childhood_causes:
            if code not in found:
                raise refuse(table.file, f"cause {cause.code}",
                             N_("“{code}” is no cause. Correct it. Known are: {known}."),
                             code=code, known=names_known(code, found))  # fmt: skip
    return found


def _refuse_overlap(file: str, name: str, rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]) -> None:
    """Rows that are chosen by age alone: no age may have two of them, on no day."""
    borders = {border for rule in rules for border in (rule.ages.first, rule.ages.below) if border}
    turns = {value.first for border in borders for value in parameters[border].values if value.first}
    for day in (date.min, *sorted(turns)):
        spans = [(_on(parameters, rule.ages.first, day, 0), _on(parameters, rule.ages.below, day, 1_000), rule.id)
                 for rule in rules]  # fmt: skip
        for age in range(150):
            holding = [rule_id for first, below, rule_id in spans if first <= age < below]
            if len(holding) > 1:
                raise refuse(
                    file,
                    f"{name} {holding[1]}",
                    N_("it overlaps with {other} at the age of {age}. Correct the ages."),
                    other=holding[0],
                    age=age,
                )


def _on(parameters: Mapping[str, Parameter], border: str | None, day: date, otherwise: int) -> int:
    """An age border on a day, or on the nearest day that it has a value for; `otherwise` where there is no border."""
    if border is None:
        return otherwise
    values = parameters[border].values
    found: int = next((value.value for value in values if value.last is None or day <= value.last), values[-1].value)
    return found
