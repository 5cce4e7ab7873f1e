"""Periods and their ends (criteria, section 3): months and years from the day of examination, birthdays, no term."""

from datetime import date
from typing import Final

from app.domain.case_file import Document, get
from app.domain.dates import add_months, birthday, first_of_next_month, parse_iso
from app.domain.proposal import Period, Term
from app.domain.vocabulary import PeriodKind
from app.rules.model import Offer, Pack, PeriodResult, Rule

EXAMINATION: Final = "examination"
REGISTRATION: Final = "registration"  # the values of `period.start`


def start_of(pack: Pack, document: Document, on: date) -> date | None:
    """The day from which a period counts, if it is another than `on`, the day of examination.

    So it is where the parameter `period.start` says `registration` and the day on which the application was registered
    is given. UserError where the parameter has no value on that day.
    """
    if pack.parameters["period.start"].on(on) != REGISTRATION:
        return None
    registered = (document.get("referral") or {}).get("registered_on")
    return parse_iso(registered) if registered else None


def decided_term(pack: Pack, document: Document) -> Term | None:
    """The period that the commission decided, with its end by the same rule as a proposed one: it may be none of those.

    None where birth, day of examination or period are not given, or the period says half of what it needs. `pack` is
    the one of the day of examination.
    """
    birth, on = (parse_iso(get(document, path) or "") for path in ("person.birth_date", "examination.on"))
    kind, value = get(document, "decision.period.kind"), get(document, "decision.period.value")
    counted = kind in (PeriodKind.MONTHS, PeriodKind.YEARS)
    if birth is None or on is None or birth > on or kind is None or counted != (value is not None):
        return None
    calendar = Calendar(pack.on(on), birth, on, None, start_of(pack, document, on))
    return calendar.period(PeriodResult(Offer(PeriodKind(kind), value), (), ())).proposed


class Calendar:
    """The ends of periods for one person examined on one day. `clip`: the birthday rule of the person's age, if any.

    `start`: the day from which months and years count, where it isn't the day of examination (see `start_of`).
    """

    def __init__(self, pack: Pack, birth: date, on: date, clip: Rule | None, start: date | None = None) -> None:
        self._birth, self._on, self._start = birth, on, start or on
        self._pack, self._clip = pack, clip
        self._last: Term | None = None if clip is None else Term(clip.result, None, self._birthday(clip))

    def period(self, result: PeriodResult) -> Period:
        """What a row of the table gives for this person: clipped at the birthday, doubles dropped, order kept."""
        proposed = self._term(result.proposed)
        seen, alternatives = {proposed}, []
        for offer in result.alternatives:
            term = self._term(offer)
            if term not in seen:
                seen.add(term)
                alternatives.append(term)
        return Period(proposed, tuple(alternatives), tuple([self._term(offer) for offer in result.candidates]))

    def _term(self, offer: Offer) -> Term:
        kind, value = offer.kind, offer.value
        if kind is PeriodKind.NO_TERM:
            return Term(kind, None, None)
        if value is None:
            for clip in self._pack.clips:
                if clip.result is kind:
                    return Term(kind, None, self._birthday(clip))
        assert value is not None  # noqa: S101 - the loader lets no other kind be without a value
        until = add_months(self._start, value * 12 if kind is PeriodKind.YEARS else value)
        if self._pack.parameters["period.end"].on(self._on) == "first_of_next_month":
            until = first_of_next_month(until)
        last = self._last
        if last is not None and last.until is not None and until >= last.until:
            return last
        return Term(kind, value, until)

    def _birthday(self, clip: Rule) -> date:
        assert clip.ages.below is not None  # noqa: S101 - the loader asks for it
        return birthday(self._birth, self._pack.parameters[clip.ages.below].on(self._on))
