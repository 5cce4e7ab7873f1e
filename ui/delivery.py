"""Papers on their way out: rendered, put onto paper or into a file, recorded, one after another, on the worker.

Each is rendered anew just before it goes out, so that a second copy of a strict form says that it is one. What failed
is not recorded: the case stays ready to be printed again. No paper is kept once it went out.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import shiboken6

from app.domain.papers import PROTOCOL
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.envelope import enclosed
from app.services.parity import Parity
from app.services.views import How, Rendered
from ui.widgets.output import print_pdf, write_file

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

Item = tuple[str, str, str]
"""Id of the case (of the trip, for a protocol), of the document, and the language."""


class Way(Protocol):
    """Onto a printer, or into files."""

    @property
    def how(self) -> How: ...
    @property
    def copies(self) -> int: ...
    @property
    def last(self) -> str:
        """Where the last paper went: the printer, or the name of the file."""
        ...

    def put(self, document: str, language: str, paper: Rendered) -> str:
        """Put it out; the name of the printer or of the file. KnownError where that is refused."""
        ...

    def close(self) -> None:
        """The last paper has gone out; on the worker."""
        ...


class ToPrinter:
    """Onto a printer that the person chose."""

    how: How = "printed"

    def __init__(self, printer: "QPrinter") -> None:
        self._printer = printer
        self.copies = max(printer.copyCount(), 1)
        self.last = printer.printerName() or Path(printer.outputFileName()).name
        self._library: QPdfDocument | None = None

    def put(self, document: str, language: str, paper: Rendered) -> str:
        if self._library is None:
            from PySide6.QtPdf import QPdfDocument

            # Qt begins and ends its PDF library with the only document there is, and each time loses some memory.
            self._library = QPdfDocument()
        print_pdf(paper.visible, self._printer)
        return self.last

    def close(self) -> None:
        library, self._library = self._library, None
        if library is not None:
            shiboken6.delete(library)


class ToFiles:
    """Copies into files: where each document and language goes; else into `folder` under the paper's own name."""

    how: How = "saved"
    copies = 1

    def __init__(self, folder: Path, places: dict[tuple[str, str], Path] | None = None) -> None:
        self._folder, self._places = folder, places or {}
        self.last = ""

    def put(self, document: str, language: str, paper: Rendered) -> str:
        target = self._places.get((document, language), self._folder / paper.file_name)
        write_file(target, paper.pdf)
        self.last = target.name
        return self.last

    def close(self) -> None:
        """Each file was closed when it was written."""


class ToFolder(ToFiles):
    """Into a folder from which the papers are printed on another computer: under a passphrase, unless it is None."""

    how: How = "folder"

    def __init__(self, folder: Path, passphrase: str | None) -> None:
        super().__init__(folder)
        self._passphrase = passphrase

    def put(self, document: str, language: str, paper: Rendered) -> str:
        target = self._folder / paper.file_name
        write_file(target, paper.pdf if self._passphrase is None else enclosed(paper, self._passphrase))
        self.last = target.name
        return self.last


@dataclass
class Delivery:
    """Papers of one case or of a whole session. `tell` says how far it is; `stop` ends it between papers."""

    desk: Desk
    wanted: Sequence[Item]
    way: Way
    tell: Callable[[Text], object]
    stop: threading.Event = field(default_factory=threading.Event)
    done: int = 0

    def run(self) -> int:
        """How many went out; on the worker. KnownError where printer or disk refuses, CheckFailed where a paper says
        something else in one language than in another: the others are not tried. What went out is recorded."""
        try:
            return self._run()
        finally:
            self.way.close()

    def _run(self) -> int:
        parity = Parity()
        for number, (owner, document, language) in enumerate(self.wanted, start=1):
            if self.stop.is_set():
                break
            if len(self.wanted) > 1:
                told = {"n": number, "total": len(self.wanted)}
                self.tell(Text(N_("Paper {n} of {total}"), told))
            paper = self._render(owner, document, language)
            parity.take(owner, document, language, paper)
            target = self.way.put(document, language, paper)
            self._record(owner, document, language, paper, target)
            self.done = number
        return self.done

    def _render(self, owner: str, document: str, language: str) -> Rendered:
        if document == PROTOCOL:
            return self.desk.sessions.render(owner, language)
        along = [(form, code) for case_id, form, code in self.wanted if case_id == owner]
        return self.desk.documents.render(owner, document, language, along=along)

    def _record(self, owner: str, document: str, language: str, paper: Rendered, target: str) -> None:
        how, copies = self.way.how, self.way.copies
        if document == PROTOCOL:
            self.desk.sessions.record(owner, language, paper.digest, how, target=target, copies=copies)
        else:
            self.desk.documents.record(owner, document, language, paper.digest, how, target=target, copies=copies)


def said(way: Way, count: int, total: int) -> Text:
    """What is said once papers have gone out."""
    if way.how == "printed":
        if total == 1:
            return Text(N_("Sent to the printer."))
        return Text(N_("Sent to the printer: {n} of {total}."), {"n": count, "total": total})
    if total == 1:
        return Text(N_("Saved as {name}."), {"name": way.last})
    return Text(N_("Saved: {n} of {total}."), {"n": count, "total": total})
