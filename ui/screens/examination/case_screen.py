"""One case on screen: brings steps, pages and panel together; knows no law."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain import observations, voting
from app.domain.case_file import check_field
from app.domain.clock import SystemClock
from app.domain.dates import parse_iso
from app.domain.endings import postponed_until
from app.domain.programme import PATH as PROGRAMME
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, Place
from app.i18n import Translator
from app.services.desk import Desk
from app.services.history import FieldChange
from app.services.snippets import Snippet
from app.services.steps import STEPS, missing_facts, path_of, step_of
from app.services.views import User
from ui import shortcuts
from ui.language import Language
from ui.screens.examination.case_acts import CaseActs
from ui.screens.examination.case_header import CaseHeader
from ui.screens.examination.closed_page import CLOSED_STEPS, ClosedPage
from ui.screens.examination.conclusion_page import ConclusionPage
from ui.screens.examination.copy_desk import CopyDesk
from ui.screens.examination.decision_page import DecisionPage
from ui.screens.examination.doubles import DoublesNote
from ui.screens.examination.endings import ending_sentence, postponed_sentence
from ui.screens.examination.form import Form, StepPage
from ui.screens.examination.functions_page import FunctionsPage
from ui.screens.examination.history_dialog import HistoryDialog
from ui.screens.examination.observations_page import ObservationsPage
from ui.screens.examination.pages import DiagnosisPage, ExaminationPage, PersonPage, ReferralPage
from ui.screens.examination.programme_page import ProgrammePage
from ui.screens.examination.reason import ReasonDialog
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.second_reading import SecondReadingPanel
from ui.screens.examination.signing import SigningPanel
from ui.screens.examination.step_list import KEYS, NAMES, StepList
from ui.screens.examination.style import RULES
from ui.screens.examination.summary import SummaryPanel
from ui.screens.examination.vote_page import VotePage
from ui.screens.proposal.page import ProposalPage
from ui.tasks import TaskRunner
from ui.widgets.field import Field, Words, say
from ui.widgets.number_field import NumberField
from ui.widgets.parts import button, label, panel, row
from ui.widgets.question import Question

PROGRAMME_ROWS = f"{PROGRAMME}.rows"
# The steps on whose answers the votes rest.
_VOTED_ON = frozenset({"person", "examination", "observations", "diagnosis", "functions"})


class CaseScreen(QWidget):
    """Everything about one case. Every field is saved as soon as it is left, in order, on the worker.

    `closed`: back to the list. `saved(datetime)`: a write arrived. `conclusion_requested(case_id)`: the last step
    was opened. `case_wanted(case_id)`: another case is to be opened.
    """

    closed = Signal()
    saved = Signal(object)
    conclusion_requested = Signal(str)
    case_wanted = Signal(str)
    told = Signal(object)
    """A sentence for the status line: what was just done."""

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, case_id: str, parent: QWidget | None = None
    ) -> None:
        """With its `parent` from the beginning: a screen that is made first and put into its window afterwards is
        styled anew, widget by widget, which takes a third of the time."""
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self.case_id = case_id
        self.setStyleSheet(RULES)
        self.record = CaseRecord(desk, tasks, case_id, self)
        self._lists = desk.classifiers.lists
        self.form = Form(self.record, language, self._lists, self._today)
        self.step = STEPS[0]
        self._names: list[str] = []
        self._facts_for: object = None
        self._last: QWidget | None = None
        self.hidden: bool | None = None
        """whether the person is kept from those who give opinions; None: not asked for"""
        self.acts = CaseActs(desk, tasks, language, self.record, self._today, self)
        self._worked_on: str | None = None
        self._make_pages()
        self._lay_out()

        self._connect()
        self._bind_keys()
        self.retranslate()
        self.setEnabled(False)
        if not self._lists.loaded:
            tasks.run(self._lists.load, done=lambda _none: self._show_titles(), owner=self)
        self._ask_users()
        tasks.run(desk.snippets.all, done=self._take_phrases, owner=self)
        self.record.open()

    # --- building --------------------------------------------------------------------------------------------
    def _make_pages(self) -> None:
        form, record = self.form, self.record
        self.signing = SigningPanel(self._desk, self._tasks, self._language, record)
        self.doubles = DoublesNote(self._desk, self._tasks, self._language, record, self.name_of, self._today)
        self.person = PersonPage(form, self.doubles)
        self.referral = ReferralPage(form)
        self.referral.completed = self._serve_copies
        self.examination = ExaminationPage(form, self._names)
        self.observations = ObservationsPage(form)
        self.observations.phrase_dialog = self.show_phrases
        self.functions = FunctionsPage(form)
        self.proposal = ProposalPage(record, self.name_of)
        self.vote = VotePage(self._desk, self._tasks, self._language, record, self.name_of)
        self.second_reading = SecondReadingPanel(self._desk, self._language, record)
        self.decision = DecisionPage(form, self.signing, self.second_reading, self._number)
        self.programme = ProgrammePage(form, self._language)
        self.conclusion = ConclusionPage(self._desk, self._tasks, self._language)
        self.pages: dict[str, StepPage] = {
            "person": self.person,
            "referral": self.referral,
            "examination": self.examination,
            "observations": self.observations,
            "diagnosis": DiagnosisPage(form),
            "functions": self.functions,
            "vote": self.vote,
            "proposal": self.proposal,
            "decision": self.decision,
            "programme": self.programme,
            "conclusion": self.conclusion,
        }

    def _serve_copies(self) -> None:
        field = self.referral.copies
        self.copy_desk = CopyDesk(self._desk, self._tasks, self._language, self.record, field, self.told.emit)

    def _number(self, path: str, words: str) -> NumberField:
        return self.form.add(NumberField(path, words, check=partial(check_field, path)))

    def _lay_out(self) -> None:
        self.header = CaseHeader()
        self.notice = panel("banner")
        self.notice_text = label(wrap=True)
        self.notice_button = button()
        self.notice_button.clicked.connect(self._on_notice)
        told = row(self.notice, margin=8)
        told.addWidget(self.notice_text, 1)
        told.addWidget(self.notice_button)
        self.closed_page = ClosedPage()
        self.closed_page.shown.connect(self.toggle_privacy)
        self.header.set_menu(self.acts.menu)
        self.unsaved_bar = panel("banner")
        self.unsaved_bar.setProperty("tone", "danger")
        self.unsaved_text = label(wrap=True)
        self.retry_button = button("", "save")
        self.retry_button.clicked.connect(self.try_again)
        line = row(self.unsaved_bar, margin=8)
        line.addWidget(self.unsaved_text, 1)
        line.addWidget(self.retry_button)
        self.unsaved_bar.hide()
        self.steps = StepList()
        self.stack = QStackedWidget(self)
        self.next_buttons: list[QPushButton] = []
        for page in self.pages.values():
            self.stack.addWidget(page)
            if page is not self.conclusion:
                following = button("", "chevron-right")
                following.clicked.connect(self.next_step)
                page.column.addWidget(following, 0, Qt.AlignmentFlag.AlignRight)
                self.next_buttons.append(following)
        self.stack.addWidget(self.closed_page)
        self.summary = SummaryPanel(self.record, self.name_of)
        left, right = panel("bar"), panel("bar")
        for frame, inner in ((left, self.steps), (right, self.summary)):
            box = QVBoxLayout(frame)
            box.setContentsMargins(0, 0, 0, 0)
            box.addWidget(inner)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        holder = QVBoxLayout()
        holder.setContentsMargins(24, 8, 24, 0)
        holder.addWidget(self.notice)
        middle.addLayout(holder)
        middle.addWidget(self.stack, 1)
        self._left, self._right = left, right
        columns = QHBoxLayout()
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(left)
        columns.addLayout(middle, 1)
        columns.addWidget(right)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(self.unsaved_bar)
        whole.addLayout(columns, 1)
        self._measure()

    def _measure(self) -> None:
        # Widths follow the type: room for the longest word of three languages, the rest is the questions'.
        letter = self.fontMetrics().averageCharWidth()
        self._left.setFixedWidth(max(letter * 25, self.steps.wanted_width()))
        self._right.setFixedWidth(letter * 33)

    def _connect(self) -> None:
        record = self.record
        record.loaded.connect(self._on_loaded)
        record.changed.connect(lambda _path: self._refresh())
        record.saved.connect(self._on_saved)
        record.unsaved.connect(self._show_unsaved)
        self.header.back.connect(self.close_case)
        self.header.deadlines_wanted.connect(lambda: self.acts.do("deadlines"))
        self.header.privacy_toggled.connect(self.toggle_privacy)
        self.acts.menu.aboutToShow.connect(self.acts.refresh)
        self.acts.told.connect(self._refresh)
        self.acts.case_wanted.connect(self.case_wanted)
        self.decision.other_case_wanted.connect(self.case_wanted)
        self.decision.ending_wanted.connect(lambda: self.acts.do("end_case"))
        self.examination.found_wanted.connect(self._find_reviewed)
        self.header.undo.connect(self.undo)
        self.header.redo.connect(self.redo)
        self.header.history.connect(self.show_history)
        self.steps.chosen.connect(self.go)
        self.summary.jumped.connect(self.jump)
        self.summary.conflict_opened.connect(self.open_conflict)
        self.summary.why_asked.connect(lambda: self.go("proposal"))
        self.proposal.jumped.connect(self.jump)
        self.proposal.conflict_opened.connect(self.open_conflict)
        self.vote.jumped.connect(self.jump)
        self.decision.jumped.connect(self.jump)
        self.signing.users_wanted.connect(self._ask_users)
        self.signing.signed.connect(lambda: self.go("conclusion"))
        self.doubles.taken.connect(self._show_below)
        self.form.bound = self._watch
        for field in self.form.fields.values():
            self._watch(field)
        self._language.changed.connect(self.retranslate)

    def _watch(self, field: Field) -> None:
        field.entered.connect(self._on_entered)

    def _bind_keys(self) -> None:
        shortcuts.bind(self, "back", self.close_case)
        shortcuts.bind(self, "missing", self.go_to_missing)
        shortcuts.bind(self, "next_step", self.next_step)
        shortcuts.bind(self, "agree", self.agree)
        shortcuts.bind(self, "acts", self.header.acts.showMenu)
        shortcuts.bind(self, "undo", self.undo)
        shortcuts.bind(self, "redo", self.redo)
        shortcuts.bind(self, "history", self.show_history)
        for key, step in zip(KEYS, STEPS, strict=False):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{key}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.go, step))

    # --- going about -----------------------------------------------------------------------------------------
    def go(self, step: str) -> None:
        """Open a step with the keyboard in its first question."""
        self._open(step)
        if step == "decision" and self.record.is_loaded and not self._is_closed(step):
            self.decision.prefill()
        self._focus(self.closed_page.show_button if self._is_closed(step) else self.pages[step].first())
        self.record.remember(step, None)

    def _open(self, step: str) -> None:
        self.settle()
        self.step = self.record.step = step
        page = self.pages[step]
        if self._is_closed(step):
            self.closed_page.show_case(self._language.t, self.record.document)
            self.stack.setCurrentWidget(self.closed_page)
            self.steps.show_current(step)
            return
        self.stack.setCurrentWidget(page)
        self.steps.show_current(step)
        self._show_notice()
        self._right.setVisible(step != "conclusion")  # the paper says it all, and needs the width
        page.refresh()
        page.order_tabs()
        if self.record.is_loaded:
            self._show_notice()
        if step == "conclusion" and self.record.is_loaded:
            self.conclusion.show_case(self.record.view)
            self.conclusion_requested.emit(self.case_id)

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
        self.pages[step_of(path)].provide(path)
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
            self.jump(next((path for path in paths if self.form.nearest(path)), "decision"))

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
        step = step_of(path)
        self.pages[step].provide(path)
        name = self.name_of(path)
        named = {"step": Text(NAMES[step]), "field": Text(name) if isinstance(name, str) else name}
        self.told.emit(Text(done, named))  # the sentence is marked where it is written

    def show_history(self) -> None:
        """Who changed the field that has the keyboard (or had it last), when, from what to what."""
        field = self.form.fields.get(self._worked_on or "")
        if field is None:
            self.told.emit(Text(N_("Go to a field first: its history is shown then.")))
            return
        self.settle()

        def show(changes: tuple[FieldChange, ...]) -> None:
            HistoryDialog(self._language, field, changes, self.window()).open()

        case_id, path = self.case_id, field.path
        self._tasks.run(lambda: self._desk.examinations.history(case_id, path), done=show, owner=self)

    def show_phrases(self, draft: Snippet | None) -> None:
        """Look after the phrases; `draft` is to be kept as one."""
        from ui.screens.examination.phrase_dialog import PhraseDialog

        phrases = tuple(self.observations.phrases)
        dialog = PhraseDialog(self._desk, self._tasks, self._language, phrases, draft, self.window())
        dialog.changed.connect(self._take_phrases)
        dialog.open()

    def _take_phrases(self, phrases: tuple[Snippet, ...]) -> None:
        self.observations.phrases = phrases

    def close_case(self) -> None:
        """Back to the list. What is being typed is taken in first; the window calls `leave` before it goes."""
        self.settle()
        self.closed.emit()

    def leave(self, then: Callable[[], None]) -> None:
        """Save what isn't saved, then `then`; where that fails, ask: nothing on screen is lost unknowingly."""
        self.settle()

        def saved(missing: tuple[str, ...]) -> None:
            if not missing:
                then()
                return
            names = {"fields": self._names_of(missing)}
            text = Text(
                N_("Not saved: {fields}. Whoever leaves now loses what was entered there. The bar above says why."),
                names,
            )
            asked = Question(
                self._language,
                N_("Leave without saving?"),
                text,
                N_("Stay"),
                N_("Leave without saving"),
                self.window(),
            )
            asked.confirmed.connect(then)
            asked.open()

        self.record.save_all(saved)

    def try_again(self) -> None:
        """Write once more what was refused; the lock asks for it."""
        self.record.try_again()

    def settle(self) -> None:
        """Take in what is being typed."""
        if self.record.is_loaded:
            self.form.settle()
            self.decision.settle()

    def ask_why(self) -> None:
        """Ask for the reason of changes to what members have voted on; it holds for this sitting at the case."""
        asked = ReasonDialog(
            self._language,
            N_("Change what was voted on"),
            N_("Members have voted on these answers. The record keeps the old value, the new one and the reason; one "
               "reason holds for all changes until the case is left."),
            N_("Say in a few words why the answers are changed."),
            N_("Change the answers"),
            N_("Leave the answers"),
            self,
        )  # fmt: skip
        asked.confirmed.connect(self._change_late)
        asked.open()

    def _change_late(self, reason: str) -> None:
        self.record.late_reason = reason
        self.form.lock()
        self._refresh()
        self._focus(self.pages[self.step].first())

    def focusNextPrevChild(self, forward: bool) -> bool:
        # What is typed decides which questions follow: take it in before Tab looks for the next one.
        self.settle()
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

    def name_of(self, path: str) -> Words:
        """How the question at `path` is called on screen."""
        if path == PROGRAMME or path.startswith(PROGRAMME_ROWS):
            return N_("Measures of the programme")
        known = self.form.nearest(path_of(path))
        if known is None:
            return Text(N_("{path}"), {"path": path})
        if known.startswith(f"{observations.ROOT}."):
            return observations.named(known)
        return self.form.fields[known].label_words

    # --- what changes ----------------------------------------------------------------------------------------
    def _on_loaded(self) -> None:
        first = not self.isEnabled()
        self.setEnabled(True)
        self.form.show_all()
        self.observations.show_all()
        editable = self.record.editable
        self.form.lock()
        for page in self.pages.values():
            page.set_read_only(not editable)
        self._refresh()
        self.saved.emit(self.record.view.saved_at)
        if first:
            self._return_to_place()
        elif self.step == "conclusion":
            self.conclusion.show_case(self.record.view)

    def _return_to_place(self) -> None:
        place = self.record.view.place
        step = place[0] if place and place[0] in STEPS else STEPS[0]
        self._open(step)
        self.pages[step].provide((place[1] or "") if place else "")
        field = self.form.fields.get(place[1] or "") if place else None
        if self._is_closed(step):
            self.go(step)
        elif field is not None and step_of(field.path) == step and self.pages[step].can_reveal(field):
            self._reveal(field)
        else:
            self._focus(self.pages[step].first())

    def _refresh(self) -> None:
        record = self.record
        if not record.is_loaded:
            return
        self._take_criteria()
        self._take_privacy()
        self.header.show_case(
            self._language.t,
            record.view,
            hidden=self.hidden,
            deadline=self.acts.deadline_line(),
            waits=self.acts.waits(),
        )
        self.acts.refresh()
        self.decision.take_related(self.acts.related, self.acts.shown_ground())
        self.steps.show_states(record.states())
        self.form.show_notices()
        self.pages[self.step].refresh()  # the others are drawn when they are opened
        self.pages[self.step].order_tabs()
        self.summary.refresh()
        self._show_tools()
        self._show_notice()

    def _take_privacy(self) -> None:
        """A proactive examination begins with the person hidden: three experts say what they think of the facts."""
        proactive = self.record.get("examination.place") == Place.IN_ABSENTIA_PROACTIVE
        if not proactive or self.record.view.signed is not None:
            self.hidden = None
        elif self.hidden is None:
            self.hidden = True
            if self._is_closed(self.step) and self.isVisible():
                self._open(self.step)

    def _find_reviewed(self, number: str) -> None:
        """Take over from a case of this desk what a control or an appeal looks at again."""
        self._tasks.run(lambda: self._desk.examinations.numbered(number), done=self.examination.take_found, owner=self)

    def _show_tools(self) -> None:
        record = self.record
        if record.is_loaded:
            self.header.show_tools(
                undo=record.can_change(record.track.done),
                redo=record.can_change(record.track.undone),
                history=self._worked_on is not None,
            )

    def _take_criteria(self) -> None:
        """The questions and causes of the criteria in force on the day, for the person's age."""
        on = parse_iso(str(self.record.get("examination.on") or "")) or self._today()
        birth = parse_iso(str(self.record.get("person.birth_date") or ""))
        if birth is not None and birth > on:
            birth = None
        if (on, birth) != self._facts_for:
            self._facts_for = (on, birth)
            pack = self._desk.packs.for_date(on)
            self._facts, self._defects = self._desk.packs.facts(on, birth), tuple(pack.defects)
            self.functions.take_scales(self._desk.packs.scales(on, birth))
            self.decision.take_causes(tuple(pack.causes))
            self.decision.take_bands(partial(self._desk.packs.general_band, on))
            self.decision.take_ages(*self._desk.packs.offered(on, birth))
            self.examination.take_causes(self.decision.cause_options)
        self.functions.take_facts(self._facts, self._defects)

    def _show_notice(self) -> None:
        if not self.record.is_loaded:
            return
        t, related = self._language.t, self.acts.related
        act = ""
        match self.record.view.state:
            case CaseState.ENDED:
                text, act = ending_sentence(t, self.record.document), t("Resume the case…")
            case CaseState.DRAFT if self.acts.waits():
                text, act = postponed_sentence(t, self.record.document), t("Go on with it now")
            case CaseState.DRAFT if related.corrects is not None:
                number = related.corrects.number
                text = t("This case corrects {number} and takes its place once it is signed.", number=number)
                act = t("Open {number}", number=number)
            case CaseState.DRAFT if postponed_until(self.record.document) is not None:
                text = postponed_sentence(t, self.record.document)
            case CaseState.SIGNED | CaseState.SUPERSEDED if related.corrected_by is not None:
                number = related.corrected_by.number
                done = self.record.view.state is CaseState.SUPERSEDED
                text = (
                    t("Superseded by {number}: nothing can be changed.", number=number)
                    if done
                    else t("Signed and frozen. Case {number} corrects it and is not signed yet.", number=number)
                )
                act = t("Open {number}", number=number)
            case CaseState.DECIDED if self.step == "programme":
                text = t("Decided: the programme alone can still be changed, until the members have signed.")
            case CaseState.DECIDED:
                text = t("Decided: the fields take no changes. To change something, reopen the decision on its step.")
            case CaseState.SIGNED:
                text = t("Signed and frozen: nothing can be changed. A correction is a new case that names this one.")
                act = t("Correct the signed case…") if self.acts.can("correct") else ""
            case CaseState.SUPERSEDED:
                text = t("Superseded by a later case: nothing can be changed.")
            case CaseState.DISCARDED:
                text = t("Discarded: nothing can be changed.")
            case _:
                text = ""
        late = self._late_notice(t)
        if late:  # the fields of this step wait for it
            text, act = late, t("Another reason") if self.record.late_reason else t("Change with a reason")
        self.notice_text.setText(text)
        self.notice_button.setText(act)
        self.notice_button.setAccessibleName(act)
        self.notice_button.setVisible(bool(act))
        # The step of the decision itself says that it is decided, beside the button that reopens it.
        told_there = self.step == "decision" and self.record.view.state is CaseState.DECIDED
        self.notice.setVisible(bool(text) and (bool(act) or not told_there))

    def _on_notice(self) -> None:
        related = self.acts.related
        other = related.corrected_by or (related.corrects if self.record.editable else None)
        if self._late_notice(self._language.t):
            self.ask_why()
        elif self.acts.can("resume"):
            self.acts.do("resume")
        elif self.acts.can("take_up"):
            self.acts.do("take_up")
        elif other is not None:
            self.case_wanted.emit(other.id)
        else:
            self.acts.do("correct")

    def _late_notice(self, t: Translator) -> str:
        """What stands above a step of a draft on whose answers members have voted."""
        record = self.record
        if not record.editable or not voting.has_begun(record.document) or self.step not in _VOTED_ON:
            return ""
        if record.late_reason:
            return t("Changed after the vote, with the reason: {reason}", reason=record.late_reason)
        return t("Members have voted on these answers. To change one, say why.")

    def _show_below(self, path: str) -> None:
        """Every field at the path or below it, as the record has it."""
        for known in self.form.fields:
            if known == path or known.startswith(f"{path}."):
                self.form.show_field(known)

    def _show_titles(self) -> None:
        for path in ("diagnosis.main.icd10", "person.address.kato"):
            self.form.show_field(path)

    def _on_entered(self, path: str) -> None:
        self._last = self.form.fields[path].focus_widget()
        self._worked_on = path
        self.record.visit()
        self._show_tools()
        if self.record.editable:
            self.record.remember(self.step, path)

    def _on_saved(self, moment: datetime) -> None:
        self.saved.emit(moment)

    def _show_unsaved(self) -> None:
        # The bar of the window says why.
        t, missing = self._language.t, self.record.refused_paths()
        if missing:
            self.unsaved_text.setText(
                "⚠ "
                + t(
                    "Not saved yet: {fields}. It stays on screen; until it is saved, nothing is decided or signed.",
                    fields=self._names_of(missing),
                )
            )
        self.unsaved_bar.setVisible(bool(missing))

    def _names_of(self, paths: tuple[str, ...]) -> str:
        t = self._language.t
        named = dict.fromkeys(f"{self.pages[step_of(path)].named(t)}: {say(t, self.name_of(path))}" for path in paths)
        return "; ".join(named)

    def _ask_users(self) -> None:
        self._tasks.run(self._desk.users.all, done=self._take_users, owner=self)

    def _take_users(self, users: tuple[User, ...]) -> None:
        self._names[:] = [user.name for user in users]
        self.signing.take_users(users)
        self.vote.take_users(users)
        self.second_reading.take_users(users)

    def _today(self) -> date:
        return SystemClock().today()

    # --- language and look -----------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """Every word again; nothing typed is lost."""
        t = self._language.t
        self.header.retranslate(t)
        self.acts.retranslate()
        self.closed_page.retranslate(t)
        self.steps.retranslate(t)
        self.form.retranslate(t)
        self.doubles.retranslate(t)
        for page in self.pages.values():
            page.retranslate(t)
        self.summary.retranslate(t)
        for following in self.next_buttons:
            following.setText(t("Next step"))
            following.setAccessibleName(t("Next step"))
            following.setToolTip(shortcuts.native("next_step"))
        self.retry_button.setText(t("Try again"))
        self.retry_button.setAccessibleName(t("Try again"))
        self._show_unsaved()
        self._refresh()
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_left"):
            self._measure()
