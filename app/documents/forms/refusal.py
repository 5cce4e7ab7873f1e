"""The refusal to hold the examination (бас тарту, отказ), with its ground."""

from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.forms.kit import Paper, appeal_day, closing, head, person, signature, telephones, to_whom
from app.documents.layout import box
from app.documents.platypus import Flowable, Spacer


def story(paper: Paper) -> list[Flowable]:
    """Who applied, when and why it was refused, where that ground comes from; what can be done, until when, and where
    to ask."""
    ending, words, put = paper.decision.ending, paper.words, paper.set
    if ending is None:
        raise ValueError("no ending")
    said = ending.ground.of(words.language) if ending.ground else ""
    inside = [put.text(paper.label("ground"), "label"), put.text(said or ending.text, "decision")]
    if said and ending.text:
        inside += put.labelled(paper.label("explained"), ending.text, room=0)
    if ending.source:
        inside.append(put.text(f"{paper.label('source')}: {ending.source.of(words.language)}", "source"))
    day, note = appeal_day(paper)
    story = [
        *head(paper),
        *put.fields([
            [(paper.label("case"), paper.given(paper.decision.number)), (paper.label("on"), paper.dated(ending.on))]
        ]),
        *(part for row in to_whom(paper, "to") for part in put.fields([[row]])),
        *person(paper, address=True),
        Spacer(0, 4),
        box(inside),
        *put.heading(words("section", "next")),
        *(part for step in words.steps("next") for part in (put.item("•", step), Spacer(0, 2))),
        *put.fields([[(paper.label("appeal_until"), day)]]),
        put.text(note, "note"),
        *put.heading(words("section", "ask")),
        *(put.spans([(SERIF_BOLD, number), (SERIF, f" – {whose}")]) for number, whose in telephones(words.language)),
    ]  # fmt: skip
    signed = signature(paper.set, words.known("role", "head"), paper.given(ending.head), [paper.label("signature")])
    got = signature(
        paper.set, paper.label("got"), paper.given(paper.decision.person.name), [paper.label("signature_day")]
    )
    return [*story, *closing(paper, Spacer(0, 8), *signed, *got)]
