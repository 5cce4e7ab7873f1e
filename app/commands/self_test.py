"""`saraptama self-test`: whether everything that belongs to the program is found where it looks for it.

Meant for a frozen bundle and for a machine where something is amiss. Nothing of a user's data is touched: what has
to be written goes into a temporary folder.
"""

import argparse
import contextlib
import gettext
import secrets
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app import bootstrap, paths
from app.domain.errors import CheckFailed, Told
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import DOMAIN, Translator

if TYPE_CHECKING:
    from app.services.access import Access

Check = tuple[Text, Callable[[], object]]

FONTS = (
    *("PTSans-Regular.ttf", "PTSans-Bold.ttf", "PTSerif-Regular.ttf", "PTSerif-Bold.ttf", "PTSerif-Italic.ttf"),
    "DejaVuSans.ttf",
)
SAMPLE = "01-stroke-at-home.case.json"
LOGIN = "self-test"


def run(_args: argparse.Namespace, t: Translator) -> int:
    """One line each, `ok` or `missing` with the reason; 1 if anything is missing."""
    missing = 0
    for what, check in checks():
        try:
            check()
        except Exception as error:
            missing += 1
            reason = t.show(error.text) if isinstance(error, Told) else f"{type(error).__name__}: {error}"
            print(t("missing  {what}: {reason}", what=what, reason=reason))
        else:
            print(t("ok       {what}", what=what))
    if missing:
        print(t.plural("{n} part is missing.", "{n} parts are missing.", missing))
    else:
        print(t("Everything was found."))
    return 1 if missing else 0


def checks() -> Iterator[Check]:
    """What has to be there, as `(what, check)`; a check raises where it isn't."""
    for language in LANGUAGES:
        yield Text(N_("catalogue of words, {language}"), {"language": language}), partial(_words, language)
    for name in FONTS:
        yield Text(N_("font on paper, {name}"), {"name": name}), partial(_font, name)
    yield from _packs()
    yield Text(N_("regions of the КАТО")), _regions
    yield Text(N_("titles of ICD-10")), _icd10
    yield Text(N_("what reads a card from a picture")), _pictures
    yield Text(N_("rules that decline Russian names")), _declension
    yield Text(N_("electronic signatures of papers, and what speaks with NCALayer")), _signatures
    yield from _migrations()
    with tempfile.TemporaryDirectory(prefix="saraptama-self-test-", ignore_cleanup_errors=True) as place:
        yield Text(N_("SQLCipher with full-text search")), partial(_library, Path(place))
        yield from _round_trip(Path(place) / "desk")
    yield Text(N_("a further process, for the checks of editions")), _further_process
    yield from import_module("ui.self_test").checks()


def _words(language: str) -> None:
    if language == "en":
        return  # the English sentences stand in the program itself
    catalogue = gettext.translation(DOMAIN, localedir=paths.resource("translations"), languages=[language])
    if catalogue.gettext("draft") == "draft":
        raise LookupError("draft")


def _font(name: str) -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    face = TTFont(Path(name).stem, str(paths.resource("fonts", name))).face
    lacking = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ") - {chr(code) for code in face.charToGlyph}
    if lacking:
        raise LookupError("".join(sorted(lacking)))


def _packs() -> Iterator[Check]:
    from app.services.packs import PackService

    folders = sorted(path for path in paths.resource("rulepacks").glob("*/*") if path.is_dir())
    if not folders:
        yield Text(N_("rule pack")), PackService().identity
    for folder in folders:
        name = f"{folder.parent.name} {folder.name}"
        yield Text(N_("rule pack {name} with its signature"), {"name": name}), partial(_pack, folder)


def _pack(folder: Path) -> None:
    from app.crypto.pack_signature import verify_shipped
    from app.rules.loader import load_pack

    load_pack(folder, verify=verify_shipped)


def _declension() -> None:
    from app.services.declension import proposed

    if proposed({"surname": "Ким", "given_name": "Виктор", "sex": "male"}, "ru") != "Киму Виктору":
        raise LookupError("rules.json")


def _regions() -> None:
    from app.services.setup import regions

    if not regions():
        raise LookupError("regions.toml")


def _icd10() -> None:
    from app.services.classifiers import Classifiers

    lists = Classifiers()
    lists.load()
    if not lists.icd10_title("I69.3"):
        raise LookupError("I69.3")


def _pictures() -> None:
    from app.recognition import letters, reader

    letters.layers.cache_clear()
    letters.layers()
    today = bootstrap.clock().today()
    if reader.read(200, 200, bytes(200 * 200), today) is not None:
        raise ValueError("black")


def _signatures() -> None:
    """A paper is signed by a key made for it, sealed, and read again."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from websockets.sync.client import connect

    from app.documents import pades
    from app.documents.witness import Facts, Witness, sealed

    key, now = ec.generate_private_key(ec.SECP256R1()), bootstrap.clock().now()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, LOGIN)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    mark = pades.Mark((LOGIN,), 0, 3)
    ready = pades.prepare(pades.drawn(mark, 600, 400), LOGIN, mark, now, pades=True)
    kinds = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    cms = pades.sign(ready, certificate, key.private_bytes(*kinds))
    pdf = pades.finish(ready, cms, Witness(bytes(32), Facts("conclusion", LOGIN, bytes(32), (1, bytes(16)), "", "")))
    if not all(one.whole for one in pades.signatures(pdf)) or sealed(pdf) is None or not callable(connect):
        raise ValueError("a signature that does not hold")


def _migrations() -> Iterator[Check]:
    from app.storage.migrations import REVISIONS

    for revision in REVISIONS:
        yield Text(N_("migration {name}"), {"name": revision}), partial(_migration, revision)


def _migration(revision: str) -> None:
    if not list((paths.root() / "db" / "migrations" / "versions").glob(f"{revision}*.py")):
        raise FileNotFoundError(revision)


def _library(folder: Path) -> None:
    from app.storage.library import features

    version, full_text = features(folder)
    if not full_text:
        raise LookupError(f"FTS5, SQLCipher {version}")


def _further_process() -> None:
    from app.services import apart

    apart.try_out()


def _round_trip(folder: Path) -> Iterator[Check]:
    """A desk is made, a case goes in, comes out again and is printed in each language."""
    from app.services.access import Access

    access, passphrase = Access(folder), secrets.token_urlsafe(18)
    yield Text(N_("a case, encrypted, found again, its log whole")), partial(_keep, access, passphrase)
    for language in LANGUAGES:
        yield (
            Text(N_("conclusion as PDF, {language}"), {"language": language}),
            partial(_paper, access, passphrase, language),
        )


def _keep(access: "Access", passphrase: str) -> None:
    from app.domain.case_file import read_case_path
    from app.services.setup import department_names, regions
    from app.services.views import Department

    document = read_case_path(paths.resource("samples", SAMPLE))
    region = regions()[0][0]
    names = department_names("1", region, bootstrap.clock().today())
    access.create(
        department=Department("1", region, names), login=LOGIN, name=LOGIN, passphrase=passphrase, language="kk"
    )
    with contextlib.closing(access.sign_in(LOGIN, passphrase)) as desk:
        kept = desk.examinations.import_case(document)
    with contextlib.closing(access.sign_in(LOGIN, passphrase)) as desk:
        if desk.examinations.open(kept.id).document != kept.document:
            raise ValueError(kept.number)
        if not desk.examinations.rows(document["person"]["surname"].upper()):
            raise LookupError(kept.number)
        found = desk.integrity.verify()
    if found.problem is not None:
        raise CheckFailed(found.problem)


def _paper(access: "Access", passphrase: str, language: str) -> None:
    with contextlib.closing(access.sign_in(LOGIN, passphrase)) as desk:
        case = desk.examinations.rows()[0]
        paper = desk.conclusions.render(case.id, "conclusion", language)
    if not paper.pdf.startswith(b"%PDF-") or len(paper.pdf) < 10_000:
        raise ValueError(f"{len(paper.pdf)} bytes")
