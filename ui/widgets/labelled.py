"""A control with its label above and its error below."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.text import Text
from ui.theme import restyle
from ui.widgets.parts import column, label, row
from ui.widgets.words import Words


class Labelled(QWidget):
    """One question of a form. The label is the control's name for a screen reader and takes its mnemonic."""

    def __init__(
        self,
        words: Words,
        msgid: str,
        control: QWidget,
        hint: str = "",
        buddy: QWidget | None = None,
        beside: QWidget | None = None,
    ) -> None:
        """`buddy` is the part of `control` that takes the keyboard, if it isn't the control itself; `beside` stands at
        its right, as a button that fills it."""
        super().__init__()
        self._words = words
        self.control = control
        self.input = buddy or control
        self.label = label("label", wrap=True)
        self.label.setBuddy(self.input)
        words(self.label, "text", msgid)
        words(self.input, "accessibleName", msgid)
        self.error = label("error", wrap=True)
        self.error.hide()
        lines = column(self, gap=4)
        lines.addWidget(self.label)
        if hint:
            self.hint = label("hint", wrap=True)
            words(self.hint, "text", hint)
            words(self.input, "accessibleDescription", hint)
            lines.addWidget(self.hint)
        if beside is None:
            lines.addWidget(control)
        else:
            line = row()
            line.addWidget(control, 1)
            line.addWidget(beside)
            lines.addLayout(line)
        lines.addWidget(self.error)
        if isinstance(self.input, QLineEdit):
            self.input.textEdited.connect(lambda: self.set_error(None))

    def set_error(self, text: Text | None) -> None:
        """Say below the control what is wrong with it; None takes it back."""
        if text is None:
            self._words.forget(self.error)
            self.error.clear()
        else:
            self._words(self.error, "text", text)
        self.error.setVisible(text is not None)
        self.input.setProperty("invalid", text is not None)
        restyle(self.input)
