"""The right side: what the criteria give with what is known so far, at once and always."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.proposal import Proposal
from app.domain.vocabulary import CaseState
from app.i18n import Translator
from app.services.advice import advice
from app.services.steps import STEPS, StepState, answered, missing_facts
from ui import shortcuts
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.step_list import KEYS
from ui.screens.proposal import words
from ui.widgets.field import Words, say
from ui.widgets.jump_button import JumpButton
from ui.widgets.parts import button, label

OPEN = (CaseState.DRAFT, CaseState.DECIDED)
_SHOWN = 6  # as many missing items as leave the rest of the panel in sight


class SummaryPanel(QScrollArea):
    """Outcome, period, percentages; what is missing and what contradicts, each a way there."""

    jumped = Signal(str)
    conflict_opened = Signal(str)
    why_asked = Signal()

    def __init__(self, record: CaseRecord, name_of: Callable[[str], Words]) -> None:
        super().__init__()
        self._record, self._name_of = record, name_of
        self._t: Translator | None = None
        self._states: tuple[StepState, ...] = ()
        self._advised: object = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self.heading = label("label", wrap=True)
        self.outcome = label("section", wrap=True)
        self.period = label(wrap=True)
        self.percentages = label(wrap=True)
        self.missing_heading = label("label", wrap=True)
        self.missing = QVBoxLayout()
        self.advice_heading = label("label", wrap=True)
        self.advice = QVBoxLayout()
        self.conflicts_heading = label("label", wrap=True)
        self.conflicts = QVBoxLayout()
        self.why = button("quiet")
        self.why.clicked.connect(self.why_asked)
        self.criteria = label("hint", wrap=True)
        self.keys = label("hint", wrap=True)
        for part in (self.heading, self.outcome, self.period, self.percentages):
            self._column.addWidget(part)
        self._column.addWidget(self.why, 0, Qt.AlignmentFlag.AlignLeft)
        for heading, items in (
            (self.missing_heading, self.missing),
            (self.conflicts_heading, self.conflicts),
            (self.advice_heading, self.advice),
        ):
            items.setSpacing(4)
            self._column.addWidget(heading)
            self._column.addLayout(items)
        self._column.addStretch()
        self._column.addWidget(self.criteria)
        self._column.addWidget(self.keys)
        self.setWidget(content)

    def retranslate(self, t: Translator) -> None:
        self._t = t
        self.setAccessibleName(t("The proposal so far"))
        self.why.setText(t("Why?"))
        self.why.setToolTip(t("Show the clauses: Ctrl+{key}", key=KEYS[STEPS.index("proposal")]))
        self.why.setAccessibleName(t("Why? Show the clauses"))
        self.keys.setText(t("{key}: go to what is missing", key=shortcuts.native("missing")))
        self.refresh()

    def refresh(self) -> None:
        """The proposal is new."""
        t, record = self._t, self._record
        if t is None or not record.is_loaded:
            return
        self._fill_advice(t)
        frozen = record.view.state in (CaseState.SIGNED, CaseState.SUPERSEDED)
        self.heading.setText(t("The proposal") if frozen else t("The proposal so far"))
        proposal = record.draft.proposal
        for part in (self.period, self.percentages, self.why, self.criteria):
            part.setVisible(proposal is not None)
        self.keys.setVisible(not frozen)
        if proposal is None:
            self.outcome.setText(t("Not enough data"))
            needed = [
                path for path in ("person.birth_date", "person.sex", "examination.on") if record.get(path) is None
            ]
            self._fill_missing(t, needed)
            self._fill_conflicts(t, None)
            return
        if record.draft.closed:
            self._show_closed(t, proposal)
            return
        outcome = t.show(proposal.outcome)
        group = "group" in record.needs
        self.outcome.setText(outcome[:1].upper() + outcome[1:] if group else t("The group is not asked for"))
        self.period.setVisible(group)
        self.why.setVisible(bool(record.needs))
        self.period.setText(words.period(t, proposal.period))
        percentages = words.percentages(t, proposal, record.needs)
        self.percentages.setText("\n".join(percentages))
        self.percentages.setVisible(bool(percentages))
        self.criteria.setText(
            t(
                "Criteria {id} {version}: {status}",
                id=proposal.pack.id,
                version=proposal.pack.version,
                status=words.status(t, proposal.pack.status),
            )
        )
        self._fill_missing(t, list(missing_facts(proposal, record.needs)))
        self._fill_conflicts(t, proposal)

    def _show_closed(self, t: Translator, proposal: Proposal) -> None:
        """Before the members have voted: whether there is enough data, what is missing, what contradicts."""
        missing = list(missing_facts(proposal))
        self.outcome.setText(t("Not enough data") if missing else t("Enough data"))
        self.period.setText(t("What the criteria give is closed until all members have voted."))
        for part in (self.percentages, self.why, self.criteria):
            part.setVisible(False)
        self._fill_missing(t, missing)
        self._fill_conflicts(t, proposal)

    def _fill_missing(self, t: Translator, paths: list[str]) -> None:
        clear(self.missing)
        self.missing_heading.setVisible(bool(paths))
        self.missing_heading.setText(t.plural("{n} answer is missing", "{n} answers are missing", len(paths)))
        for path in paths[:_SHOWN]:
            item = JumpButton(say(t, self._name_of(path)))
            item.clicked.connect(lambda _checked=False, p=path: self.jumped.emit(p))
            self.missing.addWidget(item)
        if len(paths) > _SHOWN:
            self.missing.addWidget(self._more(t, len(paths) - _SHOWN))

    def take_states(self, states: tuple[StepState, ...]) -> None:
        """How the steps stand: what is better given on complete ones is named here, too."""
        self._states = states

    def _fill_advice(self, t: Translator) -> None:
        found = list(advice(self._record.document)) if self._record.view.state in OPEN else []
        found += [wish for state in self._states if state.status == "complete" for wish in state.wishes]
        lines = tuple((problem.path, t.show(problem.text)) for problem in found)
        if (t.language, lines) == self._advised:
            return
        self._advised = (t.language, lines)
        clear(self.advice)
        self.advice_heading.setVisible(bool(lines))
        self.advice_heading.setText(t("Worth a look"))
        for path, line in lines[:_SHOWN]:
            item = JumpButton(f"• {line}")
            item.clicked.connect(lambda _checked=False, p=path: self.jumped.emit(p))
            self.advice.addWidget(item)
        if len(lines) > _SHOWN:
            self.advice.addWidget(self._more(t, len(lines) - _SHOWN))

    @staticmethod
    def _more(t: Translator, n: int) -> QLabel:
        more = label("hint", wrap=True)
        more.setText(t.plural("and {n} more", "and {n} more", n))
        return more

    def _fill_conflicts(self, t: Translator, proposal: Proposal | None) -> None:
        clear(self.conflicts)
        found = proposal.conflicts if proposal is not None else ()
        problems = self._record.draft.problems
        self.conflicts_heading.setVisible(bool(found or problems))
        self.conflicts_heading.setText(t("What contradicts"))
        for problem in problems:
            sentence = t.show(problem.text).removeprefix(f"{problem.path}: ")
            item = JumpButton(f"⚠ {sentence[:1].upper()}{sentence[1:]}")
            item.clicked.connect(lambda _checked=False, p=problem.path: self.jumped.emit(p))
            self.conflicts.addWidget(item)
        for conflict in found:
            if conflict.kind == "obstacle":
                sign = "⚠ " + t("stops signing: {text}", text=conflict.text)
            elif answered(self._record.document, conflict.code):
                sign = "✓ " + t("answered: {text}", text=conflict.text)
            else:
                sign = "⚠ " + t("to be answered: {text}", text=conflict.text)
            item = JumpButton(sign)
            item.clicked.connect(lambda _checked=False, c=conflict.code: self.conflict_opened.emit(c))
            self.conflicts.addWidget(item)


def clear(layout: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
