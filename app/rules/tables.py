"""The records of facts, decisions and conflicts, and the closed language of their conditions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app.domain.case_file import FORMAT as CASE_FORMAT
from app.domain.case_file import put
from app.domain.proposal import Band, Citation
from app.domain.text import LocalText, N_
from app.domain.vocabulary import Outcome, PeriodKind, Place, Sex
from app.rules.model import (
    Ages,
    Cause,
    Condition,
    ConflictRule,
    Degree,
    Fact,
    Measure,
    Offer,
    Parameter,
    PeriodResult,
    Rule,
)
from app.rules.source import Acts, Table, refuse

LEVELS: Final = ("by_criteria", "by_defects", "of_case")
PRESENCE: Final = "work_injury"
_NO_TEXT: Final = LocalText("", "", "")


@dataclass
class Used:
    """What records refer to: what nobody refers to is refused."""

    parameters: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)

    def refuse_idle(self, decided: "Decisions") -> None:
        for kind, known, used in (("group", decided.groups, self.groups), ("measure", decided.measures, self.measures)):
            for name in known:
                if name not in used:
                    raise refuse("decisions.toml", f"{kind} {name}", N_("nothing uses it. Take it out."))


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


def _border(record: Table, key: str, parameters: Mapping[str, Parameter], used: Used) -> str | None:
    name = record.take(key, str, None)
    if name is None:
        return None
    _parameter(record, name, "years", parameters, used)
    return str(name)


def _parameter(record: Table, name: object, unit: str, parameters: Mapping[str, Parameter], used: Used) -> str:
    if name not in parameters or parameters[str(name)].unit != unit:
        raise record.refuse(N_("“{name}” is no parameter in {unit}. Add it to parameters.toml or correct the name."),
                            name=name, unit=unit)
    used.parameters.add(str(name))
    return str(name)


def _ages(record: Table, parameters: Mapping[str, Parameter], used: Used) -> Ages:
    ages = Ages(_border(record, "from", parameters, used), _border(record, "below", parameters, used))
    if ages.first and ages.below and parameters[ages.first].values[-1].value >= parameters[ages.below].values[-1].value:
        raise record.refuse(N_("the ages are out of order: nobody lies between them. Correct from and below."))
    return ages


def facts(table: Table, acts: Acts, parameters: Mapping[str, Parameter], used: Used) -> tuple[Fact, ...]:
    """The facts with their values, degree names and definitions."""
    scales: dict[str, tuple[Degree, ...]] = {}
    for record in table.tables("scale", lambda content: content.get("id")):
        degrees = []
        for content in record.take("degrees", list):
            inner = Table(record.file, record.record, content)
            degrees.append(Degree(inner.take("value", int), inner.local(), acts.cite(inner)))
            inner.done()
        scales[record.take("id", str)] = tuple(degrees)
        record.done()
        if [degree.value for degree in degrees] != list(range(len(degrees))) or len(degrees) < 2:
            raise record.refuse(N_("the degrees do not count from 0 upwards. Put them in order."))
    generic: dict[str, tuple[LocalText, Citation]] = {}
    for record in table.tables("generic", lambda content: content.get("scale")):
        generic[record.one_of("scale", scales)] = (record.local(), acts.cite(record))
        record.done()
    nothing = Table(table.file, "generic_none", table.take("generic_none", dict))
    nothing_found = nothing.local()
    nothing.done()

    choices: dict[str, list[Degree]] = {}
    for record in table.tables("choice", lambda content: f"{content.get('fact')} {content.get('value')}"):
        choices.setdefault(record.take("fact", str), []).append(
            Degree(record.take("value", str), record.local(), acts.cite(record))
        )
        record.done()
    definitions: dict[str, dict[int | str, tuple[LocalText, Citation]]] = {}
    for record in table.tables("definition", lambda content: f"{content.get('fact')} {content.get('value')}"):
        definitions.setdefault(record.take("fact", str), {})[record.take("value", int)] = (record.local(), acts.cite(record))
        record.done()

    found = []
    for record in table.tables("fact", lambda content: content.get("id")):
        fact_id, kind = record.take("id", str), record.one_of("kind", ("degree", "flag", "choice", "set"))
        values: tuple[Any, ...]
        degrees_of: tuple[Degree, ...] = ()
        texts = definitions.pop(fact_id, {})
        if kind == "degree":
            scale = record.one_of("scale", scales)
            degrees_of = scales[scale]
            values = tuple(degree.value for degree in degrees_of)
            texts = {**_generic(record, generic.get(scale), nothing_found, degrees_of), **texts}
        elif kind == "choice":
            degrees_of = tuple(choices.pop(fact_id, ()))
            values = tuple(degree.value for degree in degrees_of)
        else:
            values = (False, True) if kind == "flag" else ()
        if kind == "choice" and len(values) < 2:
            raise record.refuse(N_("the fact has fewer than two choices. Add them."))
        if set(texts) - set(values):
            raise record.refuse(N_("a definition stands for a value that the fact does not have. Correct the value."))
        found.append(Fact(
            fact_id, kind, record.local(), values, degrees_of, texts, _ages(record, parameters, used),
            _border(record, "if_given_from", parameters, used), _border(record, "not_applicable_from", parameters, used),
            record.one_of("present_if", (PRESENCE,), None), acts.cite(record),
        ))  # fmt: skip
        record.take("covers", dict, {})
        record.done()
    for orphan in [*definitions, *choices]:
        raise refuse(table.file, f"fact {orphan}", N_("there is no such fact, but something is said of it. Correct the name."))
    table.done()
    return tuple(found)


def _generic(
    record: Table, text: tuple[LocalText, Citation] | None, nothing: LocalText, degrees: tuple[Degree, ...]
) -> dict[int | str, tuple[LocalText, Citation]]:
    """Definitions where the act has none: the degree's name with what the fact covers."""
    if text is None:
        return {}
    covers = record.take("covers", dict, None)
    wording = LocalText(**{language: str(covers.get(language, "")) for language in ("kk", "ru", "en")}) if covers else _NO_TEXT
    found: dict[int | str, tuple[LocalText, Citation]] = {}
    for degree in degrees:
        plain = text[0] if degree.value or not covers else nothing
        found[degree.value] = (plain.with_params(name=degree.name, covers=wording), text[1])
    return found


def decisions(
    table: Table, acts: Acts, parameters: Mapping[str, Parameter], known: tuple[Fact, ...], used: Used
) -> Decisions:
    """The tables of decisions.toml, each condition checked."""
    fact_by_id = {fact.id: fact for fact in known}
    groups: dict[str, tuple[str, ...]] = {}
    group_table = Table(table.file, "group", table.take("group", dict))
    for name in group_table.keys():
        members = group_table.take(name, list)
        for member in members:
            if member not in fact_by_id or fact_by_id[member].kind != "degree":
                raise refuse(table.file, f"group {name}", N_("“{fact}” is no fact with degrees. Correct the name."), fact=member)
        if not members or len(set(members)) != len(members):
            raise refuse(table.file, f"group {name}", N_("the group is empty or names a fact twice. Correct it."))
        groups[name] = tuple(members)

    measures: dict[str, Measure] = {}
    for record in table.tables("measure", lambda content: content.get("id")):
        parts = []
        for content in record.take("parts", list):
            part = Table(table.file, record.record, content)
            group, values = part.one_of("group", groups), part.take("values", list)
            used.groups.add(group)
            size = max(len(fact_by_id[member].values) for member in groups[group])
            if len(values) != size or values != sorted(values) or values[:1] != [0]:
                raise record.refuse(N_("the values must begin with 0, never fall, and be {size} in number. Correct them."), size=size)
            parts.append((group, tuple(values)))
            part.done()
        measure_id = record.take("id", str)
        measures[measure_id] = Measure(measure_id, tuple(parts), acts.cite(record))
        record.done()

    context = _Context(table.file, parameters, fact_by_id, groups, used, acts)
    levels = context.rules(table, "level", lambda record: record.take("level", int), titled=True)
    if [rule.result for rule in levels] != sorted(rule.result for rule in levels) or any(rule.result < 1 for rule in levels):
        raise refuse(table.file, "level", N_("the levels are out of order. Put the heaviest (1) first."))
    outcomes = context.rules(table, "outcome", lambda record: _outcome_list(record, levels))
    clips = context.rules(table, "clip", lambda record: PeriodKind(record.one_of("kind", (PeriodKind.UNTIL_7, PeriodKind.UNTIL_18))))
    for rule in clips:
        if rule.ages.below is None:
            raise refuse(table.file, rule.id, N_("a birthday that ends a period needs “below”. Add it."))
    periods = context.rules(table, "period", _period_result, titled=True)
    ends = {rule.result for rule in clips}
    for rule in periods:
        for offer in (rule.result.proposed, *rule.result.alternatives, *rule.result.candidates):
            if offer.kind in (PeriodKind.UNTIL_7, PeriodKind.UNTIL_18) and offer.kind not in ends:
                raise refuse(table.file, rule.id, N_("no clip says which birthday ends “{kind}”. Add one."), kind=offer.kind)
    general = context.rules(table, "general_capacity", _band, titled=True)
    professional = context.rules(table, "professional_capacity", _band, titled=True)
    for rule in professional:
        if len(rule.when) != 1 or rule.when[0].get("fact") not in fact_by_id or not fact_by_id[rule.when[0]["fact"]].present_if:
            raise refuse(table.file, rule.id, N_("a professional band stands on the injured worker's capacity alone. Correct it."))
    causes = _causes(context, table)
    proposed = context.rules(table, "proposed_cause", lambda record: (record.one_of("code", causes), record.one_of("previous", causes, None)))
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

    def rules(self, table: Table, key: str, result: Callable[[Table], Any], *, titled: bool = False) -> tuple[Rule, ...]:
        """The rows of one decision, in order."""
        rows = []
        for record in table.tables(key, lambda content: content.get("id")):
            row = Rule(
                record.take("id", str), record.local() if titled else _NO_TEXT, _ages(record, self.parameters, self.used),
                tuple(self.condition(record, content) for content in record.take("when", list, [])),
                result(record), self.acts.cite(record),
            )  # fmt: skip
            record.done()
            for earlier in rows:
                if titled and (earlier.when, earlier.ages) == (row.when, row.ages):
                    raise record.refuse(N_("its conditions are those of {other}: the two overlap. Take one out."), other=earlier.id)
            rows.append(row)
        if not rows:
            raise refuse(self.file, key, N_("the pack has no such row. Add at least one."))
        return tuple(rows)

    def condition(self, record: Table, content: object) -> Condition:
        """One condition of the closed language; UserError for anything else."""
        table = Table(self.file, record.record, content)
        found: dict[str, Any]
        if table.has("some"):
            found = {"some": tuple(table.take("some", list)), "at_least": table.take("at_least", int)}
            for group in found["some"]:
                if group not in self.groups:
                    raise record.refuse(N_("“{name}” is no group. Correct the name."), name=group)
                self.used.groups.add(group)
        elif table.has("fact"):
            found = {"fact": table.take("fact", str), "is": table.take("is", (str, int, bool))}
            fact = self.facts.get(found["fact"])
            if fact is None:
                raise record.refuse(N_("“{name}” is no fact of facts.toml. Correct the name."), name=found["fact"])
            if not any(found["is"] == value and type(found["is"]) is type(value) for value in fact.values):
                raise record.refuse(N_("“{value}” is no value of {fact}. Correct it."), value=found["is"], fact=fact.id)
        elif table.has("level") and table.has("in"):
            found = {"level": table.one_of("level", LEVELS), "in": tuple(table.take("in", list))}
        elif table.has("level"):
            found = {"level": table.one_of("level", LEVELS), "not_lighter_than": table.one_of("not_lighter_than", LEVELS)}
        elif table.has("below_age"):
            by_sex = Table(self.file, record.record, table.take("below_age", dict))
            found = {"below_age": tuple(
                (sex.value, _parameter(record, by_sex.take(sex.value, str), "months", self.parameters, self.used)) for sex in Sex
            )}  # fmt: skip
            by_sex.done()
        else:
            raise record.refuse(N_("this is no condition of the language. Known are: some, fact, level, below_age."))
        table.done()
        return found


def _outcome_list(record: Table, levels: tuple[Rule, ...]) -> tuple[Outcome, ...]:
    names = record.take("levels", list)
    if len(names) != max(rule.result for rule in levels):
        raise record.refuse(N_("there must be one outcome for each level. Correct “levels”."))
    try:
        return tuple(Outcome(name) for name in names)
    except ValueError:
        raise record.refuse(N_("“levels” names an outcome that no case file knows. Correct it.")) from None


def _offer(record: Table, content: object) -> Offer:
    table = Table(record.file, record.record, content)
    kind = PeriodKind(table.one_of("kind", [member.value for member in PeriodKind]))
    value = table.take("value", int, None)
    if (kind in (PeriodKind.MONTHS, PeriodKind.YEARS)) != (isinstance(value, int) and value > 0):
        raise record.refuse(N_("months and years need a value above 0, the other kinds have none. Correct the period."))
    table.done()
    return Offer(kind, value)


def _period_result(record: Table) -> PeriodResult:
    return PeriodResult(
        _offer(record, record.take("propose", dict)),
        tuple(_offer(record, content) for content in record.take("also", list, [])),
        tuple(_offer(record, content) for content in record.take("candidates", list, [])),
    )


def _band(record: Table) -> Band:
    band = record.take("band", list)
    if len(band) != 2 or not all(type(part) is int for part in band) or not 0 <= band[0] <= band[1] <= 100:
        raise record.refuse(N_("a band is two whole numbers from 0 to 100, the smaller first. Correct it."))
    return Band(band[0], band[1])


def _causes(context: _Context, table: Table) -> dict[str, Cause]:
    found: dict[str, Cause] = {}
    for record in table.tables("cause", lambda content: content.get("code")):
        code, paper = record.take("code", str), record.one_of("paper", ("none", "competent_body", "childhood"))
        ages = _ages(record, context.parameters, context.used)
        until, causes = None, ()
        if paper == "childhood":
            until = _border(record, "childhood_until", context.parameters, context.used)
            causes = tuple(record.take("childhood_causes", list))
            if until is None:
                raise record.refuse(N_("the key “{key}” is missing. Add it."), key="childhood_until")
        found[code] = Cause(code, record.local(), ages, paper, until, causes, context.acts.cite(record))
        record.done()
    for cause in found.values():
        for code in cause.childhood_causes:
            if code not in found:
                raise refuse(table.file, f"cause {cause.code}", N_("“{code}” is no cause. Correct it."), code=code)
    return found


def _refuse_overlap(file: str, name: str, rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]) -> None:
    """Rows that are chosen by age alone: no age may have two of them, for any of their dates' newest values."""
    def covers(ages: Ages, age: int) -> bool:
        first = parameters[ages.first].values[-1].value if ages.first else 0
        below = parameters[ages.below].values[-1].value if ages.below else 1000
        return bool(first <= age < below)

    for age in range(130):
        holding = [rule.id for rule in rules if covers(rule.ages, age)]
        if len(holding) > 1:
            raise refuse(file, f"{name} {holding[1]}", N_("it overlaps with {other} at the age of {age}. Correct the ages."),
                         other=holding[0], age=age)


# check → the arguments it takes: a parameter in some unit, two measures, or a list of places
CHECKS: Final[Mapping[str, Mapping[str, str]]] = {
    "measures_differ": {"measures": "measures"},
    "excluded_by_age": {},
    "referral_too_early": {"months": "months"},
    "referral_expired": {"months": "months"},
    "iin_checksum": {},
    "iin_birth_date": {},
    "iin_sex": {},
    "commission": {"members": "persons", "head_not_needed": "places"},
    "cause_age": {},
    "cause_paper_missing": {},
    "percentage_outside_band": {},
    "decision_differs": {},
}
_PLACEHOLDERS: Final = {name: "" for name in ("age", "facts", "signed", "since", "months", "until", "on", "members", "count", "code")}


def conflicts(
    table: Table, acts: Acts, parameters: Mapping[str, Parameter], decided: Decisions, used: Used
) -> tuple[ConflictRule, ...]:
    """The conflicts and obstacles: a check of the engine, its arguments, and the sentence."""
    found = []
    for record in table.tables("conflict", lambda content: content.get("code")):
        check = record.one_of("check", CHECKS)
        arguments: dict[str, Any] = {}
        for key, kind in CHECKS[check].items():
            if kind == "measures":
                arguments[key] = tuple(record.take(key, list))
                if len(arguments[key]) != 2 or not set(arguments[key]) <= set(decided.measures):
                    raise record.refuse(N_("“{key}” must name two measures of decisions.toml. Correct it."), key=key)
                used.measures.update(arguments[key])
            elif kind == "places":
                arguments[key] = tuple(record.take(key, list))
                if not set(arguments[key]) <= {place.value for place in Place}:
                    raise record.refuse(N_("“{key}” names a place that no case file knows. Correct it."), key=key)
            else:
                arguments[key] = _parameter(record, record.take(key, str), kind, parameters, used)
        text = record.local()
        try:
            text.with_params(**_PLACEHOLDERS)
        except (KeyError, IndexError, ValueError):
            raise record.refuse(N_("the sentence has a placeholder that is not known. Known are: {known}."),
                                known=", ".join(_PLACEHOLDERS)) from None
        found.append(ConflictRule(record.take("code", str), record.one_of("kind", ("conflict", "obstacle")),
                                  check, arguments, text, acts.cite(record)))  # fmt: skip
        record.done()
    table.done()
    return tuple(found)


def test_document(
    base: Mapping[str, Any], on: date | None, born: date | None, sex: str, changes: Mapping[str, Any], removed: Iterable[str]
) -> dict[str, Any]:
    """The case file of a test: the base, then its own fields by dotted path; `removed` paths are not given."""
    document: dict[str, Any] = {"format": CASE_FORMAT}
    values = {**base, "examination.on": on and on.isoformat(), "person.birth_date": born and born.isoformat(),
              "person.sex": sex, **changes, **dict.fromkeys(removed)}  # fmt: skip
    for path, value in values.items():
        document = put(document, path, value.isoformat() if isinstance(value, date) else value)
    return document
