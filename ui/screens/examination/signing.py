"""Signing: every member of the commission with the own passphrase; then the case is frozen."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Told
from app.domain.names import same_name
from app.domain.text import N_
from app.domain.vocabulary import LABELS, Role
from app.i18n import Translator
from app.services import setup
from app.services.desk import Desk
from app.services.views import MemberSignature, User
from ui.language import Language
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.summary import clear
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.choice import Combo
from ui.widgets.labelled import Labelled
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.parts import Snug, button, column, label, panel, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.recovery import RecoverySheet
from ui.widgets.words import Words


class AccountDialog(Snug):
    """Adds a member as a user, and shows the recovery code until it has been kept."""

    made = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language, self._name = desk, tasks, language, name
        self._is_made = False
        words = self._words = Words(language, self)
        words(self, "windowTitle", N_("Add a user"))
        self.setMinimumWidth(560)
        who = label("section", wrap=True)
        who.setText(name)
        why = label("hint", wrap=True)
        words(why, "text", N_("The member chooses a login and a passphrase that nobody else knows."))
        self.login = QLineEdit()
        words(self.login, "accessibleName", N_("Login"))
        self._login = Labelled(words, N_("Login"), self.login, buddy=self.login)
        own = [name]
        self.passphrase = NewPassphrase(
            words, lambda text: setup.strength(text, own), lambda text: setup.good_enough(text, own), N_("Passphrase")
        )
        self.passphrase.submitted.connect(self.make)
        self.make_button = button("primary")
        words(self.make_button, "text", N_("Add a user"))
        self.make_button.clicked.connect(self.make)
        self.login.returnPressed.connect(self.passphrase.first.edit.setFocus)
        self.recovery = RecoverySheet(words, tasks, language)
        self.recovery.failed.connect(tasks.failed)
        self.recovery.setVisible(False)
        self.close_button = button()
        words(self.close_button, "text", N_("Close"))
        self.close_button.clicked.connect(self.reject)
        self.recovery.kept.connect(lambda kept: self.close_button.setEnabled(kept or not self._is_made))
        lines = column(self, margin=24, gap=16)
        for part in (who, why, self._login, self.passphrase, self.recovery):
            lines.addWidget(part)
        buttons = row()
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.make_button)
        lines.addLayout(buttons)
        self._asking = (why, self._login, self.passphrase, self.make_button)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def make(self) -> None:
        """Add the user on the worker."""
        if not self.make_button.isEnabled():
            return
        login, passphrase = self.login.text().strip(), self.passphrase.take()
        if passphrase is None:
            return
        self.make_button.setEnabled(False)
        self.close_button.setEnabled(False)
        self.recovery.expect()

        def done(code: str) -> None:
            self._is_made = True
            self.passphrase.clear()
            for part in self._asking:
                part.setVisible(False)
            department, name = self._desk.department, self._name
            self.recovery.show_code(
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
            self.recovery.setVisible(True)
            self.close_button.setEnabled(False)
            self.close_button.setDefault(True)  # Enter on the ticked box closes; before, it does nothing
            self.recovery.check.setFocus()
            self.made.emit()

        def failed(error: BaseException) -> None:
            self.make_button.setEnabled(True)
            self.close_button.setEnabled(True)
            self.recovery.forget()
            if isinstance(error, Told):
                self._login.set_error(error.text)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(
            lambda: self._desk.users.add(login, self._name, passphrase), done=done, failed=failed, owner=self
        )

    def reject(self) -> None:
        if self.recovery.at_stake:
            return  # the code is shown once: it is kept first
        self.recovery.forget()
        super().reject()


def ask_account(desk: Desk, tasks: TaskRunner, language: Language, name: str, parent: QWidget) -> AccountDialog:
    """Open the dialogue in which a member gets an account, with the keyboard in the login."""
    dialog = AccountDialog(desk, tasks, language, name, parent)
    dialog.open()
    dialog.login.setFocus()
    return dialog


class MemberRow(QWidget):
    """One member: name, role, login, passphrase."""

    account_wanted = Signal(str)
    submitted = Signal()

    def __init__(self, words: Words, t: Translator, number: int, name: str, role: str, users: list[User]) -> None:
        super().__init__()
        self.number, self.name = number, name
        box = panel()
        lines = column(box, margin=12, gap=8)
        who = label("label", wrap=True)
        # A name isn't a word of the catalogue; the role is.
        who.setText(f"{name} · {t(LABELS[Role(role)]) if role in list(Role) else role}")
        lines.addWidget(who)
        self.users = [user for user in users if same_name(user.name, name)]
        self.account = Combo()
        self.account.addItems([user.login for user in self.users])
        self.account.setAccessibleName(t("Login of {name}", name=name))
        self.passphrase = PassphraseEdit(words)
        self.passphrase.edit.setAccessibleName(t("Passphrase of {name}", name=name))
        self.passphrase.edit.setPlaceholderText(t("Passphrase"))
        self.passphrase.submitted.connect(self.submitted)
        self.make_button = button()
        self.make_button.setText(t("Add a user"))
        self.make_button.setAccessibleName(t("Add a user for {name}", name=name))
        self.make_button.clicked.connect(lambda: self.account_wanted.emit(self.name))
        self.none = label("warning", wrap=True)
        self.none.setText(t("This member is not a user of this laptop yet: add the member as a user, then sign."))
        line = row()
        line.addWidget(self.account, 1)
        line.addWidget(self.passphrase, 2)
        line.addWidget(self.none, 2)
        line.addWidget(self.make_button)
        lines.addLayout(line)
        column(self).addWidget(box)
        known = bool(self.users)
        for part, shown in (
            (self.account, known),
            (self.passphrase, known),
            (self.none, not known),
            (self.make_button, not known),
        ):
            part.setVisible(shown)

    def mark(self, wrong: bool) -> None:
        """Show that this one's passphrase was refused, or not any more."""
        self.passphrase.edit.setProperty("invalid", wrong)
        restyle(self.passphrase.edit)

    def signature(self) -> MemberSignature | None:
        """None until the passphrase is typed."""
        if not self.users or not self.passphrase.text():
            return None
        user = self.users[max(0, self.account.currentIndex())]
        return MemberSignature(self.number, user.login, self.passphrase.text())


class SigningPanel(QWidget):
    """A row for each member, and the button that freezes."""

    signed = Signal()
    users_wanted = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, record: CaseRecord) -> None:
        super().__init__()
        self._desk, self._tasks, self._language, self._record = desk, tasks, language, record
        self._words = Words(language, self)
        self._users: list[User] = []
        self._t: Translator | None = None
        self.rows: list[MemberRow] = []
        self.heading = label("section", wrap=True)
        self.hint = label(wrap=True)
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.error = label("error", wrap=True)
        self.error.setVisible(False)
        self.sign_button = button("primary")
        self.sign_button.clicked.connect(self.sign)
        lines = column(self, gap=12)
        for part in (self.heading, self.hint, holder, self.error):
            lines.addWidget(part)
        lines.addWidget(self.sign_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._shown: object = None

    def take_users(self, users: tuple[User, ...]) -> None:
        """Who is a user of this laptop."""
        self._users = list(users)
        self.refresh()

    def retranslate(self, t: Translator) -> None:
        self._t = t
        self.heading.setText(t("Signatures"))
        self.hint.setText(
            t(
                "Each member signs with the own passphrase. Signed is final: case, decision and reasons are frozen "
                "in the database, and a correction is a new case that names this one."
            )
        )
        self.sign_button.setText(t("Sign and freeze"))
        self.sign_button.setAccessibleName(self.sign_button.text())
        self.refresh()

    def refresh(self) -> None:
        """The rows of the commission as it stands; typed passphrases stay unless members or users changed."""
        t = self._t
        if t is None or not self._record.is_loaded:
            return
        members = self._record.get("examination.commission") or []
        now = ([dict(m) for m in members], list(self._users), t.language)
        if now == self._shown:
            return
        self._shown = now
        typed = {r.name: r.passphrase.text() for r in self.rows}
        focused = self.window().focusWidget()
        held = focused is not None and any(r.isAncestorOf(focused) for r in self.rows)
        clear(self._column)
        self.rows = []
        for number, member in enumerate(members):
            name = member.get("name") or ""
            made = MemberRow(self._words, t, number, name, member.get("role") or "", self._users)
            made.passphrase.edit.setText(typed.get(name, ""))
            made.account_wanted.connect(self._on_account_wanted)
            made.submitted.connect(self._go_on)
            self.rows.append(made)
            self._column.addWidget(made)
            made.show()  # at once: a layout shows later, and what isn't shown takes no keyboard
        if held:
            self._go_on()

    def first(self) -> QWidget | None:
        """The first member who hasn't typed a passphrase."""
        for made in self.rows:
            if not made.users:
                return made.make_button
            if not made.passphrase.text():
                return made.passphrase.edit
        return self.sign_button

    def _go_on(self) -> None:
        following = self.first()
        if following is not None:
            following.setFocus()

    def _on_account_wanted(self, name: str) -> None:
        dialog = ask_account(self._desk, self._tasks, self._language, name, self)
        dialog.made.connect(self.users_wanted)
        dialog.finished.connect(lambda _result: QTimer.singleShot(0, self, self._go_on))

    def sign(self) -> None:
        """Every member's signature at once, on the worker; nothing changes where one is refused."""
        if not self.sign_button.isEnabled():
            return
        t = self._language.t
        signatures = [made.signature() for made in self.rows]
        for made, signature in zip(self.rows, signatures, strict=True):
            if signature is None:
                self._say(t("{name} has not signed yet.", name=made.name))
                target = made.passphrase.edit if made.users else made.make_button
                target.setFocus()
                return
        self.error.setVisible(False)
        for made in self.rows:
            made.mark(False)
        self.sign_button.setEnabled(False)
        self._record.sign(
            [s for s in signatures if s is not None], self._on_signed, self._on_refused, name=t("Signing and freezing")
        )

    def _on_signed(self) -> None:
        self.forget()
        self.sign_button.setEnabled(True)
        self.signed.emit()

    def _on_refused(self, error: BaseException) -> None:
        self.sign_button.setEnabled(True)
        if isinstance(error, Told):
            self._say(self._language.t.show(error.text))
            number = (error.where or "").removeprefix("signatures.")
            made = next((made for made in self.rows if str(made.number) == number), None)
            if made is not None:
                made.mark(True)
                made.passphrase.edit.selectAll()
                made.passphrase.edit.setFocus()
        else:
            self._tasks.failed.emit(error)

    def _say(self, sentence: str) -> None:
        self.error.setText(f"⚠ {sentence}")
        self.error.setVisible(True)

    def forget(self) -> None:
        """Keep no passphrase in a hidden line."""
        for made in self.rows:
            made.passphrase.clear()
