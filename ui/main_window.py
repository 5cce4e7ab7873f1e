"""The one window: header, the screen, the status line; who is signed in, and what is locked."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from app.domain.errors import Told
from app.domain.text import LANGUAGES, N_, Text
from app.domain.vocabulary import Status
from app.services.access import Access
from app.services.views import AccessState, Preferences
from ui import place, shortcuts, theme
from ui.errors import Failures
from ui.garbage import hold_standing, release_standing, search_while
from ui.idle import IdleWatch
from ui.language import Language
from ui.sections import SECTIONS
from ui.tasks import TaskRunner
from ui.theme import Appearance
from ui.traffic import Traffic, in_short
from ui.training import TrainingMode
from ui.widgets.header import Header
from ui.widgets.message_bar import MessageBar
from ui.widgets.parts import column
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.status_line import StatusLine
from ui.widgets.words import Words

if TYPE_CHECKING:
    from app.services.desk import Desk
    from ui.screens.examination import CaseScreen
    from ui.screens.sign_in.lock import LockScreen
    from ui.screens.sign_in.screen import SignInScreen

_MIN_WIDTH, _MIN_HEIGHT = 1024, 700
_LOAD_AFTER_MS = 800
"""So long after a screen is there modules are imported ahead."""


class MainWindow(QMainWindow):
    """Made once. `begin()` shows the first start or the sign-in; screens are imported when they are shown."""

    def __init__(self, access: Access, language: Language, appearance: Appearance, tasks: TaskRunner) -> None:
        super().__init__()
        self.access, self.language, self.appearance, self.tasks = access, language, appearance, tasks
        self.desk: Desk | None = None
        self.stopped: Told | None = None
        self._sections: dict[str, QWidget] = {}
        self._lock: LockScreen | None = None
        self._behind: QWidget | None = None
        self._after_unlock: Callable[[], None] | None = None
        self._hidden: list[QWidget] = []
        self._closing = False
        self._place = ""
        self._coming: CaseScreen | None = None
        """a case that is made and not shown yet"""
        self._room = SECTIONS[0].name
        self.setMinimumSize(_MIN_WIDTH, _MIN_HEIGHT)
        self.resize(1280, 720)
        words = self._words = Words(language, self)
        self.training = TrainingMode(self, words)
        self.header = Header(words, language, appearance)
        self.messages = MessageBar(words)
        self.screens = QStackedWidget()
        self.status = StatusLine(words)
        middle = QWidget()
        lines = column(middle, gap=0)
        lines.addWidget(self.training.band)
        lines.addWidget(self.header)
        lines.addWidget(self.messages)
        lines.addWidget(self.screens, 1)
        lines.addWidget(self.training.offer)
        lines.addWidget(self.training.tour)
        lines.addWidget(self.status)
        self.setCentralWidget(middle)
        self.failures = Failures(language, self)
        self.failures.told.connect(self.messages.say)
        tasks.failed.connect(self.failures.take)
        tasks.running.connect(self.status.set_task)
        self.status.cancel_button.clicked.connect(tasks.cancel)
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock)
        search_while(self.idle.is_resting)
        self.traffic = Traffic(tasks, lambda: self.desk is not None and self._lock is None, self.idle.is_resting, self)
        self.traffic.changed.connect(self._show_link)
        self.traffic.ended.connect(self._show_who)  # the centre may have given the department another name
        self.status.link_wanted.connect(lambda: self.show_section("link"))
        self.header.section.connect(self.show_section)
        self.header.settings.connect(self.show_settings)
        self.header.lock.connect(self.lock)
        self.header.sign_out.connect(self.sign_out)
        self.header.language_chosen.connect(self.choose_language)
        self.header.look_toggled.connect(self.toggle_look)
        shortcuts.bind(self, "lock", self.lock, window=True)
        shortcuts.bind(self, "help", self.show_help, window=True)
        shortcuts.bind(self, "settings", self.show_settings, window=True)
        shortcuts.bind(self, "language", self.next_language, window=True)
        shortcuts.bind(self, "next_person", self.next_person, window=True)
        for section in SECTIONS:
            shortcuts.bind(self, section.name, partial(self.show_section, section.name), window=True)
        self.training.show()
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
        self.training.show()
        if state == AccessState.NEW:
            self._show_welcome()
        else:
            self.show_sign_in()

    def show_sign_in(self, login: str = "") -> "SignInScreen":
        """Ask who is there."""
        from ui.screens.sign_in.screen import SignInScreen

        screen = SignInScreen(self.access, self.tasks, self.language)
        if login:
            screen.login.setText(login)
        screen.signed_in.connect(self.take_desk)
        screen.training_wanted.connect(self.training.start)
        screen.anew_wanted.connect(self.training.ask_to_begin_anew)
        screen.real_wanted.connect(self.training.leave)
        screen.recovery_wanted.connect(self.show_recovery)
        self._show(screen)
        QTimer.singleShot(_LOAD_AFTER_MS, screen, partial(self.tasks.run, SECTIONS[0].load))  # while somebody types
        return screen

    def show_recovery(self, login: str = "") -> None:
        """The way back for who forgot the passphrase."""
        from ui.screens.sign_in.recover import RecoverScreen

        screen = RecoverScreen(self.access, self.tasks, self.language, login)
        screen.opened.connect(self._hold)
        screen.signed_in.connect(lambda _desk: self.show_cases())
        screen.left.connect(lambda: self.show_sign_in(screen.login.text()))
        self._show(screen)

    def _show_welcome(self) -> None:
        from ui.screens.welcome import WelcomeScreen

        screen = WelcomeScreen(self.access, self.tasks, self.language)
        screen.finished.connect(self._first_sign_in)
        self._show(screen)

    def _first_sign_in(self, login: str, passphrase: str) -> None:
        self._save(self.access.preferences())
        self.training.is_first = True
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
        self._hold(desk)
        self._after_unlock = self.show_cases  # where it is locked before they are there
        QTimer.singleShot(0, self, self._prepare_cases)

    def _prepare_cases(self) -> None:
        """Make the home screen, and show it in the next turn: both in one hold the window up."""
        if self.desk is not None:
            self._section("cases", self.desk)
            QTimer.singleShot(0, self, self.show_cases)

    def _hold(self, desk: "Desk") -> None:
        self.desk = desk
        self.training.show()
        self.messages.hide()
        self.idle.start(self.access.preferences().lock_after_minutes)
        self._show_who()
        self._ask_facts()
        self.traffic.take(desk)
        self.tasks.run(desk.packs.warm_up, done=lambda _none: hold_standing())
        QTimer.singleShot(_LOAD_AFTER_MS, self, self._load_ahead)

    def _load_ahead(self) -> None:
        """Import the rooms and the case before anybody goes there, one after another on the worker; then the lists."""
        if self.desk is not None:
            for section in SECTIONS:
                self.tasks.run(section.load)
            self.tasks.run(lambda: import_module("ui.screens.examination.case_screen"))
            self.tasks.run(self.desk.classifiers.lists.load, done=lambda _none: hold_standing())

    def _ask_facts(self) -> None:
        desk = self.desk
        if desk is not None:
            self.tasks.run(
                lambda: (desk.packs.identity(), desk.integrity.clock_remark()), done=lambda told: self._facts(*told)
            )

    def show_cases(self) -> None:
        """The home screen, once nothing of the present one can be lost by it."""
        self.show_section("cases")

    def show_section(self, name: str) -> None:
        """One of `SECTIONS`, once nothing of the present screen can be lost by it."""
        if self.desk is not None and self._lock is None:
            self._leave(partial(self._show_section, name))

    def _show_section(self, name: str) -> None:
        if self.desk is None or self._lock is not None:
            return
        screen = self._section(name, self.desk)
        self._room, self._after_unlock = name, None
        self._show(screen, name)
        screen.refresh()

    def _section(self, name: str, desk: "Desk") -> Any:
        """The screen of a room, made at the first asking."""
        screen: Any = self._sections.get(name)
        if screen is None:
            section = next(section for section in SECTIONS if section.name == name)
            screen = self._sections[name] = section.make(desk, self.tasks, self.language, self.screens)
            opened = getattr(screen, "opened", None)
            if opened is not None:
                opened.connect(self.open_case)
            trip_wanted = getattr(screen, "trip_wanted", None)
            if trip_wanted is not None:
                trip_wanted.connect(self.open_trip)
            set_traffic = getattr(screen, "set_traffic", None)
            if set_traffic is not None:
                set_traffic(self.traffic)
                screen.settings_wanted.connect(self.show_settings_page)
                screen.section_wanted.connect(self.show_section)
            self.screens.addWidget(screen)
        return screen

    def open_trip(self, trip_id: str) -> None:
        """The room of trips, with this one open."""

        def go() -> None:
            self._show_section("trips")
            screen: Any = self._sections.get("trips")
            if screen is not None:
                screen.open_trip(trip_id)

        if self.desk is not None and self._lock is None:
            self._leave(go)

    def open_case(self, case_id: str) -> None:
        """The case window for one case. An answer that comes while the window is locked waits for its unlocking."""
        if self._lock is not None:
            self._after_unlock = partial(self.open_case, case_id)
        elif self.desk is not None:
            self._leave(partial(self._open_case, case_id))

    def _open_case(self, case_id: str) -> None:
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.examination import CaseScreen

        self._drop(self._coming)
        screen = CaseScreen(self.desk, self.tasks, self.language, case_id, self.screens)
        screen.closed.connect(lambda: self.show_section(self._room))  # where the case was opened from
        screen.case_wanted.connect(self.open_case)
        saved = getattr(screen, "saved", None)
        if saved is not None:
            saved.connect(self.status.set_saved)
        screen.told.connect(self.status.say)
        self._coming = screen
        QTimer.singleShot(0, screen, partial(self._bring, screen))  # made and shown in one turn it holds the window up

    def _bring(self, screen: "CaseScreen") -> None:
        if self._coming is screen:
            self._show(screen, "case")

    def next_person(self) -> None:
        """Call the next person of the trip in which the open case is, else of today's, and open that case."""
        desk = self.desk
        if desk is None or self._lock is not None:
            return
        case_id = getattr(self.screens.currentWidget(), "case_id", None)
        held = self.focusWidget()

        def found(called: str | None) -> None:
            if called is None:
                if held is not None and shiboken6.isValid(held):
                    held.setFocus()  # leaving took the keyboard away, and nobody leaves
                self.messages.say(self.language.t("Nobody waits in an open trip of today."), "info")
            else:
                self.open_case(called)

        def call() -> None:
            self.tasks.run(lambda: desk.trips.call_after(case_id), done=found)

        self._leave(call)

    def show_settings(self) -> None:
        """Language, look, lock, department, users, copies, checks."""
        if self.desk is None or self._lock is not None:
            self.header.show_place("")
            return
        self._leave(self._show_settings)

    def show_settings_page(self, page: str) -> None:
        """The settings, at one of their pages, by its name in `SettingsScreen`."""
        if self.desk is not None and self._lock is None:
            self._leave(partial(self._show_settings, page=page))

    def _show_settings(self, *, page: str = "") -> None:
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.settings import SettingsScreen

        screen = SettingsScreen(self.desk, self.access, self.tasks, self.language, self.appearance)
        screen.closed.connect(self.show_cases)
        screen.preferences_changed.connect(lambda kept: self.idle.start(kept.lock_after_minutes))
        screen.department_changed.connect(self._show_who)
        screen.criteria_changed.connect(self._ask_facts)
        screen.edition_wanted.connect(self.show_editions)
        screen.control_wanted.connect(self.show_control)
        if page:
            screen.sections.setCurrentRow(screen.pages.index(getattr(screen, page)))
        self._show(screen, "settings")

    def show_editions(self) -> None:
        """Prepare a new edition of the criteria."""
        if self.desk is not None and self._lock is None:
            self._leave(self._show_editions)

    def _show_editions(self) -> None:
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.criteria import CriteriaScreen

        screen = CriteriaScreen(self.desk, self.tasks, self.language)
        screen.closed.connect(lambda: self._leave(partial(self._show_settings, page="criteria")))
        self._show(screen, "settings")

    def show_control(self) -> None:
        """How this department decides: votes and decisions beside the criteria."""
        if self.desk is not None and self._lock is None:
            self._leave(self._show_control)

    def _show_control(self) -> None:
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.control import ControlScreen

        screen = ControlScreen(self.desk, self.tasks, self.language)
        screen.closed.connect(lambda: self._leave(partial(self._show_settings, page="working")))
        self._show(screen, "settings")
        screen.refresh()

    def show_help(self) -> None:
        """What the law asks where one is and what to do there; and every key."""
        from ui.screens.help import HelpDialog

        HelpDialog(self.language, self, self._help_place()).open()

    def _help_place(self) -> str:
        if self.desk is None or self._lock is not None:
            return ""
        screen = self.screens.currentWidget()
        told = getattr(screen, "help_place", None)  # a room that is another one at times
        if callable(told):
            return str(told())
        step = getattr(screen, "step", None)
        return step if self._place == "case" and isinstance(step, str) else self._place

    def lock(self) -> None:
        """Hide everything behind the passphrase; work goes on where it was after unlocking."""
        if self.desk is None or self._lock is not None:
            return
        from ui.screens.sign_in.lock import LockScreen

        coming, self._coming = self._coming, None
        if coming is not None:
            self._after_unlock = partial(self.open_case, coming.case_id)
            self._drop(coming)
        self._settle()
        self._clear_the_screen()
        self._behind = self.screens.currentWidget()
        save = getattr(self._behind, "try_again", None)
        if save is not None:
            save()
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
        later, self._after_unlock = self._after_unlock, None
        hidden, self._hidden = self._hidden, []
        if behind is not None:
            self.screens.setCurrentWidget(behind)
            behind.setFocus()
        self._drop(lock)
        self._show_who()
        self.idle.start(self.access.preferences().lock_after_minutes)
        for dialog in hidden:
            if shiboken6.isValid(dialog):
                dialog.show()
        if later is not None:
            later()

    def _clear_the_screen(self) -> None:
        """Nothing of the work stays in sight or in a line: every dialogue goes, every passphrase is forgotten."""
        for top in QApplication.topLevelWidgets():
            if top is self or not top.isVisible():
                continue
            if isinstance(top, QDialog):
                top.reject()
            if shiboken6.isValid(top) and top.isVisible():
                # One that can't be closed yet, such as a code that nobody has kept: it is back after unlocking.
                top.hide()
                if isinstance(top, QDialog):
                    self._hidden.append(top)
        for line in self.findChildren(PassphraseEdit):
            line.clear()

    def sign_out(self) -> None:
        """Close the desk and ask who is there, once nothing can be lost by it."""
        if self.desk is not None:
            self._leave(self._sign_out)

    def _sign_out(self) -> None:
        desk, self.desk = self.desk, None
        if desk is None:
            return
        self.idle.stop()
        self.traffic.leave()
        self.training.show()
        self.status.clear()
        self.header.show_signed_in(None)
        self._drop(self._coming, at_once=True)
        self._lock = self._behind = self._after_unlock = self._coming = None
        self._sections, self._hidden, self._room = {}, [], SECTIONS[0].name
        login = desk.user.login
        for screen in [self.screens.widget(at) for at in range(self.screens.count())]:
            self._drop(screen, at_once=True)
        release_standing()
        closing = self.language.t("Closing the database")
        self.tasks.run(self.traffic.closer(desk.close), done=lambda _: self.show_sign_in(login), name=closing)

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
        fresh = replace(
            kept, language=self.language.code, theme=self.appearance.choice, text_scale=self.appearance.scale
        )
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

    def _show_link(self) -> None:
        if self.desk is not None and self.traffic.status is not None:
            self.status.set_link(in_short(self.traffic.status, at_work=bool(self.traffic.at_work)))

    def _facts(self, criteria: Any, clock: Text | None) -> None:
        if self.desk is None:
            return
        sure = N_("verified") if criteria.status == Status.VERIFIED else N_("not verified")
        named = {"id": criteria.id, "version": criteria.version, "status": Text(sure)}
        self.status.set_fact("criteria", Text(N_("criteria {id} {version} ({status})"), named))
        self.status.set_fact("clock", clock or Text(N_("clock ok")))

    def _show(self, screen: QWidget, where: str = "") -> None:
        if self._lock is not None:
            raise RuntimeError("a locked window shows nothing but its lock")
        before, coming, self._coming = self.screens.currentWidget(), self._coming, None
        if coming is not screen:
            self._drop(coming)
        if before is not None and before is not screen:
            self._settle()
            self.messages.leave()
        self._place = where
        self.header.show_place(where)
        if self.screens.indexOf(screen) < 0:
            self.screens.addWidget(screen)
        self.screens.setCurrentWidget(screen)
        if before is not None and before is not screen and before not in self._sections.values():
            self._drop(before)
        field = getattr(screen, "first_field", None)
        # Once the window is up: what isn't shown yet takes no focus.
        QTimer.singleShot(0, screen, field().setFocus if field else screen.setFocus)

    def _drop(self, screen: QWidget | None, *, at_once: bool = False) -> None:
        if screen is not None:
            self.screens.removeWidget(screen)
            take_down = getattr(screen, "take_down", None)
            if take_down is None or at_once:
                screen.deleteLater()
            else:
                take_down()  # a large one goes bit by bit

    def _settle(self) -> None:
        """Let the field being typed in give up its text before its screen goes."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()
        settle = getattr(self.screens.currentWidget(), "settle", None)
        if settle is not None:
            settle()

    def _leave(self, then: Callable[[], None]) -> None:
        """Do `then` once nothing of the present screen is lost by it, or the person has chosen to lose it."""
        from ui.widgets.question import Question
        from ui.widgets.recovery import RecoverySheet

        held = self.focusWidget()
        self._settle()

        def ask() -> None:
            if not any(sheet.at_stake for sheet in self.findChildren(RecoverySheet)):
                then()
                return
            asked = Question(
                self.language,
                N_("Leave without the recovery code?"),
                Text(N_("A recovery code has not been confirmed as kept. It is shown once: whoever leaves loses it.")),
                N_("Stay"),
                N_("Leave without the code"),
                self,
            )
            asked.confirmed.connect(then)
            if held is not None:
                asked.rejected.connect(held.setFocus)
            asked.open()

        screen = self._behind if self._lock is not None else self.screens.currentWidget()
        leave = getattr(screen, "leave", None)
        if leave is not None:
            leave(ask)
        else:
            ask()
        if self._lock is None:
            # Where it stays, the button that was pressed doesn't stand for the screen.
            self.header.show_place(self._place)

    def _may_close(self) -> bool:
        asked = False

        def close() -> None:
            self._closing = True
            if asked:
                self.close()

        self._leave(close)
        asked = True
        return self._closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and not self._may_close():
            event.ignore()
            return
        place.keep(self, self.access.data_dir)
        desk = self.desk or getattr(self.screens.currentWidget(), "desk", None)
        self.desk = None
        self.traffic.leave()
        self.tasks.close(self.traffic.closer(desk.close) if desk is not None else None)
        super().closeEvent(event)
