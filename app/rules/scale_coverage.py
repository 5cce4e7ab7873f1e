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
from app.rules.boundaries import noticed
from app.rules.case_runs import Finding, Witnesses
from app.rules.model import Pack, TestCase
from app.rules.slices import joined, slices_of


def scale_coverage(pack: Pack) -> Iterator[Finding]:
    """The findings on every scale of an edition; none where it has no scales."""
    cases = tuple(case for case in pack.cases if case.document.get("scales"))
    witnesses = Witnesses(_of_cases(pack, cases))
    for scale in dict.fromkeys(scale for held in slices_of(pack) for scale in held.scales):
        for number in range(1, len(scale.bands)):
            band = scale.bands[number]
            for to, result in _moves(scale, number):
                subject = f"scale.{scale.id}"
                case = witnesses.first([_of_cases(_with(pack, scale, number, to), cases)], {subject})
                change = Text(N_("{scale}: if the band “{band}” began at {to} instead of {first}"),
                              {"scale": scale.name, "band": band.name, "to": to, "first": band.first})  # fmt: skip
                needed = Text(N_("A case is needed with the result {result} of this scale."), {"result": result})
                yield Finding("boundary", subject, case is not None, noticed(change, case, needed))


def _moves(scale: ScaleInfo, number: int) -> tuple[tuple[Number, Number], tuple[Number, Number]]:
    """Where a band is moved to, with the result that tells: the one below it, and past its first."""
    step, least = FORMS[scale.id].step, FORMS[scale.id].least
    steps = ceil(round((scale.bands[number].first - least) / step, 6))  # how many results lie below the band
    below, first = (round(least + count * step, 2) for count in (steps - 1, steps))
    return (below, below), (round(least + (steps + 0.5) * step, 3), first)


def _of_cases(pack: Pack, cases: tuple[TestCase, ...]) -> Pack:
    return joined([replace(held, cases=cases, slices=()) for held in slices_of(pack)])


def _with(pack: Pack, scale: ScaleInfo, number: int, first: Number) -> Pack:
    bands = list(scale.bands)
    bands[number] = replace(bands[number], first=first)
    moved = replace(scale, bands=tuple(bands))
    return joined([
        # What the engine has compiled of facts and rules stays: nothing of it rests on a scale.
        replace(held, scales=tuple(moved if known == scale else known for known in held.scales), slices=())
        for held in slices_of(pack)
    ])  # fmt: skip
