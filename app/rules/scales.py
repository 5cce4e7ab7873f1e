"""Scales as cross-checks: what a filled-in scale says in words, and whether a chosen degree is far from it.

A scale never decides: nothing here changes outcome, period or percentages. Where its band and the degree that the
commission chose are further apart than the pack allows, that is a contradiction to be answered (`scale_differs`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from app.domain.criteria import ScaleBand, ScaleInfo, ScaleReading
from app.domain.dates import age, parse_iso
from app.domain.scales import FORMS, Number
from app.domain.text import LocalText
from app.rules.conditions import NOT_APPLICABLE
from app.rules.model import Ages, Pack
from app.rules.space import Case, Space

_NOTHING: Final[Mapping[str, Any]] = {}


def applying(pack: Pack, years: int, on: date) -> tuple[ScaleInfo, ...]:
    """The scales that are meant for an age in full years on a day, in the pack's order."""
    return tuple(scale for scale in pack.on(on).scales if pack.on(on).covers(Ages(*scale.ages), years, on))


def readings(pack: Pack, given: Mapping[str, Any] | None, years: int, on: date) -> tuple[ScaleReading, ...]:
    """What the scales of a case (its `scales`) say, each that is filled in and meant for this age."""
    return tuple(
        ScaleReading(scale.id, scale.name, _said(scale, score), scale.facts, scale.citation)
        for scale, score in _scored(pack, given, years, on)
    )


def bands_read(pack: Pack, document: Mapping[str, Any]) -> list[str]:
    """The band of each scale of a case that has the fields needed for a proposal: `barthel 2`, counted from 1."""
    on, birth = (parse_iso(document[part][key]) for part, key in (("examination", "on"), ("person", "birth_date")))
    if on is None or birth is None:
        return []
    return [f"{scale.id} {scale.bands.index(band_of(scale, score)) + 1}"
            for scale, score in _scored(pack, document.get("scales"), age(birth, on), on)]  # fmt: skip


def band_of(scale: ScaleInfo, score: Number) -> ScaleBand:
    """The band in which a result lies."""
    return next(band for band in reversed(scale.bands) if score >= band.first)


def far_apart(
    pack: Pack, pair: LocalText, given: Mapping[str, Any], space: Space, case: Case, allowed: int
) -> Iterator[tuple[ScaleInfo, LocalText, list[str]]]:
    """Each scale and degree more than `allowed` degrees apart whatever the unknown facts are: the scale, both in the
    words of `pair`, the facts concerned. What is unknown, not applicable or excluded by age is not compared."""
    for scale, score in _scored(pack, given, case.age, case.on):
        for subject, least, most in band_of(scale, score).degrees:
            members, possible = _possible(pack, space, case, subject)
            if possible and all(max(least - degree, degree - most) > allowed for degree in possible):
                # Further unknown members of a group can only make its heaviest degree heavier.
                wording = pack.word("line", "degree" if len(possible) == 1 else "degree_from")
                text = pair.with_params(
                    scale=scale.name, result=_said(scale, score), fact=_named(pack, subject),
                    degree=wording.with_params(value=min(possible)),
                )  # fmt: skip
                yield scale, text, members


def _scored(pack: Pack, given: Mapping[str, Any] | None, years: int, on: date) -> Iterator[tuple[ScaleInfo, Number]]:
    for scale in applying(pack, years, on) if given else ():
        score = FORMS[scale.id].score(given.get(scale.id) or _NOTHING) if given else None
        if score is not None:
            yield scale, score


def _possible(pack: Pack, space: Space, case: Case, subject: str) -> tuple[list[str], set[int]]:
    """The members of a fact or group that are given, and every degree that the heaviest of them may have."""
    numbers = [space.number[fact] for fact in pack.groups.get(subject, (subject,)) if fact in space.number]
    given = [number for number in numbers if case.raws[number] not in (None, NOT_APPLICABLE)]
    heaviest = max((case.raws[number] for number in given), default=0)
    unknown = [space.domains[number] for number in numbers if case.raws[number] is None]
    possible = {heaviest} if given or unknown else set()
    possible |= {degree for domain in unknown for degree in domain if degree > heaviest}
    return [space.names[number] for number in given], possible


def _named(pack: Pack, subject: str) -> LocalText:
    members: Sequence[str] = pack.groups.get(subject, ())
    if members:
        return pack.word("name", members[0].partition(".")[0])
    return pack.words["short"].get(subject) or pack.fact_name(subject)


def _said(scale: ScaleInfo, score: Number) -> LocalText:
    """The result with its band, for instance “45 of 100, severe dependence”."""
    band = band_of(scale, score).name
    if scale.result is None:
        return band
    written = str(score)
    number = LocalText(kk=written.replace(".", ","), ru=written.replace(".", ","), en=written)
    result = scale.result.with_params(score=number)
    return LocalText(*(f"{result.of(language)}, {band.of(language)}" for language in ("kk", "ru", "en")))
