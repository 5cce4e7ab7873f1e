"""The certificates of the degree of loss of general and of professional working capacity: A5, on numbered blanks."""

from app.documents import layout
from app.documents.forms.kit import TERM_SHARES, Paper, basis, head, lines, person, small_closing, term
from app.documents.layout import Rule, box
from app.documents.platypus import Flowable


def general(paper: Paper) -> list[Flowable]:
    """Per cent, from when, for how long, what it rests on, whether the person takes part in the social insurance."""
    insured = paper.decision.insured
    shown = paper.phrase("not_given" if insured is None else "yes" if insured else "no")
    return [
        *head(paper),
        *person(paper),
        _percentage(paper, paper.decision.general),
        *small_closing(paper, *basis(paper, given=True), *paper.set.fields([[(paper.label("insured"), shown)]])),
    ]


def professional(paper: Paper) -> list[Flowable]:
    """Per cent, cause, the act of the accident, lines for profession and employer, which the case doesn't hold."""
    decision, label = paper.decision, paper.label
    _, number, on, _ = decision.injury
    cause = decision.cause.of(paper.words.language) if decision.cause else paper.phrase("not_given")
    act = paper.paper(number, on)
    return [
        *head(paper),
        *person(paper),
        _percentage(paper, decision.professional),
        *basis(paper, given=True),
        *small_closing(
            paper,
            *paper.set.fields([[(label("loss_cause"), cause), (label("accident_act"), act)]]),
            *lines(paper, (label("profession"), label("employer"))),
        ),
    ]


def _percentage(paper: Paper, n: int | None) -> Flowable:
    shown = paper.phrase("not_determined") if n is None else paper.per_cent(n)
    inside = [
        paper.set.text(shown, "decision"),
        Rule(0.25, layout.HAIR),
        *paper.set.fields([term(paper)] if paper.decision.period[0] is not None else [], TERM_SHARES),
    ]
    return box(inside)
