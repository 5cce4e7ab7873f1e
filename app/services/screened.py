"""What the lists of the centre say of a person, as contradictions that the commission answers in the case.

They are no part of the proposal that is signed: the criteria alone give that one, here and at the centre.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.domain.proposal import Citation, Conflict, Proposal
from app.domain.text import LANGUAGES, N_, LocalText
from app.domain.vocabulary import Status

_SENTENCES: Final[Mapping[str, str]] = {
    "deceased": N_(
        "By a list of the centre this person may be deceased. The list can be wrong for one in some thousands. Compare"
        " the ИИН with the document, then say what you found."
    ),
    "examined": N_(
        "By a list of the centre this person may have been examined elsewhere already. The list can be wrong for one in"
        " some thousands. Ask, then say what you found."
    ),
    "revoked": N_(
        "By a list of the centre a decision about this person may have been taken back. The list can be wrong for one"
        " in some thousands. Ask the centre, then say what you found."
    ),
}
_LIST: Final = N_("List of the centre, not an act of law")


def with_hits(proposal: Proposal, kinds: Iterable[str]) -> Proposal:
    """The proposal with what the lists say beside what the criteria find."""
    found = tuple(_conflict(kind) for kind in kinds if kind in _SENTENCES)
    return replace(proposal, conflicts=(*proposal.conflicts, *found)) if found else proposal


def _conflict(kind: str) -> Conflict:
    citation = Citation(act=_in_languages(_LIST), place=LocalText("", "", ""), edition="", status=Status.SEEN)
    text = _in_languages(_SENTENCES[kind])
    return Conflict(code=f"screened_{kind}", kind="conflict", facts=("person.iin",), text=text, citation=citation)


def _in_languages(sentence: str) -> LocalText:
    from app.i18n import translator

    return LocalText(**{language: translator(language)(sentence) for language in LANGUAGES})
