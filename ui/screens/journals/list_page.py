"""One journal: filters, its table page by page, and the way to a file or onto paper."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.journal_columns import COLUMNS, TITLES
from app.services.journals import Asked, JournalName, JournalPage
from ui import shortcuts
from ui.language import Language
from ui.screens.journals.export import ExportDialog
from ui.screens.journals.filters import WRONG_PERIOD, FilterBar
from ui.screens.journals.model import JournalModel, ModelRow
from ui.screens.journals.table import JournalTable
from ui.tasks import Task, TaskRunner
from ui.widgets.choice import Combo
from ui.widgets.parts import IconButton, button, column, label, panel, row
from ui.widgets.words import Words

PAGE: Final = 50
_EMPTY = {
    "protocols": N_("Each case is entered here by itself when its commission has signed it."),
    "papers": N_("A numbered blank is entered here when it is issued with a signed case or written off."),
    "refusals": N_("Cases that ended without a decision are entered here with their ground."),
}


class ListPage(QWidget):
    """`opened(case_id)` where a row was chosen."""

    opened = Signal(str)

    def __init__(self, name: JournalName, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._desk, self._tasks, self._language = name, desk, tasks, language
        words = self._words = Words(language, self)
        self._asked: Task | None = None
        self._sort, self._descending = "", True
        self._ends: list[Any] = [None]  # where each page that was gone through begins
        self._page: JournalPage | None = None
        self._total: int | None = None
        self._first = True
        self.filters = FilterBar(name, language, words, desk.due.today, self)
        self.filters.changed.connect(self._from_the_top)
        self.filters.wrong.connect(self._say_wrong)
        self.model = JournalModel(name, language, self)
        self.stack = QStackedWidget(self)
        self.table = JournalTable(self.model, words, TITLES[name], self.stack)
        self.table.chosen.connect(self.opened)
        self.table.sorted_by.connect(self._on_head)
        self.sort = Combo(self)
        words(self.sort, "accessibleName", N_("Sort by"))
        self.sort.activated.connect(self._on_sort)
        self.way_button = button("", "arrow-down", alone=True)
        self.way_button.clicked.connect(self._turn)
        self.export_button = button("", "download")
        words(self.export_button, "text", N_("Save or print…"))
        self.export_button.clicked.connect(self.export)
        self.back_button, self.on_button = button("quiet", "chevron-left"), button("quiet", "chevron-right")
        words(self.back_button, "text", N_("Page back"))
        words(self.on_button, "text", N_("Page on"))
        self.back_button.clicked.connect(lambda: self._turn_page(-1))
        self.on_button.clicked.connect(lambda: self._turn_page(1))
        self.where = label("hint")
        self.note = label("hint", wrap=True)
        self.empty = self._make_empty()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        order = row(gap=8)
        by = label("label")
        words(by, "text", N_("Sort by"))
        by.setBuddy(self.sort)
        for part in (by, self.sort, self.way_button):
            order.addWidget(part)
        order.addWidget(self.note, 1)
        order.addWidget(self.export_button)
        foot = row(gap=8)
        foot.addWidget(self.back_button)
        foot.addWidget(self.where)
        foot.addWidget(self.on_button)
        foot.addStretch(1)
        lines = column(self, gap=8)
        lines.setContentsMargins(0, 12, 0, 0)
        lines.addWidget(self.filters)
        lines.addLayout(order)
        lines.addWidget(self.stack, 1)
        lines.addLayout(foot)
        shortcuts.bind(self, "search", self.filters.search.setFocus)
        shortcuts.bind(self, "page_on", lambda: self._turn_page(1))
        shortcuts.bind(self, "page_back", lambda: self._turn_page(-1))
        shortcuts.bind(self, "export", self.export)
        self.filters.search.returnPressed.connect(self.table.setFocus)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.table if self.model.rows else self.filters.search

    def asked(self) -> Asked:
        """What is on the screen, with its order."""
        return replace(self.filters.asked(), sort=self._sort, descending=self._descending)

    def refresh(self) -> None:
        """Ask for the page again. An answer that a newer question has overtaken is dropped."""
        if self._asked is not None:
            self._asked.cancel()
        asked, after, name = self.asked(), self._ends[-1], self._name
        journals = self._desk.journals
        self._asked = self._tasks.run(lambda: journals.page(name, asked, after, PAGE), done=self._show, owner=self)

    def export(self) -> None:
        """Ask in which form, and where to."""
        if self._page is not None:
            dialog = ExportDialog(self._name, self.asked(), self._desk, self._tasks, self._language, self)
            dialog.produced.connect(self._say)
            dialog.open()

    def retranslate(self) -> None:
        """Every word again."""
        self.filters.retranslate()
        self.model.retranslate()
        self.table.measure()
        self._show_order()
        self._show_where()

    def _show(self, page: JournalPage) -> None:
        self._asked = None
        self._page = page
        if len(self._ends) == 1:
            self._total = page.total
        self._sort, self._descending = page.sort, page.descending
        had_focus = self.table.hasFocus()
        first, self._first = self._first, False
        self.table.show_rows(tuple(ModelRow(found.case_id, found.cells) for found in page.rows))
        self.table.mark_order(page.sort, page.descending)
        self.stack.setCurrentWidget(self.table if page.rows else self.empty)
        if first and page.rows and self.filters.search.hasFocus() and not self.filters.search.text():
            self.table.setFocus()
        if not page.rows:
            asked_all = self.filters.is_empty()
            self._words(self.empty_title, "text", N_("Nothing here yet") if asked_all else N_("Nothing found"))
            self._words(self.empty_text, "text", _EMPTY[self._name] if asked_all else
                        N_("No row fits the search, the period and the filters."))  # fmt: skip
            self.clear_button.setVisible(not asked_all)
            if had_focus:
                self.filters.search.setFocus()
        self._words.forget(self.note)
        self.note.clear()
        if not page.narrow:
            self._words(
                self.note, "text",
                N_("So many rows are sorted by these columns only. Choose a shorter period to sort by any column."),
            )  # fmt: skip
        self._show_order()
        self._show_where()

    def _show_order(self) -> None:
        page = self._page
        t = self._language.t
        offered = [each for each in COLUMNS[self._name] if page is not None and each.name in page.sortable]
        self._offered = [each.name for each in offered]
        self.sort.clear()
        self.sort.addItems([t(each.title) for each in offered])
        if self._sort in self._offered:
            self.sort.setCurrentIndex(self._offered.index(self._sort))
        words = N_("Sorted downwards: turn round") if self._descending else N_("Sorted upwards: turn round")
        self._words(self.way_button, "accessibleName", words)
        self._words(self.way_button, "toolTip", words)
        if isinstance(self.way_button, IconButton):
            self.way_button.set_icon_name("arrow-down" if self._descending else "arrow-up")

    def _show_where(self) -> None:
        page, t = self._page, self._language.t
        count = len(page.rows) if page is not None else 0
        first = (len(self._ends) - 1) * PAGE + 1
        if not count:
            self.where.setText("")
        elif self._total is not None:
            self.where.setText(
                t("Rows {first} to {last} of {total}", first=first, last=first + count - 1, total=self._total)
            )
        else:
            self.where.setText(t("Rows {first} to {last}", first=first, last=first + count - 1))
        self.back_button.setEnabled(len(self._ends) > 1)
        self.on_button.setEnabled(page is not None and page.end is not None)
        self.export_button.setEnabled(bool(count))

    def _from_the_top(self) -> None:
        self._ends = [None]
        self.refresh()

    def _on_head(self, name: str) -> None:
        if name == self._sort:
            self._turn()
        elif name in self._offered:
            self._order(name)

    def _on_sort(self, at: int) -> None:
        self._order(self._offered[at])

    def _order(self, name: str) -> None:
        self._sort = name
        # The newest day and number first, names from their beginning.
        self._descending = name in ("entry", "examined_on", "taken_at", "changed_at", "number")
        self._from_the_top()

    def _turn(self) -> None:
        self._descending = not self._descending
        self._from_the_top()

    def _turn_page(self, step: int) -> None:
        if step > 0 and self._page is not None and self._page.end is not None:
            self._ends.append(self._page.end)
        elif step < 0 and len(self._ends) > 1:
            self._ends.pop()
        else:
            return
        self.refresh()

    def _say(self, said: Text) -> None:
        self._words(self.note, "text", said)

    def _say_wrong(self, wrong: bool) -> None:
        if wrong:
            self._words(self.note, "text", WRONG_PERIOD)
        else:
            self._words.forget(self.note)
            self.note.clear()

    def _make_empty(self) -> QWidget:
        box = panel()
        lines = column(box, margin=32, gap=12)
        self.empty_title, self.empty_text = label("section", wrap=True), label(wrap=True)
        self.clear_button = button("", "x")
        self._words(self.clear_button, "text", N_("Show everything"))
        self.clear_button.clicked.connect(self.filters.clear)
        lines.addStretch(1)
        for part in (self.empty_title, self.empty_text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            lines.addWidget(part)
        lines.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignCenter)
        lines.addStretch(2)
        return box
