"""The map of the case: every step with its state by sign and word."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.text import N_
from app.i18n import Translator
from app.services.steps import STEPS, StepState

NAMES = {
    "person": N_("Person"),
    "referral": N_("Referral"),
    "examination": N_("Examination"),
    "observations": N_("Specialists"),
    "diagnosis": N_("Diagnosis"),
    "functions": N_("Functions and limitations"),
    "vote": N_("Vote"),
    "proposal": N_("Proposal"),
    "decision": N_("Decision"),
    "programme": N_("Programme"),
    "conclusion": N_("Conclusion"),
}
SIGNS = {"complete": "✓", "incomplete": "○", "contradictory": "⚠"}
KEYS = "1234567890-="
"""With Ctrl: one for each step, in their order on the keyboard."""
STATUS = {
    "complete": N_("complete"),
    "incomplete": N_("incomplete"),
    "contradictory": N_("contradictory"),
}


class StepList(QScrollArea):
    """`chosen(step)` by click, arrows and Enter; the keys are bound by the case window."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(2)
        self.buttons: dict[str, QPushButton] = {}
        for step in STEPS:
            button = QPushButton()
            button.setProperty("kind", "step")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, s=step: self.chosen.emit(s))
            self.buttons[step] = button
            column.addWidget(button)
        column.addStretch()
        self.setWidget(content)
        self._states: tuple[StepState, ...] = ()
        self._t: Translator | None = None

    def show_states(self, states: tuple[StepState, ...]) -> None:
        """Sign and word of each step."""
        self._states = states
        self._write()

    def show_current(self, step: str) -> None:
        self.buttons[step].setChecked(True)

    def retranslate(self, t: Translator) -> None:
        self._t = t
        self.setAccessibleName(t("Steps of the case"))
        self._write()

    def wanted_width(self) -> int:
        """So wide that the longest line stands whole, in the bold of the step that is open."""
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        lines = [line for button in self.buttons.values() for line in button.text().splitlines()]
        return max((metrics.horizontalAdvance(line) for line in lines), default=0) + 36

    def _write(self) -> None:
        t = self._t
        if t is None:
            return
        states = {state.step: state for state in self._states}
        for key, (step, button) in zip(KEYS, self.buttons.items(), strict=False):
            name = t(NAMES[step])
            state = states.get(step)
            stands = state.status if state is not None else "incomplete"
            words = t(STATUS[stands])
            sign = SIGNS[stands]
            if state is not None and state.untouched and not state.wishes:
                sign, words = "–\u2009", t("nothing entered")  # as wide as the other signs
            elif state is not None and stands == "complete" and state.wishes:
                words += " · " + t.plural("{n} remark", "{n} remarks", len(state.wishes))
            button.setText(f"{sign}  {name}\n     {words}")
            advice = [t.show(remark.text) for remark in state.wishes] if state is not None else []
            button.setAccessibleName(f"{name}: {words}")
            button.setAccessibleDescription(" ".join(advice))
            button.setToolTip("\n".join([t("Go to this step (Ctrl+{n})", n=key), *advice]))
