"""The extract from the certificate (анықтамадан үзінді, выписка из справки) for the body that pays."""

from app.documents.forms.kit import Paper, basis, clauses, closing, decided, head, person, signatures
from app.documents.platypus import Flowable, Spacer


def story(paper: Paper) -> list[Flowable]:
    """The certificate's content with address, percentages, what was decided before, and the provisions."""
    on, outcome = paper.decision.previous
    story = [
        *head(paper),
        paper.set.text(paper.phrase("for_whom"), "service"),
        Spacer(0, 4),
        *person(paper, address=True),
        *decided(paper),
        *basis(paper, given=True),
    ]
    if outcome:
        told = paper.words.known("outcome", outcome)
        story += paper.set.fields([[(paper.label("previous"), told), (paper.label("previous_on"), paper.day(on))]])
    occasion = paper.decision.occasion
    if occasion:
        story += paper.set.fields([[(paper.label("occasion"), paper.words.known("occasion", occasion))]])
    return [*story, *closing(paper, *clauses(paper), Spacer(0, 6), *signatures(paper))]
