"""A paper as a screen reader has it: the tree as pikepdf finds it, the text of each piece as pdfminer decodes it."""

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from tests.documents.pdf_ua import elements, marks, role


@dataclass(frozen=True)
class Part:
    """What is read at once: role, text (of a figure its words), language."""

    role: str
    text: str
    language: str


class _Pieces(PDFDevice):
    """The text of each marked piece of content; what is marked as an artifact apart."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.page = 0
        self.told: dict[tuple[int, int], str] = {}
        self.artifacts: list[str] = []
        self._open: list[int | None] = []

    def begin_page(self, page: PDFPage, _ctm: Any) -> None:
        self.page = page.pageid

    def begin_tag(self, _tag: Any, props: Any = None) -> None:
        mcid = props.get("MCID") if isinstance(props, dict) else None
        self._open.append(mcid)
        if mcid is None:
            self.artifacts.append("")
        else:
            self.told[self.page, mcid] = ""

    def end_tag(self) -> None:
        self._open.pop()

    def render_string(self, textstate: Any, seq: Any, _ncs: Any, _state: Any) -> None:
        text = ""
        for run in seq:
            if isinstance(run, bytes):
                for code in textstate.font.decode(run):
                    try:
                        text += textstate.font.to_unichr(code)
                    except PDFUnicodeNotDefined:
                        text += "<?>"
        if self._open[-1] is None:
            self.artifacts[-1] += text
        else:
            self.told[self.page, self._open[-1]] += text


def read(data: bytes) -> tuple[list[Part], list[str]]:
    """What is read, in its order; and the texts that are not, as the foot of a page."""
    resources = PDFResourceManager()
    device = _Pieces(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(data)):
        interpreter.process_page(page)
    parts = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        language = {pdf.Root.StructTreeRoot.objgen: str(pdf.Root.Lang)}
        for element, parent in elements(pdf):
            spoken = language[element.objgen] = str(element.get("/Lang", language[parent.objgen]))
            pieces = "".join(device.told[mark] for mark in marks(element))
            text = str(element.get("/Alt", pieces))
            if marks(element):
                parts.append(Part(role(element), re.sub(r"\s+", " ", text).strip(), spoken))
    return parts, [text for text in device.artifacts if text.strip()]
