"""The notice above the steps: what state the case is in, and the one thing that can be done about it."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.domain import voting
from app.domain.endings import postponed_until
from app.domain.vocabulary import CaseState
from app.i18n import Translator
from ui.language import Language
from ui.screens.examination.case_acts import CaseActs
from ui.screens.examination.endings import ending_sentence, postponed_sentence
from ui.screens.examination.record import CaseRecord
from ui.widgets.parts import button, label, row

_VOTED_ON: Final = frozenset({"person", "examination", "observations", "diagnosis", "functions"})
"""The steps on whose answers the votes rest."""


class CaseNotice(QFrame):
    """`why_asked`: somebody wants to change what was voted on. `case_wanted(case_id)`: another case is to be opened."""

    why_asked = Signal()
    case_wanted = Signal(str)

    def __init__(self, language: Language, record: CaseRecord, acts: CaseActs) -> None:
        super().__init__()
        self._language, self._record, self._acts = language, record, acts
        self._step = ""
        self.setProperty("role", "banner")
        self.text = label(wrap=True)
        self.button = button()
        self.button.clicked.connect(self._on_notice)
        line = row(self, margin=8)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        self.hide()

    def show_step(self, step: str) -> None:
        """As the case stands, above this step."""
        if not self._record.is_loaded:
            return
        self._step = step
        t, related = self._language.t, self._acts.related
        act = ""
        match self._record.view.state:
            case CaseState.ENDED:
                text, act = ending_sentence(t, self._record.document), t("Resume the case…")
            case CaseState.DRAFT if self._acts.waits():
                text, act = postponed_sentence(t, self._record.document), t("Go on with it now")
            case CaseState.DRAFT if related.corrects is not None:
                number = related.corrects.number
                text = t("This case corrects {number} and takes its place once it is signed.", number=number)
                act = t("Open {number}", number=number)
            case CaseState.DRAFT if postponed_until(self._record.document) is not None:
                text = postponed_sentence(t, self._record.document)
            case CaseState.SIGNED | CaseState.SUPERSEDED if related.corrected_by is not None:
                number = related.corrected_by.number
                done = self._record.view.state is CaseState.SUPERSEDED
                text = (
                    t("Superseded by {number}: nothing can be changed.", number=number)
                    if done
                    else t("Signed and frozen. Case {number} corrects it and is not signed yet.", number=number)
                )
                act = t("Open {number}", number=number)
            case CaseState.DECIDED if self._step == "programme":
                text = t("Decided: the programme alone can still be changed, until the members have signed.")
            case CaseState.DECIDED:
                text = t("Decided: the fields take no changes. To change something, reopen the decision on its step.")
            case CaseState.SIGNED:
                text = t("Signed and frozen: nothing can be changed. A correction is a new case that names this one.")
                act = t("Correct the signed case…") if self._acts.can("correct") else ""
            case CaseState.SUPERSEDED:
                text = t("Superseded by a later case: nothing can be changed.")
            case CaseState.DISCARDED:
                text = t("Discarded: nothing can be changed.")
            case _:
                text = ""
        late = self._late_notice(t)
        if late:  # the fields of this step wait for it
            text, act = late, t("Another reason") if self._record.late_reason else t("Change with a reason")
        self.text.setText(text)
        self.button.setText(act)
        self.button.setAccessibleName(act)
        self.button.setVisible(bool(act))
        # The step of the decision itself says that it is decided, beside the button that reopens it.
        told_there = self._step == "decision" and self._record.view.state is CaseState.DECIDED
        self.setVisible(bool(text) and (bool(act) or not told_there))

    def _on_notice(self) -> None:
        related = self._acts.related
        other = related.corrected_by or (related.corrects if self._record.editable else None)
        if self._late_notice(self._language.t):
            self.why_asked.emit()
        elif self._acts.can("resume"):
            self._acts.do("resume")
        elif self._acts.can("take_up"):
            self._acts.do("take_up")
        elif other is not None:
            self.case_wanted.emit(other.id)
        else:
            self._acts.do("correct")

    def _late_notice(self, t: Translator) -> str:
        """What stands above a step of a draft on whose answers members have voted."""
        record = self._record
        if not record.editable or not voting.has_begun(record.document) or self._step not in _VOTED_ON:
            return ""
        if record.late_reason:
            return t("Changed after the vote, with the reason: {reason}", reason=record.late_reason)
        return t("Members have voted on these answers. To change one, say why.")
