"""A proposal for others to read: the interchange form (`mse-proposal/1`), and an explanation in three languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.domain.case_file import Document
from app.domain.criteria import ScaleReading
from app.domain.proposal import FORMAT, Band, Citation, Conflict, Period, Proposal, Step, Term, Undetermined
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome, PeriodKind
from app.rules.condition_lines import ConditionLine, ConditionLines, joined
from app.rules.measure_lines import ProgrammeTold, programme_told
from app.rules.model import Pack
from app.rules.nearest_lines import NearestLines, NearestOutcome, OfferGrounds
from app.rules.notes import Note, notes_of
from app.rules.scales import readings


def to_document(proposal: Proposal, language: str) -> dict[str, Any]:
    """The proposal as `case-file.md` describes it; wording of acts and conflicts in `language`."""
    pack = proposal.pack
    level = proposal.level
    return {
        "format": FORMAT,
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest, "status": pack.status.value},
        "on": proposal.on.isoformat(),
        "age": proposal.age,
        "outcome": proposal.outcome.value,
        "level": {"by_criteria": level.by_criteria, "by_defects": level.by_defects, "of_case": level.of_case},
        "missing": list(proposal.missing),
        "period": _period(proposal.period),
        "general_capacity": _band(proposal.general_capacity),
        "professional_capacity": _band(proposal.professional_capacity),
        "cause": {"proposed": proposal.cause_proposed, "missing": []},
        "conflicts": [
            {"code": conflict.code, "kind": conflict.kind, "facts": list(conflict.facts),
             "text": conflict.text.of(language),
             "citation": {"act": conflict.citation.act.of(language), "place": conflict.citation.place.of(language)}}
            for conflict in proposal.conflicts
        ],
        "trace": [
            {"rule": step.rule, "held": step.held,
             "because": [{"fact": ground.fact, "value": _plain(ground.value), "needs": ground.needs}
                         for ground in step.because],
             "citation": citation_document(step.citation, language)}
            for step in proposal.trace
        ],
    }  # fmt: skip


def citation_document(citation: Citation, language: str) -> dict[str, str]:
    """A citation in one language: act, place, edition, status."""
    return {"act": citation.act.of(language), "place": citation.place.of(language), "edition": citation.edition,
            "status": citation.status.value}  # fmt: skip


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _term(term: Term) -> dict[str, Any]:
    return {"kind": term.kind.value, "value": term.value, "until": term.until and term.until.isoformat()}


def _period(period: Period | Undetermined | None) -> dict[str, Any] | None:
    if period is None:
        return None
    if isinstance(period, Undetermined):
        return {"undetermined": True, "missing": list(period.missing)}
    return {**_term(period.proposed), "alternatives": [_term(term) for term in period.alternatives],
            "candidates": [_term(term) for term in period.candidates], "missing": []}  # fmt: skip


def _band(band: Band | Undetermined | None) -> dict[str, Any] | None:
    if band is None:
        return None
    if isinstance(band, Undetermined):
        return {"undetermined": True, "missing": list(band.missing)}
    return {"from": band.first, "to": band.last, "missing": []}


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule's part in the proposal, in words, a line for each of its conditions. `held` None: left open."""

    rule: str
    title: LocalText
    lines: tuple[ConditionLine, ...]
    citation: Citation
    held: bool | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why it is not another level: the rule's title, the sentence around it, and the conditions that decide."""

    title: LocalText
    text: LocalText
    lines: tuple[ConditionLine, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A proposal in words of three languages, for screen, command line and paper alike. Absent parts are None."""

    headline: LocalText
    period: LocalText | None
    alternatives: LocalText | None
    candidates: LocalText | None
    general_capacity: LocalText | None
    professional_capacity: LocalText | None
    cause: LocalText | None
    missing: tuple[LocalText, ...]
    conflicts: tuple[Conflict, ...]
    held: tuple[Reason, ...]
    failed: tuple[Reason, ...]
    open: tuple[Reason, ...]
    why_not_heavier: tuple[Why, ...]
    why_not_lighter: Why | None
    criteria: LocalText
    nearest: tuple[NearestOutcome, ...] = ()
    offers: tuple[OfferGrounds, ...] = ()
    notes: tuple[Note, ...] = ()
    programme: ProgrammeTold | None = None
    extra_help: ProgrammeTold | None = None
    scales: tuple[ScaleReading, ...] = ()


def explain(pack: Pack, proposal: Proposal, document: Document | None = None) -> Explanation:
    """The proposal in words; the pack must be the one it was made with.

    `document` is the case it was made of. What needs the case's own facts (the nearest other outcome, what would make
    an alternative the proposed period) is said only where it is given.
    """
    pack = pack.on(proposal.on)
    words = _Words(pack, proposal)
    period, bands = proposal.period, (proposal.general_capacity, proposal.professional_capacity)
    reasons = [words.reason(_stated(pack, proposal, step)) for step in proposal.trace if step.reached]
    known = period if isinstance(period, Period) else None
    cause = pack.causes_by_code.get(proposal.cause_proposed or "")
    around = None if document is None else NearestLines(pack, document, proposal)
    return Explanation(
        headline=words.line("headline", outcome=pack.word("outcome", proposal.outcome)),
        period=words.period_line(period),
        alternatives=words.terms("alternatives", known.alternatives) if known else None,
        candidates=words.terms("candidates", known.candidates) if known else None,
        general_capacity=words.band_line("general_capacity", bands[0]),
        professional_capacity=words.band_line("professional_capacity", bands[1]),
        cause=words.line("cause", code=cause.code, name=cause.name) if cause else None,
        missing=tuple(pack.fact_name(fact) for fact in proposal.missing),
        conflicts=proposal.conflicts,
        held=tuple(reason for reason in reasons if reason.held is True),
        failed=tuple(reason for reason in reasons if reason.held is False),
        open=tuple(reason for reason in reasons if reason.held is None),
        why_not_heavier=tuple(words.not_heavier(proposal)),
        why_not_lighter=words.not_lighter(proposal),
        criteria=words.line("criteria", id=proposal.pack.id, version=proposal.pack.version,
                            status=pack.word("status", proposal.pack.status)),
        nearest=tuple(around.outcomes()) if around else (),
        offers=tuple(around.offers(words.term)) if around else (),
        notes=notes_of(pack, document, proposal) if document else (),
        programme=None if document is None else programme_told(pack, proposal, document, pack.programme),
        extra_help=None if document is None else _made(programme_told(pack, proposal, document, pack.extra_help)),
        scales=readings(pack, (document or {}).get("scales"), proposal.age, proposal.on),
    )  # fmt: skip


def _made(programme: ProgrammeTold | None) -> ProgrammeTold | None:
    """A programme that is made for the person, or may be; nothing is said of one that surely isn't."""
    return None if programme is None or programme.made is False else programme


def _stated(pack: Pack, proposal: Proposal, step: Step) -> Step:
    """A step as its title states it: that nothing is established holds, though the rule for an outcome doesn't."""
    if proposal.outcome is Outcome.NOT_ESTABLISHED and any(rule.id == step.rule for rule in pack.outcomes):
        return replace(step, held=True)
    return step


def term_words(pack: Pack, term: Term) -> LocalText:
    """A period in words, with its end where it has one."""
    name: str = term.kind.value
    if term.kind is PeriodKind.YEARS and term.value is not None:
        name = "years_1" if term.value == 1 else "years_5" if term.value >= 5 else "years"
    text = pack.word("period", name).with_params(value=term.value)
    if term.until is None:
        return text
    return pack.word("period", "with_end").with_params(term=text, until=f"{term.until:%d.%m.%Y}")


class _Words:
    def __init__(self, pack: Pack, proposal: Proposal) -> None:
        self._pack, self._lines = pack, ConditionLines(pack, proposal)

    def line(self, name: str, /, **params: object) -> LocalText:
        text = self._pack.word("line", name)
        return text.with_params(**params) if params else text

    def term(self, term: Term) -> LocalText:
        return term_words(self._pack, term)

    def period_line(self, period: Period | Undetermined | None) -> LocalText | None:
        if period is None:
            return None
        if isinstance(period, Undetermined):
            return self.line("period_open", missing=self._names(period.missing))
        return self.line("period", period=self.term(period.proposed))

    def terms(self, name: str, terms: tuple[Term, ...]) -> LocalText | None:
        return self.line(name, list=joined(self.term(term) for term in terms)) if terms else None

    def band_line(self, name: str, band: Band | Undetermined | None) -> LocalText | None:
        if band is None:
            return None
        if isinstance(band, Undetermined):
            return self.line(f"{name}_open", missing=self._names(band.missing))
        return self.line(name, **{"from": band.first, "to": band.last})

    def _names(self, facts: Iterable[str]) -> LocalText:
        return joined(self._pack.fact_name(fact) for fact in facts)

    def reason(self, step: Step) -> Reason:
        return Reason(step.rule, step.title, self._lines.of(step), step.citation, step.held)

    def not_heavier(self, proposal: Proposal) -> Iterator[Why]:
        """Why each level heavier than the one that holds was not reached."""
        for step in self._level_steps(proposal):
            if step.held is True:
                return
            if step.reached:
                yield self._why("not_heavier" if step.held is False else "heavier_open", step)

    def not_lighter(self, proposal: Proposal) -> Why | None:
        """Why it is not the next lighter level: because a heavier one holds."""
        for step in self._level_steps(proposal):
            if step.held is True:
                return self._why("not_lighter", step)
        return None

    def _why(self, name: str, step: Step) -> Why:
        return Why(step.title, self.line(name, title=step.title), self._lines.of(step, deciding=True))

    def _level_steps(self, proposal: Proposal) -> list[Step]:
        names = {rule.id for rule in self._pack.levels}
        return [step for step in proposal.trace if step.rule in names]
