"""The screen on which a methodologist prepares an edition: first which one, then the work on it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.services.desk import Desk
from ui import shortcuts
from ui.language import Language
from ui.screens.criteria.start import StartPage
from ui.screens.criteria.work import WorkPage
from ui.tasks import TaskRunner
from ui.widgets.parts import column


class CriteriaScreen(QWidget):
    """`closed` to go back to the settings. Nothing is lost by leaving: each sign-off is written at once."""

    closed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self.start = StartPage(desk, tasks, language)
        self.work = WorkPage(desk, tasks, language)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.work)
        column(self, margin=16).addWidget(self.pages)
        self.start.closed.connect(self.closed)
        self.start.opened.connect(self.open)
        self.work.opened.connect(self._show_work)
        self.work.closed.connect(self._show_start)
        self.work.refused.connect(self._refuse)
        shortcuts.bind(self, "back", self._back)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.start.first_field()

    def open(self, folder: Path) -> None:
        """Work on the edition in a folder."""
        self.work.open(folder)

    def _show_work(self) -> None:
        self.start.set_busy(False)
        self.pages.setCurrentWidget(self.work)
        self.work.first_field().setFocus()

    def _show_start(self) -> None:
        self.pages.setCurrentWidget(self.start)
        self.start.first_field().setFocus()

    def _refuse(self, error: object) -> None:
        self.start.set_busy(False)
        self.start.refuse(error)

    def _back(self) -> None:
        if self.pages.currentWidget() is self.work:
            self.work.back()
        else:
            self.closed.emit()
