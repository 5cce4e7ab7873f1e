"""The page for a browser answers as the program does: by file, by picture, by camera, without a network."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
import PIL.ImageFilter
import pytest

from app.crypto import base45, cose
from app.crypto.signing import public_key
from app.documents import witness
from app.documents.witness import Witness
from app.domain.text import Text
from app.i18n import translator
from app.services import paper_check, paper_keys
from app.services.paper_keys import PaperKeys
from tests.documents.papers import ROOT, SEED
from tests.documents.test_forms import printed
from tests.documents.test_pades import signed
from tests.documents.test_witness import FACTS, aslant, noisy, turned
from tests.services.test_paper_witness import told
from tests.verify_page.browser import Browser

PAGE = ROOT / "resources" / "verify" / "index.html"
needs_browser = pytest.mark.skipif(
    shutil.which("chromedriver") is None, reason="chromium and chromium-driver are missing"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as it stands on somebody's disk."""
    return Path(shutil.copy(PAGE, tmp_path_factory.mktemp("page")))


@pytest.fixture(scope="module")
def paper() -> bytes:
    return printed("certificate", "kk")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory, paper: bytes) -> PIL.Image.Image:
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "paper.pdf").write_bytes(paper)
    words = ["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", folder / "paper.pdf", folder / "page"]
    subprocess.run(words, check=True, timeout=60)
    return PIL.Image.open(folder / "page.png").convert("L")


@pytest.fixture(scope="module")
def browser(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("browser")
    made = Browser(folder)
    made.open(page)
    made.run("document.querySelector('[data-language=en]').click()")
    yield made
    made.close()


def answer(browser: Browser, file: Path) -> tuple[str, list[str]]:
    """The verdict and the sentences for a file."""
    browser.run("document.getElementById('answer').replaceChildren()")
    browser.give("#paper", file)
    return read_answer(browser)


def read_answer(browser: Browser) -> tuple[str, list[str]]:
    browser.until("return document.querySelector('.verdict') !== null")
    shown: dict[str, Any] = browser.run(
        "const card = document.querySelector('.verdict');"
        "const words = [...card.querySelectorAll('p, dt, dd')].map((one) => one.textContent);"
        "return {verdict: card.dataset.verdict, words}"
    )
    return shown["verdict"], shown["words"]


def expected(data: bytes, keys: PaperKeys) -> tuple[str, list[str]]:
    """What the program itself says of it."""
    found, t = paper_check.check(data, keys), translator("en")
    sentences = list(found.sentences)
    told = [sentence.msgid for sentence in sentences]
    if paper_check.MEMBERS in told:  # what follows the page leaves to the program, and says so
        sentences = [*sentences[: told.index(paper_check.MEMBERS) + 1], Text(paper_check.ELSEWHERE)]
    words = [t.show(sentence) for sentence in sentences]
    for label, value in found.said:
        words += [t.show(label), value if isinstance(value, str) else t.show(value)]
    return str(found.verdict), words


@needs_browser
def test_the_page_says_what_the_program_says(
    browser: Browser, paper: bytes, scanned: PIL.Image.Image, tmp_path: Path
) -> None:
    def kept(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    def jpeg(picture: PIL.Image.Image) -> bytes:
        out = BytesIO()
        picture.save(out, "JPEG", quality=60)
        return out.getvalue()

    code = Witness(SEED, FACTS).code()
    damaged = bytearray(paper)
    damaged[len(damaged) // 2] ^= 1
    cases = {
        "paper.pdf": paper,
        "damaged.pdf": bytes(damaged),
        "seal.pdf": paper.replace(b"%SRP1:", b"%SRP1:0", 1),
        "plain.pdf": paper[: paper.rindex(b"%SRP1:")] + paper[paper.rindex(b"startxref") :],
        "half.pdf": paper[: len(paper) // 2],
        "without-end.pdf": paper[: paper.rindex(b"startxref")],
        "code.txt": code.encode(),
        "wrong.txt": code[:-3].encode(),
        "draft.txt": b"SARAPTAMA/1 CONCLUSION 2/2026/000017 " + b"AB" * 32 + b" DRAFT",
        "sample.txt": Witness(SEED, replace(FACTS, sample=True)).code().encode(),
        "later.txt": (witness.PREFIX + base45.encode(cose.sign(SEED, {1: 2, 99: 1}, witness.PURPOSE))).encode(),
        "words.txt": b"just words",
        "signed.pdf": signed(2),
        "signed-capital.pdf": signed(1).replace(b"535250313a", b"535250313A"),
        "signed-damaged.pdf": signed(2).replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        "added.pdf": paper + b"% behind\n",
        "added-signed.pdf": signed(1) + b"% behind\n",
        "turned.jpg": jpeg(noisy(turned(scanned, 13), 40)),
        "soft.jpg": jpeg(turned(scanned, 270).filter(PIL.ImageFilter.GaussianBlur(1.2))),
        "aslant.jpg": jpeg(noisy(aslant(scanned), 30)),
        "empty.jpg": jpeg(PIL.Image.new("L", (800, 600), 255)),
    }
    files = {name: kept(name, data) for name, data in cases.items()}
    nobody = PaperKeys()
    assert answer(browser, files["paper.pdf"]) == expected(paper, nobody)
    assert answer(browser, files["paper.pdf"])[0] == "unknown_key"
    browser.give("#keys", kept("desk.paper-keys.json", told()))
    browser.until("return document.querySelectorAll('#known li').length === 1")
    keys = paper_keys.read(told(), "desk.paper-keys.json")
    for name, data in cases.items():
        assert answer(browser, files[name]) == expected(data, keys), name
    # What was superseded since, in a newer file; then a key that the centre alone could revoke: it can't here.
    newer = told(
        void=[{"reason": "superseded", "head": paper_head(paper), "by": "2/2026/000018"}], told_at="2026-12-01T"
    )
    browser.give("#keys", kept("newer.paper-keys.json", newer))
    browser.until("return document.querySelector('#known').textContent.includes('01.12.2026')")
    assert answer(browser, files["paper.pdf"]) == expected(
        paper, keys + paper_keys.read(newer, "newer.paper-keys.json")
    )
    assert answer(browser, files["turned.jpg"])[0] == "superseded"
    browser.give("#keys", kept("bad.paper-keys.json", newer.replace(b"000018", b"000019")))
    assert "bad.paper-keys.json" in browser.until("return document.getElementById('said').textContent")
    assert browser.complaints() == []


def paper_head(pdf: bytes) -> str:
    seal = witness.sealed(pdf)
    assert seal is not None
    facts = witness.read(seal[0]).facts
    assert facts is not None
    return facts.head[1].hex()


@needs_browser
def test_no_changed_letter_of_a_code_passes_on_the_page(browser: Browser) -> None:
    code = Witness(SEED, FACTS).code()
    texts = [code[:at] + ("7" if code[at] != "7" else "8") + code[at + 1 :] for at in range(0, len(code), 5)]
    hostile = [b"\x81" * 900, b"\x9b" + b"\xff" * 8, b"\x5b" + b"\x7f" * 8, b"\xbb" + b"\x7f" * 8, b"\xd2" * 500, b""]
    texts += ["SRP1:" + base45.encode(data) for data in hostile]
    for text in texts:
        browser.run(
            "document.getElementById('answer').replaceChildren();"
            f"document.getElementById('text').value = {json.dumps(text)}; document.getElementById('check').click()"
        )
        assert read_answer(browser)[0] in ("altered", "unknown_key", "unsigned"), text


@needs_browser
def test_the_camera_finds_the_code(page: Path, scanned: PIL.Image.Image, tmp_path: Path) -> None:
    wide, high = scanned.size
    cut = turned(scanned, 8).crop((wide // 2, high // 3, wide + 150, high + 120)).resize((1280, 960))
    film = tmp_path / "camera.mjpeg"
    frame = BytesIO()
    noisy(cut, 20).save(frame, "JPEG", quality=80)
    film.write_bytes(frame.getvalue() * 5)
    browser = Browser(tmp_path, camera=film)
    try:
        browser.open(page)
        browser.run("document.querySelector('[data-language=kk]').click(); document.getElementById('camera').click()")
        verdict, words = read_answer(browser)
        assert verdict == "unknown_key"
        assert "2/2026/000017" in words
        assert browser.run("return document.getElementById('video').hidden")
    finally:
        browser.close()


def test_the_page_is_made_of_what_lies_in_the_tree(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; sys.path.insert(0, 'build/verify_page'); import make; "
    script += "sys.exit(make.page(make.present()) != make.PAGE.read_text('utf-8'))"
    made = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, timeout=60)
    assert made.returncode == 0, "run: python build/verify_page/make.py"


def test_the_key_of_the_tests_is_not_one_that_ships() -> None:
    assert public_key(SEED).hex() not in PAGE.read_text("utf-8")
