"""The commission's answer to each contradiction: a reason, and where the decision differs the clause it rests on."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.proposal import Conflict
from app.domain.text import N_
from app.i18n import Translator
from app.services.steps import answered
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.summary import clear
from ui.widgets.parts import column, label, panel
from ui.widgets.text_field import LongTextField, TextField


class Answer(QWidget):
    """One contradiction with its two lines."""

    def __init__(self, conflict: Conflict, t: Translator) -> None:
        super().__init__()
        self.code = conflict.code
        box = panel()
        lines = column(box, margin=12, gap=8)
        said = label(wrap=True)
        said.setText(t.show(conflict.text))
        self.state = label("hint", wrap=True)
        self.reason = LongTextField(f"answer.{self.code}.text", N_("Reason"), lines=2)
        differs = self.code == "decision_differs"
        self.citation = TextField(
            f"answer.{self.code}.citation",
            N_("Clause it rests on"),
            hint=N_("act and place in it, as the commission reads them") if differs else N_("may stay empty"),
        )
        for part in (said, self.reason, self.citation, self.state):
            lines.addWidget(part)
        column(self).addWidget(box)
        for field in (self.reason, self.citation):
            field.retranslate(t)


class Answers(QWidget):
    """All contradictions that ask for an answer. Saved as `decision.reasons`; texts being typed stay where they are."""

    def __init__(self, record: CaseRecord) -> None:
        super().__init__()
        self._record = record
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.answers: dict[str, Answer] = {}
        self._shown: tuple[Any, ...] = ()

    def show_conflicts(self, conflicts: tuple[Conflict, ...], t: Translator, *, read_only: bool) -> None:
        """The contradictions that hold now; an answer to one that doesn't hold any more is kept, unseen."""
        asked = tuple(conflict for conflict in conflicts if conflict.kind == "conflict")
        now = (tuple((c.code, c.text) for c in asked), t.language)
        if now != self._shown:
            self.settle()
            clear(self._column)
            self.answers = {}
            for conflict in asked:
                answer = Answer(conflict, t)
                self.answers[conflict.code] = answer
                self._column.addWidget(answer)
                answer.show()  # at once: somebody may be on the way to it
                given = self._given(conflict.code)
                for field, key in ((answer.reason, "text"), (answer.citation, "citation")):
                    field.show_value(given.get(key))
                    field.committed.connect(lambda _path, value, c=conflict.code, k=key: self._on_given(c, k, value))
            self._shown = now
        for code, answer in self.answers.items():
            answer.reason.set_read_only(read_only)
            answer.citation.set_read_only(read_only)
            done = answered(self._record.document, code)
            answer.state.setText("✓ " + t("answered") if done else "○ " + t("not answered yet"))

    def _given(self, code: str) -> dict[str, Any]:
        reasons = self._record.get("decision.reasons") or []
        return next((dict(reason) for reason in reasons if reason.get("code") == code), {})

    def _on_given(self, code: str, key: str, value: object) -> None:
        reasons = [dict(reason) for reason in self._record.get("decision.reasons") or []]
        known = next((reason for reason in reasons if reason.get("code") == code), None)
        if known is None:
            known = {"code": code, "text": None, "citation": None}
            reasons.append(known)
        known[key] = value
        self._record.commit("decision.reasons", reasons)

    def settle(self) -> None:
        for answer in self.answers.values():
            answer.reason.settle()
            answer.citation.settle()
