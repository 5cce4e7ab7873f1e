"""The records of notes.toml: what is said beside the group, each by one of the checks of `app.rules.notes`."""

from collections.abc import Mapping
from typing import Final

from app.domain.text import N_
from app.rules.model import NoteRule, Parameter
from app.rules.references import Used, parameter, switch_of
from app.rules.source import Acts, Table

# check → the parameters it takes, by unit
CHECKS: Final[Mapping[str, Mapping[str, str]]] = {
    "came_early": {"months": "months"},
    "term_missed": {"years": "years"},
    "term_missed_with_reason": {"years": "years"},
    "term_missed_beyond_limit": {"years": "years"},
    "term_missed_without_reason": {},
    "term_missed_reason_unknown": {},
    "counted_from_registration": {},
    "registration_unknown": {},
    "registered_earlier": {},
    "cause_changes": {},
    "injured": {},
}
# check → the placeholders that its sentence may hold
PLACEHOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "came_early": ("until", "came", "months", "since"),
    "term_missed": ("until", "came", "years"),
    "term_missed_with_reason": ("until", "came", "years", "since"),
    "term_missed_beyond_limit": ("until", "came", "years", "since"),
    "term_missed_without_reason": ("until", "came", "on"),
    "term_missed_reason_unknown": ("until", "came", "on"),
    "counted_from_registration": ("registered", "on"),
    "registration_unknown": ("on",),
    "registered_earlier": ("registered", "on"),
    "cause_changes": ("code", "previous"),
    "injured": (),
}


def notes(table: Table, acts: Acts, parameters: Mapping[str, Parameter], used: Used) -> tuple[NoteRule, ...]:
    """The notes in their order: a check of the engine, its parameters, the switch, and the sentence."""
    found = []
    for record in table.tables("note", lambda content: content.get("id")):
        check = record.one_of("check", CHECKS)
        arguments = {
            key: parameter(record, record.take(key, str), unit, parameters, used) for key, unit in CHECKS[check].items()
        }
        switch = switch_of(record, parameters, used)
        said_when = record.one_of("said_when", ("on", "off"), "on")
        if said_when == "off" and switch is None:
            raise record.refuse(N_("it is said when its switch is off, but it names none. Add “switch”."))
        text = record.local()
        try:
            text.with_params(**dict.fromkeys(PLACEHOLDERS[check], ""))
        except (KeyError, IndexError, ValueError):
            raise record.refuse(
                N_("the sentence has a placeholder that is not known. Known are: {known}."),
                known=", ".join(PLACEHOLDERS[check]) or "–",
            ) from None
        found.append(
            NoteRule(record.take("id", str), check, arguments, switch, said_when == "on", text, acts.cite(record))
        )
        record.done()
    table.done()
    return tuple(found)
