"""A failure in a sentence, above the screen, until somebody has read it."""

from PySide6.QtWidgets import QFrame, QWidget

from app.domain.text import N_
from ui.theme import restyle
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words


class MessageBar(QFrame):
    """Shows one message at a time, the newest; a failure stays until its button is pressed."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.text = label(wrap=True)
        self.close_button = button("quiet", "x")
        words(self.close_button, "text", N_("Understood"))
        self.close_button.clicked.connect(self.hide)
        line = row(self, margin=8)
        line.addWidget(self.text, 1)
        line.addWidget(self.close_button)
        self.hide()

    def say(self, text: str, tone: str = "danger") -> None:
        """Show `text` (already in the window's language); tone `info`, `warning` or `danger`."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setProperty("tone", tone)
        restyle(self)
        self.show()

    def leave(self) -> None:
        """Another screen is shown: a mere note was about the one before."""
        if self.property("tone") == "info":
            self.hide()
