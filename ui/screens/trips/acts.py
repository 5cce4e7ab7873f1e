"""What can be done with the person under the cursor of a trip's list: mark, order, another trip, end."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.text import N_
from app.domain.trips import KEPT
from app.domain.vocabulary import CaseState
from app.services.absences import KINDS
from app.services.trip_views import Turn
from ui.language import Language
from ui.screens.trips.worklist import QUEUE_SIGNS
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button
from ui.widgets.words import Words


class ActsBar(QWidget):
    """`marked(state)` by a chip; the other buttons are connected by their page."""

    marked = Signal(object)

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(language, self)
        flow = FlowLayout(self, level=True)
        self.chips = {state: button("chip", QUEUE_SIGNS[state], checkable=True) for state in KEPT}
        for digit, (state, chip) in enumerate(self.chips.items(), 1):
            words(chip, "text", N_("{digit} {state}"), digit=digit, state=state)
            words(chip, "toolTip", N_("Mark the person: {state} ( {digit} )"), digit=digit, state=state)
            chip.clicked.connect(lambda _=False, wanted=state: self.marked.emit(wanted))
            flow.addWidget(chip)
        self.up_button, self.down_button = button("quiet", "arrow-up"), button("quiet", "arrow-down")
        self.move_button, self.out_button = button("quiet", "route"), button("quiet", "x")
        self.end_button, self.resume_button = button("quiet", "ban"), button("quiet", "play")
        parts: tuple[tuple[QPushButton, str, str], ...] = (
            (self.end_button, N_("End the case…"), N_("Refused or not come: end the case, or move it to another trip")),
            (self.resume_button, N_("Resume the case…"), N_("The case goes on as it was, and the person waits again")),
            (self.up_button, N_("Earlier"), N_("Earlier in the order ( Alt+Up )")),
            (self.down_button, N_("Later"), N_("Later in the order ( Alt+Down )")),
            (self.move_button, N_("To another trip…"), N_("Move the person to another trip")),
            (self.out_button, N_("Out of the trip"), N_("The case stays, in no trip")),
        )
        for made, text, tip in parts:
            words(made, "text", text)
            words(made, "toolTip", tip)
            flow.addWidget(made)

    def show_turn(self, turn: Turn, at: int, of: int) -> None:
        """Who is under the cursor, in which place of how many."""
        ended = turn.state is CaseState.ENDED
        for state, chip in self.chips.items():
            chip.setChecked(turn.queue is state)
            chip.setEnabled(turn.queue in KEPT and not ended)
        self.end_button.setVisible(turn.state is CaseState.DRAFT and turn.queue in KINDS)
        self.resume_button.setVisible(ended)
        self.up_button.setEnabled(at > 0)
        self.down_button.setEnabled(at + 1 < of)
