"""How this department works: settings that everybody at the desk shares, each change in the audit trail.

What one person likes to look at (language, colours, size) is not here: `app.services.access.Preferences`.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

from app.domain.case_fields import OneOf, Spec, Whole
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.voting import Procedure
from app.services.workplace import Workplace

KIND: Final = "setting"
TERM: Final = "term_"


@dataclass(frozen=True, slots=True)
class Setting:
    """What it is by default, and what it may be."""

    default: Any
    spec: Spec
    fixed: bool = False
    """Set when the desk is made and never after."""


SETTINGS: Final[dict[str, Setting]] = {
    # Of the blind first vote (алғашқы жасырын дауыс беру, слепое первое голосование): must every member vote before
    # the proposal is seen, may they, or does this department not vote so.
    "blind_vote": Setting("off", OneOf(("required", "offered", "off"))),
    # Calendar days of a term that no text at hand gives (resources/classifiers/terms.toml); None: as that list has it.
    **{
        TERM + name: Setting(None, Whole(0, 999))
        for name in ("registration", "decision", "decision_proactive", "programme", "appeal")
    },
    # Whether everybody and everything on this desk is invented (app.services.training).
    "training": Setting(False, OneOf((True, False)), fixed=True),
    # Whether a member who votes types the own passphrase.
    "vote_passphrase": Setting(False, OneOf((True, False))),
    # Who decides where votes are even. The rule was not read in the official text: the screen says so.
    "tie": Setting("head", OneOf(("head", "none"))),
    # When the department of methodology and control has to read a decision that differs from the proposal.
    "second_reading": Setting("off", OneOf(("off", "when_group_differs", "always_when_differs"))),
}


class PreferenceService:
    """The department's settings by name. Read once, when the desk is opened: asking waits for no disk."""

    def __init__(self, place: Workplace) -> None:
        from app.storage import entries

        self._place = place
        with place.database.reading() as connection:
            self._set = {name: record["value"] for name, record in entries.of_kind(connection, KIND).items()}

    def get(self, name: str) -> Any:
        """The value; the default where nobody has set one. KeyError for a name that is none."""
        return self._set.get(name, SETTINGS[name].default)

    def procedure(self) -> Procedure:
        """How this department votes and decides."""
        return Procedure(**{field.name: self.get(field.name) for field in fields(Procedure)})

    def set(self, name: str, value: object) -> None:
        """Change one; None goes back to the default. UserError where the value is none of those it may have."""
        from app.storage import entries

        setting = SETTINGS[name]
        if setting.fixed:
            sentence = N_("The setting {name} is given when a desk is made, and stays.")
            raise UserError(Text(sentence, {"name": name}), where=name)
        try:
            if value is not None:
                setting.spec.check(value, name)
        except UserError:
            sentence = N_("“{value}” is not a value of the setting {name}.")
            raise UserError(Text(sentence, {"value": value, "name": name}), where=name) from None
        with self._place.begin() as work:
            if entries.put(work, KIND, name, None if value is None else {"value": value}):
                work.commit()
        others = {key: kept for key, kept in self._set.items() if key != name}
        self._set = others if value is None else {**others, name: value}
