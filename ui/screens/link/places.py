"""Where the records are: one line a place, with its sign, its word, how many, and what it means."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.domain.text import N_
from app.services.link_views import Place
from app.services.link_words import WORDS
from ui import theme
from ui.language import Language
from ui.screens.link.words import MEANINGS, SIGNS, records
from ui.widgets.words import Words


class PlaceList(QListWidget):
    """`picked(place)`; None for all of them."""

    picked = Signal(object)

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._language = language
        self._counts: Mapping[Place, int] = {}
        self._shown: tuple[object, ...] = ()
        words = Words(language, self)
        words(self, "accessibleName", N_("Where the records are"))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._places: tuple[Place | None, ...] = (None, *Place)
        for _ in self._places:
            self.addItem(QListWidgetItem())
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self._pick)
        language.changed.connect(self._fill)
        self._fill()

    def place(self) -> Place | None:
        """The one that is chosen; None for all."""
        return self._places[max(self.currentRow(), 0)]

    def choose(self, place: Place | None) -> None:
        """Choose another."""
        self.setCurrentRow(self._places.index(place))

    def show_counts(self, counts: Mapping[Place, int]) -> None:
        """Records by place."""
        self._counts = counts
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_places"):
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _pick(self, at: int) -> None:
        self._fill()
        self.picked.emit(self._places[max(at, 0)])

    def _fill(self) -> None:
        t, look = self._language.t, theme.current()
        shown = (look, t.language, dict(self._counts), self.currentRow())
        if shown == self._shown:
            return
        self._shown = shown
        side = round(16 * look.scale)
        self.setIconSize(QSize(side, side))
        for at, place in enumerate(self._places):
            item = self.item(at)
            if place is None:
                n = sum(self._counts.values())
                item.setText(t("All: {records}", records=records(t, n)))
                item.setIcon(look.icon("list-checks"))
                continue
            n = self._counts.get(place, 0)
            head, meaning = t("{name}: {records}", name=t(WORDS[place]), records=records(t, n)), t(MEANINGS[place])
            item.setText(f"{head}\n{meaning}" if n or at == self.currentRow() else head)  # what is empty needs no room
            item.setToolTip(meaning)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, meaning)
            item.setIcon(look.icon(SIGNS[place], look.colours.text if n else look.colours.muted))
        self._measure()

    def _measure(self) -> None:
        """Each line as high as its words at this width: Qt forgets the icon and the padding."""
        room = self.viewport().width() - self.iconSize().width() - 34
        wrapped = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        for at in range(self.count()):
            item = self.item(at)
            found = self.fontMetrics().boundingRect(QRect(0, 0, max(room, 80), 10_000), wrapped, item.text())
            item.setSizeHint(QSize(0, found.height() + 12))
