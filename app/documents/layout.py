"""What stands on the sheet of a form: margins, styles, fields, columns, boxes. The sheet itself is `sheet`.

Black on white and nothing filled: papers are copied and printed on old laser printers. Sizes are for readers of 70:
text 10.5 pt, nothing below 8. The left margin is wide enough to be filed.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from app.documents import fonts, tags
from app.documents.fonts import SANS, SANS_BOLD, SERIF, SERIF_BOLD, SERIF_ITALIC, Typesetter
from app.documents.lines import COLUMN, Lines, Stretches, grey, within
from app.documents.platypus import (
    A4,
    TA_CENTER,
    Color,
    CondPageBreak,
    Flowable,
    Paragraph,
    ParagraphStyle,
    Table,
    black,
    mm,
)
from app.documents.tags import Node

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 15 * mm, 16 * mm, 16 * mm
TEXT_WIDTH: Final = WIDTH - LEFT - RIGHT
GREY: Final = Color(0.35, 0.35, 0.35)
HAIR: Final = Color(0.72, 0.72, 0.72)
GUTTER, ABOVE, BELOW = 6.0, 1.0, 2.5
LONG: Final = 120  # characters; a longer value gets the whole width, where it can break over pages
BREAK: Final = TEXT_WIDTH - 36  # points; an endless word is broken here: inside a box and an inset there is this much
STRETCH: Final = 60  # lines; about a page
# What a paragraph of a style is read as, where it isn't simply a paragraph.
_ROLES: Final = {
    "title": "H1", "small_title": "H1", "plain_title": "H1", "close_title": "H1",
    "closer_title": "H1", "tight_title": "H1", "large_title": "H1",
    "heading": "H2", "plain_heading": "H2", "close_heading": "H2", "closer_heading": "H2",
    "large_heading": "H2", "subheading": "H3", "source": "H3",
}  # fmt: skip


@cache
def style(name: str) -> ParagraphStyle:
    """The paragraph styles, by name."""
    face, size, leading, more = {
        "text": (SERIF, 10.5, 13.5, {}),
        "strong": (SERIF_BOLD, 10.5, 13.5, {}),
        "row": (SERIF, 10, 12, {}),
        "blank": (SERIF, 10.5, 17, {}),
        "signature": (SERIF, 10.5, 14.5, {}),
        "decision": (SERIF_BOLD, 12.5, 16, {}),
        "label": (SANS, 8.5, 10.5, {"textColor": GREY, "spaceBefore": 1}),
        "small": (SERIF, 9, 11.5, {}),
        "inset": (SERIF, 9, 11.5, {"leftIndent": 10}),
        "item": (SERIF, 9, 11.5, {"spaceBefore": 4}),
        "note": (SERIF_ITALIC, 9, 11.5, {}),
        "source": (SANS, 8.5, 10.5, {"textColor": GREY, "spaceBefore": 2}),
        "fine": (SANS, 8, 10, {"textColor": GREY}),
        "cell": (SERIF, 8, 9.5, {}),
        "head": (SANS_BOLD, 8, 9.5, {}),
        "heading": (SANS_BOLD, 10.5, 13, {"spaceBefore": 8, "spaceAfter": 1}),
        "subheading": (SANS_BOLD, 9, 11.5, {"spaceBefore": 5, "spaceAfter": 1}),
        "code": (SANS_BOLD, 24, 36, {"alignment": TA_CENTER}),
        "letterhead": (SANS, 9.5, 12, {"alignment": TA_CENTER}),
        "small_letterhead": (SANS, 8.5, 10.5, {"alignment": TA_CENTER}),
        "title": (SERIF_BOLD, 17, 21, {"alignment": TA_CENTER, "spaceBefore": 9, "spaceAfter": 4}),
        "small_title": (SERIF_BOLD, 15, 18, {"alignment": TA_CENTER, "spaceBefore": 4}),
        "tight_title": (SERIF_BOLD, 12.5, 15, {"alignment": TA_CENTER, "spaceBefore": 3}),
        "service": (SERIF_ITALIC, 9.5, 12, {"alignment": TA_CENTER, "spaceBefore": 3}),
        "number": (SERIF, 11.5, 15, {"alignment": TA_CENTER, "spaceBefore": 3}),
        "plain": (SERIF, 11.5, 15, {"spaceBefore": 1.5}),
        "plain_title": (SERIF_BOLD, 18, 22, {"alignment": TA_CENTER}),
        "plain_heading": (SANS_BOLD, 12.5, 15.5, {"spaceBefore": 7, "spaceAfter": 1}),
        "plain_note": (SERIF, 9.5, 12, {"spaceBefore": 1}),
        "close": (SERIF, 11, 14, {"spaceBefore": 1}),
        "close_title": (SERIF_BOLD, 17, 21, {"alignment": TA_CENTER}),
        "close_heading": (SANS_BOLD, 12, 15, {"spaceBefore": 5, "spaceAfter": 0.5}),
        "close_note": (SERIF, 9.5, 12, {}),
        "closer": (SERIF, 10.5, 13.2, {"spaceBefore": 0.5}),
        "closer_title": (SERIF_BOLD, 16, 19, {"alignment": TA_CENTER}),
        "closer_heading": (SANS_BOLD, 11, 13.5, {"spaceBefore": 4, "spaceAfter": 0}),
        "closer_note": (SERIF, 9, 11, {}),
        "large_note": (SERIF, 14, 18, {"spaceBefore": 3}),
        "large": (SERIF, 18, 22.5, {"spaceBefore": 3}),
        "large_title": (SERIF_BOLD, 25, 30, {"alignment": TA_CENTER}),
        "large_heading": (SANS_BOLD, 19, 23, {"spaceBefore": 10, "spaceAfter": 1}),
        "centred": (SERIF, 10.5, 13.5, {"alignment": TA_CENTER}),
    }[name]
    return ParagraphStyle(
        name, fontName=face, fontSize=size, leading=leading, bulletFontName=face, allowWidows=0, allowOrphans=0, **more
    )


@cache
def _pattern(name: str) -> Any:
    return Paragraph("x", style(name)).frags[0]


class Setter(Typesetter):
    """Makes flowables out of plain text: the only way text comes onto a paper."""

    def __init__(self) -> None:
        super().__init__()
        self._told: list[str] = []

    def take(self) -> list[str]:
        """Every text that was set since this was asked last."""
        taken, self._told = self._told, []
        return taken

    def text(self, text: str, name: str = "text") -> Flowable:
        """A paragraph of plain text (line breaks kept) in a named style."""
        return self.spans([(style(name).fontName, text)], name)

    def spans(self, parts: Iterable[tuple[str, str]], name: str = "text") -> Flowable:
        """A paragraph out of `(face, text)` parts.

        The fragments are made here, not by ReportLab's parser of markup: that takes a fifth of the time of a form,
        and text that is never markup needs no escaping.
        """
        stretches: list[list[Any]] = [[]]
        breaks = 0
        for face, part in parts:
            self._told.append(part)
            for used, run in self.runs(_broken(part, face, style(name).fontSize), face):
                for number, line in enumerate(run.split("\n")):
                    if number:
                        breaks += 1
                        if breaks % STRETCH:
                            stretches[-1].append(_pattern(name).clone(text="", lineBreak=True))
                        else:
                            stretches.append([])
                    if line:
                        stretches[-1].append(_pattern(name).clone(text=line, fontName=used))
        paragraphs = [
            Lines(None, style(name), frags=fragments or [_pattern(name).clone(text="")]) for fragments in stretches
        ]
        made = Stretches(paragraphs) if len(paragraphs) > 1 else paragraphs[0]
        if any(not run.text.isspace() for fragments in stretches for run in fragments if run.text):
            made.node = Node(_ROLES.get(name, "P"))
        return made

    def heading(self, text: str, *, room: float = 52) -> list[Flowable]:
        """A section's heading with a rule under it, not set where less than `room` points are left on the page.

        Room is asked for instead of keeping it with what follows: a long text would be pushed to the next page whole.
        """
        return [*_room(room), self.text(text, "heading"), Rule(0.6)]

    def subheading(self, text: str, *, room: float = 40, name: str = "subheading") -> list[Flowable]:
        """A smaller heading, likewise."""
        return [*_room(room), self.text(text, name)]

    def item(self, mark: str, text: str, name: str = "text") -> Flowable:
        """A line of a list, behind its mark."""
        line = self.text(f"{mark} {text}", name)
        line.node = Node("LBody", Node("LI"))
        return line

    def heads(self, titles: Sequence[str], shares: Sequence[float], table: Node | None) -> Flowable:
        """The head of a table: read as its first row, or where there is no `table` shown alone."""
        cells = [[self.text(title, "label")] for title in titles]
        if table is None:
            for cell in cells:
                cell[0].node = None
        return Columns(cells, shares, table=table, head=True)

    def labelled(self, label: str, value: str, name: str = "text", *, room: float = 40) -> list[Flowable]:
        """A value under its label, over the whole width; a long value breaks over pages."""
        return [*_room(room), *pair(self.text(label, "label"), self.text(value, name))]

    def fields(
        self, rows: Sequence[Sequence[tuple[str, str]]], shares: Sequence[float] = (), *, name: str = "text"
    ) -> list[Flowable]:
        """Rows of `(label, value)`, each over a hair line; columns share the width evenly, or as `shares` says."""
        flowables: list[Flowable] = []
        for row in rows:
            if any(is_long(value) for _, value in row):
                for label, value in row:
                    flowables += [*self.labelled(label, value), Rule(0.25, HAIR)]
                continue
            cells = [pair(self.text(label, "label"), self.text(value, name)) for label, value in row]
            flowables.append(Columns(cells, shares, pairs=True))
        return flowables


def pair(label: Flowable, value: Flowable) -> list[Flowable]:
    """A label and its value, read as one line of a list; a line to write on is an empty value."""
    line = Node("LI")
    for part, role in ((label, "Lbl"), (value, "LBody")):
        part.node = Node(role, line)
    return [label, value]


def _broken(text: str, face: str, size: float) -> str:
    """Text whose endless words have line breaks: ReportLab would measure such a word again and again."""
    if len(text) <= LONG or all(len(word) <= LONG for word in text.split()):
        return text
    return re.sub(rf"\S{{{LONG + 1},}}", lambda found: _broken_word(found[0], face, size), text)


def _broken_word(word: str, face: str, size: float) -> str:
    lines, begin, taken = [], 0, 0.0
    for position, character in enumerate(word):
        taken += fonts.advance(character, face) * size
        if taken > BREAK:
            lines.append(word[begin:position])
            begin, taken = position, fonts.advance(character, face) * size
    return "\n".join([*lines, word[begin:]])


def one_line(text: str) -> str:
    """A name or a number: line breaks in it could pass for another line of the form."""
    return " ".join(text.split())


def is_long(value: str) -> bool:
    """Whether a value may outgrow a column, which does not break over pages."""
    return len(value) > LONG or value.count("\n") > 3


def _room(points: float) -> list[Flowable]:
    return [CondPageBreak(points)] if points else []


class Columns(Flowable):  # type: ignore[misc]
    """Short paragraphs side by side, over a hair line: what a table row is, at a fraction of its cost.

    `shares` weighs the columns. It never breaks over pages: long text belongs into paragraphs of its own. `pairs`: each
    cell is a label and its value. With a `table` it is read as a row of it, else cell by cell; `head`: the row that
    names the columns.
    """

    def __init__(
        self, cells: Sequence[Sequence[Flowable]], shares: Sequence[float] = (), *, line: bool = True,
        pairs: bool = False, table: Node | None = None, head: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._cells, self._shares, self.line = cells, shares or [1.0] * len(cells), line
        self._pairs = pairs
        self._wrapped: float | None = None
        if table is not None:
            row = Node("TR", table)
            for cell in cells:
                within(Node("TH", row, COLUMN) if head else Node("TD", row), cell)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        if width != self._wrapped:  # platypus asks several times; breaking lines once is enough
            self._wrapped = width
            unit = width / sum(self._shares)
            self._widths = [share * unit for share in self._shares]
            self._heights = [
                [part.wrap(across - GUTTER, HEIGHT)[1] for part in cell]
                for cell, across in zip(self._cells, self._widths, strict=True)
            ]
            if self._pairs:  # values stand on one line, each label just above its own
                tallest = max(heights[0] for heights in self._heights)
                self._heights = [[tallest, *heights[1:]] for heights in self._heights]
            self._height = max(sum(heights) for heights in self._heights) + ABOVE + BELOW
        return width, self._height

    def draw(self) -> None:
        x = 0.0
        for cell, heights, across in zip(self._cells, self._heights, self._widths, strict=True):
            y = self._height - ABOVE
            for part, height in zip(cell, heights, strict=True):
                y -= height
                part.drawOn(self.canv, x, y)
            x += across
        if self.line:
            self.canv._code.append(f"{tags.BEGIN} {grey(HAIR)} G 0.25 w 0 0 m {self._wrapped:.2f} 0 l S {tags.END}")


class _Box(Table):  # type: ignore[misc]
    def _drawLines(self) -> None:  # noqa: N802 - ReportLab's name
        self.canv._code.append(tags.BEGIN)
        super()._drawLines()
        self.canv._code.append(tags.END)


def box(content: Sequence[Flowable], width: float = TEXT_WIDTH) -> Table:
    """A frame around what matters most; breaks over pages where it must. The frame is the line below the last row."""
    if content and isinstance(content[-1], Columns):
        content[-1].line = False
    return _Box(
        [[list(content)]],
        colWidths=[width],
        splitInRow=1,
        spaceBefore=4,
        spaceAfter=4,
        style=[
            ("BOX", (0, 0), (-1, -1), 1.2, black),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("RIGHTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ],
    )


class Rule(Flowable):  # type: ignore[misc]
    """A horizontal line over the width there is."""

    def __init__(self, thickness: float, colour: Color = black) -> None:
        super().__init__()
        self._thickness, self._colour = thickness, colour

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self._width = width
        return width, 3

    def draw(self) -> None:
        told = f"{grey(self._colour)} G {self._thickness:g} w 0 1.5 m {self._width:.2f} 1.5 l S"
        self.canv._code.append(f"{tags.BEGIN} {told} {tags.END}")
