"""The records of facts.toml: facts with their values, the names of their degrees, and definitions."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.case_fields import shown, spec_of
from app.domain.errors import UserError
from app.domain.proposal import Citation
from app.domain.text import N_, LocalText
from app.rules.model import Ages, Degree, Fact, Parameter
from app.rules.references import Used, ages_of, border
from app.rules.source import Acts, Table, refuse

PRESENCE: Final = "work_injury"
_NO_TEXT: Final = LocalText("", "", "")


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
        definitions.setdefault(record.take("fact", str), {})[record.take("value", int)] = (
            record.local(),
            acts.cite(record),
        )
        record.done()

    found: list[Fact] = []
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
        _refuse_unlike_case_file(record, fact_id, kind, values)
        found.append(Fact(
            fact_id, kind, record.local(), values, degrees_of, texts, ages_of(record, parameters, used),
            border(record, "if_given_from", parameters, used), border(record, "not_applicable_from", parameters, used),
            record.one_of("present_if", (PRESENCE,), None), acts.cite(record),
        ))  # fmt: skip
        record.take("covers", dict, {})
        record.done()
        _refuse_unheard(record, found[-1], found[:-1])
    for orphan in [*definitions, *choices]:
        raise refuse(
            table.file, f"fact {orphan}", N_("there is no such fact, but something is said of it. Correct the name.")
        )
    table.done()
    return tuple(found)


def _refuse_unlike_case_file(record: Table, fact_id: str, kind: str, values: tuple[Any, ...]) -> None:
    """A fact that no case file can give, or not with these values, would stay unknown for ever."""
    try:
        spec = spec_of(f"facts.{fact_id}")
    except KeyError:
        raise record.refuse(
            N_("a case file has no fact of this name. Correct the id, as case files write it without “facts.”.")
        ) from None
    for value in [[]] if kind == "set" else values:
        try:
            spec.check(value, fact_id)
        except UserError:
            raise record.refuse(
                N_(
                    "a case file can't give the value {value} of this fact. Correct the kind, the scale or the choices."
                ),
                value=shown(value),
            ) from None


def _refuse_unheard(record: Table, fact: Fact, others: list[Fact]) -> None:
    """What the engine would not ask about a fact is refused, rather than left without effect."""
    if fact.if_given_from and not fact.ages.first:
        raise record.refuse(N_("“if_given_from” has no effect without “from”. Add “from” or take it out."))
    if fact.not_applicable_from and fact.kind != "degree":
        raise record.refuse(N_("only a fact with degrees can be not applicable. Take “not_applicable_from” out."))
    injury = fact.present_if is not None
    if injury != fact.id.startswith(f"{PRESENCE}.") or (
        injury and (fact.kind != "choice" or fact.ages != Ages(None, None))
    ):
        raise record.refuse(
            N_("“present_if” belongs to the injured worker's capacity alone, a choice at any age. Correct it.")
        )
    if any((injury and other.present_if) or fact.kind == other.kind == "set" for other in others):
        raise record.refuse(
            N_("another fact of this kind stands before it, and only one is asked. Take one of them out.")
        )


def _generic(
    record: Table, text: tuple[LocalText, Citation] | None, nothing: LocalText, degrees: tuple[Degree, ...]
) -> dict[int | str, tuple[LocalText, Citation]]:
    """Definitions where the act has none: the degree's name with what the fact covers."""
    if text is None:
        return {}
    covers = record.take("covers", dict, None)
    wording = (
        LocalText(**{language: str(covers.get(language, "")) for language in ("kk", "ru", "en")})
        if covers
        else _NO_TEXT
    )
    found: dict[int | str, tuple[LocalText, Citation]] = {}
    for degree in degrees:
        plain = text[0] if degree.value or not covers else nothing
        found[degree.value] = (plain.with_params(name=degree.name, covers=wording), text[1])
    return found
