"""Checks of the journals: the blanks that were used, and the journal of protocols."""

from typing import TYPE_CHECKING

from app.domain.errors import CheckFailed
from app.domain.papers import RANGE, Range, read_range
from app.domain.text import N_, Text
from app.storage import papers, protocols

if TYPE_CHECKING:
    from app.services.replay import Replay
    from app.storage.database import Connection


def check_papers(connection: "Connection", told: "Replay") -> None:
    """Each used blank is as the audit trail tells, lies in one of the department's ranges, and no blank below an
    issued one is unused: a number that nobody accounts for would be a certificate that nobody signed."""
    stored = {row.key: row for row in papers.every(connection)}
    for key in sorted(set(stored) | set(told.papers.rows)):
        if stored.get(key) != told.papers.rows.get(key):
            _, series, number = key
            sentence = N_("The blank {series} {number} is not as the audit trail tells.")
            raise CheckFailed(Text(sentence, {"series": series, "number": number}))
    ranges = [read_range(path.partition("/")[2], record) for path, (record, _) in told.entries.items()
              if path.startswith(f"{RANGE}/")]  # fmt: skip
    for kind, series, number in stored:
        if sum(one.holds(kind, series, number) for one in ranges) != 1:
            sentence = N_("The blank {series} {number} lies in none of the department's ranges, or in two.")
            raise CheckFailed(Text(sentence, {"series": series, "number": number}))
    for one in ranges:
        _check_gaps(one, stored)


def _check_gaps(one: Range, stored: dict[tuple[str, str, int], papers.PaperRow]) -> None:
    inside = {number: row for (kind, series, number), row in stored.items() if one.holds(kind, series, number)}
    last = max((number for number, row in inside.items() if row.case_id is not None), default=one.first - 1)
    for number in range(one.first, last):
        if number not in inside:
            sentence = N_("The blank {series} {number} was passed over: it is neither issued nor written off.")
            raise CheckFailed(Text(sentence, {"series": one.series, "number": one.written(number)}))


def check_protocols(connection: "Connection", told: "Replay") -> None:
    """The journal of protocols repeats what was signed, in the order of signing, without a gap."""
    rows = protocols.every(connection)
    for year, entry, case_id, seq in told.protocols:
        case = told.cases[case_id]
        placed = {
            "seq": seq,
            "case_id": case_id,
            "year": year,
            "entry": entry,
            "number": case.number,
            "ordinal": int(case.number.rsplit("/", 1)[1]),
        }
        if next(rows, None) != protocols.row_of(case.document, **placed):
            sentence = N_("The journal of protocols does not repeat what was signed in {number}.")
            raise CheckFailed(Text(sentence, {"number": case.number}))
    left = next(rows, None)
    if left is not None:
        sentence = N_("The journal of protocols holds a case that was not signed: {number}.")
        raise CheckFailed(Text(sentence, {"number": left["number"]}))
