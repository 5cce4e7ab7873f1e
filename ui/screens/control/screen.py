"""How we decide: how often votes and decisions differ from the criteria, by member, commission and organisation."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services.control import COLUMNS, KINDS, Control, Tally
from app.services.desk import Desk
from ui import shortcuts
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import ask_file, write_file
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

_FILE = "how-we-decide.csv"


class ControlScreen(QWidget):
    """`closed` to go back to where it was asked for. `refresh()` counts anew."""

    closed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._control: Control | None = None
        self._kind = KINDS[0][0]
        title = label("heading")
        words(title, "text", N_("How we decide"))
        self.export_button = button("", "download")
        words(self.export_button, "text", N_("Save as a table (CSV)"))
        self.export_button.clicked.connect(self.export)
        top = row(gap=16)
        top.addWidget(title, 1)
        top.addWidget(self.export_button)
        about = label("hint", wrap=True)
        words(
            about, "text",
            N_("Signed cases that no correction has replaced. A vote or decision differs where the group or the period "
               "is none that the criteria give; the cause counts for decisions. Differing is no mistake: it asks for a "
               "reason."),
        )  # fmt: skip
        chips = QWidget()
        flow = FlowLayout(chips)
        group = QButtonGroup(self)
        self.chips = {}
        for kind, msgid in KINDS:
            chip = button("chip", checkable=True)
            words(chip, "text", msgid)
            chip.clicked.connect(lambda _checked=False, k=kind: self.show_kind(k))
            group.addButton(chip)
            flow.addWidget(chip)
            self.chips[kind] = chip
        self.chips[self._kind].setChecked(True)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setSectionsClickable(False)
        words(self.table, "accessibleName", N_("How we decide"))
        self.note = label(wrap=True)
        self.said = label("hint", wrap=True)
        self.back_button = button("", "chevron-left")
        words(self.back_button, "text", N_("Back to the settings"))
        self.back_button.clicked.connect(self.closed)
        bottom = row()
        bottom.addWidget(self.back_button)
        bottom.addWidget(self.said, 1)
        lines = column(self, margin=16, gap=12)
        lines.addLayout(top)
        for part in (about, chips):
            lines.addWidget(part)
        lines.addWidget(self.note)
        lines.addWidget(self.table, 1)
        lines.addLayout(bottom)
        shortcuts.bind(self, "back", self.closed.emit)
        language.changed.connect(self.retranslate)
        self._say(Text(N_("Counting the signed cases …")))

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.chips[self._kind]

    def refresh(self) -> None:
        """Count anew, on the worker."""
        self._tasks.run(
            self._desk.control.counts,
            done=self._take,
            failed=self._refused,
            name=self._language.t("Counting the signed cases"),
            owner=self,
        )

    def show_kind(self, kind: str) -> None:
        """By member, commission or organisation."""
        self._kind = kind
        self.chips[kind].setChecked(True)
        self._fill()

    def export(self) -> None:
        """Save all three tables in one file."""
        if self._control is None:
            return
        t = self._language.t
        target = ask_file(t, self, _FILE, title=t("Save as a table (CSV)"))
        if target is None:
            return
        try:
            write_file(target, self._desk.control.as_csv(self._control, t))
        except Told as told:
            self._tasks.failed.emit(told)
            return
        self._words(self.said, "text", N_("Saved: {name}"), name=target.name)

    def retranslate(self) -> None:
        """Every word again."""
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "table"):
            self._fill()

    def _take(self, control: Control) -> None:
        self._control = control
        if control.total.cases:
            self._words.forget(self.note)
            self.note.clear()
        else:
            self._say(Text(N_("No case is signed yet: there is nothing to count.")))
        self._fill()

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, Told):
            self._say(error.text)
        else:
            self._tasks.failed.emit(error)
        self._fill()

    def _say(self, text: Text) -> None:
        self._words(self.note, "text", text)

    def _fill(self) -> None:
        control, t = self._control, self._language.t
        shown = control is not None and control.total.cases > 0
        self.note.setVisible(not shown)
        self.export_button.setEnabled(shown)
        self.table.setVisible(shown)
        if control is None or not shown:
            return
        tallies: tuple[Tally, ...] = getattr(control, self._kind)
        self.table.setColumnCount(1 + len(COLUMNS))
        self.table.setHorizontalHeaderLabels([t("Name"), *(t(words) for _, words in COLUMNS)])
        first = self.table.horizontalHeaderItem(0)
        if first is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setRowCount(len(tallies) + 1)
        for at, tally in enumerate((*tallies, control.total)):
            total = tally is control.total
            self._put(at, 0, t("all cases") if total else tally.name or t("not given"), strong=total)
            for place, (name, _) in enumerate(COLUMNS, start=1):
                self._put(at, place, _figure(tally, name), right=True, strong=total)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setWordWrap(True)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def _put(self, at: int, place: int, words: str, *, right: bool = False, strong: bool = False) -> None:
        item = QTableWidgetItem(words)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(words)
        font = item.font()
        font.setBold(strong)
        item.setFont(font)
        self.table.setItem(at, place, item)


def _figure(tally: Tally, name: str) -> str:
    """A count, with its share of what it is counted of."""
    count = getattr(tally, name)
    whole = tally.cases if name == "overridden" else tally.votes
    if name in ("cases", "votes") or not whole:
        return str(count) if count or name in ("cases", "votes", "overridden") else "–"
    return f"{count} ({round(100 * count / whole)} %)"
