"""One of several: a box whose list opens whole."""

from typing import Final

from PySide6.QtWidgets import QComboBox

AROUND: Final = 46
"""Pixels of a list's box that its words can't have: border, padding, arrow (`ui.style_sheet`)."""


class WholeList(QComboBox):
    """As QComboBox. It opens as wide as its longest line, which Qt would cut. Qt measures the lines a pixel too low
    each, and hides half of the last one behind an arrow."""

    def showPopup(self) -> None:
        view, metrics = self.view(), self.fontMetrics()
        widest = max((metrics.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)
        view.setMinimumWidth(min(widest + AROUND, self.window().width()))
        super().showPopup()
        model, window = view.model(), view.window()
        if not 0 < model.rowCount() <= self.maxVisibleItems():
            return  # it scrolls anyway
        last = view.visualRect(model.index(model.rowCount() - 1, self.modelColumn()))
        lacking = last.bottom() + 1 - view.viewport().height()
        if lacking > 0:
            height = window.height()
            window.resize(window.width(), height + lacking + last.height())  # the arrow goes only where there is room
            if (layout := window.layout()) is not None:
                layout.activate()
            window.resize(window.width(), height + lacking)
