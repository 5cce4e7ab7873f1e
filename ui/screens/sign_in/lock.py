"""The locked screen: nothing of the cases is seen, the desk stays open behind it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Centred, button, column, label, panel, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words

if TYPE_CHECKING:
    from app.services.desk import Desk


class LockScreen(QWidget):
    """Asks the signed-in user's passphrase. `unlocked`, or `left` for signing out."""

    unlocked = Signal()
    left = Signal()

    def __init__(self, desk: "Desk", tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = Words(language, self)
        title = label("title", wrap=True)
        words(title, "text", N_("The screen is locked"))
        who = label(wrap=True)
        words(who, "text", N_("Signed in: {name}"), name=desk.user.name)
        self.passphrase = PassphraseEdit(words)
        self._passphrase = Labelled(words, N_("Passphrase"), self.passphrase, buddy=self.passphrase.edit)
        self.passphrase.submitted.connect(self.submit)
        self.button = button("primary")
        words(self.button, "text", N_("Unlock"))
        self.button.clicked.connect(self.submit)
        self.leave_button = button("link")
        words(self.leave_button, "text", N_("Sign out"))
        self.leave_button.clicked.connect(self.left)
        sheet = panel()
        lines = column(sheet, margin=32, gap=16)
        for part in (title, who, self._passphrase, self.button):
            lines.addWidget(part)
        under = row()
        under.addWidget(self.leave_button)
        under.addStretch(1)
        lines.addLayout(under)
        around = column(self, margin=24)
        around.addStretch(2)
        around.addWidget(Centred(sheet, 480), 0, Qt.AlignmentFlag.AlignVCenter)
        around.addStretch(3)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.passphrase.edit

    def submit(self) -> None:
        """Try what was typed."""
        if not self.button.isEnabled():
            return
        typed = self.passphrase.text()
        if not typed:
            self._passphrase.set_error(Text(N_("Type your passphrase.")))
            return
        self.button.setEnabled(False)
        self._tasks.run(
            lambda: self._desk.unlock(typed), done=lambda _: self._opened(), failed=self._failed, owner=self
        )

    def _opened(self) -> None:
        self.button.setEnabled(True)
        self.passphrase.clear()
        self._passphrase.set_error(None)
        self.unlocked.emit()

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if isinstance(error, UserError):
            self._passphrase.set_error(error.text)
            self.passphrase.edit.selectAll()
            self.passphrase.edit.setFocus()
        else:
            self._tasks.failed.emit(error)
