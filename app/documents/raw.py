"""PDF objects written out as they are: ReportLab formats each number and name of its own ones, a third of a form's
time."""

import zlib
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFObject


class Raw(PDFObject):  # type: ignore[misc]
    """An object out of texts, bytes and references, one behind the other."""

    __RefOnly__ = 1

    def __init__(self, *parts: Any) -> None:
        self._parts = parts

    def set(self, *parts: Any) -> None:
        """Say what it is made of after all: references lead to and fro."""
        self._parts = parts

    def format(self, document: Any) -> bytes:
        return b"".join(
            part
            if isinstance(part, bytes)
            else part.encode("latin-1")
            if isinstance(part, str)
            else part.format(document)
            for part in self._parts
        )


def stream(data: bytes, entries: str = "", *, plain: bool = False) -> Raw:
    """A stream with these entries in its dictionary, compressed unless it is `plain`."""
    if not plain:
        data, entries = zlib.compress(data), f"{entries}/Filter/FlateDecode"
    return Raw(f"<<{entries}/Length {len(data)}>>\nstream\n", data, "\nendstream\n")
