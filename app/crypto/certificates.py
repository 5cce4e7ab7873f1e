"""Certificates of people's electronic signatures (ЭЦҚ, ЭЦП): what one says, whether it may sign, and PKCS#12 files.

How those of the national certification authority (ҰКО, НУЦ) are made up was read from public code that works with them:
the ИИН stands in the subject's serialNumber as `IIN` and twelve digits, the БИН of an organisation in its OU as `BIN`;
keys for signing have the key usage nonRepudiation, those for signing in do not.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.crypto import pkcs12_mac
from app.domain.clock import KAZAKHSTAN
from app.domain.errors import UserError
from app.domain.text import N_, Text

if TYPE_CHECKING:
    from cryptography import x509

_IIN: Final = re.compile(r"IIN(\d{12})")
_BIN: Final = re.compile(r"BIN(\d{12})")
_LEAST_RSA: Final = 2048
_MOST: Final = 1_000_000
ENDINGS: Final = frozenset({".pem", ".cer", ".crt", ".der"})

OTHER_KIND: Final = N_(
    "The key of {name} is too short or of a kind that this program can't check, such as ГОСТ 34.310. Choose a key of"
    " the kind RSA or EC."
)
NO_IIN: Final = N_(
    "The certificate of {name} holds no ИИН: it belongs to an organisation or an information system. Choose the key of"
    " the member."
)
NOT_FOR_SIGNING: Final = N_(
    "The certificate of {name} is for signing in to systems, not for signing papers. Choose the other key file, the one"
    " for signatures."
)
NOT_YET: Final = N_(
    "The certificate of {name} holds from {day} on, and the clock of this laptop shows {now}. Check the clock."
)
EXPIRED: Final = N_(
    "The certificate of {name} ended on {day}, and the clock of this laptop shows {now}. Check the clock; if it is"
    " right, the member needs a new key."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """`name`: the subject's common name and given name; `bin`, `organisation`: empty for a private person's; `serial`
    and `sha256` in hexadecimal; `kind`: `rsa`, `ec`, or empty for what can't be checked here."""

    name: str
    iin: str
    organisation: str
    bin: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    kind: str
    signs: bool

    def record(self) -> dict[str, Any]:
        """As it is stored: text alone."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return told | {key: told[key].isoformat() for key in ("not_before", "not_after")}

    @staticmethod
    def of_record(told: dict[str, Any]) -> "Certificate":
        """What `record` wrote."""
        days = {key: datetime.fromisoformat(told[key]) for key in ("not_before", "not_after")}
        return Certificate(**{**told, **days})


def read(der: bytes) -> Certificate:
    """What a certificate says; ValueError where it is none."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    found = x509.load_der_x509_certificate(der)
    subject = found.subject

    def said(name: "x509.Name", kind: "x509.ObjectIdentifier") -> str:
        return " ".join(str(one.value) for one in name.get_attributes_for_oid(kind))

    common, given = said(subject, NameOID.COMMON_NAME), said(subject, NameOID.GIVEN_NAME)
    iin = _IIN.fullmatch(said(subject, NameOID.SERIAL_NUMBER))
    units = _BIN.search(said(subject, NameOID.ORGANIZATIONAL_UNIT_NAME))
    return Certificate(
        name=common if not given or given in common else f"{common} {given}",
        iin=iin[1] if iin else "",
        organisation=said(subject, NameOID.ORGANIZATION_NAME),
        bin=units[1] if units else "",
        issuer=said(found.issuer, NameOID.COMMON_NAME) or found.issuer.rfc4514_string(),
        serial=f"{found.serial_number:x}",
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        sha256=hashlib.sha256(der).hexdigest(),
        kind=_kind(found),
        signs=_signs(found),
    )


def _kind(certificate: "x509.Certificate") -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return ""
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa" if key.key_size >= _LEAST_RSA else ""
    return "ec" if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= 256 else ""


def _signs(certificate: "x509.Certificate") -> bool:
    """Whether the certificate is one of somebody who signs: non-repudiation, and no authority."""
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        return usage.content_commitment and not usage.key_cert_sign
    except (x509.ExtensionNotFound, ValueError):
        return False


def objection(certificate: Certificate, now: datetime) -> Text | None:
    """Why this certificate can't sign a paper now."""
    told: dict[str, Any] = {"name": certificate.name or certificate.serial, "now": local(now)}
    if not certificate.kind:
        return Text(OTHER_KIND, told)
    if not certificate.signs:
        return Text(NOT_FOR_SIGNING, told)
    if not certificate.iin:
        return Text(NO_IIN, told)
    if now < certificate.not_before:
        return Text(NOT_YET, {**told, "day": local(certificate.not_before)})
    if now > certificate.not_after:
        return Text(EXPIRED, {**told, "day": local(certificate.not_after)})
    return None


def local(moment: datetime) -> str:
    """Day, month, year, and the hour in Kazakhstan."""
    return moment.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M")


def open_key_file(data: bytes, passphrase: str, name: str) -> tuple[bytes, bytes]:
    """Certificate (DER) and private key (PKCS#8, DER) of a PKCS#12 file. UserError, with `where` the field: no such
    file, a wrong passphrase, no key in it, a key of another kind. `name`: the file's, for the sentence."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except UnsupportedAlgorithm:
        raise UserError(Text(OTHER_KIND, {"name": name}), where="file") from None
    except ValueError as error:
        # The library has one exception for all; its words tell them apart, and a test looks at them.
        # Of a key that it can't read it says the same as of a wrong passphrase.
        if "password" in str(error) and not pkcs12_mac.fits(data, passphrase):
            sentence = N_("The passphrase of the key file is wrong. Check the keyboard's language, then try again.")
            raise UserError(Text(sentence), where="passphrase") from None
        if "PKCS12" not in str(error) or "password" in str(error):
            raise UserError(Text(OTHER_KIND, {"name": name}), where="file") from None
        sentence = N_(
            "{name} is no key file, or it is damaged. Choose the file that the НУЦ gave the member: its name ends in"
            " .p12."
        )
        raise UserError(Text(sentence, {"name": name}), where="file") from None
    if key is None or certificate is None:
        sentence = N_("{name} holds no private key with its certificate. Choose the whole key file.")
        raise UserError(Text(sentence, {"name": name}), where="file")
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UserError(Text(OTHER_KIND, {"name": name}), where="file")
    written = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.DER), written


def roots_in(folders: Iterable[Path]) -> tuple[bytes, ...]:
    """The certificates (DER) in these folders that are trusted as roots; what is none is passed over."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    found: dict[bytes, None] = {}
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() not in ENDINGS or path.stat().st_size > _MOST:
                continue
            try:
                data = path.read_bytes()
                text = data.lstrip().startswith(b"-----BEGIN")
                loaded = x509.load_pem_x509_certificates(data) if text else [x509.load_der_x509_certificate(data)]
            except (OSError, ValueError):
                continue
            found |= dict.fromkeys(one.public_bytes(Encoding.DER) for one in loaded)
    return tuple(found)
