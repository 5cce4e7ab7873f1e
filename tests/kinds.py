"""What each kind of case needs beside the sample: by occasion, place and age."""

from typing import Any, Final

from app.domain.case_file import get
from app.domain.vocabulary import Occasion, Place
from app.services.desk import Desk

REVIEWED: Final = {"number": "9/2025/000004", "on": "2025-11-01", "organ": "№ 9 бөлім", "members": ["Басқа Адам"]}
OPINIONS: Final = [
    {"expert": f"Сарапшы {n}", "outcome": "group_2", "period": {"kind": "years", "value": 2}, "reason": "айқын"}
    for n in (1, 2, 3)
]
ABSENT: Final = {"consent": True, "reason": "treated in another region"}
CHILD: Final[dict[str, Any]] = {
    "person.iin": None,
    "facts.insured": "n/a",
    "facts.limitations.work": "n/a",
    "facts.limitations.learning": 1,
}
BABY: Final[dict[str, Any]] = {**CHILD, "facts.limitations.learning": "n/a", "cause.code": "05"}
AGAIN: Final = (Occasion.CONTROL, Occasion.APPEAL)
"""Occasions on which a decision is looked at again; they have no referral."""


def dossier_of(occasion: Occasion, place: Place) -> dict[str, Any]:
    """What the dossier has to hold of such a case, by key."""
    return {
        **({"reviewed": REVIEWED} if occasion in AGAIN else {}),
        **({"in_absentia": ABSENT} if place is Place.IN_ABSENTIA else {}),
        **({"opinions": OPINIONS} if place is Place.IN_ABSENTIA_PROACTIVE else {}),
    }


def agreed(desk: Desk, case_id: str) -> dict[str, Any]:
    """What agreeing with the proposal gives."""
    document = desk.examinations.open(case_id).document
    proposal = desk.conclusions.draft(document).proposal
    assert proposal is not None
    period = getattr(proposal.period, "proposed", None)
    bands = {
        name: getattr(getattr(proposal, name), "first", None) for name in ("general_capacity", "professional_capacity")
    }
    return {
        "outcome": proposal.outcome.value,
        "period": period and {"kind": period.kind.value, "value": period.value},
        "cause": proposal.cause_proposed or get(document, "cause.code"),
        **bands,
        "reasons": [],
    }
