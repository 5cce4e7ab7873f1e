"""The paper as witness: what its code says, that nothing of it can be changed unnoticed, that a phone reads it."""

import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import cbor2
import PIL.Image
import PIL.ImageChops
import PIL.ImageFilter
import pytest
from PIL.Image import Image

from app.crypto import base45, cose
from app.crypto.signing import fingerprint, public_key
from app.documents import SLIP, pictures, qr, witness
from app.documents.forms.table import FORMS, OPINIONS
from app.documents.witness import DOCUMENTS, ENDINGS, OUTCOMES, PERIODS, Facts, Statement, Witness
from app.domain.papers import PROTOCOL
from app.domain.vocabulary import EndingKind, Outcome, PeriodKind
from tests.documents.papers import SEED
from tests.documents.test_forms import printed

DRAWS = int(os.environ.get("SARAPTAMA_DRAWS", "1500"))
"""A sample in the suite; docs/evidence/papers.md has 10,000."""
PUBLIC = public_key(SEED)
FACTS = Facts(
    document="certificate",
    number="2/2026/000017",
    digest=bytes(range(32)),
    head=(417, bytes(range(16))),
    region="710000000",
    department="2",
    on=date(2026, 11, 18),
    outcome="group_2",
    period=("years", 2),
    until=date(2028, 12, 1),
    general=70,
    blank="АА № 0000007",
    duplicate=True,
    iin="1212",
)


def holds(statement: Statement) -> bool:
    return statement.signed.holds(PUBLIC, witness.PURPOSE)


def test_what_is_written_into_a_code_is_read_out_of_it() -> None:
    longest = replace(
        FACTS, document="professional-capacity", professional=100, number="123456789012/2026/123456789",
        department="12/А", ending=None, period=("until_18", None), outcome="child_group_1", sample=True,
    )  # fmt: skip
    for facts in (FACTS, longest, replace(FACTS, outcome=None, period=None, until=None, ending="refusal")):
        statement = witness.read(Witness(SEED, facts).code())
        assert statement.facts == facts
        assert holds(statement)
    # 0.34 mm a module at 25 mm: what a phone still reads.
    assert qr._bars(Witness(SEED, longest).code())[0] <= 73
    assert qr._bars(Witness(SEED, FACTS).code())[0] <= 69


def test_every_document_outcome_period_and_ending_has_a_number() -> None:
    assert set(DOCUMENTS.values()) == {*FORMS, PROTOCOL, SLIP}
    assert set(OUTCOMES.values()) == set(Outcome) - {Outcome.UNDETERMINED}
    assert set(PERIODS.values()) == set(PeriodKind)
    assert set(ENDINGS.values()) == set(EndingKind)


def test_the_code_is_cose_sign1_as_the_standard_writes_it() -> None:
    whole = cbor2.loads(base45.decode(Witness(SEED, FACTS).code().removeprefix("SRP1:")))
    assert whole.tag == 18
    protected, unprotected, _, signature = whole.value
    assert cbor2.loads(protected) == {1: -8, 4: cose.key_id(PUBLIC)}
    assert unprotected == {}
    assert len(signature) == 64
    assert fingerprint(PUBLIC).replace(" ", "") == cose.key_id(PUBLIC).hex()


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"),
                                            (b"ietf!", "QED8WEX0"), (b"", "")])  # fmt: skip
def test_base45_is_that_of_rfc_9285(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["A", "BB8A", "bb8", "BB_", ":::", "::", "GGW", "ЖЖЖ"])
def test_base45_refuses_what_stands_for_no_bytes(text: str) -> None:
    with pytest.raises(ValueError):
        base45.decode(text)


@pytest.mark.parametrize(
    "data",
    [
        b"\x81" * 1_000, b"\x9b" + b"\xff" * 8, b"\x5b" + b"\x7f" * 8 + b"a", b"\xbb" + b"\x7f" * 8, b"\xd2" * 500,
        b"", b"\xff", b"\x9f\xff", b"\xd8\x23\x61(", b"\xc0\x61x", b"\xd8\x1c\x81\xd8\x1d\x00", bytes(5_000),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", b""])),
        cbor2.dumps(cbor2.CBORTag(18, [b"\xa0", {}, b"\xa0", bytes(64)])),
        cbor2.dumps(cbor2.CBORTag(18, 7)), cbor2.dumps(cbor2.CBORTag(97, [b"", {}, b"", b""])),
        cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: bytes(8)}), {}, b"\xa0", bytes(64)])),
    ],
)  # fmt: skip
def test_hostile_cbor_is_refused_soon_and_quietly(data: bytes) -> None:
    with pytest.raises(ValueError):
        cose.read(data)
    with pytest.raises(ValueError):
        witness.read("SRP1:" + base45.encode(data))


def test_a_statement_of_one_purpose_or_key_proves_nothing_for_another() -> None:
    data = cose.sign(SEED, {1: 2}, "else")
    assert cose.read(data).holds(PUBLIC, "else")
    assert not cose.read(data).holds(PUBLIC, "paper")
    assert not cose.read(data).holds(public_key(bytes(32)), "else")
    # The same key's name over another key's signature.
    protected, _, payload, _ = cbor2.loads(data).value
    forged = cbor2.loads(cose.sign(bytes(32), {1: 2}, "else")).value[3]
    assert not cose.read(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, forged]), canonical=True)).holds(
        PUBLIC, "else"
    )


def test_a_statement_is_written_in_one_way_alone() -> None:
    """What says the same in other bytes is refused: longer lengths, more behind, an open header, another order."""
    data = base45.decode(Witness(SEED, FACTS).code().removeprefix("SRP1:"))
    protected, _, payload, signature = cbor2.loads(data).value
    turned_round = cbor2.dumps(dict(reversed(cbor2.loads(protected).items())))
    others = [
        data + b"\x00",
        data.replace(b"\x58\x40", b"\x59\x00\x40"),
        data[1:],
        cbor2.dumps(cbor2.CBORTag(18, [protected, {7: 1}, payload, signature])),
        cbor2.dumps(cbor2.CBORTag(18, [turned_round, {}, payload, signature])),
    ]
    for other in others:
        assert other != data
        with pytest.raises(ValueError):
            cose.read(other)


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]


def test_no_byte_of_a_statement_is_changed_unnoticed() -> None:
    """Draws of the bytes, and of the letters of the code."""
    chance = random.Random(20261130)
    code = Witness(SEED, FACTS).code()
    data = base45.decode(code.removeprefix("SRP1:"))
    for draw in range(DRAWS):
        if draw % 2:
            text = "SRP1:" + base45.encode(flipped(data, chance))
        else:
            text = flipped(code.encode("ascii"), chance).decode("latin-1")
        try:
            statement = witness.read(text)
        except ValueError:
            continue
        assert not holds(statement), (draw, text)


def test_no_byte_of_a_sealed_pdf_is_changed_unnoticed() -> None:
    """Draws over the whole file, a fifth of them in the seal and behind it; files cut off and lengthened."""
    pdf = printed("certificate", "kk+ru")
    chance = random.Random(20261130)
    assert genuine(pdf)
    tail = len(pdf) - 450
    for draw in range(DRAWS):
        at = chance.randrange(tail, len(pdf)) if draw % 5 == 0 else chance.randrange(len(pdf))
        changed = bytearray(pdf)
        changed[at] ^= chance.randrange(1, 256)
        assert not genuine(bytes(changed)), (draw, at)
    for other in (pdf[:-1], pdf + b"\n", pdf + pdf, pdf[1:], pdf[: len(pdf) // 2], b"", b"%PDF-1.4\n" + pdf):
        assert not genuine(other)


def genuine(pdf: bytes) -> bool:
    seal = witness.sealed(pdf)
    if seal is None:
        return False
    try:
        statement = witness.read(seal[0])
    except ValueError:
        return False
    return statement.pdf == seal[1] and holds(statement)


def test_the_seal_of_one_paper_fits_no_other() -> None:
    one, other = printed("certificate", "kk"), printed("certificate", "ru")
    found = witness.sealed(one)
    assert found is not None
    line = f"%{found[0]}\n".encode()
    second = witness.sealed(other)
    assert second is not None
    assert not genuine(other.replace(f"%{second[0]}\n".encode(), line))
    assert not genuine(one.replace(line, b""))
    assert not genuine(one.replace(line, line + line))
    # The code on the paper signs no file, and the seal is no code.
    assert witness.read(found[0]).pdf is not None


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"refusal"}))
def test_on_every_paper_a_phone_reads_the_code(form: str, tmp_path: Path) -> None:
    language = "ru" if form in OPINIONS else "kk+ru"
    pdf = printed(form, language)
    assert genuine(pdf)
    assert pdf == printed(form, language)
    (tmp_path / "paper.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "paper.pdf", tmp_path / "page"], check=True, timeout=60)
    read = subprocess.run(
        ["zbarimg", "--raw", "-q", *sorted(tmp_path.glob("page*.png"))], check=False, capture_output=True, timeout=60
    ).stdout
    texts = set(read.decode().split("\n")) - {""}
    assert len(texts) == 1
    statement = witness.read(texts.pop())
    assert holds(statement)
    assert statement.facts is not None
    assert statement.facts.document == form
    assert statement.facts.number == "2/2026/000017"


def turned(page: Image, by: float) -> Image:
    return page.rotate(by, expand=True, fillcolor=255, resample=PIL.Image.Resampling.BICUBIC)


def aslant(page: Image) -> Image:
    wide, high = page.size
    corners = (-90, -60, -40, high + 80, wide + 60, high + 20, wide + 120, -110)
    return page.transform(page.size, PIL.Image.Transform.QUAD, corners, PIL.Image.Resampling.BICUBIC, fillcolor=255)


def noisy(page: Image, strength: int) -> Image:
    drawn = random.Random(1).randbytes(page.width * page.height)
    noise = PIL.Image.frombytes("L", page.size, drawn).point(
        [128 + (value - 128) * strength // 128 for value in range(256)]
    )
    return PIL.ImageChops.add(page, noise, offset=-128)


def dark(page: Image) -> Image:
    return page.point([60 + value // 3 for value in range(256)])


PHOTOGRAPHED: dict[str, Callable[[Image], Image]] = {
    "turned": lambda page: turned(page, 13),
    "on its side and soft": lambda page: turned(page, 90).filter(PIL.ImageFilter.GaussianBlur(1.5)),
    "upside down and noisy": lambda page: noisy(turned(page, 183), 60),
    "aslant": lambda page: noisy(aslant(page), 30),
    "dark and grey": lambda page: noisy(dark(page), 20),
}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "paper.pdf").write_bytes(printed("certificate", "kk"))
    words = ["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", folder / "paper.pdf", folder / "page"]
    subprocess.run(words, check=True, timeout=60)
    return PIL.Image.open(folder / "page.png").convert("L")


@pytest.mark.parametrize("how", PHOTOGRAPHED)
def test_a_photograph_of_a_page_is_read(how: str, scanned: Image) -> None:
    photograph = BytesIO()
    PHOTOGRAPHED[how](scanned).save(photograph, "JPEG", quality=60)
    found = pictures.codes(photograph.getvalue())
    assert found is not None
    assert len(found) == 1
    assert holds(witness.read(found[0]))


def test_a_scanned_page_in_a_pdf_is_read(scanned: Image) -> None:
    pdf = BytesIO()
    scanned.save(pdf, "PDF", quality=60)
    assert witness.sealed(pdf.getvalue()) is None
    assert [holds(witness.read(text)) for text in pictures.scans(pdf.getvalue())] == [True]


def test_what_is_no_picture_is_said_to_be_none() -> None:
    for data in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(40), b"\xff\xd8\xff" + bytes(100), b"<svg/>"):
        assert pictures.codes(data) is None
    assert pictures.scans(b"%PDF-1.4" + b"\xff\xd8\xff\xe0" * 100) == ()
