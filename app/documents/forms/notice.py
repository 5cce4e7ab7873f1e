"""The notice of the decision to the medical organisation that referred the person, or to the employer."""

from app.documents.forms.kit import LINE, Paper, basis, closing, decided, head, person, signatures
from app.documents.platypus import Flowable, Spacer


def story(paper: Paper) -> list[Flowable]:
    """To whom, about whom, what was decided. No diagnosis: an employer may read it."""
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
