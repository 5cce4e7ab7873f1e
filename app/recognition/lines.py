"""Where in a picture the lines of a machine readable zone may lie."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops, ImageFilter

_LEVELS: Final = (12, 18, 26, 38, 54)
"""How dark against its surroundings a line must be: tried all, since neither light nor paper is known."""
_SHORTEST: Final = 90  # pixels; letters of a shorter line can't be told apart in a picture of this size
_STEEPEST: Final = 0.35
# Distance of neighbouring lines to their length: 4.23 mm to 76.2 mm on cards, 6.35 mm to 111.8 mm in passports (ICAO
# Doc 9303, parts 4 and 5): 0.056 both, seen at a slant less or more.
_NEAREST, _FARTHEST = 0.032, 0.085


@dataclass(frozen=True, slots=True)
class Line:
    """The middle of a line of letters from its left to its right end, and how thick it is, in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float
    thick: float

    @property
    def length(self) -> float:
        """Along x."""
        return self.x1 - self.x0

    @property
    def slope(self) -> float:
        """Down for one to the right."""
        return (self.y1 - self.y0) / self.length

    def scaled(self, factor: float) -> "Line":
        """The same line in a picture that is `factor` as large."""
        return Line(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor, self.thick * factor)


Zone = tuple[Line, ...]


def zones(grey: Image.Image) -> list[Zone]:
    """What may be a zone, three lines or two from above, likelier ones first; the same may come several times.

    `grey`: mode L, the longer side of some 800 pixels, upright or upside down, aslant by less than 15 degrees.
    """
    energy = _energy(grey)
    triples: list[Zone] = []
    pairs: list[Zone] = []
    for level in _LEVELS:
        mask = energy.point([255 * (value >= level) for value in range(256)])
        found = _lines(mask)
        below = {line: [other for other in found if _go_together(line, other)] for line in found}
        for first in found:
            for second in below[first]:
                pairs.append((first, second))
                triples += [(first, second, third) for third in below[second]]
    # A card of which one line was not found has it above or below the two that were.
    guessed = [zone for first, second in pairs for zone in ((_beyond(second, first), first, second),
                                                            (first, second, _beyond(first, second)))]  # fmt: skip
    return [*triples, *pairs, *guessed]


def _energy(grey: Image.Image) -> Image.Image:
    """How much dark on light there is around each pixel, smeared along the lines."""
    soft = grey.filter(ImageFilter.BoxBlur(0.7))
    dark = ImageChops.subtract(soft.filter(ImageFilter.BoxBlur(8)), soft, 0.5)
    return dark.filter(ImageFilter.BoxBlur((9, 2)))


def _lines(mask: Image.Image) -> list[Line]:
    found = [line for blob in _blobs(_runs(mask)) if (line := _fitted(blob)) is not None]
    return [
        line
        for line in _joined(found)
        if line.length > max(9 * line.thick, _SHORTEST) and abs(line.slope) < _STEEPEST
    ]  # fmt: skip


Run = tuple[int, int, int]  # row, from, to


def _runs(mask: Image.Image) -> Iterator[Run]:
    width, height = mask.size
    pixels = mask.tobytes()
    for y in range(height):
        row = pixels[y * width : (y + 1) * width]
        start = row.find(b"\xff")
        while start >= 0:
            end = row.find(b"\x00", start)
            end = width if end < 0 else end
            yield y, start, end
            start = row.find(b"\xff", end)


def _blobs(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs that touch each other."""
    all_runs = list(runs)
    parent = list(range(len(all_runs)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    above: list[int] = []
    here: list[int] = []
    row = -1
    for at, (y, start, end) in enumerate(all_runs):
        if y != row:
            above, here, row = (here if y == row + 1 else []), [], y
        for other in above:
            if all_runs[other][1] < end and all_runs[other][2] > start:
                parent[root(other)] = root(at)
        here.append(at)
    blobs: dict[int, list[Run]] = {}
    for at, run in enumerate(all_runs):
        blobs.setdefault(root(at), []).append(run)
    return list(blobs.values())


def _fitted(blob: list[Run]) -> Line | None:
    """The straight line through a blob; None for what is too short or too thin to be letters."""
    left, right = min(run[1] for run in blob), max(run[2] for run in blob)
    size = sum(end - start for _, start, end in blob)
    thick = size / (right - left)
    if right - left < 20 or thick < 3:
        return None
    sum_x = sum_y = sum_xx = sum_xy = 0.0
    for row, start, end in blob:
        n = float(end - start)
        middle = (start + end - 1) / 2
        sum_x += n * middle
        sum_y += n * row
        sum_xy += n * middle * row
        sum_xx += n * (middle * middle + (n * n - 1) / 12)
    x, y = sum_x / size, sum_y / size
    slope = (sum_xy / size - x * y) / max(sum_xx / size - x * x, 1e-9)
    return Line(left, y + slope * (left - x), right, y + slope * (right - x), thick)


def _joined(lines: list[Line]) -> list[Line]:
    """Pieces of one line put together."""
    rest = sorted(lines, key=lambda line: line.x0)
    done: list[Line] = []
    while rest:
        line = rest.pop(0)
        while (nxt := next((other for other in rest if _goes_on(line, other)), None)) is not None:
            rest.remove(nxt)
            whole = line.length + nxt.length
            thick = (line.thick * line.length + nxt.thick * nxt.length) / whole
            line = Line(line.x0, line.y0, nxt.x1, nxt.y1, thick)
        done.append(line)
    return done


def _goes_on(line: Line, other: Line) -> bool:
    thick = max(line.thick, other.thick)
    if other.x1 <= line.x1 or other.x0 - line.x1 > 3.2 * thick or not 0.55 < other.thick / line.thick < 1.8:
        return False
    slope = line.slope if line.length > 4 * thick else other.slope if other.length > 4 * thick else 0.0
    return abs(slope) < _STEEPEST and abs(line.y1 + slope * (other.x0 - line.x1) - other.y0) < thick / 2


def _go_together(first: Line, second: Line) -> bool:
    """Whether `second` may be the line below `first`."""
    length = (first.length + second.length) / 2
    aside = ((second.x0 + second.x1) - (first.x0 + first.x1)) / 2
    below = ((second.y0 + second.y1) - (first.y0 + first.y1)) / 2 - aside * first.slope
    return (
        _NEAREST < below / length < _FARTHEST
        and 0.84 < first.length / second.length < 1.19
        and max(abs(first.x0 - second.x0), abs(first.x1 - second.x1)) < 0.12 * length
        and abs(first.slope - second.slope) < 0.05
    )


def _beyond(first: Line, second: Line) -> Line:
    """The line that follows after these two."""
    return Line(
        2 * second.x0 - first.x0, 2 * second.y0 - first.y0, 2 * second.x1 - first.x1, 2 * second.y1 - first.y1,
        second.thick,
    )  # fmt: skip


def apart(zone: Zone) -> float:
    """The mean distance of a zone's lines."""
    return sum((b.y0 + b.y1 - a.y0 - a.y1) / 2 for a, b in pairwise(zone)) / (len(zone) - 1)
