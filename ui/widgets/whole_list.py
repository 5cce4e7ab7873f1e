"""One of several: a box whose list opens whole."""

from PySide6.QtWidgets import QComboBox


class WholeList(QComboBox):
    """As QComboBox. Qt measures the lines a pixel too low each, and hides half of the last one behind an arrow."""

    def showPopup(self) -> None:
        super().showPopup()
        view = self.view()
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
