"""The conclusion on the need of additional kinds of help and care (қосымша көмек пен күтім, дополнительная помощь)."""

from app.documents.forms.kit import Paper, basis, clauses, closing, decided, head, lines, person, signatures
from app.documents.platypus import Flowable, Spacer
from app.domain.vocabulary import MeasureDecision


def story(paper: Paper) -> list[Flowable]:
    """The kinds of help to be ticked by the commission, and what the programme already holds."""
    put, words, decision = paper.set, paper.words, paper.decision
    story = [*head(paper), *person(paper, address=True), *decided(paper, capacities=False), *basis(paper)]
    story += put.heading(words("section", "kinds"))
    story += [put.item("☐", step) for step in words.steps("kinds")]
    story.append(Spacer(0, 4))
    story += lines(paper, (paper.label("other_help"), paper.label("help_term")))
    held = [one for one in decision.programme if one.row.get("state") != MeasureDecision.REFUSED]
    if held:
        story += put.heading(words("section", "programme"))
        for measure in held:
            name = measure.name if isinstance(measure.name, str) else measure.name.of(words.language)
            story.append(put.item("•", name, "row"))
    return [*story, *clauses(paper), *closing(paper, Spacer(0, 6), *signatures(paper, everybody=True))]
