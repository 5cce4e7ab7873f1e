"""The bundled faces, and text split into runs that each face can really show.

ReportLab leaves out a character that a face lacks, without a word, and slips in an un-embedded Helvetica where no
font is named. Both are refused here: `prepare` names a bundled face as the base font before anything of platypus is
imported, and every text passes through a `Typesetter`, which falls back to DejaVu Sans character by character and
shows a sign where even that face has no glyph, remembering which character it was.
"""

import re
import unicodedata
from functools import cache
from itertools import groupby
from typing import Any, Final

from app import paths

SERIF: Final = "PTSerif"
SERIF_BOLD: Final = "PTSerif-Bold"
SERIF_ITALIC: Final = "PTSerif-Italic"
SANS: Final = "PTSans"
SANS_BOLD: Final = "PTSans-Bold"
FALLBACK: Final = "DejaVuSans"

_FILES: Final = {
    SERIF: "PTSerif-Regular.ttf",
    SERIF_BOLD: "PTSerif-Bold.ttf",
    SERIF_ITALIC: "PTSerif-Italic.ttf",
    SANS: "PTSans-Regular.ttf",
    SANS_BOLD: "PTSans-Bold.ttf",
    FALLBACK: "DejaVuSans.ttf",
}
_SPACES: Final = str.maketrans({"\r": "\n", "\t": " ", "\u2009": "\u00a0", "\u202f": "\u00a0"})
_TIED: Final = re.compile(r"(№|No\.|степень|degree|(?<![\d.,/:-])(?<!№ )\d{1,3}) (?=[\w%])|(?<=\w) (?=[–—] |…)")
"""a number stays on the line of its sign and of what it counts (№ 12, 65 %, 2 жыл), a dash on that of its word"""
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


@cache
def prepare() -> None:
    """Register the faces and make ReportLab deterministic; must run before platypus is imported. Once, some 50 ms."""
    from reportlab import rl_config

    rl_config.canvas_basefontname = SERIF
    rl_config.invariant = 1  # no time of day and no random id in the file: printed again, the bytes are equal
    rl_config.useA85 = 0  # text armour makes files a quarter larger and slower, for channels that no longer exist
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics

    from app.documents.embedding import Face

    for face, file in _FILES.items():
        pdfmetrics.registerFont(Face(face, str(paths.resource("fonts", file))))
    for family, bold, italic in ((SERIF, SERIF_BOLD, SERIF_ITALIC), (SANS, SANS_BOLD, SANS), (FALLBACK,) * 3):
        addMapping(family, 0, 0, family)
        addMapping(family, 1, 0, bold)
        addMapping(family, 0, 1, italic)
        addMapping(family, 1, 1, bold)
    from reportlab.graphics import shapes

    shapes.STATE_DEFAULTS["fontName"] = SERIF


@cache
def registered(face: str) -> Any:
    """ReportLab's object for a face."""
    prepare()
    from reportlab.pdfbase import pdfmetrics

    return pdfmetrics.getFont(face)


@cache
def coverage(face: str) -> frozenset[str]:
    """The characters a registered face has glyphs for, and the line break, which is layout.

    Control characters are taken out: some faces map them to an empty glyph, and nothing may vanish unseen. So are
    private ones, which no other program could read.
    """
    glyphs = map(chr, registered(face).face.charToGlyph)
    return frozenset(c for c in glyphs if unicodedata.category(c) not in ("Cc", "Co")) | {"\n"}


def width(text: str, face: str, size: float) -> float:
    """The width in points of text that the face covers."""
    return float(registered(face).stringWidth(text, size))


@cache
def advance(character: str, face: str) -> float:
    """The width of one character at size 1, in the face that `Typesetter` will take for it."""
    return width(character, face if character in coverage(face) else FALLBACK, 1.0)


def _printable(text: str) -> str:
    """One form for each letter, and no characters without ink.

    Й typed as И with a mark is composed, as the faces know only the composed letter. Invisible format characters
    (soft hyphens, joiners, marks of direction) have nothing to show; tabs become spaces, and the narrow spaces of
    CLDR's dates become the non-breaking space that the faces have.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_SPACES))
    text = _TIED.sub(lambda found: f"{found[1] or ''}\u00a0", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


class Typesetter:
    """Turns plain text into runs of one face each. One for a document; `missing` collects what no face shows."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def runs(self, text: str, face: str) -> list[tuple[str, str]]:
        """`(face, text)` pairs in reading order; a character without a glyph anywhere becomes a visible sign."""
        text = _printable(text)
        covered = coverage(face)
        if covered.issuperset(text):
            return [(face, text)] if text else []
        fallback = coverage(FALLBACK)

        def settle(character: str) -> tuple[str, str]:
            if character in covered:
                return face, character
            if character in fallback:
                return FALLBACK, character
            self.missing.add(character)
            return FALLBACK, REPLACEMENT

        settled = [settle(character) for character in text]
        return [(face, "".join(c for _, c in run)) for face, run in groupby(settled, key=lambda pair: pair[0])]
