"""A question and its few answers in one line: for lists that are ticked through."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.widgets.field import Words, accept
from ui.widgets.options import ChoiceField, Option


class LineChoiceField(ChoiceField):
    """As a choice, with the answers at the right of the question; below it where the width ends."""

    def __init__(
        self, path: str, label: Words, options: list[Option], *, hint: Words = "", check: Any = accept
    ) -> None:
        super().__init__(path, label, options, hint=hint, check=check)
        self.column.removeWidget(self.label)
        self.column.removeWidget(self.row)
        line = QWidget()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, line)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(12)
        self._line.addWidget(self.label, 5, Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self.row, 6)
        self.column.insertWidget(0, line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self.fontMetrics().averageCharWidth() * 64
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
