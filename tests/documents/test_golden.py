"""Each paper looks as it did when it was last looked at, and two renderers agree on it."""

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from app.documents import DOCUMENTS
from tests.documents.golden import FOLDER, PAPERS, difference, drawn, path_of, picture
from tests.documents.test_forms import printed

MOST = 2_000_000  # bytes of all pictures together
BLOCK = 12  # pixels at 72 dpi: about a line of text high
FAR = 38


@pytest.mark.parametrize(("form", "language"), PAPERS)
def test_a_paper_looks_as_it_did_when_it_was_last_looked_at(form: str, language: str) -> None:
    with Image.open(path_of(form, language)) as golden:
        found = difference(golden.convert("L"), picture(printed(form, language)))
    if found is not None:
        place = Path(tempfile.mkdtemp(prefix="saraptama-golden-")) / f"{form}-{language}.png"
        found.save(place)
        pytest.fail(f"{form} in {language} looks otherwise: before, now and what differs are in {place}. Where it is "
                    "meant, renew the pictures with .venv/bin/python -m tests.documents.golden")  # fmt: skip


def test_the_golden_pictures_are_few_bytes_and_none_is_left_over() -> None:
    found = list(FOLDER.glob("*.png"))
    assert {path.stem for path in found} == {f"{form}-{language}" for form, language in PAPERS}
    assert sum(path.stat().st_size for path in found) < MOST


def test_a_line_that_moved_by_half_a_millimetre_is_seen() -> None:
    golden = picture(printed("certificate", "kk"))
    moved = golden.copy()
    line = golden.crop((0, 60, golden.width, 80))
    moved.paste(255, (0, 60, golden.width, 80))
    moved.paste(line, (0, 61))
    assert difference(golden, moved) is not None
    assert difference(golden, golden) is None
    assert difference(golden, golden.crop((0, 0, golden.width, golden.height - 1))) is not None


@pytest.mark.parametrize("form", DOCUMENTS)
def test_poppler_and_pdfium_draw_the_same_paper(form: str) -> None:
    """Edges of letters differ; no block of a line's height is much darker or lighter in one of the two."""
    for language in DOCUMENTS[form]:
        data = printed(form, language, signed=language != "ru")
        theirs, ours = _by_poppler(data), drawn(data, 1)
        assert len(theirs) == len(ours)
        assert all(_apart(one, other) < FAR for one, other in zip(theirs, ours, strict=True))


def test_another_paper_is_far_apart() -> None:
    kk, ru = printed("certificate", "kk"), printed("certificate", "ru")
    assert _apart(_by_poppler(kk)[0], drawn(ru, 1)[0]) > 1.5 * FAR


def _apart(one: Image.Image, other: Image.Image) -> int:
    """By how much the two differ in the block where they differ most, of 255."""
    size = one.width // BLOCK, one.height // BLOCK
    coarse = (page.resize(size, Image.Resampling.BOX) for page in (one, other.resize(one.size)))
    return int(ImageChops.difference(*coarse).getextrema()[1])  # type: ignore[arg-type]


def _by_poppler(data: bytes) -> list[Image.Image]:
    words = ["pdftoppm", "-gray", "-r", "72", "-"]
    return _pages(subprocess.run(words, input=data, capture_output=True, check=True, timeout=60).stdout)


def _pages(stream: bytes) -> list[Image.Image]:
    """Grey pages (PGM) on end, as pdftoppm writes them."""
    pages, at = [], 0
    while at < len(stream):
        header = stream[at:].split(None, 4)
        wide, high = int(header[1]), int(header[2])
        size = len(stream[at : stream.index(header[3] + b"\n", at) + len(header[3]) + 1]) + wide * high
        pages.append(Image.open(BytesIO(stream[at : at + size])).convert("L"))
        at += size
    return pages
