"""The room of trips: the list, and the one that is open. With a trip of today it opens there."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.services.desk import Desk
from app.services.trip_views import Trip, TripRow
from ui.language import Language
from ui.screens.trips.list_page import ListPage
from ui.screens.trips.trip_page import TripPage
from ui.tasks import Task, TaskRunner


class TripsScreen(QStackedWidget):
    """`opened(case_id)` when a case of a trip is to be worked on."""

    opened = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._asked: Task | None = None
        self._begun = False
        self.is_opening = False
        """Today's trip is on its way to the screen."""
        self.list = ListPage(language)
        self._page: TripPage | None = None
        self.addWidget(self.list)
        self.list.chosen.connect(self.open_trip)
        self.list.begun.connect(self.begin_trip)

    @property
    def page(self) -> TripPage:
        """The trip that is open, made when the first one is opened."""
        made = self._page
        if made is None:
            made = self._page = TripPage(self._desk, self._tasks, self._language, self)
            self.addWidget(made)
            made.opened.connect(self.opened)
            made.left.connect(self.show_list)
        return made

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        shown = self.currentWidget()
        return shown.first_field() if isinstance(shown, ListPage | TripPage) else self

    def refresh(self) -> None:
        """Ask again for what is shown; the first time, where work was left today is opened."""
        if self._page is not None and self.currentWidget() is self._page:
            self._page.refresh()
            return
        if self._asked is not None:
            self._asked.cancel()
        trips, first = self._desk.trips, not self._begun
        self._asked = self._tasks.run(
            lambda: (trips.rows(), trips.today() if first else ()),
            done=lambda found: self._take(*found),
            owner=self,
        )

    def open_trip(self, trip_id: str) -> None:
        """The page of a trip."""
        self._begun = True
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
        self.page.show_trip(trip_id)
        self.setCurrentWidget(self.page)
        self.page.first_field().setFocus()

    def show_list(self) -> None:
        """Back to all trips."""
        self.page.settle()
        self.setCurrentWidget(self.list)
        self.refresh()
        self.list.first_field().setFocus()

    def begin_trip(self) -> None:
        """A new trip of today, opened where its place is typed."""

        def made(trip: Trip) -> None:
            self._begun = True
            self.page.show_trip(trip.id, details=True)
            self.setCurrentWidget(self.page)
            self.page.first_field().setFocus()

        self._tasks.run(self._desk.trips.create, done=made, owner=self)

    def settle(self) -> None:
        """Take in what is being typed."""
        if self._page is not None:
            self._page.settle()

    def _take(self, rows: tuple[TripRow, ...], today: tuple[TripRow, ...]) -> None:
        self._asked = None
        self._begun = True
        self.list.show_rows(rows)
        if today:
            self._open_today(today[0].trip.id)

    def _open_today(self, trip_id: str) -> None:
        """The page is made in a turn of its own, and shown in the next one."""
        self.is_opening = True

        def show() -> None:
            self.is_opening = False
            if self.currentWidget() is self.list:  # nobody has opened another one meanwhile
                self.open_trip(trip_id)

        def make() -> None:
            _ = self.page
            QTimer.singleShot(0, self, show)

        QTimer.singleShot(0, self, make)
