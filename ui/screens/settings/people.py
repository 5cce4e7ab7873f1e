"""Users of this laptop, and one's own passphrase."""

from PySide6.QtWidgets import QLineEdit, QListWidget, QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import setup
from app.services.desk import Desk
from app.services.views import User
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.recovery import RecoverySheet
from ui.widgets.words import Words


class UsersPage(QWidget):
    """Lists who may sign in; adds somebody, whose recovery sheet is then shown."""

    title = N_("Users")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = Words(language, self)
        self.list = QListWidget()
        self.list.setMaximumHeight(self.fontMetrics().lineSpacing() * 6)
        words(self.list, "accessibleName", N_("Users"))
        about = label("hint", wrap=True)
        words(
            about, "text",
            N_("Every member who signs on this laptop is a user, under the name that stands in the commission."),
        )  # fmt: skip
        self.name, self.login = QLineEdit(), QLineEdit()
        self._name = Labelled(words, N_("Full name"), self.name)
        self._login = Labelled(words, N_("Login"), self.login)
        self.passphrase = NewPassphrase(
            words,
            lambda text: setup.strength(text, (self.name.text(), self.login.text())),
            lambda text: setup.good_enough(text, (self.name.text(), self.login.text())),
            N_("Passphrase, typed by the new user"),
        )
        self.passphrase.submitted.connect(self.add)
        self.add_button = button("primary", "plus")
        words(self.add_button, "text", N_("Add a user"))
        self.add_button.clicked.connect(self.add)
        heading = label("section", wrap=True)
        words(heading, "text", N_("Add a user"))
        self.form = QWidget()
        fields = column(self.form, gap=12)
        names = row(gap=16)
        names.addWidget(self._name, 3)
        names.addWidget(self._login, 2)
        fields.addWidget(heading)
        fields.addLayout(names)
        fields.addWidget(self.passphrase)
        buttons = row()
        buttons.addWidget(self.add_button)
        buttons.addStretch(1)
        fields.addLayout(buttons)
        self.sheet = RecoverySheet(words, tasks, language)
        self.sheet.failed.connect(tasks.failed)
        self.sheet.kept.connect(self._kept)
        self.sheet.hide()
        lines = column(self, gap=12)
        for part in (about, self.list, rule(), self.form, self.sheet):
            lines.addWidget(part)
        lines.addStretch(1)
        self.refresh()

    def first_field(self) -> QWidget:
        return self.name

    def refresh(self) -> None:
        """Ask for the users again."""
        self._tasks.run(self._desk.users.all, done=self._show, owner=self)

    def add(self) -> None:
        """Add who was entered."""
        if not self.add_button.isEnabled():
            return
        name, login = " ".join(self.name.text().split()), self.login.text().strip()
        self._name.set_error(None if name else Text(N_("Type the full name.")))
        self._login.set_error(None if login else Text(N_("Type a login.")))
        passphrase = self.passphrase.take() if name and login else None
        if passphrase is None:
            return
        self.add_button.setEnabled(False)
        self.sheet.expect()
        self._tasks.run(
            lambda: self._desk.users.add(login, name, passphrase),
            done=lambda code: self._added(login, name, code),
            failed=self._failed,
            name=self._language.t("Adding the user"),
            owner=self,
        )

    def _added(self, login: str, name: str, code: str) -> None:
        self.add_button.setEnabled(True)
        self.name.clear()
        self.login.clear()
        self.passphrase.clear()
        department = self._desk.department
        self.sheet.show_code(
            code,
            lambda: setup.recovery_sheet(
                login=login,
                name=name,
                department=department,
                code=code,
                language=self._language.code,
                sample=self._desk.is_training,
            ),
            login,
        )
        self.form.hide()
        self.sheet.show()
        self.sheet.check.setFocus()
        self.refresh()

    def _kept(self, kept: bool) -> None:
        if kept:
            self.sheet.forget()
            self.sheet.hide()
            self.form.show()
            self.name.setFocus()

    def _failed(self, error: BaseException) -> None:
        self.add_button.setEnabled(True)
        self.sheet.forget()
        if not isinstance(error, UserError):
            self._tasks.failed.emit(error)
        elif error.where and "passphrase" in error.where:
            self.passphrase.refuse(error.text)
        else:
            (self._name if error.where and "name" in error.where else self._login).set_error(error.text)

    def _show(self, users: tuple[User, ...]) -> None:
        self.list.clear()
        self.list.addItems([f"{user.name} · {user.login}" for user in users])


class PassphrasePage(QWidget):
    """Change one's own passphrase."""

    title = N_("Your passphrase")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self.old = PassphraseEdit(words)
        self._old = Labelled(words, N_("Passphrase until now"), self.old, buddy=self.old.edit)
        own = (desk.user.login, desk.user.name)
        self.fresh = NewPassphrase(
            words,
            lambda text: setup.strength(text, own),
            lambda text: setup.good_enough(text, own),
            N_("New passphrase"),
        )
        self.fresh.submitted.connect(self.change)
        self.button = button("primary")
        words(self.button, "text", N_("Change the passphrase"))
        self.button.clicked.connect(self.change)
        self.said = label("hint", wrap=True)
        lines = column(self, gap=16)
        for part in (self._old, self.fresh):
            part.setMaximumWidth(560)
            lines.addWidget(part)
        buttons = row()
        buttons.addWidget(self.button)
        buttons.addWidget(self.said, 1)
        lines.addLayout(buttons)
        lines.addStretch(1)

    def first_field(self) -> QWidget:
        return self.old.edit

    def change(self) -> None:
        """Change it, if the old one is right."""
        if not self.button.isEnabled():
            return
        self._words.forget(self.said)
        self.said.clear()
        self._old.set_error(None)
        fresh = self.fresh.take()
        if fresh is None:
            return
        old = self.old.text()
        self.button.setEnabled(False)
        self._tasks.run(
            lambda: self._desk.users.change_passphrase(old, fresh),
            done=lambda _: self._changed(),
            failed=self._failed,
            name=self._language.t("Changing the passphrase"),
            owner=self,
        )

    def _changed(self) -> None:
        self.button.setEnabled(True)
        self.old.clear()
        self.fresh.clear()
        self._words(self.said, "text", N_("The passphrase was changed."))

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, UserError):
            self._tasks.failed.emit(error)
        elif error.where and "new" in error.where:
            self.fresh.refuse(error.text)
        else:
            self._old.set_error(error.text)
            self.old.edit.setFocus()
