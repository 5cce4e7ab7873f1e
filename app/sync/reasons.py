"""Why the centre sets a record aside: the codes that stand in a standing, and what each says in words, for whoever sits
at the laptop and for whoever sits at the centre."""

from collections.abc import Mapping
from typing import Final

from app.domain.text import N_, Text

QUARANTINED: Final[Mapping[str, str]] = {
    "malformed": N_("The record is not in the form that the centre knows."),
    "unknown_type": N_("The centre doesn't know this kind of record yet: its program is older than the laptop's."),
    "event_signature": N_("A signature in the record does not hold."),
    "unknown_user": N_("The laptop has not told who signed this record."),
    "user_exchanged": N_("The laptop names another key for a user whom it named before."),
    "user_revoked": N_("Whoever signed this record was revoked before that day."),
    "other_installation": N_("The record says that it is of another laptop."),
    "override_alone": N_("A decision against the proposal is told, and no conclusion follows that says the same."),
    "override_disagrees": N_(
        "The decision differs from the proposal and no record tells of it, or that record says something else."
    ),
    "digest": N_("The conclusion is not the one that was signed."),
    "other_log": N_("The members signed on top of another log than the one that the centre holds."),
    "member_signature": N_("Under the conclusion a member's signature is missing or does not hold."),
    "device_signature": N_("Under the conclusion the laptop's signature does not hold."),
    "unknown_pack": N_("The edition of the criteria that the conclusion names was never published here."),
    "case_unreadable": N_("The case in the conclusion can't be read by the criteria."),
    "rerun_differs": N_(
        "By the edition of the criteria that the conclusion names, the centre comes to another proposal than the one"
        " that was signed."
    ),
    "unknown_case": N_("The record is about a conclusion that the centre doesn't hold."),
    "depends": N_("An earlier record of this case was set aside. This one rests on it."),
}
_OTHERWISE: Final = N_("The record was set aside ({code}).")


def quarantined(code: str) -> Text:
    """The sentence for a code; an unknown one (of a newer centre) is named."""
    known = QUARANTINED.get(code)
    return Text(known) if known else Text(_OTHERWISE, {"code": code[:40]})
