"""What a person sees of a failure: a sentence for the known kinds, a report for our own defects. Nothing is sent."""

import faulthandler
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

import PySide6
from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app import __version__
from app.domain.errors import Cancelled, Told
from ui.language import Language

CRASH_FILE = "last-crash.txt"


def sentence(language: Language, error: BaseException) -> str | None:
    """What to say of a known failure, in the window's language; None for a defect of ours."""
    return language.t.show(error.text) if isinstance(error, Told) else None


def report(error: BaseException) -> str:
    """A defect for its mender: kinds and places only. No messages and no values, for they may name a person."""
    import platform
    import traceback

    versions = f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, {sys.platform}"
    lines = [f"Saraptama {__version__}, {versions}"]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(type(seen).__module__ + "." + type(seen).__qualname__)
        lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(seen.__traceback__)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


class DefectDialog(QDialog):
    """Says that the program made a mistake and shows the report, to be copied by who wants to pass it on."""

    def __init__(self, language: Language, text: str, *, crashed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = language.t
        self.setWindowTitle(t("A mistake of the program"))
        self.setMinimumSize(640, 400)
        said = QLabel(
            t("The program ended unexpectedly last time. What was saved is still there.")
            if crashed
            else t("The program made a mistake. What was saved before is still there; repeat the last step.")
        )
        said.setProperty("role", "section")
        said.setWordWrap(True)
        hint = QLabel(
            t(
                "This report names places in the program, no data of people, and was not sent anywhere. "
                "Copy it and pass it on to whoever looks after the program."
            )
        )
        hint.setProperty("role", "hint")
        hint.setWordWrap(True)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(t("Report"))
        self.copy_button = QPushButton(t("Copy the report"))
        self.copy_button.setAccessibleName(self.copy_button.text())
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        self.close_button = QPushButton(t("Go on working"))
        self.close_button.setAccessibleName(self.close_button.text())
        self.close_button.setProperty("kind", "primary")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch()
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for widget in (said, hint, self.text):
            column.addWidget(widget)
        column.addLayout(row)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.close_button.setFocus()


class Failures(QObject):
    """The one way in which failures reach the person: `told` goes to the window's bar, a defect to its dialogue."""

    told = Signal(str)
    _raised = Signal(object)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        self._window = parent
        self.dialog: DefectDialog | None = None
        self._raised.connect(self.take, Qt.ConnectionType.QueuedConnection)

    def take(self, error: object) -> None:
        """Show `error` by its kind; `Cancelled` is silent. Give it to `TaskRunner.failed`."""
        if not isinstance(error, BaseException) or isinstance(error, Cancelled):
            return
        text = sentence(self._language, error)
        if text is not None:
            self.told.emit(text)
            return
        details = report(error)
        print(details, file=sys.stderr)
        self._open(DefectDialog(self._language, details, parent=self._window))

    def take_crash(self, text: str) -> None:
        """Tell of a hard crash of last time; `text` is what `watch` found."""
        self._open(DefectDialog(self._language, text, crashed=True, parent=self._window))

    def install(self) -> None:
        """From now on nothing that is raised is lost, on any thread."""

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                sys.__excepthook__(kind, error, trace)
                return
            self._raised.emit(error)

        def thread_hook(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None:
                self._raised.emit(args.exc_value)

        sys.excepthook = hook
        threading.excepthook = thread_hook
        qInstallMessageHandler(_qt_said)

    def _open(self, dialog: DefectDialog) -> None:
        # One at a time: a mistake in a timer must not bury the screen in windows.
        if self.dialog is not None:
            dialog.deleteLater()
            return
        self.dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None


def _qt_said(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # Qt's own words are about its own parts; our texts don't pass through here.
    if kind != QtMsgType.QtDebugMsg:
        print(f"Qt: {message}", file=sys.stderr)


def watch(data_dir: Path) -> tuple[str | None, Callable[[], None]]:
    """Have a hard crash (a fault in native code) leave its places in a file of the data directory.

    Returns what a crash of last time left, if any, and how to stop. Without a data directory nothing is written.
    """
    if not data_dir.is_dir():
        return None, lambda: None
    path = data_dir / CRASH_FILE
    try:
        left = path.read_text("utf-8", "replace").strip() if path.exists() else ""
        stream: TextIO = path.open("w", encoding="utf-8")
    except OSError:
        return None, lambda: None
    faulthandler.enable(stream, all_threads=True)

    def stop() -> None:
        faulthandler.disable()
        stream.close()
        path.unlink(missing_ok=True)

    return left or None, stop
