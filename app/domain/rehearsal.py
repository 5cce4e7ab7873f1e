"""What another edition of the criteria would change, as values: case by case, and counted.

Plain values throughout: thousands of them travel between processes. Nothing here is in a language.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Final, NamedTuple

from app.domain.proposal import PackIdentity
from app.domain.text import LocalText, Text
from app.domain.vocabulary import Outcome

FORMAT: Final = "mse-rehearsal/1"
OPEN: Final = "undetermined"
_LIGHTEST: Final = 4  # no disability

Said = tuple[str, int | None, str | None]
"""A period: its kind (or `undetermined`), months or years, the first day after it (YYYY-MM-DD)."""
Per = tuple[int, ...] | None
"""Per cent from and to; empty where facts are missing, None where none is due."""


class Answer(NamedTuple):
    """What one edition gives for a case. `level` 1 (heaviest) to 3, None for none; `conflicts` are codes."""

    outcome: str
    level: int | None
    missing: tuple[str, ...]
    period: Said | None
    alternatives: tuple[Said, ...]
    candidates: tuple[Said, ...]
    general: Per
    professional: Per
    cause: str | None
    conflicts: tuple[str, ...]


class Contradiction(NamedTuple):
    """What a contradiction says of one case, put together when it is asked for: of many thousands few are shown."""

    words: LocalText
    params: Mapping[str, object]

    def text(self) -> LocalText:
        """The sentence with this case's own days and numbers."""
        return self.words.with_params(**self.params) if self.params else self.words


class Change(NamedTuple):
    """A case that would get something else. `label`: its number, or the number of its line.

    `region`: the first two digits of the КАТО of residence, `chapter`: the roman number of the ICD-10 chapter of the
    main diagnosis; both "" where not known. `differs` names what differs (`ASPECTS`), `turn` is heavier, lighter or "".
    `gained` and `lost` are the contradictions that would appear and disappear, with the days of this case.
    """

    label: str
    on: date
    region: str
    chapter: str
    differs: tuple[str, ...]
    turn: str
    before: Answer
    after: Answer
    gained: tuple[Contradiction, ...]
    lost: tuple[Contradiction, ...]


# What may differ, the weightiest first, as `differences` asks for them. `period` is its kind and length,
# `end` its last day alone.
ASPECTS: Final = (
    "outcome", "period", "end", "alternatives", "general_capacity", "professional_capacity", "cause", "conflicts",
    "missing",
)  # fmt: skip
# What an edition also proposes and a rehearsal doesn't compare; every answer says so.
NOT_COMPARED: Final = ("measures", "extra_help", "notes")


def differences(before: Answer, after: Answer) -> tuple[str, ...]:
    """Which of `ASPECTS` differ between two answers."""
    one, other = before.period, after.period
    same_length = (one and one[:2]) == (other and other[:2])
    differ = (
        before.outcome != after.outcome,
        not same_length,
        same_length and one != other,
        before.alternatives != after.alternatives or before.candidates != after.candidates,
        before.general != after.general,
        before.professional != after.professional,
        before.cause != after.cause,
        before.conflicts != after.conflicts,
        before.missing != after.missing,
    )
    return tuple(compress(ASPECTS, differ))


def turn(before: Answer, after: Answer) -> str:
    """`heavier` or `lighter` where the group is another one, "" where it isn't or where one of the two is open."""
    if before.outcome == after.outcome or OPEN in (before.outcome, after.outcome):
        return ""
    was, would_be = (
        4 if answer.outcome == Outcome.NOT_ESTABLISHED else answer.level or 4 for answer in (before, after)
    )
    return "heavier" if would_be < was else "lighter" if would_be > was else ""


@dataclass(slots=True)
class Tally:
    """How many cases there are, how many would get something else, a heavier group, a lighter one."""

    cases: int = 0
    changed: int = 0
    heavier: int = 0
    lighter: int = 0

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.changed += other.changed
        self.heavier += other.heavier
        self.lighter += other.lighter


@dataclass(slots=True)
class Counts:
    """Everything counted over some cases.

    `outcomes` counts every case by what it gets and would get; `periods` those whose kind or length of period differs;
    `aspects` by what differs; `conflicts` by code and whether it is `gained` or `lost`.
    """

    total: Tally = field(default_factory=Tally)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    periods: Counter[tuple[Said | None, Said | None]] = field(default_factory=Counter)
    aspects: Counter[str] = field(default_factory=Counter)
    conflicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    regions: dict[str, Tally] = field(default_factory=dict)
    chapters: dict[str, Tally] = field(default_factory=dict)

    def add(self, other: "Counts") -> None:
        self.total.add(other.total)
        for mine, theirs in (
            (self.outcomes, other.outcomes), (self.periods, other.periods), (self.aspects, other.aspects),
            (self.conflicts, other.conflicts),
        ):  # fmt: skip
            mine.update(theirs)  # type: ignore[arg-type]
        for tallies, found in ((self.regions, other.regions), (self.chapters, other.chapters)):
            for key, tally in found.items():
                tallies.setdefault(key, Tally()).add(tally)


@dataclass(slots=True)
class Part:
    """What some cases gave: changes in the order of the cases, who could not be decided, with the sentence, and the
    editions that were met on the other side, by digest."""

    counts: Counts = field(default_factory=Counts)
    changes: list[Change] = field(default_factory=list)
    refused: list[tuple[str, Text]] = field(default_factory=list)
    against: dict[str, PackIdentity] = field(default_factory=dict)

    def add(self, other: "Part") -> None:
        self.counts.add(other.counts)
        self.changes += other.changes
        self.refused += other.refused
        self.against.update(other.against)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole answer.

    `law_of`: the day whose law each case meets, None where each meets that of its own day; `earlier_only`: the day is
    only for cases from before it. `in_work`: the new edition is not signed.
    """

    new: PackIdentity
    in_work: bool
    law_of: date | None
    earlier_only: bool
    part: Part
