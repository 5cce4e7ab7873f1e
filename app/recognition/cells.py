"""A zone laid flat, and cut into the cells in which one letter each stands."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from app.recognition.lines import Line, Zone

WIDTH, HEIGHT = 16, 24
"""Pixels of a cell as the letters are told from."""
PITCH: Final = 24
"""Pixels from letter to letter in a zone laid flat; letters stand 2.54 mm apart (ICAO Doc 9303)."""
CELL_HEIGHT: Final = 36
"""Pixels of a zone laid flat that go into a cell."""
EXTRA: Final = 3
"""Cells that are cut beyond either end: an end may have been found some letters beside its place."""
_MARGIN: Final = EXTRA + 1  # cells of room beside the ends that were found
_LETTERS: Final = {3: 30, 2: 44}
_APART: Final = {3: 40, 2: 60}  # pixels from line to line: 4.23 mm on cards, 6.35 mm in passports
_BENDS: Final = (-8.0, 0.0, 8.0)  # pixels that the middle of a line may be beside its place, tried first
_INK: Final = 11  # pixels above and below the middle of a line where its letters are


@dataclass(frozen=True, slots=True)
class Flat:
    """A zone laid flat: `cells[line]` are its letters, with `EXTRA` cells of surroundings at either end."""

    letters: int
    cells: tuple[tuple[bytes, ...], ...]

    def turned(self) -> "Flat":
        """The same read upside down."""
        return Flat(self.letters, tuple(tuple(cell[::-1] for cell in reversed(row)) for row in reversed(self.cells)))


def cut(grey: Image.Image, zone: Zone, aside: float = 0.0) -> Flat:
    """The cells of a zone, `aside` pixels to the right of where the gaps between letters seem to be."""
    flat = _laid_flat(grey, zone)
    count, letters = len(zone), _LETTERS[len(zone)]
    ink = ImageChops.subtract(flat.filter(ImageFilter.BoxBlur(14)), flat, 0.5)
    rows = [_middles(ink, (at + 0.5) * _APART[count], _APART[count] / 4) for at in range(count)]
    profiles = [_profile(ink, row) for row in rows]
    lines = []
    for row, profile in zip(rows, profiles, strict=True):
        edges = _grid(profile, letters)
        pitch = (edges[-1] - edges[0]) / letters
        before = [edges[0] - at * pitch for at in range(EXTRA, 0, -1)]
        after = [edges[-1] + at * pitch for at in range(EXTRA)]
        lines.append(tuple(_cell(flat, x + aside, pitch, row) for x in (*before, *edges[:-1], *after)))
    return Flat(letters, tuple(lines))


def _laid_flat(grey: Image.Image, zone: Zone) -> Image.Image:
    count, letters = len(zone), _LETTERS[len(zone)]
    top, bottom = _squared(zone, _MARGIN / letters)
    share = 0.5 / (count - 1)  # half a distance above the first line and below the last
    size = ((letters + 2 * _MARGIN) * PITCH, count * _APART[count])
    north_west = _between(top.x0, top.y0, bottom.x0, bottom.y0, -share)
    south_west = _between(top.x0, top.y0, bottom.x0, bottom.y0, 1 + share)
    south_east = _between(top.x1, top.y1, bottom.x1, bottom.y1, 1 + share)
    north_east = _between(top.x1, top.y1, bottom.x1, bottom.y1, -share)
    seen_as = projection(size, (north_west, north_east, south_east, south_west))
    return grey.transform(size, Image.Transform.PERSPECTIVE, seen_as, Image.Resampling.BILINEAR)


Point = tuple[float, float]


def projection(size: tuple[int, int], corners: tuple[Point, Point, Point, Point]) -> tuple[float, ...]:
    """What brings a flat picture of this size to four corners seen at a slant, as Pillow takes it.

    Source: P. Heckbert, Fundamentals of texture mapping, 1989, section 2.2.3.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, dx3 = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, dy3 = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    area = dx1 * dy2 - dx2 * dy1 or 1e-9
    g, h = (dx3 * dy2 - dx2 * dy3) / area, (dx1 * dy3 - dx3 * dy1) / area
    width, height = size
    return (
        (x1 - x0 + g * x1) / width, (x3 - x0 + h * x3) / height, x0,
        (y1 - y0 + g * y1) / width, (y3 - y0 + h * y3) / height, y0,
        g / width, h / height,
    )  # fmt: skip


def _squared(zone: Zone, margin: float) -> tuple[Line, Line]:
    """First and last line, their ends on one edge each, with `margin` (of their length) at either end."""
    first, last = zone[0], zone[-1]
    left = right = 0.0
    if len(zone) == 3:
        middle = zone[1]
        # An end that was not found in one line is where the other two have it.
        left = min(0.0, middle.x0 - (first.x0 + last.x0) / 2) * 2 / 3
        right = max(0.0, middle.x1 - (first.x1 + last.x1) / 2) * 2 / 3
    return _widened(first, left, right, margin), _widened(last, left, right, margin)


def _widened(line: Line, left: float, right: float, margin: float) -> Line:
    x0, x1 = line.x0 + left - margin * line.length, line.x1 + right + margin * line.length
    return Line(x0, line.y0 + line.slope * (x0 - line.x0), x1, line.y1 + line.slope * (x1 - line.x1), line.thick)


def _between(x0: float, y0: float, x1: float, y1: float, share: float) -> tuple[float, float]:
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share


Middles = tuple[float, float]  # of a line at a quarter and at three quarters of the width


def _middles(ink: Image.Image, near: float, reach: float) -> Middles:
    half = ink.width // 2
    return _middle(ink.crop((0, 0, half, ink.height)), near, reach), _middle(
        ink.crop((half, 0, ink.width, ink.height)), near, reach
    )


def _middle(ink: Image.Image, near: float, reach: float) -> float:
    column = [*ink.resize((1, ink.height), Image.Resampling.BOX).tobytes()]
    best, middle = -1.0, near
    for at in range(round(near - reach), round(near + reach) + 1):
        # Ink just outside tells against a place that cuts letters off.
        inside = sum(column[max(0, at - _INK) : at + _INK + 1])
        if inside > best:
            best, middle = inside, at
    same = [
        at for at in range(round(near - reach), round(near + reach) + 1)
        if sum(column[max(0, at - _INK) : at + _INK + 1]) >= 0.985 * best
    ]  # fmt: skip
    return sum(same) / len(same) if same else middle


def _row(middles: Middles, x: float, width: int) -> float:
    return middles[0] + (middles[1] - middles[0]) * (x / width - 0.25) * 2


def _profile(ink: Image.Image, middles: Middles) -> list[float]:
    """The ink in each column of a line."""
    profile: list[float] = []
    for at in range(0, ink.width, PITCH):
        middle = _row(middles, at + PITCH / 2, ink.width)
        box = (at, middle - _INK, min(at + PITCH, ink.width), middle + _INK)
        strip = ink.resize((round(box[2] - box[0]), 1), Image.Resampling.BOX, box=_within(box, ink))
        profile += strip.tobytes()
    return profile


def _within(box: tuple[float, float, float, float], image: Image.Image) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    x0, y0 = max(0.0, min(x0, image.width - 2.0)), max(0.0, min(y0, image.height - 2.0))
    return x0, y0, max(x0 + 1, min(x1, image.width)), max(y0 + 1, min(y1, image.height))


_Pick = Callable[[list[float]], tuple[float, ...]]


def _grid(profile: list[float], letters: int) -> list[float]:
    """Where each letter begins and the last one ends: least ink between the letters, most within them.

    Letters stand equally far apart, but for a bend: paper is not always flat.
    """
    around = [sum(profile[max(0, at - 1) : at + 2]) for at in range(len(profile))]
    room = [0.0] * (3 * PITCH)  # so that no place lies outside
    soft = [*room, *around, *room]
    outline = [4.0 * at * (letters - at) / letters**2 for at in range(letters + 1)]

    def edges_of(start: float, pitch: float, bend: float) -> list[float]:
        return [start + at * pitch + bend * outline[at] for at in range(letters + 1)]

    def picked(pitch: float, bend: float, start: float = 0.0) -> tuple[_Pick, _Pick]:
        places = [int(edge) for edge in edges_of(start, pitch, bend)]
        half = int(pitch / 2)
        return itemgetter(*places), itemgetter(*(at + half for at in places[:-1]))

    def cost(start: float, pitch: float, bend: float) -> float:
        between, within = picked(pitch, bend, 3 * PITCH + start)
        return sum(between(soft)) - 0.6 * sum(within(soft))

    best = math.inf
    start, pitch, bend = float(_MARGIN * PITCH), float(PITCH), 0.0
    reach = PITCH * 4 // 3
    for step in range(-12, 13):
        wide = PITCH * (1 + step * 0.006)
        nominal = (len(profile) - letters * wide) / 2
        for bent in _BENDS:
            between, within = picked(wide, bent)
            for offset in range(-reach, reach + 1, 2):
                seen = soft[3 * PITCH + round(nominal) + offset :]
                if (told := sum(between(seen)) - 0.6 * sum(within(seen))) < best:
                    best, start, pitch, bend = told, round(nominal) + offset, wide, bent
    for by in (2.0, 1.0, 0.5):  # one after the other, finer and finer
        for change in (-2, -1, 0, 1, 2):
            moved = start + change * by
            if (told := cost(moved, pitch, bend)) < best:
                best, start = told, moved
            wide = pitch + change * by / letters
            if (told := cost(start, wide, bend)) < best:
                best, pitch = told, wide
            bent = bend + change * by
            if (told := cost(start, pitch, bent)) < best:
                best, bend = told, bent
    return edges_of(start, pitch, bend)


def _cell(flat: Image.Image, x: float, pitch: float, middles: Middles) -> bytes:
    middle = _row(middles, x + pitch / 2, flat.width)
    box = (x, middle - CELL_HEIGHT / 2, x + pitch, middle + CELL_HEIGHT / 2)
    return flat.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=_within(box, flat)).tobytes()
