"""Asks for a methodologist's key file and its passphrase."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services import edition_keys
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.output import choose_file
from ui.widgets.parts import Snug, button, column, fit, label, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words


class SignDialog(Snug):
    """`opened(key)`, its private half, once file and passphrase fit: what is wrong is said here, and all that was
    typed stays. `key_wanted` by who has no key yet; closing it any other way signs nothing."""

    opened = Signal(object)
    key_wanted = Signal()

    def __init__(self, tasks: TaskRunner, language: Language, parent: QWidget, file: Path | None = None) -> None:
        """`file`: the key that was just made, or with which the person signed before."""
        super().__init__(parent)
        self._tasks, self._language = tasks, language
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        words(self, "windowTitle", N_("Sign the edition"))
        title, about = label("section", wrap=True), label(wrap=True)
        words(title, "text", N_("Sign the edition"))
        words(
            about, "text",
            N_("The edition is checked first, which takes up to a minute on a slow laptop. Only one that holds is"
               " signed."),
        )  # fmt: skip
        self.file, self.passphrase = QLineEdit(), PassphraseEdit(words)
        self.choose_button = button("", "search")
        self._file = Labelled(words, N_("File of the methodologist's key"), self.file, beside=self.choose_button)
        self._passphrase = Labelled(words, N_("Passphrase of the key"), self.passphrase, buddy=self.passphrase.edit)
        self.keep_button, self.sign_button = button(), button("primary")
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
        lines.addWidget(self._file)
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
        fit(self)
        if not named or not passphrase or not self.sign_button.isEnabled():
            return
        path = Path(named).expanduser()
        self.sign_button.setEnabled(False)
        self._tasks.run(
            lambda: edition_keys.read_key(path, passphrase),
            done=self._opened,
            failed=self._refused,
            name=self._language.t("Opening the key"),
            owner=self,
        )

    def _opened(self, key: bytes) -> None:
        self.passphrase.clear()
        self.accept()
        self.opened.emit(key)

    def _refused(self, error: BaseException) -> None:
        self.sign_button.setEnabled(True)
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
        elif error.where == "passphrase":
            self._passphrase.set_error(error.text)
            self.passphrase.edit.selectAll()
            self.passphrase.edit.setFocus()
        else:
            self._file.set_error(error.text)
            self.file.setFocus()
        fit(self)
