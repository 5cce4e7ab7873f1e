"""Numbered blanks: the ranges that the department received, what is left of each, and writing off."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from app.domain import dates
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, PaperKind
from app.services.desk import Desk
from app.services.papers import LOW, RangeView
from ui.language import Language
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.choice import Combo
from ui.widgets.labelled import Labelled
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.question import Question
from ui.widgets.words import Words

_HEADS = (N_("Paper"), N_("Series"), N_("Numbers"), N_("Received"), N_("Left"))


class PapersPage(QWidget):
    """Enter a range, take one out that was a slip, write off a blank that was spoiled before it was issued."""

    title = N_("Numbered blanks")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._views: tuple[RangeView, ...] = ()
        about = label("hint", wrap=True)
        words(
            about, "text",
            N_("Enter the ranges of blanks that the department received. A signed case then takes the next number by"
               " itself, in the order of this list. Which papers have numbered blanks is the department's to say."),
        )  # fmt: skip
        self.low = label("warning", wrap=True)
        self.low.hide()
        self.list = QTableWidget(0, len(_HEADS))
        self.list.verticalHeader().hide()
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setTabKeyNavigation(False)
        self.list.setShowGrid(False)
        self.list.setMinimumHeight(self.fontMetrics().lineSpacing() * 7)
        self.list.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for at in (0, 3):
            self.list.horizontalHeader().setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.list.horizontalHeader().setHighlightSections(False)
        self.list.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.list.itemSelectionChanged.connect(self._show_selected)
        words(self.list, "accessibleName", N_("Ranges of blanks"))
        self.remove_button = button("", "trash-2")
        words(self.remove_button, "text", N_("Take the range out"))
        words(self.remove_button, "toolTip", N_("Only while none of its numbers was used"))
        self.remove_button.clicked.connect(self.remove)
        self.said = label("hint", wrap=True)
        acts = row()
        acts.addWidget(self.remove_button)
        acts.addWidget(self.said, 1)
        lines = column(self, gap=12)
        for part in (about, self.low, self.list):
            lines.addWidget(part)
        lines.addLayout(acts)
        lines.addWidget(rule())
        lines.addWidget(self._adding())
        lines.addWidget(rule())
        lines.addWidget(self._writing_off())
        lines.addStretch(1)
        language.changed.connect(self.retranslate)
        self.retranslate()
        self.refresh()

    def first_field(self) -> QWidget:
        return self.kind

    def refresh(self) -> None:
        """Ask for the ranges again."""
        self._tasks.run(self._desk.papers.ranges, done=self._show, owner=self)

    def add(self) -> None:
        """Enter the range that was typed."""
        self._clear_errors()
        typed = self.given_on.text().strip()
        try:
            given_on = dates.parse_typed(typed, self._desk.due.today()).isoformat() if typed else None
        except UserError as error:
            self._fields["given_on"].set_error(error.text)
            self.given_on.setFocus()
            return
        kind, series, first, last, by = (
            list(PaperKind)[self.kind.currentIndex()].value, self.series.text(), self.first.text(), self.last.text(),
            self.given_by.text(),
        )  # fmt: skip
        self._tasks.run(
            lambda: self._desk.papers.add_range(kind, series, first, last, given_on, by),
            done=lambda _: self._added(), failed=lambda error: self._refused(error, "first"), owner=self,
        )  # fmt: skip

    def remove(self) -> None:
        """Take the selected range out, once that is confirmed."""
        at = self.list.currentRow()
        if not 0 <= at < len(self._views):
            return
        one = self._views[at].range
        asked = Question(
            self._language, N_("Take the range out?"),
            Text(N_("{series} {first} to {last} leaves the list. This is for a range that was entered by mistake."),
                 {"series": one.series, "first": one.written(one.first), "last": one.written(one.last)}),
            N_("Keep the range"), N_("Take the range out"), self,
        )  # fmt: skip

        def gone(_: object) -> None:
            self._words(self.said, "text", N_("The range was taken out."))
            self.refresh()

        asked.confirmed.connect(
            lambda: self._tasks.run(lambda: self._desk.papers.remove_range(one.id), done=gone,
                                    failed=self._say_refusal, owner=self)
        )  # fmt: skip
        asked.open()

    def write_off(self) -> None:
        """Write off the blank that was typed."""
        self._clear_errors()
        kind = list(PaperKind)[self.spoiled_kind.currentIndex()]
        series, number, reason = self.spoiled_series.text(), self.spoiled_number.text(), self.reason.text()

        def done(_: object) -> None:
            self._words(
                self.written_off, "text", N_("Written off: {series} № {number}."), series=series.upper(), number=number
            )
            self.spoiled_number.clear()
            self.reason.clear()
            self.refresh()

        self._tasks.run(
            lambda: self._desk.papers.spoil(kind, series, number, reason), done=done,
            failed=lambda error: self._refused(error, "number"), owner=self,
        )  # fmt: skip

    def retranslate(self) -> None:
        """Every word that isn't bound."""
        t = self._language.t
        self.list.setHorizontalHeaderLabels([t(head) for head in _HEADS])
        for combo in (self.kind, self.spoiled_kind):
            at = max(combo.currentIndex(), 0)
            combo.clear()
            combo.addItems([t(LABELS[kind]) for kind in PaperKind])
            combo.setCurrentIndex(at)
        self._show(self._views)

    def _adding(self) -> QWidget:
        box, words = QWidget(), self._words
        lines = column(box, gap=12)
        title = label("section", wrap=True)
        words(title, "text", N_("Enter a range"))
        self.kind, self.series, self.first, self.last = Combo(), QLineEdit(), QLineEdit(), QLineEdit()
        self.given_on, self.given_by = QLineEdit(), QLineEdit()
        words(self.given_on, "placeholderText", N_("dd.mm.yyyy"))
        fields = {
            "kind": Labelled(words, N_("Kind of paper"), self.kind),
            "series": Labelled(words, N_("Series"), self.series),
            "first": Labelled(words, N_("First number"), self.first),
            "last": Labelled(words, N_("Last number"), self.last),
            "given_on": Labelled(words, N_("Received on"), self.given_on),
            "given_by": Labelled(words, N_("Received from"), self.given_by),
        }
        self._fields = dict(fields)
        for names, weights in (
            (("kind", "series"), (3, 1)),
            (("first", "last"), (1, 1)),
            (("given_on", "given_by"), (1, 3)),
        ):
            line = row(gap=16)
            for name, weight in zip(names, weights, strict=True):
                line.addWidget(fields[name], weight, Qt.AlignmentFlag.AlignTop)
            if lines.count() == 0:
                lines.addWidget(title)
            lines.addLayout(line)
        self.add_button = button("primary", "plus")
        words(self.add_button, "text", N_("Enter the range"))
        self.add_button.clicked.connect(self.add)
        for edit in (self.series, self.first, self.last, self.given_on, self.given_by):
            edit.returnPressed.connect(self.add)
        acts = row()
        acts.addWidget(self.add_button)
        acts.addStretch(1)
        lines.addLayout(acts)
        return box

    def _writing_off(self) -> QWidget:
        box, words = QWidget(), self._words
        lines = column(box, gap=12)
        title, about = label("section", wrap=True), label("hint", wrap=True)
        words(title, "text", N_("Write off a blank"))
        words(
            about, "text", N_("For a blank that was spoiled, damaged or lost. It can't be used or taken back any more.")
        )
        self.spoiled_kind, self.spoiled_series, self.spoiled_number = Combo(), QLineEdit(), QLineEdit()
        self.reason = QLineEdit()
        line = row(gap=16)
        self._spoiled = {
            "kind": Labelled(words, N_("Kind of paper"), self.spoiled_kind),
            "series": Labelled(words, N_("Series"), self.spoiled_series),
            "number": Labelled(words, N_("Number"), self.spoiled_number),
            "reason": Labelled(words, N_("Why it is written off"), self.reason),
        }
        for name, weight in (("kind", 3), ("series", 1), ("number", 2)):
            line.addWidget(self._spoiled[name], weight, Qt.AlignmentFlag.AlignTop)
        self.spoil_button = button("danger", "ban")
        words(self.spoil_button, "text", N_("Write the blank off"))
        self.spoil_button.clicked.connect(self.write_off)
        self.reason.returnPressed.connect(self.write_off)
        self.written_off = label("hint", wrap=True)
        acts = row()
        acts.addWidget(self.spoil_button)
        acts.addWidget(self.written_off, 1)
        lines.addWidget(title)
        lines.addWidget(about)
        lines.addLayout(line)
        lines.addWidget(self._spoiled["reason"])
        lines.addLayout(acts)
        return box

    def _added(self) -> None:
        self._words(self.said, "text", N_("The range was entered."))
        for edit in (self.first, self.last):
            edit.clear()
        self.first.setFocus()
        self.refresh()

    def _show(self, views: tuple[RangeView, ...]) -> None:
        self._views = views
        t = self._language.t
        self.list.setRowCount(len(views))
        left: dict[PaperKind, int] = {}
        for at, view in enumerate(views):
            one = view.range
            left[one.kind] = left.get(one.kind, 0) + view.left
            day = dates.parse_iso(one.given_on) if one.given_on else None
            received = ", ".join(part for part in (t.show(day) if day else "", one.given_by) if part)
            total = one.last - one.first + 1
            cells = (t(LABELS[one.kind]), one.series, f"{one.written(one.first)} – {one.written(one.last)}",
                     received or "–", t("{left} of {total}", left=view.left, total=total))  # fmt: skip
            for place, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                item.setToolTip(cell)
                self.list.setItem(at, place, item)
        low = []
        for kind, n in left.items():
            if n <= LOW:
                low.append(_capital(t(LABELS[kind])) + ": " + t.plural("{n} blank left", "{n} blanks left", n) + ".")
        self.low.setText(" ".join([t("Blanks are running out."), *low]) if low else "")
        self.low.setVisible(bool(low))
        self.list.resizeRowsToContents()
        self._show_selected()

    def _show_selected(self) -> None:
        at = self.list.currentRow()
        self.remove_button.setEnabled(0 <= at < len(self._views) and not self._views[at].used)

    def _clear_errors(self) -> None:
        for field in (*self._fields.values(), *self._spoiled.values()):
            field.set_error(None)
        for said in (self.said, self.written_off):
            self._words.forget(said)
            said.clear()

    def _refused(self, error: BaseException, otherwise: str) -> None:
        if not isinstance(error, UserError):
            self._tasks.failed.emit(error)
            return
        fields = self._fields if otherwise == "first" else self._spoiled
        field = fields.get(error.where or otherwise, fields[otherwise])
        field.set_error(error.text)
        field.input.setFocus()
        restyle(field.input)

    def _say_refusal(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._words(self.said, "text", error.text)
        else:
            self._tasks.failed.emit(error)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
