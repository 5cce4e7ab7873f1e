"""A proposal for others to read: the interchange form (`mse-proposal/1`), and an explanation in three languages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.proposal import FORMAT, Band, Because, Citation, Conflict, Period, Proposal, Step, Term, Undetermined
from app.domain.text import LANGUAGES, LocalText
from app.domain.vocabulary import PeriodKind
from app.rules.model import Pack


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
    """A rule's part in the proposal, in words. `held` None: unknown facts leave it open."""

    rule: str
    title: LocalText
    text: LocalText
    because: tuple[Because, ...]
    citation: Citation
    held: bool | None


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
    why_not_heavier: tuple[LocalText, ...]
    why_not_lighter: LocalText | None
    criteria: LocalText


def explain(pack: Pack, proposal: Proposal) -> Explanation:
    """The proposal in words; the pack must be the one it was made with."""
    words = _Words(pack)
    period, bands = proposal.period, (proposal.general_capacity, proposal.professional_capacity)
    reasons = [words.reason(step) for step in proposal.trace if step.reached]
    known = period if isinstance(period, Period) else None
    cause = pack.causes_by_code.get(proposal.cause_proposed or "")
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
    )  # fmt: skip


class _Words:
    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def line(self, name: str, /, **params: object) -> LocalText:
        text = self._pack.word("line", name)
        return text.with_params(**params) if params else text

    def term(self, term: Term) -> LocalText:
        """A period in words, with its end."""
        name: str = term.kind.value
        if term.kind is PeriodKind.YEARS and term.value is not None:
            name = "years_1" if term.value == 1 else "years_5" if term.value >= 5 else "years"
        text = self._pack.word("period", name).with_params(value=term.value)
        if term.until is None:
            return text
        return self._pack.word("period", "with_end").with_params(term=text, until=f"{term.until:%d.%m.%Y}")

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

    def value(self, fact: str, value: Any) -> LocalText:
        """A fact's value in words: a degree with its name, yes or no, a choice, a level."""
        if value is None:
            examined = any(known.id == fact for known in self._pack.fact_list)
            return self.line("unknown" if examined else "open" if fact.startswith("level.") else "not_given")
        if value == "n/a":
            return self.line("not_applicable")
        if isinstance(value, bool):
            return self.line("yes" if value else "no")
        if fact.startswith("level.") and value == 0:
            return self.line("none")
        if fact == "anatomical_defects" and value in self._pack.defect_by_id:
            return self._pack.defect_by_id[value].name
        for known in self._pack.fact_list:
            for degree in known.degrees:
                if known.id == fact and known.kind == "choice" and degree.value == value:
                    return degree.name
        return LocalText(str(value), str(value), str(value))

    def grounds(self, because: Iterable[Because]) -> LocalText:
        return joined(
            self.line("because", fact=self._pack.fact_name(ground.fact), value=self.value(ground.fact, ground.value),
                      needs=self._needs(ground)) if ground.needs
            else _pair(self._pack.fact_name(ground.fact), self.value(ground.fact, ground.value))
            for ground in because
        )  # fmt: skip

    def _needs(self, ground: Because) -> LocalText:
        """`= favourable`, `= true`, `≤ level.by_criteria`: the sign stays, what follows is said in words."""
        sign, _, rest = ground.needs.partition(" ")
        if sign == "≤" and rest in self._pack.words["name"]:
            return _pair(LocalText(sign, sign, sign), self._pack.fact_name(rest), " ")
        plain: Any = {"true": True, "false": False}.get(rest, rest)
        word = LocalText(rest, rest, rest) if ground.fact == "anatomical_defects" else self.value(ground.fact, plain)
        return _pair(LocalText(sign, sign, sign), word, " ")

    def reason(self, step: Step) -> Reason:
        return Reason(step.rule, step.title, self.grounds(step.because), step.because, step.citation, step.held)

    def not_heavier(self, proposal: Proposal) -> Iterator[LocalText]:
        """Why each level heavier than the one that holds was not reached."""
        for step in self._level_steps(proposal):
            if step.held is True:
                return
            if step.reached:
                name = "not_heavier" if step.held is False else "heavier_open"
                yield self.line(name, title=step.title, reasons=self.grounds(step.because))

    def not_lighter(self, proposal: Proposal) -> LocalText | None:
        """Why it is not the next lighter level: because a heavier one holds."""
        for step in self._level_steps(proposal):
            if step.held is True:
                return self.line("not_lighter", title=step.title, reasons=self.grounds(step.because))
        return None

    def _level_steps(self, proposal: Proposal) -> list[Step]:
        names = {rule.id for rule in self._pack.levels}
        return [step for step in proposal.trace if step.rule in names]


def joined(texts: Iterable[LocalText], separator: str = ", ") -> LocalText:
    """Several wordings as one list, by language."""
    parts = list(texts)
    return LocalText(*(separator.join(part.of(language) for part in parts) for language in LANGUAGES))


def _pair(a: LocalText, b: LocalText, separator: str = ": ") -> LocalText:
    return joined((a, b), separator)
