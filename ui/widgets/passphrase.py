"""Typing a passphrase: hidden or shown, with a word about Caps Lock and, for a new one, about its strength."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QProgressBar, QSizePolicy, QWidget

from app.domain.text import N_, Text
from ui.theme import restyle
from ui.widgets.parts import IconButton, column, label, row
from ui.widgets.words import Words

_TONES = ("danger", "danger", "warning", "", "")


class Strength(Protocol):
    """How hard a passphrase is to guess: 0 to 4, and a sentence about it."""

    @property
    def score(self) -> int: ...
    @property
    def text(self) -> Text: ...


class PassphraseEdit(QWidget):
    """A line for a passphrase. `edit` takes the keyboard; `measure`, if given, shows the strength below."""

    submitted = Signal()

    def __init__(self, words: Words, measure: Callable[[str], Strength] | None = None) -> None:
        super().__init__()
        self._words = words
        self._measure = measure
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.edit.returnPressed.connect(self.submitted)
        self.edit.installEventFilter(self)
        self.show_button = IconButton("eye")
        self.show_button.setProperty("kind", "quiet")
        self.show_button.setCheckable(True)
        self.show_button.setAutoDefault(False)
        self.show_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.show_button.toggled.connect(self._reveal)
        self.caps = label("warning", wrap=True)
        words(self.caps, "text", N_("Caps Lock is on."))
        self.caps.hide()
        line = row(gap=4)
        line.addWidget(self.edit, 1)
        line.addWidget(self.show_button)
        lines = column(self, gap=4)
        lines.addLayout(line)
        lines.addWidget(self.caps)
        self.bar = QProgressBar()
        self.bar.setRange(0, 4)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.verdict = label("hint", wrap=True)
        words(self.bar, "accessibleName", N_("Strength of the passphrase"))
        if measure:
            lines.addWidget(self.bar)
            lines.addWidget(self.verdict)
            self.edit.textChanged.connect(self._weigh)
            self._weigh("")
        self._reveal(False)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Forget what was typed and hide again."""
        self.edit.setText("")  # not clear(), which can be undone
        self.show_button.setChecked(False)

    def _reveal(self, shown: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._words(self.show_button, "text", N_("Hide") if shown else N_("Show"))
        self._words(
            self.show_button, "accessibleName", N_("Hide the passphrase") if shown else N_("Show the passphrase")
        )
        self.show_button.set_icon_name("eye-off" if shown else "eye")

    def _weigh(self, text: str) -> None:
        assert self._measure is not None  # noqa: S101 - connected only where there is a measure
        if not text:
            self.bar.setValue(0)
            self._words(self.verdict, "text", N_("Several words that don't belong together make a good passphrase."))
            return
        strength = self._measure(text)
        self.bar.setValue(strength.score)
        self.bar.setProperty("tone", _TONES[strength.score])
        restyle(self.bar)
        self._words(self.verdict, "text", strength.text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt can't ask for the state of Caps Lock: a capital without Shift tells.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text().isalpha():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.setVisible(event.text().isupper() != shift)
        return super().eventFilter(watched, event)
