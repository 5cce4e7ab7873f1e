"""Tables that go on to further pages: the head stands on each of them, a row stays with what belongs to it."""

from collections.abc import Callable, Sequence

from app.documents.layout import BOTTOM, HEIGHT, TOP
from app.documents.lines import within
from app.documents.platypus import Flowable
from app.documents.tags import Node


class Grid(Flowable):  # type: ignore[misc]
    """Groups of flowables below a head. `head(read)` makes the head; it is read once and shown on every page.

    A group breaks only where it is higher than a page.
    """

    def __init__(
        self, head: Callable[[bool], Sequence[Flowable]], groups: Sequence[Sequence[Flowable]], *, first: bool = True
    ) -> None:
        super().__init__()
        self._make, self._groups = head, [list(group) for group in groups]
        self._head = list(head(first))

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self._width = width
        self._places = [_stacked(part, width, height) for part in (self._head, *self._groups)]
        self._heights = [sum(above + high for above, high in places) for places in self._places]
        return width, sum(self._heights)

    def split(self, width: float, height: float) -> list[Flowable]:
        self.wrap(width, height)
        left = height - self._heights[0]
        fitting = 0
        while fitting < len(self._groups) and self._heights[fitting + 1] <= left:
            left -= self._heights[fitting + 1]
            fitting += 1
        if fitting == len(self._groups):
            return [self]
        if not fitting and self._heights[1] > HEIGHT - TOP - BOTTOM - self._heights[0]:
            others = [Grid(self._make, self._groups[1:], first=False)] if self._groups[1:] else []
            return [*self._head, *self._groups[0], *others]
        if not fitting:
            return []
        here = Grid(self._make, self._groups[:fitting])
        here._head = self._head
        return [here, Grid(self._make, self._groups[fitting:], first=False)]

    def draw(self) -> None:
        y = sum(self._heights)
        for part, places in zip((self._head, *self._groups), self._places, strict=True):
            for flowable, (above, high) in zip(part, places, strict=True):
                y -= above + high
                flowable.drawOn(self.canv, 0, y)


def _stacked(parts: Sequence[Flowable], width: float, height: float) -> list[tuple[float, float]]:
    """The heights of parts one below the other, each with the room above it, as platypus would leave it."""
    placed, after = [], 0.0
    for part in parts:
        above = max(float(part.getSpaceBefore()) - after, 0.0) + after
        placed.append((above, float(part.wrap(width, height)[1])))
        after = float(part.getSpaceAfter())
    return placed


def across(table: Node, columns: int, parts: Sequence[Flowable], *, head: bool = False) -> list[Flowable]:
    """Parts that are read as a row of one cell; `head`: it names the rows below it."""
    entries = f"/A<</O/Table/ColSpan {columns}{'/Scope/Row' if head else ''}>>"
    cell = Node("TH" if head else "TD", Node("TR", table), entries)
    shown = [part for part in parts if getattr(part, "node", None) is not None]
    for part in shown:
        if part.node.role[0] == "H":
            part.node.role = "P"
    within(cell, shown)
    return list(parts)
