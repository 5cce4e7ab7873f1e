"""Train the letters of `app/recognition`: `python build/letters.py OCRB.otf`, in an environment with numpy and Pillow.

Every cell is drawn anew with another light, ink, blur, grain, slant, size and place, as photographs have them; cells
beside letters, of bare paper and of other writing are “no letter”. Some ten minutes on one core. Grain is
Pillow's own chance, so that two trainings differ a little. The result goes to `resources/recognition/ocr-b.weights`.
"""

import io
import json
import math
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.recognition.cells import CELL_HEIGHT, HEIGHT, PITCH, WIDTH  # noqa: E402
from app.recognition.letters import ALPHABET, NONE  # noqa: E402

SEED = 20261130
HIDDEN = 72
FINE = 3  # drawn larger than it is looked at
OTHER = "ҚАЗАҚСТАН РЕСПУБЛИКАСЫ место рождения дата 0123456789 IDENTITY CARD орган выдачи"


def strip(draw: random.Random, font: Path, other: Path) -> list[tuple[int, bytes]]:
    """Some cells of one made-up line with what stands in them."""
    count = 9
    pitch, height = PITCH * FINE, CELL_HEIGHT * FINE * 2
    size = 100 * pitch / (ImageFont.truetype(str(font), 100).getlength("A" * 10) / 10)
    size *= draw.uniform(0.93, 1.07)
    text = [draw.choice(ALPHABET) if draw.random() < 0.82 else "<" for _ in range(count)]
    paper, ink = draw.uniform(150, 250), draw.uniform(0, 90)
    if draw.random() < 0.15:
        ink = draw.uniform(60, paper - 40)
    letters = Image.new("L", (count * pitch, height), 0)
    pen = ImageDraw.Draw(letters)
    base = height / 2 + size * 0.345
    kind = draw.random()
    if kind < 0.05:  # other writing
        foreign = ImageFont.truetype(str(other), size * draw.uniform(0.5, 1.3))
        start = draw.randrange(len(OTHER) - 12)
        pen.text((0, base), OTHER[start:] + OTHER, font=foreign, fill=255, anchor="ls")
        text = [""] * count
    elif kind < 0.08:
        text = [""] * count
    else:
        if draw.random() < 0.2:  # a line that begins or ends here
            cut = draw.randrange(2, count - 2)
            text = text[:cut] + [""] * (count - cut) if draw.random() < 0.5 else [""] * cut + text[cut:]
        drawn = ImageFont.truetype(str(font), size)
        heavier = draw.choice((0, 0, 0, 0, 1, 1, 2))
        for at, letter in enumerate(text):
            if letter:
                place = ((at + draw.uniform(-0.03, 0.03)) * pitch, base + draw.uniform(-2, 2))
                pen.text(place, letter, font=drawn, fill=255, anchor="ls", stroke_width=heavier)
        if draw.random() < 0.35:
            letters = letters.filter(ImageFilter.MinFilter(draw.choice((3, 3, 5))))
    back = Image.new("L", letters.size, round(paper))
    pen = ImageDraw.Draw(back)
    for _ in range(draw.randrange(0, 14)):
        y, swing, wave, phase = (
            draw.uniform(0, height),
            draw.uniform(2, 60),
            draw.uniform(0.005, 0.05),
            draw.random() * 6,
        )
        points = [(x, y + swing * math.sin(wave * x + phase)) for x in range(0, back.width + 8, 8)]
        pen.line(points, fill=round(paper - draw.uniform(5, 60)), width=draw.randint(1, 6))
    image = Image.composite(Image.new("L", letters.size, round(ink)), back, letters)
    if draw.random() < 0.3:  # a shadow or a gleam across
        slope = Image.linear_gradient("L").rotate(draw.choice((0, 90, 180, 270))).resize(image.size)
        low = draw.uniform(0.5, 0.95)
        image = ImageChops.multiply(image, slope.point([round(255 * (low + (1 - low) * v / 255)) for v in range(256)]))
    # Seen at a slant, then as coarse as the camera sees it.
    turn, shear = math.radians(draw.uniform(-2.5, 2.5)), draw.uniform(-0.06, 0.06)
    tall = draw.uniform(0.9, 1.12)
    middle_x, middle_y = image.width / 2, image.height / 2
    a, b, d, e = math.cos(turn), -math.sin(turn) + shear, math.sin(turn), math.cos(turn) * tall
    matrix = (a, b, middle_x - a * middle_x - b * middle_y, d, e, middle_y - d * middle_x - e * middle_y)
    image = image.transform(
        image.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=round(paper)
    )
    coarse = draw.uniform(0.36, 1.4) if draw.random() < 0.8 else 1.0
    image = image.resize((round(count * PITCH * coarse), round(CELL_HEIGHT * 2 * coarse)), Image.Resampling.BOX)
    if draw.random() < 0.7:
        image = image.filter(ImageFilter.GaussianBlur(draw.uniform(0, 1.5) * min(1.0, coarse + 0.25)))
    if draw.random() < 0.8:
        noise = Image.effect_noise(image.size, draw.uniform(3, 60))
        image = Image.blend(image, noise, draw.uniform(0.02, 0.25))
    if draw.random() < 0.6:
        held = io.BytesIO()
        image.save(held, "JPEG", quality=draw.randint(30, 92))
        image = Image.open(held).convert("L")
    image = image.resize((count * PITCH, CELL_HEIGHT * 2), Image.Resampling.BILINEAR)
    cells = []
    for at in range(1, count - 1):
        wide, high = PITCH * draw.uniform(0.97, 1.03), CELL_HEIGHT * draw.uniform(0.95, 1.05)
        aside = draw.gauss(0, 1.5)
        what = ALPHABET.index(text[at]) if text[at] else NONE
        if draw.random() < 0.035:  # between two letters
            aside, what = draw.choice((-1, 1)) * draw.uniform(9, 13), NONE
        x = (at + 0.5) * PITCH + max(-4.0, min(4.0, aside)) if what != NONE else (at + 0.5) * PITCH + aside
        y = CELL_HEIGHT + max(-4.5, min(4.5, draw.gauss(0, 1.7)))
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        cells.append((what, image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=box).tobytes()))
    return cells


def cells(seed: int, strips: int, font: Path) -> tuple[np.ndarray, np.ndarray]:
    draw = random.Random(seed)  # noqa: S311
    other = ROOT / "resources" / "fonts" / "PTSans-Regular.ttf"
    drawn = [cell for _ in range(strips) for cell in strip(draw, font, other)]
    what = np.array([at for at, _ in drawn], dtype=np.int64)
    pixels = np.frombuffer(b"".join(data for _, data in drawn), dtype=np.uint8).reshape(len(drawn), -1)
    return what, pixels


def normal(pixels: np.ndarray) -> np.ndarray:
    values = pixels.astype(np.float32)
    mean = values.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.maximum((values**2).mean(axis=1, keepdims=True) - mean**2, 4.0))
    return (values - mean) / spread


def train(what: np.ndarray, pixels: np.ndarray, rounds: int) -> list[np.ndarray]:
    """Adam on the cross entropy, labels softened a little so that doubt is told."""
    rng = np.random.default_rng(SEED)
    inputs, classes = pixels.shape[1], NONE + 1
    w1 = (rng.standard_normal((inputs, HIDDEN)) * math.sqrt(2 / inputs)).astype(np.float32)
    w2 = (rng.standard_normal((HIDDEN, classes)) * math.sqrt(2 / HIDDEN)).astype(np.float32)
    held = [w1, np.zeros(HIDDEN, np.float32), w2, np.zeros(classes, np.float32)]
    first, second = [np.zeros_like(p) for p in held], [np.zeros_like(p) for p in held]
    step, batch = 0, 256
    steps = rounds * (len(what) // batch)
    for _ in range(rounds):
        order = rng.permutation(len(what))
        for at in range(0, len(order) - batch + 1, batch):
            chosen = order[at : at + batch]
            x = normal(pixels[chosen])
            inner = np.maximum(x @ held[0] + held[1], 0)
            outer = inner @ held[2] + held[3]
            outer -= outer.max(axis=1, keepdims=True)
            p = np.exp(outer)
            p /= p.sum(axis=1, keepdims=True)
            wanted = np.full_like(p, 0.02 / classes)
            wanted[np.arange(batch), what[chosen]] += 0.98
            slope = (p - wanted) / batch
            back = (slope @ held[2].T) * (inner > 0)
            slopes = [x.T @ back, back.sum(0), inner.T @ slope, slope.sum(0)]
            step += 1
            rate = 0.002 * 0.5 * (1 + math.cos(math.pi * step / steps))
            for place, (value, slope) in enumerate(zip(held, slopes, strict=True)):
                g = slope + 1e-4 * value
                first[place] = 0.9 * first[place] + 0.1 * g
                second[place] = 0.999 * second[place] + 0.001 * g * g
                held[place] = value - rate * (first[place] / (1 - 0.9**step)) / (
                    np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8
                )
    return held


def told(held: list[np.ndarray], pixels: np.ndarray) -> np.ndarray:
    return (np.maximum(normal(pixels) @ held[0] + held[1], 0) @ held[2] + held[3]).argmax(axis=1)


def written(held: list[np.ndarray]) -> bytes:
    layers, body = [], b""
    for weights, biases in ((held[0], held[1]), (held[2], held[3])):
        scales = np.abs(weights).max(axis=0) / 127
        body += np.round(weights / scales).astype(np.int8).T.tobytes()
        layers.append(
            {
                "inputs": weights.shape[0],
                "scales": [float(f"{scale:.6g}") for scale in scales],
                "biases": [float(f"{bias:.6g}") for bias in biases],
            }
        )
    return json.dumps({"layers": layers}, separators=(",", ":")).encode() + b"\n" + body


def main(words: list[str]) -> int:
    font, strips = Path(words[0]), int(words[1]) if len(words) > 1 else 40_000
    what, pixels = cells(SEED, strips, font)
    print(f"{len(what)} cells drawn", flush=True)
    held = train(what, pixels, 12)
    seen, fresh = cells(SEED + 1, 1_500, font)
    right = told(held, fresh) == seen
    print(f"{right.mean():.4%} of {len(seen)} fresh cells are told rightly", flush=True)
    folder = ROOT / "resources" / "recognition"
    folder.mkdir(exist_ok=True)
    (folder / "ocr-b.weights").write_bytes(written(held))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
