"""Measures of the criteria that are not in the programme, with what speaks for them or against; taken one by one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from app.domain.vocabulary import MeasureState
from app.i18n import Translator
from app.services.programme_words import STATE_HEADINGS, STATE_SIGNS
from app.services.programmes import ListedMeasure
from ui.screens.examination import measure_words
from ui.screens.examination.measure_rows import MeasureRows
from ui.widgets.parts import button, column, label

_ACTS = {
    MeasureState.PROPOSED: N_("Take the chosen one"),
    MeasureState.TO_CONFIRM: N_("Confirm and take the chosen one"),
    MeasureState.CONTRAINDICATED: N_("Take the chosen one with a reason"),
}


class Offers(QWidget):
    """All of one state. `chosen(id)` by Enter, a double click or the button below."""

    chosen = Signal(str)

    def __init__(self, state: MeasureState) -> None:
        super().__init__()
        self._state = state
        self.heading = label("section", wrap=True)
        self.rows = MeasureRows()
        self.button = button("", "plus")
        self.button.setAutoDefault(False)
        lines = column(self, gap=8)
        lines.addWidget(self.heading)
        lines.addWidget(self.rows)
        lines.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.rows.opened.connect(self._on_opened)
        self.button.clicked.connect(lambda: self._on_opened(self.rows.currentRow()))

    def _on_opened(self, place: int) -> None:
        entries = self.rows.entries()
        if 0 <= place < len(entries):
            self.chosen.emit(entries[place].id)

    def show_measures(self, t: Translator, found: Sequence[ListedMeasure]) -> None:
        """These; without any nothing is seen."""
        self.rows.show_entries([measure_words.offer(t, measure) for measure in found])
        self.setVisible(bool(found))

    def retranslate(self, t: Translator) -> None:
        heading = t(STATE_HEADINGS[self._state])
        self.heading.setText(f"{STATE_SIGNS[self._state]} {heading}")
        self.rows.setAccessibleName(heading)
        self.button.setText(t(_ACTS[self._state]))
        self.button.setAccessibleName(self.button.text())
