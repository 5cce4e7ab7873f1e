"""Which letter stands in a cell: a small network of one hidden layer, trained on the letters of OCR-B alone.

Made by `build/letters.py`; adr/0033 says why not a library. The weights are whole numbers of one byte with a scale a
row, in `resources/recognition/ocr-b.weights`.
"""

import json
import math
from array import array
from functools import cache
from operator import mul
from typing import Final

from app.domain.mrz_letters import ALPHABET
from app.paths import resource

NONE: Final = len(ALPHABET)
"""The place of “no letter” after those of the alphabet."""
_WEIGHTS: Final = ("recognition", "ocr-b.weights")

Layer = list[tuple[list[float], float]]


def probabilities(cell: bytes) -> list[float]:
    """For each letter of `ALPHABET`, and last for none, how likely it stands in the cell."""
    hidden, out = layers()
    pixels = normal(cell)
    inner = [max(0.0, sum(map(mul, row, pixels)) + bias) for row, bias in hidden]
    outer = [sum(map(mul, row, inner)) + bias for row, bias in out]
    top = max(outer)
    powers = [math.exp(value - top) for value in outer]
    total = sum(powers)
    return [power / total for power in powers]


def normal(cell: bytes) -> list[float]:
    """The pixels of a cell whatever its light: mean 0, spread 1."""
    n = len(cell)
    mean = sum(cell) / n
    spread = math.sqrt(max(sum(map(mul, cell, cell)) / n - mean * mean, 4.0))
    return [(value - mean) / spread for value in cell]


@cache
def layers() -> tuple[Layer, Layer]:
    """The hidden layer and the last one. OSError or ValueError where the weights are missing or broken."""
    data = resource(*_WEIGHTS).read_bytes()
    head, _, body = data.partition(b"\n")
    numbers = array("b", body)
    made: list[Layer] = []
    at = 0
    for part in json.loads(head)["layers"]:
        width = part["inputs"]
        layer: Layer = []
        for scale, bias in zip(part["scales"], part["biases"], strict=True):
            row = [number * scale for number in numbers[at : at + width]]
            if len(row) != width:
                raise ValueError("the weights are cut off")
            layer.append((row, bias))
            at += width
        made.append(layer)
    hidden, out = made
    return hidden, out
