"""What the electronic signatures (ЭЦҚ, ЭЦП) of a paper say, in sentences for whoever checks it; offline."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from app.domain.text import N_, Text

if TYPE_CHECKING:
    from app.documents.pades import Embedded

ROOTS: Final = "roots"
"""The folder of the data directory, and of `resources/verify`, with the root certificates that are trusted."""

MEMBERS: Final = N_("Electronic signatures of members on it: {n}.")
SIGNED_BY: Final = N_(
    "Signed electronically by {name}, ИИН …{iin}, on {at}. The certificate {serial} was issued by “{issuer}” and"
    " holds from {since} to {until}."
)
BROKEN: Final = N_("The electronic signature of {name} does not fit the file or its certificate. Don't rely on it.")
NOT_KNOWN: Final = N_(
    "The electronic signature of {name} is of a kind that this program can't check, such as ГОСТ 34.310. Check it"
    " with a program of the НУЦ."
)
NOT_VALID: Final = N_("At that time the certificate of {name} did not hold.")
UNREADABLE: Final = N_("Its electronic signatures can't be read. Don't rely on them.")
TRUSTED: Final = N_("The certificate of {name} leads to the root certificate “{root}”.")
NO_ROOTS: Final = N_(
    "No root certificate of the НУЦ lies here, so nothing says whether the НУЦ issued these certificates. Put its root"
    " certificates into the folder “{folder}” of the data directory, then check again."
)
UNTRUSTED: Final = N_("The certificate of {name} leads to none of the root certificates that lie here.")
NOT_ASKED: Final = N_("Whether a certificate was revoked is not checked: that needs a network.")
NO_TIMESTAMP: Final = N_("There is no timestamp: the time is that of the clock of the laptop.")
TIMESTAMP: Final = N_("There is a timestamp; this program does not check it.")


def told(pdf: bytes, roots: Sequence[bytes]) -> tuple[bool, tuple[Text, ...]]:
    """Whether every signature is whole, and the sentences; empty where the paper has none."""
    from app.documents import pades

    found = pades.signatures(pdf, roots)
    if not found or any(one.certificate is None for one in found):
        return not found, (Text(UNREADABLE),) if found else ()
    sentences = [Text(MEMBERS, {"n": len(found)}), *(sentence for one in found for sentence in _of(one, roots))]
    if not roots:
        sentences.append(Text(NO_ROOTS, {"folder": ROOTS}))
    sentences.append(Text(NOT_ASKED))
    sentences.append(Text(TIMESTAMP if any(one.timestamp for one in found) else NO_TIMESTAMP))
    return all(one.whole or not one.known for one in found), tuple(sentences)


def _of(signature: "Embedded", roots: Sequence[bytes]) -> Iterator[Text]:
    from app.crypto import certificates

    certificate = certificates.read(signature.certificate or b"")
    name = f"{certificate.name} ({certificate.organisation})" if certificate.organisation else certificate.name
    at, day = signature.at, "%d.%m.%Y"
    params = {
        "name": name,
        "iin": certificate.iin[-4:],
        "at": certificates.local(at) if at is not None else "–",
        "serial": certificate.serial,
        "issuer": certificate.issuer,
        "since": certificate.not_before.strftime(day),
        "until": certificate.not_after.strftime(day),
    }
    yield Text(SIGNED_BY, params)
    if not signature.known:
        yield Text(NOT_KNOWN, params)
    elif not signature.whole:
        yield Text(BROKEN, params)
    if at is not None and not certificate.not_before <= at <= certificate.not_after:
        yield Text(NOT_VALID, params)
    if signature.root is not None:
        yield Text(TRUSTED, {**params, "root": certificates.read(signature.root).name})
    elif roots and signature.known:
        yield Text(UNTRUSTED, params)


def local(moment: datetime) -> str:
    """Day and hour in Kazakhstan, as the answers and the window write them."""
    from app.crypto import certificates

    return certificates.local(moment)
