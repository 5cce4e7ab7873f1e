"""The ages that matter to a pack: borders of its bands, and dated limits that a person has reached or not."""

from datetime import date
from typing import Any

from app.domain.dates import reaches
from app.rules.model import Pack
from app.rules.slices import slices_of


def reached_age(pack: Pack, parameter_id: str, birth: date, on: date) -> bool:
    """Whether a person has reached, on or before a day, the age of a dated parameter.

    Once reached it stays reached when the parameter rises: the age counts on each day by the value of that day, also
    where that value stands in a record which has ended since.
    """
    for first, last, months in dated_values(pack, parameter_id):
        if first is not None and first > on:
            break
        day = reaches(birth, months)
        if first is not None and day < first:
            day = first
        if day <= on and (last is None or day <= last):
            return True
    return False


def dated_values(pack: Pack, parameter_id: str) -> list[tuple[date | None, date | None, Any]]:
    """What a parameter was and will be by all slices of an edition, with first and last day, in order of days."""
    slices, found = slices_of(pack), []
    for number, held in enumerate(slices):
        begins, ends = held.holds_from if number else None, held.holds_to if number + 1 < len(slices) else None
        for value in held.parameters[parameter_id].values if parameter_id in held.parameters else ():
            first = max((day for day in (begins, value.first) if day is not None), default=None)
            last = min((day for day in (ends, value.last) if day is not None), default=None)
            if first is None or last is None or first <= last:
                found.append((first, last, value.value))
    return found


def borders(pack: Pack) -> list[str]:
    """The parameters that divide ages into bands."""
    tables = (
        pack.levels,
        pack.outcomes,
        pack.clips,
        pack.periods,
        pack.general,
        pack.professional,
        pack.proposed_causes,
    )
    ages = [rule.ages for rules in tables for rule in rules] + [fact.ages for fact in pack.fact_list]
    found = {border for pair in ages for border in (pair.first, pair.below)}
    found |= {border for fact in pack.fact_list for border in (fact.if_given_from, fact.not_applicable_from)}
    return sorted(border for border in found if border)


def age_limits(pack: Pack) -> list[tuple[tuple[str, str], ...]]:
    """The age limits by sex that rules ask for, as pairs of sex and parameter."""
    rows = [rule for rules in (pack.levels, pack.periods, pack.general) for rule in rules]
    return sorted({condition["below_age"] for rule in rows for condition in rule.when if "below_age" in condition})
