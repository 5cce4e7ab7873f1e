"""The line above a case: who it is, how old, and how long the referral still stands."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu

from app.domain.case_file import Document, get
from app.domain.dates import add_months, age, parse_iso
from app.domain.vocabulary import LABELS, Sex
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


def sex_word(t: Translator, document: Document) -> str:
    """`woman`, `man`; empty where it isn't known."""
    sex = get(document, "person.sex")
    return {Sex.FEMALE.value: t("woman"), Sex.MALE.value: t("man")}.get(sex or "", "")


class CaseHeader(QFrame):
    """`back` when somebody wants to leave; `undo` and `redo` the last change; `history` of the field worked on;
    `deadlines_wanted`; `privacy_toggled`: hide the person, or show again."""

    back = Signal()
    undo = Signal()
    redo = Signal()
    history = Signal()
    deadlines_wanted = Signal()
    privacy_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.back_button = button("quiet", "chevron-left")
        self.back_button.clicked.connect(self.back)
        self.name = label("section", wrap=True)
        self.facts = label("hint", wrap=True)
        self.state = label("label")
        self.deadline = button("link", "hourglass")
        self.deadline.clicked.connect(self.deadlines_wanted)
        self.deadline.hide()
        self.privacy = button("quiet", "eye-off")
        self.privacy.clicked.connect(self.privacy_toggled)
        self.privacy.hide()
        self.acts = button("", "list-checks")
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
        for tool, signal in (  # what comes and goes stands first: the others stay where they are
            (self.redo_button, self.redo), (self.undo_button, self.undo), (self.history_button, self.history),
        ):  # fmt: skip
            tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has keys of their own, and stays where it is
            tool.clicked.connect(signal)
            tools.addWidget(tool)
        line.addLayout(tools)
        stands = column(gap=0)  # below each other: at 150 % there is no room beside the tools
        stands.addStretch(1)
        stands.addWidget(self.state, 0, Qt.AlignmentFlag.AlignRight)
        stands.addWidget(self.deadline, 0, Qt.AlignmentFlag.AlignRight)
        stands.addStretch(1)
        line.addLayout(stands)
        line.addWidget(self.privacy)
        line.addWidget(self.acts)

    def set_menu(self, menu: QMenu) -> None:
        """What can be done with the case."""
        self.acts.setMenu(menu)

    def show_case(self, t: Translator, view: CaseView, *, hidden: bool | None = None, deadline: str = "",
                  waits: bool = False) -> None:  # fmt: skip
        """`hidden`: whether the person is kept from those who give opinions; None where there is no such question.
        `deadline`: the nearest one in words. `waits`: whether it was put off to a day that is ahead."""
        document = view.document
        self.deadline.setText(deadline)
        self.deadline.setAccessibleName(t("Deadlines, the nearest: {deadline}", deadline=deadline))
        self.deadline.setVisible(bool(deadline))
        self.privacy.setVisible(hidden is not None)
        self.privacy.setText(t("Show the person") if hidden else t("Hide the person"))
        self.privacy.setAccessibleName(self.privacy.text())
        state = t("put off") if waits else t(LABELS[view.state])
        self.state.setText(t("{number}, {state}", number=view.number, state=state))
        if hidden:
            self.name.setText(t("The person is hidden"))
            self.facts.setText(" · ".join(fact for fact in (sex_word(t, document), age_line(t, document)) if fact))
            return
        self.name.setText(full_name(document) or t("No name yet"))
        iin = str(get(document, "person.iin") or "")
        facts = (
            age_line(t, document),
            t("ИИН {iin}", iin=f"{iin[:6]} {iin[6:]}") if iin else "",
            referral_line(t, document),
        )
        self.facts.setText(" · ".join(fact for fact in facts if fact))

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
        self.acts.setText(t("Case"))
        self.acts.setAccessibleName(t("What can be done with this case"))
        self.acts.setToolTip(t("End, put off, resume, correct; deadlines ({key})", key=shortcuts.native("acts")))
