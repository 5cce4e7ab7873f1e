"""Before papers go into a folder: under which passphrase, or that they are not encrypted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from app.domain.text import N_
from app.services import setup
from ui.language import Language
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.parts import Snug, button, column, fit, label, row
from ui.widgets.words import Words


class FolderDialog(Snug):
    """`confirmed(passphrase)`: what was typed, kept nowhere; None where the papers are to be open to everybody."""

    confirmed = Signal(object)

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(max(560, self.fontMetrics().averageCharWidth() * 70))
        words(self, "windowTitle", N_("Papers into a folder"))
        title, about = label("section", wrap=True), label(wrap=True)
        words(title, "text", N_("Papers that are printed on another computer"))
        words(about, "text", N_("One PDF a paper; the names of the files say the case and the form, and no person."))
        self.sealed, self.plain = QRadioButton(), QRadioButton()
        words(self.sealed, "text", N_("Under a passphrase"))
        words(self.plain, "text", N_("Not encrypted"))
        how, care = label("hint", wrap=True), label("warning", wrap=True)
        words(
            how, "text",
            N_("Any PDF reader asks for it and prints. It is kept nowhere: without it the files can't be opened, but"
               " they can be written again. Tell it otherwise than with the files. The signed file of each paper is"
               " attached inside."),
        )  # fmt: skip
        words(
            care, "text",
            N_("Whoever gets the folder reads everything. Choose this only for a folder that nobody else can open, and"
               " delete the files once they are printed."),
        )  # fmt: skip
        self.passphrase = NewPassphrase(words, setup.strength, setup.good_enough, N_("Passphrase for the papers"))
        self.passphrase.submitted.connect(self.go_on)
        self._how, self._care = how, care
        group = QButtonGroup(self)
        for choice, hint in ((self.sealed, how), (self.plain, care)):
            hint.setContentsMargins(34, 0, 0, 0)
            group.addButton(choice)
            choice.toggled.connect(self._show)
        self.sealed.setChecked(True)
        self.cancel_button, self.go_button = button(), button("primary")
        words(self.cancel_button, "text", N_("Cancel"))
        words(self.go_button, "text", N_("Choose the folder…"))
        self.cancel_button.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.go_on)
        self.cancel_button.setAutoDefault(False)
        self.go_button.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.go_button)
        lines = column(self, margin=24, gap=12)
        for part in (title, about, self.sealed, how, self.passphrase, self.plain, care):
            lines.addWidget(part)
        lines.addLayout(buttons)
        self._show()
        self.passphrase.first.edit.setFocus()

    def go_on(self) -> None:
        """Take the passphrase, if it will do."""
        if self.plain.isChecked():
            self.accept()
            self.confirmed.emit(None)
            return
        typed = self.passphrase.take()
        if typed is not None:
            self.passphrase.clear()
            self.accept()
            self.confirmed.emit(typed)

    def _show(self) -> None:
        sealed = self.sealed.isChecked()
        for part, wanted in ((self._how, sealed), (self.passphrase, sealed), (self._care, not sealed)):
            part.setVisible(wanted)
        if self.isVisible():
            fit(self)
