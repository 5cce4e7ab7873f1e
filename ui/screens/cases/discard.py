"""Discarding a draft asks for the reason: it stays in the record."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.text import N_, Text
from app.services.trip_views import Turn
from app.services.views import CaseRow
from ui.language import Language
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.words import Words


class DiscardDialog(Snug):
    """`confirmed(reason)` when the draft is to go; closing it keeps the draft."""

    confirmed = Signal(str)

    def __init__(self, language: Language, case: CaseRow | Turn, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(language, self)
        words(self, "windowTitle", N_("Discard a draft"))
        self.setMinimumWidth(480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = label("section", wrap=True)
        words(title, "text", N_("Discard the draft {number}, {name}?"), number=case.number,
              name=case.name or Text(N_("name not entered")))  # fmt: skip
        what = label(wrap=True)
        words(what, "text", N_("It leaves the list for good. The log keeps it with the reason."))
        self.reason = QLineEdit()
        self._reason = Labelled(words, N_("Why the draft is not needed"), self.reason)
        self.keep_button = button()
        words(self.keep_button, "text", N_("Keep the draft"))
        self.keep_button.clicked.connect(self.reject)
        self.discard_button = button("danger", "trash-2")
        words(self.discard_button, "text", N_("Discard the draft"))
        self.discard_button.clicked.connect(self._confirm)
        self.reason.returnPressed.connect(self._confirm)
        for each in (self.keep_button, self.discard_button):
            each.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.discard_button)
        lines = column(self, margin=24, gap=16)
        for part in (title, what, self._reason):
            lines.addWidget(part)
        lines.addLayout(buttons)
        self.reason.setFocus()

    def _confirm(self) -> None:
        reason = " ".join(self.reason.text().split())
        if not reason:
            self._reason.set_error(Text(N_("Type why the draft is not needed.")))
            self.reason.setFocus()
            return
        self.confirmed.emit(reason)
        self.accept()
