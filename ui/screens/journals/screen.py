"""Protocols, issued papers, refusals, who is due: one tab each."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from app.domain.text import N_
from app.services.desk import Desk
from ui import shortcuts
from ui.language import Language
from ui.screens.journals.due_page import DuePage
from ui.screens.journals.list_page import ListPage
from ui.tasks import TaskRunner
from ui.widgets.parts import column
from ui.widgets.words import Words

_TABS = (N_("Protocols"), N_("Issued papers"), N_("Refusals"), N_("Who is due"))


class JournalsScreen(QWidget):
    """`opened(case_id)` when a row was chosen; `trip_wanted(trip_id)`: go to a trip that was made here."""

    opened = Signal(str)
    trip_wanted = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._language = language
        words = Words(language, self)
        self.tabs = QTabWidget()
        words(self.tabs.tabBar(), "accessibleName", N_("Journals"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard is the bar's
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.protocols = ListPage("protocols", desk, tasks, language)
        self.papers = ListPage("papers", desk, tasks, language)
        self.refusals = ListPage("refusals", desk, tasks, language)
        self.due = DuePage(desk, tasks, language)
        self.pages: tuple[ListPage | DuePage, ...] = (self.protocols, self.papers, self.refusals, self.due)
        for page in self.pages:
            page.opened.connect(self.opened)
            self.tabs.addTab(page, "")
        self.due.trip_wanted.connect(self.trip_wanted)
        lines = column(self, margin=16)
        lines.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        shortcuts.bind(self, "next_tab", lambda: self._go(1))
        shortcuts.bind(self, "tab_before", lambda: self._go(-1))
        language.changed.connect(self.retranslate)
        self.retranslate()

    def current(self) -> ListPage | DuePage:
        """The page in sight."""
        return self.pages[self.tabs.currentIndex()]

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.current().first_field()

    def refresh(self) -> None:
        """Ask for the rows of the page in sight again."""
        self.current().refresh()

    def retranslate(self) -> None:
        """The names of the tabs again; the pages see to themselves."""
        for at, msgid in enumerate(_TABS):
            self.tabs.setTabText(at, self._language.t(msgid))

    def _go(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % len(self.pages))
        self.first_field().setFocus()
