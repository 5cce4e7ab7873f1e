"""Papers on their way out: rendered, put onto paper or into a file, recorded, one after another, on the worker.

Each is rendered anew just before it goes out, so that a second copy of a strict form says that it is one. What failed
is not recorded: the case stays ready to be printed again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.views import Rendered
from ui.widgets.output import print_pdf, write_file

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class Way(Protocol):
    """Onto a printer, or into files."""

    @property
    def how(self) -> Literal["printed", "saved"]: ...
    @property
    def copies(self) -> int: ...
    @property
    def last(self) -> str:
        """Where the last paper went: the printer, or the name of the file."""
        ...

    def put(self, document: str, language: str, paper: Rendered) -> str:
        """Put it out; the name of the printer or of the file. KnownError where that is refused."""
        ...


class ToPrinter:
    """Onto a printer that the person chose."""

    how: Literal["printed", "saved"] = "printed"

    def __init__(self, printer: "QPrinter") -> None:
        self._printer = printer
        self.copies = max(printer.copyCount(), 1)
        self.last = printer.printerName() or Path(printer.outputFileName()).name

    def put(self, document: str, language: str, paper: Rendered) -> str:
        print_pdf(paper.visible, self._printer)
        return self.last


class ToFiles:
    """Into files: where each document and language goes; else into `folder` under the paper's own name."""

    how: Literal["printed", "saved"] = "saved"
    copies = 1

    def __init__(self, folder: Path, places: dict[tuple[str, str], Path] | None = None) -> None:
        self._folder, self._places = folder, places or {}
        self.last = ""

    def put(self, document: str, language: str, paper: Rendered) -> str:
        target = self._places.get((document, language), self._folder / paper.file_name)
        write_file(target, paper.pdf)
        self.last = target.name
        return self.last


@dataclass
class Delivery:
    """Papers of one case: ids of documents with languages. `tell` says how far it is; `stop` ends it between papers."""

    desk: Desk
    case_id: str
    wanted: Sequence[tuple[str, str]]
    way: Way
    tell: Callable[[Text], object]
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """How many went out; on the worker. KnownError where printer or disk refuses: the others are not tried."""
        done = 0
        for number, (document, language) in enumerate(self.wanted, start=1):
            if self.stop.is_set():
                break
            if len(self.wanted) > 1:
                told = {"n": number, "total": len(self.wanted)}
                self.tell(Text(N_("Paper {n} of {total}"), told))
            paper = self.desk.documents.render(self.case_id, document, language)
            target = self.way.put(document, language, paper)
            self.desk.documents.record(
                self.case_id, document, language, paper.digest, self.way.how, target=target, copies=self.way.copies
            )
            done += 1
        return done


def said(way: Way, count: int, total: int) -> Text:
    """What is said once papers have gone out."""
    if way.how == "printed":
        if total == 1:
            return Text(N_("Sent to the printer."))
        return Text(N_("Sent to the printer: {n} of {total}."), {"n": count, "total": total})
    if total == 1:
        return Text(N_("Saved as {name}."), {"name": way.last})
    return Text(N_("Saved: {n} of {total}."), {"n": count, "total": total})
