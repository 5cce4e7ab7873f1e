"""What the desk keeps of a case beyond the interchange format: the dossier (іс, дело), under the key `dossier`.

It lies in the stored document, so that each of its fields is saved, audited, undone, frozen and signed like every
other; a case file from outside can't hold it. One declaration, `DOSSIER`; each part is described where it is declared.
"""

from typing import Final

from app.domain.brought import ATTACHMENT_LIST, CHECKLIST_FIELDS, REFERRAL_FIELDS
from app.domain.case_fields import Day, ListOf, Object, OneOf, Spec, Whole, Words, spec_of
from app.domain.observations import OBSERVATIONS, ORIGINS
from app.domain.typed import LONGEST_TEXT
from app.domain.vocabulary import NoIin

KEY: Final = "dossier"

_LINE: Final = Words()
_TEXT: Final = Words(longest=LONGEST_TEXT, lines=True)
_FLAG: Final = OneOf((True, False))
_CHOICE: Final[dict[str, Spec]] = {key: spec_of(f"decision.{key}") for key in ("outcome", "period")}
_FAR: Final[dict[str, Spec]] = {"groups": Whole(-3, 3), "months": Whole(-12_000, 12_000), "differs": _FLAG}
_MEMBER: Final[dict[str, Spec]] = {"member": Whole(0, 99), "name": _LINE}
_VOTES: Final = ListOf(Object({**_MEMBER, **_CHOICE, "reason": _TEXT, "at": _LINE}))

DOSSIER: Final = Object(
    {
        # The first day after the decided period (adr/0020); absent without a term. Written when it is decided.
        "until": Day(),
        # Why the person has no ИИН: the paper says it in its place.
        "no_iin": Object({"reason": OneOf(tuple(reason.value for reason in NoIin)), "words": Words()}),
        # Persons (ids) of whom somebody said that they are others, however much they look like this one.
        "others": ListOf(Words(), distinct=True),
        # What each specialist sees, and where those texts came from (adr/0023).
        "observations": OBSERVATIONS,
        "origins": ORIGINS,
        # The rest of the referral 031/у, copies of papers, and which documents were brought.
        "referral": REFERRAL_FIELDS,
        "attachments": ATTACHMENT_LIST,
        "checklist": CHECKLIST_FIELDS,
        # The first vote (adr/0024): a vote for each member. Written by the service of votes alone.
        "votes": _VOTES,
        # When the votes were opened; whether the proposal is closed until then although the department doesn't ask
        # for it; the rounds that were voted before, each with the reason for voting again.
        "vote": Object(
            {
                "opened": _LINE,
                "closed": _FLAG,
                "earlier": ListOf(
                    Object({"votes": _VOTES, "opened": _LINE, "ended": _LINE, "by": _LINE, "reason": _TEXT}),
                ),
            }
        ),
        # Dissenting opinions (ерекше пікір, особое мнение). `declined`: the member gives none in writing.
        "dissent": ListOf(Object({**_MEMBER, "text": _TEXT, "declined": _FLAG})),
        # How far votes and decision lie from what the criteria gave. Written when it is decided.
        "distance": Object(
            {
                "proposal": Object(_CHOICE),
                "majority": Object({**_CHOICE, "by": OneOf(("all", "majority", "head", "tie"))}),
                "votes": ListOf(Object({**_MEMBER, **_FAR})),
                "decision": Object(_FAR),
            }
        ),
        # What the department of methodology and control says to a decision that differs from the proposal.
        "second_reading": Object(
            {
                "by": _LINE,
                "on": Day(),
                "agreed": _FLAG,
                "text": _TEXT,
                "login": _LINE,
                "paper": Object({"number": _LINE}),
            }
        ),
    }
)

# What belongs to one decision: a correction begins without it.
OF_THE_DECISION: Final = ("until", "votes", "vote", "dissent", "distance", "second_reading")
