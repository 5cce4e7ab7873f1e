"""Whether the engine and the second evaluator for any pack say the same of a case, and where they don't."""

from app.domain.errors import Told
from app.domain.proposal import Undetermined
from app.rules.engine import propose
from tests.rules import naive


def _part(value, certain):
    return ("undetermined", value.missing) if isinstance(value, Undetermined) else (certain(value), ())


def _term(term):
    return term.kind.value, term.value, term.until


def _period(period):
    if period is None:
        return None
    offers = (period.proposed, *period.alternatives)
    return tuple(map(_term, offers)), tuple(map(_term, period.candidates))


def _band(band):
    return None if band is None else (band.first, band.last)


def by_engine(pack, document, *, trace=False):
    """What the engine proposes, in the short values of `naive.answer`."""
    proposal = propose(pack, document, trace=trace)
    return {
        "outcome": (proposal.outcome.value, proposal.missing),
        "level": [proposal.level.by_criteria, proposal.level.by_defects, proposal.level.of_case],
        "period": _part(proposal.period, _period),
        "general": _part(proposal.general_capacity, _band),
        "professional": _part(proposal.professional_capacity, _band),
        "cause": proposal.cause_proposed,
        "conflicts": sorted((conflict.code, str(conflict.kind)) for conflict in proposal.conflicts),
    }


def disagreement(contents, pack, document, *, trace=False):
    """None where both say the same; else the part, what the second evaluator says, and what the engine says."""
    try:
        found = by_engine(pack, document, trace=trace)
    except Told as refusal:
        found = refusal
    try:
        expected = naive.answer(contents, document)
    except LookupError:
        # A parameter without a value, or a fact's value that the pack doesn't have: both must refuse the case.
        return None if isinstance(found, Told) else ("refusal", "refused", found)
    if isinstance(found, Told):
        return ("refusal", expected, str(found))
    for name, value in expected.items():
        if found[name] != value:
            return name, value, found[name]
    return None
