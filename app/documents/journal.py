"""A journal on paper: A4 on its long side, the heads of the columns on every page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.documents import fonts
from app.documents.fonts import SERIF
from app.documents.layout import (
    ABOVE,
    BELOW,
    BOTTOM,
    GUTTER,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Columns,
    Rule,
    Setter,
    style,
)
from app.documents.platypus import Flowable, PageBreak, Spacer
from app.documents.sheet import Sheet, build
from app.documents.tags import Node

ACROSS: Final = HEIGHT - LEFT - RIGHT
DOWN: Final = WIDTH - TOP - BOTTOM - 8  # points; a little is left for rounding


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
        for row in _rows([cell for [cell] in cells(texts, "cell")], journal.shares, widths, DOWN - head, table):
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


def _rows(
    cells: Sequence[Flowable], shares: Sequence[float], widths: Sequence[float], room: float, table: Node
) -> Iterator[Columns]:
    """A row; one that is higher than a page goes on in further ones."""
    low = room - ABOVE - BELOW
    while max(cell.wrap(wide - GUTTER, low)[1] for cell, wide in zip(cells, widths, strict=True)) > low:
        parts = [cell.split(wide - GUTTER, low) or [cell] for cell, wide in zip(cells, widths, strict=True)]
        yield Columns([[part[0]] for part in parts], shares, table=table)
        cells = [part[1] if len(part) > 1 else Spacer(0, 0) for part in parts]
        for cell in cells:
            cell.node = None  # read in the row that goes on
    yield Columns([[cell] for cell in cells], shares, table=table)


def _fitting(text: str, width: float) -> str:
    """The text as it fits a column: whole; a word wider than the column is broken between two syllables."""
    room, size = width - GUTTER, style("cell").fontSize
    return " ".join(_broken(word, room, size) for word in text.split())


def _broken(word: str, room: float, size: float) -> str:
    """A word with a hyphen and a line break where it has to be; where there are no syllables (numbers), with a break
    alone: a hyphen would be read as one of theirs."""
    lines = []
    while _wide(word, size) > room and len(word) > 1:
        at = next((at for at in _syllables(word) if _wide(word[:at] + _hyphen(word, at), size) <= room), 0)
        hyphen = _hyphen(word, at) if at else ""
        at = at or max((n for n in range(1, len(word)) if _wide(word[:n], size) <= room), default=1)
        lines.append(word[:at] + hyphen)
        word = word[at:]
    return "\n".join([*lines, word])


def _wide(text: str, size: float) -> float:
    return sum(fonts.advance(letter, SERIF) for letter in text) * size


def _hyphen(word: str, at: int) -> str:
    return "" if word[at - 1] in "-/" else "-"


_VOWELS: Final = frozenset("аәеёиіоөуұүыэюяaeiouy")
_STAY: Final = frozenset("ьъй")  # these belong to what stands before them


def _syllables(word: str) -> list[int]:
    """Where a word of Kazakh, Russian or English letters may be broken, the last place first: behind its own hyphens,
    and before a consonant with its vowel, two letters from either end."""
    low, found = word.lower(), []
    for at in range(1, len(word)):
        if low[at - 1] in "-/":
            found.append(at)
            continue
        before, here, after = low[:at], low[at], low[at + 1 :]
        if not (before[-2:].isalpha() and len(before) > 1 and here.isalpha() and after[:1].isalpha()):
            continue
        piece = before.replace("/", "-").rpartition("-")[2]
        onset = here not in _VOWELS and here not in _STAY and after[0] in _VOWELS
        if onset and len(piece) > 1 and _VOWELS & set(piece):
            found.append(at)
    return found[::-1]
