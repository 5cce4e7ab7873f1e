"""What only the act (МӘС актісі, акт МСЭ) has: what each specialist found, prognoses, that a programme was made."""

from app.documents.conclusion_programme import recommended
from app.documents.conclusion_story import Page
from app.documents.fonts import SERIF, SERIF_BOLD
from app.documents.platypus import Flowable, Spacer
from app.domain.observations import Section, Specialist, path_of
from app.domain.statements import PROGNOSES

_LINE = "\u00a0"


def observations(page: Page) -> list[Flowable]:
    """Each specialist who wrote something, text by text, as it was entered; lines to write on where nobody did."""
    story: list[Flowable] = []
    for who in Specialist:
        texts = [(section, page.content.get(path_of(who, section))) for section in Section]
        written = [(section, text) for section, text in texts if text]
        if written:
            story += page.set.subheading(page.words("specialist", who))
        for section, text in written:
            story += _text(page, page.words("observed", section), str(text))
    if not story:
        for section in (Section.COMPLAINTS, Section.HISTORY, Section.WORK_SOCIAL, Section.OBJECTIVE):
            story += page.set.fields([[(page.words("observed", section), _LINE)]], name="blank")
    return [*page.set.heading(page.words("section", "observations")), *story]


def _text(page: Page, name: str, text: str) -> list[Flowable]:
    """A text of any length; each of its lines may go on on the next page."""
    first, *others = [line.strip() for line in text.splitlines() if line.strip()]
    told = [page.set.spans([(SERIF_BOLD, f"{name}: "), (SERIF, first)])]
    return [*told, *(page.set.text(line) for line in others), Spacer(0, 2)]


def prognoses(page: Page) -> list[Flowable]:
    """What the commission foresees; where it said nothing, lines to write on."""
    told = page.content.get(PROGNOSES) or {}
    row = [
        (page.label(label), page.words.known(table, told[key]) if told.get(key) else _LINE)
        for label, key, table in (
            ("clinical_prognosis", "clinical", "prognosis"), ("potential", "potential", "potential"),
            ("labour_prognosis", "work", "prognosis"),
        )
    ]  # fmt: skip
    return page.set.fields([row], name="text" if any(told.values()) else "blank")


def programme_paper(page: Page) -> list[Flowable]:
    """That a programme was made, and what is recommended; where there is neither, a line for it."""
    story: list[Flowable] = []
    if page.content.measures:
        told = page.phrase("programme_made", n=len(page.content.measures))
        story = page.set.fields([[(page.label("programme_paper"), told)]])
    advised = recommended(page)
    if not story and not advised:
        return page.set.fields([[(page.label("recommendations"), _LINE)]], name="blank")
    return [*story, *advised]
