"""Find a person; see everything that is known of one."""

from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStackedWidget, QWidget

from app.domain.clock import SystemClock
from app.domain.errors import Told
from app.domain.text import N_, LocalText
from app.services.desk import Desk
from app.services.person_views import Found, PersonCard, PersonRow
from app.services.views import CaseView
from ui import shortcuts
from ui.language import Language
from ui.screens.people import words as said
from ui.screens.people.card import PersonCardView
from ui.screens.people.dialogs import MergeDialog, SeparateDialog
from ui.screens.people.model import Column, PeopleModel
from ui.tasks import Task, TaskRunner
from ui.widgets.parts import clearable, column, label, panel, row
from ui.widgets.tables import RowTable
from ui.widgets.words import Words

_PAUSE_MS = 40  # a fast typist's letters are asked for together


class PeopleScreen(QWidget):
    """The list, and instead of it the card of one person. `opened(case_id)` when a case was chosen or begun."""

    opened = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._asked: Task | None = None
        self._keep: str | None = None
        title = label("heading")
        words(title, "text", N_("People"))
        self.search = QLineEdit()
        clearable(self.search, words)
        self.search.setMinimumWidth(380)
        words(self.search, "placeholderText", N_("Surname and given name, or ИИН"))
        words(self.search, "accessibleName", N_("Search the people"))
        words(self.search, "toolTip", N_("Search ( / )"))
        top = row(gap=16)
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.search)
        self.stack = QStackedWidget(self)
        column(self).addWidget(self.stack)
        self.list = QWidget(self.stack)
        self.rows = QStackedWidget(self.list)
        self.model = PeopleModel(language, self._today, self)
        self.table = RowTable(self.model, self.rows)
        words(self.table, "accessibleName", N_("People"))
        self.table.activated.connect(self.open_selected)
        self.empty = panel()
        self.empty_title = label("section", wrap=True)
        self.empty_text = label(wrap=True)
        empty = column(self.empty, margin=32, gap=12)
        empty.addStretch(1)
        for part in (self.empty_title, self.empty_text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            empty.addWidget(part)
        empty.addStretch(2)
        self.rows.addWidget(self.table)
        self.rows.addWidget(self.empty)
        self.note = label("hint", wrap=True)
        lines = column(self.list, margin=16, gap=12)
        lines.addLayout(top)
        lines.addWidget(self.rows, 1)
        lines.addWidget(self.note)
        self._card: PersonCardView | None = None
        self.stack.addWidget(self.list)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._first_hit)
        shortcuts.bind(self.list, "search", self._to_search)
        language.changed.connect(self.retranslate)
        self.retranslate()

    @property
    def card(self) -> PersonCardView:
        """What is known of one person; made when the first one is opened."""
        made = self._card
        if made is None:
            made = self._card = PersonCardView(self._language, self._today, self.stack)
            self.stack.addWidget(made)
            made.back.connect(self.show_list)
            made.opened.connect(self.opened)
            made.begun.connect(self._begin)
            made.merge_wanted.connect(self._ask_whom)
            made.separate_wanted.connect(self._ask_to_separate)
            shortcuts.bind(made, "back", self.show_list)
        return made

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.search if self.stack.currentWidget() is self.list else self.card.first_field()

    def refresh(self) -> None:
        """What is shown may have changed meanwhile."""
        self._ask()
        if self.stack.currentWidget() is not self.list and self.card.card is not None:
            self.show_person(self.card.card.id)

    def selected(self) -> PersonRow | None:
        """The person under the cursor."""
        row = self.table.row()
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    # --- the list ---------------------------------------------------------------------------------------------
    def _ask(self) -> None:
        """Ask for the rows again. An answer that a newer question has overtaken is dropped."""
        if self._asked is not None:
            self._asked.cancel()
        query, chosen = self.search.text(), self.selected()
        self._keep = self._keep or (chosen.id if chosen else None)
        self._asked = self._tasks.run(lambda: self._desk.people.search(query), done=self._show, owner=self)

    def _show(self, found: Found) -> None:
        self._asked = None
        self.model.show(found.rows)
        self._measure()
        place = next((at for at, row in enumerate(found.rows) if row.id == self._keep), 0)
        self._keep = None
        if found.rows:
            self.table.choose(place)
        self.rows.setCurrentWidget(self.table if found.rows else self.empty)
        searching = bool(self.search.text().strip())
        self._words(self.empty_title, "text", N_("Nobody found") if searching else N_("Nobody yet"))
        self._words(
            self.empty_text,
            "text",
            N_("No surname, given name or ИИН begins so. Type fewer letters, or another spelling.")
            if searching
            else N_("Whoever is entered in a case stands here with everything that was decided."),
        )
        if found.more:
            self._words(self.note, "text", N_("The first {n} are shown. Type more to find the others."),
                        n=len(found.rows))  # fmt: skip
        elif found.rows:
            self._words(self.note, "text", N_("Enter opens everything that is known of a person."))
        else:
            self._words.forget(self.note)
            self.note.clear()

    def _first_hit(self) -> None:
        """Enter in the search: to the list; where it found one person only, to that person."""
        if len(self.model.rows) == 1 and not self._pause.isActive() and self._asked is None:
            self.show_person(self.model.rows[0].id)
        elif self.model.rows:
            self.table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def show_list(self) -> None:
        """Back to who was found."""
        self.stack.setCurrentWidget(self.list)
        (self.table if self.model.rows else self.search).setFocus()

    # --- one person -------------------------------------------------------------------------------------------
    def open_selected(self) -> None:
        """The card of the person under the cursor."""
        chosen = self.selected()
        if chosen is not None:
            self.show_person(chosen.id)

    def show_person(self, person_id: str) -> None:
        """Read everything about one person and show it."""

        def gone(error: BaseException) -> None:
            self.show_list()
            self._ask()
            self._tasks.failed.emit(error)

        self._tasks.run(partial(_read, self._desk, person_id), done=self._show_card, failed=gone, owner=self)
        _ = self.card  # made while it is read

    def _show_card(self, read: tuple[PersonCard, dict[str, LocalText]]) -> None:
        card, causes = read
        before = self.stack.currentWidget()
        self._keep = card.id
        self.card.show_card(card, causes)
        self.stack.setCurrentWidget(self.card)
        if before is not self.card and self.isVisible():
            self.card.first_field().setFocus()

    def _begin(self, person_id: str) -> None:
        def made(view: CaseView) -> None:
            self.opened.emit(view.id)

        self._tasks.run(lambda: self._desk.examinations.create(person=person_id), done=made, owner=self)

    def _ask_whom(self, card: PersonCard) -> None:
        dialog = MergeDialog(self._desk, self._tasks, self._language, card, self)
        dialog.merged.connect(lambda: self._after(card.id))
        dialog.open()

    def _ask_to_separate(self, card: PersonCard, merged: str) -> None:
        one = next(part for part in card.merged if part.id == merged)
        dialog = SeparateDialog(self._desk, self._tasks, self._language, card, one, self)
        dialog.separated.connect(lambda: self._after(card.id))
        dialog.open()

    def _after(self, person_id: str) -> None:
        self._ask()
        self.show_person(person_id)

    # --- look and language ------------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """Every word again."""
        self.model.retranslate()
        if self._card is not None:
            self._card.retranslate()
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "table"):
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _today(self) -> date:
        return SystemClock().today()

    def _measure(self) -> None:
        """Columns as wide as their widest words; names and decisions share the rest, on two lines if it is little."""
        metrics, titles = self.table.fontMetrics(), self.table.horizontalHeader().fontMetrics()
        t, example = self._language.t, "2000-12-31"
        words = {
            Column.IIN: metrics.horizontalAdvance("000000 000000"),
            Column.BORN: metrics.horizontalAdvance(said.born(t, "1926-01-01", date(2026, 12, 31))),
            Column.DUE: metrics.horizontalAdvance(said.due(t, example, date(2026, 12, 31))),
        }

        def width(at: Column, compact: bool) -> int:
            lines = self.model.title(at, compact=compact).split("\n")
            return max(words[at], *(round(titles.horizontalAdvance(line) * 1.12) for line in lines)) + 24

        room = self.table.viewport().width() - sum(width(at, False) for at in words)
        name = metrics.horizontalAdvance("Құдайбергенова Айсұлу Мұхтарқызы") * 1.1
        compact = self.model.compact = room / 2 < name
        header = self.table.horizontalHeader()
        for at in Column:
            self.table.setColumnHidden(at, compact and at == Column.IIN)
            if at in words:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(at, width(at, compact))
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.table.set_lines(2 if compact else 1)


def _read(desk: Desk, person_id: str) -> tuple[PersonCard, dict[str, LocalText]]:
    """On the worker: the card, and how the causes in it are called by the criteria of their days."""
    card = desk.people.card(person_id)
    causes: dict[str, LocalText] = {}
    for case in card.cases:
        if case.cause and case.examined_on and case.cause not in causes:
            try:
                pack = desk.packs.for_date(date.fromisoformat(case.examined_on))
            except Told:
                continue  # criteria of that day are not here any more: the code stands for itself
            causes |= {found.code: found.name for found in pack.causes}
    return card, causes
