"""Electronic signatures for tests: certificates like those of the НУЦ, key files, and a stand-in for NCALayer."""

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from asn1crypto.pkcs12 import Pfx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from app.crypto import pkcs12_mac
from tests.factories import NAMES

PASSPHRASE: Final = "Құпия-сөз 2026"
MEMBER: Final = ObjectIdentifier("1.2.398.3.3.4.1.1")
SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.4")
SIGNING_IN: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.2")
FROM: Final = datetime(2026, 3, 1, tzinfo=UTC)
IINS: Final = {"head": "800101400011", "first": "750505300022", "second": "690909300033"}
Key = Any


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def file(self, path: Path, passphrase: str = PASSPHRASE) -> Path:
        """A key file as the НУЦ gives one out."""
        kind = serialization.BestAvailableEncryption(passphrase.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, None, kind))
        return path


@cache
def key(kind: str = "rsa", place: int = 0) -> Key:
    """Made once: keys are costly."""
    del place
    return {
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "short": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
        "other": ed25519.Ed25519PrivateKey.generate,
    }[kind]()


@cache
def root() -> Holder:
    """An authority like the НУЦ."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) СЫНАҚ")])
    own = key("rsa", 99)
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(FROM - timedelta(days=2000))
        .not_valid_after(FROM + timedelta(days=4000))
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), False)
    )
    return Holder(own, built.sign(own, hashes.SHA256()))


def holder(
    who: str = "head",
    *,
    name: str | None = None,
    iin: str | None = None,
    kind: str = "rsa",
    signs: bool = True,
    since: datetime = FROM,
    days: int = 365,
    organisation: str = "",
    serial: int | None = None,
) -> Holder:
    """A member's key. `name`: surname, given name, patronymic; `iin`: "" for a certificate without one."""
    surname, given, *rest = (name or NAMES[who]).upper().split(" ")
    number = IINS[who] if iin is None else iin
    parts = [
        x509.NameAttribute(NameOID.COMMON_NAME, f"{surname} {given}"),
        x509.NameAttribute(NameOID.SURNAME, surname),
        x509.NameAttribute(NameOID.COUNTRY_NAME, "KZ"),
    ]
    if number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{number}"))
    if rest:
        parts.append(x509.NameAttribute(NameOID.GIVEN_NAME, " ".join(rest)))
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "BIN990140000014"))
    own = key(kind, list(IINS).index(who))
    usage = x509.KeyUsage(True, signs, not signs, False, False, False, False, False, False)
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(root().certificate.subject)
        .public_key(own.public_key())
        .serial_number(serial or 1000 + list(IINS).index(who))
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(usage, True)
        .add_extension(x509.ExtendedKeyUsage([SIGNING if signs else SIGNING_IN, MEMBER]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root().key.public_key()), False)
    )
    return Holder(own, built.sign(root().key, hashes.SHA256()))


def without_key(holder: Holder) -> bytes:
    """A PKCS#12 file with the certificate alone."""
    kind = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    return pkcs12.serialize_key_and_certificates(b"key", None, holder.certificate, None, kind)


def of_other_kind(holder: Holder, passphrase: str) -> bytes:
    """A key file whose key is named as one of ГОСТ 34.310, whole but for that: its MAC is made anew."""
    plain = pkcs12.serialize_key_and_certificates(
        b"key", holder.key, holder.certificate, None, serialization.NoEncryption()
    )
    whole = Pfx.load(plain)
    mac, content = whole["mac_data"], whole["auth_safe"]["content"].native
    named = bytes.fromhex("06092a864886f70d010101")
    other = content.replace(named, bytes.fromhex("06092a830e030a01010101"))
    salt, rounds = mac["mac_salt"].native, mac["iterations"].native
    key = pkcs12_mac._derived("sha256", passphrase, salt, rounds)
    fresh = hmac.new(key, other, "sha256").digest()
    return plain.replace(content, other).replace(mac["mac"]["digest"].native, fresh)


def cms_of(signer: Holder, digest: bytes) -> bytes:
    """What NCALayer makes of a hash: a detached CMS without the attributes of PAdES."""
    from asn1crypto import algos, cms, core, tsp
    from asn1crypto import x509 as der

    assert tsp, "before an attribute is made: see `pades`"
    told = der.Certificate.load(signer.der)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [core.OctetString(digest)]}),
        ]
    )
    from cryptography.hazmat.primitives.asymmetric import padding

    message = attributes.dump()
    if isinstance(signer.key, rsa.RSAPrivateKey):
        signature, kind = signer.key.sign(message, padding.PKCS1v15(), hashes.SHA256()), "sha256_rsa"
    else:
        signature, kind = signer.key.sign(message, ec.ECDSA(hashes.SHA256())), "sha256_ecdsa"
    sid = cms.IssuerAndSerialNumber({"issuer": told.issuer, "serial_number": told.serial_number})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": kind}),
            "signature": signature,
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [told],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def armoured(cms: bytes) -> str:
    """As NCALayer frames it."""
    lines = base64.encodebytes(cms).decode()
    return f"-----BEGIN CMS-----\n{lines}-----END CMS-----\n"


GREETING: Final = json.dumps({"result": {"version": "1.4"}})


class StandIn:
    """Listens like NCALayer: greets, takes a request, answers what `answer` makes of it. `asked`: what came."""

    def __init__(self, answer: Callable[[dict[str, Any]], object]) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.address = ""
        self.reached = threading.Event()

    def serve_one(self, line: ServerConnection) -> None:
        try:
            line.send(GREETING)
            line.send("--heartbeat--")
            for heard in line:
                self.asked.append(json.loads(heard))
                self.reached.set()
                told = self.answer(self.asked[-1])
                if told is None:
                    line.close()
                elif told is not ...:
                    line.send(told if isinstance(told, str) else json.dumps(told))
        except ConnectionClosed:
            pass


@contextmanager
def ncalayer(answer: Callable[[dict[str, Any]], object]) -> Iterator[StandIn]:
    """A stand-in on a port of its own, with a certificate that it made itself."""
    made = StandIn(answer)
    with serve(made.serve_one, "127.0.0.1", 0, ssl=_tls(), ping_interval=None, open_timeout=60) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        made.address = f"wss://127.0.0.1:{server.socket.getsockname()[1]}"
        try:
            yield made
        finally:
            server.shutdown()
            thread.join(5)


def signing(signer: Holder) -> Callable[[dict[str, Any]], object]:
    """A member who chooses this key."""

    def answer(asked: dict[str, Any]) -> object:
        digest = base64.b64decode(asked["args"]["data"])
        return {"status": True, "body": {"result": [armoured(cms_of(signer, digest))]}}

    return answer


@cache
def _tls() -> ssl.SSLContext:
    import tempfile

    own = key("ec", 98)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
        .sign(own, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        kind = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        both.write_bytes(built.public_bytes(serialization.Encoding.PEM) + own.private_bytes(*kind))
        context.load_cert_chain(both)
    return context
