"""A new recovery sheet for whoever is signed in: the old one was lost, or was never kept."""

from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import setup
from app.services.desk import Desk
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import button, column, label, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.recovery import RecoverySheet
from ui.widgets.words import Words


class SheetPage(QWidget):
    """Asks the passphrase, then shows the new code until it has been confirmed as kept."""

    title = N_("Your recovery sheet")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = Words(language, self)
        about = label("hint", wrap=True)
        words(
            about,
            "text",
            N_("If the sheet was lost or somebody else has seen it, make a new one. The old one is void from then on."),
        )
        self.passphrase = PassphraseEdit(words)
        self._passphrase = Labelled(words, N_("Your passphrase"), self.passphrase, buddy=self.passphrase.edit)
        self._passphrase.setMaximumWidth(560)
        self.passphrase.submitted.connect(self.make)
        self.button = button()
        words(self.button, "text", N_("Make a new recovery sheet"))
        self.button.clicked.connect(self.make)
        buttons = row()
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        self.form = QWidget()
        fields = column(self.form, gap=16)
        fields.addWidget(about)
        fields.addWidget(self._passphrase)
        fields.addLayout(buttons)
        self.sheet = RecoverySheet(words, tasks, language)
        self.sheet.failed.connect(tasks.failed)
        self.sheet.kept.connect(self._kept)
        self.sheet.hide()
        lines = column(self, gap=12)
        lines.addWidget(self.form)
        lines.addWidget(self.sheet)
        lines.addStretch(1)

    def first_field(self) -> QWidget:
        return self.passphrase.edit

    def make(self) -> None:
        """Make it, if the passphrase is right."""
        if not self.button.isEnabled():
            return
        typed = self.passphrase.text()
        self._passphrase.set_error(None if typed else Text(N_("Type your passphrase.")))
        if not typed:
            self.passphrase.edit.setFocus()
            return
        self.button.setEnabled(False)
        self.sheet.expect()
        self._tasks.run(
            lambda: self._desk.users.new_recovery_sheet(typed),
            done=self._made,
            failed=self._failed,
            name=self._language.t("Making a new recovery sheet"),
            owner=self,
        )

    def _made(self, code: str) -> None:
        self.button.setEnabled(True)
        self.passphrase.clear()
        user, department = self._desk.user, self._desk.department
        self.sheet.show_code(
            code,
            lambda: setup.recovery_sheet(
                login=user.login,
                name=user.name,
                department=department,
                code=code,
                language=self._language.code,
                sample=self._desk.is_training,
            ),
            user.login,
        )
        self.form.hide()
        self.sheet.show()
        self.sheet.check.setFocus()

    def _kept(self, kept: bool) -> None:
        if kept:
            self.sheet.forget()
            self.sheet.hide()
            self.form.show()

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.sheet.forget()
        if isinstance(error, UserError):
            self._passphrase.set_error(error.text)
            self.passphrase.edit.setFocus()
        else:
            self._tasks.failed.emit(error)
