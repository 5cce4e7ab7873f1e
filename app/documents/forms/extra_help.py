"""The conclusion on the need of additional kinds of help and care (қосымша көмек пен күтім, дополнительная помощь)."""

from app.documents.forms.kit import LINE, Paper, basis, clauses, closing, decided, head, lines, person, signatures
from app.documents.layout import Columns
from app.documents.platypus import Flowable
from app.domain.statements import ExtraHelp
from app.domain.vocabulary import MeasureDecision


def story(paper: Paper) -> list[Flowable]:
    """The kinds of help that the commission chose, else boxes to be ticked; what the programme already holds."""
    put, words, decision = paper.set, paper.words, paper.decision
    story = [*head(paper), *person(paper, address=True), *decided(paper, capacities=()), *basis(paper)]
    chosen, told = decision.help.get("kinds") or (), decision.help
    story += put.heading(words("section", "kinds_found" if chosen else "kinds"))
    kinds = [put.item("☑" if kind in chosen else "☐", words("extra_help", kind), "row") for kind in ExtraHelp]
    half = (len(kinds) + 1) // 2  # read downwards: the left column first
    story.append(Columns([kinds[:half], kinds[half:]], line=False))
    row = [(paper.label(name), told.get(key)) for name, key in (("other_help", "other"), ("help_term", "term"))]
    if any(value for _, value in row):
        story += put.fields([[(label, value or LINE) for label, value in row]])
    else:
        story += lines(paper, [label for label, _ in row])
    held = [one for one in decision.programme if one.row.get("state") != MeasureDecision.REFUSED]
    if held:
        story += put.heading(words("section", "programme"))
        names = [one.name if isinstance(one.name, str) else one.name.of(words.language) for one in held]
        story.append(put.text("; ".join(names), "row"))
    # What the signatures are under goes over the page with them.
    return [*story, *closing(paper, *clauses(paper), *signatures(paper, everybody=True))]
