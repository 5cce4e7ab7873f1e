"""Asks before something is lost: stay, or leave knowingly."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import Text
from ui.language import Language
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.words import Words


class Question(Snug):
    """`confirmed` when the person leaves all the same; closing it any other way is staying."""

    confirmed = Signal()

    def __init__(self, language: Language, title: str, text: Text, stay: str, leave: str, parent: QWidget) -> None:
        """`title`, `stay` and `leave` are messages of the catalogue."""
        super().__init__(parent)
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        words(self, "windowTitle", title)
        head, self.text = label("section", wrap=True), label(wrap=True)
        words(head, "text", title)
        words(self.text, "text", text)
        self.leave_button, self.stay_button = button("danger"), button("primary")
        words(self.leave_button, "text", leave)
        words(self.stay_button, "text", stay)
        self.leave_button.clicked.connect(self._leave)
        self.stay_button.clicked.connect(self.reject)
        self.leave_button.setAutoDefault(False)
        self.stay_button.setDefault(True)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.leave_button)
        buttons.addWidget(self.stay_button)
        lines = column(self, margin=24, gap=16)
        lines.addWidget(head)
        lines.addWidget(self.text)
        lines.addLayout(buttons)
        self.stay_button.setFocus()

    def _leave(self) -> None:
        self.accept()
        self.confirmed.emit()
