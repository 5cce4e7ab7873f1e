"""What a screen or a paper shows of a rule pack: facts with their degrees, defects, causes, records.

Built by `app.rules` from the pack's files; legal wording is `LocalText` (kk, ru, en), each with its citation.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.proposal import Citation
from app.domain.text import LocalText

FactKind = Literal["degree", "flag", "choice", "set"]


@dataclass(frozen=True, slots=True)
class DegreeInfo:
    """One degree of a fact (or one choice), with its legal definition for an age."""

    value: int | str
    name: LocalText
    definition: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class FactInfo:
    """A fact as it stands for one age. `applies`: takes part; `may_be_not_applicable`: "n/a" may be said."""

    id: str
    name: LocalText
    kind: FactKind
    degrees: tuple[DegreeInfo, ...]
    applies: bool
    may_be_not_applicable: bool


@dataclass(frozen=True, slots=True)
class DefectInfo:
    """An item of the list of anatomical defects; `level` 1 (heaviest) to 3."""

    id: str
    level: int
    name: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class CauseInfo:
    """A cause of disability (мүгедектік себебі, причина инвалидности) and whether its paper is asked for."""

    code: str
    name: LocalText
    paper_required: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class RecordInfo:
    """A record of a pack in words, for `pack show`; its days, both included (None: those of the edition)."""

    id: str
    text: LocalText
    citation: Citation
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ScaleItem:
    """One entry of a scale's form: its key in the case file, its words, and what its numbers mean (None: not told)."""

    id: str
    name: LocalText
    hint: LocalText | None


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """A published band: from a result (included) up to the next band, with the degrees that go with it.

    `degrees`: (fact or group of facts, least and greatest degree) — a group stands for its heaviest member.
    """

    first: int | float
    name: LocalText
    degrees: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class ScaleInfo:
    """A scale as a cross-check of degrees. `result` words its number (None: the band says it); ages name parameters."""

    id: str
    name: LocalText
    items: tuple[ScaleItem, ...]
    result: LocalText | None
    licence: LocalText
    ages: tuple[str | None, str | None]
    bands: tuple[ScaleBand, ...]
    citation: Citation

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts or groups of facts that it speaks to."""
        return tuple(subject for subject, _, _ in self.bands[0].degrees)


@dataclass(frozen=True, slots=True)
class ScaleReading:
    """What a filled-in scale says: `text` is its number and its band in words; `facts` are the degrees it speaks to."""

    scale: str
    name: LocalText
    text: LocalText
    facts: tuple[str, ...]
    citation: Citation
