"""Decisions, records, reasons and alarms in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Row

from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, Outcome, PeriodKind
from app.domain.voting import DIFFERS
from app.i18n import Translator

ALARMS: Final = MappingProxyType(
    {
        "fork": (
            N_("A forked log"),
            N_("Two laptops continued one log, as when a disk was copied. The line that came later is kept aside until"
               " it is adopted on the laptop's page."),
        ),
        "person_twice": (
            N_("One person, two conclusions"),
            N_("Two conclusions stand for one person at once, or were given within 30 days."),
        ),
        "number_twice": (N_("One number, two conclusions"), N_("Two cases bear the same number.")),
        "blank_twice": (N_("One blank issued twice"), N_("The same numbered blank was issued on two occasions.")),
        "two_places": (
            N_("One member in two places"),
            N_("A member of a commission was at work on two laptops at once or within ten minutes, by the clocks of"
               " the laptops, which may be wrong."),
        ),
        "deceased": (
            N_("Examined after death"),
            N_("A person in the list of the deceased was examined after that day. The list may be wrong."),
        ),
        "text_alike": (
            N_("One text about two persons"),
            N_("A long text is the same in two records, but for digits and punctuation."),
        ),
        "overrides": (
            N_("Many decisions against the proposal"),
            N_("A commission or a clinic departs from the proposal more often than chance explains."),
        ),
    }
)  # fmt: skip

PARTS: Final = MappingProxyType(
    {
        "numbers": N_("Numbers of the conclusions"), "laptops": N_("Laptops"), "examined_on": N_("Examined on"),
        "days": N_("Days that both stand"), "between": N_("Days between them"), "at": N_("Times"),
        "role": N_("Role"), "field": N_("Field"), "since": N_("In the list since"), "source": N_("Source"),
        "paper": N_("Paper"), "series": N_("Series"), "blank": N_("Number of the blank"), "by": N_("Compared by"),
        "group": N_("Group"), "conclusions": N_("Conclusions"), "overrides": N_("Against the proposal"),
        "others": N_("Share of all others"), "chance": N_("Likelihood by chance"), "line": N_("Line"),
        "seq": N_("Record"), "from_seq": N_("First record that differs"),
        "upto_seq": N_("Last record"), "after_line": N_("Branches from line"), "reason": N_("Reason"),
        "superseded": N_("Superseded conclusion"), "superseded_by": N_("Superseded by"),
    }
)  # fmt: skip

EVENTS: Final = MappingProxyType(
    {
        "installation.created": N_("installation"), "desk.restored": N_("restored from a copy"),
        "department.changed": N_("department changed"), "user.added": N_("user added"),
        "user.recovered": N_("user let in again"), "clock.jumped": N_("clock jumped"),
        "edition.accepted": N_("edition accepted"), "key.admitted": N_("key admitted"),
        "key.revoked": N_("key revoked"), "person.merged": N_("persons merged"),
        "person.separated": N_("persons separated"), "case.signed": N_("conclusion signed"),
        "case.superseded": N_("conclusion superseded"), "case.ended": N_("case ended"),
        "case.resumed": N_("case resumed"), "decision.overridden": N_("decision against the proposal"),
        "document.printed": N_("paper printed"), "document.signed": N_("paper signed"),
        "paper.issued": N_("blank issued"), "paper.spoiled": N_("blank spoiled"),
        "attachment.added": N_("attachment added"),
    }
)  # fmt: skip


def event(kind: str) -> Text | str | None:
    """What a record is of; a kind that is not known here as it is."""
    return Text(EVENTS[kind]) if kind in EVENTS else kind or None


def alarm(kind: str) -> Text | str:
    """What an alarm is called."""
    return Text(ALARMS[kind][0]) if kind in ALARMS else kind


def alarm_told(kind: str) -> Text | None:
    """What it means."""
    return Text(ALARMS[kind][1]) if kind in ALARMS else None


def label(value: str | None, kind: type[Outcome] | type[PeriodKind]) -> Text | str | None:
    """A member of a closed list in words."""
    try:
        return Text(LABELS[kind(value)]) if value else None
    except ValueError:
        return value


def period(t: Translator, kind: str | None, value: int | None) -> str | None:
    """A period of disability: two years, until the age of 7."""
    if kind == PeriodKind.YEARS and value is not None:
        return t.plural("{n} year", "{n} years", value)
    if kind == PeriodKind.MONTHS and value is not None:
        return t.plural("{n} month", "{n} months", value)
    named = label(kind, PeriodKind)
    return None if named is None else t.show(named)


def given(t: Translator, outcome: str | None, kind: str | None, value: int | None) -> str | None:
    """An outcome with its period: group 2, one year."""
    parts = [label(outcome, Outcome), period(t, kind, value)]
    return ", ".join(t.show(part) for part in parts if part) or None


def comparison(t: Translator, row: Row[Any], proposal: Mapping[str, Any]) -> list[tuple[str, Any, Any, str]]:
    """What was proposed and what was decided, part by part, and whether that is the `same`, `allowed` by the criteria
    too, or `differs`, as the laptop said it (`decision_differs`). `proposal`: as it was signed (`mse-proposal/1`)."""
    against = [one for one in proposal.get("conflicts", ()) if one.get("code") == DIFFERS]
    concerned = {path for one in against for path in one.get("facts", ())}

    def state(path: str, proposed: object, decided: object) -> str:
        return "same" if proposed == decided else "differs" if path in concerned else "allowed"

    percent = _band(proposal.get("general_capacity") or {})
    lies_within = percent is None or row.general is None or _lies_in(row.general, proposal["general_capacity"])
    first, second = (row.proposed_kind, row.proposed_value), (row.period_kind, row.period_value)
    return [
        (t("Outcome"), label(row.proposed_outcome, Outcome), label(row.outcome, Outcome),
            state("decision.outcome", row.proposed_outcome, row.outcome)),
        (t("Period"), period(t, *first), period(t, *second), state("decision.period", first, second)),
        (t("Loss of general capacity, per cent"), percent, row.general, "same" if lies_within else "differs"),
        (t("Cause (code)"), row.proposed_cause, row.cause, state("decision.cause", row.proposed_cause, row.cause)),
    ]  # fmt: skip


def _band(told: Mapping[str, Any]) -> str | None:
    first, last = told.get("from"), told.get("to")
    return None if first is None else str(first) if first == last else f"{first}–{last}"


def _lies_in(value: int, told: Mapping[str, Any]) -> bool:
    return bool(told["from"] <= value <= told["to"])
