"""A check box whose words take as many lines as they need. (QCheckBox keeps them in one and cuts them.)"""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

_LEAST = 120


class TickBox(QCheckBox):
    """Breaks its words where the width ends."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, words: str) -> None:
        """Show these words."""
        self._whole = words
        self._wrap()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = len(self._lines(width))
        return super().sizeHint().height() + (lines - 1 - self.text().count("\n")) * self.fontMetrics().lineSpacing()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + self._around()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self._whole.split()), default=0)
        return QSize(max(_LEAST, longest + self._around()), self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._wrap()

    def _around(self) -> int:
        # The box, its gap and the padding of the style sheet.
        return self.fontMetrics().lineSpacing() + 32

    def _lines(self, width: int) -> list[str]:
        lines: list[str] = []
        for word in self._whole.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.fontMetrics().horizontalAdvance(longer) > width - self._around():
                lines.append(word)
            else:
                lines[-1:] = [longer]
        return lines or [""]

    def _wrap(self) -> None:
        text = "\n".join(self._lines(self.width())).replace("&", "&&")
        if text != self.text():
            self.setText(text)
