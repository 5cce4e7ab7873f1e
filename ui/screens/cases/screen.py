"""Find a case, begin a case, call the next person: the day's list."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QMenu, QStackedWidget, QWidget

from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, CaseState
from app.services.desk import Desk
from app.services.trip_views import Turn
from app.services.views import CaseRow, CaseView
from ui import shortcuts
from ui.language import Language
from ui.screens.cases.discard import DiscardDialog
from ui.screens.cases.model import CasesModel, Column, born_and_age
from ui.screens.cases.today import LEFT, Day, TodayChips
from ui.screens.trips.order import Order
from ui.screens.trips.worklist import WorklistTable, tally_line
from ui.tasks import Task, TaskRunner
from ui.theme import restyle
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button, clearable, column, label, panel, row
from ui.widgets.tables import RowTable
from ui.widgets.words import Words

_CHIPS = (CaseState.DRAFT, CaseState.DECIDED, CaseState.SIGNED, CaseState.SUPERSEDED, CaseState.ENDED)
_LIMIT = 100
_PAUSE_MS = 40  # a fast typist's letters are asked for together


class CasesScreen(QWidget):
    """The home screen. `opened(case_id)` when a case was chosen or begun."""

    opened = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._asked: Task | None = None
        self._keep: str | None = None
        self._counts: Mapping[CaseState, int] = {}
        self._tallied = False
        title = label("heading")
        words(title, "text", N_("Cases"))
        self.search = QLineEdit()
        clearable(self.search, words)
        self.search.setMinimumWidth(320)
        words(self.search, "placeholderText", N_("Name, ИИН or number"))
        words(self.search, "accessibleName", N_("Search the cases"))
        words(self.search, "toolTip", N_("Search ( / )"))
        self.next_button = button("primary", "play")
        words(self.next_button, "text", N_("Next person"))
        words(self.next_button, "toolTip", N_("Call the next who waits in today's trip and open the case ( N )"))
        self.next_button.clicked.connect(self.call_next)
        self.next_button.hide()
        self.new_button = button("primary", "plus")
        words(self.new_button, "text", N_("New case"))
        words(self.new_button, "toolTip", N_("New case ( N )"))
        self.new_button.clicked.connect(self.begin_case)
        top = row(gap=16)
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.search, 2)
        top.addWidget(self.new_button)
        top.addWidget(self.next_button)
        self.chips = {state: button("chip", checkable=True) for state in _CHIPS}
        chips = QWidget(self)
        flow = FlowLayout(chips)
        self._said: Text | None = None
        self.today = TodayChips(language, flow)
        self.today.changed.connect(self.refresh)
        for chip in self.chips.values():
            chip.toggled.connect(self.refresh)
            flow.addWidget(chip)
        self.model = CasesModel(language, self)
        self.stack = QStackedWidget(self)
        self.table = RowTable(self.model, self.stack)
        words(self.table, "accessibleName", N_("Cases"))
        self.table.activated.connect(self.open_selected)
        self.turns = WorklistTable(language, self.stack)
        words(self.turns, "accessibleName", N_("People of the trip, in their order"))
        self.turns.opened.connect(self._open)
        self.order = Order(desk, tasks, language, self.turns)
        self.order.changed.connect(self.refresh)
        self.order.called.connect(self._on_called)
        self.order.told.connect(self._say_next)
        self.empty = self._empty()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.turns)
        self.note = label("hint", wrap=True)
        lines = column(self, margin=16, gap=12)
        lines.addLayout(top)
        lines.addWidget(chips)
        lines.addWidget(self.stack, 1)
        lines.addWidget(self.note)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._first_hit)
        shortcuts.bind(self, "search", self._to_search)
        shortcuts.bind(self, "next", self.next_or_new)
        shortcuts.bind(self, "new", self.begin_case)
        for table in (self.table, self.turns):
            shortcuts.bind(table, "discard", self.discard)
            shortcuts.bind(table, "correct", self.correct)
            shortcuts.bind(table, "resume", self.resume)
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            table.customContextMenuRequested.connect(self._acts)
        self.dialog: QDialog | None = None
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        if self._narrowed():
            return self.turns
        return self.table if self.model.rows else self.new_button

    def selected(self) -> CaseRow | Turn | None:
        """The case under the cursor of the list that is shown."""
        if self._narrowed():
            return self.turns.selected()
        at = self.table.row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _narrowed(self) -> bool:
        """Whether the people of a trip are shown."""
        return self.stack.currentWidget() is self.turns

    def refresh(self, *_: object, keep: str | None = None) -> None:
        """Ask for the rows again. An answer that a newer question has overtaken is dropped."""
        if self._asked is not None:
            self._asked.cancel()
        query = self.search.text()
        states = frozenset(state for state, chip in self.chips.items() if chip.isChecked())
        chosen = self.selected()
        self._keep = keep or self._keep or (_id(chosen) if chosen else None)
        desk, question = self._desk, self.today.question()
        cases = desk.examinations
        self._asked = self._tasks.run(
            lambda: (cases.rows(query, states, _LIMIT), cases.counts(), question.ask(desk), desk.deadlines.today()),
            done=lambda found: self._show(*found),
            owner=self,
        )

    def next_or_new(self) -> None:
        """The next person of today's trip; without a trip of today, a new case."""
        if self.today.trip() is None:
            self.begin_case()
        else:
            self.call_next()

    def call_next(self) -> None:
        """Call the next who waits in the trip of today that is chosen, else in the one where work was left."""
        found = self.today.trip()
        if found is not None:
            self.order.call_next(found.trip.id)

    def _on_called(self, case_id: str) -> None:
        if case_id:
            self._open(case_id)
        else:
            self._words(self.note, "text", N_("Nobody waits in this trip of today. Ctrl+N begins a new case."))
            self.refresh()

    def begin_case(self) -> None:
        """Begin a case and open it: in the trip whose people are shown, else in none."""
        trips, choice = self._desk.trips, self.today.day.choice
        begin = self._desk.examinations.create
        if self._narrowed() and choice is not None:
            begin = partial(trips.begin_case, choice)
        self.new_button.setEnabled(False)

        def made(view: CaseView) -> None:
            self.new_button.setEnabled(True)
            self._keep = view.id
            self.opened.emit(view.id)

        def failed(error: BaseException) -> None:
            self.new_button.setEnabled(True)
            self._tasks.failed.emit(error)

        self._tasks.run(begin, done=made, failed=failed, owner=self)

    def open_selected(self) -> None:
        """Open the case under the cursor."""
        chosen = self.selected()
        if chosen is not None:
            self._open(_id(chosen))

    def _open(self, case_id: str) -> None:
        self._keep = case_id
        self.opened.emit(case_id)

    def discard(self) -> None:
        """Ask why the draft under the cursor is to go, and take it off the list."""
        chosen = self.selected()
        if chosen is None:
            return
        if chosen.state != CaseState.DRAFT:
            self._words(self.note, "text", N_("Only a draft can be discarded: {number} is {state}."),
                        number=chosen.number, state=chosen.state)  # fmt: skip
            return
        dialog = DiscardDialog(self._language, chosen, self)
        dialog.confirmed.connect(lambda reason: self._discard(chosen, reason))
        dialog.open()

    def _discard(self, chosen: CaseRow | Turn, reason: str) -> None:
        def gone(_: object) -> None:
            self._words(self.note, "text", N_("The draft {number} was discarded."), number=chosen.number)
            self._keep = None
            self.refresh()

        self._tasks.run(lambda: self._desk.examinations.discard(_id(chosen), reason), done=gone, owner=self)

    def correct(self) -> None:
        """Ask why the signed case under the cursor is corrected, and open the correction."""
        chosen = self.selected()
        if chosen is None:
            return
        if chosen.state != CaseState.SIGNED:
            self._words(self.note, "text", N_("Only a signed case can be corrected: {number} is {state}."),
                        number=chosen.number, state=chosen.state)  # fmt: skip
            return
        from ui.screens.examination.case_acts import begin_correction

        begin_correction(self._desk, self._tasks, self._language, _id(chosen), chosen.number, self,
                         done=self.opened.emit, keep=self._keep_dialog)  # fmt: skip

    def resume(self) -> None:
        """Ask why the ended case under the cursor goes on."""
        chosen = self.selected()
        if chosen is None:
            return
        if chosen.state != CaseState.ENDED:
            self._words(self.note, "text", N_("Only an ended case can be resumed: {number} is {state}."),
                        number=chosen.number, state=chosen.state)  # fmt: skip
            return
        from ui.screens.examination.case_acts import begin_resuming

        begin_resuming(self._desk, self._tasks, self._language, _id(chosen), chosen.number, self,
                       done=lambda: self.refresh(keep=_id(chosen)), keep=self._keep_dialog)  # fmt: skip

    def _keep_dialog(self, dialog: QDialog) -> None:
        self.dialog = dialog

    def _acts(self, where: QPoint) -> None:
        """The acts on a row, for who works with the mouse."""
        chosen, t = self.selected(), self._language.t
        if chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for state, name, words, act in (
            (None, "open", t("Open the case"), self.open_selected),
            (CaseState.DRAFT, "discard", t("Discard the draft"), self.discard),
            (CaseState.SIGNED, "correct", t("Correct the signed case"), self.correct),
            (CaseState.ENDED, "resume", t("Resume the ended case"), self.resume),
        ):
            if state in (None, chosen.state):
                menu.addAction(f"{words}\t{shortcuts.native(name)}", act)
        table = self.turns if self._narrowed() else self.table
        menu.popup(table.viewport().mapToGlobal(where))

    def retranslate(self) -> None:
        """Every word again."""
        self.model.retranslate()
        for state, chip in self.chips.items():
            chip.setText(f"{self._language.t(LABELS[state])}  {self._counts.get(state, 0)}")
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "table"):
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _show(self, rows: tuple[CaseRow, ...], counts: Mapping[CaseState, int], day: Day, today: date) -> None:
        self._asked = None
        self._counts = counts
        self._show_day(day)
        self.model.today = today
        states = [state for state, chip in self.chips.items() if chip.isChecked()]
        # A search looks through all cases, whatever the day shows.
        if day.choice == LEFT and not self.search.text():
            rows = tuple(found for found in day.left if not states or found.state in states)
        self.model.show(rows)
        self.retranslate()
        place = next((at for at, found in enumerate(rows) if found.id == self._keep), 0)
        if rows:
            self.table.choose(place)
        narrowed = day.worklist is not None and not self.search.text()
        if day.worklist is not None:
            turns = tuple(turn for turn in day.worklist.turns if not states or turn.state in states)
            self.turns.show_turns(turns, self._keep)
        self._keep = None
        shown = self.turns if narrowed else self.table if rows else self.empty
        moved = shown is not self.stack.currentWidget() and self.focusWidget() in (self.table, self.turns)
        self.stack.setCurrentWidget(shown)
        idle = moved or self.focusWidget() in (None, self.new_button, self.empty_button, self.next_button)
        if shown is not self.empty and self.isVisible() and idle:
            shown.setFocus()
        if narrowed:
            return
        searching = bool(self.search.text()) or bool(states)
        if not rows:
            self._words(self.empty_title, "text", N_("Nothing found") if searching else N_("No cases yet"))
            self._words(
                self.empty_text,
                "text",
                N_("No case begins with these letters or digits in its name, ИИН or number. Change the search.")
                if searching
                else N_("Press N or the button to enter the first person. Each field is saved as it is filled in."),
            )
            self.empty_button.setVisible(not searching)
        elif len(rows) == _LIMIT:
            self._words(self.note, "text", N_("The newest {n} are shown. Type more to find older ones."), n=_LIMIT)

    def _say_next(self, text: Text) -> None:
        """In place of the day's line, once the rows that are being asked for are here."""
        self._said = text

    def _show_day(self, day: Day) -> None:
        """Chips and buttons of today: with a trip, N takes the next person and Ctrl+N begins a case."""
        self.today.show_day(day)
        on = bool(day.trips)
        self.next_button.setVisible(on)
        self._words(self.new_button, "toolTip", N_("New case ( Ctrl+N )") if on else N_("New case ( N )"))
        if self.new_button.property("kind") != ("" if on else "primary"):
            self.new_button.setProperty("kind", "" if on else "primary")
            restyle(self.new_button)
        if day.worklist is not None:
            self._words(self.note, "text", self._said or tally_line(day.worklist.tally))
            self._said = None
        elif self._tallied:
            self._words.forget(self.note)
            self.note.clear()
        self._tallied = day.worklist is not None

    def _first_hit(self) -> None:
        if self.model.rows:
            self.table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _measure(self) -> None:
        """Columns as wide as their widest possible words at this size; names and decisions share the rest.

        Where that rest is too little for a long name, rows become compact: two lines, fewer columns.
        """
        metrics, titles = self.table.fontMetrics(), self.table.horizontalHeader().fontMetrics()
        words = {
            Column.STATE: max(metrics.horizontalAdvance(self._language.t(LABELS[s])) for s in CaseState) + 28,
            Column.BORN: metrics.horizontalAdvance(born_and_age(self._language, "00.00.0000", 100)),
            Column.IIN: metrics.horizontalAdvance("000000000000"),
            Column.NUMBER: metrics.horizontalAdvance("00/2026/000000"),
            Column.EXAMINED: metrics.horizontalAdvance("00.00.0000"),
        }

        def width(column: Column, compact: bool) -> int:
            lines = self.model.title(column, compact=compact).split("\n")
            return max(words[column], *(round(titles.horizontalAdvance(line) * 1.12) for line in lines)) + 24

        room = self.table.viewport().width() - sum(width(column, False) for column in words)
        name = metrics.horizontalAdvance("Құдайбергенова Айсұлу Мұхтарқызы") * 1.1
        compact = self.model.compact = room / 2 < name
        header = self.table.horizontalHeader()
        for at in Column:
            self.table.setColumnHidden(at, compact and at in (Column.IIN, Column.EXAMINED))
            if at in words:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(at, width(at, compact))
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.table.set_lines(2 if compact else 1)

    def _empty(self) -> QWidget:
        box = panel()
        lines = column(box, margin=32, gap=12)
        self.empty_title = label("section", wrap=True)
        self.empty_text = label(wrap=True)
        self.empty_button = button("primary", "plus")
        self._words(self.empty_button, "text", N_("New case"))
        self.empty_button.clicked.connect(self.begin_case)
        lines.addStretch(1)
        for part in (self.empty_title, self.empty_text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            lines.addWidget(part)
        lines.addWidget(self.empty_button, 0, Qt.AlignmentFlag.AlignCenter)
        lines.addStretch(2)
        return box


def _id(chosen: CaseRow | Turn) -> str:
    return chosen.case_id if isinstance(chosen, Turn) else chosen.id
