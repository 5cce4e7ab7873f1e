"""Login and passphrase."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import training
from app.services.access import Access
from ui import PRODUCT
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Centred, button, column, label, panel, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words

if TYPE_CHECKING:
    from app.services.desk import Desk


class SignInScreen(QWidget):
    """Opens the desk. `signed_in(desk)` on success; `recovery_wanted(login)` for who forgot the passphrase;
    `training_wanted` for who wants to practise. On a training desk, which shows its logins and passphrase:
    `anew_wanted` throws it away, `real_wanted` leads back."""

    signed_in = Signal(object)
    recovery_wanted = Signal(str)
    training_wanted = Signal()
    anew_wanted = Signal()
    real_wanted = Signal()

    def __init__(self, access: Access, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._access, self._tasks, self._language = access, tasks, language
        words = self._words = Words(language, self)
        product = label("title")
        product.setText(PRODUCT)
        about = label("hint", wrap=True)
        words(about, "text", N_("The desk of a medico-social expertise commission"))
        self.login = QLineEdit()
        self.passphrase = PassphraseEdit(words)
        self._login = Labelled(words, N_("Login"), self.login)
        self._passphrase = Labelled(words, N_("Passphrase"), self.passphrase, buddy=self.passphrase.edit)
        self.button = button("primary")
        words(self.button, "text", N_("Sign in"))
        self.button.clicked.connect(self.submit)
        self.recover_button = button("link")
        words(self.recover_button, "text", N_("Forgotten the passphrase? Use the recovery sheet"))
        self.recover_button.clicked.connect(lambda: self.recovery_wanted.emit(self.login.text().strip()))
        self.login.returnPressed.connect(self.passphrase.edit.setFocus)
        self.passphrase.submitted.connect(self.submit)
        sheet = panel()
        lines = column(sheet, margin=32, gap=16)
        head = column(gap=0)
        head.addWidget(product)
        head.addWidget(about)
        lines.addLayout(head)
        lines.addWidget(self._login)
        lines.addWidget(self._passphrase)
        lines.addWidget(self.button)
        self.is_training = training.is_training(access)
        self.training_button, self.anew_button, self.real_button = button("link"), button("link"), button("link")
        words(self.training_button, "text", N_("Practise with invented people"))
        words(self.anew_button, "text", N_("Begin anew"))
        words(self.real_button, "text", N_("Leave the training"))
        self.training_button.clicked.connect(self.training_wanted)
        self.anew_button.clicked.connect(self.anew_wanted)
        self.real_button.clicked.connect(self.real_wanted)
        told, self.shown = label(wrap=True), label("code")
        words(
            told,
            "text",
            N_("Sign in as {login}. The commission signs as {logins}. The passphrase of all three:"),
            login=training.LOGINS[0],
            logins=", ".join(training.LOGINS),
        )
        self.shown.setText(training.PASSPHRASE)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if self.is_training:
            self.login.setText(training.LOGINS[0])
            lines.insertWidget(1, told)
            lines.insertWidget(2, self.shown)
        for link in (
            (self.anew_button, self.real_button) if self.is_training else (self.recover_button, self.training_button)
        ):
            under = row()
            under.addWidget(link)
            under.addStretch(1)
            lines.addLayout(under)
        around = column(self, margin=24)
        around.addStretch(2)
        around.addWidget(Centred(sheet, 540), 0, Qt.AlignmentFlag.AlignVCenter)
        around.addStretch(3)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.passphrase.edit if self.login.text() else self.login

    def submit(self) -> None:
        """Try what was typed."""
        if not self.button.isEnabled():
            return  # Enter twice is one attempt
        login, passphrase = self.login.text().strip(), self.passphrase.text()
        self._login.set_error(None if login else Text(N_("Type your login.")))
        self._passphrase.set_error(None if passphrase else Text(N_("Type your passphrase.")))
        if not login or not passphrase:
            (self.login if not login else self.passphrase.edit).setFocus()
            return
        self.sign_in(login, passphrase)

    def sign_in(self, login: str, passphrase: str) -> None:
        """Open the desk with these."""
        self._set_busy(True)
        self._tasks.run(
            lambda: self._access.sign_in(login, passphrase),
            done=self._opened,
            failed=self._failed,
            name=self._language.t("Opening the database"),
        )

    def _set_busy(self, busy: bool) -> None:
        self.button.setEnabled(not busy)
        for link in (self.recover_button, self.training_button, self.anew_button, self.real_button):
            link.setEnabled(not busy)

    def _opened(self, desk: "Desk") -> None:
        self._set_busy(False)
        self.passphrase.clear()
        self._passphrase.set_error(None)
        self.signed_in.emit(desk)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if isinstance(error, UserError):
            self._passphrase.set_error(error.text)
            self.passphrase.edit.selectAll()
            self.passphrase.edit.setFocus()
        else:
            self._tasks.failed.emit(error)
