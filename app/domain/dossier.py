"""What the desk keeps of a case beyond the interchange format: the dossier (іс, дело), under the key `dossier`.

It lies in the stored document, so that each of its fields is saved, audited, undone, frozen and signed like every
other; a case file from outside can't hold it. One declaration, `DOSSIER`; each part is described where it is declared.
"""

import re
from enum import StrEnum
from typing import Final

from app.domain.brought import ATTACHMENT_LIST, CHECKLIST_FIELDS, REFERRAL_FIELDS
from app.domain.case_fields import Day, ListOf, Object, OneOf, Spec, Whole, Words, spec_of
from app.domain.declension import LANGUAGES
from app.domain.observations import OBSERVATIONS, ORIGINS
from app.domain.programme import PROGRAMME
from app.domain.statements import HELP_FIELDS, PROGNOSES_FIELDS, RECOMMENDED_FIELDS
from app.domain.text import N_
from app.domain.typed import LONGEST_TEXT
from app.domain.vocabulary import CorrectionKind, EndingKind, FurtherPurpose, NoIin

KEY: Final = "dossier"

_WORDS: Final = Words()
_TEXT: Final = Words(longest=LONGEST_TEXT, lines=True)
_FLAG: Final = OneOf((True, False))
_CHOICE: Final[dict[str, Spec]] = {key: spec_of(f"decision.{key}") for key in ("outcome", "period")}
_FAR: Final[dict[str, Spec]] = {"groups": Whole(-3, 3), "months": Whole(-12_000, 12_000), "differs": _FLAG}
_MEMBER: Final[dict[str, Spec]] = {"member": Whole(0, 99), "name": _WORDS}
_VOTES: Final = ListOf(Object({**_MEMBER, **_CHOICE, "reason": _TEXT, "at": _WORDS}))


def _of(enumeration: type[StrEnum]) -> OneOf:
    return OneOf(tuple(member.value for member in enumeration))


DOSSIER: Final = Object(
    {
        # The first day after the decided period (adr/0020); absent without a term. Written when it is decided.
        "until": Day(),
        # How the case ended without a decision (app/domain/endings.py says what each kind needs). `ground`: the id of a
        # ground for a refusal; `source`: where a death is known from; `head`: who says so.
        "ending": Object({
            "kind": _of(EndingKind), "ground": Words(re.compile(r"[a-z][a-z0-9_]{0,63}"), N_("the id of a ground")),
            "text": _TEXT, "on": Day(), "source": _WORDS, "head": _WORDS,
        }),
        # Put off for more examination: until when, what is to be examined, why. The case stays a draft.
        "postponed": Object({"until": Day(), "what": _TEXT, "reason": _TEXT}),
        # Why this case corrects a signed one.
        "correction": Object({"kind": _of(CorrectionKind), "reason": _TEXT}),
        # The decision that a control or an appeal looks at again: a case of this desk or a paper from outside, whose it
        # is, and who decided.
        "reviewed": Object({
            "case_id": _WORDS, "number": _WORDS, "on": Day(), "organ": _WORDS, "members": ListOf(_WORDS),
        }),
        # The letter of a court that asks for an opinion.
        "request": Object({"number": _WORDS, "on": Day(), "organ": _WORDS}),
        "in_absentia": Object({"consent": _FLAG, "reason": _TEXT}),
        # What each independent expert says of a depersonalised case (in absentia, proactive).
        "opinions": ListOf(Object({
            "expert": _WORDS, "outcome": spec_of("decision.outcome"), "period": spec_of("decision.period"),
            "reason": _TEXT,
        })),
        # What is asked for beside the referral's purposes (app/domain/purposes.py).
        "purpose": ListOf(_of(FurtherPurpose), distinct=True),
        # Whether somebody was appointed to act for the person.
        "guardianship": _FLAG,
        # Why the person has no ИИН: the paper says it in its place.
        "no_iin": Object({"reason": OneOf(tuple(reason.value for reason in NoIin)), "words": Words()}),
        # The name as papers in Kazakh and Russian say to whom they are given, once somebody confirmed it; `of`: the
        # name it was confirmed for (app/domain/declension.py).
        "name_forms": Object({language: Object({"text": _WORDS, "of": _WORDS}) for language in LANGUAGES}),
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
                "opened": _WORDS,
                "closed": _FLAG,
                "earlier": ListOf(
                    Object({"votes": _VOTES, "opened": _WORDS, "ended": _WORDS, "by": _WORDS, "reason": _TEXT}),
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
                "by": _WORDS,
                "on": Day(),
                "agreed": _FLAG,
                "text": _TEXT,
                "login": _WORDS,
                "paper": Object({"number": _WORDS}),
            }
        ),
        # The programme of rehabilitation measures (adr/0027).
        "programme": PROGRAMME,
        # What the commission states beside the decision: prognoses, kinds of additional help, recommendations.
        "prognoses": PROGNOSES_FIELDS,
        "extra_help": HELP_FIELDS,
        "recommendations": RECOMMENDED_FIELDS,
    }
)  # fmt: skip

# What belongs to one decision: a correction begins without it.
OF_THE_DECISION: Final = ("until", "votes", "vote", "dissent", "distance", "second_reading")
