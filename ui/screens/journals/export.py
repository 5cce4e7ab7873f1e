"""Saving or printing what a journal shows: in which form, and that it holds personal data."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.due import DueAsked
from app.services.exports import Export, Format
from app.services.journal_columns import TITLES, Name
from app.services.journals import Asked
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.output import ask_file, ask_printer, print_pdf
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.words import Words

_PRINT: Final = "print"
_CHOICES: Final = (
    ("xlsx", N_("Excel workbook (XLSX)"), N_("Keeps numbers, dates and leading zeros. Best for further work.")),
    ("csv", N_("Text table (CSV)"),
     N_("For other programs: UTF-8, semicolons. Excel drops leading zeros of an ИИН when it opens such a file.")),
    ("pdf", N_("Document (PDF)"), N_("Pages in landscape with the department, the period and page numbers.")),
    (_PRINT, N_("Print"), N_("The same pages, straight onto paper.")),
)  # fmt: skip


class ExportDialog(Snug):
    """`produced(words)` after the journal was saved or printed and that was recorded."""

    produced = Signal(Text)

    def __init__(
        self, name: Name, asked: Asked | DueAsked, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._name, self._asked, self._desk, self._tasks, self._language = name, asked, desk, tasks, language
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        words(self, "windowTitle", N_("Save or print"))
        title = label("section", wrap=True)
        words(title, "text", TITLES[name])
        what = label(wrap=True)
        words(what, "text", N_("All rows that the search, the period and the filters find, not this page alone."))
        lines = column(self, margin=24, gap=12)
        lines.addWidget(title)
        lines.addWidget(what)
        self.choices: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for key, head, hint in _CHOICES:
            choice, said = QRadioButton(), label("hint", wrap=True)
            words(choice, "text", head)
            words(choice, "accessibleDescription", hint)
            words(said, "text", hint)
            said.setContentsMargins(34, 0, 0, 0)
            group.addButton(choice)
            self.choices[key] = choice
            together = column(gap=0)
            together.addWidget(choice)
            together.addWidget(said)
            lines.addLayout(together)
        self.choices["xlsx"].setChecked(True)
        care = label("warning", wrap=True)
        words(
            care, "text",
            N_("The list holds personal and medical data and is not encrypted. It goes only where you put it: keep it"
               " as you keep the files on paper. The log records that it was made."),
        )  # fmt: skip
        lines.addWidget(care)
        self.cancel_button, self.go_button = button(), button("primary", "download")
        words(self.cancel_button, "text", N_("Cancel"))
        words(self.go_button, "text", N_("Go on"))
        self.cancel_button.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.go_on)
        self.cancel_button.setAutoDefault(False)
        self.go_button.setDefault(True)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.go_button)
        lines.addLayout(buttons)
        self.choices["xlsx"].setFocus()

    def chosen(self) -> str:
        """The form: `xlsx`, `csv`, `pdf` or `print`."""
        return next(key for key, choice in self.choices.items() if choice.isChecked())

    def go_on(self) -> None:
        """Ask for the file or the printer, then make it on the worker."""
        form = self.chosen()
        t, exports, name, asked, code = (
            self._language.t,
            self._desk.exports,
            self._name,
            self._asked,
            self._language.code,
        )
        if form == _PRINT:
            self.go_button.setEnabled(False)
            self._tasks.run(
                lambda: exports.make(name, asked, "pdf", code), done=self._print, failed=self._failed,
                name=t("Writing the journal"), cancellable=True, owner=self,
            )  # fmt: skip
            return
        kind: Format = "csv" if form == "csv" else "pdf" if form == "pdf" else "xlsx"
        path = ask_file(t, self, f"{name}-{self._desk.due.today().isoformat()}.{kind}", title=t("Save the journal"))
        if path is None:
            return
        self.go_button.setEnabled(False)

        def saved(made: Export) -> None:
            self.produced.emit(Text(N_("Saved as {name}. Rows: {n}."), {"name": path.name, "n": made.rows}))
            self.accept()

        self._tasks.run(
            lambda: exports.save(name, asked, kind, code, path), done=saved, failed=self._failed,
            name=t("Writing the journal"), owner=self,
        )  # fmt: skip

    def _print(self, made: Export) -> None:
        try:
            printer = ask_printer(self._language.t, self)
            if printer is not None:
                print_pdf(made.content, printer, self)
        except Exception as error:
            self._failed(error)
            return
        if printer is None:
            self.go_button.setEnabled(True)
            return
        name, asked, exports = self._name, self._asked, self._desk.exports
        self._tasks.run(lambda: exports.record_print(name, asked, made.rows))
        self.produced.emit(Text(N_("Printed. Rows: {n}."), {"n": made.rows}))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.go_button.setEnabled(True)
        self._tasks.failed.emit(error)
