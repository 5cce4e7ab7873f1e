"""A journal on paper: A4 on its long side, the heads of the columns on every page."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from app.documents import fonts
from app.documents.fonts import SERIF
from app.documents.layout import (
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
_LOW: Final = DOWN - 60  # points; what a row may take below the heads of the columns
_SHORT: Final = 200  # characters; so many are lower than a page in the narrowest column


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
        parts = [_parts(text, at, setter) for text, at in zip(texts, widths, strict=True)]
        for line in zip_longest(*parts, fillvalue=""):
            row = Columns([[setter.text(text, "cell")] for text in line], journal.shares, table=table)
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


def _parts(text: str, width: float, setter: Setter) -> list[str]:
    """A cell's text in parts that are no higher than a page: nearly always one."""
    text = _fitting(text, width)
    if len(text) < _SHORT:
        return [text]
    words, parts = text.split(" "), list[str]()
    while words:
        fitting = bisect_left(
            range(1, len(words) + 1), True, key=lambda n: _high(" ".join(words[:n]), width, setter) > _LOW
        )
        parts.append(" ".join(words[: max(fitting, 1)]))
        words = words[max(fitting, 1) :]
    return parts


def _high(text: str, width: float, setter: Setter) -> float:
    return float(setter.text(text, "cell").wrap(width - GUTTER, DOWN)[1])


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
