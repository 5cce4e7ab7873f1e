"""The ИИН (ЖСН): twelve digits that tell birth date and sex, and are checked as they are typed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.domain import iin
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text
from ui.widgets.digits import digit_of
from ui.widgets.field import Words, accept
from ui.widgets.text_field import TextField

BORN = N_("Born {date}, {sex}")
LAST_DIGIT = N_("The last digit of the ИИН does not fit the others: compare the number with the document.")

_PLAIN = (Qt.KeyboardModifier.NoModifier,)


class IinField(TextField):
    """Groups the digits softly as `710614 301212`; `told(Iin)` carries what a whole number tells."""

    told = Signal(object)

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self.edit.setMaxLength(20)
        width = self.edit.fontMetrics().horizontalAdvance("000000 000000")
        self.edit.setMinimumWidth(width + 32)
        self.edit.setMaximumWidth(width * 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            digit = digit_of(event)
            if digit is not None and not event.text().isdigit() and event.modifiers() in _PLAIN:
                if not self.edit.isReadOnly():
                    # As a key, so that it counts as typed.
                    key = Qt.Key(Qt.Key.Key_0 + digit)
                    QApplication.sendEvent(self.edit, QKeyEvent(event.type(), key, _PLAIN[0], str(digit)))
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def parse(self, text: str) -> object:
        digits = "".join(text.split()).replace("-", "")
        return iin.read(digits).digits if digits else None

    def written(self, value: Any) -> str:
        digits = "" if value is None else str(value)
        return f"{digits[:6]} {digits[6:]}" if len(digits) == 12 else digits

    def show_value(self, value: Any, text: str | None = None) -> None:
        super().show_value(value, text)
        self._explain(value if text is None else None, tell=False)

    def on_typed(self) -> None:
        super().on_typed()
        # The answer to the twelfth digit comes at once, not after the pause.
        if len("".join(self.text().split())) == 12:
            self._take(final=False)

    def set_notices(self, notices: tuple[Text | LocalText, ...]) -> None:
        if notices and self.error_text is not None and self.error_text.msgid == LAST_DIGIT:
            self.set_error(None)
        super().set_notices(notices)

    def _take(self, *, final: bool) -> None:
        before = self._settled
        super()._take(final=final)
        changed = before != self._settled
        if changed or final:  # what is left is a right value, and a wrong check digit is told all the same
            try:
                value = self.check(self.parse(self.text()))
            except UserError:
                value = None
            self._explain(value, tell=changed)

    def _explain(self, value: object, *, tell: bool) -> None:
        """The number in words below the field; a wrong check digit is said, and kept as typed."""
        try:
            known = iin.read(str(value)) if value else None
        except UserError:
            known = None
        if known is None:
            self.set_remark(None)
            return
        if not known.checksum_ok and not self.notices:  # the criteria say it too, once they know the case
            self.set_error(Text(LAST_DIGIT))
        if isinstance(known.birth_date, date) and known.sex is not None:
            self.set_remark(Text(BORN, {"date": known.birth_date, "sex": known.sex}))
        else:
            self.set_remark(Text(N_("This number does not tell the birth date and the sex.")))
        if tell:
            self.told.emit(known)
