"""What test cases cover of the days of records: each day on which records change, from both sides.

As for dated parameters (`boundaries`): the day is moved a day earlier and later, and some case must notice it; for each
record that decides otherwise from then on, cases by its clause stand on the day before and on the day itself.
"""

from collections.abc import Iterator
from datetime import timedelta

from app.domain.text import N_, Text
from app.rules.boundaries import both_sides, noticed
from app.rules.case_runs import Finding, Witnesses, case_days
from app.rules.coverage import clauses
from app.rules.model import Pack
from app.rules.slices import changed, slices_of, with_border

_DAY = timedelta(1)


def dated_coverage(pack: Pack) -> Iterator[Finding]:
    """The boundaries between the slices of an edition; nothing where no record has days."""
    held, known = slices_of(pack), clauses(pack)
    witnesses = Witnesses(pack) if len(held) > 1 else None
    for number in range(1, len(held)):
        before, after = held[number - 1], held[number]
        first, deciding = after.holds_from, changed(before, after, deciding=True)
        by_clause = [name for name in deciding if name in known]
        for name in by_clause or changed(before, after)[:1]:
            cases = [case for case in pack.cases if not by_clause or case.clause == name]
            said = Text(N_("the record {record} changes"), {"record": name})
            yield Finding("boundary", name, *both_sides(said, first, case_days(cases)))
        if deciding and witnesses:
            yield from _moved(pack, number, deciding, witnesses)


def _moved(pack: Pack, number: int, deciding: list[str], witnesses: Witnesses) -> Iterator[Finding]:
    first, names = slices_of(pack)[number].holds_from, ", ".join(deciding)
    for sign in (-1, 1):
        case = witnesses.first([with_border(pack, number, timedelta(sign))], deciding)
        change = Text(N_("if the records {records} changed on {moved} instead of {first}"),
                      {"records": names, "moved": first + sign * _DAY, "first": first})  # fmt: skip
        needed = Text(N_("A case is needed with {day} as the day of examination, and facts for which they decide."),
                      {"day": first if sign > 0 else first - _DAY})  # fmt: skip
        yield Finding("boundary", names, case is not None, noticed(change, case, needed))
