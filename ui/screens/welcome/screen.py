"""The first start as four short pages: language, department, first user, recovery sheet."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QRadioButton, QWidget

from app.domain.errors import UserError
from app.domain.text import N_
from app.services import setup
from app.services.access import Access
from ui.language import Language
from ui.screens.welcome.pages import DepartmentPage, LanguagePage, UserPage
from ui.tasks import TaskRunner
from ui.widgets.parts import Centred, Pages, button, column, label, panel, row, scrolled
from ui.widgets.recovery import RecoverySheet
from ui.widgets.words import Words

_RECOVERY = 3
# How a new department begins to work; its settings change that.
_FIRST_SETTINGS = {"blind_vote": "required"}


class WelcomeScreen(QWidget):
    """Makes the desk. `finished(login, passphrase)` comes once the recovery code has been kept."""

    finished = Signal(str, str)

    def __init__(self, access: Access, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._access, self._tasks, self._language = access, tasks, language
        words = self._words = Words(language, self)
        self._entered = ("", "")
        self.language_page = LanguagePage(words, language)
        self.department_page = DepartmentPage(words, language)
        self.user_page = UserPage(words)
        self.recovery = RecoverySheet(words, tasks, language)
        self.recovery.kept.connect(lambda _: self._show_buttons())
        self.recovery.failed.connect(tasks.failed)
        self.pages = Pages()
        self._pages: tuple[QWidget, ...] = (self.language_page, self.department_page, self.user_page, self.recovery)
        for page in self._pages:
            self.pages.addWidget(page)
        for asking in (self.language_page, self.department_page, self.user_page):
            asking.submitted.connect(self.next)
        self.step = label("hint")
        self.title = label("title", wrap=True)
        self.back_button = button("", "chevron-left")
        words(self.back_button, "text", N_("Back"))
        self.back_button.clicked.connect(self.back)
        self.next_button = button("primary")
        self.next_button.clicked.connect(self.next)
        self.next_button.setDefault(True)
        buttons = row()
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.next_button)
        sheet = panel()
        lines = column(sheet, margin=24, gap=8)
        lines.addWidget(self.step)
        lines.addWidget(self.title)
        lines.addSpacing(8)
        lines.addWidget(self.pages, 1)
        lines.addSpacing(8)
        lines.addLayout(buttons)
        outer = QWidget()
        around = column(outer, margin=16)
        around.addWidget(Centred(sheet, 760), 0, Qt.AlignmentFlag.AlignTop)
        around.addStretch(1)
        self.area = scrolled(outer)
        column(self).addWidget(self.area)
        self._go(0)

    def next(self) -> None:
        """Go on, if the page is complete; after the user's page the desk is made."""
        page = self.pages.currentWidget()
        if page is self.user_page:
            if self.next_button.isEnabled():
                self._create()
        elif page is self.recovery:
            self.recovery.forget()
            self.finished.emit(*self._entered)
            self._entered = ("", "")
        elif isinstance(page, LanguagePage | DepartmentPage) and page.complete():
            self._go(self.pages.currentIndex() + 1)

    def back(self) -> None:
        """One page back; not from the recovery sheet, for the desk exists by then."""
        if 0 < self.pages.currentIndex() < _RECOVERY:
            self._go(self.pages.currentIndex() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Lines say themselves what Enter means in them; on a choice it means "go on".
        on_choice = isinstance(self.focusWidget(), QRadioButton | QComboBox | QCheckBox)
        if on_choice and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.next_button.isEnabled():
            self.next()
        else:
            super().keyPressEvent(event)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        page = self.pages.currentWidget()
        return page.first_field() if isinstance(page, LanguagePage | DepartmentPage | UserPage) else self.recovery.check

    def _go(self, index: int) -> None:
        self.pages.setCurrentIndex(index)
        titles = (LanguagePage.title, DepartmentPage.title, UserPage.title, N_("The recovery sheet"))
        self._words(self.title, "text", titles[index])
        self._words(self.step, "text", N_("Step {n} of {total}"), n=index + 1, total=len(titles))
        self._show_buttons()
        self.first_field().setFocus()
        self.area.verticalScrollBar().setValue(0)

    def _show_buttons(self, *, busy: bool = False) -> None:
        index = self.pages.currentIndex()
        self.back_button.setVisible(0 < index < _RECOVERY)
        names = (N_("Next"), N_("Next"), N_("Make the desk"), N_("Go to the cases"))
        self._words(self.next_button, "text", names[index])
        self.next_button.setEnabled(not busy and (index != _RECOVERY or self.recovery.check.isChecked()))
        self.back_button.setEnabled(not busy)

    def _create(self) -> None:
        entered = self.user_page.take()
        if entered is None:
            return
        login, name, passphrase = entered
        department = self.department_page.department()
        language = self._language.code
        self._show_buttons(busy=True)
        self.recovery.expect()

        def made(code: str) -> None:
            self._entered = (login, passphrase)
            self.user_page.passphrase.clear()
            self.recovery.show_code(
                code,
                lambda: setup.recovery_sheet(
                    login=login, name=name, department=department, code=code, language=self._language.code
                ),
                login,
            )
            self._go(_RECOVERY)

        def failed(error: BaseException) -> None:
            self.recovery.forget()
            self._show_buttons()
            if isinstance(error, UserError):
                self.user_page.refuse(error.text, error.where)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(
            lambda: self._access.create(
                department=department,
                login=login,
                name=name,
                passphrase=passphrase,
                language=language,
                settings=_FIRST_SETTINGS,
            ),
            done=made,
            failed=failed,
            name=self._language.t("Making the encrypted database"),
            owner=self,
        )
