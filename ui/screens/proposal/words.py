"""A proposal's values in words: terms, bands, how sure the criteria are."""

from collections.abc import Container, Sequence
from typing import Any, Protocol

from app.domain.proposal import Band, Citation, Period, Proposal, Term, Undetermined
from app.domain.text import N_, LocalText
from app.domain.vocabulary import PeriodKind, Status
from app.i18n import Translator
from app.services.programme_words import Programme

# A sign for each status, so that it never rests on colour: a seen record isn't signed off, a remembered one isn't seen.
STATUS_SIGNS = {Status.VERIFIED: "✓", Status.SEEN: "◐", Status.MEMORY: "○"}


class Line(Protocol):
    """One condition of a clause, in words. `held` None: what is not known leaves it open."""

    @property
    def held(self) -> bool | None: ...
    @property
    def text(self) -> LocalText: ...


class Reason(Protocol):
    """A clause's part in the proposal, as the criteria word it."""

    @property
    def title(self) -> LocalText: ...
    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def citation(self) -> Citation: ...


class Why(Protocol):
    """Why it is not another level: a sentence, and the conditions that decide."""

    @property
    def text(self) -> LocalText: ...
    @property
    def lines(self) -> Sequence[Line]: ...


class Nearest(Protocol):
    """What other facts would give a heavier or a lighter outcome: a sentence, and a line for each fact."""

    @property
    def text(self) -> LocalText: ...


class Offer(Protocol):
    """A period that may be chosen: which row gives it, and what it would take."""

    @property
    def term(self) -> LocalText: ...
    @property
    def row(self) -> LocalText: ...
    @property
    def would_take(self) -> LocalText: ...
    @property
    def citation(self) -> Citation: ...
    @property
    def ground_citation(self) -> Citation | None: ...


class Told(Protocol):
    """What this page shows of the explanation that the services hand out."""

    @property
    def cause(self) -> LocalText | None: ...
    @property
    def held(self) -> Sequence[Reason]: ...
    @property
    def failed(self) -> Sequence[Reason]: ...
    @property
    def open(self) -> Sequence[Reason]: ...
    @property
    def why_not_heavier(self) -> Sequence[Why]: ...
    @property
    def why_not_lighter(self) -> Why | None: ...
    @property
    def nearest(self) -> Sequence[Nearest]: ...
    @property
    def offers(self) -> Sequence[Offer]: ...
    @property
    def programme(self) -> Programme | None: ...
    @property
    def extra_help(self) -> Programme | None: ...


# What the signs of conditions say to somebody who hears the page.
TRUTHS = {True: N_("holds"), False: N_("does not hold"), None: N_("left open")}
GENERAL = N_("Loss of general working capacity")
PROFESSIONAL = N_("Loss of professional working capacity")


def length(t: Translator, kind: str, value: int | None) -> str:
    """How long: `2 years`, `6 months`, `until the age of 18`."""
    match kind:
        case PeriodKind.YEARS:
            return t.plural("{n} year", "{n} years", value or 0)
        case PeriodKind.MONTHS:
            return t.plural("{n} month", "{n} months", value or 0)
        case _:
            return t.show(PeriodKind(kind))


def term(t: Translator, value: Term) -> str:
    """A period with its end: `2 years, until 01.12.2028`."""
    words = length(t, value.kind, value.value)
    return t("{period}, until {date}", period=words, date=value.until) if value.until else words


def period(t: Translator, value: Period | Undetermined | None) -> str:
    """The proposed period, that there is none, or that data are missing."""
    if value is None:
        return t("No period: nothing is established.")
    if isinstance(value, Undetermined):
        return t("Period: not enough data")
    return term(t, value.proposed)


def band(t: Translator, name: str, value: Band | Undetermined | None) -> str:
    """`Loss of general working capacity: 60–79 %`; empty where none is due."""
    if value is None:
        return ""
    if isinstance(value, Undetermined):
        return t("{name}: not enough data", name=t(name))
    figures = f"{value.first}–{value.last}" if value.first != value.last else str(value.first)
    # A blank that doesn't break holds the sign to its figure.
    return t("{name}: {percentage}", name=t(name), percentage=f"{figures}\u00a0%")


def percentages(t: Translator, proposal: Proposal, needs: Container[str] = ("general", "professional")) -> list[str]:
    """A line for each percentage that is due or may be, of those that the case is asked for."""
    lines = (
        band(t, GENERAL, proposal.general_capacity) if "general" in needs else "",
        band(t, PROFESSIONAL, proposal.professional_capacity) if "professional" in needs else "",
    )
    return [line for line in lines if line]


def status(t: Translator, value: Status) -> str:
    """Sign and words: how sure a record of the criteria is."""
    return f"{STATUS_SIGNS[value]} {t.show(value)}"


def citation(t: Translator, value: Citation) -> str:
    """Act, place in it where the pack gives one, edition, and how sure the record is."""
    place = t.show(value.place)
    parts = [t.show(value.act), place, t("edition {edition}", edition=value.edition) if value.edition else ""]
    return ", ".join(part for part in parts if part) + " · " + status(t, value.status)


def decided_period(t: Translator, value: Any) -> str:
    """A period of the case file, `{kind, value}`, in words; empty where none is given."""
    if not isinstance(value, dict) or not value.get("kind"):
        return ""
    return length(t, value["kind"], value.get("value"))
