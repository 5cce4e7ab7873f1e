"""What a trip asks: whom to take in from the list, where to move somebody, and whether it is over."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLineEdit, QListWidgetItem, QWidget

from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.i18n import Translator
from app.services.desk import Desk
from app.services.trip_views import Trip, TripRow, Turn
from ui.language import Language
from ui.tasks import Task, TaskRunner
from ui.widgets.parts import button, clearable, column, label, row
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

_PAUSE_MS = 40
_ID = Qt.ItemDataRole.UserRole


def trip_line(t: Translator, trip: Trip) -> str:
    """How a trip is called: day, kind of place, where."""
    return " · ".join(part for part in (t.show(trip.on), t.show(trip.place), trip.where) if part)


def turn_line(t: Translator, turn: Turn) -> str:
    """How somebody is called in a list of people."""
    born = t.show(turn.birth_date) if turn.birth_date else ""
    parts = (turn.name or t("name not entered"), born, turn.iin, turn.number, t.show(turn.state))
    return " · ".join(part for part in parts if part)


class _Dialog(QDialog):
    """A title, a list of lines, buttons below."""

    def __init__(self, language: Language, title: str, parent: QWidget, **params: object) -> None:
        super().__init__(parent)
        self.language = language
        self.words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(760, 460)
        self.words(self, "windowTitle", title, **params)
        head = label("section", wrap=True)
        self.words(head, "text", title, **params)
        self.list = WrappedList()
        self.words(self.list, "accessibleName", title, **params)
        self.cancel_button, self.done_button = button(), button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setAutoDefault(False)
        self.lines = column(self, margin=24, gap=12)
        self.lines.addWidget(head)
        self.lines.addWidget(self.list, 1)
        self.buttons = row()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.done_button)
        self.lines.addLayout(self.buttons)

    def fill(self, found: Sequence[tuple[str, str]]) -> None:
        """Lines as (id, words); the first is chosen."""
        self.list.clear()
        for identity, words in found:
            item = QListWidgetItem(words)
            item.setData(_ID, identity)
            self.list.addItem(item)
        if found:
            self.list.setCurrentRow(0)


class OfferDialog(_Dialog):
    """Whom the trip may take: cases that lie ready, and people known from earlier cases. `taken()` after each taking.

    Stays open, so that a morning's list goes in without leaving it."""

    taken = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, trip: Trip, parent: QWidget) -> None:
        super().__init__(language, N_("Add people from the cases"), parent)
        self._desk, self._tasks, self._trip = desk, tasks, trip
        self._asked: Task | None = None
        self._found: tuple[Turn, ...] = ()
        self.search = QLineEdit()
        clearable(self.search, self.words)
        self.words(self.search, "placeholderText", N_("Name, ИИН or number"))
        self.words(self.search, "accessibleName", N_("Search the cases"))
        self.note = label("hint", wrap=True)
        self.lines.insertWidget(1, self.search)
        self.lines.insertWidget(3, self.note)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.words(self.cancel_button, "text", N_("Close"))
        self.words(self.done_button, "text", N_("Add to the list"))
        self.done_button.clicked.connect(self.take)
        self.done_button.setAutoDefault(False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self.list.setFocus)
        language.changed.connect(self._show)
        self.search.setFocus()
        self.ask()

    def ask(self) -> None:
        """Ask whom there is, for what is typed."""
        if self._asked is not None:
            self._asked.cancel()
        query = self.search.text()
        self._asked = self._tasks.run(lambda: self._desk.registration.offered(query), done=self._take, owner=self)

    def take(self) -> None:
        """Put whoever is chosen into the trip."""
        ids = [str(item.data(_ID)) for item in self.list.selectedItems()]
        if ids:
            work = lambda: self._desk.registration.take_in(self._trip.id, ids)  # noqa: E731
            self._tasks.run(work, done=self._on_taken, owner=self)

    def _on_taken(self, _none: object) -> None:
        self.taken.emit()
        self.ask()

    def _take(self, found: tuple[Turn, ...]) -> None:
        self._found = found
        self._show()

    def _show(self) -> None:
        t = self.language.t
        self.fill([(turn.case_id, self._line(t, turn)) for turn in self._found])
        self.done_button.setEnabled(bool(self._found))
        self.words(
            self.note,
            "text",
            N_("Several are chosen with Shift or Ctrl. An open case itself goes into the trip; else a new one begins.")
            if self._found
            else N_("Nobody is found: no open case outside of trips and no earlier one begins so."),
        )

    @staticmethod
    def _line(t: Translator, turn: Turn) -> str:
        words = turn_line(t, turn)
        if turn.state in (CaseState.DRAFT, CaseState.DECIDED):
            return words
        return t("{person} · examined on {date}: a new case", person=words, date=turn.on or "–")


class MoveDialog(_Dialog):
    """To which other trip; `chosen(trip_id)`."""

    chosen = Signal(str)

    def __init__(self, language: Language, turn: Turn, trips: Sequence[TripRow], parent: QWidget) -> None:
        name = turn.name or Text(N_("name not entered"))
        super().__init__(language, N_("Move {name} to another trip"), parent, name=name)
        self._trips = trips
        self.words(self.cancel_button, "text", N_("Stay in this trip"))
        self.words(self.done_button, "text", N_("Move"))
        self.done_button.clicked.connect(self._choose)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.note = label("hint", wrap=True)
        self.lines.insertWidget(2, self.note)
        if trips:
            sentence = N_("The person waits at its end. A draft takes the day, place and commission of that trip.")
        else:
            sentence = N_("There is no other open trip. Make one first: “Trips”, “New trip”.")
        self.words(self.note, "text", sentence)
        self.done_button.setEnabled(bool(trips))
        language.changed.connect(self._show)
        self._show()
        self.list.setFocus()

    def _show(self) -> None:
        self.fill([(found.trip.id, trip_line(self.language.t, found.trip)) for found in self._trips])

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(str(item.data(_ID)))
            self.accept()


class CloseDialog(_Dialog):
    """Tells who was not examined before a trip is closed; `confirmed`."""

    confirmed = Signal()

    def __init__(self, language: Language, trip: Trip, left: Sequence[Turn], parent: QWidget) -> None:
        super().__init__(language, N_("Close the trip of {date}?"), parent, date=trip.on)
        self._left = left
        self.what = label(wrap=True)
        self.lines.insertWidget(1, self.what)
        self.words(self.cancel_button, "text", N_("Keep it open"))
        self.words(self.done_button, "text", N_("Close the trip"))
        self.done_button.clicked.connect(self._confirm)
        self.list.setVisible(bool(left))
        language.changed.connect(self._show)
        self._show()
        self.done_button.setFocus()

    def _show(self) -> None:
        t = self.language.t
        self.what.setText(
            t.plural(
                "{n} person was not examined. The record of the trip keeps the name; the case stays as it is.",
                "{n} people were not examined. The record of the trip keeps their names; their cases stay as they are.",
                len(self._left),
            )
            if self._left
            else t("Everybody was examined. No further case comes into the trip; it can be opened again.")
        )
        self.fill([(turn.case_id, f"{turn.turn}. {turn_line(t, turn)} · {t.show(turn.queue)}") for turn in self._left])

    def _confirm(self) -> None:
        self.accept()
        self.confirmed.emit()
