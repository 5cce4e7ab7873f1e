"""A picture of a card or passport, read."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from PIL import Image, ImageOps

from app.domain.mrz import Mrz
from app.domain.mrz_letters import settled
from app.recognition import cells, letters, lines
from app.recognition.cells import Flat
from app.recognition.lines import Zone

_SEARCHED: Final = 800
"""Pixels of the longer side in which zones are looked for."""
_FINEST: Final = 34.0
"""Pixels from letter to letter; a finer picture is made coarser first, which takes away its grain."""
_ZONES: Final = 24  # that are looked into, of one position of the picture
_ASIDE: Final = (0.0, 3.0, -3.0)
"""Pixels by which the cut is moved where letters were seen and not settled: a thin I may lie at its cell's edge."""
_LEGIBLE: Final = 0.6
_SAMPLE: Final = 5  # every so many cells tell whether there are letters at all, and which way up


def read(width: int, height: int, grey: bytes, today: date) -> Mrz | None:
    """What the zone in a picture says, every check digit right; None where none can be read for sure.

    `grey`: one byte a pixel, row by row. The picture may lie on any side, upside down, aslant by some ten degrees.
    """
    image = Image.frombuffer("L", (width, height), grey, "raw", "L", 0, 1)
    # A card is photographed lying or standing; which way up, the letters tell.
    for turned in (None, Image.Transpose.ROTATE_90):
        picture = image if turned is None else image.transpose(turned)
        found = _read(picture, today)
        if found is not None:
            return found
    return None


def _read(image: Image.Image, today: date) -> Mrz | None:
    small = image.copy()
    small.thumbnail((_SEARCHED, _SEARCHED), Image.Resampling.BILINEAR, reducing_gap=2.0)
    for zone in _distinct(lines.zones(ImageOps.autocontrast(small, cutoff=1))):
        source, factor = _source(image, zone, image.width / small.width)
        placed = tuple(line.scaled(factor) for line in zone)
        for aside in _ASIDE:
            ways = _ways(cells.cut(source, placed, aside))
            for way in ways:
                found = settled([[letters.probabilities(cell) for cell in row] for row in way.cells], today)
                if found is not None:
                    return found
            if not ways:
                break
    return None


def _distinct(zones: Iterable[Zone]) -> list[Zone]:
    """The first of those that lie in the same place."""
    kept: list[Zone] = []
    for zone in zones:
        near = lines.apart(zone) / 6
        if not any(len(other) == len(zone) and _same(zone, other, near) for other in kept):
            kept.append(zone)
            if len(kept) == _ZONES:
                break
    return kept


def _same(zone: Zone, other: Zone, near: float) -> bool:
    return all(
        max(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) < 3 * near and max(abs(a.y0 - b.y0), abs(a.y1 - b.y1)) < near
        for a, b in zip(zone, other, strict=True)
    )


def _source(image: Image.Image, zone: Zone, factor: float) -> tuple[Image.Image, float]:
    """The picture no finer than letters need it, and by how much it is larger than that in which zones were found."""
    pitch = factor * zone[0].length / (30 if len(zone) == 3 else 44)
    by = max(1, int(pitch / _FINEST))
    return (image.reduce(by) if by > 1 else image), factor / by


def _ways(flat: Flat) -> list[Flat]:
    """The zone upright or upside down, whichever shows letters."""
    ways = []
    for way in (flat, flat.turned()):
        sample = [cell for row in way.cells for cell in row[cells.EXTRA : -cells.EXTRA : _SAMPLE]]
        sure = sum(max(letters.probabilities(cell)[: letters.NONE]) for cell in sample) / len(sample)
        if sure > _LEGIBLE:
            ways.append((sure, way))
    return [way for _, way in sorted(ways, key=lambda each: -each[0])]
