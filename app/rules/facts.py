"""What screens and `pack show` read of a pack: facts for an age, records in words."""

from datetime import date
from typing import Any

from app.domain.criteria import DegreeInfo, FactInfo, RecordInfo
from app.domain.text import LANGUAGES, LocalText
from app.rules.model import Fact, Ground, Pack


def applies(pack: Pack, fact: Fact, age: int, on: date) -> bool:
    """Whether a fact may take part in the decision at an age (also where it does so only if given)."""
    if pack.covers(fact.ages, age, on):
        return True
    return only_if_given(pack, fact, age, on)


def only_if_given(pack: Pack, fact: Fact, age: int, on: date) -> bool:
    """Whether a fact takes part at this age only if it is given, and is not applicable if it isn't."""
    if fact.if_given_from is None or pack.covers(fact.ages, age, on):
        return False
    from_age = pack.parameters[fact.if_given_from].on(on)
    adult = pack.parameters[fact.ages.first].on(on) if fact.ages.first else 0
    return bool(from_age <= age < adult)


def may_be_not_applicable(pack: Pack, fact: Fact, age: int, on: date) -> bool:
    """Whether "n/a" may be said of a fact at this age."""
    if not pack.covers(fact.ages, age, on):
        return True
    return fact.not_applicable_from is not None and age >= pack.parameters[fact.not_applicable_from].on(on)


def fact_infos(pack: Pack, age: int, on: date) -> tuple[FactInfo, ...]:
    """Every fact of the pack as it stands at one age."""
    infos = []
    for fact in pack.fact_list:
        degrees = []
        for degree in fact.degrees:
            text, citation = fact.definitions.get(degree.value, (degree.name, degree.citation))
            degrees.append(DegreeInfo(degree.value, degree.name, text, citation))
        infos.append(
            FactInfo(
                fact.id,
                fact.name,
                fact.kind,
                tuple(degrees),
                applies(pack, fact, age, on),
                may_be_not_applicable(pack, fact, age, on),
            )
        )
    return tuple(infos)


def grounds(pack: Pack) -> tuple[Ground, ...]:
    """What persons must state to choose candidates of the period, each once, in the order of the rows."""
    return tuple(dict.fromkeys(rule.result.ground for rule in pack.periods if rule.result.ground is not None))


def _said(value: Any) -> str:
    return str(value) if not isinstance(value, bool) else "on" if value else "off"


def record_infos(pack: Pack) -> tuple[RecordInfo, ...]:
    """Every record that carries a citation, in the order of the files."""

    def plain(text: str) -> LocalText:
        return LocalText(text, text, text)

    infos = []
    for fact in pack.fact_list:
        infos.append(RecordInfo(fact.id, fact.name, fact.citation))
        infos += [
            RecordInfo(
                f"{fact.id} {degree.value}",
                fact.definitions.get(degree.value, (degree.name,))[0],
                fact.definitions.get(degree.value, (None, degree.citation))[1],
            )
            for degree in fact.degrees
        ]
    for parameter in pack.parameters.values():
        dated = "; ".join(
            f"{_said(value.value)} {parameter.unit}"
            + (f" {value.first:%d.%m.%Y}–" if value.first else "")
            + (f" –{value.last:%d.%m.%Y}" if value.last else "")
            for value in parameter.values
        )
        said = LocalText(*(f"{parameter.name.of(language)}: {dated}" for language in LANGUAGES))
        infos.append(RecordInfo(parameter.id, said, parameter.citation))
    for rules in (pack.levels, pack.periods, pack.general, pack.professional):
        infos += [RecordInfo(rule.id, rule.title, rule.citation) for rule in rules]
    infos += [RecordInfo(ground.id, ground.text, ground.citation) for ground in grounds(pack)]
    for rule in pack.outcomes:
        infos += [
            RecordInfo(rule.id, pack.word("outcome", outcome), rule.citation) for outcome in dict.fromkeys(rule.result)
        ]
    infos += [RecordInfo(rule.id, pack.word("period", rule.result), rule.citation) for rule in pack.clips]
    infos += [RecordInfo(f"cause.{cause.code}", cause.name, cause.citation) for cause in pack.causes_by_code.values()]
    infos += [RecordInfo(rule.id, plain(rule.result[0]), rule.citation) for rule in pack.proposed_causes]
    infos += [RecordInfo(f"defect.{defect.id}", defect.name, defect.citation) for defect in pack.defects]
    infos += [
        RecordInfo(
            measure.id, plain(", ".join(f"{group} {list(values)}" for group, values in measure.parts)), measure.citation
        )
        for measure in pack.measures.values()
    ]
    infos += [RecordInfo(conflict.code, conflict.text, conflict.citation) for conflict in pack.conflicts]
    infos += [RecordInfo(note.id, note.text, note.citation) for note in pack.notes]
    infos += [RecordInfo(f"scale.{scale.id}", scale.name, scale.citation) for scale in pack.scales]
    if pack.programmes:
        from app.rules.measure_lines import programme_records

        for programme in pack.programmes:
            infos += programme_records(pack, programme)
    return tuple(infos)
