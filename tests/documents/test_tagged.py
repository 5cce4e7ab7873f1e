"""Every paper as a screen reader, an archive and another program have it."""

import io
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
import pytest
from pdfminer.high_level import extract_text
from pikepdf import pdfa

from app.documents import DOCUMENTS, sheet
from app.documents.forms import plain, rendering
from app.documents.forms.kit import Paper
from app.documents.forms.table import BOTH, FORMS
from app.documents.layout import Lines, Setter
from app.documents.wording import wording
from tests.documents.papers import LANGUAGES, content, tool
from tests.documents.pdf_ua import findings
from tests.documents.reading import read
from tests.documents.test_conclusion import DRAFT, crowded
from tests.documents.test_forms import HANDED, made, printed, whole

TAGS = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-GB"}
# What pikepdf does not look at: the description of PDF/UA's identifier, and level A, which is ours to look at (pdf_ua).
BEYOND = re.compile(
    r"XMP (namespace|property) pdfa(Extension|Schema|Property)[:=]|pdfuaid:part|pdfaid:conformance is 'A', expected 'B'"
)
ALONE = [(form, language) for form in DOCUMENTS for language in LANGUAGES]
EVERY = [(form, language) for form in DOCUMENTS for language in DOCUMENTS[form]]


paper = cache(printed)


def archived(data: bytes) -> list[str]:
    """What offends PDF/A-2b by the rules of veraPDF, as pikepdf has them; what it doesn't know counts too."""
    found = pdfa.validate_written(io.BytesIO(data), "2b").findings
    return [str(one) for one in found if not BEYOND.search(str(one))]


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_paper_offends_no_rule_of_pdf_ua_and_pdf_a_that_we_can_look_at(form: str, language: str) -> None:
    data = paper(form, language)
    assert findings(data) == []
    assert archived(data) == []


@pytest.mark.parametrize("form", [form for form in FORMS if FORMS[form].marked])
def test_neither_does_a_draft_nor_one_of_the_longest_texts(form: str) -> None:
    document = whole(crowded())
    document["dossier"]["programme"] = {"rows": [
        {"name": f"шара{n:02} " + "ұзақ атау " * 12, "state": "included", "note": "ескертпе"} for n in range(25)
    ]}  # fmt: skip
    data = printed(form, "kk", document, signed=False, handed=HANDED * 15)
    assert findings(data) == []
    assert archived(data) == []
    spoken = [part.text for part in read(data)[0] if part.role == "P"]
    assert spoken.count(DRAFT["kk"]) == 1, "read once, not on every page"
    if form == "programme":
        assert spoken.count(wording(form, "kk")("label", "measure")) == 1, "the head of a table, likewise"


@pytest.mark.parametrize(("form", "language"), ALONE)
def test_what_was_set_is_what_others_read(form: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word as often as it was set: by poppler, by pdfminer, and in the tree; nothing is glued together or lost."""
    told: list[str] = []
    around: list[str] = []
    draw, line = Lines.draw, sheet._line

    def drawn(self: Lines) -> None:
        simple = self.blPara.kind == 0
        told.extend(" ".join(row[1]) if simple else "".join(run.text for run in row.words) for row in self.blPara.lines)
        draw(self)

    def lined(canvas: Any, setter: Any, text: str, *args: Any, **more: Any) -> None:
        around.append(text)
        line(canvas, setter, text, *args, **more)

    once = rendering._rendered

    def anew(*args: Any, **more: Any) -> bytes:
        told.clear()  # what was too long for its page was set tighter
        around.clear()
        return once(*args, **more)

    monkeypatch.setattr(rendering, "_rendered", anew)
    monkeypatch.setattr(Lines, "draw", drawn)
    monkeypatch.setattr(sheet, "_line", lined)
    data = printed(form, language)
    assert told
    wanted = Counter(" ".join([*told, *around]).split())
    parts, artifacts = read(data)
    spoken = [part.text for part in parts if part.role != "Figure"]
    # A foot is two texts, side by side, in one artifact.
    unread = re.sub(r"(…|\.)(?=\d+ беттің|стр\.|page)", r"\1 ", " ".join(artifacts))
    assert Counter(" ".join(spoken).split()) == Counter(" ".join(told).split())
    assert Counter(unread.split()) == Counter(" ".join(around).split()), "feet and running titles alone are not read"
    for shown in (tool("pdftotext", "-raw", "{}", "-", data=data), extract_text(io.BytesIO(data))):
        assert Counter(shown.split()) == wanted


@pytest.mark.parametrize(("form", "language"), EVERY)
def test_a_paper_is_read_in_its_order_and_language_with_its_title_and_its_code(form: str, language: str) -> None:
    parts, _ = read(paper(form, language))
    languages = ("kk", "ru") if language == BOTH else (language,)
    assert list(dict.fromkeys(part.language for part in parts)) == [TAGS[code] for code in languages]
    for code in languages:
        words = wording(FORMS[form].words, code)
        of_it = [part for part in parts if part.language == TAGS[code]]
        assert [part.text for part in of_it if part.role == "H1"] == [words("form", "title")]
        figure = [part.text for part in of_it if part.role == "Figure"]
        assert figure == [words("phrase", "qr" if form == "refusal" else "qr_signed")]
        assert of_it[-1].role == "Figure" or FORMS[form].words == "plain", "the code is read last"
    order = {"extract": ("full_name", "cause", "basis"), "programme": ("full_name", "measure", "fulfilment", "consent"),
             "certificate": ("full_name", "cause", "since", "basis", "work_advice")}  # fmt: skip
    for code in languages:
        labels = [wording(FORMS[form].words, code)("label", key) for key in order.get(form, ())]
        found = [part.text for part in parts if part.text in labels and part.language == TAGS[code]]
        assert found == labels


@pytest.mark.parametrize("form", ["plain", "plain-large"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_of_the_plain_page_are_read_one_after_the_other(form: str, language: str) -> None:
    parts, _ = read(paper(form, language))
    words = wording("plain", language)
    put = Paper(FORMS[form], made(content(whole(), with_record=True)), words, Setter())
    wanted = [
        words("section", "decided"), words("section", "means"), *words.steps("established"), words("section", "why"),
        *plain.why(put), words("section", "bring"), *(f"• {step}" for step in words.steps("bring")),
        words("section", "appeal"), *(f"• {step}" for step in words.steps("appeal")), words("section", "ask"),
        words("phrase", "own_paper"),
    ]  # fmt: skip
    spoken = iter(part.text for part in parts)
    assert all(sentence in spoken for sentence in wanted), "each of them, whole, and in this order"


def test_a_label_and_its_value_are_one_line_of_a_list_and_a_row_of_the_programme_is_a_row() -> None:
    with pikepdf.open(io.BytesIO(printed("programme", "ru"))) as pdf:
        shape = shape_of(pdf.Root.StructTreeRoot.K)
    assert "L(LI(Lbl LBody) LI(Lbl LBody) LI(Lbl LBody)" in shape
    assert "Table(TR(TH(P) TH(P) TH(P) TH(P) TH(P)) TR(TH(P)) TR(TD(P) TD(P) TD(P) TD(P) TD(P))" in shape


def shape_of(element: Any) -> str:
    """The roles of an element and of all below it."""
    found = element.get("/K", [])
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    below = [shape_of(kid) for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    return f"{str(element.S)[1:]}({' '.join(below)})" if below else str(element.S)[1:]


def _first(pdf: pikepdf.Pdf, name: str) -> Any:
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        element = waiting.pop(0)
        if str(element.S) == f"/{name}":
            return element
        found = element.get("/K", [])
        listed = list(found) if isinstance(found, pikepdf.Array) else [found]
        waiting += [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    raise AssertionError(name)


def _painted(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n0 0 m 9 9 l S\n")


def _swapped(pdf: pikepdf.Pdf) -> None:
    row = _first(pdf, "TR")
    row.K = pikepdf.Array(list(row.K)[:-1])


def _font(pdf: pikepdf.Pdf) -> Any:
    return next(iter(pdf.pages[0].Resources.Font.values()))


def _meaningless(pdf: pikepdf.Pdf) -> None:
    font = _font(pdf)
    font.ToUnicode = pdf.make_stream(re.sub(rb"<(..)> <....>", rb"<\1> <0000>", font.ToUnicode.read_bytes()))


def _narrow(pdf: pikepdf.Pdf) -> None:
    font = _font(pdf)
    font.Widths = pikepdf.Array([100] * len(font.Widths))


DAMAGE: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "6.2": lambda pdf: pdf.Root.__delitem__("/MarkInfo"),
    "7.2: no language": lambda pdf: pdf.Root.__delitem__("/Lang"),
    "7.1: a viewer": lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
    "7.1: S paints": _painted,
    "7.1: the title": lambda pdf: pdf.docinfo.__setitem__("/Title", "x"),
    "7.3: a figure without words": lambda pdf: _first(pdf, "Figure").__delitem__("/Alt"),
    "7.4.2": lambda pdf: _first(pdf, "H1").__setitem__("/S", pikepdf.Name.H3),
    "7.5: rows": _swapped,
    "7.5: a head": lambda pdf: _first(pdf, "TH").__delitem__("/A"),
    "7.2: P stands": lambda pdf: _first(pdf, "Lbl").__setitem__("/S", pikepdf.Name.P),
    "leads elsewhere": lambda pdf: _first(pdf, "LBody").__setitem__("/K", 0),
    "7.21.7": _meaningless,
    "7.21.5": _narrow,
    "7.21.4": lambda pdf: _font(pdf).FontDescriptor.__delitem__("/FontFile2"),
}


@pytest.mark.parametrize("named", DAMAGE)
def test_our_checker_names_each_kind_of_damage(named: str) -> None:
    with pikepdf.open(io.BytesIO(paper("programme", "kk"))) as pdf:
        DAMAGE[named](pdf)
        out = io.BytesIO()
        pdf.save(out)
    wanted = named.replace("7.2: P stands", "7.2: ['P'] stand")
    assert any(wanted in one for one in findings(out.getvalue()))


def test_a_draft_and_a_sample_say_so_first() -> None:
    for language in LANGUAGES:
        assert read(printed("certificate", language, signed=False))[0][0].text == DRAFT[language]
