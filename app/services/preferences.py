"""How this department works: settings that everybody at the desk shares, each change in the audit trail.

What one person likes to look at (language, colours, size) is not here: `app.services.access.Preferences`.
"""

from dataclasses import dataclass
from typing import Any, Final

from app.domain.case_fields import OneOf, Spec, Whole
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.workplace import Workplace

KIND: Final = "setting"
TERM: Final = "term_"


@dataclass(frozen=True, slots=True)
class Setting:
    """What it is by default, and what it may be."""

    default: Any
    spec: Spec


# Of the blind first vote (алғашқы жасырын дауыс беру, слепое первое голосование): must every member vote before the
# proposal is seen, may they, or does this department not vote so.
SETTINGS: Final[dict[str, Setting]] = {
    "blind_vote": Setting("off", OneOf(("required", "offered", "off"))),
    # Calendar days of a term that no text at hand gives (resources/classifiers/terms.toml); None: as that list has it.
    **{
        TERM + name: Setting(None, Whole(0, 999))
        for name in ("registration", "decision", "decision_proactive", "programme", "appeal")
    },
}


class PreferenceService:
    """The department's settings by name."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def get(self, name: str) -> Any:
        """The value; the default where nobody has set one. KeyError for a name that is none."""
        from app.storage import entries

        setting = SETTINGS[name]
        with self._place.database.reading() as connection:
            record = entries.find(connection, KIND, name)
        return setting.default if record is None else record["value"]

    def set(self, name: str, value: object) -> None:
        """Change one; None goes back to the default. UserError where the value is none of those it may have."""
        from app.storage import entries

        setting = SETTINGS[name]
        try:
            if value is not None:
                setting.spec.check(value, name)
        except UserError:
            sentence = N_("“{value}” is not a value of the setting {name}.")
            raise UserError(Text(sentence, {"value": value, "name": name}), where=name) from None
        with self._place.begin() as work:
            if entries.put(work, KIND, name, None if value is None else {"value": value}):
                work.commit()
