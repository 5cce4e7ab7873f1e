"""How a case ends without a decision, and how it is put off: what each of them has to say. Pure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from app.domain.case_file import Document, check_field, get
from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, EndingKind

ENDING: Final = "dossier.ending"
POSTPONED: Final = "dossier.postponed"
OTHER: Final = "other"
"""The ground for a refusal that is told in words alone."""

_DAY: Final[Mapping[str, str]] = MappingProxyType(
    {
        EndingKind.REFUSED: N_("Enter the day of the refusal."),
        EndingKind.NOT_COME: N_("Enter the day on which the person was expected."),
        EndingKind.DIED: N_("Enter the day of death."),
        EndingKind.WITHDRAWN: N_("Enter the day on which the person withdrew the application."),
        EndingKind.SERVED: N_("Enter the day on which the document was handed out."),
    }
)
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        EndingKind.SERVED: N_("Say what was handed out: which document, its number."),
        OTHER: N_("Say in words why the examination is refused."),
    }
)


def checked_ending(ending: Mapping[str, Any], today: date, *, born: date | None = None) -> dict[str, Any]:
    """The ending as it is stored: of the form of the dossier, with everything its kind needs and nothing else.

    UserError (`where` is `dossier.ending.…`) for what is missing, a day after `today`, or a death before the birth.
    """
    found = check_field(ENDING, dict(ending))
    told: dict[str, Any] = {key: value for key, value in (found or {}).items() if value is not None}  # type: ignore[attr-defined]
    kind = told.get("kind")
    if kind is None:
        raise _refuse("kind", N_("Choose how the case ends."))
    needed: list[tuple[str, str]] = [("on", _DAY[kind])]
    if kind == EndingKind.REFUSED:
        needed.insert(0, ("ground", N_("Choose the ground for the refusal.")))
        if told.get("ground") == OTHER:
            needed.append(("text", _WORDS[OTHER]))
    else:
        told.pop("ground", None)
    if kind == EndingKind.DIED:
        needed.append(("source", N_("Say where the death is known from: the certificate, who told.")))
    else:
        told.pop("source", None)
    if kind == EndingKind.SERVED:
        needed.append(("text", _WORDS[EndingKind.SERVED]))
    needed.append(("head", N_("Enter the name of the head of the commission, who says so.")))
    for key, sentence in needed:
        if key not in told:
            raise _refuse(key, sentence)
    on = parse_iso(told["on"])
    if on is not None and on > today:
        raise _refuse("on", N_("{date} lies in the future. Check the day."), date=on)
    if on is not None and born is not None and on < born:
        raise _refuse("on", N_("{date} lies before the birth of the person. Check the day."), date=on)
    return told


def checked_postponement(postponed: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The postponement as it is stored. UserError for what is missing or a day that isn't ahead of `today`."""
    found = check_field(POSTPONED, dict(postponed))
    told: dict[str, Any] = {key: value for key, value in (found or {}).items() if value is not None}  # type: ignore[attr-defined]
    for key, sentence in (
        ("until", N_("Enter the day on which the person comes again.")),
        ("what", N_("Say what is to be examined.")),
        ("reason", N_("Say why the case can't be decided without it.")),
    ):
        if key not in told:
            raise UserError(Text(sentence), where=f"{POSTPONED}.{key}")
    until = parse_iso(told["until"])
    if until is not None and until <= today:
        sentence = N_("{date} is not ahead of today. A case is put off to a later day.")
        raise UserError(Text(sentence, {"date": until}), where=f"{POSTPONED}.until")
    return told


def postponed_until(document: Document) -> date | None:
    """The day on which a case that was put off comes back; None where it was not."""
    return parse_iso(get(document, f"{POSTPONED}.until") or "")


def is_waiting(document: Document, state: CaseState, today: date) -> bool:
    """Whether the case waits for the day to which it was put off. On that day it comes back by itself."""
    until = postponed_until(document)
    return state is CaseState.DRAFT and until is not None and today < until


def _refuse(key: str, sentence: str, **params: object) -> UserError:
    return UserError(Text(sentence, params), where=f"{ENDING}.{key}")
