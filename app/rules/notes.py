"""What is said beside the group: coming early, a missed term, the first day of the period, the cause at 18, injuries.

Notes tell what the law is remembered to say and what a commission has to look at. They never change outcome, period,
percentages or conflicts, and need no answer. Each stands in notes.toml with its citation, and with the switch by which
a methodologist turns it on and off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.case_file import Document, get
from app.domain.dates import add_months, age, parse_iso
from app.domain.errors import UserError
from app.domain.proposal import Citation, Proposal
from app.domain.text import LocalText
from app.domain.vocabulary import Occasion, PeriodKind
from app.rules.model import NoteRule, Offer, Pack, PeriodResult
from app.rules.periods import REGISTRATION, Calendar


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a case, in words, with its source. `id` is that of its record in the pack."""

    id: str
    text: LocalText
    citation: Citation


class Circumstances:
    """What the notes may look at in one case.

    `came`: the day on which the person came for the examination, that of registration if it is given, else that of the
    examination. `ended`: the first day after the earlier period; None where it has no end or isn't known.
    """

    def __init__(self, pack: Pack, document: Document, proposal: Proposal) -> None:
        self.pack, self.document, self.on, self.age = pack, document, proposal.on, proposal.age
        self.registered = self._day("referral.registered_on")
        self.came = self.registered or self.on
        self.ended = self._end_of_earlier_period()

    @property
    def repeated(self) -> bool:
        """Whether this is a re-examination by the term: a control or an appeal may come at any time."""
        return bool(get(self.document, "examination.occasion") == Occasion.REPEAT)

    @property
    def missed(self) -> date | None:
        """The end of the earlier period, if the person came for re-examination after it."""
        return self.ended if self.repeated and self.ended is not None and self.came > self.ended else None

    def _day(self, path: str) -> date | None:
        value = get(self.document, path)
        return parse_iso(value) if isinstance(value, str) else None

    def _end_of_earlier_period(self) -> date | None:
        decided, birth = self._day("previous.on"), self._day("person.birth_date")
        kind, value = get(self.document, "previous.period.kind"), get(self.document, "previous.period.value")
        counted = kind in (PeriodKind.MONTHS, PeriodKind.YEARS)
        if decided is None or birth is None or kind is None or counted != (value is not None) or birth > decided:
            return None
        try:
            clip = next((rule for rule in self.pack.clips if self.pack.covers(rule.ages, age(birth, decided), decided)),
                        None)  # fmt: skip
            earlier = PeriodResult(Offer(PeriodKind(kind), value), (), ())
            return Calendar(self.pack, birth, decided, clip).period(earlier).proposed.until
        except UserError:  # the criteria in hand have no values for that day
            return None


def notes_of(pack: Pack, document: Document, proposal: Proposal) -> tuple[Note, ...]:
    """The notes of a case, in the pack's order; the pack must be the one that the proposal was made with."""
    held = pack.on(proposal.on)
    if not held.notes:
        return ()
    now = Circumstances(held, document, proposal)
    found = []
    for rule in held.notes:
        if held.is_on(rule.switch, now.on) is rule.said_when_on:
            params = _CHECKS[rule.check](now, rule)
            if params is not None:
                words = {name: f"{value:%d.%m.%Y}" if isinstance(value, date) else value
                         for name, value in params.items()}  # fmt: skip
                found.append(Note(rule.id, rule.text.with_params(**words) if words else rule.text, rule.citation))
    return tuple(found)


Params = Mapping[str, object] | None  # what fills the sentence; None: there is nothing to say


def _came_early(now: Circumstances, rule: NoteRule) -> Params:
    months = now.pack.parameters[rule.arguments["months"]].on(now.on)
    if not now.repeated or now.ended is None:
        return None
    since = add_months(now.ended, -months)
    return {"until": now.ended, "came": now.came, "months": months, "since": since} if now.came < since else None


def _term_missed(now: Circumstances, rule: NoteRule) -> Params:
    if now.missed is None:
        return None
    return {"until": now.missed, "came": now.came, "years": now.pack.parameters[rule.arguments["years"]].on(now.on)}


def _missed(now: Circumstances, rule: NoteRule, *, within: bool) -> Params:
    """A missed term with a good reason, whose end lies within the limit of years (or before it)."""
    if now.missed is None or get(now.document, "previous.good_reason") is not True:
        return None
    years = now.pack.parameters[rule.arguments["years"]].on(now.on)
    limit = add_months(now.came, -12 * years)
    if (now.missed >= limit) is not within:
        return None
    return {"until": now.missed, "came": now.came, "years": years, "since": max(now.missed, limit)}


def _with_reason(now: Circumstances, rule: NoteRule) -> Params:
    return _missed(now, rule, within=True)


def _beyond_limit(now: Circumstances, rule: NoteRule) -> Params:
    return _missed(now, rule, within=False)


def _without_reason(now: Circumstances, _: NoteRule) -> Params:
    if now.missed is None or get(now.document, "previous.good_reason") is not False:
        return None
    return {"until": now.missed, "came": now.came, "on": now.on}


def _reason_unknown(now: Circumstances, _: NoteRule) -> Params:
    if now.missed is None or get(now.document, "previous.good_reason") is not None:
        return None
    return {"until": now.missed, "came": now.came, "on": now.on}


def _from_registration(now: Circumstances, _: NoteRule) -> Params:
    if _start(now) != REGISTRATION or now.registered is None:
        return None
    return {"registered": now.registered, "on": now.on}


def _registration_unknown(now: Circumstances, _: NoteRule) -> Params:
    return {"on": now.on} if _start(now) == REGISTRATION and now.registered is None else None


def _registered_earlier(now: Circumstances, _: NoteRule) -> Params:
    """The period counts from the examination, though the application was registered on another day."""
    if _start(now) == REGISTRATION or now.registered in (None, now.on):
        return None
    return {"registered": now.registered, "on": now.on}


def _start(now: Circumstances) -> Any:
    return now.pack.parameters["period.start"].on(now.on)


def _cause_changes(now: Circumstances, rule: NoteRule) -> Params:
    previous = get(now.document, "previous.cause")
    for row in now.pack.proposed_causes:
        code, needed = row.result
        if needed and needed == previous and row.switch == rule.switch and now.pack.covers(row.ages, now.age, now.on):
            return {"code": code, "previous": previous}
    return None


def _injured(now: Circumstances, _: NoteRule) -> Params:
    return {} if get(now.document, "facts.work_injury") is not None else None


_CHECKS: Final[Mapping[str, Callable[[Circumstances, NoteRule], Params]]] = {
    "came_early": _came_early,
    "term_missed": _term_missed,
    "term_missed_with_reason": _with_reason,
    "term_missed_beyond_limit": _beyond_limit,
    "term_missed_without_reason": _without_reason,
    "term_missed_reason_unknown": _reason_unknown,
    "counted_from_registration": _from_registration,
    "registration_unknown": _registration_unknown,
    "registered_earlier": _registered_earlier,
    "cause_changes": _cause_changes,
    "injured": _injured,
}
