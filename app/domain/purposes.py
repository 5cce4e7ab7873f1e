"""What a case has to have, by what it is asked for (adr/0026). Pure.

A case is asked for one thing or several: the purposes of the referral and those of the dossier together. What it needs
is what any of them needs; a case whose purpose nobody has said yet needs what the commonest one does, disability.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.domain.vocabulary import FurtherPurpose, Occasion, Purpose

Needs = frozenset[str]
"""Of `referral` (form 031/у), `request` (a court's letter), `previous` (the earlier decision), `commission`,
`diagnosis`, `group` (outcome, period and cause), `cause` (alone), `general` and `professional` (percentages)."""

_EXAMINED: Final = frozenset({"commission", "diagnosis"})
_REFERRED: Final = _EXAMINED | {"referral"}
_ALL: Final = frozenset({"group", "general", "professional"})
_NEEDS: Final[Mapping[str, Needs]] = MappingProxyType(
    {
        Purpose.DISABILITY: _REFERRED | _ALL,
        Purpose.GENERAL_CAPACITY: _REFERRED | {"general"},
        Purpose.PROFESSIONAL_CAPACITY: _REFERRED | {"professional"},
        Purpose.REHABILITATION: _REFERRED,
        Purpose.EXTRA_HELP: _REFERRED,
        FurtherPurpose.CAUSE_CHANGE: frozenset({"commission", "previous", "cause"}),
        FurtherPurpose.DUPLICATE: frozenset(),
        FurtherPurpose.COURT_OPINION: _EXAMINED | _ALL | {"request"},
    }
)
_WITHOUT_REFERRAL: Final = frozenset({Occasion.CONTROL, Occasion.APPEAL})


def purposes_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Everything that the case is asked for."""
    referral, dossier = document.get("referral") or {}, document.get("dossier") or {}
    return frozenset(referral.get("purpose") or ()) | frozenset(dossier.get("purpose") or ())


def needs_of(document: Mapping[str, Any]) -> Needs:
    """What the case has to have before it can be signed or ended. A control and an appeal come without a referral."""
    asked = purposes_of(document) or {Purpose.DISABILITY}
    needs = frozenset[str]().union(*(_NEEDS[purpose] for purpose in asked if purpose in _NEEDS))
    occasion = (document.get("examination") or {}).get("occasion")
    return needs - {"referral"} if occasion in _WITHOUT_REFERRAL else needs


def is_decided_on(document: Mapping[str, Any]) -> bool:
    """Whether a commission has anything to do: a duplicate alone is handed out, and the case ends as served."""
    return bool(needs_of(document))
