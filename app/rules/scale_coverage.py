"""What the pack's own test cases say of the scales: each band from both sides, each contradiction shown and not shown.

A band's border counts as tested when it is noticed: moved to the result below it, and past the first result that it
holds, some case must turn red.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from app.domain.criteria import ScaleInfo
from app.domain.scales import FORMS, Number
from app.domain.text import N_, Text
from app.rules.coverage import Finding, red
from app.rules.model import Pack
from app.rules.slices import joined, slices_of


def scale_coverage(pack: Pack) -> Iterator[Finding]:
    """The findings on every scale of an edition; none where it has no scales."""
    cases = tuple(case for case in pack.cases if case.document.get("scales"))
    for scale in dict.fromkeys(scale for held in slices_of(pack) for scale in held.scales):
        for number in range(1, len(scale.bands)):
            for to in _moves(scale, number):
                changed = _with(pack, scale, number, to)
                changed = joined([replace(held, cases=cases, slices=()) for held in slices_of(changed)])
                noticed = next(red(changed), None)
                yield Finding("boundary", f"scale.{scale.id}", noticed is not None, Text(
                    N_("Moved to {to}, the case “{case}” notices it.") if noticed is not None
                    else N_("Moved to {to}, no case notices it. Add a case on that side of the boundary."),
                    {"to": to, "case": noticed or ""}))  # fmt: skip


def _moves(scale: ScaleInfo, number: int) -> tuple[Number, Number]:
    """Where a band is moved to: the result below it, and between its first result and the next."""
    step, least = FORMS[scale.id].step, FORMS[scale.id].least
    steps = ceil(round((scale.bands[number].first - least) / step, 6))  # how many results lie below the band
    return round(least + (steps - 1) * step, 2), round(least + (steps + 0.5) * step, 3)


def _with(pack: Pack, scale: ScaleInfo, number: int, first: Number) -> Pack:
    bands = list(scale.bands)
    bands[number] = replace(bands[number], first=first)
    moved = replace(scale, bands=tuple(bands))
    return joined([
        # What the engine has compiled of facts and rules stays: nothing of it rests on a scale.
        replace(held, scales=tuple(moved if known == scale else known for known in held.scales), slices=())
        for held in slices_of(pack)
    ])  # fmt: skip
