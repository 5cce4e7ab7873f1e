"""Fields for words: one line, or several."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.i18n import Translator
from ui.widgets.field import TypedField, Words, accept


class TextField(TypedField):
    """One line of text."""

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept, width: int = 0
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self.edit = QLineEdit()
        if width:  # a field is as wide as its answer is long, in characters
            self.edit.setMaximumWidth(self.edit.fontMetrics().averageCharWidth() * (width + 4) * 2)
        self.edit.textEdited.connect(lambda _text: self.on_typed())
        self.edit.editingFinished.connect(self.settle)
        self.set_control(self.edit)
        self.label.setBuddy(self.edit)

    def text(self) -> str:
        return self.edit.text()

    def show_value(self, value: Any, text: str | None = None) -> None:
        shown = text if text is not None else self.written(value)
        if shown != self.edit.text():
            self.edit.setText(shown)
        self.mark_settled()

    def written(self, value: Any) -> str:
        """The value as it stands in the line."""
        return "" if value is None else str(value)

    def tidy(self, value: object) -> None:
        written = self.written(value)
        if written != self.edit.text():
            self.edit.setText(written)

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)

    def focus_widget(self) -> QWidget:
        return self.edit

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.edit.setAccessibleName(self.label.text())


class LongTextField(TypedField):
    """Several lines. Tab goes on to the next question: a paper has no tab stops."""

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept, lines: int = 3
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self.edit = self.make_edit()
        self.edit.setTabChangesFocus(True)
        self._lines = lines
        self.edit.textChanged.connect(self._on_text_changed)
        self._showing = False
        self.set_control(self.edit)
        self.label.setBuddy(self.edit)
        self._fit()

    def make_edit(self) -> QPlainTextEdit:
        """The editor; another kind of field has another one."""
        return QPlainTextEdit()

    def _fit(self) -> None:
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * self._lines + 20)

    def _on_text_changed(self) -> None:
        if not self._showing:
            self.on_typed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit:
            if event.type() == QEvent.Type.FocusOut:
                self.settle()
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.settle()
            elif event.type() == QEvent.Type.FontChange:
                self._fit()
        return super().eventFilter(watched, event)

    def text(self) -> str:
        return self.edit.toPlainText()

    def show_value(self, value: Any, text: str | None = None) -> None:
        shown = text if text is not None else ("" if value is None else str(value))
        if shown != self.text():
            self._showing = True
            self.edit.setPlainText(shown)
            self._showing = False
        self.mark_settled()

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)

    def focus_widget(self) -> QWidget:
        return self.edit

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.edit.setAccessibleName(self.label.text())
