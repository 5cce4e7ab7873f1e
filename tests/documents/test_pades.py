"""Electronic signatures in a PDF: other programs find them whole, and no byte of the file can change unnoticed."""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from app.crypto.certificates import roots_in
from app.documents import pades, witness
from app.documents.pades import Mark, Prepared
from app.documents.witness import Witness
from app.i18n import translator
from app.services import paper_keys, signature_words
from app.services.paper_check import Answer, Verdict, check
from tests import esign
from tests.documents.papers import SEED, text_of
from tests.documents.test_forms import printed
from tests.documents.test_witness import FACTS
from tests.services.test_paper_witness import told

DRAWS = int(os.environ.get("SARAPTAMA_DRAWS", "1000"))
"""A sample in the suite; docs/evidence/papers-signatures.md has 10,000."""
AT = datetime(2026, 11, 18, 5, 30, tzinfo=UTC)
KEYS = paper_keys.read(told(), "k")


def prepared(pdf: bytes, place: int, name: str = "Сейітова Әлия Маратқызы", *, full: bool = True) -> Prepared:
    mark = Mark(("ЭЦҚ қойылған", name, "18.11.2026 10:30"), place, 3)
    return pades.prepare(pdf, name, mark, AT, pades=full)


def add(pdf: bytes, place: int, signer: esign.Holder) -> bytes:
    ready = prepared(pdf, place)
    kinds = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    cms = pades.sign(ready, signer.der, signer.key.private_bytes(*kinds))
    return pades.finish(ready, cms, Witness(SEED, FACTS))


@cache
def signed(times: int = 2, form: str = "certificate") -> bytes:
    if not times:
        return printed(form, "kk")
    who, kind = [("head", "rsa"), ("first", "ec"), ("second", "rsa")][times - 1]
    return add(signed(times - 1, form), times - 1, esign.holder(who, kind=kind))


def words(answer: Answer) -> str:
    return " ".join(translator("en").show(sentence) for sentence in answer.sentences)


def test_other_programs_find_file_and_signatures_whole(tmp_path: Path) -> None:
    for form in ("certificate", "conclusion"):
        path = tmp_path / f"{form}.pdf"
        path.write_bytes(signed(3, form))
        checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False, timeout=60)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        seen = subprocess.run(
            ["pdfsig", "-nocert", path], capture_output=True, text=True, check=False, timeout=60
        ).stdout
        assert seen.count("Signature is Valid.") == 3
        assert seen.count("ETSI.CAdES.detached") == 3
        assert "Total document signed" in seen
        assert "Сейітова" in text_of(pades.shown(path.read_bytes()))
    assert signed(3, "conclusion").startswith(signed(2, "conclusion"))
    assert signed(2, "conclusion").startswith(signed(1, "conclusion"))


def test_no_random_change_of_a_signed_paper_passes_unnoticed() -> None:
    rng, pdf = random.Random(7), signed()
    assert check(pdf, KEYS).verdict is Verdict.GENUINE
    # Half of the draws in what is added behind the paper: there lie the holes of the signatures.
    behind = len(printed("certificate", "kk"))
    for draw in range(DRAWS):
        at = rng.randrange(behind if draw % 2 else 0, len(pdf))
        changed = bytearray(pdf)
        changed[at] ^= rng.randrange(1, 256)
        assert check(bytes(changed), KEYS).verdict is Verdict.ALTERED, at


def test_cut_off_lengthened_or_written_otherwise_is_noticed() -> None:
    pdf, one, plain = signed(2), signed(1), printed("certificate", "kk")
    seal = pdf.rindex(b"535250313a")
    others = {
        "behind": pdf + b"\n",
        "remark": pdf + b"% a remark\n",
        "cut": pdf[:-1],
        "half": pdf[: (len(pdf) + len(one)) // 2],
        "capital letters in the seal": pdf[:seal] + pdf[seal : seal + 400].upper() + pdf[seal + 400 :],
        "capital letters in the hole": pdf[: seal - 200] + pdf[seal - 200 : seal].upper() + pdf[seal:],
        "the other order": plain + pdf[len(one) :] + pdf[len(plain) : len(one)],
        "one taken out": one + pdf[len(one) + 1 :],
    }
    for name, other in others.items():
        assert other != pdf, name
        assert check(other, KEYS).verdict is Verdict.ALTERED, name
    # A whole signature less is the paper as it was before it, and before any.
    assert check(one, KEYS).verdict is Verdict.GENUINE
    assert check(plain, KEYS).verdict is Verdict.GENUINE
    assert "Electronic" not in words(check(plain, KEYS))


def test_what_another_program_adds_behind_the_seal_is_told() -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    for pdf in (printed("certificate", "kk"), signed(1)):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        writer.root["/Lang"] = writer.root["/Lang"]
        writer.update_root()
        out = BytesIO()
        writer.write(out)
        answer = check(out.getvalue(), KEYS)
        assert answer.verdict is Verdict.ALTERED
    # Signed on by somebody whose desk is unknown here: the outermost seal is what counts.
    ready = prepared(signed(1), 1)
    kinds = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    holder = esign.holder("first")
    cms = pades.sign(ready, holder.der, holder.key.private_bytes(*kinds))
    assert check(pades.finish(ready, cms, Witness(bytes(32), FACTS)), KEYS).verdict is Verdict.UNKNOWN_KEY


def test_the_answer_says_who_signed_by_which_certificate_and_what_is_not_known(tmp_path: Path) -> None:
    answer = check(signed(2), KEYS)
    assert answer.verdict is Verdict.GENUINE
    said = words(answer)
    assert "Electronic signatures of members on it: 2." in said
    assert "СЕЙІТОВА ӘЛИЯ МАРАТҚЫЗЫ, ИИН …0011, on 18.11.2026 10:30" in said
    assert "СЫНАҚ" in said
    assert "01.03.2026 to 01.03.2027" in said
    assert "No root certificate of the НУЦ lies here" in said
    assert "revoked is not checked" in said
    assert "no timestamp" in said
    # With the root in a folder, as PEM and as DER; junk beside it is passed over.
    root = esign.root().certificate
    (tmp_path / "nca.PEM").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "nca.cer").write_bytes(root.public_bytes(serialization.Encoding.DER))
    (tmp_path / "junk.cer").write_bytes(b"junk")
    (tmp_path / "readme.txt").write_text("x")
    roots = roots_in([tmp_path, tmp_path / "missing"])
    assert len(roots) == 1
    trusted = words(check(signed(2), KEYS + paper_keys.PaperKeys(roots=roots)))
    assert trusted.count("leads to the root certificate “КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) СЫНАҚ”") == 2
    assert "No root certificate" not in trusted
    other = (esign.holder("second").der,)
    assert words(check(signed(2), KEYS + paper_keys.PaperKeys(roots=other))).count("leads to none") == 2


def test_a_signature_that_does_not_hold_is_told_even_under_a_desk_s_seal() -> None:
    """A desk that seals nonsense: the desk's word alone does not make a member's signature."""
    ready, holder = prepared(printed("certificate", "kk"), 0), esign.holder()
    other = esign.cms_of(holder, bytes(32))
    answer = check(pades.finish(ready, other, Witness(SEED, FACTS)), KEYS)
    assert answer.verdict is Verdict.ALTERED
    assert "does not fit" in words(answer)
    late = esign.holder(days=30)
    ready = prepared(printed("certificate", "kk"), 0, full=False)
    whole, sentences = signature_words.told(
        pades.finish(ready, esign.cms_of(late, ready.digest), Witness(SEED, FACTS)), ()
    )
    assert whole
    assert any("did not hold" in sentence.msgid for sentence in sentences)


@pytest.mark.parametrize(
    "junk",
    [b"%PDF-1.4\n", b"%PDF-1.7\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF", b"%PDF" + b"[" * 90_000],
)
def test_hostile_files_with_a_seal_among_them_are_read_soon(junk: bytes) -> None:
    assert not any(one.whole for one in pades.signatures(junk))
    seal = Witness(SEED, FACTS).sealing(junk).encode("ascii").hex().encode("ascii")
    assert check(junk + seal + b"0a>", KEYS).verdict in (Verdict.ALTERED, Verdict.UNSIGNED, Verdict.UNREAD)


def test_a_file_full_of_beginnings_of_seals_is_looked_through_soon() -> None:
    for junk in (b"535250313a" * 400_000, b"\n%SRP1:" * 500_000, b"\nstartxref\n9\n%%EOF\n" * 5_000):
        since = time.monotonic()
        assert not witness.signed_times(junk)
        assert not witness.was_sealed(junk)
        assert witness.sealed(junk) is None
        assert time.monotonic() - since < 5


def test_a_cms_too_long_for_its_room_is_refused() -> None:
    ready, holder = prepared(printed("certificate", "kk"), 0, full=False), esign.holder()
    with pytest.raises(pades.Unfit) as unfit:
        pades.finish(
            Prepared(ready.pdf, ready.digest, ready.start, ready.start + 900), esign.cms_of(holder, ready.digest),
            Witness(SEED, FACTS),
        )  # fmt: skip
    assert unfit.value.why == pades.TOO_LONG


def test_the_libraries_are_imported_by_the_first_signature_alone() -> None:
    script = (
        "import sys, app.services.opening, app.services.electronic, app.services.paper_check, app.services.ncalayer\n"
        "from app.documents import pades\n"
        "heavy = [name for name in ('pyhanko', 'asn1crypto', 'aiohttp', 'websockets') if name in sys.modules]\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_nothing_of_a_certificate_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    script = (
        "import sys; from pathlib import Path; from app.documents import pades\n"
        "pdf = sys.stdin.buffer.read(); found = pades.signatures(pdf, ()); assert len(found) == 2 and found[0].whole"
    )
    done = subprocess.run([sys.executable, "-c", script], input=signed(2), check=True, timeout=60, capture_output=True)
    assert done.stdout + done.stderr == b""


def test_a_seal_of_the_newest_signature_covers_the_older_ones() -> None:
    sealed = witness.sealed(signed(3))
    assert sealed is not None
    assert witness.read(sealed[0]).pdf == sealed[1]
    assert witness.signed_times(signed(3)) == 3
    assert witness.signed_times(printed("certificate", "kk")) == 0
