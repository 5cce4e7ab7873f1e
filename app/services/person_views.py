"""What is handed out of a person; frozen like the other views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.domain.text import LocalText
from app.domain.vocabulary import CaseState, NoIin, Occasion, Outcome, Place


class Likeness(StrEnum):
    """Why two persons may be one."""

    NUMBER = "number"
    NAME = "name"
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of persons; the last three are of the decision in force."""

    id: str
    name: str
    iin: str | None
    birth_date: str | None
    examined_on: str | None
    outcome: Outcome | None
    due_on: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """The first persons that were asked for; `more`: there are others behind them."""

    rows: tuple[PersonRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A person who may be the one whose data are being typed."""

    person: PersonRow
    why: Likeness


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One examination of a person. What was decided is None until it is; `until` is the first day after the period."""

    id: str
    number: str
    state: CaseState
    examined_on: str | None
    place: Place | None
    occasion: Occasion | None
    outcome: Outcome | None
    period: Mapping[str, Any] | None
    cause: str | None
    until: str | None
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a person's time: since when until when (None: without an end) which decision stood; no outcome where
    a period had run out before the next decision."""

    since: date
    until: date | None
    outcome: Outcome | None
    cause: str | None
    case_id: str | None


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A paper that left the program: when, by whose hand, which, in which language, of which case."""

    at: datetime
    by: str
    document: str
    title: LocalText
    language: str
    how: str
    number: str


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """Somebody else's cases that were found to be this person's: under which id and name, how many, by whom, why."""

    id: str
    name: str
    cases: int
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything the desk knows of one person. `person` is that of the newest case, as in the case file."""

    id: str
    name: str
    person: Mapping[str, Any]
    no_iin: NoIin | None
    no_iin_words: str | None
    cases: tuple[PersonCase, ...]
    stretches: tuple[Stretch, ...]
    papers: tuple[PrintedPaper, ...]
    merged: tuple[MergedPerson, ...]

    @property
    def in_force(self) -> PersonCase | None:
        """The newest signed decision that no other has replaced."""
        return next((case for case in self.cases if case.state is CaseState.SIGNED), None)

    @property
    def under_way(self) -> PersonCase | None:
        """An examination that is begun and not finished."""
        return next((case for case in self.cases if case.state in (CaseState.DRAFT, CaseState.DECIDED)), None)
