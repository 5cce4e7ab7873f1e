"""The conclusion on the need of additional kinds of help and care (қосымша көмек пен күтім, дополнительная помощь)."""

from app.documents.forms.kit import Paper, basis, clauses, closing, decided, head, lines, person, signatures
from app.documents.layout import Columns
from app.documents.platypus import Flowable
from app.domain.vocabulary import MeasureDecision


def story(paper: Paper) -> list[Flowable]:
    """The kinds of help to be ticked by the commission, and what the programme already holds."""
    put, words, decision = paper.set, paper.words, paper.decision
    story = [*head(paper), *person(paper, address=True), *decided(paper, capacities=False), *basis(paper)]
    story += put.heading(words("section", "kinds"))
    kinds = [put.item("☐", step, "row") for step in words.steps("kinds")]
    half = (len(kinds) + 1) // 2  # read downwards: the left column first
    story.append(Columns([kinds[:half], kinds[half:]], line=False))
    story += lines(paper, (paper.label("other_help"), paper.label("help_term")))
    held = [one for one in decision.programme if one.row.get("state") != MeasureDecision.REFUSED]
    if held:
        story += put.heading(words("section", "programme"))
        names = [one.name if isinstance(one.name, str) else one.name.of(words.language) for one in held]
        story.append(put.text("; ".join(names), "row"))
    # What the signatures are under goes over the page with them.
    return [*story, *closing(paper, *clauses(paper), *signatures(paper, everybody=True))]
