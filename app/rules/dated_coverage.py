"""What test cases cover of the days of records: each day on which records change, from both sides.

As for dated parameters (`coverage`): the day is moved a day earlier and later, and some case must turn red; for each
record that decides otherwise from then on, cases by its clause stand on the day before and on the day itself.
"""

from collections.abc import Iterator
from datetime import timedelta

from app.domain.text import N_, Text
from app.rules.coverage import Finding, case_days, clauses, red
from app.rules.model import Pack
from app.rules.slices import changed, slices_of, with_border

_DAY = timedelta(1)


def dated_coverage(pack: Pack) -> Iterator[Finding]:
    """The boundaries between the slices of an edition; nothing where no record has days."""
    held, known = slices_of(pack), clauses(pack)
    for number in range(1, len(held)):
        before, after = held[number - 1], held[number]
        first, deciding = after.holds_from, changed(before, after, deciding=True)
        by_clause = [name for name in deciding if name in known]
        for name in by_clause or changed(before, after)[:1]:
            cases = [case for case in pack.cases if not by_clause or case.clause == name]
            ok = {first - _DAY, first} <= case_days(cases)
            yield Finding("boundary", name, ok, Text(
                N_("Cases stand on {before} and on {first}, both sides of the date.") if ok
                else N_("It changes on {first}: cases by this clause must stand on {before} and {first}. Add them."),
                {"before": f"{first - _DAY:%d.%m.%Y}", "first": f"{first:%d.%m.%Y}"}))  # fmt: skip
        if deciding:
            yield from _moved(pack, number, ", ".join(deciding))


def _moved(pack: Pack, number: int, names: str) -> Iterator[Finding]:
    for sign in (-1, 1):
        noticed = next(red(with_border(pack, number, timedelta(sign))), None)
        to = slices_of(pack)[number].holds_from + timedelta(sign)
        yield Finding("boundary", names, noticed is not None, Text(
            N_("Moved to {to}, the case “{case}” notices it.") if noticed is not None
            else N_("Moved to {to}, no case notices it. Add a case on that side of the boundary."),
            {"to": f"{to:%d.%m.%Y}", "case": noticed or ""}))  # fmt: skip
