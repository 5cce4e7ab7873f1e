"""The line above a case: who it is, how old, and how long the referral still stands."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from app.domain.case_file import Document, get
from app.domain.dates import add_months, age, parse_iso
from app.domain.vocabulary import LABELS
from app.i18n import Translator
from app.services.views import CaseView
from ui import shortcuts
from ui.widgets.parts import button, column, label, row


def full_name(document: Document) -> str:
    """Surname, given name, patronymic: what is known of them."""
    parts = (get(document, f"person.{part}") for part in ("surname", "given_name", "patronymic"))
    return " ".join(str(part) for part in parts if part)


def _day(document: Document, path: str) -> date | None:
    return parse_iso(str(get(document, path) or ""))


def age_line(t: Translator, document: Document) -> str:
    """`52 years`, counted on the day of the examination; empty where that isn't known."""
    birth, on = _day(document, "person.birth_date"), _day(document, "examination.on")
    if birth is None or on is None or birth > on:
        return ""
    return t.plural("{n} year old", "{n} years old", age(birth, on))


def referral_line(t: Translator, document: Document) -> str:
    """How long the referral 031/у still stands on the day of the examination: one month from its signature."""
    signed, on = _day(document, "referral.signed_on"), _day(document, "examination.on")
    if signed is None or on is None or signed > on:
        return ""
    left = (add_months(signed, 1) - on).days
    if left < 0:
        return t.plural("referral 031/у expired {n} day before", "referral 031/у expired {n} days before", -left)
    if left == 0:
        return t("referral 031/у: last valid day")
    return t.plural("referral 031/у valid {n} more day", "referral 031/у valid {n} more days", left)


class CaseHeader(QFrame):
    """`back` when somebody wants to leave; `undo` and `redo` the last change; `history` of the field worked on."""

    back = Signal()
    undo = Signal()
    redo = Signal()
    history = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.back_button = button("quiet", "chevron-left")
        self.back_button.clicked.connect(self.back)
        self.name = label("section", wrap=True)
        self.facts = label("hint", wrap=True)
        self.state = label("label")
        words = column(gap=0)
        words.addWidget(self.name)
        words.addWidget(self.facts)
        line = row(self, gap=16)
        line.setContentsMargins(8, 4, 16, 4)
        line.addWidget(self.back_button)
        line.addLayout(words, 1)
        tools = row(gap=0)
        self.undo_button, self.redo_button = button("quiet", "undo-2"), button("quiet", "redo-2")
        self.history_button = button("quiet", "history")
        for tool, signal in (
            (self.undo_button, self.undo), (self.redo_button, self.redo), (self.history_button, self.history),
        ):  # fmt: skip
            tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has keys of their own, and stays where it is
            tool.clicked.connect(signal)
            tools.addWidget(tool)
        line.addLayout(tools)
        line.addWidget(self.state)

    def show_case(self, t: Translator, view: CaseView) -> None:
        document = view.document
        self.name.setText(full_name(document) or t("No name yet"))
        iin = str(get(document, "person.iin") or "")
        facts = (
            age_line(t, document),
            t("ИИН {iin}", iin=f"{iin[:6]} {iin[6:]}") if iin else "",
            referral_line(t, document),
        )
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        self.state.setText(t("{number}, {state}", number=view.number, state=t(LABELS[view.state])))

    def show_tools(self, *, undo: bool, redo: bool, history: bool) -> None:
        """What can be taken back, done again and asked for now."""
        self.undo_button.setEnabled(undo)
        self.redo_button.setEnabled(redo)
        self.redo_button.setVisible(redo)
        self.history_button.setEnabled(history)

    def retranslate(self, t: Translator) -> None:
        for tool, words, tip in (
            (self.undo_button, t("Undo"), t("Take back the last change ({key})", key=shortcuts.native("undo"))),
            (self.redo_button, t("Redo"), t("Do again what was taken back ({key})", key=shortcuts.native("redo"))),
            (
                self.history_button,
                t("History"),
                t("Who changed this field, when, from what to what ({key})", key=shortcuts.native("history")),
            ),
        ):
            tool.setText(words)
            tool.setAccessibleName(words)
            tool.setToolTip(tip)
        self.back_button.setText(t("List"))
        self.back_button.setToolTip(t("Back to the list ({key}); everything is saved", key=shortcuts.native("back")))
        self.back_button.setAccessibleName(t("Back to the list"))
