"""Pictures of made-up cards and passports: drawn in OCR-B, then scanned or photographed well or badly.

`python -m tests.zone_pictures 60` draws so many of each way and counts what is read.
"""

import io
import math
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from app.domain import iin, mrz
from app.domain.mrz import Mrz, check_digit
from app.recognition import reader
from app.recognition.cells import projection
from ui import grey

TODAY = date(2026, 11, 30)
ROOT = Path(__file__).resolve().parents[1]
OCR_B = ROOT / "tests" / "fonts" / "OCRB.otf"
OTHER = ROOT / "resources" / "fonts" / "PTSans-Regular.ttf"
SURNAMES = (
    "ABDIKADYRULY",
    "NURMAGAMBETOVA",
    "AKHMETOV",
    "KUANYSHBEKKYZY",
    "IBRAGIMOV",
    "OSPANOVA",
    "QOJABEK",
    "XASANOV",
)
GIVEN = ("GALYMZHAN", "AIGERIM", "NURLAN", "SAULE", "YERLAN", "FARIDA", "WIKTOR", "MAKPAL")


class Way(StrEnum):
    """How the paper came into the computer."""

    SCAN = "scan"
    PHOTO = "photo"
    ROUGH = "rough photo"


@dataclass(frozen=True)
class Picture:
    lines: tuple[str, ...]
    way: Way
    turned: int
    """Degrees."""
    jpeg: bytes


def number(draw: random.Random, birth: str, sex: str) -> str:
    """An ИИН that fits."""
    while True:
        begun = birth + ("3" if sex == "M" else "4") + "".join(draw.choice("0123456789") for _ in range(4))
        for last in "0123456789":
            told = iin.of_digits(begun + last)
            if told is not None and told.checksum_ok:
                return begun + last


def _days(draw: random.Random) -> tuple[str, str]:
    birth = f"{draw.randint(40, 99):02}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    return birth, f"{draw.randint(27, 36):02}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"


def card_lines(draw: random.Random) -> tuple[str, ...]:
    (birth, expiry), sex = _days(draw), draw.choice("MF")
    held = "".join(draw.choice("0123456789") for _ in range(9))
    first = f"IDKAZ{held}{check_digit(held)}{number(draw, birth, sex)}<<<"
    second = f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}KAZ" + "<" * 11
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return first, second, f"{draw.choice(SURNAMES)}<<{draw.choice(GIVEN)}".ljust(30, "<")


def passport_lines(draw: random.Random) -> tuple[str, ...]:
    (birth, expiry), sex = _days(draw), draw.choice("MF")
    held = draw.choice("NBSKL") + "".join(draw.choice("0123456789") for _ in range(8))
    own = number(draw, birth, sex).ljust(14, "<")
    second = f"{held}{check_digit(held)}KAZ{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}"
    second += own + check_digit(own)
    second += check_digit(second[:10] + second[13:20] + second[21:43])
    return f"P<KAZ{draw.choice(SURNAMES)}<<{draw.choice(GIVEN)}".ljust(44, "<"), second


def paper(lines: tuple[str, ...], draw: random.Random, width: int = 1011, font: Path = OCR_B) -> Image.Image:
    """The back of a card (85.6 by 54 mm) or the page of a passport (125 by 88 mm)."""
    is_card = len(lines) == 3
    mm = width / (85.6 if is_card else 125.0)
    height = int((54 if is_card else 88) * mm)
    base = tuple(draw.randint(205, 250) for _ in range(3))
    image = Image.new("RGB", (width, height), base)
    pen = ImageDraw.Draw(image)
    for _ in range(draw.randint(20, 45)):  # the pattern against forgery
        phase, swing, y, wave = (
            draw.random() * 6,
            draw.uniform(5, 60),
            draw.uniform(0, height),
            draw.uniform(0.003, 0.03),
        )
        colour = tuple(max(0, part - draw.randint(8, 45)) for part in base)
        pen.line([(x, y + swing * math.sin(wave * x + phase)) for x in range(0, width, 4)], colour, draw.randint(1, 2))
    small = ImageFont.truetype(str(OTHER), int(2.6 * mm))
    for at in range(5):
        words = draw.choice(("ТУҒАН ЖЕРІ / МЕСТО РОЖДЕНИЯ", "БЕРГЕН МЕКЕМЕ / ОРГАН ВЫДАЧИ", "012345678 17.11.2019"))
        pen.text((draw.uniform(2, 30) * mm, (3 + at * 5) * mm), words, font=small, fill=(30, 30, 40))
    pitch = 2.54 * mm
    letters = ImageFont.truetype(str(font), 100 * pitch / (ImageFont.truetype(str(font), 100).getlength("A" * 10) / 10))
    left, apart = ((85.6 - 30 * 2.54) / 2 * mm, 4.23 * mm) if is_card else (6.6 * mm, 6.35 * mm)
    top = height - (4.5 if is_card else 7) * mm - apart * (len(lines) - 1)
    ink = tuple(draw.randint(10, 70) for _ in range(3))
    for row, line in enumerate(lines):
        for at, letter in enumerate(line):
            pen.text((left + at * pitch, top + row * apart), letter, font=letters, fill=ink, anchor="ls")
    return image


def taken(image: Image.Image, draw: random.Random, way: Way, turned: int) -> bytes:
    """The JPEG that a scanner or camera makes of a paper."""
    rough = way is Way.ROUGH
    if way is Way.SCAN:
        seen = Image.new("RGB", (image.width + 200, image.height + 200), (250, 250, 250))
        seen.paste(image, (100, 100))
        seen = seen.rotate(draw.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=(250, 250, 250))
        blur, coarse, grain, quality = 0.6, 1.0, (4, 0.03), (80, 95)
    else:
        seen = _on_a_table(image, draw, rough=rough)
        blur, coarse = (1.5, draw.uniform(0.7, 2)) if rough else (0.9, draw.uniform(0.8, 1.6))
        grain, quality = ((30, 0.14), (35, 75)) if rough else ((14, 0.08), (60, 90))
    seen = seen.filter(ImageFilter.GaussianBlur(draw.uniform(0, blur)))
    seen = seen.resize((int(seen.width * coarse), int(seen.height * coarse)), Image.Resampling.BICUBIC)
    noise = Image.frombytes("L", seen.size, draw.randbytes(seen.width * seen.height))
    spread = grain[0] * 1.7
    noise = noise.point([round(128 + (value - 127.5) / 127.5 * spread) for value in range(256)])
    seen = Image.blend(seen, Image.merge("RGB", (noise, noise, noise)), grain[1])
    if turned:
        seen = seen.rotate(turned, expand=True)
    held = io.BytesIO()
    seen.save(held, "JPEG", quality=draw.randint(*quality))
    return held.getvalue()


def _on_a_table(image: Image.Image, draw: random.Random, *, rough: bool) -> Image.Image:
    """Seen at a slant, lying aslant, lit from one side."""
    width, height = image.size
    wide = int(width * draw.uniform(1.15, 1.8))
    high = int(wide * 0.75)
    lean = math.radians(draw.uniform(-9, 9) if rough else draw.uniform(-4, 4))
    slant = width * (0.05 if rough else 0.015)

    def put(x: float, y: float) -> tuple[float, float]:
        x, y = x - width / 2, y - height / 2
        return (
            wide / 2 + x * math.cos(lean) - y * math.sin(lean) + draw.uniform(-slant, slant),
            high / 2 + x * math.sin(lean) + y * math.cos(lean) + draw.uniform(-slant, slant),
        )

    corners = (put(0, 0), put(width, 0), put(width, height), put(0, height))
    seen_as = _inverse(projection((width, height), corners))
    colour = tuple(draw.randint(40, 200) for _ in range(3))
    table = Image.new("RGB", (wide, high), colour)
    pen = ImageDraw.Draw(table)
    for _ in range(30):
        y = draw.uniform(0, high)
        grain = tuple(max(0, part - draw.randint(0, 30)) for part in colour)
        pen.line([(0, y), (wide, y + draw.uniform(-20, 20))], grain, draw.randint(1, 6))
    mask = Image.new("L", image.size, 255).transform((wide, high), Image.Transform.PERSPECTIVE, seen_as)
    laid = image.transform((wide, high), Image.Transform.PERSPECTIVE, seen_as, Image.Resampling.BICUBIC)
    table.paste(laid, (0, 0), mask)
    light = Image.linear_gradient("L").rotate(draw.choice((0, 90, 180, 270))).resize(table.size)
    low = draw.uniform(0.55, 0.95)
    light = light.point([round(255 * (low + (1 - low) * value / 255)) for value in range(256)])
    return ImageChops.multiply(table, Image.merge("RGB", (light, light, light)))


def _inverse(projected: tuple[float, ...]) -> tuple[float, ...]:
    """The projection back: the adjugate of its matrix."""
    a, b, c, d, e, f, g, h = projected
    back = (e - f * h, c * h - b, b * f - c * e, f * g - d, a - c * g, c * d - a * f, d * h - e * g, b * g - a * h)
    return tuple(part / (a * e - b * d) for part in back)


def picture(seed: int, way: Way | None = None) -> Picture:
    """The same seed gives the same picture."""
    draw = random.Random(seed)
    lines = (card_lines if draw.random() < 0.65 else passport_lines)(draw)
    way = way or draw.choice(tuple(Way))
    turned = draw.choice((0, 0, 90, 180, 270))
    image = paper(lines, draw, draw.choice((900, 1011, 1300)))
    return Picture(lines, way, turned, taken(image, draw, way, turned))


def read(jpeg: bytes) -> Mrz | None:
    """What the program reads in a picture."""
    seen = grey.of_file(jpeg)
    return reader.read(seen.width, seen.height, seen.pixels, TODAY)


def count(pictures: int, way: Way, first: int = 0, seconds: list[float] | None = None) -> Counter[str]:
    """How many of so many pictures are read `right`, `wrong` or `refused`; `right name`: of the Latin name, too."""
    seen: Counter[str] = Counter()
    for seed in range(first, first + pictures):
        made = picture(seed, way)
        truth = mrz.read("".join(made.lines), TODAY)
        begun = time.process_time()
        found = read(made.jpeg)
        if seconds is not None:
            seconds.append(time.process_time() - begun)
        right = found is not None and found.fields() == truth.fields()
        seen["refused" if found is None else "right" if right else "wrong"] += 1
        seen["right name"] += found == truth
    return seen


def main(words: list[str]) -> int:
    """Count, and say how long a reading takes."""
    pictures, first = int(words[0]), int(words[1]) if len(words) > 1 else 0
    wrong = 0
    for way in Way:
        seconds: list[float] = []
        seen = count(pictures, way, first, seconds)
        wrong += seen["wrong"]
        seconds.sort()
        told = ", ".join(f"{name} {seen[name]}" for name in ("right", "wrong", "refused", "right name"))
        print(f"{way}: {told}; median {seconds[len(seconds) // 2]:.2f} s, longest {seconds[-1]:.2f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
