"""The expert opinion on paper: the programme of rehabilitation measures (ИПАР), below the decision.

Cases without a programme have no such section.
"""

from typing import Any, Final

from app.documents import layout
from app.documents.conclusion import PaperMeasure
from app.documents.conclusion_story import Page
from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.layout import Columns, Rule
from app.documents.platypus import Flowable, KeepTogether
from app.domain.dates import parse_iso
from app.domain.text import LocalText
from app.domain.vocabulary import MeasureDecision, Outcome, ProgrammePart

PATH: Final = "dossier.programme"
_COLUMNS: Final = (20.0, 6.5, 9.5, 14.0)
_TITLES: Final = ("measure", "quantity", "measure_term", "carrier")
# Without a part a measure stands among those of the social part, as most do.
_PARTS: Final = tuple(ProgrammePart)


def programme(page: Page) -> list[Flowable]:
    """What, how much, until when, who carries it out; refused ones marked; what the person says of the whole."""
    measures, none = page.content.measures, page.content.get(f"{PATH}.none")
    if not (measures or none) or page.content.get("decision.outcome") == Outcome.NOT_ESTABLISHED:
        return []
    story = page.set.heading(page.words("section", "programme"))
    if not measures:
        return [*story, *page.set.labelled(page.phrase("no_measures"), str(none))]
    story.append(Columns([[page.set.text(page.label(key), "label")] for key in _TITLES], _COLUMNS))
    number = 0
    for part in _PARTS:
        of_part = [one for one in measures if (one.row.get("part") or ProgrammePart.SOCIAL) == part]
        if of_part:
            story += page.set.subheading(page.words("programme_part", part))
        for measure in of_part:
            number += 1
            story += _measure(page, measure, number)
    return [*story, *_consent(page)]


def _measure(page: Page, measure: PaperMeasure, number: int) -> list[Flowable]:
    row = measure.row
    name = f"{number}. {_capital(_said(page, measure.name))}"
    cells = [name, _quantity(page, row), _term(page, row), _said(page, measure.carrier) or page.phrase("not_given")]
    refused = row.get("state") == MeasureDecision.REFUSED
    story: list[Flowable] = []
    if any(layout.is_long(cell) for cell in cells):
        for key, cell in zip(_TITLES, cells, strict=True):
            story += page.set.labelled(page.label(key), cell, "small")
    else:
        face = SERIF if refused else SERIF_BOLD
        first = [page.set.spans([(face, name)], "small")]
        story.append(
            Columns([first, *([page.set.text(cell, "small")] for cell in cells[1:])], _COLUMNS, line=not _more(row))
        )
    if refused:
        reason = row.get("reason") or page.phrase("unexplained")
        story.append(page.set.spans([(SERIF_BOLD, f"{page.phrase('refused')} "), (SERIF, reason)], "inset"))
        story.append(page.set.text(page.phrase("not_signed" if row.get("signed") is False else "refusal"), "inset"))
    elif row.get("reason"):
        story.append(page.set.spans([(SERIF_BOLD, f"{page.label('reason')}: "), (SERIF, row["reason"])], "inset"))
    if row.get("note"):
        story.append(page.set.spans([(SERIF_BOLD, f"{page.label('note')}: "), (SERIF, row["note"])], "inset"))
    if _more(row):
        story.append(Rule(0.25, layout.HAIR))
    return story


def _more(row: dict[str, Any]) -> bool:
    """Whether something is said below the row's line."""
    return bool(row.get("reason") or row.get("note") or row.get("state") == MeasureDecision.REFUSED)


def _quantity(page: Page, row: dict[str, Any]) -> str:
    quantity = row.get("quantity")
    return page.phrase("not_given") if quantity is None else page.words.count(row.get("unit") or "piece", quantity)


def _term(page: Page, row: dict[str, Any]) -> str:
    months = row.get("months")
    if months is not None:
        return page.words.count("months", months)
    if not row.get("with_programme"):
        return page.phrase("not_given")
    term = page.content.decided_term
    if term is not None and term.until:
        return page.phrase("with_programme_until", day=page.words.day(term.until))
    return page.phrase("with_programme")


def _consent(page: Page) -> list[Flowable]:
    """What the person says of the programme, and a line for the signature."""
    answer = page.content.get(f"{PATH}.consent.answer")
    by = page.content.get(f"{PATH}.consent.by") or "person"
    said = page.phrase("not_given") if answer is None else page.words("consent", f"{answer}_{by}")
    day = parse_iso(page.content.get(f"{PATH}.consent.on") or "")
    rows = [[(page.label("consent"), said), (page.label("consent_on"), page.words.day(day) if day else "\u00a0")]]
    consent = page.set.fields(rows, (3, 1))
    if page.content.get(f"{PATH}.plan") is False:
        return [KeepTogether([*consent, page.set.text(page.phrase("not_signed"), "small")])]
    who = page.words("consent", f"signature_{by}")
    line = [page.set.text("\u00a0", "signature"), Rule(0.6), page.set.text(page.label("signature"), "fine")]
    return [KeepTogether([*consent, Columns([[page.set.text(who, "small")], line], (1, 1), line=False)])]


def _said(page: Page, text: LocalText | str | None) -> str:
    """A wording of the criteria in the paper's language, or words as they were entered."""
    return layout.one_line(text.of(page.words.language) if isinstance(text, LocalText) else text or "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
