"""The line at the bottom: when was saved, what criteria, what the clock says, and the work under way."""

from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QToolTip, QWidget

from app.domain.text import N_, Text
from ui import shortcuts
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words

_TOLD_MS = 12_000


class Facts(QLabel):
    """One line that gives way: "…" at its end where the room is short; its tool tip then says the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "hint")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.style().drawItemText(QPainter(self), room, flags, self.palette(), True, shown, self.foregroundRole())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.fontMetrics().horizontalAdvance(self.text()) > self.width():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)


class StatusLine(QFrame):
    """Facts on the left, divided by dots, and how the link stands, which leads to its room (`link_wanted`); at work, a
    name, a bar and "Cancel" on the right."""

    link_wanted = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._words = words
        self._facts: dict[str, Text] = {}
        self._while = QTimer(self)
        self._while.setSingleShot(True)
        self._while.setInterval(_TOLD_MS)
        self._while.timeout.connect(lambda: self.set_fact("told", None))
        self.text = Facts()
        self.task = label("hint")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(96, 8)
        words(self.bar, "accessibleName", N_("Work under way"))
        self.cancel_button = button("quiet")
        words(self.cancel_button, "text", N_("Cancel"))
        line = row(self)
        line.setContentsMargins(16, 4, 16, 4)
        self.link = button("link")
        words(self.link, "toolTip", N_("{name} ({key})"), name=Text(N_("Link with the centre")),
              key=shortcuts.native("link"))  # fmt: skip
        self.link.clicked.connect(self.link_wanted)
        self.link.hide()
        line.addWidget(self.text)
        line.addWidget(self.link)
        line.addStretch(1)
        self.keys = label("hint")
        words(self.keys, "text", N_("{key}: help and keys"), key=shortcuts.native("help"))
        for part in (self.task, self.bar, self.cancel_button, self.keys):
            line.addWidget(part)
        self.set_task("", False)

    def set_fact(self, name: str, text: Text | None) -> None:
        """Show or take away one of `told`, `saved`, `criteria`, `clock`; they stand in this order."""
        if text is None:
            self._facts.pop(name, None)
        else:
            self._facts[name] = text
        told = [self._facts[key] for key in ("told", "saved", "criteria", "clock") if key in self._facts]
        if told:
            pattern = " · ".join(f"{{f{i}}}" for i in range(len(told)))
            self._words(self.text, "text", Text(pattern, {f"f{i}": fact for i, fact in enumerate(told)}))
        else:
            self._words.forget(self.text)
            self.text.clear()

    def set_link(self, text: Text | None) -> None:
        """How the link stands, in two or three words; None: nobody is signed in."""
        if text is not None:
            self._words(self.link, "text", text)
            self._words(self.link, "accessibleName", Text(N_("Link with the centre: {text}"), {"text": text}))
        self.link.setVisible(text is not None)

    def set_saved(self, at: datetime) -> None:
        """`at` is aware; shown in the laptop's own time with seconds."""
        self.set_fact("saved", Text(N_("saved {time}"), {"time": at.astimezone().strftime("%H:%M:%S")}))

    def say(self, text: Text) -> None:
        """What was just done, for a while."""
        self.set_fact("told", text)
        self._while.start()

    def clear(self) -> None:
        """Nobody is signed in: say nothing."""
        self._facts.clear()
        self.set_fact("saved", None)
        self.set_link(None)

    def set_task(self, name: str, cancellable: bool) -> None:
        """Show the work called `name`; an empty name means none."""
        self.task.setText(name)
        self.task.setVisible(bool(name))
        self.bar.setVisible(bool(name))
        self.cancel_button.setVisible(bool(name) and cancellable)
