"""One trip: who comes when, who is in, what is missing; people are registered, called, marked and moved here."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.clock import SystemClock
from app.domain.text import N_, Text
from app.domain.vocabulary import QueueState
from app.services.desk import Desk
from app.services.trip_records import not_examined
from app.services.trip_views import Trip, TripRow, Turn, Worklist
from app.services.views import User
from ui import shortcuts
from ui.language import Language
from ui.screens.trips.acts import ActsBar
from ui.screens.trips.details import DetailsPanel
from ui.screens.trips.dialogs import CloseDialog, MoveDialog, OfferDialog, trip_line
from ui.screens.trips.order import Order
from ui.screens.trips.register import RegisterPanel
from ui.screens.trips.worklist import WorklistTable, tally_line
from ui.tasks import Task, TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button, column, label, panel, row
from ui.widgets.words import Words


class TripPage(QWidget):
    """`opened(case_id)`: work on a case; `left`: back to the list of trips; `removed`: the trip is away."""

    opened = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._words = Words(language, self)
        self._asked: Task | None = None
        self._keep: str | None = None
        self.worklist: Worklist | None = None
        self.trip_id = ""
        # Each in its place from the beginning: Qt styles everything anew that is put into another widget later.
        self.stack = QStackedWidget(self)
        self.people = QWidget(self.stack)
        self.rows = QStackedWidget(self.people)
        self._make_top()
        self.table = WorklistTable(language, self.rows)
        self._words(self.table, "accessibleName", N_("People of the trip, in their order"))
        self.order = Order(desk, tasks, language, self.table)
        self._register: RegisterPanel | None = None
        self._details: DetailsPanel | None = None
        self.empty = label(wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words(
            self.empty, "text",
            N_("Nobody is in this trip yet. Press R to register a person, or add people from the cases."),
        )  # fmt: skip
        box = panel()
        column(box, margin=16).addWidget(self.empty)
        self.rows.addWidget(self.table)
        self.rows.addWidget(box)
        lines = self._lines = column(self.people, gap=8)
        lines.addWidget(self.rows, 1)
        self.acts = ActsBar(language, self.people)
        self.chips, self.out_button = self.acts.chips, self.acts.out_button
        lines.addWidget(self.acts)
        self.stack.addWidget(self.people)
        self.note = label("hint", wrap=True)
        self.note.hide()
        whole = column(self, margin=16, gap=8)
        whole.addLayout(self.top)
        whole.addWidget(self.tally)
        whole.addWidget(self.tools)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.note)
        self._connect()
        language.changed.connect(self._show)

    # --- building ----------------------------------------------------------------------------------------------
    def _make_top(self) -> None:
        self.back_button = button("quiet", "chevron-left")
        self._words(self.back_button, "text", N_("Trips"))
        self._words(self.back_button, "toolTip", N_("Back to the list of trips ({key})"), key=shortcuts.native("back"))
        self.title = label("heading", wrap=True)
        self.top = row(gap=12)
        self.top.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        self.top.addWidget(self.title, 1)
        self.tally = label("hint", wrap=True)
        self.next_button = button("primary", "play")
        self.register_button = button("", "user-plus", checkable=True)
        self.offer_button = button("", "clipboard-list")
        self.details_button = button("", "map-pin", checkable=True)
        self.protocol_button = button("", "scroll-text")
        self.papers_button = button("", "printer")
        self.close_button = button("", "check-check")
        self.remove_button = button("danger", "trash-2")
        self.tools = QWidget(self)
        flow = FlowLayout(self.tools)
        for made, words, tip in (
            (self.next_button, N_("Next person"), N_("Call the next who waits and open the case ( N )")),
            (self.register_button, N_("Register a person"), N_("Register a person ( R )")),
            (self.offer_button, N_("Add from the cases…"), N_("Open cases without a trip, and people known here")),
            (self.details_button, N_("Day, place, commission"), N_("Day, place and commission of the trip")),
            (self.protocol_button, N_("Protocol…"), N_("Protocol of the session")),
            (self.papers_button, N_("Papers…"), N_("All papers of the session: print, or write into a folder")),
            (self.close_button, N_("Close the trip…"), N_("Close the trip: it says who was not examined")),
            (self.remove_button, N_("Remove the empty trip"), N_("Nobody is in this trip: take it off the list")),
        ):
            self._words(made, "text", words)
            self._words(made, "toolTip", tip)
            flow.addWidget(made)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.left)
        self.next_button.clicked.connect(self.call_next)
        self.register_button.toggled.connect(self._on_register)
        self.offer_button.clicked.connect(self.offer)
        self.details_button.toggled.connect(self._on_details)
        self.protocol_button.clicked.connect(self.show_protocol)
        self.papers_button.clicked.connect(self.show_papers)
        self.close_button.clicked.connect(self.close_or_reopen)
        self.remove_button.clicked.connect(self._remove)
        self.acts.marked.connect(self._mark)
        self.acts.up_button.clicked.connect(lambda: self.table._step(-1))
        self.acts.down_button.clicked.connect(lambda: self.table._step(1))
        self.acts.move_button.clicked.connect(self.ask_move)
        self.acts.out_button.clicked.connect(self._take_out)
        self.acts.end_button.clicked.connect(self._end)
        self.acts.resume_button.clicked.connect(self._resume)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_acts())
        self.order.changed.connect(self.refresh)
        self.order.called.connect(self._on_called)
        self.order.told.connect(self._say)
        shortcuts.bind(self, "next", self.call_next)
        shortcuts.bind(self, "register", lambda: self.register_button.setChecked(True))
        shortcuts.bind(self, "back", self.left.emit)
        shortcuts.bind(self, "protocol", self.show_protocol)
        shortcuts.bind(self, "session_papers", self.show_papers)

    @property
    def register(self) -> RegisterPanel:
        """Where people are registered, made when somebody asks for it."""
        made = self._register
        if made is None:
            made = self._register = RegisterPanel(self._desk, self._tasks, self._language, self._today, self.people)
            made.hide()
            self._lines.insertWidget(0, made)
            made.trip_id = self.trip_id
            made.registered.connect(self._on_registered)
            made.left.connect(lambda: self.register_button.setChecked(False))
        return made

    @property
    def details(self) -> DetailsPanel:
        """Day, place and commission, made when somebody asks for them: with the list it would hold the window up."""
        made = self._details
        if made is None:
            made = self._details = DetailsPanel(self._desk, self._tasks, self._language, self._today)
            self.stack.addWidget(made)
            made.changed.connect(lambda _trip: self.refresh())
            made.account_wanted.connect(self._make_account)
            self._ask_users()
            if self.worklist is not None:
                made.show_trip(self.worklist.trip)
        return made

    def _ask_users(self) -> None:
        self._tasks.run(self._desk.users.all, done=self._take_users, owner=self)

    def _take_users(self, users: Sequence[User]) -> None:
        if self._details is not None:
            self._details.take_names([user.name for user in users])

    def _make_account(self, name: str) -> None:
        """A member of the commission gets an account on this laptop."""
        from ui.screens.examination.signing import ask_account

        ask_account(self._desk, self._tasks, self._language, name, self.window()).made.connect(self._ask_users)

    # --- what is shown -----------------------------------------------------------------------------------------
    def show_trip(self, trip_id: str, *, details: bool = False) -> None:
        """Another trip, or the same anew."""
        if trip_id != self.trip_id:
            self.trip_id = trip_id
            self.worklist = None
            self._say(None)
            if self._register is not None:
                self._register.trip_id = trip_id
                self._register.clear()
            self.register_button.setChecked(False)
        self.details_button.setChecked(details)
        self.refresh()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        if self.details_button.isChecked():
            return self.details.settlement.focus_widget()
        if self.register_button.isChecked():
            return self.register.identity.edit
        return self.table if self.worklist is not None and self.worklist.turns else self.register_button

    def refresh(self) -> None:
        """Ask for the trip again."""
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._tasks.run(lambda: self._desk.trips.worklist(self.trip_id), done=self._take, owner=self)

    def _take(self, worklist: Worklist) -> None:
        self._asked = None
        if worklist.trip.id != self.trip_id:
            return
        begun = self.worklist is None
        self.worklist = worklist
        self.table.show_turns(worklist.turns, self._keep)
        self._keep = None
        if self._details is not None:
            self._details.show_trip(worklist.trip)
        self.rows.setCurrentIndex(0 if worklist.turns else 1)
        self._show()
        if self.isVisible() and (begun or self.focusWidget() in (None, self.register_button, self.next_button)):
            self.first_field().setFocus()

    def _show(self) -> None:
        if self.worklist is None:
            return
        trip, tally = self.worklist.trip, self.worklist.tally
        line = trip_line(self._language.t, trip)
        self.title.setText(line if trip.is_open else self._language.t("{trip}, closed", trip=line))
        self._words(self.tally, "text", tally_line(tally))
        if not trip.is_open:
            names = [turn.name or turn.number for turn in self.worklist.turns if turn.case_id in trip.left]
            self._say(Text(N_("Not examined when the trip was closed: {names}"), {"names": "; ".join(names)}))
            self.note.setVisible(bool(names))
        self._words(self.close_button, "text", N_("Close the trip…") if trip.is_open else N_("Open the trip again"))
        for made in (self.close_button, self.protocol_button, self.papers_button):
            made.setVisible(bool(self.worklist.turns) or not trip.is_open)
        self.remove_button.setVisible(not self.worklist.turns)
        for made in (self.next_button, self.register_button, self.offer_button):
            made.setEnabled(trip.is_open)
        self._show_acts()

    def _show_acts(self) -> None:
        turn = self.table.selected()
        self.acts.setVisible(turn is not None and not self.register_button.isChecked())
        if turn is None or self.worklist is None:
            return
        self.acts.show_turn(turn, self.table.row(), len(self.worklist.turns))

    def _say(self, text: Text | None) -> None:
        """A sentence below the list; None takes it away."""
        if text is not None:
            self._words(self.note, "text", text)
        self.note.setVisible(text is not None)

    # --- what is done ------------------------------------------------------------------------------------------
    def call_next(self) -> None:
        """Call the next who waits and open the case."""
        if self.next_button.isEnabled():
            self.order.call_next(self.trip_id)

    def _on_called(self, case_id: str) -> None:
        if case_id:
            self._open(case_id)
        else:
            self._say(Text(N_("Nobody waits any more in this trip.")))

    def _open(self, case_id: str) -> None:
        self._keep = case_id
        self.opened.emit(case_id)

    def _mark(self, state: QueueState) -> None:
        turn = self.table.selected()
        if turn is not None:
            self._show_acts()  # a chip is down once it is so
            self.order.mark(turn.case_id, state)
            self.table.setFocus()

    def _end(self) -> None:
        turn = self.table.selected()
        if turn is not None:
            self.order.ask_again(turn.case_id)

    def _resume(self) -> None:
        turn = self.table.selected()
        if turn is not None:
            self._say(None)
            self.order.resume(turn.case_id, turn.number)

    def _on_register(self, wanted: bool) -> None:
        if wanted:
            self.details_button.setChecked(False)
        self.register.setVisible(wanted)
        self._show_acts()
        (self.register.begin if wanted else self.table.setFocus)()

    def _on_registered(self, case_id: str) -> None:
        self._keep = case_id
        self.refresh()

    def _on_details(self, wanted: bool) -> None:
        if wanted:
            self.register_button.setChecked(False)
        else:
            self.settle()
        self.stack.setCurrentWidget(self.details if wanted else self.people)
        (self.details.settlement.focus_widget() if wanted else self.table).setFocus()

    def offer(self) -> None:
        """Choose among cases that lie ready and people who are known."""
        if self.worklist is not None:
            dialog = OfferDialog(self._desk, self._tasks, self._language, self.worklist.trip, self)
            dialog.taken.connect(self.refresh)
            dialog.open()

    def ask_move(self) -> None:
        """Ask to which other trip."""
        turn = self.table.selected()
        if turn is not None:
            self._tasks.run(self._desk.trips.rows, done=lambda rows: self._ask_where(turn, rows), owner=self)

    def _ask_where(self, turn: Turn, rows: tuple[TripRow, ...]) -> None:
        others = [found for found in rows if found.trip.is_open and found.trip.id != self.trip_id]
        dialog = MoveDialog(self._language, turn, others, self)
        dialog.chosen.connect(lambda trip_id: self.order.move_to(trip_id, turn.case_id))
        dialog.open()

    def _take_out(self) -> None:
        turn = self.table.selected()
        if turn is not None:
            self.order.take_out(turn.case_id)
            sentence = N_("{name} is in no trip now. “Add from the cases” puts the case back.")
            self._say(Text(sentence, {"name": turn.name or turn.number}))

    def show_protocol(self) -> None:
        """The protocol of the session, to be read, printed, saved."""
        if self.worklist is not None and self.protocol_button.isVisible():
            from ui.screens.trips.protocol_dialog import ProtocolDialog

            ProtocolDialog(self._desk, self._tasks, self._language, self.worklist.trip, self).open()

    def show_papers(self) -> None:
        """All papers of the session."""
        if self.worklist is not None and self.papers_button.isVisible():
            from ui.screens.trips.session_papers import SessionPapers

            SessionPapers(self._desk, self._tasks, self._language, self.worklist.trip, self).open()

    def close_or_reopen(self) -> None:
        """Close the trip once it was said who was not examined; or take cases again."""
        if self.worklist is None:
            return
        self._say(None)
        if self.worklist.trip.is_open:
            dialog = CloseDialog(self._language, self.worklist.trip, not_examined(self.worklist), self)
            dialog.confirmed.connect(lambda: self._run(lambda: self._desk.trips.close(self.trip_id)))
            dialog.open()
        else:
            self._run(lambda: self._desk.trips.reopen(self.trip_id))

    def _run(self, work: Callable[[], object]) -> None:
        self._tasks.run(work, done=lambda _none: self.refresh(), owner=self)

    def _remove(self) -> None:
        gone = self.trip_id
        self._tasks.run(lambda: self._desk.trips.remove(gone), done=lambda _none: self.left.emit(), owner=self)

    def settle(self) -> None:
        """Take in what is being typed."""
        if self._details is not None:
            self._details.settle()

    def _today(self) -> date:
        return SystemClock().today()

    @property
    def trip(self) -> Trip | None:
        """The trip shown, once it is here."""
        return self.worklist.trip if self.worklist is not None else None
