"""Tables of rows: one row is chosen, Home and End go to the ends, Enter opens."""

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from ui import theme


class RowTable(QTableView):
    """Read only, without a grid; whole rows are chosen, one at a time."""

    def __init__(self, model: QAbstractTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        for key, go in ((Qt.Key.Key_Home, lambda: self.go(0)), (Qt.Key.Key_End, lambda: self.go(-1))):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(go)

    def go(self, place: int) -> None:
        """To the row at `place`; -1 is the last."""
        count = self.model().rowCount()
        if count:
            self.selectRow(place % count)

    def choose(self, place: int) -> None:
        """Put the cursor on a row without moving the keyboard there."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.model().index(place, 0), flags)

    def row(self) -> int:
        """The row under the cursor; -1 where there is none."""
        index = self.currentIndex()
        return index.row() if index.isValid() else -1

    def set_lines(self, lines: int) -> None:
        """How many lines of text a row has room for, at the size of type in force; icons follow it."""
        self.setWordWrap(lines > 1)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() * lines + 12)
        side = round(16 * theme.current().scale)
        self.setIconSize(QSize(side, side))
