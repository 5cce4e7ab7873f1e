"""A new passphrase, typed twice."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import N_, Text
from ui.widgets.labelled import Labelled
from ui.widgets.parts import column
from ui.widgets.passphrase import PassphraseEdit, Strength
from ui.widgets.words import Words


class NewPassphrase(QWidget):
    """Two lines that must agree. `take()` gives the passphrase once it is strong enough and typed alike."""

    submitted = Signal()

    def __init__(
        self, words: Words, measure: Callable[[str], Strength], good_enough: Callable[[str], bool], label: str
    ) -> None:
        super().__init__()
        self._good_enough = good_enough
        self.first = PassphraseEdit(words, measure)
        self.second = PassphraseEdit(words)
        self._first = Labelled(words, label, self.first, buddy=self.first.edit)
        self._second = Labelled(words, N_("The same passphrase again"), self.second, buddy=self.second.edit)
        self.first.submitted.connect(self.second.edit.setFocus)
        self.second.submitted.connect(self.submitted)
        lines = column(self, gap=16)
        lines.addWidget(self._first)
        lines.addWidget(self._second)

    def take(self) -> str | None:
        """The passphrase; None where something is wrong, said below the line it belongs to."""
        first, second = self.first.text(), self.second.text()
        weak = not self._good_enough(first)
        self._first.set_error(
            Text(N_("The passphrase is too easy to guess. Make it longer: several words are best.")) if weak else None
        )
        differ = not weak and first != second
        self._second.set_error(Text(N_("The two passphrases differ. Type both again.")) if differ else None)
        if weak:
            self.first.edit.setFocus()
        elif differ:
            self.second.edit.setFocus()
        return None if weak or differ else first

    def refuse(self, text: Text) -> None:
        """Say what the desk had against it."""
        self._first.set_error(text)
        self.first.edit.setFocus()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()
