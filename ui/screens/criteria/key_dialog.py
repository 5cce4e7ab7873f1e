"""Makes a methodologist's key: where its file goes, and a passphrase typed twice."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services import edition_keys, setup
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.output import choose_folder
from ui.widgets.parts import Snug, button, column, fit, label, row
from ui.widgets.words import Words

_NAME = "methodologist-key.pem"


class KeyDialog(Snug):
    """`made(file, fingerprint)`; closing it any other way makes nothing."""

    made = Signal(object, str)

    def __init__(self, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks, self._language = tasks, language
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        words(self, "windowTitle", N_("Make a key"))
        title, about = label("section", wrap=True), label(wrap=True)
        words(title, "text", N_("Make a key"))
        words(
            about, "text",
            N_("Whoever has the file and its passphrase signs in your name. Keep them apart, and where nobody else"
               " reaches them. The file beside it that ends in .pub is for the desks that are to trust the key."),
        )  # fmt: skip
        self.file = QLineEdit()
        self.choose_button = button("", "search")
        self._file = Labelled(words, N_("File of the new key"), self.file, beside=self.choose_button)
        self.passphrase = NewPassphrase(words, setup.strength, setup.good_enough, N_("Passphrase of the key"))
        self.keep_button, self.make_button = button(), button("primary")
        words(self.choose_button, "text", N_("Choose where…"))
        words(self.keep_button, "text", N_("Make none"))
        words(self.make_button, "text", N_("Make the key"))
        self.choose_button.clicked.connect(self._on_choose)
        self.keep_button.clicked.connect(self.reject)
        self.make_button.clicked.connect(self.make)
        self.file.returnPressed.connect(self.passphrase.first.edit.setFocus)
        self.passphrase.submitted.connect(self.make)
        buttons = row()
        buttons.addStretch(1)
        for each in (self.keep_button, self.make_button):
            buttons.addWidget(each)
        for each in (self.choose_button, self.keep_button, self.make_button):
            each.setAutoDefault(False)
        lines = column(self, margin=24, gap=16)
        lines.addWidget(title)
        lines.addWidget(about)
        lines.addWidget(self._file)
        lines.addWidget(self.passphrase)
        lines.addStretch(1)
        lines.addLayout(buttons)
        self.file.setFocus()

    def make(self) -> None:
        """Make the key that was described."""
        named = self.file.text().strip()
        self._file.set_error(None if named else Text(N_("Name the file of the key.")))
        path = Path(named).expanduser()
        if named and not path.is_absolute():
            sentence = N_("“{text}” is no whole path of a file. Choose where the key is to be kept.")
            self._file.set_error(Text(sentence, {"text": named}))
            fit(self)
            return
        passphrase = self.passphrase.take() if named else None
        fit(self)
        if passphrase is None or not self.make_button.isEnabled():
            return
        self.make_button.setEnabled(False)

        def done(fingerprint: str) -> None:
            self.passphrase.clear()
            self.accept()
            self.made.emit(path, fingerprint)

        self._tasks.run(
            lambda: edition_keys.make_named_key(path, passphrase),
            done=done,
            failed=self._failed,
            name=self._language.t("Making the key"),
            owner=self,
        )

    def _failed(self, error: BaseException) -> None:
        self.make_button.setEnabled(True)
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
        elif error.where == "passphrase":
            self.passphrase.refuse(error.text)
        else:
            self._file.set_error(error.text)
        fit(self)

    def _on_choose(self) -> None:
        folder = choose_folder(self._language.t, self, self._language.t("Where the key is to be kept"))
        if folder is not None:
            self.file.setText(str(folder / _NAME))
            self.passphrase.first.edit.setFocus()
