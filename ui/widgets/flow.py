"""A layout that sets widgets in a line and breaks it where the width ends, as words in a paragraph."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowLayout(QLayout):
    """Left to right, then the next line. Keeps large targets whole at 150 % text instead of cutting them.

    `level`: what is lower than its line stands in the middle of it, not at its top.

    What its items ask for is kept until one of them changes: Qt asks for the height of many widths in turn.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8, level: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._wanted: list[tuple[QSize, int]] = []
        self._heights: dict[int, int] = {}
        self._level = level
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def insertWidget(self, place: int, widget: QWidget) -> None:
        """A widget before the one that stands at `place`, from 0."""
        self.addChildWidget(widget)
        self._items.insert(place, QWidgetItem(widget))
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._wanted, self._heights = [], {}
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def _sizes(self) -> list[tuple[QSize, int]]:
        """By item: the size it would like, and its least width."""
        if len(self._wanted) != len(self._items):
            self._wanted = [(item.sizeHint(), item.minimumSize().width()) for item in self._items]
        return self._wanted

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        hints = [hint for item, (hint, _least) in zip(self._items, self._sizes(), strict=True) if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        placed: list[tuple[QLayoutItem, QRect]] = []
        for item, (wanted, least) in zip(self._items, self._sizes(), strict=True):
            if item.isEmpty():
                continue  # hidden: no gap for it either
            hint = wanted.boundedTo(QSize(max(rect.width(), least), 16777215))
            if x > rect.x() and x + hint.width() > rect.x() + rect.width():
                self._put(placed, line)
                x, y, line = rect.x(), y + line + self.spacing(), 0
            height = hint.height()
            if item.hasHeightForWidth():
                height = item.heightForWidth(hint.width())
            if move:
                placed.append((item, QRect(QPoint(x, y), QSize(hint.width(), height))))
            x += hint.width() + self.spacing()
            line = max(line, height)
        self._put(placed, line)
        return y + line - rect.y()

    def _put(self, placed: list[tuple[QLayoutItem, QRect]], line: int) -> None:
        for item, at in placed:
            item.setGeometry(at.translated(0, (line - at.height()) // 2 if self._level else 0))
        placed.clear()
