"""The notices of the decision: to the medical organisation that referred the person, and to the employer."""

from app.documents.forms.kit import LINE, Paper, basis, closing, decided, head, lines, person, signatures
from app.documents.platypus import Flowable, Spacer


def story(paper: Paper) -> list[Flowable]:
    """To whom, about whom, what was decided. No diagnosis: it is known there, and others may read it on the way."""
    number, on, organisation = paper.decision.referral
    label = paper.label
    story = [
        *head(paper),
        Spacer(0, 6),
        *paper.set.fields([[(label("to"), paper.given(organisation) if organisation else LINE)]]),
        *paper.set.fields([[(label("other_addressee"), LINE)]], name="blank"),
        Spacer(0, 6),
        paper.set.text(paper.phrase("told")),
        Spacer(0, 4),
        *person(paper),
        *decided(paper),
        *basis(paper),
    ]
    if number or on:
        story += paper.set.fields([[(label("your_referral"), paper.paper(number, on))]])
    story += [Spacer(0, 4), paper.set.text(paper.phrase("no_diagnosis"), "note")]
    return [*story, *closing(paper, Spacer(0, 6), *signatures(paper))]


def employer(paper: Paper) -> list[Flowable]:
    """What an employer needs: outcome, period, professional capacity lost, recommendations on work. Nothing of health:
    neither diagnosis nor cause, general capacity or who referred the person."""
    label, advice = paper.label, paper.decision.work_advice
    advised = paper.set.fields([[(label("work_advice"), advice)]]) if advice else lines(paper, (label("work_advice"),))
    return [
        *head(paper),
        Spacer(0, 6),
        *lines(paper, (label("to"),)),
        Spacer(0, 6),
        paper.set.text(paper.phrase("told")),
        Spacer(0, 4),
        *person(paper),
        *decided(paper, capacities=("professional_capacity",), cause=False),
        *basis(paper),
        *advised,
        Spacer(0, 4),
        paper.set.text(paper.phrase("no_health"), "note"),
        *closing(paper, Spacer(0, 6), *signatures(paper)),
    ]
