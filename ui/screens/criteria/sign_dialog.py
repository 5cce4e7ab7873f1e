"""Asks for a methodologist's key file and its passphrase."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.domain.text import N_, Text
from ui.language import Language
from ui.widgets.labelled import Labelled
from ui.widgets.output import choose_file
from ui.widgets.parts import button, column, label, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words


class SignDialog(QDialog):
    """`chosen(file, passphrase)`; `key_wanted` by who has no key yet; closing it any other way signs nothing."""

    chosen = Signal(object, str)
    key_wanted = Signal()

    def __init__(self, language: Language, parent: QWidget, file: Path | None = None) -> None:
        """`file`: the key that was just made."""
        super().__init__(parent)
        self._language = language
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        words(self, "windowTitle", N_("Sign the edition"))
        title, about = label("section", wrap=True), label(wrap=True)
        words(title, "text", N_("Sign the edition"))
        words(
            about, "text",
            N_("The edition is checked first, which takes some seconds. Only one that holds is signed."),
        )  # fmt: skip
        self.file, self.passphrase = QLineEdit(), PassphraseEdit(words)
        self._file = Labelled(words, N_("File of the methodologist's key"), self.file)
        self._passphrase = Labelled(words, N_("Passphrase of the key"), self.passphrase, buddy=self.passphrase.edit)
        self.choose_button, self.keep_button, self.sign_button = button("", "search"), button(), button("primary")
        self.key_button = button("quiet", "plus")
        words(self.key_button, "text", N_("Make a key…"))
        self.key_button.clicked.connect(self._on_key)
        words(self.choose_button, "text", N_("Choose…"))
        words(self.keep_button, "text", N_("Don't sign"))
        words(self.sign_button, "text", N_("Check and sign"))
        self.choose_button.clicked.connect(self._on_choose)
        self.keep_button.clicked.connect(self.reject)
        self.sign_button.clicked.connect(self._sign)
        self.file.returnPressed.connect(self.passphrase.edit.setFocus)
        self.passphrase.submitted.connect(self._sign)
        line = row()
        line.addWidget(self._file, 1)
        beside = column()
        beside.addStretch(1)
        beside.addWidget(self.choose_button)
        line.addLayout(beside)
        buttons = row()
        buttons.addWidget(self.key_button)
        buttons.addStretch(1)
        for each in (self.keep_button, self.sign_button):
            each.setAutoDefault(False)
            buttons.addWidget(each)
        for each in (self.choose_button, self.key_button):
            each.setAutoDefault(False)
        lines = column(self, margin=24, gap=16)
        lines.addWidget(title)
        lines.addWidget(about)
        lines.addLayout(line)
        lines.addWidget(self._passphrase)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.file.setText("" if file is None else str(file))
        (self.file if file is None else self.passphrase.edit).setFocus()

    def _on_key(self) -> None:
        self.reject()
        self.key_wanted.emit()

    def _on_choose(self) -> None:
        t = self._language.t
        file = choose_file(t, self, t("File of the methodologist's key"), t("All files (*)"))
        if file is not None:
            self.file.setText(str(file))
            self.passphrase.edit.setFocus()

    def _sign(self) -> None:
        named, passphrase = self.file.text().strip(), self.passphrase.text()
        self._file.set_error(None if named else Text(N_("Name the file of the key.")))
        self._passphrase.set_error(None if passphrase else Text(N_("Type the passphrase of the key.")))
        if named and passphrase:
            self.passphrase.clear()
            self.accept()
            self.chosen.emit(Path(named).expanduser(), passphrase)
