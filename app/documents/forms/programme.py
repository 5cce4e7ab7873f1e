"""The individual programme of abilitation and rehabilitation (ОЖБ, ИПАР) as a paper of its own, to be carried out."""

from itertools import count

from app.documents.conclusion import PaperMeasure
from app.documents.conclusion_programme import below, by_part, cells, consent
from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.forms.kit import LINE, Paper, basis, closing, head, person, signatures
from app.documents.grid import Grid, across
from app.documents.layout import Columns, Rule, is_long
from app.documents.platypus import Flowable, Spacer
from app.documents.tags import Node
from app.domain.vocabulary import MeasureDecision

_SHARES = (15.0, 8.5, 10.0, 11.0, 10.0)
_TITLES = ("measure", "quantity", "measure_term", "carrier", "fulfilment")


def story(paper: Paper) -> list[Flowable]:
    """By part: each measure, how much, until when, who carries it out, and room for who did; what the person says."""
    put, words, decision = paper.set, paper.words, paper.decision
    term = [(paper.label("since"), paper.day(decision.since)), (paper.label("until"), paper.again())]
    story = [
        *head(paper),
        *person(paper, address=True),
        *put.fields([[(paper.label("outcome"), paper.outcome())], term]),
    ]
    story += basis(paper)
    table, numbers, groups = Node("Table"), count(1), list[list[Flowable]]()
    for part, measures in by_part(decision.programme):
        lead = across(table, len(_TITLES), put.subheading(words("programme_part", part), room=0), head=True)
        for measure in measures:
            groups.append([*lead, *_measure(paper, table, measure, next(numbers))])
            lead = []
    if groups:
        titles = [paper.label(key) for key in _TITLES]
        story += [Spacer(0, 4), Grid(lambda read: [put.heads(titles, _SHARES, table if read else None)], groups)]
    else:
        story += put.labelled(paper.phrase("no_measures"), str(decision.programme_told.get("none") or ""))
    said = consent(words, put, decision.programme_told) if decision.programme else []
    return [*story, *closing(paper, *said, Spacer(0, 8), *signatures(paper))]


def _measure(paper: Paper, table: Node, measure: PaperMeasure, number: int) -> list[Flowable]:
    put = paper.set
    name, *others = cells(paper.words, measure, paper.decision.until)
    name = f"{number}. {name}"
    refused = measure.row.get("state") == MeasureDecision.REFUSED
    mark = "–" if refused else LINE
    more = across(table, len(_TITLES), below(paper.words, put, measure))
    if any(is_long(cell) for cell in (name, *others)):
        story: list[Flowable] = []
        for key, cell in zip(_TITLES, (name, *others, mark), strict=True):
            story += across(table, len(_TITLES), put.labelled(paper.label(key), cell, "small", room=0))
        return [*story, *(more or [Rule(0.25)])]
    first = [put.spans([(SERIF if refused else SERIF_BOLD, name)], "small")]
    columns = Columns(
        [first, *([put.text(cell, "small")] for cell in (*others, mark))], _SHARES, line=not more, table=table
    )
    return [columns, *more]
