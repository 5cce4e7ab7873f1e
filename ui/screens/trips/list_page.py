"""All trips, the latest first: day, place, how many cases, how many wait, are decided and signed."""

from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QWidget

from app.domain.text import N_
from app.domain.vocabulary import LABELS, Place
from app.services.trip_views import TripRow
from ui import shortcuts, theme
from ui.language import Language
from ui.widgets.parts import button, column, label, panel, row
from ui.widgets.tables import RowTable
from ui.widgets.words import Words

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
_ROLE = Qt.ItemDataRole


class Column(IntEnum):
    DAY = 0
    PLACE = 1
    WHERE = 2
    CASES = 3
    WAITING = 4
    UNSIGNED = 5
    SIGNED = 6
    STATE = 7


_TITLES: Final = {
    Column.DAY: N_("Day"),
    Column.PLACE: N_("Place and form"),
    Column.WHERE: N_("Where"),
    Column.CASES: N_("Cases"),
    Column.WAITING: N_("Waiting"),
    Column.UNSIGNED: N_("Unsigned"),
    Column.SIGNED: N_("Signed"),
    Column.STATE: N_("State"),
}
_OPEN, _CLOSED = N_("open"), N_("closed")


class TripsModel(QAbstractTableModel):
    """Read only."""

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self.rows: tuple[TripRow, ...] = ()

    def show(self, rows: tuple[TripRow, ...]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def retranslate(self) -> None:
        """Every word again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return self._language.t(_TITLES[Column(section)])
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        found, at = self.rows[index.row()], Column(index.column())
        if role == _ROLE.DisplayRole:
            return self._text(found, at)
        if role == _ROLE.AccessibleTextRole:
            return f"{self._language.t(_TITLES[at])}: {self._text(found, at)}"
        if role == _ROLE.ToolTipRole and at == Column.WHERE:
            return self._text(found, at)
        c = theme.current().colours
        if role == _ROLE.DecorationRole and at == Column.STATE:
            return theme.current().icon("circle-dot" if found.trip.is_open else "check-check", c.text)
        if role == _ROLE.FontRole and at == Column.DAY:
            return theme.current().font(bold=True)
        if role == _ROLE.ForegroundRole and not found.trip.is_open:
            return QColor(c.muted)
        return None

    def _text(self, found: TripRow, at: Column) -> str:
        t, tally = self._language.t, found.tally
        match at:
            case Column.DAY:
                return t.show(found.trip.on)
            case Column.PLACE:
                return t.show(found.trip.place)
            case Column.WHERE:
                return found.trip.where or "–"
            case Column.CASES:
                return str(tally.total)
            case Column.WAITING:
                return str(tally.waiting)
            case Column.UNSIGNED:
                return str(tally.unsigned)
            case Column.SIGNED:
                return str(tally.signed)
            case Column.STATE:
                return t(_OPEN if found.trip.is_open else _CLOSED)


class ListPage(QWidget):
    """`chosen(trip_id)` when a trip is opened; `begun` when a new one is wanted."""

    chosen = Signal(str)
    begun = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._words = Words(language, self)
        title = label("heading")
        self._words(title, "text", N_("Trips"))
        self.new_button = button("primary", "plus")
        self._words(self.new_button, "text", N_("New trip"))
        self._words(self.new_button, "toolTip", N_("New trip (Ctrl+N)"))
        self.new_button.clicked.connect(self.begun)
        top = row(gap=16)
        top.addWidget(title, 1)
        top.addWidget(self.new_button)
        self.model = TripsModel(language, self)
        self.table = RowTable(self.model)
        self._words(self.table, "accessibleName", N_("Trips"))
        self.table.activated.connect(lambda _index: self._choose())
        empty = panel()
        lines = column(empty, margin=32, gap=12)
        head, text = label("section", wrap=True), label(wrap=True)
        self._words(head, "text", N_("No trips yet"))
        self._words(
            text, "text",
            N_("A trip is one sitting of the commission: in a village, at the department, at a bedside. It holds the"
               " day, the place and the commission, and the people in their order."),
        )  # fmt: skip
        self.empty_button = button("primary", "plus")
        self._words(self.empty_button, "text", N_("New trip"))
        self.empty_button.clicked.connect(self.begun)
        lines.addStretch(1)
        for part in (head, text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            lines.addWidget(part)
        lines.addWidget(self.empty_button, 0, Qt.AlignmentFlag.AlignCenter)
        lines.addStretch(2)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(empty)
        whole = column(self, margin=16, gap=12)
        whole.addLayout(top)
        whole.addWidget(self.stack, 1)
        shortcuts.bind(self, "new", self.begun.emit)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.table if self.model.rows else self.empty_button

    def show_rows(self, rows: tuple[TripRow, ...]) -> None:
        """The trips as they stand; the cursor stays where it was."""
        at = self.table.row()
        chosen = self.model.rows[at].trip.id if 0 <= at < len(self.model.rows) else None
        self.model.show(rows)
        self.stack.setCurrentIndex(0 if rows else 1)
        if rows:
            self.table.choose(next((at for at, found in enumerate(rows) if found.trip.id == chosen), 0))
        self.measure()
        if self.isVisible() and self.focusWidget() in (None, self.new_button, self.empty_button):
            self.first_field().setFocus()

    def retranslate(self) -> None:
        """Every word again."""
        self.model.retranslate()
        self.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()

    def measure(self) -> None:
        """Columns as wide as their words; where the trip goes has the rest."""
        metrics, t = self.table.fontMetrics(), self._language.t
        titles, header = self.table.horizontalHeader().fontMetrics(), self.table.horizontalHeader()
        sign = round(16 * theme.current().scale) + 12
        words = {
            Column.DAY: round(metrics.horizontalAdvance("00.00.0000") * 1.1),
            Column.PLACE: max(metrics.horizontalAdvance(t(LABELS[place])) for place in Place),
            Column.STATE: max(metrics.horizontalAdvance(t(word)) for word in (_OPEN, _CLOSED)) + sign,
        }
        for at in Column:
            if at == Column.WHERE:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
                continue
            title = round(titles.horizontalAdvance(t(_TITLES[at])) * 1.12)
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(at, max(words.get(at, 0), title) + 24)
        self.table.set_lines(1)

    def _choose(self) -> None:
        at = self.table.row()
        if 0 <= at < len(self.model.rows):
            self.chosen.emit(self.model.rows[at].trip.id)
