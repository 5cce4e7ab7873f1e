"""What may be written down of each scale, and the one number that it comes to. Pure arithmetic, no law.

The forms are those of the publications: which items a scale has and which numbers an item may take never changes with
the law, so they are part of the case file (`mse-case/1`). Their words, bands and what they say of a degree are data of
the rule pack (`scales.toml`). Items that a licence keeps back are numbers only (MMSE, WHODAS 2.0).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from types import MappingProxyType
from typing import Any, Final, Literal

Number = int | float


@dataclass(frozen=True, slots=True)
class Allowed:
    """The numbers that one entry may take: those of a `range`, of a list, or from 0 in hundredths up to a greatest."""

    values: range | tuple[int, ...] | None = None
    hundredths_to: Number = 0

    @property
    def least(self) -> Number:
        """The smallest number that may be written."""
        return 0 if self.values is None else self.values[0]

    @property
    def most(self) -> Number:
        """The greatest number that may be written."""
        return self.hundredths_to if self.values is None else self.values[-1]


@dataclass(frozen=True, slots=True)
class Form:
    """One scale: its items, the key under which a result is written whose items are not known, and how items add up.

    `single`: one item that is the result. `sum` of points, or `mean` (of thresholds in dB; written without fractions).
    """

    items: Mapping[str, Allowed]
    whole: str | None
    adds_up: Literal["single", "sum", "mean"]

    @property
    def entries(self) -> Mapping[str, Allowed]:
        """Every key of the scale in the case file, the result's own last."""
        if self.whole is None:
            return self.items
        results = range(int(self.least), int(self.most) + 1, int(self.step))
        return {**self.items, self.whole: Allowed(results)}

    @property
    def step(self) -> Number:
        """How far results that are written as a whole are apart: points in fives come to fives."""
        if any(item.values is None for item in self.items.values()):
            return 0.01
        return gcd(*(value - item.values[0] for item in self.items.values() if item.values for value in item.values))

    @property
    def least(self) -> Number:
        """The smallest result."""
        return self._result([item.least for item in self.items.values()])

    @property
    def most(self) -> Number:
        """The greatest result."""
        return self._result([item.most for item in self.items.values()])

    def score(self, given: Mapping[str, Any]) -> Number | None:
        """The result of what is given: of all items, else the one that was written as a whole; None without either."""
        values = [given.get(item) for item in self.items]
        if any(value is None for value in values):
            return None if self.whole is None else given.get(self.whole)
        return self._result([value for value in values if value is not None])

    def contradicts(self, given: Mapping[str, Any]) -> bool:
        """Whether no way of filling in the open items gives the result that was written as a whole."""
        stated = None if self.whole is None else given.get(self.whole)
        if stated is None:
            return False
        known = {item: given[item] for item in self.items if given.get(item) is not None}
        low, high = (
            self._result([known.get(item, bound) for item, bound in bounds])
            for bounds in (
                [(item, allowed.least) for item, allowed in self.items.items()],
                [(item, allowed.most) for item, allowed in self.items.items()],
            )
        )
        if self.adds_up == "mean":  # the mean is written without its fraction, rounded either way
            return bool(stated <= low - 1 or stated >= high + 1)
        return not low <= stated <= high

    def _result(self, values: list[Number]) -> Number:
        if self.adds_up != "mean":
            return sum(values)
        mean = sum(values) / len(values)
        return int(mean) if mean == int(mean) else mean


_FIVES: Final = Allowed((0, 5))
_TENS: Final = Allowed((0, 5, 10))
_FIFTEENS: Final = Allowed((0, 5, 10, 15))
_DECIBEL: Final = Allowed(range(-10, 131))

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "barthel": Form(
            {
                "feeding": _TENS,
                "bathing": _FIVES,
                "grooming": _FIVES,
                "dressing": _TENS,
                "bowels": _TENS,
                "bladder": _TENS,
                "toilet": _TENS,
                "transfer": _FIFTEENS,
                "mobility": _FIFTEENS,
                "stairs": _TENS,
            },
            "total",
            "sum",
        ),
        "mmse": Form(
            {
                "orientation_time": Allowed(range(6)),
                "orientation_place": Allowed(range(6)),
                "registration": Allowed(range(4)),
                "attention": Allowed(range(6)),
                "recall": Allowed(range(4)),
                "language": Allowed(range(9)),
                "copying": Allowed(range(2)),
            },
            "total",
            "sum",
        ),
        "gmfcs": Form({"level": Allowed(range(1, 6))}, None, "single"),
        "nyha": Form({"class": Allowed(range(1, 5))}, None, "single"),
        "visual_acuity": Form({"better_eye": Allowed(hundredths_to=2)}, None, "single"),
        "visual_field": Form({"better_eye": Allowed(range(91))}, None, "single"),
        "hearing": Form(
            {"hz_500": _DECIBEL, "hz_1000": _DECIBEL, "hz_2000": _DECIBEL, "hz_4000": _DECIBEL}, "mean", "mean"
        ),
        "whodas_12": Form({f"s{number}": Allowed(range(1, 6)) for number in range(1, 13)}, "total", "sum"),
    }
)


def scores(given: Mapping[str, Any]) -> dict[str, Number]:
    """The result of every scale that is filled in, by its id, in the order of `FORMS`. `given`: the case's `scales`."""
    found: dict[str, Number] = {}
    for scale, form in FORMS.items():
        score = form.score(given.get(scale) or {})
        if score is not None:
            found[scale] = score
    return found
