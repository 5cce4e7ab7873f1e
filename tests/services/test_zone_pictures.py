"""A card's picture: read rightly or refused, never wrongly, and nothing of it written anywhere."""

import os
import random
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.domain import mrz
from app.domain.errors import KnownError, UserError
from app.recognition import letters, reader
from app.services.desk import Desk
from tests import zone_pictures
from tests.zone_pictures import TODAY, Way, read
from ui import grey


@pytest.mark.parametrize("way", tuple(Way))
def test_pictures_are_read_rightly_and_none_wrongly(way: Way) -> None:
    """A sample: `python -m tests.zone_pictures 60` counts as many as one likes."""
    seen = zone_pictures.count(4, way)
    assert seen["wrong"] == 0
    assert seen["right"] >= 3, seen


def test_it_may_lie_on_any_side() -> None:
    draw = random.Random(7)
    for lines, turns in (
        (zone_pictures.card_lines(draw), (0, 90, 180, 270)),
        (zone_pictures.passport_lines(draw), (180,)),
    ):
        paper = zone_pictures.paper(lines, draw, 900)
        for turned in turns:
            found = read(zone_pictures.taken(paper, draw, Way.SCAN, turned))
            assert found == mrz.read("".join(lines), TODAY), turned


def test_a_card_with_one_digit_printed_wrong_is_refused() -> None:
    """What is there is not made to fit: sharp letters stand against the check digits."""
    draw = random.Random(3)
    first, second, third = zone_pictures.card_lines(draw)
    wrong = first[:7] + str((int(first[7]) + 5) % 10) + first[8:]
    jpeg = zone_pictures.taken(zone_pictures.paper((wrong, second, third), draw, 900), draw, Way.SCAN, 0)
    assert read(jpeg) is None


def test_a_number_that_tells_another_sex_is_refused() -> None:
    draw = random.Random(5)
    first, second, third = zone_pictures.card_lines(draw)
    other = second[:7] + ("F" if second[7] == "M" else "M") + second[8:]  # no check digit covers the sex
    jpeg = zone_pictures.taken(zone_pictures.paper((first, other, third), draw), draw, Way.SCAN, 0)
    assert read(jpeg) is None


def test_what_is_no_card_tells_nothing() -> None:
    draw = random.Random(11)
    empty = zone_pictures.paper((" " * 30,) * 3, draw)
    assert read(zone_pictures.taken(empty, draw, Way.PHOTO, 0)) is None
    noise = draw.randbytes(700 * 500)
    assert reader.read(700, 500, noise, TODAY) is None
    assert reader.read(400, 300, bytes(400 * 300), TODAY) is None
    # Lines of another writing are none of OCR-B.
    foreign = zone_pictures.paper(zone_pictures.card_lines(draw), draw, font=zone_pictures.OTHER)
    assert read(zone_pictures.taken(foreign, draw, Way.SCAN, 0)) is None


def test_nothing_of_a_picture_is_written(desk: Desk, tmp_path: Path) -> None:
    made = zone_pictures.picture(0, Way.SCAN)
    file = tmp_path / "card.jpg"
    file.write_bytes(made.jpeg)
    opened: list[str] = []
    changed: list[tuple[object, ...]] = []
    here = threading.get_ident()
    watching = [True]

    def watch(event: str, given: tuple[Any, ...]) -> None:  # a hook can't be taken away again, but be told to sleep
        if not watching or threading.get_ident() != here:
            return
        if event == "open":
            opened.append(str(given[0]))
            if given[2] & _WRITING:
                changed.append(given)
        elif event in _CHANGING:
            changed.append((event, *given))

    sys.addaudithook(watch)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    seen = grey.of_file(desk.registration.picture_file(file))
    found = desk.registration.read_picture(seen.width, seen.height, seen.pixels)
    watching.clear()
    assert found == mrz.read("".join(made.lines), TODAY)
    assert str(file) in opened  # the hook sees what it is for
    assert changed == []
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGING = ("tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir", "os.rename", "os.truncate", "sqlite3.connect")


@pytest.mark.qt_log_ignore("Invalid JPEG file structure", extend=True)  # Qt says it too, on its own
def test_a_hostile_file_gets_a_sentence(desk: Desk, tmp_path: Path) -> None:
    good = zone_pictures.picture(0, Way.SCAN).jpeg
    huge = bytearray(b"BM" + bytes(52))  # a bitmap that claims 60,000 by 60,000 pixels
    huge[10:14], huge[14:18] = (54).to_bytes(4, "little"), (40).to_bytes(4, "little")
    huge[18:22] = huge[22:26] = (60_000).to_bytes(4, "little")
    huge[26:28], huge[28:30] = (1).to_bytes(2, "little"), (24).to_bytes(2, "little")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"/>'
    for data in (b"", b"no picture", svg, b"%PDF-1.7", bytes(huge), good[:200], b"\x89PNG\r\n\x1a\n" + bytes(100)):
        with pytest.raises(UserError):
            grey.of_file(data)
    with pytest.raises(UserError):
        desk.registration.picture_file(tmp_path)
    with pytest.raises(UserError):
        desk.registration.picture_file(tmp_path / "none.png")
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(41 * 1024 * 1024)
    with pytest.raises(UserError):
        desk.registration.picture_file(large)


def test_without_its_weights_it_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.registration.can_read_pictures()
    made = grey.of_file(zone_pictures.picture(0, Way.SCAN).jpeg)
    monkeypatch.setattr(letters, "_WEIGHTS", ("recognition", "none.weights"))
    letters.layers.cache_clear()
    try:
        with pytest.raises(KnownError):
            desk.registration.read_picture(made.width, made.height, made.pixels)
    finally:
        letters.layers.cache_clear()


def test_pillow_reads_no_file_here() -> None:
    """Pixels come from the window alone, which limits what is decoded."""
    room = Path(reader.__file__).parent
    assert [path.name for path in room.glob("*.py") if "Image.open" in path.read_text(encoding="utf-8")] == []
    assert Image.MAX_IMAGE_PIXELS
