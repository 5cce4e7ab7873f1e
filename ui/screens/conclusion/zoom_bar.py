"""Pages and zoom of the papers on the screen: for the mouse, and by the keys of the table."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.text import N_, Text
from ui import shortcuts
from ui.language import Language
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.screens.conclusion.preview import Preview


class ZoomBar(QObject):
    """Moves all previews that `shown` names together, by buttons (`pages`, `sizes`) and by keys inside `parent`."""

    def __init__(self, language: Language, shown: "Callable[[], Sequence[Preview]]", parent: QWidget) -> None:
        super().__init__(parent)
        self._words = Words(language, self)
        self._shown = shown
        self.back_button = self._small("chevron-left", N_("Page back"), lambda: self.go(-1), "paper_back")
        self.on_button = self._small("chevron-right", N_("Page on"), lambda: self.go(1), "paper_on")
        self.page, self.percent = label(), label()
        self.smaller_button = self._small("zoom-out", N_("Smaller"), lambda: self.zoom(-1), "smaller")
        self.larger_button = self._small("zoom-in", N_("Larger"), lambda: self.zoom(1), "larger")
        self.fit_button = button("quiet")
        self.fit_button.setAutoDefault(False)
        self._words(self.fit_button, "text", N_("Whole width"))
        self.fit_button.clicked.connect(lambda: self.zoom(0))
        self.pages, self.sizes = QWidget(), QWidget()
        for holder, parts in (
            (self.pages, (self.back_button, self.page, self.on_button)),
            (self.sizes, (self.smaller_button, self.percent, self.larger_button, self.fit_button)),
        ):
            line = row(holder, gap=4)
            for part in parts:
                line.addWidget(part)
        for name, slot in (
            ("larger", lambda: self.zoom(1)), ("smaller", lambda: self.zoom(-1)), ("whole_width", lambda: self.zoom(0)),
            ("paper_on", lambda: self.go(1)), ("paper_back", lambda: self.go(-1)),
        ):  # fmt: skip
            shortcuts.bind(parent, name, slot)

    def go(self, step: int) -> None:
        """One page on (1) or back (-1)."""
        for preview in self._shown():
            preview.go(step)

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), as wide as the window (0)."""
        for preview in self._shown():
            preview.zoom(step)
        self.refresh()

    def refresh(self) -> None:
        """Say again which page is shown, and how large."""
        shown = self._shown()
        pages = max((preview.pages() for preview in shown), default=0)
        for part in (self.back_button, self.on_button):
            part.setEnabled(pages > 1)
        number = shown[0].page() if shown and pages else 0
        self._words(self.page, "text", N_("Page {n} of {total}"), n=number, total=pages)
        self.percent.setText(f"{round(shown[0].factor() * 100)} %" if pages else "")

    def _small(self, icon: str, msgid: str, slot: object, key: str) -> QPushButton:
        made = button("quiet", icon, alone=True)
        made.setAutoDefault(False)
        # The words stand between the two arrows: "Page 1 of 3", "80 %".
        self._words(made, "accessibleName", msgid)
        self._words(made, "toolTip", N_("{what} ({key})"), what=Text(msgid), key=shortcuts.native(key))
        made.clicked.connect(slot)
        return made
