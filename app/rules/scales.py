"""Scales as cross-checks: what a filled-in scale says in words, and whether a chosen degree is far from it.

A scale never decides: nothing here changes outcome, period or percentages. Where its band and the degree that the
commission chose are further apart than the pack allows, that is a contradiction to be answered (`scale_differs`).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.domain.criteria import ScaleBand, ScaleInfo, ScaleReading
from app.domain.dates import age, parse_iso
from app.domain.scales import FORMS, Number
from app.domain.text import LocalText
from app.rules.model import Ages, Pack


def applying(pack: Pack, years: int, on: date) -> tuple[ScaleInfo, ...]:
    """The scales that are meant for an age in full years on a day, in the pack's order."""
    return tuple(scale for scale in pack.on(on).scales if pack.on(on).covers(Ages(*scale.ages), years, on))


def readings(pack: Pack, given: Mapping[str, Any] | None, years: int, on: date) -> tuple[ScaleReading, ...]:
    """What the scales of a case (its `scales`) say, each that is filled in and meant for this age."""
    return tuple(
        ScaleReading(scale.id, scale.name, said(scale, score), scale.facts, scale.citation)
        for scale, score in scored(pack, given, years, on)
    )


def bands_read(pack: Pack, document: Mapping[str, Any]) -> list[str]:
    """The band of each scale of a case that has the fields needed for a proposal: `barthel 2`, counted from 1."""
    on, birth = (parse_iso(document[part][key]) for part, key in (("examination", "on"), ("person", "birth_date")))
    if on is None or birth is None:
        return []
    return [f"{scale.id} {scale.bands.index(band_of(scale, score)) + 1}"
            for scale, score in scored(pack, document.get("scales"), age(birth, on), on)]  # fmt: skip


def band_of(scale: ScaleInfo, score: Number) -> ScaleBand:
    """The band in which a result lies."""
    return next(band for band in reversed(scale.bands) if score >= band.first)


def scored(pack: Pack, given: Mapping[str, Any] | None, years: int, on: date) -> Iterator[tuple[ScaleInfo, Number]]:
    """Each scale that is filled in and meant for this age, with its result."""
    for scale in pack.on(on).scales if given else ():
        filled_in = given.get(scale.id) if given else None
        if filled_in and pack.covers(Ages(*scale.ages), years, on):
            score = FORMS[scale.id].score(filled_in)
            if score is not None:
                yield scale, score


def said(scale: ScaleInfo, score: Number) -> LocalText:
    """The result with its band, for instance “45 of 100, severe dependence”."""
    band = band_of(scale, score).name
    if scale.result is None:
        return band
    written = str(score)
    number = LocalText(kk=written.replace(".", ","), ru=written.replace(".", ","), en=written)
    result = scale.result.with_params(score=number)
    return LocalText(*(f"{result.of(language)}, {band.of(language)}" for language in ("kk", "ru", "en")))
