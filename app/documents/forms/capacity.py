"""The certificates of the degree of loss of general and of professional working capacity: A5, on numbered blanks."""

from app.documents import layout
from app.documents.forms.kit import Paper, basis, closing, head, lines, person, signatures
from app.documents.layout import Rule, box
from app.documents.platypus import Flowable


def general(paper: Paper) -> list[Flowable]:
    """Per cent, from when, for how long, what it rests on, whether the person takes part in the social insurance."""
    insured = paper.decision.insured
    shown = paper.phrase("not_given" if insured is None else "yes" if insured else "no")
    return [
        *head(paper),
        *person(paper),
        _percentage(paper, "general_capacity", paper.decision.general),
        *basis(paper),
        *paper.set.fields([[(paper.label("insured"), shown)]]),
        *closing(paper, *signatures(paper)),
    ]


def professional(paper: Paper) -> list[Flowable]:
    """Per cent, cause, the act of the accident, lines for profession and employer, which the case doesn't hold."""
    decision, label = paper.decision, paper.label
    _, number, on, _ = decision.injury
    cause = decision.cause.of(paper.words.language) if decision.cause else paper.phrase("not_given")
    act = paper.phrase("paper_short", number=paper.given(number), day=paper.day(on))
    return [
        *head(paper),
        *person(paper),
        _percentage(paper, "professional_capacity", decision.professional),
        *basis(paper),
        *paper.set.fields([[(label("loss_cause"), cause), (label("accident_act"), act)]]),
        *lines(paper, (label("profession"), label("employer"))),
        *closing(paper, *signatures(paper)),
    ]


def _percentage(paper: Paper, key: str, n: int | None) -> Flowable:
    shown = paper.phrase("not_determined") if n is None else paper.per_cent(n)
    rows = [
        [(paper.label("since"), paper.dated(paper.decision.since)), (paper.label("period"), paper.term())],
        [(paper.label("again"), paper.again())],
    ]
    inside = [
        paper.set.text(paper.label(key), "label"),
        paper.set.text(shown, "decision"),
        Rule(0.25, layout.HAIR),
        *paper.set.fields(rows if paper.decision.period[0] is not None else []),
    ]
    return box(inside)
