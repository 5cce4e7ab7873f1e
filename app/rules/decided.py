"""What one edition gives for one case: what the engine works out, and the checks of contradictions look at."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.domain.proposal import Band, Level, Period, Undetermined
from app.domain.vocabulary import Outcome
from app.rules.model import ConflictRule, Pack, Rule
from app.rules.papers import Papers
from app.rules.plan import Day, Plan
from app.rules.space import Case, Space


class Report(NamedTuple):
    """What a check reports, not yet in words: they cost more than the check, and a batch shows few of them."""

    rule: ConflictRule
    facts: list[str]
    params: dict[str, object]


class Decided:
    """What an edition gives for one case, as `Proposal` has it, with what it was worked out from; nothing in words.

    `possible`: outcome and period of every completion, together; `bands`: what the professional capacity may come to.
    """

    __slots__ = ("bands", "case", "cause", "day", "general", "injured", "level", "missing", "outcome", "pack", "papers",
                 "period", "plan", "possible", "professional", "reports", "space")  # fmt: skip
    pack: Pack
    plan: Plan
    day: Day
    space: Space
    case: Case
    papers: Papers
    outcome: Outcome
    missing: tuple[str, ...]
    level: Level
    period: Period | Undetermined | None
    general: Band | Undetermined | None
    professional: Band | Undetermined | None
    possible: Sequence[tuple[Outcome, Period | None]]
    bands: Sequence[Band | None]
    injured: Mapping[str, Any] | None  # the work injury, where one is given
    cause: Rule | None
    reports: list[Report]

    @property
    def cause_proposed(self) -> str | None:
        """A code of the case file, None where the commission chooses."""
        code: str | None = None if self.cause is None else self.cause.result[0]
        return code

    def answer_as(self, other: "Decided") -> None:
        """Take over what another edition answers, but for its contradictions."""
        self.space, self.case = other.space, other.case
        self.outcome, self.missing, self.level = other.outcome, other.missing, other.level
        self.period, self.general, self.professional = other.period, other.general, other.professional
        self.possible, self.bands, self.injured, self.cause = other.possible, other.bands, other.injured, other.cause
