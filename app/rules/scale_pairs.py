"""Whether a scale and a chosen degree are far apart, exactly: only if they are so whatever the unknown facts are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.domain.criteria import ScaleInfo
from app.domain.scales import Number
from app.domain.text import LocalText
from app.rules.conditions import NOT_APPLICABLE
from app.rules.model import Pack
from app.rules.scale_words import subject_name
from app.rules.scales import band_of, said, scored
from app.rules.space import Case, Space


@dataclass(frozen=True, slots=True)
class Pair:
    """A filled-in scale and a fact or group that it speaks to, with the degrees that go with its band.

    `heaviest`: of the members that are given (0 for none); `unknown`: the variables of those that may be heavier still.
    """

    scale: ScaleInfo
    score: Number
    subject: str
    least: int
    most: int
    heaviest: int
    given: tuple[str, ...]
    unknown: tuple[int, ...]

    def apart(self, unknown: Mapping[int, int]) -> int:
        """How many degrees the two are apart if the unknown facts have these degrees."""
        degree = max([self.heaviest, *(unknown[number] for number in self.unknown)])
        return max(self.least - degree, degree - self.most, 0)


def far_apart(pack: Pack, given: Mapping[str, Any], space: Space, case: Case, allowed: int) -> list[Pair]:
    """The pairs that are more than `allowed` degrees apart in every completion of the case, else those of which some is
    in every completion (two scales that contradict each other about what nobody has examined). `given`: its `scales`.

    A degree that is not applicable or excluded by age is not compared.
    """
    pairs = list(_pairs(pack, given, space, case))
    certain = [pair for pair in pairs if _always([pair], pairs, space, allowed)]
    if certain:
        return certain
    return [pair for together in _sharing(pairs) if _always(together, together, space, allowed) for pair in together]


def worded(pack: Pack, pair: Pair, words: LocalText) -> LocalText:
    """A pair in the pack's `words` for it, for instance “Barthel index: 20 of 100, total dependence – self-care: …”."""
    degree = pack.word("line", "unknown")
    if pair.given:  # unknown members of a group can only make its heaviest degree heavier
        degree = pack.word("line", "degree_from" if pair.unknown else "degree").with_params(value=pair.heaviest)
    return words.with_params(
        scale=pair.scale.name, result=said(pair.scale, pair.score), fact=subject_name(pack, pair.subject), degree=degree
    )


def _pairs(pack: Pack, given: Mapping[str, Any], space: Space, case: Case) -> Iterator[Pair]:
    for scale, score in scored(pack, given, case.age, case.on):
        for subject, least, most in band_of(scale, score).degrees:
            numbers = [space.number[fact] for fact in pack.groups.get(subject, (subject,)) if fact in space.number]
            known = [number for number in numbers if case.raws[number] not in (None, NOT_APPLICABLE)]
            heaviest = max((case.raws[number] for number in known), default=0)
            unknown = tuple(n for n in numbers if case.raws[n] is None and space.domains[n][-1] > heaviest)
            if known or unknown:
                names = tuple(space.names[number] for number in known)
                yield Pair(scale, score, subject, least, most, heaviest, names, unknown)


def _always(asked: Sequence[Pair], pairs: Sequence[Pair], space: Space, allowed: int) -> bool:
    """Whether some of the pairs asked is far apart in every completion."""
    if not any(pair.unknown for pair in asked):
        return any(pair.apart({}) > allowed for pair in asked)
    numbers = sorted({number for pair in asked for number in pair.unknown})
    alone = {pair.unknown[0] for pair in pairs if len(pair.unknown) == 1}
    # Of members of which nothing but a group's heaviest degree is asked, one with the most degrees stands for all.
    rest = sorted((number for number in numbers if number not in alone), key=lambda number: len(space.domains[number]))
    free = [number for number in numbers if number in alone] + rest[-1:]
    nothing = dict.fromkeys(numbers, 0)
    return all(
        any(pair.apart({**nothing, **dict(zip(free, degrees, strict=True))}) > allowed for pair in asked)
        for degrees in product(*(space.domains[number] for number in free))
    )


def _sharing(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs in heaps: those of different heaps have no unknown fact in common."""
    heaps: list[tuple[set[int], list[Pair]]] = []
    for pair in pairs:
        numbers, members = set(pair.unknown), [pair]
        apart = []
        for heap in heaps:
            if heap[0] & numbers:
                numbers |= heap[0]
                members = heap[1] + members
            else:
                apart.append(heap)
        heaps = [*apart, (numbers, members)]
    return [members for _, members in heaps]
