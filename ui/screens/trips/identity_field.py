"""One line that takes an ИИН or the machine readable zone of a card or passport."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QKeyEvent, QKeySequence

from app.domain import mrz
from app.domain.errors import UserError
from app.domain.mrz import Mrz
from app.domain.text import Text
from app.i18n import Translator
from ui.widgets.field import Words
from ui.widgets.given import has_any
from ui.widgets.iin_field import BORN, IinField


class IdentityField(IinField):
    """Takes an ИИН, or a whole machine readable zone: typed, pasted, or from a reader that types. `zone(Mrz)`.

    A picture or a file that is pasted or dropped here is none of its own: `given(QMimeData)`.
    """

    zone = Signal(object)
    given = Signal(object)

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
        self.take(found)

    def take(self, found: Mrz) -> None:
        """Show what a zone says of the number, and tell the rest."""
        self.set_error(None)
        self.edit.setText(self.written(found.iin))
        self._take(final=True)
        self.zone.emit(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                if event.matches(QKeySequence.StandardKey.Paste):
                    data = QGuiApplication.clipboard().mimeData()
                    # Programs that copy words often add a picture of them: the words are meant.
                    if has_any(data) and not _is_words(data):
                        self.given.emit(data)
                        return True
            # Entering and moving are of this kind, too.
            elif isinstance(event, QDropEvent) and has_any(event.mimeData()) and not _is_words(event.mimeData()):
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.given.emit(event.mimeData())
                return True
        return super().eventFilter(watched, event)

    def tidy(self, value: object) -> None:
        if not self.waits():  # the lines that are there stay for those that come
            super().tidy(value)

    def waits(self) -> bool:
        """Whether the zone goes on in a further line."""
        return mrz.is_begun(self.text()) and not mrz.is_whole(self.text())


def _is_words(data: QMimeData) -> bool:
    return data.hasText() and not data.hasUrls()
