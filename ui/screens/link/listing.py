"""A table of rows that are read and chosen; what doesn't fit in its lines is told below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.i18n import Translator
from ui import theme
from ui.language import Language
from ui.widgets.words import Words

R = TypeVar("R")
_LEAST = 26
"""Letters that a wide column has room for in a line, at the least."""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """`title`: a message; `icon` names one of `resources/icons`; `wide` columns share the room that is left; `spare`
    ones go where that is too little, and are told below the table."""

    title: str
    cell: Callable[[Translator, R], str]
    icon: Callable[[R], str] | None = None
    wide: bool = False
    spare: bool = False


class Listing(QTableWidget, Generic[R]):
    """Rows two lines high. `wanted` where Enter or a double click asks for the row, `moved` where another is chosen."""

    wanted = Signal()
    moved = Signal()

    def __init__(
        self, columns: Sequence[Column[R]], words: Words, language: Language, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(columns), parent)
        self._columns, self._language = columns, language
        self.rows: Sequence[R] = ()
        self._widths = [0] * len(columns)
        self._shown: tuple[object, ...] = ()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        words(self, "accessibleName", name)
        self.activated.connect(lambda _: self.wanted.emit())
        self.currentCellChanged.connect(lambda row, _column, before, _old: self.moved.emit() if row != before else None)
        self.retranslate()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Take other rows; the cursor stays at its line."""
        at = max(self.currentRow(), 0)
        self.rows = rows
        self._fill()
        if rows:
            self.setCurrentCell(min(at, len(rows) - 1), 0)
        self.moved.emit()

    def chosen(self) -> R | None:
        """The row under the cursor."""
        at = self.currentRow()
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def retranslate(self) -> None:
        """Every word again."""
        self.setHorizontalHeaderLabels([self._language.t(column.title) for column in self._columns])
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "rows"):
            self._fill()

    def _fill(self) -> None:
        t, look = self._language.t, theme.current()
        shown = (look, t.language, tuple(self.rows))
        if shown == self._shown:
            return
        self._shown = shown
        self.setRowCount(len(self.rows))
        side = round(16 * look.scale)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() * 2 + 12)
        for at, row in enumerate(self.rows):
            for place, column in enumerate(self._columns):
                said = column.cell(t, row)
                item = QTableWidgetItem(said)
                item.setToolTip(said)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{t(column.title)}: {said}")
                if column.icon is not None:
                    item.setIcon(look.icon(column.icon(row)))
                self.setItem(at, place, item)
        self._widths = self._measured(side)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @property
    def is_narrow(self) -> bool:
        """Whether the spare columns have gone."""
        return any(self.isColumnHidden(at) for at in range(len(self._columns)))

    def _fit(self) -> None:
        """Hide what can be spared where the wide columns would be cut."""
        wide = sum(column.wide for column in self._columns)
        left = self.viewport().width() - sum(self._widths)
        narrow = wide > 0 and left / wide < self.fontMetrics().averageCharWidth() * _LEAST
        for place, column in enumerate(self._columns):
            if self.isColumnHidden(place) != (narrow and column.spare):
                self.setColumnHidden(place, narrow and column.spare)

    def _measured(self, side: int) -> list[int]:
        """How wide each column has to be; 0 for those that take what is left."""
        t, metrics, heads = self._language.t, self.fontMetrics(), self.horizontalHeader().fontMetrics()
        widths: list[int] = []
        header = self.horizontalHeader()
        for place, column in enumerate(self._columns):
            if column.wide:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
                widths.append(0)
                continue
            words = [column.cell(t, row) for row in self.rows]
            widest = max((metrics.horizontalAdvance(line) for word in words for line in word.split("\n")), default=0)
            head = round(heads.horizontalAdvance(t(column.title)) * 1.12)
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            widths.append(max(head, widest + (side + 8 if column.icon else 0)) + 26)
            header.resizeSection(place, widths[-1])
        return widths
