"""What a correction changes, field by field, before it is signed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.case_file import Document, get
from app.domain.text import N_
from app.domain.vocabulary import CaseState, CorrectionKind
from app.i18n import Translator
from app.services.differences import Difference, differences
from app.services.steps import step_of
from app.services.views import Relative
from ui.screens.examination.form import Form
from ui.screens.examination.step_list import NAMES
from ui.widgets.field import plain_words, say
from ui.widgets.parts import button, column, label, panel


class Differences(QWidget):
    """Old and new beside each other; hidden where nothing is corrected. `opened(case_id)`: to the signed case."""

    opened = Signal(str)

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._old: Relative | None = None
        self._shown: tuple[object, ...] = ()
        box = panel()
        self._lines = column(box, margin=16, gap=8)
        self.heading, self.none = label("section", wrap=True), label(wrap=True)
        self.why = label(wrap=True)
        self.table = QWidget()
        self.open_button = button("link")
        self.open_button.clicked.connect(self._open)
        for part in (self.heading, self.why, self.none, self.table):
            self._lines.addWidget(part)
        self._lines.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        column(self).addWidget(box)
        self.hide()

    def show_changes(self, t: Translator, old: Relative | None, new: Document, state: CaseState) -> None:
        """The signed case that is corrected; None where there is none."""
        self._old = old
        # What was signed is compared no more: the paper names what it replaces.
        shown = old is not None and state in (CaseState.DRAFT, CaseState.DECIDED)
        self.setVisible(shown)
        if old is None or not shown:
            return
        found = differences(old.document, new)
        told = get(new, "dossier.correction") or {}
        now = (t.language, old.id, found, told)
        if now == self._shown:
            return
        self._shown = now
        self.heading.setText(t("What differs from {number}", number=old.number))
        kind = t.show(CorrectionKind(told["kind"])) if told.get("kind") else "–"
        self.why.setText(t("Why it is corrected: {kind}; {reason}", kind=kind, reason=told.get("reason") or "–"))
        self.none.setText(t("Nothing differs yet."))
        self.none.setVisible(not found)
        self.open_button.setText(t("Open {number}, with its documents to print", number=old.number))
        self.open_button.setAccessibleName(self.open_button.text())
        self._fill(t, found)

    def _fill(self, t: Translator, found: tuple[Difference, ...]) -> None:
        place = self._lines.indexOf(self.table)
        self._lines.removeWidget(self.table)
        self.table.deleteLater()
        self.table = QWidget()
        grid = QGridLayout(self.table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for at, words in enumerate((N_("Question"), N_("As signed"), N_("Now")) if found else ()):
            head = label("label", wrap=True)
            head.setText(t(words))
            grid.addWidget(head, 0, at)
        for line, one in enumerate(found, start=1):
            for at, words in enumerate(
                (self._name(t, one), self._value(t, one, one.old), self._value(t, one, one.new))
            ):
                cell = label("hint" if at == 1 else "", wrap=True)
                cell.setText(words)
                grid.addWidget(cell, line, at, Qt.AlignmentFlag.AlignTop)
        for at, share in enumerate((2, 3, 3)):
            grid.setColumnStretch(at, share)
        self._lines.insertWidget(place, self.table)

    def _name(self, t: Translator, one: Difference) -> str:
        field = self._form.asking(one.path)
        if field is None:
            return t(NAMES.get(step_of(one.path), N_("Other")))
        words = say(t, field.label_words)
        return words[:1].upper() + words[1:]

    def _value(self, t: Translator, one: Difference, value: object) -> str:
        field = self._form.asking(one.path)
        exact = field is not None and (field.path == one.path or one.path in ASKED_AS)
        return field.words_of(t, value) if field is not None and exact else plain_words(t, value)

    def _open(self) -> None:
        if self._old is not None:
            self.opened.emit(self._old.id)


ASKED_AS = ("decision.cause",)
"""Paths that are asked for under another one, with the same answers."""
