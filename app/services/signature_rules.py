"""When a paper can be signed electronically, and whose certificate may sign it; every refusal in a sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.crypto import certificates
from app.crypto.certificates import Certificate
from app.domain.errors import UserError
from app.domain.names import same_name
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.services.views import CaseView

DOUBT: Final = "doubt"
"""`where` of a refusal that the person may overrule: the certificate seems to be somebody else's."""
CERTIFICATE: Final = "certificate"
"""`where` of the other refusals of a certificate."""
_Given = Mapping[str, Any]

UNFIT: Final[Mapping[str, str]] = {
    "unreadable": N_("What was given is no electronic signature. Nothing was changed. Try again, or sign by key file."),
    "too_long": N_("The electronic signature is longer than the room for it. Nothing was changed. Use another key."),
    "other_paper": N_(
        "The electronic signature is of something else than this paper. Nothing was changed. Sign again."
    ),
    "unknown_kind": N_(
        "The electronic signature is of a kind that this program can't check, such as ГОСТ 34.310. Nothing was changed."
        " Choose a key of the kind RSA or EC."
    ),
    "wrong": N_("The electronic signature does not fit its own certificate. Nothing was changed. Sign again."),
    "several": N_("Several electronic signatures were given instead of one. Nothing was changed. Sign again."),
}


def lacks(view: CaseView, document: str, blank: str) -> Text | None:
    """Why a paper can't be signed; None where it can. `blank`: the one that it stands on."""
    from app.documents.forms.table import FORMS, paper_set

    if view.state is CaseState.SUPERSEDED:
        return Text(N_("A newer case has taken the place of this one. Sign the paper of the newer case."))
    if view.signed is None:
        return Text(N_("It can be signed electronically once the commission has signed the case."))
    if document not in paper_set().signed:
        return Text(N_("This paper is not one of those that members sign electronically."))
    if FORMS[document].strict and not blank:
        return Text(N_("Issue the numbered blank first: its number stands on the paper that is signed."))
    return None


def require_fit(
    certificate: Certificate,
    at: datetime,
    name: str,
    *,
    here: Sequence[_Given],
    ever: Sequence[_Given],
    sure: bool,
) -> str | None:
    """UserError where the certificate can't sign, is another member's, or seems to be somebody else's and nobody is
    sure; else the doubt that was overruled, `name` or `iin`. `name`: the member's; `here`: the signatures on the paper,
    `ever`: those that members of this name gave before."""
    against = certificates.objection(certificate, at)
    if against is not None:
        raise UserError(against, where=CERTIFICATE)
    for one in here:
        if one["certificate"]["iin"] == certificate.iin:
            sentence = N_("{certificate} has signed this paper already, as {name}. Choose the key of the other member.")
            raise UserError(Text(sentence, {"certificate": certificate.name, "name": one["name"]}), where=CERTIFICATE)
    if not _same_person(certificate.name, name):
        if not sure:
            sentence = N_(
                "The certificate is of {certificate}, the member is {name}. Choose the key of the member; if both are"
                " one person, tick that below and sign again."
            )
            raise UserError(Text(sentence, {"certificate": certificate.name, "name": name}), where=DOUBT)
        return "name"
    known = {one["certificate"]["iin"] for one in ever if same_name(one["name"], name) and one["doubt"] is None}
    if known and certificate.iin not in known:
        if not sure:
            sentence = N_(
                "{name} has signed with the ИИН …{known} before, and this certificate has the ИИН …{iin}. Choose the"
                " key of the member; if it is right, tick that below and sign again."
            )
            told = {"name": name, "known": min(known)[-4:], "iin": certificate.iin[-4:]}
            raise UserError(Text(sentence, told), where=DOUBT)
        return "iin"
    return None


def _same_person(certificate: str, member: str) -> bool:
    """Whether surname and given name of the one stand in the other: certificates often lack the patronymic."""
    one, other = (frozenset(name.replace("ё", "е").split()) for name in (certificate.casefold(), member.casefold()))
    return len(one & other) >= 2 and (one <= other or other <= one)
