"""The programme's rows and the criteria's offers in words, as the list on screen shows them."""

from typing import Any

from app.domain.proposal import Citation
from app.domain.text import N_
from app.domain.vocabulary import MeasureDecision, MeasureOrigin, MeasureState, MeasureUnit, ProgrammePart
from app.i18n import Translator
from app.services import programme_words
from app.services.programme_words import STATE_HEADINGS, STATE_SIGNS
from app.services.programmes import ListedMeasure, MeasureList
from ui.screens.examination.measure_rows import Entry
from ui.screens.proposal import words

NOT_INDICATED = N_("Not indicated by these criteria")


def state(t: Translator, value: MeasureState | None) -> str:
    """How a measure stands now, with its sign; empty where that is not known."""
    if value is None:
        return ""
    if value is MeasureState.NOT_INDICATED:
        return "– " + t(NOT_INDICATED)
    return f"{STATE_SIGNS[value]} {t(STATE_HEADINGS[value])}"


def quantity(t: Translator, number: int, unit: str | None) -> str:
    """`2 pairs`."""
    match unit:
        case MeasureUnit.PAIR:
            return t.plural("{n} pair", "{n} pairs", number)
        case MeasureUnit.SET:
            return t.plural("{n} set", "{n} sets", number)
        case MeasureUnit.HOUR:
            return t.plural("{n} hour", "{n} hours", number)
        case MeasureUnit.DAY:
            return t.plural("{n} day", "{n} days", number)
        case MeasureUnit.COURSE:
            return t.plural("{n} course", "{n} courses", number)
        case _:
            return t.plural("{n} piece", "{n} pieces", number)


def name(t: Translator, row: dict[str, Any], listed: MeasureList) -> str:
    """What a row is called: by the criteria, else in the words that were entered."""
    measure = listed.find(row.get("measure"))
    return capital(t.show(measure.name)) if measure is not None else capital(row.get("name") or str(row.get("measure")))


def carrier(t: Translator, value: str | None, listed: MeasureList) -> str:
    """Who carries a measure out: by the criteria, else in the words that were entered; empty where not given."""
    known = listed.carriers.get(value or "")
    return t.show(known) if known is not None else value or ""


def row(t: Translator, number: int, given: dict[str, Any], listed: MeasureList) -> Entry:
    """A row of the programme."""
    measure = listed.find(given.get("measure"))
    lines = [_circumstances(t, given, listed)]
    if given.get("state") == MeasureDecision.REFUSED:
        lines.append("✗ " + t("Refused by the person: {reason}", reason=given.get("reason") or t("no reason given")))
        signed = given.get("signed")
        if signed is not None:
            lines.append(t("The person signs the refusal.") if signed else t("The person does not sign the refusal."))
    elif given.get("reason"):
        lines.append(t("Reason: {reason}", reason=given["reason"]))
    if given.get("note"):
        lines.append(t("Note: {note}", note=given["note"]))
    lines += _why(t, given, measure)
    return Entry(given.get("measure") or "", f"{number}. {name(t, given, listed)}", tuple(lines), source(t, measure))


def offer(t: Translator, measure: ListedMeasure) -> Entry:
    """A measure that isn't in the programme, with what speaks for it or against it."""
    lines = [capital(t.show(measure.kind))]
    for reason in programme_words.reasons(measure.told) if measure.told is not None else ():
        lines += [capital("; ".join(t.show(line.text) for line in reason.lines))] if reason.lines else []
        lines += [t.show(reason.asked)] if reason.asked is not None else []
    return Entry(measure.id, capital(t.show(measure.name)), tuple(dict.fromkeys(lines)), source(t, measure))


def found(t: Translator, measure: ListedMeasure, *, there: bool) -> str:
    """A measure in the criteria's whole list: name, kind and how it stands. `there`: it is in the programme."""
    stands = "✓ " + t("in the programme") if there else state(t, measure.state)
    parts = (capital(t.show(measure.name)), capital(t.show(measure.kind)))
    return "\n".join(part for part in (" · ".join(parts), stands) if part)


def source(t: Translator, measure: ListedMeasure | None) -> str:
    """What a measure of the criteria rests on, each source once."""
    if measure is None:
        return ""
    told = programme_words.reasons(measure.told) if measure.told is not None else ()
    citations: dict[Citation, None] = dict.fromkeys(reason.citation for reason in told)
    return "; ".join(words.citation(t, citation) for citation in citations or {measure.citation: None})


def _circumstances(t: Translator, given: dict[str, Any], listed: MeasureList) -> str:
    part, number, months = given.get("part"), given.get("quantity"), given.get("months")
    said = [capital(t.show(ProgrammePart(part)))] if part else []
    if months is not None:
        term = t.plural("{n} month", "{n} months", months)
    else:
        term = t("for the term of the programme") if given.get("with_programme") else ""
    if number is None and not term:
        said.append(t("quantity and term not given"))
    else:
        said += [t("quantity not given") if number is None else quantity(t, number, given.get("unit"))]
        said += [term or t("term not given")]
    by = carrier(t, given.get("carrier"), listed)
    return " · ".join([*said, by or t("not given who carries it out")])


def _why(t: Translator, given: dict[str, Any], measure: ListedMeasure | None) -> list[str]:
    """How the row came in, and how the measure stands by the criteria now."""
    origin = given.get("origin")
    if given.get("measure") is None:
        return [t("Added in the commission's words")]
    if measure is None:
        return ["⚠ " + t("The criteria of this day don't list this measure.")]
    lines = []
    told = measure.told
    if told is not None and measure.state in (MeasureState.PROPOSED, MeasureState.TO_CONFIRM):
        for ground in told.indications:
            shown = "; ".join(t.show(line.text) for line in (*told.required, *ground.lines))
            if shown:
                lines.append(t("Indication: {conditions}", conditions=shown))
            if ground.confirm is not None:
                confirmed = origin == MeasureOrigin.CONFIRMED
                sentence = N_("Confirmed by a doctor: {what}") if confirmed else N_("A doctor must confirm: {what}")
                lines.append(t(sentence, what=ground.confirm))
        against = [ground.confirm for ground in told.against if ground.confirm is not None]
        lines += [t("Contra-indicated if a doctor confirms: {what}", what=what) for what in against]
    elif measure.state is not None:
        lines.append(state(t, measure.state))
    if origin == MeasureOrigin.ADDED:
        lines.append(t("Added by the commission"))
    return list(dict.fromkeys(lines))


def capital(text: str) -> str:
    """With a great first letter: the criteria's words begin with a small one."""
    return text[:1].upper() + text[1:]
