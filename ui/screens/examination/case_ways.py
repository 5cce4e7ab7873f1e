"""All ways from one question of a case to another. Knows no law."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain import voting
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.steps import STEPS, missing_facts, path_of, step_of
from ui import shortcuts
from ui.language import Language
from ui.screens.examination.closed_page import CLOSED_STEPS
from ui.screens.examination.decision_page import DecisionPage
from ui.screens.examination.examination_page import ExaminationPage
from ui.screens.examination.paged_case import PROGRAMME_ROWS, PagedCase
from ui.screens.examination.person_page import PersonPage
from ui.screens.examination.step_list import NAMES, StepList
from ui.screens.examination.step_page import StepPage
from ui.screens.examination.vote_page import VotePage
from ui.screens.proposal.page import ProposalPage
from ui.tasks import TaskRunner
from ui.widgets.field import Field
from ui.widgets.parts import button


class CaseWays(PagedCase):
    """Steps, jumps and the keyboard. A way to a question has its page made.

    `conclusion_requested(case_id)`: the last step was opened.
    """

    conclusion_requested = Signal(str)

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, case_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, tasks, language, case_id, parent)
        self.step = STEPS[0]
        self._last: QWidget | None = None
        self._awaited: str | None = None
        self._early: list[tuple[int, Qt.KeyboardModifier, str]] = []
        self.hidden: bool | None = None
        """whether the person is kept from those who give opinions; None: not asked for"""
        self._going = False
        self.next_buttons: list[QPushButton] = []
        self.steps = StepList()
        self.steps.chosen.connect(self.go)
        self.signed.connect(lambda: self.go("conclusion"))
        self.closed_page.shown.connect(self.toggle_privacy)

    def _join(self, page: StepPage) -> None:
        if page.step != STEPS[-1]:
            following = button("", "chevron-right")
            following.clicked.connect(self.next_step)
            page.column.addWidget(following, 0, Qt.AlignmentFlag.AlignRight)
            self.next_buttons.append(following)
            page.next_button = following
            self._name_next(following)
        page.seen.connect(self._look_for_place, Qt.ConnectionType.QueuedConnection)
        if isinstance(page, VotePage | ProposalPage | DecisionPage):
            page.jumped.connect(self.jump)
        match page:
            case PersonPage():
                page.doubles.taken.connect(self._show_below)
            case ExaminationPage():
                page.found_wanted.connect(self._find_reviewed)
                page.account_wanted.connect(self._make_account)
            case ProposalPage():
                page.conflict_opened.connect(self.open_conflict)

    def _name_next(self, following: QPushButton) -> None:
        words = self._language.t("Next step")
        following.setText(words)
        following.setAccessibleName(words)
        following.setToolTip(shortcuts.native("next_step"))

    def _find_reviewed(self, number: str) -> None:
        """Take over from a case of this desk what a control or an appeal looks at again."""
        self._tasks.run(lambda: self._desk.examinations.numbered(number), done=self.examination.take_found, owner=self)

    # --- going about -----------------------------------------------------------------------------------------
    def go(self, step: str) -> None:
        """Open a step with the keyboard in its first question."""
        self._open(step)
        page = self.pages[step]
        if isinstance(page, DecisionPage) and self.record.is_loaded:
            page.prefill()
        first = self.closed_page.show_button if self._is_closed(step) else page.first()
        self._focus(first)
        self._await(page.first_path() if first is None and not page.is_whole else None)
        self.record.remember(step, None)

    def _open(self, step: str) -> None:
        self.settle()
        self.step = self.record.step = step
        if self._is_closed(step):
            self.closed_page.show_case(self._language.t, self.record.document)
            self.stack.setCurrentWidget(self.closed_page)
            self.steps.show_current(step)
            return
        page = self.pages[step]
        page.refresh()  # before it is seen: what is shown or hidden on a page in sight is laid out at once
        self._going = True
        self.stack.setCurrentWidget(page)
        self._going = False
        self.steps.show_current(step)
        self._on_opened()
        page.order_tabs()
        self.ahead.begin(step)
        if step == "conclusion" and self.record.is_loaded:
            self.conclusion.show_case(self.record.view)
            self.conclusion_requested.emit(self.case_id)

    def _on_opened(self) -> None:
        """Another step is on screen."""

    def _refresh(self) -> None:
        """The case is another: whatever depends on it."""

    def _is_closed(self, step: str) -> bool:
        return bool(self.hidden) and step in CLOSED_STEPS

    def toggle_privacy(self) -> None:
        """Hide who it is from those who give opinions, or show it again."""
        if self.hidden is not None:
            self.settle()
            self.hidden = not self.hidden
            self._refresh()
            self.go(self.step)

    def next_step(self) -> None:
        """The following step; after the last one, nothing."""
        place = STEPS.index(self.step)
        if place + 1 < len(STEPS):
            self.go(STEPS[place + 1])

    def jump(self, path: str) -> None:
        """To the question that asks for `path`, or to its step where there is no such question."""
        if path.startswith("decision.reasons") and self.decision.answers.answers:
            self._open("decision")
            self._focus(self.decision.answer(next(iter(self.decision.answers.answers))))
            return
        self._provide(path)
        known = None if path.startswith(PROGRAMME_ROWS) else self.form.nearest(path_of(path))
        if path == voting.DISSENT:
            self._open("decision")
            self._focus(self.decision.dissent.first())
            return
        if known is None:
            step = step_of(path)
            self.go(step if step != "proposal" or self.step != "proposal" else "decision")
            return
        if self._is_closed(step_of(known)):
            self.go(step_of(known))
            return
        self._open(step_of(known))
        self._reveal(self.form.fields[known])

    def _reveal(self, field: Field) -> None:
        page = self.pages[step_of(field.path)]
        field.setVisible(True)  # asked for on purpose, though it may decide nothing
        page.reveal(field)
        # Once more when the layout has settled: a page that was never shown doesn't know its heights yet.
        QTimer.singleShot(0, page, lambda: page.reveal(field) if field.focus_widget().hasFocus() else None)

    def open_conflict(self, code: str) -> None:
        """To the answer of a contradiction; an obstacle is mended where its data are."""
        proposal = self.record.draft.proposal
        conflict = next((c for c in proposal.conflicts if c.code == code), None) if proposal else None
        if conflict is None:
            return
        if conflict.kind == "conflict":
            self._open("decision")
            self._focus(self.decision.answer(code))
        else:
            paths = [path_of(fact) for fact in conflict.facts]
            self.jump(next((path for path in paths if self.form.place_of(path)), "decision"))

    def go_to_missing(self) -> None:
        """The first thing that is wrong or missing, in the order of the steps; then what the proposal waits for."""
        self.settle()
        waiting = missing_facts(self.record.draft.proposal, self.record.needs) if self.record.draft.proposal else ()
        remarks = [remark for state in self.record.states() for remark in state.remarks if remark.path]
        wishes = [wish.path for state in self.record.states() for wish in state.wishes]
        paths = [remark.path for remark in remarks] or list(waiting) or wishes
        if paths:
            self.jump(paths[0])

    def agree(self) -> None:
        """Agree with the proposal from anywhere in the case; on the programme's step, with that of measures."""
        self.settle()
        if self.step == "programme":
            self.programme.take_over()
        elif self.record.draft.closed:
            self.go("vote")
        elif self.record.editable:
            self._open("decision")
            self.decision.agree()

    def undo(self) -> None:
        """Take back the last change of this session and say which field it was."""
        self.settle()
        self._tell(self.record.undo(), N_("Taken back: {step}, {field}"), N_("There is nothing to take back."))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.settle()
        self._tell(self.record.redo(), N_("Done again: {step}, {field}"), N_("There is nothing to do again."))

    def _tell(self, path: str | None, done: str, nothing: str) -> None:
        if path is None:
            self.told.emit(Text(nothing))
            return
        self._provide(path)
        name = self.name_of(path)
        named = {"step": Text(NAMES[step_of(path)]), "field": Text(name) if isinstance(name, str) else name}
        self.told.emit(Text(done, named))  # the sentence is marked where it is written

    def settle(self) -> None:
        """Take in what is being typed."""
        if self.record.is_loaded:
            self.form.settle()
            for page in list(self.pages.made.values()):
                page.settle()

    def place_step(self) -> str:
        """The step where work was left."""
        place = self.record.view.place
        return place[0] if place and place[0] in STEPS else STEPS[0]

    def _return_to_place(self) -> None:
        place, step = self.record.view.place, self.place_step()
        path = place[1] if place and place[1] and step_of(place[1]) == step else None
        self._open(step)
        if self._is_closed(step):
            self.go(step)
        elif path is None:
            self._focus(self.pages[step].first())
        else:
            self._focus(self.steps.buttons[step])  # until the question stands
            self._await(path)
            self._look_for_place()

    def _await(self, path: str | None) -> None:
        """Wait for the question that asks for `path` to stand, with the keyboard on the step; None: for nothing."""
        self._awaited = path
        self._early.clear()
        for step, waiting in self.steps.buttons.items():
            waiting.removeEventFilter(self)
            if path is not None and step == self.step:
                waiting.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is typed before the question stands is typed into it once it does."""
        if self._awaited is not None and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            if plain and event.text().isprintable() and event.text().strip():
                self._early.append((event.key(), event.modifiers(), event.text()))
                return True
        return super().eventFilter(watched, event)

    def _look_for_place(self) -> None:
        """To the question that is waited for, as soon as the page on screen has made it; whoever has gone elsewhere
        meanwhile stays there."""
        path, waits = self._awaited, self.window().focusWidget() is self.steps.buttons[self.step]
        if path is None or not waits or step_of(path) != self.step:
            self._await(None)
            return
        page = self.pages[self.step]
        if page.is_whole:
            self._provide(path)
        field = self.form.fields.get(path) if path in self.form.fields or page.is_whole else None
        if field is not None and page.can_reveal(field):
            typed = list(self._early)
            self._await(None)
            self._reveal(field)
            for key, modifiers, text in typed:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.postEvent(field.focus_widget(), QKeyEvent(kind, key, modifiers, text))
        elif page.is_whole:
            self._await(None)
            self._focus(page.first())

    def focusNextPrevChild(self, forward: bool) -> bool:
        # What is typed decides which questions follow: take it in before Tab looks for the next one.
        if self._going:  # Qt looks for another place for the keyboard where its own is hidden
            return super().focusNextPrevChild(forward)
        self.settle()
        if self.step in self.pages.made:
            self.pages[self.step].make_whole()  # who is faster than the parts must not tab past them
        return super().focusNextPrevChild(forward)

    def first_field(self) -> QWidget:
        """Where the keyboard begins: the window itself hands it on, for the case may still be on its way."""
        return self

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.record.is_loaded:
            self._focus(
                self._last if self._last is not None and self._last.isVisible() else self.pages[self.step].first()
            )

    def _focus(self, widget: QWidget | None) -> None:
        target = widget or self.steps.buttons[self.step]
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        page = self.closed_page if self._is_closed(self.step) else self.pages[self.step]
        if widget is not None and page.isAncestorOf(widget):
            page.ensureWidgetVisible(widget, 0, 96)
