"""Ranges of numbered blanks (бланкілер қатары, номера бланков), as the department received them.

Pure: which ranges hold which number, which overlap. Which numbers were used is known to the database alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain import dates, typed
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import PaperKind

PROTOCOL: Final = "protocol"
"""Id of the protocol of a session, which is of no single case."""
RANGE: Final = "paper_range"
"""Kind of the entries that hold ranges."""
LONGEST_NUMBER: Final = 12  # digits
MOST: Final = 100_000  # blanks in one range: more is a slip of the hand
# Letters that look alike in Cyrillic and Latin: АА and AA are one series on paper.
_ALIKE: Final = str.maketrans("АВЕЗКМНОРСТУХІ", "ABE3KMHOPCTYXI")


@dataclass(frozen=True, slots=True)
class Range:
    """Blanks of one kind and series from `first` to `last`, both included; numbers have `digits` digits on paper.
    `given_on`: when the department received them (None: not entered), `given_by`: from whom."""

    id: str
    kind: PaperKind
    series: str
    first: int
    last: int
    digits: int
    given_on: str | None
    given_by: str

    def holds(self, kind: str, series: str, number: int) -> bool:
        return (self.kind, self.series) == (kind, series) and self.first <= number <= self.last

    def written(self, number: int) -> str:
        """The number as it stands on the blank."""
        return written(number, self.digits)

    def record(self) -> dict[str, Any]:
        """As the entry holds it."""
        return {
            "kind": self.kind.value,
            "series": self.series,
            "first": self.first,
            "last": self.last,
            "digits": self.digits,
            "given_on": self.given_on,
            "given_by": self.given_by,
        }


def written(number: int, digits: int) -> str:
    """A number with the zeros before it that stand on the blank."""
    return f"{number:0{digits}}"


def read_range(identity: str, record: Mapping[str, Any]) -> Range:
    """The range of an entry."""
    return Range(identity, PaperKind(record["kind"]), *(record[key] for key in
                 ("series", "first", "last", "digits", "given_on", "given_by")))  # fmt: skip


def new_range(
    identity: str, kind: str, series: str, first: str, last: str, given_on: str | None, given_by: str
) -> Range:
    """A range out of what was typed; UserError with `where` (`kind`, `series`, `first`, `last`, `given_on`,
    `given_by`) for what can't be one."""
    try:
        known = PaperKind(kind)
    except ValueError:
        raise UserError(Text(N_("Choose the kind of paper.")), where="kind") from None
    named = typed.line(series, where="series", longest=10).upper()
    begin, end = _digits(first, "first"), _digits(last, "last")
    if len(begin) != len(end):
        sentence = N_(
            "The first number has {first} digits, the last one {last}. Type both as they stand on the blanks."
        )
        raise UserError(Text(sentence, {"first": len(begin), "last": len(end)}), where="last")
    if int(end) < int(begin):
        raise UserError(Text(N_("The last number is lower than the first one.")), where="last")
    if int(end) - int(begin) >= MOST:
        sentence = N_("That would be {n} blanks. A range has at most {most}: check the digits.")
        raise UserError(Text(sentence, {"n": int(end) - int(begin) + 1, "most": MOST}), where="last")
    if given_on is not None and dates.parse_iso(given_on) is None:
        raise UserError(Text(N_("This day does not exist.")), where="given_on")
    by = typed.line(given_by, where="given_by")
    return Range(identity, known, named, int(begin), int(end), len(begin), given_on, by)


def overlapping(fresh: Range, ranges: Mapping[str, Range]) -> Range | None:
    """A range that holds a number of `fresh` already, None where none does. Series that look alike are one."""
    for known in ranges.values():
        same = known.kind == fresh.kind and _look(known.series) == _look(fresh.series)
        if same and known.first <= fresh.last and fresh.first <= known.last:
            return known
    return None


def _look(series: str) -> str:
    return series.upper().replace(" ", "").replace("0", "O").translate(_ALIKE)


def _digits(text: str, where: str) -> str:
    plain = "".join(text.split())
    if not plain.isdecimal() or not plain.isascii() or len(plain) > LONGEST_NUMBER:
        sentence = N_("Type the number with all its digits, as it stands on the blank: at most {n}.")
        raise UserError(Text(sentence, {"n": LONGEST_NUMBER}), where=where)
    return plain
