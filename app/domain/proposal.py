"""What the criteria give for one case: the proposal as a value (`mse-proposal/1`).

Names and shapes are those of `case-file.md`. Nothing here is in a language: legal wording is `LocalText` from
the pack, so that one proposal is shown on a Russian screen and printed in Kazakh.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from app.domain.text import LocalText
from app.domain.vocabulary import Outcome, PeriodKind, Status

FORMAT = "mse-proposal/1"
# Whether a rule or a condition holds, fails or is left open: said by a sign, so that it never rests on colour.
TRUTH_SIGNS: Mapping[bool | None, str] = MappingProxyType({True: "✓", False: "✗", None: "○"})


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from: act, place in it (may be empty: never invented), edition, and how sure that is."""

    act: LocalText
    place: LocalText
    edition: str
    status: Status


@dataclass(frozen=True, slots=True)
class PackIdentity:
    """Which criteria were used; `digest` is `sha256:` of the manifest, `status` the weakest a proposal rests on."""

    id: str
    version: str
    digest: str
    status: Status


@dataclass(frozen=True, slots=True)
class Term:
    """A period (мерзім, срок; criteria, section 3). `value` counts months or years; `until` is the first day after it.

    Both are None where the kind has none: `until_7`, `until_18` and `no_term` have no value, `no_term` no end.
    """

    kind: PeriodKind
    value: int | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """The period proposed, what may be chosen instead, and what a person would have to confirm with a ground.

    Alternatives stand in the order of the table without doubles (criteria, section 3).
    """

    proposed: Term
    alternatives: tuple[Term, ...]
    candidates: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Loss of capacity in whole per cent, both ends included (criteria, section 4; decree 750 as the pack cites it)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Not enough data. `missing` names the facts that matter, sorted, without `facts.`.

    A fact matters if two ways to fill in the unknown facts that differ in it alone give different results
    (criteria, section 2).
    """

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Heaviness 1 (heaviest) to 3 by criteria, by listed defects, and of the case: the heavier of the two.

    None for none and for undetermined (criteria, section 2).
    """

    by_criteria: int | None
    by_defects: int | None
    of_case: int | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction (to be answered) or an obstacle (stops signing); criteria, section 6.

    `facts`: paths of the case file that are concerned, sorted, those of facts without `facts.`.
    """

    code: str
    kind: Literal["conflict", "obstacle"]
    facts: tuple[str, ...]
    text: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Because:
    """One condition of a rule: a fact, its value (None: unknown), and what the rule needs of it, e.g. `≥ 3`."""

    fact: str
    value: Any
    needs: str


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule as the pack has it, and the case's answer; `held` None: unknown facts leave it open."""

    condition: Mapping[str, Any]
    held: bool | None
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A rule in the trace. `held` is None where unknown facts leave it open or the rule was not reached (`reached`).

    `because` holds the grounds that decide; `parts` every condition asked, for an explanation (not interchanged).
    """

    rule: str
    title: LocalText
    held: bool | None
    reached: bool
    because: tuple[Because, ...]
    citation: Citation
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The whole answer for one case on one day. `age` is in full years on `on`.

    `missing` is that of the outcome, empty where it is certain. `period`, `general_capacity`, `professional_capacity`:
    None where it is certain that none is due. `cause_proposed`: a code of the case file, None where the commission
    chooses. `trace`: the rules in the pack's order; empty where none was asked for.
    """

    pack: PackIdentity
    on: date
    age: int
    outcome: Outcome
    level: Level
    missing: tuple[str, ...]
    period: Period | Undetermined | None
    general_capacity: Band | Undetermined | None
    professional_capacity: Band | Undetermined | None
    cause_proposed: str | None
    conflicts: tuple[Conflict, ...]
    trace: tuple[Step, ...]


class _Unfrozen:
    """A proposal while it is made: the same slots, not yet frozen."""

    __slots__ = Proposal.__slots__


def proposal_of(
    pack: PackIdentity,
    on: date,
    age: int,
    outcome: Outcome,
    level: Level,
    missing: tuple[str, ...],
    period: Period | Undetermined | None,
    general_capacity: Band | Undetermined | None,
    professional_capacity: Band | Undetermined | None,
    cause_proposed: str | None,
    conflicts: tuple[Conflict, ...],
    trace: tuple[Step, ...],
) -> Proposal:
    """`Proposal(…)`, four times as fast: a frozen class sets its fields one by one through a function call."""
    made: Any = _Unfrozen()
    made.pack, made.on, made.age, made.outcome, made.level, made.missing = pack, on, age, outcome, level, missing
    made.period, made.general_capacity, made.professional_capacity = period, general_capacity, professional_capacity
    made.cause_proposed, made.conflicts, made.trace = cause_proposed, conflicts, trace
    made.__class__ = Proposal
    whole: Proposal = made
    return whole
