"""The picture of a rehearsal: what would change, by region and by chapter, on one A4 page across; SVG or PDF."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from app import paths
from app.documents import fonts

Form = Literal["svg", "pdf"]

PAGE: Final = (842.0, 595.0)
_MARGIN: Final = 34.0
_GAP: Final = 26.0
_ROW: Final = 15.0
# Told apart without colour too: dark, middle, light.
_COLOURS: Final = ("#16324f", "#c8641b", "#b9c3cd")
_INK, _PALE, _RULE = "#1d2329", "#5b6670", "#d5dbe1"


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of bars. Each row: its name, its parts in the order of the colours, and what is written behind it.

    `whole`: the number a full bar stands for. Without rows `nothing` is said.
    """

    title: str
    rows: Sequence[tuple[str, Sequence[float], str]]
    whole: float
    nothing: str
    legend: Sequence[str] = ()


def render(title: str, lines: Sequence[str], columns: Sequence[Sequence[Panel]], form: Form) -> bytes:
    """The page. Each column holds panels one below the other. The same arguments give the same bytes."""
    fonts.prepare()
    height = PAGE[1]
    drawing, lowest = _drawn(title, lines, columns, height)
    if lowest < _MARGIN:  # more than a page holds: the page grows, and is made smaller in printing
        drawing, _ = _drawn(title, lines, columns, height + _MARGIN - lowest)
    if form == "pdf":
        from reportlab.graphics import renderPDF

        return bytes(renderPDF.drawToString(drawing, title))
    from reportlab.graphics import renderSVG

    return _with_faces(renderSVG.drawToString(drawing))


def _drawn(title: str, lines: Sequence[str], columns: Sequence[Sequence[Panel]], height: float) -> tuple[Any, float]:
    """The drawing, and where its lowest panel ends."""
    from reportlab.graphics.shapes import Drawing

    drawing = Drawing(PAGE[0], height)
    sheet = _Sheet(drawing)
    top = lowest_of_all = height - _MARGIN
    sheet.text(_MARGIN, top - 14, title, 16, bold=True)
    top -= 24
    for line in lines:
        for part in sheet.broken(line, PAGE[0] - 2 * _MARGIN, 9):
            top -= 12
            sheet.text(_MARGIN, top, part, 9, colour=_PALE)
    top -= 16
    width = (PAGE[0] - 2 * _MARGIN - _GAP * (len(columns) - 1)) / len(columns)
    for number, panels in enumerate(columns):
        x, y = _MARGIN + number * (width + _GAP), top
        for panel in panels:
            lowest = sheet.panel(panel, x, y, width)
            y, lowest_of_all = lowest - 18, min(lowest_of_all, lowest)
    return drawing, lowest_of_all


class _Sheet(fonts.Typesetter):
    def __init__(self, drawing: Any) -> None:
        super().__init__()
        self._drawing = drawing

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = _INK) -> None:
        from reportlab.graphics.shapes import String
        from reportlab.lib.colors import HexColor

        for face, run in self.runs(text, fonts.SANS_BOLD if bold else fonts.SANS):
            self._drawing.add(String(x, y, run, fontName=face, fontSize=size, fillColor=HexColor(colour)))
            x += fonts.width(run, face, size)

    def width(self, text: str, size: float, face: str = fonts.SANS) -> float:
        return sum(fonts.width(run, found, size) for found, run in self.runs(text, face))

    def broken(self, text: str, room: float, size: float, face: str = fonts.SANS) -> list[str]:
        """The text in lines that fit."""
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, size, face) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from reportlab.graphics.shapes import Rect
        from reportlab.lib.colors import HexColor

        self._drawing.add(Rect(x, y, width, height, fillColor=HexColor(colour), strokeColor=None, strokeWidth=0))

    def panel(self, panel: Panel, x: float, y: float, width: float) -> float:
        """Draws a panel below `y`; returns where it ends."""
        for line in self.broken(panel.title, width, 10.5, fonts.SANS_BOLD):
            y -= 13
            self.text(x, y, line, 10.5, bold=True)
        if panel.legend:
            y -= 13
            at = x
            for name, colour in zip(panel.legend, _COLOURS, strict=False):
                self.bar(at, y, 7, 7, colour)
                self.text(at + 10, y, name, 7.5, colour=_PALE)
                at += 18 + self.width(name, 7.5)
        y -= 5
        self.bar(x, y, width, 0.6, _RULE)
        if not panel.rows:
            self.text(x, y - 14, panel.nothing, 8.5, colour=_PALE)
            return y - 14
        room = max(self.width(figure, 8) for _, _, figure in panel.rows) + 6
        names = min(max(self.width(name, 8) for name, _, _ in panel.rows) + 6, width * 0.5)
        bars = width - names - room
        for name, parts, figure in panel.rows:
            lines = self.broken(name, names - 6, 8)
            height = max(_ROW, 10.0 * len(lines) + 4)
            y -= height
            first = y + (height + 10.0 * len(lines)) / 2 - 9
            for number, line in enumerate(lines):
                self.text(x, first - 10 * number, line, 8)
            at, middle = x + names, y + height / 2 - 4
            for part, colour in zip(parts, _COLOURS, strict=False):
                length = bars * part / panel.whole if panel.whole else 0.0
                if part:
                    self.bar(at, middle, max(length, 0.8), 8, colour)
                    at += max(length, 0.8)
            self.text(x + width - self.width(figure, 8), middle + 1, figure, 8)
        return y


def _with_faces(svg: str) -> bytes:
    """The picture with its faces inside, so that it looks the same wherever it is opened."""
    rules = "".join(
        f"@font-face{{font-family:'{face}';src:url(data:font/ttf;base64,{_encoded(file)})}}"
        for face, file in ((fonts.SANS, "PTSans-Regular.ttf"), (fonts.SANS_BOLD, "PTSans-Bold.ttf"))
    )
    head, mark, rest = svg.partition("<g ")
    return f"{head}<style>{rules}</style>{mark}{rest}".encode()


def _encoded(file: str) -> str:
    return base64.b64encode(paths.resource("fonts", file).read_bytes()).decode("ascii")
