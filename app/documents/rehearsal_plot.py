"""The picture of a rehearsal: what would change, by region and by chapter, on one A4 page across; SVG or PDF."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.sax.saxutils import escape

from app import paths
from app.documents import fonts

Form = Literal["svg", "pdf"]

PAGE: Final = (842.0, 595.0)
_MARGIN: Final = 34.0
_GAP: Final = 26.0
_ROW: Final = 15.0
# Told apart without colour too: dark, middle, light, and what is not filled lighter still.
_COLOURS: Final = ("#16324f", "#c8641b", "#a3b1be")
_INK, _PALE, _RULE, _TRACK = "#1d2329", "#5b6670", "#d5dbe1", "#eef1f4"
_SMALL: Final = 0.1


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of bars. Each row: its name, its parts in the order of the colours, and what is written behind it.

    Parts are shares, 0 to 1. A full bar is 100 %, or 10 % where no row of the page has more; that stands above it.
    """

    title: str
    rows: Sequence[tuple[str, Sequence[float], str]]
    legend: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one face at a place; `width` in points."""

    x: float
    y: float
    text: str
    face: str
    size: float
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class _Bar:
    x: float
    y: float
    width: float
    height: float
    colour: str


def render(title: str, lines: Sequence[str], columns: Sequence[Sequence[Panel]], form: Form) -> bytes:
    """The page. Each column holds panels one below the other. The same arguments give the same bytes."""
    fonts.prepare()
    height = PAGE[1]
    sheet, lowest = _drawn(title, lines, columns, height)
    # The page is as tall as what it shows; more than a sheet of paper holds is made smaller in printing.
    height += _MARGIN - lowest
    sheet, _ = _drawn(title, lines, columns, height)
    return _pdf(title, sheet, height) if form == "pdf" else _svg(title, sheet, height)


def _drawn(
    title: str, lines: Sequence[str], columns: Sequence[Sequence[Panel]], height: float
) -> tuple["_Sheet", float]:
    """The drawn page, and where its lowest panel ends."""
    sheet = _Sheet()
    top = height - _MARGIN
    sheet.text(_MARGIN, top - 14, title, 16, bold=True)
    top -= 24
    for line in lines:
        for part in sheet.broken(line, PAGE[0] - 2 * _MARGIN, 9):
            top -= 12
            sheet.text(_MARGIN, top, part, 9, colour=_PALE)
    lowest_of_all = top
    top -= 16
    if not columns:
        return sheet, lowest_of_all
    most = max(sum(parts) for panels in columns for panel in panels for _, parts, _ in panel.rows)
    full = _SMALL if most <= _SMALL else 1.0
    width = (PAGE[0] - 2 * _MARGIN - _GAP * (len(columns) - 1)) / len(columns)
    for number, panels in enumerate(columns):
        x, y = _MARGIN + number * (width + _GAP), top
        for panel in panels:
            lowest = sheet.panel(panel, x, y, width, full)
            y, lowest_of_all = lowest - 18, min(lowest_of_all, lowest)
    return sheet, lowest_of_all


def _pdf(title: str, sheet: "_Sheet", height: float) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(PAGE[0], height))
    canvas.setTitle(title)
    for part in sheet.parts:
        canvas.setFillColor(part.colour)
        if isinstance(part, _Bar):
            canvas.rect(part.x, part.y, part.width, part.height, stroke=0, fill=1)
        else:
            canvas.setFont(part.face, part.size)
            canvas.drawString(part.x, part.y, part.text)
    canvas.save()
    return out.getvalue()


def _svg(title: str, sheet: "_Sheet", height: float) -> bytes:
    """With its faces inside; a program that doesn't read them still gives each text the room it has here."""
    faces = sorted({part.face for part in sheet.parts if isinstance(part, _Run)})
    rules = "".join(
        f"@font-face{{font-family:'{face}';font-weight:{'bold' if face == fonts.SANS_BOLD else 'normal'};"
        f"src:url(data:font/ttf;base64,{_encoded(face)})}}"
        for face in faces
        if face in _EMBEDDED
    )
    said = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAGE[0]:g}pt" height="{height:g}pt" '
        f'viewBox="0 0 {PAGE[0]:g} {height:g}"><title>{escape(title)}</title><style>{rules}'
        "text{white-space:pre}</style>",
        f'<rect width="{PAGE[0]:g}" height="{height:g}" fill="#ffffff"/>',
    ]
    for part in sheet.parts:
        if isinstance(part, _Bar):
            said.append(
                f'<rect x="{part.x:.2f}" y="{height - part.y - part.height:.2f}" width="{part.width:.2f}" '
                f'height="{part.height:.2f}" fill="{part.colour}"/>'
            )
        else:
            bold = ' font-weight="bold"' if part.face == fonts.SANS_BOLD else ""
            said.append(
                f'<text x="{part.x:.2f}" y="{height - part.y:.2f}" font-size="{part.size:g}"{bold} '
                f'fill="{part.colour}" textLength="{part.width:.2f}" lengthAdjust="spacingAndGlyphs" '
                f'xml:space="preserve" font-family="{part.face}, PT Sans, DejaVu Sans, sans-serif">'
                f"{escape(part.text)}</text>"
            )
    said.append("</svg>\n")
    return "\n".join(said).encode("utf-8")


# The face for single signs that the others lack is large, and every system has one with an arrow.
_EMBEDDED: Final = {fonts.SANS: "PTSans-Regular.ttf", fonts.SANS_BOLD: "PTSans-Bold.ttf"}


def _encoded(face: str) -> str:
    return base64.b64encode(paths.resource("fonts", _EMBEDDED[face]).read_bytes()).decode("ascii")


class _Sheet(fonts.Typesetter):
    """What was drawn, in order; y counts upwards from the foot of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[_Run | _Bar] = []

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = _INK) -> None:
        for face, run in self.runs(text, fonts.SANS_BOLD if bold else fonts.SANS):
            width = fonts.width(run, face, size)
            self.parts.append(_Run(x, y, run, face, size, colour, width))
            x += width

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
        self.parts.append(_Bar(x, y, width, height, colour))

    def panel(self, panel: Panel, x: float, y: float, width: float, full: float) -> float:
        """Draws a panel below `y`, a full bar for the share `full`; returns where it ends."""
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
        room = max(self.width(figure, 8) for _, _, figure in panel.rows) + 6
        names = min(max(self.width(name, 8) for name, _, _ in panel.rows) + 6, width * 0.5)
        bars = width - names - room
        y -= 9
        mark = f"{full:.0%}".replace("%", " %")
        self.text(x + names, y, "0", 7, colour=_PALE)
        self.text(x + names + bars - self.width(mark, 7), y, mark, 7, colour=_PALE)
        for name, parts, figure in panel.rows:
            lines = self.broken(name, names - 6, 8)
            height = max(_ROW, 10.0 * len(lines) + 4)
            y -= height
            first = y + (height + 10.0 * len(lines)) / 2 - 9
            for number, line in enumerate(lines):
                self.text(x, first - 10 * number, line, 8)
            at, middle = x + names, y + height / 2 - 4
            self.bar(at, middle, bars, 8, _TRACK)
            for part, colour in zip(parts, _COLOURS, strict=False):
                if part:
                    length = max(bars * part / full, 0.8)
                    self.bar(at, middle, length, 8, colour)
                    at += length
            self.text(x + width - self.width(figure, 8), middle + 1, figure, 8)
        return y
