"""The open case as the window holds it: every change at once on screen, in order on disk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.domain import voting
from app.domain.case_file import Document, Problem, get, put
from app.domain.errors import KnownError, UserError
from app.domain.programme import may_change_after_decision
from app.domain.purposes import Needs, needs_of
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.domain.voting import Procedure
from app.services.changes import Change
from app.services.desk import Desk
from app.services.programmes import MeasureList
from app.services.steps import StepState, step_states
from app.services.views import CaseView, DraftProposal, MemberSignature
from ui.tasks import TaskRunner


@dataclass(eq=False)
class _Write:
    """The newest write of one path, until the database has it. `refused`: it came back, and waits to be tried again."""

    path: str
    work: Callable[[], CaseView]
    refused: bool = False


class CaseRecord(QObject):
    """One case. The document here runs ahead of the database by what the worker hasn't written yet.

    Of each path the newest write alone counts. One that is refused (a full disk) is kept and tried again: with the
    next one, when asked, and before anything is decided, signed or left.
    """

    loaded = Signal()
    changed = Signal(str)
    """A value or an unfinished text at this path; proposal and states are new."""
    replaced = Signal(str)
    """A value was put there by the program, not by the field: show it."""
    refused = Signal(str, object)
    saved = Signal(object)
    unsaved = Signal()
    """What is not saved may have changed: `refused_paths()` tells."""

    def __init__(self, desk: Desk, tasks: TaskRunner, case_id: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self.case_id = desk, tasks, case_id
        self._view: CaseView | None = None
        self._unsaved: dict[str, _Write] = {}
        self.document: Document = {}
        self.unfinished: dict[str, str] = {}
        self.draft = DraftProposal(None, None, ())
        self.step = ""
        """The step on screen: the audit trail says where a change was made."""
        self._visit = 0
        self.track = desk.changes.of(case_id)
        self.late_reason = ""
        """Why what members have voted on is changed now; one reason for all that is changed in this sitting."""

    # --- what stands -----------------------------------------------------------------------------------------
    @property
    def view(self) -> CaseView:
        """The case as it stands on screen."""
        if self._view is None:
            raise RuntimeError("the case has not been read yet")
        return replace(self._view, document=self.document, unfinished=dict(self.unfinished))

    @property
    def is_loaded(self) -> bool:
        return self._view is not None

    @property
    def editable(self) -> bool:
        """Only a draft takes changes."""
        return self._view is not None and self._view.state is CaseState.DRAFT

    def may_change(self, path: str) -> bool:
        """Whether the field at the path takes changes: in a decided case the programme alone does."""
        decided = self._view is not None and self._view.state is CaseState.DECIDED
        return self.editable or (decided and may_change_after_decision(path))

    @property
    def procedure(self) -> Procedure:
        """How this department votes and decides."""
        return self._desk.preferences.procedure()

    def is_locked(self, path: str) -> bool:
        """Whether members have voted on this, and nobody has said yet why it is to be changed."""
        return voting.rests_on(path) and voting.has_begun(self.document) and not self.late_reason

    def get(self, path: str) -> Any:
        """The value at a path; None where nothing is given."""
        return get(self.document, path)

    @property
    def needs(self) -> Needs:
        """What the case has to have, by what it is asked for."""
        return needs_of(self.document)

    def states(self) -> tuple[StepState, ...]:
        return step_states(self.view, self.draft, self.procedure)

    def measures(self) -> MeasureList:
        """The rehabilitation measures of the criteria, as they stand for the case on screen."""
        return self._desk.programmes.listed(self.document, self.draft)

    def obstacles(self) -> tuple[Problem, ...]:
        """What stops recording the decision."""
        return self._desk.conclusions.obstacles(self.document, self.unfinished, deciding=True)

    # --- open ------------------------------------------------------------------------------------------------
    def open(self) -> None:
        """Read the case on the worker; `loaded` follows. What the criteria compile for an age that nobody had yet is
        compiled there too: it takes longer than a frame."""
        desk, case_id = self._desk, self.case_id

        def read() -> tuple[CaseView, DraftProposal]:
            view = desk.examinations.open(case_id)
            draft = desk.conclusions.shown(view.document, view.unfinished, view.state)
            desk.programmes.listed(view.document, draft)
            return view, draft

        self._run(read, lambda found: self.take(*found))

    def take(self, view: CaseView, draft: DraftProposal | None = None) -> None:
        """Show this state of the case. What it doesn't hold is not on screen any more either. `draft`: what was made of
        it already."""
        self._unsaved.clear()
        self.unsaved.emit()
        self._view, self.document, self.unfinished = view, view.document, dict(view.unfinished)
        if draft is None:
            self._propose()
        else:
            self.draft = draft
        self.loaded.emit()

    # --- change ----------------------------------------------------------------------------------------------
    def visit(self) -> None:
        """The keyboard has come to a field: what is typed there until it leaves is one change."""
        self._visit += 1

    def commit(self, path: str, value: object, *, typed: bool = False) -> None:
        """A field got this value: show everything that follows from it, and save. `typed`: at a pause in typing."""
        if not self.may_change(path):
            return
        if self.is_locked(path):
            self.replaced.emit(path)
        else:
            self.track.add(Change(path, self.get(path), value, self._visit if typed else 0))
            self._set(path, value)

    def can_change(self, changes: Sequence[Change]) -> bool:
        """Whether the newest of these changes may be taken back, or done again, in the state of the case."""
        return bool(changes) and self.may_change(changes[-1].path)

    def undo(self) -> str | None:
        """Take back the last change of this session; its path, None where there is none (left)."""
        change = self.track.undo(self.get, self.may_change)
        return self._return_to(change.path, change.old, "undo") if change else None

    def redo(self) -> str | None:
        """Do again what was taken back; its path."""
        change = self.track.redo(self.get, self.may_change)
        return self._return_to(change.path, change.new, "redo") if change else None

    def _return_to(self, path: str, value: object, reason: Literal["undo", "redo"]) -> str:
        if not self.is_locked(path):
            self._set(path, value, reason)
        self.replaced.emit(path)
        return path

    def _set(self, path: str, value: object, reason: Literal["field", "undo", "redo"] = "field") -> None:
        self.document = put(self.document, path, value)
        self.unfinished.pop(path, None)
        self._propose()
        self.changed.emit(path)
        step, desk, case_id, why = self.step, self._desk, self.case_id, self.late_reason
        self._write(
            path, lambda: desk.examinations.set_field(case_id, path, value, screen=step, reason=reason, why=why)
        )

    def put(self, path: str, value: object) -> None:
        """As `commit`, from the program: the field at the path shows the value."""
        self.commit(path, value)
        self.replaced.emit(path)

    def placed(self, person_id: str) -> None:
        """The case is of this person now."""
        if self._view is not None:
            self._view = replace(self._view, person_id=person_id)

    def keep(self, path: str, text: str) -> None:
        """What is typed there isn't a value yet: keep the words. The value that stood there stays."""
        if not self.may_change(path):
            return
        self.unfinished[path] = text
        self._propose()
        self.changed.emit(path)
        step = self.step
        self._write(path, lambda: self._desk.examinations.keep_unfinished(self.case_id, path, text, screen=step))

    def adopt(self, path: str, view: CaseView) -> None:
        """Something else wrote the value at the path: show it, and leave everything else as it is on screen."""
        self.document = put(self.document, path, get(view.document, path))
        self._propose()
        self.replaced.emit(path)
        self.changed.emit(path)
        self.saved.emit(view.saved_at)

    def trace(self, path: str, inserted: Sequence[str] = ()) -> None:
        """Once the text at the path is saved: find out where it came from, in a task of its own. `replaced` tells
        what was found. `inserted`: the phrases put in."""
        phrases = tuple(inserted)

        def adopt(found: tuple[str, Any] | None) -> None:
            if found is not None and self.editable:
                self.document = put(self.document, *found)
                self.replaced.emit(found[0])

        self._run(lambda: self._desk.origins.trace(self.case_id, path, phrases), adopt)

    def remember(self, step: str, field: str | None) -> None:
        """Where the work stands; losing it is no loss, so a failure is silent."""
        self._tasks.run(
            lambda: self._desk.examinations.remember_place(self.case_id, step, field), failed=lambda _error: None
        )

    # --- decide and sign -------------------------------------------------------------------------------------
    def decide(self, decision: Mapping[str, Any], failed: Callable[[BaseException], None]) -> None:
        """draft → decided; `loaded` follows, or `failed` is told. Nothing is decided that is not saved."""
        self.act(lambda: self._desk.conclusions.decide(self.case_id, dict(decision)), failed)

    def reopen(self) -> None:
        """decided → draft."""
        self._run(lambda: self._desk.conclusions.reopen(self.case_id), self.take)

    def sign(
        self,
        signatures: Sequence[MemberSignature],
        done: Callable[[], None],
        failed: Callable[[BaseException], None],
        *,
        name: str,
    ) -> None:
        """decided → signed, by all members."""
        self.act(lambda: self._desk.conclusions.sign(self.case_id, list(signatures)), failed, done=done, name=name)

    def act(
        self,
        work: Callable[[], CaseView],
        failed: Callable[[BaseException], None] | None = None,
        *,
        done: Callable[[], None] = lambda: None,
        name: str = "",
    ) -> None:
        """Something done with the case as a whole, which gives it anew: `loaded` follows, then `done`.

        Nothing is done before everything on screen is saved. Failures go to `failed`, else to the window.
        """
        refused = failed if failed is not None else self._tasks.failed.emit

        def take(view: CaseView) -> None:
            self.take(view)
            done()

        self._once_saved(lambda: self._run(work, take, refused, name=name), refused)

    # --- save ------------------------------------------------------------------------------------------------
    def refused_paths(self) -> tuple[str, ...]:
        """The paths whose newest value the database has refused so far."""
        return tuple(write.path for write in self._unsaved.values() if write.refused)

    def try_again(self) -> None:
        """Write once more what was refused."""
        for write in [write for write in self._unsaved.values() if write.refused]:
            self._queue(write)

    def save_all(self, done: Callable[[tuple[str, ...]], None]) -> None:
        """Try once more what was refused and wait for all writes; `done` gets the paths that are still not saved.

        With nothing to save `done` is called at once.
        """
        self.try_again()
        self._wait(done)

    def _wait(self, done: Callable[[tuple[str, ...]], None]) -> None:
        if all(write.refused for write in self._unsaved.values()):
            done(self.refused_paths())
            return
        # The worker answers in order; what is entered meanwhile is waited for as well.
        self._run(lambda: None, lambda _none: self._wait(done))

    def _once_saved(self, work: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
        def saved(missing: tuple[str, ...]) -> None:
            if missing:
                failed(KnownError(Text(N_("Something on screen is not saved yet. Save it first: see above."))))
            else:
                work()

        self.save_all(saved)

    # --- inside ----------------------------------------------------------------------------------------------
    def _propose(self) -> None:
        state = self._view.state if self._view is not None else CaseState.DRAFT
        self.draft = self._desk.conclusions.shown(self.document, self.unfinished, state)

    def _write(self, path: str, work: Callable[[], CaseView]) -> None:
        self._unsaved.pop(path, None)
        self.try_again()
        self._unsaved[path] = _Write(path, work)
        self._queue(self._unsaved[path])

    def _queue(self, write: _Write) -> None:
        write.refused = False

        def done(view: CaseView) -> None:
            if not shiboken6.isValid(self):
                return
            self._view = view
            if self._unsaved.get(write.path) is write:
                del self._unsaved[write.path]
            self.unsaved.emit()
            self.saved.emit(view.saved_at)

        def failed(error: BaseException) -> None:
            if not shiboken6.isValid(self):
                self._tasks.failed.emit(error)
                return
            if self._unsaved.get(write.path) is not write:
                return  # a newer value of this field is on its way, or is written already
            write.refused = True
            self.unsaved.emit()
            if isinstance(error, UserError):
                self.refused.emit(write.path, error.text)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(write.work, done=done, failed=failed)

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        name: str = "",
    ) -> None:
        def guarded(result: Any) -> None:
            if shiboken6.isValid(self):
                done(result)

        def told(error: BaseException) -> None:
            if failed is not None and shiboken6.isValid(self):
                failed(error)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(work, done=guarded, failed=told, name=name)
