"""One of several: a box whose list opens whole, and is searched by typing."""

from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox

AROUND: Final = 46
"""Pixels of a list's box that its words can't have: border, padding, arrow (`ui.style_sheet`)."""

_GOES_ON_S: Final = 1.2
"""So long after a letter the next one belongs to the same word."""


class WholeList(QComboBox):
    """As QComboBox. It opens as wide as its longest line, which Qt would cut. Qt measures the lines a pixel too low
    each, and hides half of the last one behind an arrow.

    Letters go to the next line that has a word beginning so: Qt looks at the beginnings of lines alone, and many lines
    begin with their code.
    """

    _typed, _typed_at = "", 0.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._named(event, self.currentIndex())
        if row is None:
            super().keyPressEvent(event)
        elif row != self.currentIndex():
            self.setCurrentIndex(row)
            self.activated.emit(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While it is open the keys are the list's.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is not self:
            view = self.view()
            row = self._named(event, view.currentIndex().row())
            if row is not None:
                view.setCurrentIndex(view.model().index(row, self.modelColumn()))
                return True
        return super().eventFilter(watched, event)

    def _named(self, event: QKeyEvent, at: int) -> int | None:
        """The line that is meant by what is typed, from line `at` on; None where the key is no letter of a word."""
        text, plain = event.text(), Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.ShiftModifier
        if not text or not text.isalnum() or event.modifiers() & ~plain or self.isEditable() or self.count() == 0:
            return None
        goes_on = bool(self._typed) and monotonic() - self._typed_at < _GOES_ON_S
        self._typed_at = monotonic()
        self._typed = (self._typed if goes_on else "") + text.casefold()
        letter = self._typed[0]
        again = self._typed == letter * len(self._typed)  # the same letter goes from line to line
        ways = [(self._typed, at if goes_on else at + 1), *([(letter, at + 1)] if again else [])]
        for typed, begin in ways:
            for row in (row % self.count() for row in range(begin, begin + self.count())):
                words = self.itemText(row).casefold().split()
                if any(word.lstrip('«„“"(').startswith(typed) for word in words):
                    return row
        return at

    def showPopup(self) -> None:
        view, metrics = self.view(), self.fontMetrics()
        view.removeEventFilter(self)
        view.installEventFilter(self)
        widest = max((metrics.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)
        view.setMinimumWidth(min(widest + AROUND, self.window().width()))
        super().showPopup()
        model, window = view.model(), view.window()
        if not 0 < model.rowCount() <= self.maxVisibleItems():
            return  # it scrolls anyway
        last = view.visualRect(model.index(model.rowCount() - 1, self.modelColumn()))
        lacking = last.bottom() + 1 - view.viewport().height()
        if lacking > 0:
            height = window.height()
            window.resize(window.width(), height + lacking + last.height())  # the arrow goes only where there is room
            if (layout := window.layout()) is not None:
                layout.activate()
            window.resize(window.width(), height + lacking)
