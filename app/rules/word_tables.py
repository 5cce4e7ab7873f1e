"""The records of words.toml: what an explanation says, by name, and the placeholders that it may fill in."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.text import N_, LocalText
from app.domain.vocabulary import Outcome, PeriodKind, Status
from app.rules.source import Table, refuse

# The placeholders of each line that words a condition.
LINE_PARAMS: Final[Mapping[str, tuple[str, ...]]] = {
    "simple": ("fact", "value"), "simple_needed": ("fact", "value", "needed"), "excluded": ("what",),
    "some_held": ("what", "degree", "facts"), "some_failed": ("what", "degree", "value", "facts"),
    "some_none": ("what", "degree", "none"), "some_unknown": ("what", "degree", "facts"),
    "some_unknown_all": ("what", "degree"), "facts_of_degree": ("facts", "value"), "only": ("what", "facts"),
    "degree": ("value",), "degree_from": ("value",), "less_than": ("value",), "or": ("list", "last"),
    "coded": ("code", "name"),
    "change": ("fact", "was", "now"), "change_gone": ("fact", "names"), "change_come": ("fact", "level"),
    **dict.fromkeys(("nearest_heavier", "nearest_lighter"), ("outcome", "changes")),
    "offer_row": ("title",), "offer_if": ("changes",), "offer_never": (), "offer_ground": ("ground",),
    **dict.fromkeys(("not_lighter_held", "not_lighter_failed", "not_lighter_open"),
                    ("fact", "value", "other", "other_value")),
}  # fmt: skip
# What the explanation says by name; a pack without one of these words cannot be explained.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "outcome": tuple(outcome.value for outcome in Outcome),
    "status": tuple(status.value for status in Status),
    "period": (*(kind.value for kind in PeriodKind), "years_1", "years_5", "with_end"),
    "line": ("headline", "period", "alternatives", "candidates", "general_capacity", "professional_capacity",
             "period_open", "general_capacity_open", "professional_capacity_open", "cause", "criteria",
             "unknown", "not_given", "open", "not_applicable", "yes", "no", "none", "not_heavier", "not_lighter",
             "heavier_open", "defect", "pending", "obstacle", *LINE_PARAMS),
    "name": (),
    "short": (),
}  # fmt: skip


def words(content: dict[str, Any]) -> dict[str, dict[str, LocalText]]:
    """The words by section and name; UserError for a section, a name or a placeholder that nothing says."""
    found: dict[str, dict[str, LocalText]] = {}
    for section in content:
        if section not in _WORDS:
            raise refuse(
                "words.toml", section, N_("no part of an explanation has this name. Take it out or correct it.")
            )
    for section, needed in _WORDS.items():
        inner = Table("words.toml", section, content.get(section, {}))
        found[section] = {}
        for key in needed or inner.names():
            word = Table("words.toml", f"{section} {key}", inner.take(key, dict))
            found[section][key] = word.local()
            word.done()
            if section == "line" and key in LINE_PARAMS:
                _check_placeholders(word, found[section][key], LINE_PARAMS[key])
        inner.done()
    return found


def _check_placeholders(word: Table, text: LocalText, known: tuple[str, ...]) -> None:
    try:
        text.with_params(**dict.fromkeys(known, ""))
    except (KeyError, IndexError, ValueError):
        raise word.refuse(
            N_("the sentence has a placeholder that is not known. Known are: {known}."), known=", ".join(known)
        ) from None
