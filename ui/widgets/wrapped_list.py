"""A list whose lines are broken where the list ends, however wide it is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QListView, QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget

_PADDING = (8 + 4, 4 + 1)  # the style sheet's, of which Qt's own measure knows nothing, and a hair


class WrappedList(QListWidget):
    """As QListWidget, for texts of several lines: Qt measures them without the style's padding and cuts the last."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # measured anew when the scroll bar takes its room
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Lines(self))


class _Lines(QStyledItemDelegate):
    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        aside, above = _PADDING
        view: QWidget = self._view.viewport()
        room = QRect(0, 0, view.width() - 2 * aside, 100_000)
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        found = self._view.fontMetrics().boundingRect(room, int(wrapped), text)
        return QSize(view.width(), found.height() + 2 * above)
