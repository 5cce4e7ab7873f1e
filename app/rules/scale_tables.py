"""The records of scales.toml: each scale with its words, its published bands, and the degrees that go with a band."""

from collections.abc import Mapping
from typing import Any

from app.domain.criteria import ScaleBand, ScaleInfo, ScaleItem
from app.domain.scales import FORMS, Form
from app.domain.text import N_, LocalText
from app.rules.model import Fact, Parameter
from app.rules.references import Used, ages_of
from app.rules.source import Acts, Table, names_known


def scales(
    table: Table,
    acts: Acts,
    parameters: Mapping[str, Parameter],
    known: tuple[Fact, ...],
    groups: Mapping[str, tuple[str, ...]],
    used: Used,
) -> tuple[ScaleInfo, ...]:
    """The scales in the file's order. UserError for a scale, an item, a fact or a degree that does not exist, bands out
    of order, or a band that leaves out a fact which another one speaks to."""
    fact_by_id = {fact.id: fact for fact in known}
    found = []
    for record in table.tables("scale", lambda content: content.get("id")):
        scale_id = record.one_of("id", FORMS)
        form, ages = FORMS[scale_id], ages_of(record, parameters, used)
        licence = Table(record.file, record.record, record.take("licence", dict))
        found.append(
            ScaleInfo(
                scale_id,
                record.local(),
                _items(record, form),
                _result(record),
                licence.local(),
                (ages.first, ages.below),
                _bands(record, form, fact_by_id, groups, used),
                acts.cite(record),
            )
        )
        licence.done()
        record.done()
    table.done()
    return tuple(found)


def _items(record: Table, form: Form) -> tuple[ScaleItem, ...]:
    words = Table(record.file, record.record, record.take("items", dict))
    items = []
    for key in form.items:
        word = Table(record.file, f"{record.record} {key}", words.take(key, dict))
        hint = None
        if word.has("hint"):
            inner = Table(record.file, word.record, word.take("hint", dict))
            hint = inner.local()
            inner.done()
        items.append(ScaleItem(key, word.local(), hint))
        word.done()
    words.done()
    return tuple(items)


def _result(record: Table) -> LocalText | None:
    if not record.has("result"):
        return None
    table = Table(record.file, record.record, record.take("result", dict))
    text = table.local()
    table.done()
    try:
        text.with_params(score="")
    except (KeyError, IndexError, ValueError):
        raise record.refuse(
            N_("the sentence has a placeholder that is not known. Known are: {known}."), known="score"
        ) from None
    return text


def _bands(
    record: Table, form: Form, facts: Mapping[str, Fact], groups: Mapping[str, tuple[str, ...]], used: Used
) -> tuple[ScaleBand, ...]:
    bands: list[ScaleBand] = []
    for content in record.take("band", list):
        table = Table(record.file, record.record, content)
        first = table.take("from", (int, float))
        if not form.least <= first <= form.most:
            raise record.refuse(
                N_("a band begins at {first}, but the results go from {least} to {most}. Correct it."),
                first=first,
                least=form.least,
                most=form.most,
            )
        if bands and first <= bands[-1].first:
            raise record.refuse(N_("the bands are out of order at {first}. Put them in ascending order."), first=first)
        bands.append(ScaleBand(first, table.local(), _degrees(table, facts, groups, used)))
        table.done()
    if len(bands) < 2 or bands[0].first != form.least:
        raise record.refuse(
            N_("the bands must be two or more, and the first must begin at {least}. Correct them."), least=form.least
        )
    for band in bands:
        if {subject for subject, _, _ in band.degrees} != {subject for subject, _, _ in bands[0].degrees}:
            raise record.refuse(
                N_("the band from {first} does not speak to the same facts as the first one. Name the same facts."),
                first=band.first,
            )
    return tuple(bands)


def _degrees(
    table: Table, facts: Mapping[str, Fact], groups: Mapping[str, tuple[str, ...]], used: Used
) -> tuple[tuple[str, int, int], ...]:
    found: list[tuple[str, int, int]] = []
    for subject, span in table.take("degrees", dict).items():
        members = groups.get(subject, (subject,))
        if subject in groups:
            used.groups.add(subject)
        if any(member not in facts or facts[member].kind != "degree" for member in members):
            degrees = [*groups, *(fact.id for fact in facts.values() if fact.kind == "degree")]
            raise table.refuse(N_("“{fact}” is no fact with degrees. Correct the name. Known are: {known}."),
                               fact=subject, known=names_known(subject, degrees))  # fmt: skip
        most = min(len(facts[member].values) for member in members) - 1
        if not _is_span(span, most):
            raise table.refuse(
                N_("the degrees of “{fact}” must be two whole numbers from 0 to {most}, the smaller first."),
                fact=subject,
                most=most,
            )
        found.append((subject, span[0], span[1]))
    if not found:
        raise table.refuse(N_("a band speaks to no fact. Say under “degrees” which degrees go with it."))
    return tuple(found)


def _is_span(span: Any, most: int) -> bool:
    whole = isinstance(span, list) and len(span) == 2 and all(type(part) is int for part in span)
    return whole and 0 <= span[0] <= span[1] <= most
