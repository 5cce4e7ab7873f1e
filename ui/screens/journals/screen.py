"""Protocols, issued papers, refusals, who is due: one tab each."""

from collections.abc import Callable
from functools import partial
from typing import get_args

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from app.domain.text import N_
from app.services.desk import Desk
from app.services.journals import JournalName
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

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language = language
        words = Words(language, self)
        self.tabs = QTabWidget()
        words(self.tabs.tabBar(), "accessibleName", N_("Journals"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard is the bar's
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._makers: tuple[Callable[[QWidget], ListPage | DuePage], ...] = (
            *(partial(ListPage, name, desk, tasks, language) for name in get_args(JournalName)),
            partial(DuePage, desk, tasks, language),
        )
        self._places = tuple(QWidget() for _ in self._makers)
        self._made: dict[int, ListPage | DuePage] = {}
        self._awaited = False
        lines = column(self, margin=16)
        lines.addWidget(self.tabs, 1)
        for place in self._places:
            self.tabs.addTab(place, "")  # its page comes when somebody looks: all at once would hold the window up
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        shortcuts.bind(self, "next_tab", lambda: self._go(1))
        shortcuts.bind(self, "tab_before", lambda: self._go(-1))
        language.changed.connect(self.retranslate)
        self.retranslate()

    def current(self) -> ListPage | DuePage:
        """The page in sight."""
        return self.page(self.tabs.currentIndex())

    def page(self, at: int) -> ListPage | DuePage:
        """The page of a tab, counted from 0."""
        found = self._made.get(at)
        if found is None:
            place = self._places[at]
            found = self._made[at] = self._makers[at](place)
            found.opened.connect(self.opened)
            if isinstance(found, DuePage):
                found.trip_wanted.connect(self.trip_wanted)
            column(place).addWidget(found)
        return found

    def first_field(self) -> QWidget:
        """Where the keyboard begins; while the page is on its way, the tabs."""
        found = self._made.get(self.tabs.currentIndex())
        self._awaited = found is None
        return found.first_field() if found is not None else self.tabs.tabBar()

    def refresh(self) -> None:
        """Ask for the rows of the page in sight again. A page that isn't there yet is made in a turn of its own."""
        found = self._made.get(self.tabs.currentIndex())
        if found is None:
            QTimer.singleShot(0, self, self._begin)
        else:
            found.refresh()

    def _begin(self) -> None:
        self.current().refresh()
        if self._awaited and self.tabs.tabBar().hasFocus():
            self.first_field().setFocus()
        self._awaited = False

    def retranslate(self) -> None:
        """The names of the tabs again; the pages see to themselves."""
        for at, msgid in enumerate(_TABS):
            self.tabs.setTabText(at, self._language.t(msgid))

    def _go(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())
        self.first_field().setFocus()
