"""The sheet that every form is set on: A4 or A5, foot, running title, draft mark; and setting a story on it."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final, Literal

from app.documents import archive, fonts, tags
from app.documents.fonts import SANS, SANS_BOLD, Typesetter
from app.documents.layout import BOTTOM, GREY, HAIR, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from app.documents.platypus import (
    ActionFlowable,
    BaseDocTemplate,
    Canvas,
    Color,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    mm,
)
from app.documents.tags import Node, Tree
from app.domain.text import LocalText

A5_HIGH: Final[float] = 148 * mm
"""A5 on its long side is as wide as A4 upright: two of them, one below the other, fill a sheet."""
A5_TOP, A5_BOTTOM = 8 * mm, 12 * mm
MARK: Final = Color(0.925, 0.925, 0.925)
SAMPLE: Final = LocalText(kk="ҮЛГІ", ru="ОБРАЗЕЦ", en="SAMPLE")
SAMPLE_MARK: Final = Color(0.86, 0.86, 0.86)
_TAGS: Final = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What surrounds the text of a paper. `page` holds `{page}` and `{pages}`; `mark` is drawn across each page;
    `across`: A4 lies on its long side."""

    title: str
    author: str
    language: str
    running: str
    foot: str
    page: str
    mark: str | None
    sample: bool
    """everything on the paper is invented: `SAMPLE` is drawn instead of `mark`, darker; no paper leaves it unsaid"""
    across: bool = False
    size: Literal["A4", "A5"] = "A4"
    on: date | None = None
    """the day of what it tells: the file's date, so that a reprint is the same to the byte"""


def _line(
    canvas: Canvas, setter: Typesetter, text: str, face: str, size: float, *, x: float, y: float, align: str = "left"
) -> None:
    """One line of text drawn on the page itself, cut to the width of the text."""
    runs = setter.runs(text.replace("\n", " "), face)
    total = sum(fonts.width(run, used, size) for used, run in runs)
    x -= {"left": 0.0, "right": total, "centre": total / 2}[align]
    for used, run in runs:
        canvas.setFont(used, size)
        canvas.drawString(x, y, run)
        x += fonts.width(run, used, size)


class TooLongError(Exception):
    """A paper has more pages than it may: of two A5 papers on one sheet of A4 each has one."""


def build(
    story: list[Flowable],
    sheet: Sheet,
    setter: Typesetter,
    second: tuple[list[Flowable], Sheet] | None = None,
    *,
    together: bool = True,
    most: int | None = None,
) -> bytes:
    """Set a story on pages; returns the PDF. The same story and sheet give the same bytes.

    `second`: the same paper in another language. An A5 paper then lies above its other language on one sheet of A4,
    with a line to cut along, TooLongError where that can't be; an A4 paper, and one that is not to lie `together` with
    the other, is followed by it. `most`: TooLongError where a language has more pages.
    """
    small = sheet.size == "A5"
    halves = small and second is not None and together
    wide, high = (HEIGHT, WIDTH) if sheet.across else (WIDTH, A5_HIGH if small and not halves else HEIGHT)
    first = _Place(sheet, high - A5_HIGH if halves else 0.0, A5_HIGH if halves else high)
    other = None if second is None else _Place(second[1], 0.0, first.high)

    class Pages(Canvas):  # type: ignore[misc]
        """Holds the pages back until their number is known, then adds what depends on it."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "pdfVersion": archive.VERSION})
            self._held: list[dict[str, Any]] = []
            self.places: list[_Place] = []
            self.tree = Tree()

        @property
        def number(self) -> int:
            """The page that is being drawn, from 0."""
            return len(self._held)

        def shown(self, face: str, size: float, text: str) -> str:
            """The operators that show a text."""
            font, doc = fonts.registered(face), self._doc
            return " ".join(
                f"{font.getSubsetInternalName(subset, doc)} {size:g} Tf <{codes.hex()}> Tj"
                for subset, codes in font.splitString(text, doc)
            )

        def showPage(self) -> None:  # noqa: N802 - ReportLab's name
            self._held.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            allowed = 1 if halves else most * (1 if second is None else 2) if most is not None else None
            if allowed is not None and len(self._held) > allowed:
                raise TooLongError
            for page, state in enumerate(self._held, start=1):
                self.__dict__.update(state)
                for place in self.places:
                    place.surround(self, setter, page, len(self._held), wide)
                super().showPage()
            language = _TAGS[sheet.language]
            tree = self.tree.write(self._doc, language)
            archive.fit_for_archive(
                self._doc, title=sheet.title, author=sheet.author, language=language, on=sheet.on, tags=tree
            )
            super().save()

    def template(name: str, places: list[_Place]) -> PageTemplate:
        def background(canvas: Any, _document: BaseDocTemplate) -> None:
            canvas.places = places
            for place in places:
                place.mark(canvas, setter, wide)
            if len(places) > 1:
                cut = f"q {HAIR.red:g} G 0.4 w [4 4] 0 d 0 {A5_HIGH:.2f} m {wide:.2f} {A5_HIGH:.2f} l S Q"
                canvas._code.append(f"{tags.BEGIN} {cut} {tags.END}")

        frames = [
            Frame(LEFT, place.low + place.bottom, wide - LEFT - RIGHT, place.high - place.top - place.bottom,
                  leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
            for place in places
        ]  # fmt: skip
        return PageTemplate(id=name, frames=frames, onPage=background)

    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=(wide, high),
        lang=_TAGS[sheet.language],
    )
    templates = [template("first", [first, other] if halves and other else [first])]
    if second is not None and other is not None:
        turn = [FrameBreak()] if halves else [NextPageTemplate("second"), PageBreak()]
        story = [_In(sheet), *story, *turn, _In(second[1]), *second[0]]
        if not halves:
            templates.append(template("second", [other]))
    document.addPageTemplates(templates)
    document.build(story, canvasmaker=Pages)
    return out.getvalue()


class _In(ActionFlowable):  # type: ignore[misc]
    """From here on the language is that of this sheet."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._language = _TAGS[sheet.language]

    def apply(self, doc: BaseDocTemplate) -> None:
        doc.canv.tree.section(self._language)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paper lies on the page: from `low`, `high` points high."""

    sheet: Sheet
    low: float
    high: float

    @property
    def top(self) -> float:
        return float(A5_TOP if self.sheet.size == "A5" else TOP)

    @property
    def bottom(self) -> float:
        return float(A5_BOTTOM if self.sheet.size == "A5" else BOTTOM)

    def mark(self, canvas: Canvas, setter: Typesetter, wide: float) -> None:
        """DRAFT or SAMPLE across the paper; the first one is read, with what it stands for."""
        sheet = self.sheet
        mark = SAMPLE.of(sheet.language) if sheet.sample else sheet.mark
        if not mark:
            return
        canvas.saveState()
        first = Node("P", None, tags.entry("Lang", _TAGS[sheet.language]))
        canvas._code.append(tags.MARK if canvas.number else canvas.tree.begin(first, 0))
        canvas.setFillColor(SAMPLE_MARK if sheet.sample else MARK)
        canvas.translate(wide / 2, self.low + self.high / 2)
        canvas.rotate(55 if sheet.size == "A4" else 30)
        size = min(120.0, 0.7 * self.high / max(fonts.width(mark, SANS_BOLD, 1.0), 0.1))
        _line(canvas, setter, mark, SANS_BOLD, size, x=0, y=-size / 3, align="centre")
        canvas._code.append(tags.END)
        canvas.restoreState()

    def surround(self, canvas: Canvas, setter: Typesetter, page: int, pages: int, wide: float) -> None:
        """Foot with the number of the page; the running title from the second page on."""
        sheet, foot, head = self.sheet, self.low + self.bottom, self.low + self.high - self.top
        canvas._code.append(tags.FOOT)
        canvas.setFillColor(GREY)
        canvas.setStrokeColor(HAIR)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, foot - 3 * mm, wide - RIGHT, foot - 3 * mm)
        _line(canvas, setter, sheet.foot, SANS, 8, x=LEFT, y=foot - 7 * mm)
        counted = sheet.page.format(page=page, pages=pages)
        _line(canvas, setter, counted, SANS, 8, x=wide - RIGHT, y=foot - 7 * mm, align="right")
        canvas._code.append(tags.END)
        if page > 1:
            canvas._code.append(tags.HEAD)
            _line(canvas, setter, sheet.running, SANS, 8, x=LEFT, y=head + 4 * mm)
            canvas.line(LEFT, head + 2.5 * mm, wide - RIGHT, head + 2.5 * mm)
            canvas._code.append(tags.END)
