"""An icon that stands by itself and follows the theme; the words beside it say what it means."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from ui import theme


class IconLabel(QLabel):
    """`side` in pixels, at 100 % text."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side, self._name, self._tone = side, "", ""
        self._drawn: tuple[object, ...] = ()

    def show_icon(self, name: str, tone: str = "") -> None:
        """Show another one of `resources/icons`; `tone`: "", `muted` or `warning`."""
        self._name, self._tone = name, tone
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_drawn"):
            self._draw()

    def _draw(self) -> None:
        look = theme.current()
        wanted = (look, self._name, self._tone)
        if self._name and self.isVisible() and wanted != self._drawn:
            self._drawn = wanted
            side = round(self._side * look.scale)
            ink = {"warning": look.colours.warning, "muted": look.colours.muted}.get(self._tone, look.colours.text)
            self.setPixmap(look.icon(self._name, ink).pixmap(QSize(side, side)))
