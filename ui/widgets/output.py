"""Putting a PDF onto paper or into a file. Qt's PDF and print parts are imported when they are needed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QObject,
    QRectF,
    QSettings,
    QSize,
    QSizeF,
    QStandardPaths,
    Qt,
)
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from app.domain.errors import KnownError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.i18n import Translator

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

_session: dict[str, str] = {}
"""The folder chosen last, until the program ends."""

_FINEST = 600  # dots per inch: beyond that one A4 page takes half a gigabyte and looks no better


def open_pdf(pdf: bytes, parent: QObject | None) -> "QPdfDocument":
    """The document behind `pdf`, alive as long as `parent` (else until it is deleted); never touches the disk."""
    from PySide6.QtPdf import QPdfDocument

    document = QPdfDocument(parent) if parent is not None else QPdfDocument()
    buffer = QBuffer(document)
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document


def ask_printer(t: Translator, parent: QWidget) -> "QPrinter | None":
    """Let the person choose a printer; None where they changed their mind. KnownError where there is none."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinters() and not _can_print_to_file():
        raise KnownError(Text(N_("No printer is set up on this laptop. Save the document as PDF instead.")))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("saraptama")  # shows in queues: nothing personal
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(t("Print"))
    for words in dialog.findChildren(QLabel):
        if words.text() == "Page &Set:":  # not in Qt's Russian translation
            words.setText(t("Pages:"))
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def printer_for(
    t: Translator, parent: QWidget, use: "Callable[[QPrinter], object]", failed: Callable[[BaseException], object]
) -> None:
    """Ask for a printer and use the one that was chosen; `failed` is told why none could be asked for."""
    try:
        printer = ask_printer(t, parent)
    except Exception as error:
        failed(error)
        return
    if printer is not None:
        use(printer)


def _can_print_to_file() -> bool:
    # Outside Windows Qt's own dialogue offers "Print to file" without any printer.
    return os.name != "nt"


def print_pdf(pdf: bytes, printer: "QPrinter", owner: QObject | None = None) -> None:
    """Print every page, as finely as the printer can, in its own size: a small form isn't stretched over a large sheet,
    and a sheet is turned where the page lies across. Where the printer makes no copies by itself, the pages go out as
    often as asked for. KnownError where the printer fails.

    Without an `owner` it may run on the worker: everything it makes it also destroys there."""
    document = open_pdf(pdf, owner)
    failed = KnownError(
        Text(
            N_("The printer did not take the document. Check that it is on, connected and has paper, then print again.")
        )
    )
    painter = QPainter()
    rounds = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    try:
        _turn(printer, document.pagePointSize(0))
        if not painter.begin(printer):
            raise failed
        dots = min(printer.resolution(), _FINEST)
        for number, page in enumerate(list(range(document.pageCount())) * rounds):
            if number and not printer.newPage():
                raise failed
            points = document.pagePointSize(page)
            image = document.render(page, QSize(round(points.width() * dots / 72), round(points.height() * dots / 72)))
            painter.drawImage(_place(printer, points), image)
    finally:
        if painter.isActive() and not painter.end():
            raise failed
        shiboken6.delete(document)


def _turn(printer: "QPrinter", points: QSizeF) -> None:
    """Lay the sheet as the page lies, where the page fits it better then."""
    sheet = printer.paperRect(printer.Unit.Point)
    if points.width() <= sheet.width() + 1 and points.height() <= sheet.height() + 1:
        return
    if (points.width() > points.height()) != (sheet.width() > sheet.height()):
        across = points.width() > points.height()
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)


def _place(printer: "QPrinter", points: QSizeF) -> QRectF:
    """Where a page comes on the sheet: in its own size from the upper left corner, made smaller only where it is larger
    than the sheet."""
    sheet, unit = printer.paperRect(printer.Unit.DevicePixel), printer.resolution() / 72
    # The page has its own margins: lay it onto the sheet, not into the printable area.
    origin = printer.pageRect(printer.Unit.DevicePixel).topLeft()
    wide, high = points.width() * unit, points.height() * unit
    shrunk = min(1.0, sheet.width() / wide, sheet.height() / high)
    return QRectF(-origin.x(), -origin.y(), wide * shrunk, high * shrunk)


def ask_file(t: Translator, parent: QWidget, name: str, *, title: str = "") -> Path | None:
    """Where to save a file called `name` by default, a PDF or what its ending says; None where they changed their
    mind. `title` (translated) stands above."""
    suffix = Path(name).suffix.removeprefix(".")
    dialog = _file_dialog(t, parent, title or t("Save as PDF"))
    dialog.setNameFilter(f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    return _ask(dialog)


def ask_folder(t: Translator, parent: QWidget) -> Path | None:
    """In which folder to save several papers; None where they changed their mind."""
    dialog = _file_dialog(t, parent, t("Save the conclusions in this folder"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _ask(dialog)


def choose_folder(t: Translator, parent: QWidget, title: str) -> Path | None:
    """A folder that is there, under `title` (translated); None where they changed their mind."""
    dialog = _file_dialog(t, parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, t("Choose"))
    return _ask(dialog)


def choose_file(t: Translator, parent: QWidget, title: str, kinds: str) -> Path | None:
    """A file that is there, under `title` and of `kinds`, as `Key (*.pub)` (translated); None as above."""
    dialog = _file_dialog(t, parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, t("Choose"))
    return _ask(dialog)


def choose_unnoted(t: Translator, parent: QWidget, title: str, kinds: str) -> Path | None:
    """A file as `choose_file`, of which nothing is noted: neither its folder for the next dialogue, nor in the lists of
    the system, which its own dialogue writes."""
    dialog = _file_dialog(t, parent, title)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, t("Choose"))
    return next(iter(_ask_all(dialog, noted=False)), None)


def choose_files(t: Translator, parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Files that are there, under `title` and of `kinds` (translated); none where they changed their mind."""
    dialog = _file_dialog(t, parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(kinds)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, t("Choose"))
    return _ask_all(dialog)


def _ask(dialog: QFileDialog) -> Path | None:
    return next(iter(_ask_all(dialog)), None)


def _ask_all(dialog: QFileDialog, *, noted: bool = True) -> list[Path]:
    """The choice. Nothing of it outlives the program: folders of the work are nobody else's."""
    chosen: list[Path] = []
    if dialog.exec() == QFileDialog.DialogCode.Accepted:
        chosen = [Path(name) for name in dialog.selectedFiles()]
        # While the list of completions has the focus Qt's own dialogue also keeps what matched on the way there, the
        # folder above first. What stands in the line is what was meant.
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        if len(chosen) > 1 and line is not None and Path(line.text()) in chosen:
            chosen = [Path(line.text())]
        if noted:
            _session["folder"] = dialog.directory().absolutePath()
    if shiboken6.isValid(dialog):
        shiboken6.delete(dialog)  # it writes its history when it is destroyed
    if os.name == "nt":  # pragma: no cover - the registry can't be turned away
        kept = QSettings(QSettings.Scope.UserScope, "QtProject")
        for key in ("FileDialog/history", "FileDialog/lastVisited"):
            kept.remove(key)
    return chosen


def _file_dialog(t: Translator, parent: QWidget, title: str) -> QFileDialog:
    if os.name != "nt":
        # Qt's own dialogue would note every folder visited in a file of the user's settings.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, title, _session.get("folder", documents))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    # Qt's Russian and Kazakh translations lack some of these.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, t("Folder:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, t("File name:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, t("Kind of file:"))
    return dialog


def write_file(path: Path, content: bytes) -> None:
    """Write the whole file or nothing: beside it first, then in its place. KnownError where the disk refuses."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = {"reason": refusal(error)}
        raise KnownError(
            Text(N_("The file was not written: {reason}. Choose another folder, or free some space."), reason)
        ) from error
