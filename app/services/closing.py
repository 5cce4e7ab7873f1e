"""A proposal that is closed until the members have voted: it keeps what is missing and what contradicts, no more."""

from dataclasses import replace
from typing import Final

from app.domain.proposal import Level, Proposal, Undetermined
from app.domain.vocabulary import Outcome
from app.services.views import DraftProposal

# Contradictions of a decision with the proposal: they would tell what the criteria give.
_TELLING: Final = frozenset({"decision_differs", "percentage_outside_band"})
_NOTHING: Final = Undetermined(())


def closed_draft(draft: DraftProposal) -> DraftProposal:
    """The same without what the criteria give. Whoever shows it as it is tells nothing, whatever page it is."""
    if draft.proposal is None:
        return replace(draft, closed=True)
    told = draft.explanation
    if told is not None:
        told = replace(
            told, period=None, alternatives=None, candidates=None, general_capacity=None, professional_capacity=None,
            cause=None, conflicts=(), held=(), failed=(), open=(), why_not_heavier=(), why_not_lighter=None, nearest=(),
            offers=(), notes=(), programme=None, extra_help=None,
        )  # fmt: skip
    return DraftProposal(_closed(draft.proposal), told, draft.problems, closed=True)


def _closed(proposal: Proposal) -> Proposal:
    missing = set(proposal.missing)
    for part in (proposal.period, proposal.general_capacity, proposal.professional_capacity):
        if isinstance(part, Undetermined):
            missing.update(part.missing)
    return replace(
        proposal,
        outcome=Outcome.UNDETERMINED,
        level=Level(None, None, None),
        missing=tuple(sorted(missing)),
        period=_NOTHING,
        general_capacity=_NOTHING,
        professional_capacity=_NOTHING,
        cause_proposed=None,
        conflicts=tuple(conflict for conflict in proposal.conflicts if conflict.code not in _TELLING),
        trace=(),
    )
