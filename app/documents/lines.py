"""Paragraphs as our papers have them: broken once, written out at once, and part of the tree that is read."""

from collections.abc import Sequence
from typing import Final

from app.documents import tags
from app.documents.platypus import TA_CENTER, Color, Flowable, Paragraph
from app.documents.tags import Node


class Lines(Paragraph):  # type: ignore[misc]
    """A paragraph that breaks its lines once for a width, however often platypus asks, and is read as `node`."""

    node: Node | None = None
    _wrapped: tuple[float, tuple[float, float]] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # ReportLab throws the lines away when it has tried to split a paragraph.
        if self._wrapped is None or self._wrapped[0] != width or not hasattr(self, "blPara"):
            self._wrapped = width, super().wrap(width, height)
        return self._wrapped[1]

    def split(self, width: float, height: float) -> list[Flowable]:
        parts: list[Flowable] = super().split(width, height)
        for part in parts:
            part.node = self.node
        return parts

    def draw(self) -> None:
        """Written here and not by ReportLab, whose lines could be anything: ours have one size, one colour, and no
        more than a few faces. Each ends with a space, or words would run together for who hears or copies them."""
        page, style, lines = self.canv, self.style, self.blPara.lines
        if not lines:
            return
        simple = self.blPara.kind == 0
        y = self.height - style.fontSize
        said = [page.tree.begin(self.node, page.number), f"{grey(style.textColor)} g BT"]
        for line in lines:
            spare = line[0] if simple else line.extraSpace
            x = style.leftIndent + (spare / 2 if style.alignment == TA_CENTER else 0)
            said.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            y -= style.leading
            runs = (
                [(self.blPara.fontName, " ".join(line[1]))]
                if simple
                else [(run.fontName, run.text) for run in line.words]
            )
            for number, (face, text) in enumerate(runs, start=1):
                whole = f"{text} " if number == len(runs) else text
                said.append(page.shown(face, style.fontSize, whole))
        page._code.append(" ".join([*said, "ET", tags.END]))


class Stretches(Flowable):  # type: ignore[misc]
    """A very long text as several paragraphs on end.

    ReportLab breaks what is left of a paragraph anew on each page, which takes the square of its length.
    """

    def __init__(self, parts: Sequence[Lines]) -> None:
        super().__init__()
        self._parts = list(parts)
        self.style = parts[0].style

    @property
    def node(self) -> Node | None:
        """What all of it is read as."""
        return self._parts[0].node

    @node.setter
    def node(self, node: Node | None) -> None:
        for part in self._parts:
            part.node = node

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._heights = [part.wrap(width, height)[1] for part in self._parts]
        return width, sum(self._heights)

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        fitting = 0
        while fitting < len(self._parts) and self._heights[fitting] <= height:
            height -= self._heights[fitting]
            fitting += 1
        if fitting == len(self._parts):
            return [self]
        halves = self._parts[fitting].split(width, height)
        first, last = [*self._parts[:fitting], *halves[:1]], [*halves[1:], *self._parts[fitting + 1 :]]
        if not halves:
            first, last = self._parts[:fitting], self._parts[fitting:]
        return [Stretches(first), Stretches(last)] if first and last else []

    def draw(self) -> None:
        y = sum(self._heights)
        for part, height in zip(self._parts, self._heights, strict=True):
            y -= height
            part.drawOn(self.canv, 0, y)


COLUMN: Final = "/A<</O/Table/Scope/Column>>"


def within(cell: Node, parts: Sequence[Flowable]) -> None:
    """Let parts be read inside a cell; an empty part too, so that no cell is missing."""
    for part in parts:
        if isinstance(part, Lines | Stretches):
            part.node = part.node or Node("P")
            part.node.under(cell)


def grey(colour: Color) -> str:
    """A colour as a level of grey, which all of ours are."""
    return f"{colour.red:g}"
