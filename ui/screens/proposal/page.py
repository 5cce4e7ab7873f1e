"""The full proposal: outcome, period and what else may be chosen, percentages, what is missing, and the reasons."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.domain import voting
from app.domain.proposal import TRUTH_SIGNS, Period, Proposal
from app.domain.text import N_
from app.i18n import Translator
from app.services.steps import answered, missing_facts
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.step_page import StepPage
from ui.screens.examination.summary import clear
from ui.screens.proposal import words
from ui.screens.proposal.measures import MeasuresPart
from ui.widgets.field import Words, say
from ui.widgets.jump_button import JumpButton
from ui.widgets.parts import button, column, label, panel

_AT_ONCE = 4  # clauses that are drawn in one turn


class ProposalPage(StepPage):
    """Drawn anew whenever it is opened or the case changes; holds nothing but whether the measures are unfolded."""

    jumped = Signal(str)
    conflict_opened = Signal(str)

    def __init__(self, record: CaseRecord, name_of: Callable[[str], Words], parent: QWidget) -> None:
        super().__init__("proposal", N_("Proposal"), parent)
        self._record, self._name_of = record, name_of
        self._shown: tuple[object, object, object] = (None, None, None)
        self._unfolded: dict[str, bool] = {}  # by heading of a part
        self._holder = QWidget()
        self._body = QVBoxLayout(self._holder)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(16)
        self.add(self._holder)
        self.finish()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)

    def refresh(self) -> None:
        t, record = self._t, self._record
        if t is None or not record.is_loaded:
            return
        now = (t, record.draft, record.document)
        if all(old is new for old, new in zip(self._shown, now, strict=True)):
            return
        self._shown = now
        self._holder.setMinimumHeight(self._holder.height())  # the place that is looked at stays until all is drawn
        clear(self._body)
        self.drop_parts()
        self._draw(t)
        self.later(lambda: self._holder.setMinimumHeight(0))

    def show_part(self) -> None:
        pass  # each is drawn from the record as a whole

    def _draw(self, t: Translator) -> None:
        record = self._record
        proposal = record.draft.proposal
        if proposal is None:
            self._line(t("A proposal needs the birth date, the sex and the day of the examination."))
            needed = [p for p in ("person.birth_date", "person.sex", "examination.on") if record.get(p) is None]
            self._jumps(t, needed)
            return
        if record.draft.closed:
            self._closed(t)
        else:
            self._answer(t, proposal)
        missing = missing_facts(proposal)
        if missing:
            self._heading(t("What is missing"))
            self._jumps(t, list(missing))
        if proposal.conflicts:
            self._heading(t("What contradicts"))
            self._conflicts(t, proposal)
        if record.draft.closed:
            return
        told = record.draft.explanation
        if told is not None:
            self.later(partial(self._reasons, t, told), partial(self._measures, t, told))
            self.later(*self._clauses(t, told))
        self.later(partial(self._criteria, t, proposal))

    def first(self) -> QWidget | None:
        return next((made for made in self._holder.findChildren(JumpButton) if not made.isHidden()), None)

    # --- parts -----------------------------------------------------------------------------------------------
    def _heading(self, text: str) -> None:
        heading = label("section", wrap=True)
        heading.setText(text)
        self._body.addWidget(heading)

    def _line(self, text: str, role: str = "") -> QLabel:
        line = label(role, wrap=True)
        line.setText(text)
        self._body.addWidget(line)
        return line

    def _closed(self, t: Translator) -> None:
        """Instead of the answer, while members have still to vote unseen."""
        self._line(t("What the criteria give is closed until all members have voted."))
        left = ", ".join(name for name in voting.waiting(self._record.document) if name)
        if left:
            self._line(t("Not all members have voted yet: {names}.", names=left))
        item = JumpButton(t("To the vote"))
        item.clicked.connect(lambda: self.jumped.emit(voting.VOTES))
        self._body.addWidget(item)

    def _answer(self, t: Translator, proposal: Proposal) -> None:
        told = self._record.draft.explanation
        box = panel()
        lines = column(box, margin=16, gap=8)

        def line(text: str, role: str = "") -> None:
            part = label(role, wrap=True)
            part.setText(text)
            lines.addWidget(part)

        outcome = t.show(proposal.outcome)
        line(outcome[:1].upper() + outcome[1:], "section")
        line(words.period(t, proposal.period))
        if isinstance(proposal.period, Period):
            if proposal.period.alternatives:
                terms = "; ".join(words.term(t, term) for term in proposal.period.alternatives)
                line(t("May be chosen instead: {periods}", periods=terms))
            if proposal.period.candidates:
                terms = "; ".join(words.term(t, term) for term in proposal.period.candidates)
                line(t("Only with a ground that a person confirms: {periods}", periods=terms))
        for percentage in words.percentages(t, proposal):
            line(percentage)
        if proposal.cause_proposed:
            line(
                t.show(told.cause)
                if told is not None and told.cause
                else t("Cause: {code}", code=proposal.cause_proposed)
            )
        self._body.addWidget(box)

    def _jumps(self, t: Translator, paths: list[str]) -> None:
        for path in paths:
            item = JumpButton(say(t, self._name_of(path)))
            item.clicked.connect(lambda _checked=False, p=path: self.jumped.emit(p))
            self._body.addWidget(item)

    def _conflicts(self, t: Translator, proposal: Proposal) -> None:
        for conflict in proposal.conflicts:
            box = panel()
            lines = column(box, margin=12, gap=4)
            if conflict.kind == "obstacle":
                state = "⚠ " + t("stops signing until it is mended")
            elif answered(self._record.document, conflict.code):
                state = "✓ " + t("answered by the commission")
            else:
                state = "⚠ " + t("to be answered before signing")
            for text, role in (
                (t.show(conflict.text), ""),
                (state, "label"),
                (words.citation(t, conflict.citation), "hint"),
            ):
                part = label(role, wrap=True)
                part.setText(text)
                lines.addWidget(part)
            go = button("link")
            go.setText(t("Mend it") if conflict.kind == "obstacle" else t("Answer it"))
            go.setAccessibleName(f"{go.text()}: {t.show(conflict.text)}")
            go.clicked.connect(lambda _checked=False, c=conflict.code: self.conflict_opened.emit(c))
            lines.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
            self._body.addWidget(box)

    def _measures(self, t: Translator, told: words.Told) -> None:
        headings = (N_("Rehabilitation measures"), N_("Extra help and care"))
        for heading, programme in zip(headings, (told.programme, told.extra_help), strict=True):
            if programme is not None:
                part = MeasuresPart(t, programme, heading, is_open=self._unfolded.get(heading, False))
                part.unfolded.connect(lambda is_open, h=heading: self._unfolded.update({h: is_open}))
                self._body.addWidget(part)

    def _reasons(self, t: Translator, told: words.Told) -> None:
        self._heading(t("Why this, and not another group"))
        for why in (*told.why_not_heavier, told.why_not_lighter):
            if why is not None:
                box = panel()
                lines = column(box, margin=12, gap=8)
                sentence = label("label", wrap=True)
                sentence.setText(t.show(why.text))
                lines.addWidget(sentence)
                lines.addLayout(self._conditions(t, why.lines))
                self._body.addWidget(box)
        if told.nearest:
            self._heading(t("What other facts would give"))
            for nearest in told.nearest:
                self._box((t.show(nearest.text), ""))
        if told.offers:
            self._heading(t("Other periods and their grounds"))
            for offer in told.offers:
                source = words.citation(t, offer.ground_citation) if offer.ground_citation else ""
                term = t.show(offer.term)
                self._box(
                    (term[:1].upper() + term[1:], "label"), (t.show(offer.row), ""),
                    (words.citation(t, offer.citation), "hint"), (t.show(offer.would_take), ""), (source, "hint"),
                )  # fmt: skip

    def _clauses(self, t: Translator, told: words.Told) -> Iterator[Callable[[], object]]:
        parts = (
            (t("Clauses that hold"), TRUTH_SIGNS[True], told.held),
            (t("Clauses left open by what is not known"), TRUTH_SIGNS[None], told.open),
            (t("Clauses that do not hold"), TRUTH_SIGNS[False], told.failed),
        )
        for heading, sign, reasons in parts:
            if reasons:
                yield partial(self._heading, heading)
            for at in range(0, len(reasons), _AT_ONCE):
                yield partial(self._some, t, sign, reasons[at : at + _AT_ONCE])

    def _some(self, t: Translator, sign: str, reasons: Sequence[words.Reason]) -> None:
        for reason in reasons:
            self._reason(t, sign, reason)

    def _box(self, *texts: tuple[str, str]) -> None:
        """A panel with a line for each text that isn't empty, in its role."""
        box = panel()
        lines = column(box, margin=12, gap=4)
        for text, role in texts:
            if text:
                part = label(role, wrap=True)
                part.setText(text)
                lines.addWidget(part)
        self._body.addWidget(box)

    def _reason(self, t: Translator, sign: str, reason: words.Reason) -> None:
        box = panel()
        lines = column(box, margin=12, gap=8)
        title = t.show(reason.title)
        heading, source = label("label", wrap=True), label("hint", wrap=True)
        heading.setText(f"{sign} {title[:1].upper()}{title[1:]}")
        source.setText(words.citation(t, reason.citation))
        lines.addWidget(heading)
        if reason.lines:
            lines.addLayout(self._conditions(t, reason.lines))
        lines.addWidget(source)
        self._body.addWidget(box)

    def _conditions(self, t: Translator, conditions: Sequence[words.Line]) -> QGridLayout:
        """A line for each condition, its sign in a column of its own."""
        rows = QGridLayout()
        rows.setContentsMargins(16, 0, 0, 0)
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(4)
        rows.setColumnStretch(1, 1)
        for number, condition in enumerate(conditions):
            sign, text = label(), label(wrap=True)
            sign.setText(TRUTH_SIGNS[condition.held])
            sign.setAccessibleName(t(words.TRUTHS[condition.held]))
            text.setText(t.show(condition.text))
            rows.addWidget(sign, number, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(text, number, 1)
        return rows

    def _criteria(self, t: Translator, proposal: Proposal) -> None:
        self._heading(t("Criteria"))
        self._line(
            t(
                "{id} {version}, {digest}",
                id=proposal.pack.id,
                version=proposal.pack.version,
                digest=proposal.pack.digest[:19] + "…",
            ),
            "hint",
        )
        self._line(t("Weakest record it rests on: {status}", status=words.status(t, proposal.pack.status)))
