"""A person's decisions as a line of time. Pure."""

from collections.abc import Iterable
from datetime import date

from app.domain.dates import parse_iso
from app.domain.vocabulary import CaseState, Outcome
from app.services.person_views import PersonCase, Stretch


def stretches(cases: Iterable[PersonCase]) -> tuple[Stretch, ...]:
    """Which decision stood when, oldest first. A later decision ends the one before; a period that ran out before it
    leaves a stretch without a decision between them."""
    signed = [
        (on, case)
        for case in cases
        if case.state is CaseState.SIGNED and (on := parse_iso(case.examined_on or "")) is not None
    ]
    signed.sort(key=lambda pair: pair[0])
    made: list[Stretch] = []
    for at, (on, case) in enumerate(signed):
        following = signed[at + 1][0] if at + 1 < len(signed) else None
        ends = parse_iso(case.until or "") if case.outcome is not Outcome.NOT_ESTABLISHED else None
        until = min((day for day in (ends, following) if day is not None), default=None)
        if until != on:
            made.append(Stretch(on, until, case.outcome, case.cause, case.id))
        if following is not None and until is not None and until < following:
            made.append(Stretch(until, following, None, None, None))
    return tuple(made)


def swapped(birth: date) -> date | None:
    """The date with day and month exchanged; None where there is no other such date."""
    if birth.day > 12 or birth.day == birth.month:
        return None
    return date(birth.year, birth.day, birth.month)


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two words differ by at most one letter: another, one more, one less, or two neighbours exchanged."""
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) == len(other):
        exchanged = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return one[at + 1 :] == other[at + 1 :] or exchanged
    return one[at:] == other[at + 1 :]
