"""Asks in a line why something is done that the record has to explain."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.text import Text
from app.domain.typed import LONGEST_LINE
from ui.language import Language
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.words import Words


class ReasonDialog(Snug):
    """`confirmed(reason)`; closing it any other way leaves everything as it is."""

    confirmed = Signal(str)

    def __init__(
        self, language: Language, title: str, what: str, asked: str, act: str, keep: str, parent: QWidget
    ) -> None:
        """All words are messages of the catalogue: the question, what will happen, the label of the line, and what
        the two buttons do."""
        super().__init__(parent)
        self._asked = asked
        words = Words(language, self)
        words(self, "windowTitle", title)
        self.setMinimumWidth(520)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        head, told = label("section", wrap=True), label(wrap=True)
        words(head, "text", title)
        words(told, "text", what)
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_LINE)
        self._reason = Labelled(words, asked, self.reason)
        self.keep_button, self.act_button = button(), button("primary")
        words(self.keep_button, "text", keep)
        words(self.act_button, "text", act)
        self.keep_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self._confirm)
        self.reason.returnPressed.connect(self._confirm)
        for each in (self.keep_button, self.act_button):
            each.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.act_button)
        lines = column(self, margin=24, gap=16)
        for part in (head, told, self._reason):
            lines.addWidget(part)
        lines.addLayout(buttons)
        self.reason.setFocus()

    def _confirm(self) -> None:
        reason = " ".join(self.reason.text().split())
        if not reason:
            self._reason.set_error(Text(self._asked))
            self.reason.setFocus()
            return
        self.confirmed.emit(reason)
        self.accept()
