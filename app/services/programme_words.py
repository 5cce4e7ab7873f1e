"""Rehabilitation measures (ИПАР) in sentences, alike for the window and the command line.

What the criteria word themselves (names, conditions, what a doctor must confirm) comes from the pack; here is what the
program says around it, above all what is not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.proposal import Citation
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import MeasureState, Status

# A sign for each state, so that it never rests on colour.
STATE_SIGNS = {MeasureState.PROPOSED: "✓", MeasureState.TO_CONFIRM: "?", MeasureState.OPEN: "○",
               MeasureState.CONTRAINDICATED: "✗"}  # fmt: skip
STATE_HEADINGS = {
    MeasureState.PROPOSED: N_("Proposed by the criteria"),
    MeasureState.TO_CONFIRM: N_("To be confirmed by a doctor"),
    MeasureState.OPEN: N_("Left open by what is not known"),
    MeasureState.CONTRAINDICATED: N_("Contra-indicated"),
}


class Line(Protocol):
    """One condition, in words. `held` None: what is not known leaves it open."""

    @property
    def held(self) -> bool | None: ...
    @property
    def text(self) -> LocalText: ...


class Ground(Protocol):
    """An indication or a contra-indication of a measure, as the criteria word it."""

    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def confirm(self) -> LocalText | None: ...
    @property
    def citation(self) -> Citation: ...


class Measure(Protocol):
    """A measure, as the explanation tells it."""

    @property
    def kind(self) -> LocalText: ...
    @property
    def name(self) -> LocalText: ...
    @property
    def state(self) -> MeasureState: ...
    @property
    def missing(self) -> Sequence[LocalText]: ...
    @property
    def required(self) -> Sequence[Line]: ...
    @property
    def indications(self) -> Sequence[Ground]: ...
    @property
    def against(self) -> Sequence[Ground]: ...
    @property
    def quantity(self) -> int | None: ...
    @property
    def months(self) -> int | None: ...
    @property
    def with_programme(self) -> bool: ...
    @property
    def carrier(self) -> LocalText | None: ...
    @property
    def citation(self) -> Citation: ...


class Programme(Protocol):
    """The programme, as the explanation tells it. `made` None: left open."""

    @property
    def name(self) -> LocalText: ...
    @property
    def made(self) -> bool | None: ...
    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def measures(self) -> Sequence[Measure]: ...
    @property
    def citation(self) -> Citation: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a measure stands as it does: conditions, a sentence for the doctor, the source."""

    lines: tuple[Line, ...]
    asked: Text | None
    citation: Citation


def by_state(programme: Programme) -> Iterable[tuple[MeasureState, list[Measure]]]:
    """The measures of each state that has any, the surest state first."""
    for state in STATE_HEADINGS:
        found = [measure for measure in programme.measures if measure.state is state]
        if found:
            yield state, found


def nothing_proposed(programme: Programme) -> Text | None:
    """What is said where no measure is told of; None where there are some."""
    if programme.measures:
        return None
    if programme.made is False:
        return Text(N_("No measure is proposed: this programme is made where a disability is established."))
    return Text(N_("None of the measures of these criteria is indicated."))


def weakest(programme: Programme) -> Status | None:
    """The weakest status that what is told rests on; None where no measure is told of."""
    grounds = [(*measure.indications, *measure.against) for measure in programme.measures]
    statuses = {ground.citation.status for all_of in grounds for ground in all_of}
    statuses |= {measure.citation.status for measure in programme.measures}
    return next((status for status in Status if status in statuses), None)


def reasons(measure: Measure) -> tuple[Reason, ...]:
    """The grounds that decide, each with its source; for a measure left open there are only the missing facts."""
    if measure.state is MeasureState.OPEN:
        return ()
    found = []
    if measure.state is not MeasureState.CONTRAINDICATED:
        for ground in measure.indications:
            asked = Text(N_("A doctor must confirm: {what}"), {"what": ground.confirm}) if ground.confirm else None
            found.append(Reason((*measure.required, *ground.lines), asked, ground.citation))
    for ground in measure.against:
        against = Text(N_("Contra-indicated if a doctor confirms: {what}"), {"what": ground.confirm})
        found.append(Reason(tuple(ground.lines), against if ground.confirm else None, ground.citation))
    return tuple(found)


def circumstances(measure: Measure) -> tuple[Text, ...]:
    """How many, for how long, by whom; what the criteria don't know is said, never guessed."""
    said = []
    unknown_term = measure.months is None and not measure.with_programme
    if measure.quantity is None and unknown_term:
        said.append(Text(N_("Quantity and term: not checked")))
    else:
        said.append(
            Text(N_("Quantity: not checked"))
            if measure.quantity is None
            else Text(N_("Quantity: {n}"), {"n": measure.quantity})
        )
        if measure.months is not None:
            said.append(Text(N_("Term of replacement in months: {n}"), {"n": measure.months}))
        if measure.with_programme:
            said.append(Text(N_("For the term of the programme")))
        elif measure.months is None:
            said.append(Text(N_("Term: not checked")))
    provider = Text(N_("Provided by: {carrier}"), {"carrier": measure.carrier})
    said.append(provider if measure.carrier is not None else Text(N_("Provided by: not checked")))
    return tuple(said)
