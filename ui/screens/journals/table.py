"""The table of a journal: two lines a row, columns as wide as they must be, the head sorts."""

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.screens.journals.model import CASE_ROLE, JournalModel, ModelRow
from ui.widgets.words import Words

_PADDING: Final = 22  # pixels of a cell that its words don't have
_LEAST: Final = 11  # letters that a column which shares the room has at least


class TwoLines(QStyledItemDelegate):
    """Cells of two lines: what doesn't fit ends in "…" (the tool tip has the whole)."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        room = option.rect.width() - _PADDING
        metrics, text = option.fontMetrics, str(index.data())
        lines = text.split("\n")
        if len(lines) == 1 and metrics.horizontalAdvance(text) > room:
            lines = self._broken(text, option, room)
        shown = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines]
        option.text = "\u2028".join(shown)

    @staticmethod
    def _broken(text: str, option: QStyleOptionViewItem, room: int) -> list[str]:
        layout = QTextLayout(text, option.font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(room)
        layout.endLayout()
        end = line.textLength()
        return [text[:end].rstrip(), text[end:]] if end < len(text) else [text]


class JournalTable(QTableView):
    """`chosen(case_id)` by Enter or double click; `sorted_by(column)` where a head was clicked."""

    chosen = Signal(str)
    sorted_by = Signal(str)

    def __init__(
        self, model: JournalModel, words: Words, title: str, parent: QWidget, *, several: bool = False
    ) -> None:
        """`title` (a message) names the table; `several` rows can be selected."""
        super().__init__(parent)
        self.rows = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setItemDelegate(TwoLines(self))
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.sectionClicked.connect(lambda at: self.sorted_by.emit(model.columns[at].top))
        words(self, "accessibleName", title)
        self.activated.connect(lambda index: self._choose(index.data(CASE_ROLE)))

    def show_rows(self, rows: tuple[ModelRow, ...]) -> None:
        """Take other rows; the first is under the cursor."""
        self.rows.show(rows)
        if rows:
            self.scrollToTop()
            at = self.rows.index(0, 0)
            flags = QItemSelectionModel.SelectionFlag
            several = self.selectionMode() == QAbstractItemView.SelectionMode.ExtendedSelection
            way = flags.NoUpdate if several else flags.ClearAndSelect | flags.Rows
            self.selectionModel().setCurrentIndex(at, way)

    def mark_order(self, name: str, descending: bool) -> None:
        """Show in the head by what the rows are sorted."""
        header = self.horizontalHeader()
        at = next((at for at, column in enumerate(self.rows.columns) if name in (column.top, column.below)), -1)
        header.setSortIndicatorShown(at >= 0)
        # Fusion draws the arrow of a descending order upwards; beside the button's arrow that would be taken amiss.
        way = Qt.SortOrder.AscendingOrder if descending else Qt.SortOrder.DescendingOrder
        header.setSortIndicator(at, way)

    def measure(self) -> None:
        """Columns as wide as their widest possible words; the others share the rest, or the table scrolls sideways."""
        metrics, heads = self.fontMetrics(), self.horizontalHeader().fontMetrics()
        least = metrics.averageCharWidth() * _LEAST + 24
        number = round(metrics.horizontalAdvance("0" * 12) * 1.12) + 26  # an ИИН is never cut: it is copied from here
        widths = []
        for at, column in enumerate(self.rows.columns):
            head = max(round(heads.horizontalAdvance(line) * 1.12) for line in self.rows.title(at).split("\n")) + 40
            longest = max(metrics.horizontalAdvance(words) for words in (column.sample, self.rows.word(at)))
            own = longest + 26 if column.sample else max(least, number if column.below == "iin" else 0)
            widths.append(max(head, own))
        shared = [at for at, column in enumerate(self.rows.columns) if not column.sample]
        room = max(0, self.viewport().width() - sum(widths))
        weights = sum(self.rows.columns[at].weight for at in shared)
        for at in shared:
            widths[at] += room * self.rows.columns[at].weight // weights
        for at, width in enumerate(widths):
            self.horizontalHeader().resizeSection(at, width)
        self.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() * 2 + 12)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "rows"):
            self.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()

    def _choose(self, case_id: str | None) -> None:
        if case_id:
            self.chosen.emit(case_id)
