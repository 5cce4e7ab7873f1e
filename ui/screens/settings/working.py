"""How this department works: the first vote, who decides when votes are even, the second reading."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from app.services.desk import Desk
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.tick_box import TickBox
from ui.widgets.whole_list import WholeList
from ui.widgets.words import Words

_NOT_CHECKED = N_("○ not checked against the official text: a custom of the office")
_CHOICES: dict[str, tuple[tuple[Any, str], ...]] = {
    "blind_vote": (
        ("required", N_("every member votes before the proposal is seen")),
        ("offered", N_("members may vote; the proposal is open unless somebody closes it")),
        ("off", N_("no vote before the proposal")),
    ),
    "tie": (
        ("head", N_("the head of the commission decides")),
        ("none", N_("nobody's vote counts more")),
    ),
    "second_reading": (
        ("off", N_("no second reading")),
        ("when_group_differs", N_("where the commission decides on another group")),
        ("always_when_differs", N_("wherever the decision differs from the proposal")),
    ),
}


class WorkingPage(QWidget):
    """Each choice is saved at once, in the audit trail. `control_wanted`: show how the department decides."""

    title = N_("How this department works")
    control_wanted = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self.lists = {name: WholeList() for name in _CHOICES}
        self.passphrase = TickBox()
        self.passphrase.clicked.connect(lambda checked: self._save("vote_passphrase", checked))
        headings = {name: label("section", wrap=True) for name in ("vote", "second")}
        words(headings["vote"], "text", N_("First vote"))
        words(headings["second"], "text", N_("Second reading by the department of methodology and control"))
        fields = {
            "blind_vote": Labelled(words, N_("Before the proposal is seen"), self.lists["blind_vote"]),
            "tie": Labelled(words, N_("When votes are even"), self.lists["tie"], hint=_NOT_CHECKED),
            "second_reading": Labelled(
                words, N_("Before a decision is signed"), self.lists["second_reading"], hint=_NOT_CHECKED
            ),
        }
        self.said = label("hint", wrap=True)
        self.said.hide()
        self.control_button = button("", "chevron-right")
        words(self.control_button, "text", N_("How we decide"))
        self.control_button.clicked.connect(self.control_wanted)
        about = label("hint", wrap=True)
        words(
            about, "text",
            N_("How often votes and decisions differ from the criteria: by member, commission and organisation."),
        )  # fmt: skip
        lines = column(self, gap=16)
        parts: tuple[QWidget, ...] = (
            *(headings["vote"], fields["blind_vote"], self.passphrase, fields["tie"], rule()),
            *(headings["second"], fields["second_reading"], self.said, rule(), about),
        )
        for part in parts:
            lines.addWidget(part)
        for field in fields.values():
            field.control.setMaximumWidth(640)  # not the field: its hint would be given the height of a wider one
        last = row()
        last.addWidget(self.control_button)
        last.addStretch(1)
        lines.addLayout(last)
        lines.addStretch(1)
        for name, box in self.lists.items():
            for value, _ in _CHOICES[name]:
                box.addItem("", value)
            box.activated.connect(lambda _at, n=name: self._save(n, self.lists[n].currentData()))
        language.changed.connect(self.retranslate)
        self.retranslate()
        self._show()

    def first_field(self) -> QWidget:
        return self.lists["blind_vote"]

    def retranslate(self) -> None:
        """Every word again."""
        t = self._language.t
        for name, box in self.lists.items():
            for at, (_, msgid) in enumerate(_CHOICES[name]):
                box.setItemText(at, t(msgid))
        self.passphrase.set_words(t("Who votes types the own passphrase"))
        self.passphrase.setAccessibleName(t("Who votes types the own passphrase"))

    def _show(self) -> None:
        for name, box in self.lists.items():
            box.setCurrentIndex(box.findData(self._desk.preferences.get(name)))
        self.passphrase.setChecked(bool(self._desk.preferences.get("vote_passphrase")))

    def _save(self, name: str, value: object) -> None:
        def failed(error: BaseException) -> None:
            self._show()
            self._tasks.failed.emit(error)

        def saved(_: object) -> None:
            self._words(self.said, "text", N_("Saved. It holds for every case that is not signed yet."))
            self.said.show()

        self._tasks.run(lambda: self._desk.preferences.set(name, value), done=saved, failed=failed, owner=self)
