"""A whole number within bounds, typed or stepped; empty until somebody answers."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from app.domain.errors import UserError
from app.domain.text import N_, Text
from ui.widgets.field import Words, accept
from ui.widgets.text_field import TextField


class NumberField(TextField):
    """Arrow up and down step by one within the band, if there is one; a band is a proposal, not a bound."""

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self.band: tuple[int, int] | None = None
        self.edit.setMaxLength(3)
        self.edit.setMaximumWidth(self.edit.fontMetrics().horizontalAdvance("0000") + 48)

    def parse(self, text: str) -> object:
        digits = text.strip().removesuffix("%").strip()
        if digits and not (digits.isascii() and digits.isdigit()):
            raise UserError(Text(N_("“{text}” is not a whole number. Type the per cent in digits."), {"text": text}))
        return int(digits) if digits else None

    def set_band(self, band: tuple[int, int] | None, hint: Words) -> None:
        """What the criteria propose; `hint` says it in words."""
        if (band, hint) != (self.band, self.hint_words):
            self.band, self.hint_words = band, hint
            if self.t is not None:
                self.retranslate(self.t)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
            if step and not self.edit.isReadOnly():
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _step(self, step: int) -> None:
        first, last = self.band or (0, 100)
        text = self.edit.text().strip()
        value = int(text) + step if text.isdigit() else first if step > 0 else last
        self.edit.setText(str(min(max(value, first), last)))
        self.on_typed()
