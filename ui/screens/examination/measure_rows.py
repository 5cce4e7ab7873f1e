"""A list of measures: each with its name, what is said of it, and its source; as high as it is long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import theme

_ENTRY = Qt.ItemDataRole.UserRole
_ASIDE, _ABOVE, _BETWEEN = 12, 8, 2
_HEIGHTS_KEPT = 2_000
_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: its name, lines below it, and the source they rest on (may be empty)."""

    id: str
    name: str
    lines: tuple[str, ...] = ()
    source: str = ""

    def spoken(self) -> str:
        """Everything, for a screen reader."""
        return ". ".join(part for part in (self.name, *self.lines, self.source) if part)


class MeasureRows(QListWidget):
    """Arrow keys choose, Enter opens; Delete, Alt+Up and Alt+Down are told. Numbers are places."""

    opened = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    """Which place, and by how much."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Blocks(self))
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(self.row(item)))
        self.currentRowChanged.connect(lambda _row: self.viewport().update())

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """These instead; the place that was chosen stays chosen as long as there is one."""
        if [self.item(place).data(_ENTRY) for place in range(self.count())] == list(entries):
            return
        chosen = self.currentRow()
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem()
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.spoken())
            self.addItem(item)
        self.setCurrentRow(min(max(chosen, 0), len(entries) - 1))
        self.blockSignals(False)
        self._fit()

    def entries(self) -> tuple[Entry, ...]:
        """What the list shows."""
        return tuple(self.item(place).data(_ENTRY) for place in range(self.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place, modifiers = self.currentRow(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain, alt = modifiers == Qt.KeyboardModifier.NoModifier, modifiers == Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain and place >= 0:
                self.opened.emit(place)
            case Qt.Key.Key_Delete if plain and place >= 0:
                self.removed.emit(place)
            case Qt.Key.Key_Up | Qt.Key.Key_Down if alt and place >= 0:
                self.moved.emit(place, -1 if event.key() == Qt.Key.Key_Up else 1)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.scheduleDelayedItemsLayout()
        heights = sum(self.sizeHintForRow(place) for place in range(self.count()))
        self.setFixedHeight(heights + 2 * self.frameWidth() + 4)


class _Blocks(QStyledItemDelegate):
    """Draws an entry: the name in bold, its lines, the source in the quiet colour; a thin line between entries."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[str, int, str], int] = {}  # a row is measured at each word of it that changes

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        last = QRect()
        for room, _text, _font, _quiet in self._blocks(index, QRect(0, 0, width, 0)):
            last = room
        return QSize(width, last.bottom() + 1 + _ABOVE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        drawn.text = ""
        self._view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, self._view)
        colours, rect = theme.current().colours, QRect(option.rect)
        painter.save()
        if index.row():
            painter.setPen(QColor(colours.line))
            painter.drawLine(rect.topLeft(), rect.topRight())
        if self._view.hasFocus() and index.row() == self._view.currentRow():
            painter.fillRect(QRect(rect.left(), rect.top() + 1, 4, rect.height() - 1), QColor(colours.accent))
        for room, text, font, quiet in self._blocks(index, rect):
            painter.setFont(font)
            painter.setPen(QColor(colours.muted if quiet else colours.text))
            painter.drawText(room, _WRAPPED, text)
        painter.restore()

    def _blocks(self, index: Index, rect: QRect) -> Iterator[tuple[QRect, str, QFont, bool]]:
        """Where each text stands, in which type, and whether quietly."""
        entry: Entry = index.data(_ENTRY)
        plain, bold = QFont(self._view.font()), QFont(self._view.font())
        bold.setBold(True)
        left, top, width = rect.left() + _ASIDE, rect.top() + _ABOVE, rect.width() - 2 * _ASIDE
        texts = [(entry.name, bold, False), *((line, plain, False) for line in entry.lines)]
        for text, font, quiet in [*texts, *([(entry.source, plain, True)] if entry.source else [])]:
            height = self._height(text, max(1, width), font)
            yield QRect(left, top, width, height), text, font, quiet
            top += height + _BETWEEN

    def _height(self, text: str, width: int, font: QFont) -> int:
        key = (text, width, font.key())
        found = self._heights.get(key)
        if found is None:
            if len(self._heights) >= _HEIGHTS_KEPT:
                self._heights.clear()
            asked = QRect(0, 0, width, 100_000)
            found = self._heights[key] = QFontMetrics(font).boundingRect(asked, _WRAPPED, text).height()
        return found
