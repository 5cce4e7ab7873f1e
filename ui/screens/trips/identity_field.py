"""One line that takes an ИИН or the machine readable zone of a card or passport."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from app.domain import mrz
from app.domain.errors import UserError
from app.domain.mrz import Mrz
from app.domain.text import Text
from app.i18n import Translator
from ui.widgets.field import Words
from ui.widgets.iin_field import BORN, IinField


class IdentityField(IinField):
    """Takes an ИИН, or a whole machine readable zone: typed, pasted, or from a reader that types. `zone(Mrz)`."""

    zone = Signal(object)

    def __init__(
        self, path: str, label: Words, *, read: Callable[[str], Mrz], check: Callable[[object], object]
    ) -> None:
        self._read = read
        super().__init__(path, label, check=check)
        self.edit.setMaxLength(200)
        self.edit.setMaximumWidth(16_777_215)

    def set_remark(self, remark: Text | None) -> None:
        """Birth date and sex stand in fields of their own beside this one; there is no room to say them twice."""
        super().set_remark(None if remark is not None and remark.msgid == BORN else remark)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.edit.setPlaceholderText(t("12 digits"))
        self.edit.setToolTip(
            t("The 12 digits, or the machine readable zone: typed, pasted, or from a reader that types.")
        )

    def parse(self, text: str) -> object:
        if not mrz.is_begun(text):
            return super().parse(text)
        # The lines of a zone come one after another: the first of them is nothing yet, and nothing wrong.
        return self._read(text).iin if mrz.is_whole(text) else None

    def on_typed(self) -> None:
        super().on_typed()
        text = self.text()
        if not (mrz.is_begun(text) and mrz.is_whole(text)):
            return
        try:
            found = self._read(text)
        except UserError as error:
            self.set_error(error.text)
            return
        self.edit.setText(self.written(found.iin))
        self._take(final=True)
        self.zone.emit(found)

    def tidy(self, value: object) -> None:
        if not self.waits():  # the lines that are there stay for those that come
            super().tidy(value)

    def waits(self) -> bool:
        """Whether the zone goes on in a further line."""
        return mrz.is_begun(self.text()) and not mrz.is_whole(self.text())
