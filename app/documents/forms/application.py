"""The application for the examination (өтініш, заявление), filled in as far as the case knows, to be signed."""

from typing import Final

from app.documents.forms.kit import LINE, Paper, closing, head, lines, person, signature
from app.documents.platypus import Flowable, Spacer
from app.domain.vocabulary import FurtherPurpose, Purpose

_PURPOSES: Final = (*Purpose, *FurtherPurpose)


def story(paper: Paper) -> list[Flowable]:
    """Who asks, for what (ticked), consent to the use of data, who acts for the person."""
    decision, label, put, words = paper.decision, paper.label, paper.set, paper.words
    number, on, organisation = decision.referral
    story = [
        *head(paper),
        *person(paper, address=True, identity=True),
        *lines(paper, (label("telephone"), label("mail"))),
    ]
    acting = decision.person.representative
    if acting is not None:
        kind = words.known("representative_kind", acting[1]) if acting[1] else paper.phrase("not_given")
        story += put.fields([[(label("representative"), paper.given(acting[0])), (label("representative_kind"), kind)]])
    story += put.heading(words("section", "asked"))
    story += [
        put.item("☑" if purpose in decision.asked else "☐", words.known("purpose", purpose), "row")
        for purpose in _PURPOSES
    ]
    again = decision.occasion == "repeat"
    story.append(put.item("☑" if again else "☐", words.known("occasion", "repeat"), "row"))
    story.append(Spacer(0, 4))
    shown = paper.phrase("paper", number=paper.given(number), date=paper.day(on), issuer=paper.given(organisation))
    story += put.fields([[(label("referral"), shown)]])
    story += put.heading(words("section", "consent"))
    story += [part for step in words.steps("consent") for part in (put.item("☐", step), Spacer(0, 2))]
    who = paper.given(acting[0] if acting else decision.person.name)
    signed = signature(paper.set, label("applicant"), who, [label("signature_day")])
    got = signature(paper.set, label("taken_by"), LINE, [label("signature_day")])
    return [*story, *closing(paper, Spacer(0, 8), *signed, *got, stamped=False)]
