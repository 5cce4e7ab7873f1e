"""A group that folds: what is in it stays, and can be looked at in a case that takes no changes, too."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.widgets.field import Words
from ui.widgets.group import Group


class Fold(Group):
    """Opened and closed by one button; begins closed."""

    def __init__(
        self,
        heading: Words,
        rows: Sequence[Sequence[QWidget]],
        *,
        unfold: Words,
        fold: Words,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(heading, rows, add=unfold, remove=fold, parent=parent)

    def _show(self) -> None:
        super()._show()
        self.add_button.setVisible(not self._wanted)
        self.remove_button.setVisible(self._wanted)
