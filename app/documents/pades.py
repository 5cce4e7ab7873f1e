"""Electronic signatures in a PDF (PAdES): increments behind what the desk wrote, each sealed by the desk again.

An increment holds a signature field with a visible mark, and a CMS over every byte but itself. Into the CMS goes, as an
unsigned attribute, the desk's seal over every byte but the seal: so certificates and padding, which no member's key
signs, can't be changed unnoticed either (adr/0036). pyHanko is imported when a paper is signed or read.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from app.documents.witness import Witness

if TYPE_CHECKING:
    from asn1crypto.cms import ContentInfo
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_LONGEST: Final = 170.0  # points
ROOM: Final = 12_288
"""bytes that are kept free for one CMS; those of the НУЦ have some 3,000"""
SEAL_TYPE: Final = "2.25.231844318104129826913518712843297152361"
"""The attribute that holds the desk's seal: an object identifier of our own, made of a UUID (X.667)."""


class Unfit(Exception):
    """A CMS that does not sign this paper, or can't be checked here; `why` is one of the words below."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


UNREADABLE, TOO_LONG, OTHER_PAPER, UNKNOWN_KIND, WRONG, SEVERAL = (
    "unreadable", "too_long", "other_paper", "unknown_kind", "wrong", "several",
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A PDF with room for a CMS. `digest`: the SHA-256 that the CMS signs; `start`, `end`: where the room is."""

    pdf: bytes
    digest: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What is visible of a signature: lines of text in the margin, at place `place` of `places` from above."""

    lines: tuple[str, ...]
    place: int
    places: int


@dataclass(frozen=True, slots=True, repr=False)
class Embedded:
    """A signature in a PDF. `certificate`: DER; `at`: what the signer's clock showed; `whole`: it fits all bytes up to
    the end of its increment, and nothing but signatures came after; `known`: it is of a kind that can be checked here;
    `root`: the DER of the root that the certificate leads to at that time; `timestamp`: one is there, unchecked."""

    certificate: bytes | None
    at: datetime | None
    whole: bool
    known: bool = True
    root: bytes | None = None
    timestamp: bool = False


def prepare(pdf: bytes, name: str, mark: Mark, at: datetime, *, pades: bool) -> Prepared:
    """Add an empty signature with its visible mark. `pades`: the CMS will have the attributes of PAdES."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    box = _box(writer.prev, mark)
    field = f"esign-{mark.place + 1}"
    append_signature_field(writer, SigFieldSpec(field, on_page=0, box=box))
    kind = SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    empty = SignatureObject(timestamp=at, subfilter=kind, name=name, bytes_reserved=2 * ROOM)
    filling = PdfCMSEmbedder().write_cms(field_name=field, writer=writer)
    widget = next(filling)
    page = PdfFileReader(BytesIO(drawn(mark, box[3] - box[1], box[2] - box[0])))
    shown = writer.import_page_as_xobject(page)
    widget.get_object()["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): shown})
    writer.mark_update(widget)
    filling.send(SigObjSetup(empty))
    ready, out = filling.send(SigIOSetup(md_algorithm="sha256"))
    return Prepared(out.getvalue(), ready.document_digest, ready.reserved_region_start, ready.reserved_region_end)


def sign(prepared: Prepared, certificate: bytes, key: bytes) -> bytes:
    """The CMS of PAdES B-B under an RSA or EC key. `certificate`: DER; `key`: PKCS#8, DER."""
    import asyncio

    from asn1crypto import keys, x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )
    made = asyncio.run(signer.async_sign(prepared.digest, "sha256", use_pades=True))
    return bytes(made.dump())


def finish(prepared: Prepared, cms: bytes, witness: Witness) -> bytes:
    """The signed PDF: the CMS in its place, with the desk's seal over all of it. The CMS was read by `signer_of`."""
    seal = witness.sealing(b"")
    content: bytes = _with_seal(_content(cms), seal).dump()
    room = prepared.end - prepared.start - 2
    if 2 * len(content) > room:
        raise Unfit(TOO_LONG)
    written = content.hex().encode("ascii").ljust(room, b"0")
    pdf = prepared.pdf[: prepared.start + 1] + written + prepared.pdf[prepared.end - 1 :]
    at = pdf.index(seal.encode("ascii").hex().encode("ascii"), prepared.start)
    before, after = pdf[:at], pdf[at + 2 * len(seal) :]
    return before + witness.sealing(before + after).encode("ascii").hex().encode("ascii") + after


def signer_of(cms: bytes, digest: bytes) -> bytes:
    """The certificate (DER) whose key signed this SHA-256 in a detached CMS. Unfit for anything else."""
    from asn1crypto.cms import SignedData
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.sign.general import CMSExtractionError, extract_signer_info
    from pyhanko.sign.general import extract_certificate_info as certificates_in
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        content = _content(cms)
        told = content["content"]
        if content["content_type"].native != "signed_data" or not isinstance(told, SignedData):
            raise Unfit(UNREADABLE)
        if len(told["signer_infos"]) != 1:
            raise Unfit(SEVERAL)
        signer = extract_signer_info(told)
        certificate = certificates_in(told).signer_cert
        if told["encap_content_info"]["content"].native is not None or not signer["signed_attrs"].native:
            raise Unfit(OTHER_PAPER)
        if signer["digest_algorithm"]["algorithm"].native != "sha256":
            raise Unfit(UNKNOWN_KIND)
        fits, holds = validate_sig_integrity(signer, certificate, "data", digest)
    except (UnsupportedAlgorithm, SignatureValidationError, NotImplementedError, KeyError):
        raise Unfit(UNKNOWN_KIND) from None
    except (CMSExtractionError, ValueError, TypeError, IndexError, AttributeError):
        raise Unfit(UNREADABLE) from None
    if not fits:
        raise Unfit(OTHER_PAPER)
    if not holds:
        raise Unfit(WRONG)
    return bytes(certificate.dump())


def signatures(pdf: bytes, roots: Sequence[bytes] = ()) -> tuple[Embedded, ...]:
    """The signatures of a PDF in the order in which they were given. `roots`: certificates (DER) that are trusted.

    Also of hostile files: what can't be read as a signature is not whole."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    _silence()
    try:
        reader = PdfFileReader(BytesIO(pdf))
        found = list(reader.embedded_signatures)
        # Each increment is one signature: nothing else was added. For what stands before the first the desk vouches.
        alike = reader.xrefs.total_revisions == len(found) + 1
    except Exception:  # a damaged or hostile file may fail anywhere in the reader
        return (Embedded(None, None, whole=False),)
    return tuple(_read(one, roots, alike=alike) for one in found)


def _read(signature: "EmbeddedPdfSignature", roots: Sequence[bytes], *, alike: bool) -> Embedded:
    import asyncio

    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.general import find_unique_cms_attribute
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    certificate = at = None
    try:
        certificate = bytes(signature.signer_cert.dump())
        at = signature.self_reported_timestamp
        trusted = [x509_of(root) for root in roots]
        context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at, best_signature_time=at)
        usage = KeyUsageConstraints(key_usage=set())
        status = asyncio.run(async_validate_pdf_signature(signature, context, key_usage_settings=usage))
        covered = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
        since = status.modification_level
        untouched = since is not None and since <= ModificationLevel.FORM_FILLING
        path = status.validation_path if status.trusted else None
        root = bytes(next(iter(path.iter_certs(include_root=True))).dump()) if path is not None else None
    except Exception as error:  # as above; algorithms that nobody here knows are told apart
        return Embedded(certificate, at, whole=False, known=not _is_unknown(error))
    try:
        find_unique_cms_attribute(signature.signer_info["unsigned_attrs"], "signature_time_stamp_token")
        stamped = True
    except KeyError:
        stamped = False
    whole = alike and bool(status.intact and status.valid) and covered and untouched
    return Embedded(certificate, at, whole, root=root, timestamp=stamped)


def _silence() -> None:
    """pyHanko logs subjects of certificates where no handler was set; names belong in no log."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _is_unknown(error: Exception) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.sign.validation.errors import SignatureValidationError

    return isinstance(error, UnsupportedAlgorithm | NotImplementedError | SignatureValidationError)


def x509_of(certificate: bytes) -> Any:
    """pyHanko's view of a certificate."""
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate)


def shown(pdf: bytes) -> bytes:
    """The PDF for eyes and printers alone: what draws no form fields shows the marks all the same."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    marks, places = generic.DictionaryObject(), []
    fields = writer.root["/AcroForm"]["/Fields"]
    for number in range(len(fields)):
        widget = fields[number]
        if "/AP" in widget:
            name = f"/Esign{number}"
            marks[generic.pdf_name(name)] = widget["/AP"].raw_get("/N")
            x, y = float(widget["/Rect"][0]), float(widget["/Rect"][1])
            places.append(f"q 1 0 0 1 {x:g} {y:g} cm {name} Do Q")
    stream = generic.StreamObject({}, stream_data="\n".join(places).encode("ascii"))
    resources = generic.DictionaryObject({generic.pdf_name("/XObject"): marks})
    writer.add_stream_to_page(0, writer.add_object(stream), resources=resources)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _content(cms: bytes) -> "ContentInfo":
    from asn1crypto.cms import ContentInfo

    return ContentInfo.load(cms)


def _with_seal(content: "ContentInfo", seal: str) -> "ContentInfo":
    from asn1crypto import core
    from asn1crypto.cms import CMSAttribute, CMSAttributes

    signer = content["content"]["signer_infos"][0]
    kept = (
        [one for one in signer["unsigned_attrs"] if one["type"].native != SEAL_TYPE] if signer["unsigned_attrs"] else []
    )
    # The line break ends the seal for whoever looks for it among the bytes.
    attribute = CMSAttribute({"type": SEAL_TYPE, "values": [core.UTF8String(f"{seal}\n")]})
    signer["unsigned_attrs"] = CMSAttributes([*kept, attribute])
    return content


def _box(reader: Any, mark: Mark) -> tuple[int, int, int, int]:
    """In the margin on the left of the first page, which every paper keeps free."""
    _, _, _, high = (float(side) for side in reader.root["/Pages"]["/Kids"][0]["/MediaBox"])
    step = (high - 24) / max(mark.places, 3)
    top = high - 12 - mark.place * step
    return 14, round(top - min(step - 6, _LONGEST)), 58, round(top)


def drawn(mark: Mark, long: float, wide: float) -> bytes:
    """The mark as a page of its own, its text running upwards."""
    from reportlab.pdfgen.canvas import Canvas

    from app.documents import fonts
    from app.documents.fonts import SANS, Typesetter

    out, setter = BytesIO(), Typesetter()
    canvas = Canvas(out, pagesize=(wide, long), invariant=1)
    canvas.setLineWidth(0.5)
    canvas.rect(0.5, 0.5, wide - 1, long - 1)
    canvas.rotate(90)
    for number, line in enumerate(mark.lines):
        x = 4.0
        for face, run in setter.runs(_cut(line, long - 8, 8), SANS):
            canvas.setFont(face, 8)
            canvas.drawString(x, -10.0 - 10.0 * number, run)
            x += fonts.width(run, face, 8)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _cut(line: str, width: float, size: float) -> str:
    from app.documents import fonts
    from app.documents.fonts import SANS

    if fonts.width(line, SANS, size) <= width:
        return line
    while line and fonts.width(line + "…", SANS, size) > width:
        line = line[:-1]
    return line.rstrip() + "…"
