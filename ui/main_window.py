"""The one window: header, the screen, the status line; who is signed in, and what is locked."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from app.domain.errors import Told
from app.domain.text import LANGUAGES, N_, Text
from app.domain.vocabulary import Status
from app.services.access import Access
from app.services.views import AccessState, Preferences
from ui import PRODUCT, place, shortcuts, theme
from ui.errors import Failures
from ui.idle import IdleWatch
from ui.language import Language
from ui.tasks import TaskRunner
from ui.theme import Appearance
from ui.widgets.header import Header
from ui.widgets.message_bar import MessageBar
from ui.widgets.parts import column
from ui.widgets.status_line import StatusLine
from ui.widgets.words import Words

if TYPE_CHECKING:
    from app.services.desk import Desk
    from ui.screens.cases import CasesScreen
    from ui.screens.sign_in.lock import LockScreen
    from ui.screens.sign_in.screen import SignInScreen

_MIN_WIDTH, _MIN_HEIGHT = 1024, 700


class MainWindow(QMainWindow):
    """Made once. `begin()` shows the first start or the sign-in; screens are imported when they are shown."""

    def __init__(self, access: Access, language: Language, appearance: Appearance, tasks: TaskRunner) -> None:
        super().__init__()
        self.access, self.language, self.appearance, self.tasks = access, language, appearance, tasks
        self.desk: Desk | None = None
        self.stopped: Told | None = None
        self._cases: CasesScreen | None = None
        self._lock: LockScreen | None = None
        self._behind: QWidget | None = None
        self.setWindowTitle(PRODUCT)
        self.setMinimumSize(_MIN_WIDTH, _MIN_HEIGHT)
        self.resize(1280, 720)
        words = self._words = Words(language, self)
        self.header = Header(words, language, appearance)
        self.messages = MessageBar(words)
        self.screens = QStackedWidget()
        self.status = StatusLine(words)
        middle = QWidget()
        lines = column(middle, gap=0)
        lines.addWidget(self.header)
        lines.addWidget(self.messages)
        lines.addWidget(self.screens, 1)
        lines.addWidget(self.status)
        self.setCentralWidget(middle)
        self.failures = Failures(language, self)
        self.failures.told.connect(self.messages.say)
        tasks.failed.connect(self.failures.take)
        tasks.running.connect(self.status.set_task)
        self.status.cancel_button.clicked.connect(tasks.cancel)
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock)
        self.header.home.connect(self.show_cases)
        self.header.settings.connect(self.show_settings)
        self.header.lock.connect(self.lock)
        self.header.sign_out.connect(self.sign_out)
        self.header.language_chosen.connect(self.choose_language)
        self.header.look_toggled.connect(self.toggle_look)
        shortcuts.bind(self, "lock", self.lock, window=True)
        shortcuts.bind(self, "help", self.show_help, window=True)
        shortcuts.bind(self, "settings", self.show_settings, window=True)
        shortcuts.bind(self, "language", self.next_language, window=True)
        place.restore(self, access.data_dir)

    # --- before sign-in ---------------------------------------------------------------------------------------
    def begin(self) -> None:
        """First start, sign-in, or the sentence why neither is possible."""
        try:
            state = self.access.state()
        except Told as told:
            self._show_stopped(told)
            return
        self.stopped = None
        if state == AccessState.NEW:
            self._show_welcome()
        else:
            self.show_sign_in()

    def show_sign_in(self, login: str = "") -> "SignInScreen":
        """Ask who is there."""
        from ui.screens.sign_in.screen import SignInScreen

        screen = SignInScreen(self.access, self.tasks, self.language)
        screen.login.setText(login)
        screen.signed_in.connect(self.take_desk)
        screen.recovery_wanted.connect(self.show_recovery)
        self._show(screen)
        return screen

    def show_recovery(self, login: str = "") -> None:
        """The way back for who forgot the passphrase."""
        from ui.screens.sign_in.recover import RecoverScreen

        screen = RecoverScreen(self.access, self.tasks, self.language, login)
        screen.signed_in.connect(self.take_desk)
        screen.left.connect(lambda: self.show_sign_in(screen.login.text()))
        self._show(screen)

    def _show_welcome(self) -> None:
        from ui.screens.welcome import WelcomeScreen

        screen = WelcomeScreen(self.access, self.tasks, self.language)
        screen.finished.connect(self._first_sign_in)
        self._show(screen)

    def _first_sign_in(self, login: str, passphrase: str) -> None:
        self._save(self.access.preferences())
        self.show_sign_in(login).sign_in(login, passphrase)

    def _show_stopped(self, told: Told) -> None:
        from ui.screens.stopped import StoppedScreen

        self.stopped = told
        screen = StoppedScreen(self.language, told)
        screen.retried.connect(self.begin)
        screen.left.connect(self.close)
        self._show(screen)

    # --- signed in --------------------------------------------------------------------------------------------
    def take_desk(self, desk: "Desk") -> None:
        """Somebody has signed in."""
        self.desk = desk
        self.messages.hide()
        self.idle.start(self.access.preferences().lock_after_minutes)
        self._show_who()
        self.status.set_fact("link", Text(N_("offline")))
        self.tasks.run(
            lambda: (desk.packs.identity(), desk.integrity.clock_remark()), done=lambda told: self._facts(*told)
        )
        self.show_cases()

    def show_cases(self) -> None:
        """The home screen."""
        if self.desk is None or self._lock is not None:
            return
        if self._cases is None:
            from ui.screens.cases import CasesScreen

            self._cases = CasesScreen(self.desk, self.tasks, self.language)
            self._cases.opened.connect(self.open_case)
            self.screens.addWidget(self._cases)
        self._show(self._cases, "cases")
        self._cases.refresh()

    def open_case(self, case_id: str) -> None:
        """The case window for one case."""
        if self.desk is None:
            return
        from ui.screens.examination import CaseScreen

        screen = CaseScreen(self.desk, self.tasks, self.language, case_id)
        screen.closed.connect(self.show_cases)
        saved = getattr(screen, "saved", None)
        if saved is not None:
            saved.connect(self.status.set_saved)
        self._show(screen, "case")

    def show_settings(self) -> None:
        """Language, look, lock, department, users, copies, checks."""
        if self.desk is None or self._lock is not None:
            self.header.show_place("")
            return
        from ui.screens.settings import SettingsScreen

        screen = SettingsScreen(self.desk, self.access, self.tasks, self.language, self.appearance)
        screen.closed.connect(self.show_cases)
        screen.preferences_changed.connect(lambda kept: self.idle.start(kept.lock_after_minutes))
        screen.department_changed.connect(self._show_who)
        self._show(screen, "settings")

    def show_help(self) -> None:
        """Every key."""
        from ui.screens.help import HelpDialog

        HelpDialog(self.language, self).open()

    def lock(self) -> None:
        """Hide everything behind the passphrase; work goes on where it was after unlocking."""
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.sign_in.lock import LockScreen

        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.reject()
        self._settle()
        self._behind = self.screens.currentWidget()
        self._lock = LockScreen(self.desk, self.tasks, self.language)
        self._lock.unlocked.connect(self._unlocked)
        self._lock.left.connect(self.sign_out)
        self.idle.stop()
        self.header.show_signed_in(None)
        self.messages.hide()
        self.screens.addWidget(self._lock)
        self.screens.setCurrentWidget(self._lock)
        self._lock.first_field().setFocus()

    def _unlocked(self) -> None:
        lock, behind, self._lock, self._behind = self._lock, self._behind, None, None
        if behind is not None:
            self.screens.setCurrentWidget(behind)
            behind.setFocus()
        self._drop(lock)
        self._show_who()
        self.idle.start(self.access.preferences().lock_after_minutes)

    def sign_out(self) -> None:
        """Close the desk and ask who is there."""
        desk, self.desk = self.desk, None
        if desk is None:
            return
        self._settle()
        self.idle.stop()
        self.status.clear()
        self.header.show_signed_in(None)
        self._cases = self._lock = self._behind = None
        login = desk.user.login
        for screen in [self.screens.widget(at) for at in range(self.screens.count())]:
            self._drop(screen)
        closing = self.language.t("Closing the database")
        self.tasks.run(desk.close, done=lambda _: self.show_sign_in(login), name=closing)

    # --- look and language ------------------------------------------------------------------------------------
    def choose_language(self, code: str) -> None:
        """Change the window's language and remember it."""
        self.language.set(code)
        self._save(self.access.preferences())

    def next_language(self) -> None:
        """The next of the three."""
        self.choose_language(LANGUAGES[(LANGUAGES.index(self.language.code) + 1) % len(LANGUAGES)])

    def toggle_look(self) -> None:
        """Light to dark and back."""
        self.appearance.set("light" if theme.current().mode == "dark" else "dark", self.appearance.scale)
        self._save(self.access.preferences())

    def _save(self, kept: Preferences) -> None:
        # Before the first user exists there may be no folder: what was chosen is saved with the first sign-in.
        if self.desk is None and self._is_new():
            return
        fresh = Preferences(self.language.code, self.appearance.choice, self.appearance.scale, kept.lock_after_minutes)
        try:
            self.access.save_preferences(fresh)
        except Told as told:
            self.failures.take(told)

    def _is_new(self) -> bool:
        try:
            return self.access.state() == AccessState.NEW
        except Told:
            return True

    # --- inside -----------------------------------------------------------------------------------------------
    def _show_who(self) -> None:
        desk = self.desk
        if desk is None:
            return
        told = {"number": desk.department.number, "name": desk.user.name}
        self.header.show_signed_in(Text(N_("Department No. {number} · {name}"), told), desk.user.name)

    def _facts(self, criteria: Any, clock: Text | None) -> None:
        if self.desk is None:
            return
        sure = N_("verified") if criteria.status == Status.VERIFIED else N_("not verified")
        named = {"id": criteria.id, "version": criteria.version, "status": Text(sure)}
        self.status.set_fact("criteria", Text(N_("criteria {id} {version} ({status})"), named))
        self.status.set_fact("clock", clock or Text(N_("clock ok")))

    def _show(self, screen: QWidget, where: str = "") -> None:
        before = self.screens.currentWidget()
        if before is not None and before is not screen:
            self._settle()
        self.header.show_place(where)
        if self.screens.indexOf(screen) < 0:
            self.screens.addWidget(screen)
        self.screens.setCurrentWidget(screen)
        if before is not None and before is not screen and before is not self._cases:
            self._drop(before)
        field = getattr(screen, "first_field", None)
        # Once the window is up: what isn't shown yet takes no focus.
        QTimer.singleShot(0, screen, field().setFocus if field else screen.setFocus)

    def _drop(self, screen: QWidget | None) -> None:
        if screen is not None:
            self.screens.removeWidget(screen)
            screen.deleteLater()

    def _settle(self) -> None:
        """Let the field being typed in give up its text before its screen goes."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        settle = getattr(self.screens.currentWidget(), "settle", None)
        if settle is not None:
            settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settle()
        place.keep(self, self.access.data_dir)
        desk = self.desk or getattr(self.screens.currentWidget(), "desk", None)
        self.desk = None
        self.tasks.close(desk.close if desk is not None else None)
        super().closeEvent(event)
