"""Electronic signatures (ЭЦҚ, ЭЦП) of members under papers of a signed case: given, kept, told.

Signing has three steps: `begin` draws the paper with room for the signature, the signer gives a CMS (NCALayer waits
for a person, so that happens outside of the desk's one thread), `complete` checks it, seals it with the desk's key and
keeps it. Nothing is kept before all of it held. A member may sign days later, on top of the others.
"""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.crypto.certificates import Certificate
from app.domain.errors import CheckFailed, UserError
from app.domain.text import N_, Text
from app.services import signature_rules
from app.services.documents import DocumentService
from app.services.signature_rules import CERTIFICATE
from app.services.signers import Signer, open_key_file
from app.services.views import CaseView, Rendered
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.documents.pades import Prepared
    from app.documents.witness import Witness


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be signed, and by which member of the commission (from 0). `sure`: the person has said that the
    certificate is that member's, although its name or ИИН is another one."""

    case_id: str
    document: str
    language: str
    member: int
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that was given. `via`: `signers.KEY_FILE` or `NCALAYER`; `at` by the laptop's clock; `doubt`: `name`
    or `iin` where it is another one than expected and the person said that it is the member's all the same."""

    member: int
    name: str
    via: str
    at: datetime
    certificate: Certificate
    doubt: str | None


@dataclass(frozen=True, slots=True)
class PaperSignatures:
    """A paper and who has signed it. `members`: the names of the whole commission; `size` in bytes, 0 where nobody has
    signed yet; `lacks`: why it can't be signed (None: it can)."""

    document: str
    language: str
    members: tuple[str, ...]
    signatures: tuple[Signature, ...]
    size: int
    lacks: Text | None

    @property
    def missing(self) -> tuple[int, ...]:
        """The members who have not signed."""
        signed = {one.member for one in self.signatures}
        return tuple(n for n in range(len(self.members)) if n not in signed)


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """A paper on its way to a signer. `before`: the digest of what was signed before, None where nobody had."""

    order: Order
    via: str
    at: datetime
    prepared: "Prepared"
    before: str | None


@dataclass(frozen=True, slots=True, repr=False)
class _Paper:
    view: CaseView
    id: str
    record: dict[str, Any] | None
    pdf: bytes
    members: tuple[str, ...]


class ElectronicService:
    """Members' electronic signatures under papers."""

    def __init__(self, place: Workplace, documents: DocumentService) -> None:
        self._place, self._documents = place, documents

    def of_paper(self, case_id: str, document: str, language: str) -> PaperSignatures:
        """Who has signed a paper in a language, and who may."""
        from app.storage import signed_papers

        view = self._documents.view(case_id)
        blank = self._documents.blank(case_id, document)
        with self._place.database.reading() as connection:
            record = signed_papers.find(connection, signed_papers.identity(case_id, document, language, blank))
        given = tuple(_signature(one) for one in record["signatures"]) if record else ()
        size = record["size"] if record else 0
        return PaperSignatures(
            document, language, _members(view), given, size, signature_rules.lacks(view, document, blank)
        )

    def file(self, case_id: str, document: str, language: str) -> Rendered:
        """The paper with its signatures, the same to the byte each time; UserError where nobody has signed it."""
        kept = self._documents.kept(case_id, document, language)
        if kept is None:
            raise UserError(Text(N_("Nobody has signed this paper electronically.")))
        return kept

    def sign(self, order: Order, path: Path, passphrase: str) -> PaperSignatures:
        """Sign by a member's key file. Nothing is changed where it can't be: UserError, with `where` `file`,
        `passphrase`, `member` or `DOUBT`; KnownError where the file can't be read."""
        signer = open_key_file(path, passphrase)
        begun = self.begin(order, signer)
        cms = signer.cms(begun.prepared, order.language, threading.Event())
        return self.complete(begun, cms or b"")

    def begin(self, order: Order, signer: Signer) -> Begun:
        """Make the paper ready for the signer. UserError as `sign`."""
        from app.crypto import certificates
        from app.documents import pades

        self._place.require_clock()
        paper, at = self._paper(order), self._place.clock.now()
        if paper.view.signed is not None and at < paper.view.signed.signed_at:
            sentence = N_(
                "The clock of this laptop shows {now}, before the commission signed the case. Set the clock, then sign."
            )
            raise UserError(Text(sentence, {"now": certificates.local(at)}))
        if signer.certificate is not None:
            self._require_fit(order, paper, certificates.read(signer.certificate), at)
        name = paper.members[order.member]
        mark = pades.Mark(_marked(order.language, name, at), order.member, len(paper.members))
        prepared = pades.prepare(paper.pdf, name, mark, at, pades=signer.pades)
        return Begun(order, signer.via, at, prepared, paper.record["digest"] if paper.record else None)

    def complete(self, begun: Begun, cms: bytes) -> PaperSignatures:
        """Check what the signer gave and keep the paper. UserError where it is no signature of this paper by a key of
        this member, or the paper was signed by somebody meanwhile."""
        from app.crypto import certificates
        from app.documents import pades, witness

        order = begun.order
        try:
            der = pades.signer_of(cms, begun.prepared.digest)
            certificate = certificates.read(der)
        except pades.Unfit as unfit:
            raise UserError(Text(signature_rules.UNFIT[unfit.why]), where=CERTIFICATE) from None
        except ValueError:
            raise UserError(Text(signature_rules.UNFIT[pades.UNREADABLE]), where=CERTIFICATE) from None
        paper = self._paper(order)
        _require_unchanged(paper.record, begun)
        doubt = self._require_fit(order, paper, certificate, self._place.clock.now())
        try:
            pdf = pades.finish(begun.prepared, cms, self._witness(paper.pdf))
        except pades.Unfit as unfit:
            raise UserError(Text(signature_rules.UNFIT[unfit.why]), where=CERTIFICATE) from None
        whole = pades.signatures(pdf)
        sealed = witness.sealed(pdf)
        if (
            not whole
            or not all(one.whole for one in whole)
            or sealed is None
            or witness.read(sealed[0]).pdf != sealed[1]
        ):
            raise CheckFailed(Text(N_("The signed paper does not hold its own check. Nothing was changed.")))
        given = {
            "member": order.member,
            "name": paper.members[order.member],
            "via": begun.via,
            "at": begun.at.isoformat(timespec="seconds"),
            "certificate": certificate.record(),
            "doubt": doubt,
        }
        self._keep(begun, paper, pdf, given)
        return self.of_paper(order.case_id, order.document, order.language)

    def _keep(self, begun: Begun, paper: _Paper, pdf: bytes, given: dict[str, Any]) -> None:
        """State, audit trail and event in one transaction. The bytes before are forgotten: these begin with them."""
        from app.services.attachments import describe_attachment
        from app.storage import attachments, entries, signed_papers

        order, digest = begun.order, hashlib.sha256(pdf).hexdigest()
        before = paper.record["signatures"] if paper.record else []
        record = {
            "case": order.case_id,
            "document": order.document,
            "language": order.language,
            "blank": self._documents.blank(order.case_id, order.document),
            "digest": digest,
            "size": len(pdf),
            "signatures": [*before, given],
        }
        with self._place.begin() as work:
            _require_unchanged(signed_papers.find(work.connection, paper.id), begun)
            row = attachments.AttachmentRow(digest, "pdf", len(pdf), b"", pdf)
            work.audit("attachment.stored", path=digest, new=describe_attachment(row), screen="signatures")
            attachments.add(work, row)
            entries.put(work, signed_papers.KIND, paper.id, record, screen="signatures")
            old = attachments.find(work.connection, begun.before) if begun.before else None
            if old is not None and not attachments.is_named(work.connection, old.digest):
                work.audit("attachment.forgotten", path=old.digest, old=describe_attachment(old), screen="signatures")
                attachments.remove(work, old.digest)
            told = {
                "document": order.document,
                "language": order.language,
                "digest": f"sha256:{digest}",
                "member": order.member,
                "via": begun.via,
                "certificate": given["certificate"]["sha256"],
                "signatures": len(before) + 1,
            }
            work.audit("document.signed", case_id=order.case_id, new=told, screen="signatures")
            work.emit("document.signed", told, case_id=order.case_id, subject=order.document)
            work.commit()

    def _paper(self, order: Order) -> _Paper:
        """The paper as it stands: with the signatures that it has, else drawn anew. UserError where it can't be signed,
        or the member has signed it."""
        from app.storage import signed_papers

        view = self._documents.view(order.case_id)
        blank = self._documents.blank(order.case_id, order.document)
        lacks = signature_rules.lacks(view, order.document, blank)
        if lacks is not None:
            raise UserError(lacks)
        members = _members(view)
        if not 0 <= order.member < len(members):
            raise UserError(Text(N_("The commission has no such member.")), where="member")
        record, pdf = self._documents.signed_paper(order.case_id, order.document, order.language) or (None, None)
        if record and any(one["member"] == order.member for one in record["signatures"]):
            sentence = N_("{name} has signed this paper already. Each member signs once.")
            raise UserError(Text(sentence, {"name": members[order.member]}), where="member")
        if pdf is None:
            pdf = self._documents.draw(order.case_id, order.document, order.language, original=True).pdf
        paper = signed_papers.identity(order.case_id, order.document, order.language, blank)
        return _Paper(view, paper, record, pdf, members)

    def _require_fit(self, order: Order, paper: _Paper, certificate: Certificate, at: datetime) -> str | None:
        """See `signature_rules.require_fit`."""
        from app.storage import signed_papers

        name = paper.members[order.member]
        with self._place.database.reading() as connection:
            papers = signed_papers.signed_as(connection, name)
        given = [one for record in papers for one in record["signatures"]]
        here = paper.record["signatures"] if paper.record else []
        return signature_rules.require_fit(certificate, at, name, here=here, ever=given, sure=order.sure)

    def _witness(self, pdf: bytes) -> "Witness":
        """What the desk says of the paper in its seal, said again over all of it."""
        from app.documents import witness
        from app.storage import installation

        sealed = witness.sealed(pdf)
        facts = witness.read(sealed[0]).facts if sealed is not None else None
        if facts is None:
            raise CheckFailed(Text(N_("The signed paper does not hold its own check. Nothing was changed.")))
        with self._place.database.reading() as connection:
            seed = installation.identity(connection).device_seed
        return witness.Witness(seed, facts)


def _require_unchanged(record: dict[str, Any] | None, begun: Begun) -> None:
    if (record["digest"] if record else None) != begun.before:
        raise UserError(Text(N_("The paper was signed by somebody else meanwhile. Nothing was changed. Sign again.")))


def _members(view: CaseView) -> tuple[str, ...]:
    from app.domain.case_file import get

    document = view.signed.document if view.signed is not None else view.document
    return tuple(member.get("name") or "" for member in get(document, "examination.commission") or ())


def _signature(told: dict[str, Any]) -> Signature:
    certificate, at = Certificate.of_record(told["certificate"]), datetime.fromisoformat(told["at"])
    return Signature(told["member"], told["name"], told["via"], at, certificate, told["doubt"])


def _marked(language: str, name: str, at: datetime) -> tuple[str, ...]:
    """The lines of the visible mark, in the paper's first language."""
    from app.crypto.certificates import local
    from app.i18n import translator

    t = translator(language.partition("+")[0])
    return t("Signed electronically"), name, local(at)
