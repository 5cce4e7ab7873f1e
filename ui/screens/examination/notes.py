"""What the criteria say beside the group: notes on the decision page, each with its source. They ask for no answer."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.proposal import Citation
from app.domain.text import LocalText
from app.i18n import Translator
from ui.screens.examination.summary import clear
from ui.screens.proposal import words
from ui.widgets.parts import column, label, panel


class Told(Protocol):
    """A note as the services hand it out."""

    @property
    def text(self) -> LocalText: ...
    @property
    def citation(self) -> Citation: ...


class Notes(QWidget):
    """A heading and a panel for each note; hidden where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_notes(self, t: Translator, notes: Sequence[Told]) -> None:
        clear(self._column)
        self.setVisible(bool(notes))
        if not notes:
            return
        heading = label("section", wrap=True)
        heading.setText(t("Beside the group"))
        self._column.addWidget(heading)
        for note in notes:
            box = panel()
            lines = column(box, margin=12, gap=4)
            for text, role in ((t.show(note.text), ""), (words.citation(t, note.citation), "hint")):
                part = label(role, wrap=True)
                part.setText(text)
                lines.addWidget(part)
            self._column.addWidget(box)
