"""A person at the window: types, presses and clicks, and waits until the window has answered."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as QtBotTimeoutError
from pytestqt.qtbot import QtBot

from tests.ui.conftest import stands
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen
from ui.widgets.choice import ComboField, SeveralField
from ui.widgets.degree_row import DegreeRow
from ui.widgets.options import ChoiceField
from ui.widgets.picker import PickerField
from ui.widgets.rows import RowsField

PATIENCE_MS = 20_000


class Hands:
    """Drives one window. Nothing here reaches past what a person can touch."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self.window = qtbot, window

    def until(self, reached: Callable[[], bool]) -> None:
        """Wait for the window to show something; says what the window said where it never does."""
        try:
            self._qtbot.waitUntil(reached, timeout=PATIENCE_MS)
        except QtBotTimeoutError as late:
            said = self.window.messages.text.text()
            raise AssertionError(f"not reached; the window says: {said!r}") from late

    def settle(self) -> None:
        """Wait until nothing is under way in the background."""
        self.until(lambda: not self.window.tasks.busy)
        QApplication.processEvents()
        self.until(lambda: stands(self.window) and not self.window.tasks.busy)
        QApplication.processEvents()

    def screen(self, kind: type[QWidget]) -> Any:
        """The screen of that kind, once it is shown."""
        self.until(lambda: isinstance(self.window.screens.currentWidget(), kind))
        return self.window.screens.currentWidget()

    def type(self, widget: QLineEdit | QPlainTextEdit, text: str) -> None:
        """Type into a line, replacing what stands there, and leave it with Tab."""
        self._go_to(widget)
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in text:
            # QTest's own typing aborts the process on Cyrillic letters.
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
        self._leave(widget)

    def _go_to(self, widget: QWidget) -> None:
        def reached() -> bool:
            if not widget.hasFocus():
                widget.window().activateWindow()
                widget.setFocus()
            return widget.hasFocus()

        self.until(reached)

    def _leave(self, widget: QLineEdit | QPlainTextEdit) -> None:
        completer = widget.completer() if isinstance(widget, QLineEdit) else None
        if completer is not None and completer.popup().isVisible():
            # Names are offered while typing; the person has typed the whole name and wants none of them. Escape would
            # close the list on a real screen; the offscreen platform hands it to the window behind.
            completer.popup().hide()
            self._go_to(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)

    def press(
        self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """One key, with the keyboard on that widget."""
        self._go_to(widget)
        QTest.keyClick(widget, key, modifiers)

    def click(self, find: QAbstractButton | Callable[[], QAbstractButton]) -> None:
        """The left mouse button on a button that can be seen and used; found again while a screen redraws itself."""

        def found() -> QAbstractButton:
            return find if isinstance(find, QAbstractButton) else find()

        self.until(lambda: found().isVisible() and found().isEnabled())
        button = found()
        # A tick box reaches no further than its words: aim at the box.
        where = QPoint(8, button.height() // 2) if isinstance(button, QCheckBox | QRadioButton) else QPoint()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    def choose(self, combo: QComboBox, place: int) -> None:
        """The entry at `place` of a drop-down list, by keyboard."""
        combo.setFocus()
        self.press(combo, Qt.Key.Key_Home)
        for _ in range(place):
            self.press(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() == place

    def answer(self, screen: CaseScreen, path: str, value: Any) -> None:
        """Answer one question of the case as its control wants it."""
        field = screen.form.fields[path]
        assert field.isVisibleTo(screen.pages[screen.step]), path
        match field:
            case DegreeRow():
                key = Qt.Key.Key_N if value == "n/a" else Qt.Key(Qt.Key.Key_0.value + value)
                button = field.row.entry()
                button.setFocus()
                QApplication.sendEvent(
                    button,
                    QKeyEvent(
                        QEvent.Type.KeyPress,
                        key,
                        Qt.KeyboardModifier.NoModifier,
                        "n" if value == "n/a" else str(value),
                    ),
                )
            case ChoiceField():
                self.click(next(b for b in field.row.buttons if b.option.value == value))
            case ComboField():
                options = [option.value for option in field._options]
                self.choose(field.combo, 1 + options.index(value))
            case SeveralField():
                for box, option in zip(field.boxes, field._options, strict=True):
                    if option.value in value:
                        self.click(box)
            case PickerField() if value == []:
                self.click(next(b for b in field.row.buttons if b.option.value == "none"))
            case RowsField() if value == []:
                self.click(field.none_button)
            case _:
                edit = field.focus_widget()
                assert isinstance(edit, QLineEdit | QPlainTextEdit), path
                self.type(edit, str(value))
        self.settle()


def words_on(widget: QWidget) -> set[str]:
    """Every word that a person can read in a widget now: labels, buttons, hints, names for a screen reader."""
    found: set[str] = set()
    for part in (widget, *widget.findChildren(QWidget)):
        if not part.isVisible():
            continue
        for name in ("text", "placeholderText", "title", "toolTip", "accessibleName", "windowTitle"):
            read = getattr(part, name, None)
            if callable(read):
                found.add(str(read()))
    return {words for words in found if words}


def cut_on(widget: QWidget) -> set[str]:
    """The words of visible buttons and one-line labels that have less room than they need."""
    found: set[str] = set()
    for part in widget.findChildren(QWidget):
        one_line = isinstance(part, QAbstractButton) or (isinstance(part, QLabel) and not part.wordWrap())
        if one_line and part.isVisible() and part.text() and part.width() + 1 < part.sizeHint().width():
            found.add(f"{part.text()!r}: {part.width()} of {part.sizeHint().width()}")
    return found
