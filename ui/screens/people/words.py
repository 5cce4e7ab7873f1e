"""What is known of a person, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.dates import age, parse_iso
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome
from app.i18n import Translator
from app.services.person_views import PersonCase, PersonRow, Stretch
from ui.screens.proposal.words import decided_period

Causes = Mapping[str, LocalText]
"""Names of causes by their code."""


def day(iso: str | None) -> str:
    """dd.mm.yyyy, or a dash."""
    found = parse_iso(iso or "")
    return found.strftime("%d.%m.%Y") if found else "–"


def born(t: Translator, iso: str | None, today: date) -> str:
    """The birth date and the age today."""
    birth = parse_iso(iso or "")
    if birth is None or birth > today:
        return day(iso)
    return t.plural("{date}, {n} year", "{date}, {n} years", age(birth, today), date=birth)


def number(iin: str | None) -> str:
    """An ИИН in two groups, or a dash."""
    return f"{iin[:6]} {iin[6:]}" if iin and len(iin) == 12 else iin or "–"


def due(t: Translator, iso: str | None, today: date) -> str:
    """When a period ends; whether it has ended is said, not only coloured."""
    until = parse_iso(iso or "")
    if until is None:
        return "–"
    return t("{date}, over", date=until) if until <= today else day(iso)


def last(t: Translator, row: PersonRow) -> str:
    """The decision in force with its day."""
    if row.outcome is None:
        return "–"
    return f"{t.show(row.outcome)}, {day(row.examined_on)}"


def cause(t: Translator, code: str | None, causes: Causes) -> str:
    """The name of a cause; its code where the criteria of today don't know it."""
    if code is None:
        return ""
    return t.show(causes[code]) if code in causes else code


def period(t: Translator, case: PersonCase) -> str:
    """The decided period, empty where there is none."""
    value: Any = dict(case.period) if case.period else None
    return decided_period(t, value) if value else ""


def stretch(t: Translator, part: Stretch, causes: Causes, today: date) -> str:
    """One part of the line of time: `18.11.2024 – 01.12.2026: group II disability, general illness`."""
    if part.outcome is None:
        what = t("no decision in force")
    else:
        named = t.show(part.outcome)
        why = cause(t, part.cause, causes) if part.outcome is not Outcome.NOT_ESTABLISHED else ""
        what = t("{decision}, {cause}", decision=named, cause=why) if why else named
    if part.outcome is Outcome.NOT_ESTABLISHED:
        return t("{date}: {what}", date=part.since, what=what)
    if part.until is None:
        return t("since {date}, without an end: {what}", date=part.since, what=what)
    line = t("{since} – {until}: {what}", since=part.since, until=part.until, what=what)
    return t("{line} (now)", line=line) if part.since <= today < part.until else line
