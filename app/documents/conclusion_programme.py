"""The expert opinion on paper: the programme of rehabilitation measures (ИПАР), below the decision.

Cases without a programme have no such section.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.documents import layout
from app.documents.conclusion import PaperMeasure
from app.documents.conclusion_story import Page
from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.grid import Grid, across
from app.documents.layout import Columns, Rule, Setter
from app.documents.platypus import Flowable, KeepTogether
from app.documents.tags import Node
from app.documents.wording import Wording
from app.domain.dates import parse_iso
from app.domain.statements import RECOMMENDED
from app.domain.text import LocalText
from app.domain.vocabulary import MeasureDecision, Outcome, ProgrammePart

PATH: Final = "dossier.programme"
_COLUMNS: Final = (18.5, 8.5, 10.0, 13.0)
_TITLES: Final = ("measure", "quantity", "measure_term", "carrier")


def programme(page: Page) -> list[Flowable]:
    """What, how much, until when, who carries it out; refused ones marked; what the person says of the whole."""
    measures, none = page.content.measures, page.content.get(f"{PATH}.none")
    if not (measures or none) or page.content.get("decision.outcome") == Outcome.NOT_ESTABLISHED:
        return []
    story = page.set.heading(page.words("section", "programme"))
    if not measures:
        return [*story, *page.set.labelled(page.phrase("no_measures"), str(none))]
    table, groups = Node("Table"), list[list[Flowable]]()
    titles = [page.label(key) for key in _TITLES]
    for part, of_part in by_part(measures):
        lead = across(table, len(_TITLES), page.set.subheading(page.words("programme_part", part), room=0), head=True)
        for measure in of_part:
            groups.append([*lead, *_measure(page, table, measure, len(groups) + 1)])
            lead = []
    story.append(Grid(lambda read: [page.set.heads(titles, _COLUMNS, table if read else None)], groups))
    return [*story, KeepTogether(consent(page.words, page.set, page.content.get(PATH) or {}))]


def recommended(page: Page) -> list[Flowable]:
    """What the commission recommends, as it was entered; nothing where it wrote nothing."""
    story: list[Flowable] = []
    for key, label in (("text", "recommendations"), ("work", "work_advice")):
        told = str(page.content.get(f"{RECOMMENDED}.{key}") or "").strip()
        if told:
            story += [*page.set.labelled(page.label(label), told), Rule(0.25, layout.HAIR)]
    return story


def _measure(page: Page, table: Node, measure: PaperMeasure, number: int) -> list[Flowable]:
    row, term = measure.row, page.content.decided_term
    name, *others = cells(page.words, measure, term.until if term is not None else None)
    name = f"{number}. {name}"
    shown = [name, *others]
    refused = row.get("state") == MeasureDecision.REFUSED
    story: list[Flowable] = []
    if any(layout.is_long(cell) for cell in shown):
        for key, cell in zip(_TITLES, shown, strict=True):
            story += across(table, len(_TITLES), page.set.labelled(page.label(key), cell, "small", room=0))
    else:
        face = SERIF if refused else SERIF_BOLD
        first = [page.set.spans([(face, name)], "small")]
        told = [first, *([page.set.text(cell, "small")] for cell in others)]
        story.append(Columns(told, _COLUMNS, line=not _more(row), table=table))
    return [*story, *across(table, len(_TITLES), below(page.words, page.set, measure))]


def below(words: Wording, put: Setter, measure: PaperMeasure) -> list[Flowable]:
    """What is said below a measure's line: that and why it was refused, why it is there, a note."""
    row, story = measure.row, list[Flowable]()
    if row.get("state") == MeasureDecision.REFUSED:
        reason = row.get("reason") or words("phrase", "unexplained")
        story.append(put.spans([(SERIF_BOLD, f"{words('phrase', 'refused')} "), (SERIF, reason)], "inset"))
        unsigned = row.get("signed") is False
        story.append(put.text(words("phrase", "not_signed" if unsigned else "refusal"), "inset"))
    elif row.get("reason"):
        story.append(put.spans([(SERIF_BOLD, f"{words('label', 'reason')}: "), (SERIF, row["reason"])], "inset"))
    if row.get("note"):
        story.append(put.spans([(SERIF_BOLD, f"{words('label', 'note')}: "), (SERIF, row["note"])], "inset"))
    return [*story, Rule(0.25, layout.HAIR)] if story else []


def _more(row: dict[str, Any]) -> bool:
    """Whether something is said below the row's line."""
    return bool(row.get("reason") or row.get("note") or row.get("state") == MeasureDecision.REFUSED)


def cells(words: Wording, measure: PaperMeasure, until: date | None) -> list[str]:
    """What a measure is called, how much of it, until when, who carries it out. `until`: when the programme ends."""
    row, not_given = measure.row, words("phrase", "not_given")
    quantity, months = row.get("quantity"), row.get("months")
    term = not_given
    if months is not None:
        term = words.count("months", months)
    elif row.get("with_programme"):
        term = words("phrase", "with_programme")
        if until is not None:
            term = words("phrase", "with_programme_until", day=words.day(until))
    return [
        _capital(_said(words, measure.name)),
        not_given if quantity is None else words.count(row.get("unit") or "piece", quantity),
        term,
        _said(words, measure.carrier) or not_given,
    ]


def by_part(measures: Iterable[PaperMeasure]) -> Iterator[tuple[ProgrammePart, list[PaperMeasure]]]:
    """The measures of each part that has any. Without a part they stand in the social one, as most do."""
    found = list(measures)
    for part in ProgrammePart:
        of_part = [one for one in found if (one.row.get("part") or ProgrammePart.SOCIAL) == part]
        if of_part:
            yield part, of_part


def consent(words: Wording, put: Setter, programme: Mapping[str, Any]) -> list[Flowable]:
    """What the person says of the programme (its field in the case), and a line for the signature."""
    told = programme.get("consent") or {}
    answer, by, day = told.get("answer"), told.get("by") or "person", parse_iso(told.get("on") or "")
    said = words("phrase", "not_given") if answer is None else words("consent", f"{answer}_{by}")
    rows = [[(words("label", "consent"), said), (words("label", "consent_on"), words.day(day) if day else "\u00a0")]]
    story = put.fields(rows, (3, 1))
    if programme.get("plan") is False:
        return [*story, put.text(words("phrase", "not_signed"), "small")]
    who = words("consent", f"signature_{by}")
    line = [put.text("\u00a0", "signature"), Rule(0.6), put.text(words("label", "signature"), "fine")]
    return [*story, Columns([[put.text(who, "small")], line], (1, 1), line=False)]


def _said(words: Wording, text: LocalText | str | None) -> str:
    """A wording of the criteria in the paper's language, or words as they were entered."""
    return layout.one_line(text.of(words.language) if isinstance(text, LocalText) else text or "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
