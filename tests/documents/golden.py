"""Each form in each language as it was last looked at: small grey pictures in `tests/golden`, drawn by pdfium.

`.venv/bin/python -m tests.documents.golden` draws them anew and names those that changed: look at them, and at the
papers themselves, before they are committed.
"""

import io
import sys
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageChops

from app.documents import DOCUMENTS
from app.domain.text import LANGUAGES

FOLDER: Final = Path(__file__).resolve().parents[1] / "golden"
SCALE: Final = 0.6
"""43 dpi: a line that moves by half a millimetre is seen, and all pages take less than 2 MB"""
_STEP: Final = 17  # sixteen greys
TOLERATED: Final = 3 * _STEP
PAPERS: Final = [(form, language) for form in DOCUMENTS for language in LANGUAGES]


def drawn(data: bytes, scale: float = SCALE) -> list[Image.Image]:
    """The pages of a PDF, grey."""
    document = pypdfium2.PdfDocument(data)
    try:
        pages = []
        for number in range(len(document)):
            page = document[number]
            pages.append(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
            page.close()
        return pages
    finally:
        document.close()


def picture(data: bytes) -> Image.Image:
    """All pages of a PDF, one below the other, in sixteen greys."""
    pages = drawn(data)
    whole = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)), 255)
    at = 0
    for page in pages:
        whole.paste(page, (0, at))
        at += page.height
    return whole.point([round(grey / _STEP) * _STEP for grey in range(256)])


def path_of(form: str, language: str) -> Path:
    return FOLDER / f"{form}-{language}.png"


def difference(golden: Image.Image, now: Image.Image) -> Image.Image | None:
    """On the left what was there, in the middle what is there now, on the right what differs; None if nothing does."""
    if golden.size == now.size:
        differs = ImageChops.difference(golden, now)
        if differs.getextrema()[1] <= TOLERATED:  # type: ignore[operator]
            return None
    else:
        differs = Image.new("L", now.size, 255)
    wide, high = max(golden.width, now.width), max(golden.height, now.height)
    beside = Image.new("L", (3 * wide + 20, high), 128)
    for number, part in enumerate((golden, now, ImageChops.invert(differs))):
        beside.paste(part, (number * (wide + 10), 0))
    return beside


def main() -> int:
    """Draw all anew."""
    from tests.documents.test_forms import printed

    FOLDER.mkdir(exist_ok=True)
    wanted = {path_of(*paper) for paper in PAPERS}
    for left in set(FOLDER.glob("*.png")) - wanted:
        left.unlink()
        print(f"gone: {left.name}")
    for form, language in PAPERS:
        path, now = path_of(form, language), picture(printed(form, language))
        if path.exists():
            with Image.open(path) as golden:
                if difference(golden.convert("L"), now) is None:
                    continue
        out = io.BytesIO()
        now.save(out, "PNG", optimize=True)
        path.write_bytes(out.getvalue())
        print(f"drawn: {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
