"""The receipt of the papers that were handed over: what the person took home, for the department's file."""

from app.documents.forms.kit import LINE, Paper, closing, head, lines, person, signature
from app.documents.forms.table import FORMS
from app.documents.grid import Grid
from app.documents.layout import Columns
from app.documents.platypus import Flowable, Spacer
from app.documents.tags import Node
from app.documents.wording import wording

_SHARES = (9.0, 6.0, 4.5, 2.5)


def story(paper: Paper) -> list[Flowable]:
    """Each paper for the person: its number where it stands on a blank, the languages printed so far, a box to tick."""
    put, label, decision = paper.set, paper.label, paper.decision
    story = [*head(paper), *person(paper), *put.heading(paper.words("section", "papers"))]
    table, groups = Node("Table"), list[list[Flowable]]()
    titles = [label(key) for key in ("paper", "number", "languages", "taken")]
    for at, handed in enumerate(decision.beside.handed, start=1):
        title = wording(FORMS[handed.form].words, paper.words.language)("form", "title")
        number = paper.phrase("blank", series=handed.blank.series, number=handed.blank.number) if handed.blank else "–"
        cells = (
            f"{at}. {title}",
            number,
            ", ".join(paper.words("language", code) for code in handed.languages) or LINE,
            "☐",
        )
        groups.append([Columns([[put.text(cell, "row")] for cell in cells], _SHARES, table=table)])
    story.append(Grid(lambda read: [put.heads(titles, _SHARES, table if read else None)], groups))
    if not decision.beside.handed:
        story.append(put.text(paper.phrase("none"), "note"))
    acting = decision.person.representative
    got = signature(paper.set, label("got"), paper.given(acting[0] if acting else decision.person.name),
                    [label("signature_day")])  # fmt: skip
    gave = signature(paper.set, label("gave"), LINE, [label("signature_day")])
    other = lines(paper, (label("other_papers"),))
    return [*story, *closing(paper, Spacer(0, 6), *other, Spacer(0, 8), *got, *gave, stamped=False)]
