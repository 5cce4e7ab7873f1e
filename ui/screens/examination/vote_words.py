"""Votes in words: what somebody voted for, how far that is from the criteria, what most want."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.proposal import Period, Proposal
from app.domain.text import N_
from app.domain.vocabulary import LABELS, Outcome
from app.domain.voting import Distance, Majority
from app.i18n import Translator
from ui.screens.proposal import words

_BY = {
    "all": N_("All members are of one mind."),
    "majority": N_("Most members want it."),
    "head": N_("The votes are even: the head of the commission decides. This rule is not checked against the official "
               "text."),
    "tie": N_("The votes are even, and by the rule of this department nobody's vote counts more: the commission talks "
              "it over. This rule is not checked against the official text."),
}  # fmt: skip
_PERIOD_BY = {
    "majority": N_("About the period they differ: most members want this one."),
    "head": N_("On the period there is no majority: the head of the commission decides. This rule is not checked "
               "against the official text."),
    "tie": N_("On the period there is no majority: the commission talks it over. This rule is not checked against the "
              "official text."),
}  # fmt: skip
_NO_MAJORITY = ("head", "tie")  # on the period


def short_name(name: str) -> str:
    """Surname and initials: `Ким А. В.`."""
    surname, *given = name.split() or [""]
    return " ".join([surname, *(f"{part[0]}." for part in given)])


def choice(t: Translator, chosen: Mapping[str, Any]) -> str:
    """Outcome and period: `Group II disability, 2 years`."""
    outcome = t(LABELS[Outcome(chosen["outcome"])])
    period = words.decided_period(t, chosen.get("period"))
    if (chosen.get("period") or {}).get("value") is not None:
        period = period.replace(" ", "\u00a0")  # the figure stays with its unit
    return ", ".join(part for part in (outcome[:1].upper() + outcome[1:], period) if part)


def proposed(t: Translator, proposal: Proposal) -> str:
    """The same of what the criteria give."""
    outcome = t.show(proposal.outcome)
    period = proposal.period.proposed if isinstance(proposal.period, Period) else None
    term = words.length(t, period.kind, period.value) if period is not None else ""
    return ", ".join(part for part in (outcome[:1].upper() + outcome[1:], term) if part)


def distance(t: Translator, far: Distance | None) -> str:
    """How far from the criteria; empty where these give nothing yet."""
    if far is None:
        return ""
    parts = []
    if far.groups:
        parts.append(
            t.plural("{n} group heavier", "{n} groups heavier", far.groups)
            if far.groups > 0
            else t.plural("{n} group lighter", "{n} groups lighter", -far.groups)
        )
    if far.months:
        parts.append(
            t.plural("{n} month longer", "{n} months longer", far.months)
            if far.months > 0
            else t.plural("{n} month shorter", "{n} months shorter", -far.months)
        )
    if not parts:
        return t("otherwise than the criteria") if far.differs else t("as the criteria")
    if not far.differs:
        parts.append(t("the criteria allow this period, too"))
    return ", ".join(parts)


def counted(t: Translator, found: Majority, proposal: Proposal | None) -> str:
    """`2 votes: group II disability; 1 vote: group III disability. The criteria give: group II disability.`"""
    lines = [
        t.plural("{n} vote: {outcome}", "{n} votes: {outcome}", count, outcome=t(LABELS[Outcome(outcome)]))
        for outcome, count in found.counts
    ]
    known = proposal is not None and proposal.outcome is not Outcome.UNDETERMINED
    given = (
        t("The criteria give: {outcome}.", outcome=t.show(proposal.outcome))
        if proposal is not None and known
        else t("The criteria give nothing yet: there is not enough data.")
    )
    return "; ".join(lines) + ". " + given


def most(t: Translator, found: Majority) -> str:
    """What most members want; where that is an outcome without a period, it says so."""
    if found.outcome is None:
        return t("undecided")
    told = choice(t, found.agreed)
    return told if found.period_by not in _NO_MAJORITY else t("{outcome}; no majority on the period", outcome=told)


def decided_by(t: Translator, found: Majority) -> str:
    """Why it is this outcome, and this period where the members differ about it."""
    if found.outcome is None or found.period_by not in _PERIOD_BY:
        return t(_BY[found.by])
    mind = N_("All members are of one mind about the group.") if found.by == "all" else _BY[found.by]
    return f"{t(mind)} {t(_PERIOD_BY[found.period_by])}"


def moment(t: Translator, written: str) -> str:
    """A moment of the dossier as the clock on the wall showed it."""
    return t.show(datetime.fromisoformat(written).astimezone())
