"""A journal on paper: A4 on its long side, the heads of the columns on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.documents import fonts
from app.documents.fonts import SERIF
from app.documents.layout import BOTTOM, GUTTER, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Columns, Rule, Setter, style
from app.documents.platypus import Flowable, PageBreak, Spacer
from app.documents.sheet import Sheet, build
from app.documents.tags import Node

ACROSS: Final = HEIGHT - LEFT - RIGHT
DOWN: Final = WIDTH - TOP - BOTTOM - 8  # points; a little is left for rounding
LONGEST_CELL: Final = 300  # characters; a row stays on its page


@dataclass(frozen=True, slots=True)
class Journal:
    """What is set: in words already. `about`: lines below the title; `page` holds `{page}` and `{pages}`; `shares`
    weighs the columns; `nothing` stands where there are no rows."""

    title: str
    department: str
    about: Sequence[str]
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Sequence[str]]
    nothing: str
    page: str
    language: str
    sample: bool = False


def render_journal(journal: Journal) -> bytes:
    """The PDF; the same journal gives the same bytes."""
    setter = Setter()
    widths = [share * ACROSS / sum(journal.shares) for share in journal.shares]

    table = Node("Table")

    def cells(texts: Sequence[str], name: str) -> list[list[Flowable]]:
        return [[setter.text(_fitting(text, at), name)] for text, at in zip(texts, widths, strict=True)]

    def heads(*, read: bool = False) -> list[Flowable]:
        """Shown on every page, read on the first one."""
        named = cells(journal.heads, "head")
        for cell in () if read else named:
            cell[0].node = None
        return [Columns(named, journal.shares, line=False, table=table if read else None, head=True), Rule(0.6)]

    story: list[Flowable] = [
        setter.text(journal.department, "letterhead"),
        setter.text(journal.title, "title"),
        *(setter.text(line, "service") for line in journal.about),
        Spacer(0, 8),
        *heads(read=True),
    ]
    head = sum(_height(part) for part in heads())
    left = DOWN - sum(_height(part) for part in story)
    for texts in journal.rows:
        row = Columns(cells(texts, "cell"), journal.shares, table=table)
        high = _height(row)
        if high > left:
            story += [PageBreak(), *heads()]
            left = DOWN - head
        story.append(row)
        left -= high
    if not journal.rows:
        story.append(setter.text(journal.nothing, "note"))
    sheet = Sheet(
        title=journal.title, author=journal.department, language=journal.language, running=journal.title,
        foot=journal.department, page=journal.page, mark=None, across=True, sample=journal.sample,
    )  # fmt: skip
    return build(story, sheet, setter)


def _height(part: Flowable) -> float:
    return float(part.wrap(ACROSS, DOWN)[1]) + float(part.getSpaceBefore()) + float(part.getSpaceAfter())


def _fitting(text: str, width: float) -> str:
    """The text as it fits a column: cut where it would fill a page, broken where a word is wider than the column."""
    if len(text) > LONGEST_CELL:
        text = f"{text[:LONGEST_CELL]}…"
    room, size = width - GUTTER, style("cell").fontSize
    return " ".join(_broken(word, room, size) for word in text.split())


def _broken(word: str, room: float, size: float) -> str:
    if sum(fonts.advance(letter, SERIF) for letter in word) * size <= room:
        return word
    lines, taken = [""], 0.0
    for letter in word:
        taken += fonts.advance(letter, SERIF) * size
        if taken > room and lines[-1]:
            lines.append("")
            taken = fonts.advance(letter, SERIF) * size
        lines[-1] += letter
    return "\n".join(lines)
