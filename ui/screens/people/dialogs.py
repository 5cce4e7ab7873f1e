"""Joining two persons and separating them again: each with a reason, which stays in the record."""

from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.domain.clock import SystemClock
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.person_views import Found, MergedPerson, PersonCard
from ui import theme
from ui.language import Language
from ui.screens.people import words as said
from ui.tasks import Task, TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, clearable, column, fit, label, row, scrolled
from ui.widgets.words import Words

_PAUSE_MS = 40
_COMPARED = 5  # of the lines side by side, those that say who somebody is


class _ReasonDialog(Snug):
    """A heading, what will happen, the parts of a subclass, a reason, two buttons."""

    def __init__(
        self, tasks: TaskRunner, language: Language, title: str, what: Text, act: str, icon: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._tasks, self._language = tasks, language
        words = self._words = Words(language, self)
        words(self, "windowTitle", title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        heading, self.what = label("section", wrap=True), label(wrap=True)
        words(heading, "text", title)
        words(self.what, "text", what)
        self.reason = QLineEdit()
        self._reason = Labelled(words, N_("How this is known"), self.reason)
        self.keep_button, self.act_button = button(), button("primary", icon)
        words(self.keep_button, "text", N_("Change nothing"))
        words(self.act_button, "text", act)
        self.keep_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self._confirm)
        self.reason.returnPressed.connect(self._confirm)
        for each in (self.keep_button, self.act_button):
            each.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.act_button)
        self.middle = column(gap=8)
        lines = column(self, margin=24, gap=12)
        lines.addWidget(heading)
        lines.addWidget(self.what)
        lines.addLayout(self.middle, 1)
        lines.addWidget(self._reason)
        lines.addLayout(buttons)

    def _confirm(self) -> None:
        if not self.reason.text().strip():
            self._reason.set_error(Text(N_("Say in a few words how this is known.")))
            self.reason.setFocus()
            fit(self)
            return
        self.act_button.setEnabled(False)
        self._do(self.reason.text())

    def _do(self, reason: str) -> None:
        raise NotImplementedError

    def _failed(self, error: BaseException) -> None:
        self.act_button.setEnabled(True)
        if isinstance(error, UserError):
            self._reason.set_error(error.text)
            fit(self)
        else:
            self._tasks.failed.emit(error)


class SeparateDialog(_ReasonDialog):
    """Take a joining back. `separated` once it is done."""

    separated = Signal()

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, card: PersonCard, one: MergedPerson, parent: QWidget
    ) -> None:
        what = Text(
            N_("The examinations that came with {other} become a person of their own again. {name} keeps the others."),
            {"other": one.name or "–", "name": card.name or "–"},
        )
        super().__init__(tasks, language, N_("Separate two persons"), what, N_("Separate them"), "undo-2", parent)
        self._desk, self._one = desk, one
        self.setMinimumWidth(560)
        self.reason.setFocus()

    def _do(self, reason: str) -> None:
        def done(_: object) -> None:
            self.separated.emit()
            self.accept()

        work = lambda: self._desk.people.separate(self._one.id, reason)  # noqa: E731
        self._tasks.run(work, done=done, failed=self._failed, owner=self)


class MergeDialog(_ReasonDialog):
    """Find the other record of the person, see both side by side, join them. `merged` once it is done."""

    merged = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, card: PersonCard, parent: QWidget) -> None:
        what = Text(
            N_("All examinations of the record that you choose become those of {name}. It can be taken back."),
            {"name": card.name or "–"},
        )
        super().__init__(
            tasks, language, N_("The same person under two records"), what, N_("Join the two"), "merge", parent
        )
        self._desk, self._card = desk, card
        self._other: PersonCard | None = None
        self._found: Found | None = None
        self._asked: Task | None = None
        scale = theme.current().scale
        self.setMinimumSize(min(round(860 * scale), 1200), min(round(640 * scale), 720))
        words = self._words
        self.search = QLineEdit()
        clearable(self.search, words)
        find = Labelled(words, N_("The other record: surname and given name, or ИИН"), self.search)
        self.hits = QListWidget()
        words(self.hits, "accessibleName", N_("Records found"))
        self.hits.currentItemChanged.connect(self._choose)
        self.hits.setFixedHeight(self.fontMetrics().lineSpacing() * 6)
        self.nobody = label("hint", wrap=True)
        words(self.nobody, "text", N_("Nobody found"))
        self.nobody.hide()
        both = QWidget()
        self.grid = QGridLayout(both)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(24)
        self.grid.setVerticalSpacing(4)
        for at, share in enumerate((0, 1, 1)):
            self.grid.setColumnStretch(at, share)
        self.middle.addWidget(find)
        self.middle.addWidget(self.hits)
        self.middle.addWidget(self.nobody)
        self.middle.addWidget(scrolled(both), 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self.hits.setFocus)
        self.act_button.setEnabled(False)
        language.changed.connect(self._retranslate)
        # Most doubles differ in little: their beginning finds them.
        self.search.setText(card.name.split(" ")[0] if card.name else "")
        self.search.setFocus()
        self.search.selectAll()

    def _ask(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
        query = self.search.text()
        self._asked = self._tasks.run(lambda: self._desk.people.search(query), done=self._show_hits, owner=self)

    def _show_hits(self, found: Found) -> None:
        self._found = found
        t, today = self._language.t, SystemClock().today()
        chosen = self._other.id if self._other else None
        self.hits.clear()
        for one in found.rows:
            if one.id == self._card.id:
                continue
            parts = (one.name or t("name not entered"), said.number(one.iin), said.born(t, one.birth_date, today))
            item = QListWidgetItem(" · ".join(parts))
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            self.hits.addItem(item)
            if one.id == chosen:
                self.hits.setCurrentItem(item)
        self.nobody.setVisible(not self.hits.count())

    def _retranslate(self) -> None:
        if self._found is not None:
            self._show_hits(self._found)
        self._show_both()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        person_id = str(item.data(Qt.ItemDataRole.UserRole))

        def read(card: PersonCard) -> None:
            self._other = card
            self.act_button.setEnabled(True)
            self._show_both()

        self._tasks.run(lambda: self._desk.people.card(person_id), done=read, owner=self)

    def _show_both(self) -> None:
        """Line by line; what differs is marked and in bold."""
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._other is None:
            return
        t, today = self._language.t, SystemClock().today()
        heads = ("", t("stays"), t("becomes part of it"))
        for place, text in enumerate(heads):
            head = label("hint")
            head.setText(text)
            self.grid.addWidget(head, 0, place)
        pairs = zip(_lines(self._language, self._card, today), _lines(self._language, self._other, today), strict=True)
        for line, ((title, mine), (_, theirs)) in enumerate(pairs, start=1):
            # What one record doesn't say contradicts nothing; that decisions differ is why they are joined.
            differs = line <= _COMPARED and "–" not in (mine, theirs) and mine != theirs
            for place, text in enumerate((title, mine, f"≠ {theirs}" if differs else theirs)):
                cell = label("label" if place == 0 or differs else "", wrap=place > 0)
                cell.setText(text)
                self.grid.addWidget(cell, line, place, Qt.AlignmentFlag.AlignTop)
        self.grid.setRowStretch(_COMPARED + 3, 1)

    def _do(self, reason: str) -> None:
        other = self._other
        if other is None:
            self.act_button.setEnabled(True)
            return

        def done(_: object) -> None:
            self.merged.emit()
            self.accept()

        work = lambda: self._desk.people.merge(self._card.id, other.id, reason)  # noqa: E731
        self._tasks.run(work, done=done, failed=self._failed, owner=self)


def _lines(language: Language, card: PersonCard, today: date) -> list[tuple[str, str]]:
    """What is compared, each with its name."""
    t, person, case = language.t, card.person, card.in_force
    address, identity = person.get("address") or {}, person.get("identity") or {}
    decision = t.show(case.outcome) if case is not None and case.outcome else "–"
    return [
        (t("Person"), card.name or "–"),
        (t("ИИН"), said.number(person.get("iin"))),
        (t("Born"), said.born(t, person.get("birth_date"), today)),
        (t("Address"), address.get("text") or "–"),
        (t("Identity document"), identity.get("number") or "–"),
        (t("Last decision"), f"{decision}, {said.day(case.examined_on)}" if case is not None else "–"),
        (t("Examinations"), str(len(card.cases))),
    ]
