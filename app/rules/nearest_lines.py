"""What other facts would give, in words of three languages: `independent movement: 1 instead of 2`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.case_file import Document
from app.domain.proposal import Citation, Period, Proposal, Term
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome
from app.rules.condition_lines import ConditionLines, joined
from app.rules.model import Pack, Rule
from app.rules.nearest import Change, Direction, Neighbourhood


@dataclass(frozen=True, slots=True)
class NearestOutcome:
    """The nearest outcome that is heavier or lighter: the whole sentence, and a line for each change of facts."""

    direction: Direction
    outcome: Outcome
    text: LocalText
    changes: tuple[LocalText, ...]


@dataclass(frozen=True, slots=True)
class OfferGrounds:
    """A period that may be chosen and where it comes from: the row of the table, its source, and what it would take.

    `would_take`: for an alternative, which other facts make it the proposed period; for a candidate, the ground that a
    person must state. `citation` is the row's; `ground_citation` that of the ground (candidates alone).
    """

    kind: Literal["alternative", "candidate"]
    term: LocalText
    rule: str
    row: LocalText
    would_take: LocalText
    citation: Citation
    ground_citation: Citation | None


class NearestLines:
    """Words what lies around one case. `pack` is the one that the proposal was made with, `document` the case."""

    def __init__(self, pack: Pack, document: Document, proposal: Proposal) -> None:
        self._pack, self._proposal = pack, proposal
        self._around = Neighbourhood(pack, document, proposal)
        self._values = ConditionLines(pack, proposal)

    def outcomes(self) -> Iterator[NearestOutcome]:
        """The nearest heavier outcome, then the nearest lighter one; whichever there is."""
        for nearest in self._around.outcomes():
            changes = tuple(self._change(change) for change in nearest.changes)
            outcome = self._pack.word("outcome", nearest.outcome)
            text = self._line(f"nearest_{nearest.direction}", outcome=outcome, changes=joined(changes, "; "))
            yield NearestOutcome(nearest.direction, nearest.outcome, text, changes)

    def offers(self, worded: Callable[[Term], LocalText]) -> Iterator[OfferGrounds]:
        """The alternatives of the period, then its candidates, each with its grounds; `worded` names a period."""
        period, rule = self._proposal.period, self._row()
        if not isinstance(period, Period) or rule is None:
            return
        row = self._line("offer_row", title=rule.title)
        for term in period.alternatives:
            changes = self._around.to_period(term)
            if changes is None:
                how = self._line("offer_never")
            else:
                how = self._line("offer_if", changes=joined((self._change(change) for change in changes), "; "))
            yield OfferGrounds("alternative", worded(term), rule.id, row, how, rule.citation, None)
        ground = rule.result.ground
        if ground is not None:
            for term in period.candidates:
                how = self._line("offer_ground", ground=ground.text)
                yield OfferGrounds("candidate", worded(term), rule.id, row, how, rule.citation, ground.citation)

    def _row(self) -> Rule | None:
        """The row of the table that decides the period."""
        rows = {rule.id: rule for rule in self._pack.periods}
        held = (rows[step.rule] for step in self._proposal.trace if step.rule in rows and step.held)
        return next(held, None)

    def _change(self, change: Change) -> LocalText:
        fact = self._pack.words["short"].get(change.fact) or self._pack.fact_name(change.fact)
        if isinstance(change.was, tuple):
            parts = []
            if change.was:
                names = joined(self._pack.defect_by_id[defect].name for defect in change.was)
                parts.append(self._line("change_gone", fact=fact, names=names))
            if change.now is not None:
                parts.append(self._line("change_come", fact=fact, level=change.now))
            return joined(parts, "; ")
        was, now = (self._values.value(change.fact, value) for value in (change.was, change.now))
        return self._line("change", fact=fact, was=was, now=now)

    def _line(self, name: str, /, **params: object) -> LocalText:
        text = self._pack.word("line", name)
        return text.with_params(**params) if params else text
