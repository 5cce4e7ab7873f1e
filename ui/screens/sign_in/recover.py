"""The way back for who forgot the passphrase: the code of the recovery sheet, a new passphrase, a new sheet."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import setup
from app.services.access import Access
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.parts import Centred, button, column, label, panel, row, scrolled
from ui.widgets.recovery import RecoverySheet
from ui.widgets.words import Words

if TYPE_CHECKING:
    from app.services.desk import Desk


class RecoverScreen(QWidget):
    """The new code is shown before anything else can fail. `opened(desk)`: the desk is open behind it and can be
    locked; `signed_in(desk)` once the code has been kept; `left` for who goes back.
    """

    opened = Signal(object)
    signed_in = Signal(object)
    left = Signal()

    def __init__(self, access: Access, tasks: TaskRunner, language: Language, login: str = "") -> None:
        super().__init__()
        self._access, self._tasks, self._language = access, tasks, language
        words = self._words = Words(language, self)
        self.desk: Desk | None = None
        self._entered = ("", "")
        self._signing_in = False
        title = label("title", wrap=True)
        words(title, "text", N_("Back in by the recovery sheet"))
        self.login = QLineEdit(login)
        self.code = QLineEdit()
        self._login = Labelled(words, N_("Login"), self.login)
        self._code = Labelled(
            words, N_("Recovery code"), self.code, N_("As it stands on the sheet; spaces and dashes don't matter.")
        )
        self.passphrase = NewPassphrase(
            words,
            lambda text: setup.strength(text, (self.login.text(),)),
            lambda text: setup.good_enough(text, (self.login.text(),)),
            N_("New passphrase"),
        )
        self.passphrase.submitted.connect(self.submit)
        self.login.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.passphrase.first.edit.setFocus)
        self.form = QWidget()
        fields = column(self.form, gap=16)
        for field in (self._login, self._code, self.passphrase):
            fields.addWidget(field)
        self.sheet = RecoverySheet(words, tasks, language)
        self.sheet.failed.connect(tasks.failed)
        self.sheet.hide()
        self.back_button = button("", "chevron-left")
        words(self.back_button, "text", N_("Back"))
        self.back_button.clicked.connect(self.left)
        self.button = button("primary")
        words(self.button, "text", N_("Set the new passphrase"))
        self.button.clicked.connect(self.submit)
        self.sheet.kept.connect(lambda kept: self.button.setEnabled(kept and not self._signing_in))
        buttons = row()
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.button)
        box = panel()
        lines = column(box, margin=32, gap=16)
        parts: tuple[QWidget, ...] = (title, self.form, self.sheet)
        for part in parts:
            lines.addWidget(part)
        lines.addLayout(buttons)
        outer = QWidget()
        around = column(outer, margin=24)
        around.addWidget(Centred(box, 640), 0, Qt.AlignmentFlag.AlignTop)
        around.addStretch(1)
        column(self).addWidget(scrolled(outer))

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.code if self.login.text() else self.login

    def submit(self) -> None:
        """Try the code; later, once the new code has been kept, go on."""
        if not self.button.isEnabled():
            return
        if self.desk is not None:
            self._go_on(self.desk)
            return
        if self.sheet.code.text():
            self._sign_in(self._go_on)
            return
        login, code = self.login.text().strip(), self.code.text().strip()
        self._login.set_error(None if login else Text(N_("Type your login.")))
        self._code.set_error(None if code else Text(N_("Type the code of the recovery sheet.")))
        if not login or not code:
            return
        passphrase = self.passphrase.take()
        if passphrase is None:
            return
        self.button.setEnabled(False)
        self.back_button.setEnabled(False)
        self.sheet.expect()
        self._entered = (login, passphrase)
        self._tasks.run(
            lambda: self._access.recover(login, code, passphrase),
            done=self._recovered,
            failed=self._failed,
            name=self._language.t("Setting the new passphrase"),
            owner=self,
        )

    def _recovered(self, code: str) -> None:
        self.passphrase.clear()
        self.code.clear()
        self.form.hide()
        self.back_button.hide()
        self._words(self.button, "text", N_("Go to the cases"))
        self.sheet.show_code(code, None, self._entered[0])
        self.sheet.show()
        self.sheet.check.setFocus()
        self._sign_in(lambda desk: self._offer_sheet(desk, code))

    def _sign_in(self, done: Callable[["Desk"], None]) -> None:
        login, passphrase = self._entered
        self._signing_in = True
        self.button.setEnabled(False)

        def opened(desk: "Desk") -> None:
            self._signing_in = False
            self.desk, self._entered = desk, ("", "")
            self.button.setEnabled(self.sheet.check.isChecked())
            self.opened.emit(desk)
            done(desk)

        def failed(error: BaseException) -> None:
            self._signing_in = False
            self.button.setEnabled(self.sheet.check.isChecked())
            self._tasks.failed.emit(error)

        self._tasks.run(
            lambda: self._access.sign_in(login, passphrase),
            done=opened,
            failed=failed,
            name=self._language.t("Opening the database"),
            owner=self,
        )

    def _offer_sheet(self, desk: "Desk", code: str) -> None:
        user, department = desk.user, desk.department
        self.sheet.set_sheet(
            lambda: setup.recovery_sheet(
                login=user.login,
                name=user.name,
                department=department,
                code=code,
                language=self._language.code,
                sample=desk.is_training,
            )
        )

    def _go_on(self, desk: "Desk") -> None:
        self.sheet.forget()
        self.signed_in.emit(desk)

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.back_button.setEnabled(True)
        self.sheet.forget()
        self._entered = ("", "")
        if isinstance(error, UserError):
            if error.where and "passphrase" in error.where:
                self.passphrase.refuse(error.text)
            else:
                self._code.set_error(error.text)
                self.code.setFocus()
        else:
            self._tasks.failed.emit(error)
