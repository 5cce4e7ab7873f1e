"""One case on screen: brings steps, pages and panel together; knows no law."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.text import N_, Text
from app.domain.vocabulary import Place
from app.services.desk import Desk
from app.services.history import FieldChange
from app.services.steps import STEPS, step_of
from ui import shortcuts
from ui.language import Language
from ui.screens.examination.case_acts import CaseActs
from ui.screens.examination.case_header import CaseHeader
from ui.screens.examination.case_notice import CaseNotice
from ui.screens.examination.case_pages import BREATH_MS
from ui.screens.examination.case_ways import CaseWays
from ui.screens.examination.decision_page import DecisionPage
from ui.screens.examination.history_dialog import HistoryDialog
from ui.screens.examination.reason import ReasonDialog
from ui.screens.examination.step_list import KEYS
from ui.screens.examination.step_page import StepPage
from ui.screens.examination.summary import SummaryPanel
from ui.tasks import TaskRunner
from ui.widgets.digits import digit_of
from ui.widgets.field import Field, say
from ui.widgets.parts import button, label, panel, row
from ui.widgets.question import Question


class CaseScreen(CaseWays):
    """Everything about one case. Every field is saved as soon as it is left, in order, on the worker.

    `closed`: back to the list. `saved(datetime)`: a write arrived. `conclusion_requested(case_id)`: the last step
    was opened. `case_wanted(case_id)`: another case is to be opened.
    """

    closed = Signal()
    saved = Signal(object)
    case_wanted = Signal(str)

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, case_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, tasks, language, case_id, parent)
        self.acts = CaseActs(desk, tasks, language, self.record, self._today, self)
        self._worked_on: str | None = None
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

    def _lay_out(self) -> None:
        self.header = CaseHeader()
        self.notice = CaseNotice(self._language, self.record, self.acts)
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
        self.notice.why_asked.connect(self.ask_why)
        self.notice.case_wanted.connect(self.case_wanted)
        self.header.undo.connect(self.undo)
        self.header.redo.connect(self.redo)
        self.header.history.connect(self.show_history)
        self.summary.jumped.connect(self.jump)
        self.summary.conflict_opened.connect(self.open_conflict)
        self.summary.why_asked.connect(lambda: self.go("proposal"))
        self.form.bound = self._watch
        self._language.changed.connect(self.retranslate)

    def _watch(self, field: Field) -> None:
        field.entered.connect(self._on_entered)

    def _join(self, page: StepPage) -> None:
        super()._join(page)
        if isinstance(page, DecisionPage):
            page.other_case_wanted.connect(self.case_wanted)
            page.ending_wanted.connect(lambda: self.acts.do("end_case"))
            page.take_related(self.acts.related, self.acts.shown_ground())

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

    def event(self, event: QEvent) -> bool:
        # On the Kazakh layout the digits are letters and signs: Ctrl+6 would be Ctrl+comma, the window's settings.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._step_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._step_of(event)
        if step:
            self.go(step)
        else:
            super().keyPressEvent(event)

    def _step_of(self, event: QKeyEvent) -> str:
        """The step to which Ctrl and a letter or sign in the row of digits lead; plain digits are bound."""
        digit = digit_of(event) if event.modifiers() == Qt.KeyboardModifier.ControlModifier else None
        if digit is None or 0x30 <= event.key() <= 0x39:
            return ""
        return dict(zip(KEYS, STEPS, strict=False)).get(str(digit), "")

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
            field = self.form.fields.get(self._worked_on or "")
            if field is not None:
                asked.rejected.connect(field.focus_widget().setFocus)
            asked.open()

        self.record.save_all(saved)

    def take_down(self) -> None:
        """Nobody sees this case any more: destroy it, bit by bit. Nothing answers it from now on."""
        self.ahead.stop()
        self._language.changed.disconnect(self.retranslate)
        self.record.deleteLater()
        self.form.fields.clear()
        self.pages.take_down(self.deleteLater)

    def try_again(self) -> None:
        """Write once more what was refused; the lock asks for it."""
        self.record.try_again()

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

    # --- what changes ----------------------------------------------------------------------------------------
    def _on_loaded(self) -> None:
        self.form.show_all()
        self.form.lock()
        for page in list(self.pages.made.values()):
            page.show_record()
            page.set_read_only(not self.record.editable)
        self._refresh()
        self.saved.emit(self.record.view.saved_at)
        if not self.isEnabled():
            QTimer.singleShot(BREATH_MS, self, self._prepare)
        elif self.step == "conclusion":
            self.conclusion.show_case(self.record.view)

    def _prepare(self) -> None:
        """Make the page that is shown first, and show it in a later turn: both in one, or with what the worker tells
        meanwhile, hold the window up."""
        step = self.place_step()
        if not self._is_closed(step):
            self.pages[step]
        QTimer.singleShot(BREATH_MS, self, self._begin)

    def _begin(self) -> None:
        self.setEnabled(True)
        self._return_to_place()

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
        if "decision" in self.pages.made:
            self.decision.take_related(self.acts.related, self.acts.shown_ground())
        states = record.states()
        self.steps.show_states(states)
        self.summary.take_states(states)
        self.form.show_notices()
        page = self.pages.made.get(self.step)
        if page is not None:  # the others are drawn when they are opened
            page.refresh()
            page.order_tabs()
            if not page.is_whole:
                self.ahead.begin(self.step)
        self.summary.refresh()
        self._show_tools()
        self.notice.show_step(self.step)

    def _on_opened(self) -> None:
        self._right.setVisible(self.step != "conclusion")  # the paper says it all, and needs the width
        self.notice.show_step(self.step)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.record.is_loaded and not self._is_closed(self.step):
            self.ahead.begin(self.step)  # locked meanwhile, it went no further

    def _take_privacy(self) -> None:
        """A proactive examination begins with the person hidden: three experts say what they think of the facts."""
        proactive = self.record.get("examination.place") == Place.IN_ABSENTIA_PROACTIVE
        if not proactive or self.record.view.signed is not None:
            self.hidden = None
        elif self.hidden is None:
            self.hidden = True
            if self._is_closed(self.step) and self.isVisible():
                self._open(self.step)

    def _show_tools(self) -> None:
        record = self.record
        if record.is_loaded:
            self.header.show_tools(
                undo=record.can_change(record.track.done),
                redo=record.can_change(record.track.undone),
                history=self._worked_on is not None,
            )

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

    # --- language and look -----------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """Every word again; nothing typed is lost."""
        t = self._language.t
        self.header.retranslate(t)
        self.acts.retranslate()
        self.closed_page.retranslate(t)
        self.steps.retranslate(t)
        self.form.retranslate(t)
        for page in list(self.pages.made.values()):
            page.retranslate(t)
        self.summary.retranslate(t)
        for following in self.next_buttons:
            self._name_next(following)
        self.retry_button.setText(t("Try again"))
        self.retry_button.setAccessibleName(t("Try again"))
        self._show_unsaved()
        self._refresh()
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_left"):
            self._measure()
