"""Questions that belong together, under one heading; some are shown only where they are needed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.i18n import Translator
from ui.widgets.field import Field, Words, say
from ui.widgets.parts import set_shown


class Group(QFrame):
    """A heading and its questions. With `add` words it opens by a button and closes by another."""

    opened = Signal()
    emptied = Signal()

    def __init__(
        self,
        heading: Words,
        rows: Sequence[Sequence[QWidget]],
        *,
        add: Words = "",
        remove: Words = "",
        parent: QWidget | None = None,
    ) -> None:
        """With its `parent` from the beginning: Qt styles everything anew that is put into another widget later."""
        super().__init__(parent)
        self._heading_words, self._add_words, self._remove_words = heading, add, remove
        self._wanted = not add
        self.read_only = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "section")
        self.heading.setWordWrap(True)
        self.add_button = QPushButton(self)
        self.add_button.clicked.connect(self._on_add)
        self.remove_button = QPushButton(self)
        self.remove_button.setProperty("kind", "quiet")
        self.remove_button.clicked.connect(self._on_remove)
        top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        top.addWidget(self.heading, 1)
        top.addWidget(self.add_button)
        top.addWidget(self.remove_button)
        self.column.addLayout(top)
        self.body = QWidget(self)
        self.column.addWidget(self.body)
        lines = QVBoxLayout(self.body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        self.fields: list[Field] = []
        self._rows = lines
        self._waiting: list[QWidget] = []
        self._lines: list[QBoxLayout] = [top]
        self.add_rows(rows)
        self._show()

    def add_rows(self, rows: Sequence[Sequence[QWidget]], into: QBoxLayout | None = None) -> None:
        """More questions, below those that are there, or where a row keeps a place for them (`into`). In sight already,
        it shows them when `show_rows` is called: each word of them would have everything laid out again."""
        place: QBoxLayout = self._rows if into is None else into
        below = place
        if self.isVisible():
            room = QWidget(self.body)
            room.hide()
            below = QVBoxLayout(room)
            below.setContentsMargins(0, 0, 0, 0)
            below.setSpacing(self._rows.spacing())
            place.addWidget(room)
            self._waiting.append(room)
        for row in rows:
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            line.setSpacing(16)
            below.addLayout(line)
            self._lines.append(line)
            for widget in row:
                line.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
                if isinstance(widget, Field):
                    self.fields.append(widget)

    def show_rows(self) -> None:
        """Show the rows that were added last."""
        for room in self._waiting:
            room.show()
        self._waiting.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where two questions don't fit side by side at the size of the type, they stand below each other.
        beside = self.width() >= self.fontMetrics().averageCharWidth() * 58
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        for line in self._lines:
            if line.direction() != direction:
                line.setDirection(direction)

    def open(self, wanted: bool = True) -> None:
        """Show or hide the questions, where there is a choice."""
        if self._add_words:
            self._wanted = wanted
            self._show()

    @property
    def is_open(self) -> bool:
        return self._wanted

    def set_read_only(self, read_only: bool) -> None:
        self.read_only = read_only
        self._show()

    def _show(self) -> None:
        set_shown(self.body, self._wanted)
        set_shown(self.add_button, bool(self._add_words) and not self._wanted and not self.read_only)
        set_shown(self.remove_button, bool(self._remove_words) and self._wanted and not self.read_only)

    def _on_add(self) -> None:
        self.open()
        self.opened.emit()
        if self.fields:
            self.fields[0].focus_widget().setFocus()

    def _on_remove(self) -> None:
        self.open(False)
        self.add_button.setFocus()
        self.emptied.emit()

    def retranslate(self, t: Translator) -> None:
        self.heading.setText(say(t, self._heading_words))
        for button, words in ((self.add_button, self._add_words), (self.remove_button, self._remove_words)):
            button.setText(say(t, words) if words else "")
            button.setAccessibleName(button.text())
