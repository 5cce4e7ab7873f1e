"""What can be done with a case as a whole: the menu above it, its dialogues, and what they change."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.case_file import Document, get
from app.domain.endings import is_waiting
from app.domain.errors import UserError
from app.domain.purposes import is_decided_on
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, CorrectionKind, Role
from app.services.deadlines import REFERRAL, Basis, Deadline, nearest
from app.services.desk import Desk
from app.services.grounds import Ground, shown_ground
from app.services.views import CaseView, Related
from ui import shortcuts
from ui.language import Language
from ui.screens.examination import act_dialogs
from ui.screens.examination.deadlines import DeadlinesDialog, line
from ui.screens.examination.record import CaseRecord
from ui.tasks import TaskRunner
from ui.widgets.fields_dialog import FieldsDialog

_ACTS = (
    ("end_case", N_("End without a decision…")),
    ("postpone", N_("Put off for more examination…")),
    ("take_up", N_("Go on with it now")),
    ("resume", N_("Resume the case…")),
    ("correct", N_("Correct the signed case…")),
    ("deadlines", N_("Deadlines…")),
)


class CaseActs(QObject):
    """`case_wanted(case_id)`: another case is to be opened. `told`: something beside the record is known now."""

    case_wanted = Signal(str)
    told = Signal()

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, record: CaseRecord, today: Callable[[], date],
        screen: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(screen)
        self._desk, self._tasks, self._language, self._record = desk, tasks, language, record
        self._today, self._screen = today, screen
        self.related = Related(None, None)
        self.basis: Basis | None = None
        self.dialog: FieldsDialog | DeadlinesDialog | None = None
        self.menu = QMenu(screen)
        self.actions: dict[str, QAction] = {}
        for name, _words in _ACTS:
            action = self.actions[name] = QAction(self.menu)
            action.triggered.connect(partial(self._on_triggered, name))
            self.menu.addAction(action)
            if name in shortcuts.KEYS:
                shortcuts.bind(screen, name, partial(self.do, name))
        record.loaded.connect(self._ask)

    # --- what is known ---------------------------------------------------------------------------------------
    def _ask(self) -> None:
        case_id = self._record.case_id
        self._tasks.run(
            lambda: (self._desk.examinations.related(case_id), self._desk.deadlines.basis()),
            done=lambda found: self._take(*found),
            owner=self._screen,
        )

    def _take(self, related: Related, basis: Basis) -> None:
        self.related, self.basis = related, basis
        self.told.emit()

    def today(self) -> date:
        """The desk's day: what is entered is checked against it."""
        return self.basis.today if self.basis is not None else self._today()

    def deadlines(self) -> tuple[Deadline, ...]:
        """All of the case as it stands; empty while the desk hasn't answered."""
        if self.basis is None or not self._record.is_loaded:
            return ()
        return self._desk.deadlines.of(self._record.view, self.basis)

    def deadline_line(self) -> str:
        """The nearest deadline in words, with a sign where it is over or the clock can't be trusted."""
        # How long the referral stands is said beside the name already.
        shown = tuple(one for one in self.deadlines() if one.id != REFERRAL)
        found, t = nearest(shown), self._language.t
        if found is None or self.basis is None:
            return ""
        said = line(t, found)
        if self.basis.doubt is not None:
            return "⚠ " + t("{deadline} (the clock can't be trusted)", deadline=said)
        return f"⚠ {said}" if (found.left or 0) < 0 else said

    def shown_ground(self) -> Ground | None:
        """The ground for a refusal that the case itself shows."""
        proposal = self._record.draft.proposal
        codes = {c.code for c in proposal.conflicts if c.kind == "obstacle"} if proposal else set()
        return shown_ground(self._record.document, codes)

    def waits(self) -> bool:
        """Whether the case was put off to a day that is still ahead."""
        view = self._record.view
        return is_waiting(view.document, view.state, self.today())

    def can(self, name: str) -> bool:
        """Whether the act fits the state of the case."""
        if not self._record.is_loaded:
            return False
        state = self._record.view.state
        draft = state is CaseState.DRAFT
        match name:
            case "end_case":
                return draft and self._record.view.supersedes is None
            case "postpone":
                return draft
            case "take_up":
                return draft and self.waits()
            case "resume":
                return state is CaseState.ENDED
            case "correct":
                return state is CaseState.SIGNED and self.related.corrected_by is None
            case _:
                return self.basis is not None

    # --- acts ------------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Show in the menu what can be done now."""
        for name, action in self.actions.items():
            action.setVisible(self.can(name))

    def retranslate(self) -> None:
        t = self._language.t
        for name, words in _ACTS:
            key = f"\t{shortcuts.native(name)}" if name in shortcuts.KEYS else ""
            self.actions[name].setText(f"{t(words)}{key}")
        self.menu.setAccessibleName(t("What can be done with this case"))

    def _on_triggered(self, name: str, _checked: bool = False) -> None:
        self.do(name)

    def do(self, name: str) -> None:
        """One of the acts, where it fits."""
        if self.can(name):
            getattr(self, f"_{name}")()

    def _end_case(self) -> None:
        record = self._record
        served = not is_decided_on(record.document)
        dialog = self.dialog = act_dialogs.ending_dialog(
            self._language, record.view.number, served=served, shown=self.shown_ground(),
            head=_head(record.document), today=self.today, parent=self._screen,
        )  # fmt: skip
        self._run_from(dialog, lambda values: self._desk.endings.end(record.case_id, values, screen="case"))

    def _resume(self) -> None:
        case_id = self._record.case_id
        dialog = self.dialog = act_dialogs.reason_dialog(self._language, self._record.view.number, self._screen)
        self._run_from(dialog, lambda values: self._desk.endings.resume(case_id, str(values.get("reason") or "")))

    def _postpone(self) -> None:
        case_id, number = self._record.case_id, self._record.view.number
        dialog = self.dialog = act_dialogs.postponing_dialog(self._language, number, self.today, self._screen)
        self._run_from(dialog, lambda values: self._desk.endings.postpone(case_id, values, screen="case"))

    def _take_up(self) -> None:
        case_id = self._record.case_id
        self._record.act(lambda: self._desk.endings.take_up(case_id), self._tasks.failed.emit)

    def _correct(self) -> None:
        begin_correction(
            self._desk, self._tasks, self._language, self._record.case_id, self._record.view.number, self._screen,
            done=self.case_wanted.emit, keep=self._keep,
        )  # fmt: skip

    def _keep(self, dialog: FieldsDialog) -> None:
        self.dialog = dialog

    def _deadlines(self) -> None:
        if self.basis is not None:
            self.dialog = DeadlinesDialog(self._language, self.deadlines(), self.basis, self._screen)
            self.dialog.open()

    def _run_from(self, dialog: FieldsDialog, work: Callable[[dict[str, Any]], CaseView]) -> None:
        def done() -> None:
            if shiboken6.isValid(dialog):
                dialog.accept()

        def failed(error: BaseException) -> None:
            if shiboken6.isValid(dialog):
                dialog.refuse(error)
            else:
                self._tasks.failed.emit(error)

        dialog.confirmed.connect(lambda values: self._record.act(lambda: work(values), failed, done=done))


def begin_correction(
    desk: Desk,
    tasks: TaskRunner,
    language: Language,
    case_id: str,
    number: str,
    parent: QWidget,
    *,
    done: Callable[[str], object],
    keep: Callable[[FieldsDialog], object],
) -> None:
    """Ask why a signed case is corrected; `done` gets the id of the new one. `keep` is told the dialogue."""
    dialog = act_dialogs.correction_dialog(language, number, parent)
    keep(dialog)

    def made(view: CaseView) -> None:
        dialog.accept()
        done(view.id)

    def confirmed(values: dict[str, Any]) -> None:
        if not values.get("kind"):
            sentence = N_("Choose what makes the correction necessary.")
            dialog.refuse(UserError(Text(sentence), where="dossier.correction.kind"))
            return
        kind, reason = CorrectionKind(values["kind"]), str(values.get("reason") or "")
        tasks.run(
            lambda: desk.examinations.correct(case_id, kind, reason), done=made, failed=dialog.refuse, owner=dialog
        )

    dialog.confirmed.connect(confirmed)


def begin_resuming(
    desk: Desk,
    tasks: TaskRunner,
    language: Language,
    case_id: str,
    number: str,
    parent: QWidget,
    *,
    done: Callable[[], object],
    keep: Callable[[FieldsDialog], object],
) -> None:
    """Ask why an ended case goes on, from where it isn't open."""
    dialog = act_dialogs.reason_dialog(language, number, parent)
    keep(dialog)

    def resumed(_view: CaseView) -> None:
        dialog.accept()
        done()

    def confirmed(values: dict[str, Any]) -> None:
        reason = str(values.get("reason") or "")
        tasks.run(lambda: desk.endings.resume(case_id, reason), done=resumed, failed=dialog.refuse, owner=dialog)

    dialog.confirmed.connect(confirmed)


def _head(document: Document) -> str | None:
    members = get(document, "examination.commission") or []
    return next((member.get("name") for member in members if member.get("role") == Role.HEAD), None)
