"""A button whose words may take several lines: to go where they say something is missing or wrong."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class JumpButton(QPushButton):
    """Words that wrap, with an arrow at their end."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "jump")
        self.setAutoDefault(False)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 4)
        line.addWidget(self.words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_words(text)

    def set_words(self, text: str) -> None:
        """Show these words; they are also the accessible name."""
        text = text[:1].upper() + text[1:]
        self.words.setText(f"{text} →")
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in _PLAIN:
            self.click()  # a way to somewhere: Enter goes, as Space does
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins().top() + self.contentsMargins().bottom()
        return self.words.heightForWidth(max(1, width - 16)) + 8 + margins + 4

    def sizeHint(self) -> QSize:
        hint = self.words.sizeHint()
        return QSize(hint.width() + 20, self.heightForWidth(hint.width() + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().lineSpacing() + 12)


class FoldButton(JumpButton):
    """A line that wraps, with a sign of what it does: unfold or fold."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)

    def set_words(self, text: str) -> None:
        super().set_words(text)
        self.words.setText(("▾ " if self.isChecked() else "▸ ") + text)
