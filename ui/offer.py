"""What is offered once and never again: a line above the status line that stops nobody and takes no keyboard."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.domain.text import N_
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words


class Offer(QFrame):
    """`taken(name)` of what was offered."""

    taken = Signal(str)

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._words, self.name = words, ""
        self.text = label(wrap=True)
        self.take_button, self.drop_button = button("primary"), button("quiet")
        words(self.drop_button, "text", N_("Don't show again"))
        self.take_button.clicked.connect(self.take)
        self.drop_button.clicked.connect(self.drop)
        line = row(self, margin=8)
        line.addWidget(self.text, 1)
        line.addWidget(self.take_button)
        line.addWidget(self.drop_button)
        self.hide()

    def make(self, name: str, text: str, act: str) -> None:
        """Offer this; `text` and `act` (its button) are messages of the catalogue."""
        self.name = name
        self._words(self.text, "text", text)
        self._words(self, "accessibleName", text)
        self._words(self.take_button, "text", act)
        self.show()

    def take(self) -> None:
        """Do what is offered."""
        name = self.name
        self.drop()
        if name:
            self.taken.emit(name)

    def drop(self) -> None:
        """Offer nothing any more."""
        self.name = ""
        self.hide()
