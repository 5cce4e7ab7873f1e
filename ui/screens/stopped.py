"""When the data directory can't be used at all: the sentence, and two ways on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import Told
from app.domain.text import N_
from ui.language import Language
from ui.widgets.parts import Centred, button, column, label, panel, row
from ui.widgets.words import Words


class StoppedScreen(QWidget):
    """`retried` when the person wants to try again, `left` to close."""

    retried = Signal()
    left = Signal()

    def __init__(self, language: Language, told: Told) -> None:
        super().__init__()
        words = Words(language, self)
        title, said = label("title", wrap=True), label(wrap=True)
        words(title, "text", N_("Saraptama can't start yet"))
        words(said, "text", told.text)
        self.retry_button, self.close_button = button("primary"), button()
        words(self.retry_button, "text", N_("Try again"))
        words(self.close_button, "text", N_("Close"))
        self.retry_button.clicked.connect(self.retried)
        self.close_button.clicked.connect(self.left)
        box = panel()
        lines = column(box, margin=32, gap=16)
        lines.addWidget(title)
        lines.addWidget(said)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.retry_button)
        lines.addLayout(buttons)
        around = column(self, margin=24)
        around.addStretch(2)
        around.addWidget(Centred(box, 640), 0, Qt.AlignmentFlag.AlignVCenter)
        around.addStretch(3)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.retry_button
