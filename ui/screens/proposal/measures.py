"""Rehabilitation measures on the page of the proposal: their names at a glance, reasons and sources unfolded."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain.proposal import TRUTH_SIGNS, Citation
from app.domain.text import LocalText
from app.domain.vocabulary import MeasureState
from app.i18n import Translator
from app.services import programme_words
from app.services.programme_words import STATE_HEADINGS, STATE_SIGNS, Line, Measure, Programme, Reason
from ui.screens.proposal import words
from ui.widgets.jump_button import FoldButton
from ui.widgets.parts import column, label, panel


class MeasuresPart(QWidget):
    """Made anew whenever the page is drawn. `unfolded(bool)`: somebody asks for the reasons, or has read them."""

    unfolded = Signal(bool)

    def __init__(self, t: Translator, told: Programme, heading: str, *, is_open: bool) -> None:
        super().__init__()
        self._t, self._told = t, told
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(_text(t(heading), "section"))
        box = panel()
        lines = column(box, margin=12, gap=8)
        nothing = programme_words.nothing_proposed(told)
        if nothing is not None:
            lines.addWidget(_text(t.show(nothing)))
        for state, measures in programme_words.by_state(told):
            if state is MeasureState.OPEN:  # mostly many of them, as long as little is known
                missing = _joined(t, (fact for measure in measures for fact in measure.missing))
                heading = t(STATE_HEADINGS[state])
                said = t("{state}: {n}. Missing: {list}", state=heading, n=len(measures), list=missing)
            else:
                names = _joined(t, (measure.name for measure in measures))
                said = t("{state}: {list}", state=t(STATE_HEADINGS[state]), list=names)
            lines.addWidget(_text(f"{STATE_SIGNS[state]} {said}"))
        lines.addWidget(_text(f"{_capital(t.show(told.name))}. {words.citation(t, told.citation)}", "hint"))
        weakest = programme_words.weakest(told)
        if weakest is not None:
            lines.addWidget(_text(t("Weakest record it rests on: {status}", status=words.status(t, weakest)), "hint"))
        self.toggle = FoldButton()
        self.toggle.toggled.connect(self._on_toggled)
        lines.addWidget(self.toggle)
        self.toggle.setVisible(bool(told.measures))  # once it has a place: shown without one it would be a window
        self._column.addWidget(box)
        self.details: QWidget | None = None
        self._name_toggle()
        self.toggle.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        if self.details is None:
            self.details = self._reasons()
            self._column.addWidget(self.details)
        self.details.setVisible(is_open)
        self._name_toggle()
        self.unfolded.emit(is_open)

    def _name_toggle(self) -> None:
        t = self._t
        self.toggle.set_words(t("Reasons and sources of the measures"))
        self.toggle.setAccessibleDescription(t("unfolded") if self.toggle.isChecked() else t("folded"))

    # --- reasons -----------------------------------------------------------------------------------------------------
    def _reasons(self) -> QWidget:
        holder = QWidget()
        lines = QVBoxLayout(holder)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        for state, measures in programme_words.by_state(self._told):
            lines.addWidget(_text(f"{STATE_SIGNS[state]} {self._t(STATE_HEADINGS[state])}", "label"))
            if state is MeasureState.OPEN:
                lines.addWidget(self._open(measures))
            for measure in () if state is MeasureState.OPEN else measures:
                lines.addWidget(self._measure(measure))
        return holder

    def _open(self, measures: Sequence[Measure]) -> QWidget:
        """Those that are left open, together by what is missing."""
        t = self._t
        by_missing: dict[str, list[LocalText]] = {}
        for measure in measures:
            by_missing.setdefault(_joined(t, measure.missing), []).append(measure.name)
        box = panel()
        lines = column(box, margin=12, gap=4)
        for missing, names in by_missing.items():
            lines.addWidget(_text(t("Missing: {list}", list=missing), "label"))
            lines.addWidget(_text(_capital(_joined(t, names))))
        return box

    def _measure(self, measure: Measure) -> QWidget:
        t = self._t
        box = panel()
        lines = column(box, margin=12, gap=4)
        lines.addWidget(_text(_capital(t.show(measure.name)), "label"))
        lines.addWidget(_text(_capital(t.show(measure.kind)), "hint"))
        reasons = programme_words.reasons(measure)
        for reason, following in zip(reasons, [*reasons[1:], None], strict=True):
            self._reason(lines, reason)
            if following is None or following.citation != reason.citation:
                lines.addWidget(self._source(reason.citation))
        lines.addWidget(_text(". ".join(t.show(text) for text in programme_words.circumstances(measure))))
        return box

    def _reason(self, lines: QVBoxLayout, reason: Reason) -> None:
        if reason.lines:
            lines.addLayout(self._conditions(reason.lines))
        if reason.asked is not None:
            lines.addWidget(_text(self._t.show(reason.asked)))

    def _conditions(self, conditions: Sequence[Line]) -> QGridLayout:
        rows = QGridLayout()
        rows.setContentsMargins(16, 0, 0, 0)
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(4)
        rows.setColumnStretch(1, 1)
        for number, condition in enumerate(conditions):
            sign = _text(TRUTH_SIGNS[condition.held])
            sign.setWordWrap(False)
            sign.setAccessibleName(self._t(words.TRUTHS[condition.held]))
            rows.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(_text(self._t.show(condition.text)), number, 1)
        return rows

    def _source(self, citation: Citation) -> QWidget:
        return _text(words.citation(self._t, citation), "hint")


def _text(text: str, role: str = "") -> QLabel:
    part = label(role, wrap=True)
    part.setText(text)
    return part


def _joined(t: Translator, texts: Iterable[LocalText]) -> str:
    """Wordings in a list, each once."""
    return ", ".join(dict.fromkeys(t.show(text) for text in texts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
