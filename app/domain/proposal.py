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
    """A period. `value` counts months or years; `until` is the first day after it. None where there is none."""

    kind: PeriodKind
    value: int | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """The period proposed, what may be chosen instead, and what a person would have to confirm with a ground."""

    proposed: Term
    alternatives: tuple[Term, ...]
    candidates: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Whole per cent, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Not enough data. `missing` names the facts that matter, sorted, without `facts.`."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Heaviness 1 (heaviest) to 3; None for none and for undetermined."""

    by_criteria: int | None
    by_defects: int | None
    of_case: int | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A contradiction (to be answered) or an obstacle (stops signing)."""

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
    """The whole answer for one case on one day. `age` is in full years on `on`."""

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
