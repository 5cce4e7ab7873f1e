"""Stands where a page would say who is examined, while independent experts give their opinions."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.case_file import Document
from app.domain.text import N_
from app.i18n import Translator
from ui.screens.examination.case_header import age_line, sex_word
from ui.screens.examination.step_page import StepPage
from ui.widgets.parts import button, label

CLOSED_STEPS: Final = frozenset({"person", "referral", "conclusion"})
"""The steps that say who it is or where from."""


class ClosedPage(StepPage):
    """`shown`: somebody wants to see the person."""

    shown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("closed", N_("The person is hidden"), parent)
        self.facts = label("section", wrap=True)
        self.why = label(wrap=True)
        self.limits = label("hint", wrap=True)
        self.show_button = button("", "eye")
        self.show_button.clicked.connect(self.shown)
        for part in (self.facts, self.why, self.limits):
            self.add(part)
        self.column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.finish()

    def show_case(self, t: Translator, document: Document) -> None:
        """Sex and age are all that an expert sees of the person."""
        facts = [fact for fact in (sex_word(t, document), age_line(t, document)) if fact]
        self.facts.setText(" · ".join(facts) or t("Sex and age are not known."))

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.why.setText(
            t("In a proactive examination three experts give opinions and see of the person only sex and age.")
        )
        self.limits.setText(
            t(
                "Name, ИИН, address, referral and documents are hidden on this screen. A laptop can't hide more:"
                " who signs in here sees the list of cases, can show the person again, and reads what notes"
                " give away."
            )
        )
        self.show_button.setText(t("Show the person"))
        self.show_button.setAccessibleName(self.show_button.text())
