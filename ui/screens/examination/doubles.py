"""A quiet note where the person who is being entered may be here already. It asks on the worker and stops nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame

from app.domain.case_file import get
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.desk import Desk
from app.services.people import KNOWN
from app.services.person_views import Likeness, Lookalike
from app.services.steps import NO_IIN
from ui.language import Language
from ui.screens.examination.record import CaseRecord
from ui.screens.people import words as said
from ui.tasks import Task, TaskRunner
from ui.widgets.field import Words
from ui.widgets.parts import button, column, label, row

_PAUSE_MS = 150
# Parts that are taken over as a whole.
_WHOLE = {"person.representative": N_("Representative"), "previous": N_("Previous decision")}
_OTHERS = "dossier.others"
_WATCHED = ("person.iin", "person.surname", "person.given_name", "person.birth_date", _OTHERS)


class DoublesNote(QFrame):
    """Names who it may be, with two answers. After “it is this person” it offers what is known and empty here.

    `taken(path)`: a value was taken over there.
    """

    taken = Signal(str)

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        language: Language,
        record: CaseRecord,
        name_of: Callable[[str], Words],
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._desk, self._tasks, self._language, self._record = desk, tasks, language, record
        self._name_of, self._today = name_of, today
        self._asked: Task | None = None
        self.found: Lookalike | None = None
        self._more = 0
        self.offered: dict[str, Any] = {}
        self.setProperty("role", "banner")
        self.text = label(wrap=True)
        self.same_button, self.other_button = button("", "check"), button("", "x")
        self.take_button, self.leave_button = button("", "download"), button("", "x")
        self.same_button.clicked.connect(self._same)
        self.other_button.clicked.connect(self._other)
        self.take_button.clicked.connect(self._take)
        self.leave_button.clicked.connect(self._leave)
        buttons = row(gap=8)
        for each in (self.same_button, self.other_button, self.take_button, self.leave_button):
            each.setAutoDefault(False)
            buttons.addWidget(each)
        buttons.addStretch(1)
        lines = column(self, margin=12, gap=8)
        lines.addWidget(self.text)
        lines.addLayout(buttons)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        record.changed.connect(lambda path: self._pause.start() if path in _WATCHED else None)
        self.hide()

    def ask_soon(self) -> None:
        """Ask once nothing has changed for a moment."""
        self._pause.start()

    def _ask(self) -> None:
        """Ask who it may be. An answer that a newer question has overtaken is dropped."""
        record = self._record
        if self._asked is not None:
            self._asked.cancel()
        if not record.is_loaded or not record.editable:
            self._show(())
            return
        document, own = record.document, record.view.person_id
        self._asked = self._tasks.run(
            lambda: self._desk.people.alike(document, {own}),
            done=self._show,
            failed=lambda _error: None,  # a note that doesn't come is no loss; the next key asks again
            owner=self,
        )

    def _show(self, found: tuple[Lookalike, ...]) -> None:
        self._asked = None
        self.found, self._more = (found[0], len(found) - 1) if found else (None, 0)
        if self.found is not None:
            self.offered = {}
        self.retranslate(self._language.t)

    def retranslate(self, t: Translator) -> None:
        """Every word again."""
        for each, words in (
            (self.same_button, t("It is this person")),
            (self.other_button, t("Another person")),
            (self.take_button, t("Take over")),
            (self.leave_button, t("Leave empty")),
        ):
            each.setText(words)
        asking, offering = self.found is not None, self.found is None and bool(self.offered)
        for each in (self.same_button, self.other_button):
            each.setVisible(asking)
        for each in (self.take_button, self.leave_button):
            each.setVisible(offering)
        if self.found is not None:
            self.text.setText(self._question(t, self.found))
        elif offering:
            names = dict.fromkeys(
                t(_WHOLE[path]) if path in _WHOLE else t.show(_words(self._name_of(path))) for path in self.offered
            )
            self.text.setText(
                t("The case is now of this person. Known there and empty here: {fields}.", fields="; ".join(names))
            )
        self.setAccessibleName(self.text.text())
        self.setVisible(asking or offering)

    def _question(self, t: Translator, found: Lookalike) -> str:
        person = found.person
        who = ", ".join(
            part
            for part in (
                person.name or t("name not entered"),
                said.born(t, person.birth_date, self._today()),
                t("ИИН {iin}", iin=said.number(person.iin)) if person.iin else "",
                t("last examined: {decision}", decision=said.last(t, person)) if person.outcome else "",
            )
            if part
        )
        begin = {
            Likeness.NUMBER: t("Somebody with this ИИН is here already: {who}.", who=who),
            Likeness.NAME: t("Somebody of this name and birth date is here already: {who}.", who=who),
            Likeness.NEARLY: t("Somebody very much alike is here already: {who}.", who=who),
        }[found.why]
        more = t.plural("{n} more is alike.", "{n} more are alike.", self._more) if self._more else ""
        return f"{begin} {more}".strip()

    # --- answers ----------------------------------------------------------------------------------------------
    def _same(self) -> None:
        found, record = self.found, self._record
        if found is None:
            return
        case_id, person_id = record.case_id, found.person.id

        def work() -> dict[str, Any]:
            self._desk.people.link(case_id, person_id)
            return self._desk.people.known(person_id, but=case_id)

        def linked(known: dict[str, Any]) -> None:
            record.placed(person_id)
            self.offered = dict(_empty_here(record, known))
            self.found = None
            self.retranslate(self._language.t)
            if self.offered:
                self.take_button.setFocus()
            self._pause.start()

        self._tasks.run(work, done=linked, owner=self)

    def _other(self) -> None:
        if self.found is not None:
            self._record.put(_OTHERS, [*(self._record.get(_OTHERS) or ()), self.found.person.id])
            self.found = None
            self.retranslate(self._language.t)

    def _take(self) -> None:
        for path, value in self.offered.items():
            if self._record.get(path) is None and path not in self._record.unfinished:
                self._record.put(path, value)
                self.taken.emit(path)
        self._leave()

    def _leave(self) -> None:
        self.offered = {}
        self.retranslate(self._language.t)


def _empty_here(record: CaseRecord, known: dict[str, Any]) -> list[tuple[str, Any]]:
    """What is known there and empty here, by the path of each field."""
    found = []
    for path in (*KNOWN, "previous"):
        value = known.get(path)
        if path == NO_IIN.rpartition(".")[0] and (known.get("person.iin") or record.get("person.iin")):
            continue
        for inner, part in ((path, value),) if path in _WHOLE else _parts(path, value):
            nothing = not any(_given(get(record.document, inner))) and inner not in record.unfinished
            if part is not None and nothing:
                found.append((inner, part))
    return found


def _parts(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{path}.{key}", part) for key, part in value.items()]
    return [(path, value)]


def _given(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for inner in value.values() for part in _given(inner)]
    return [] if value is None else [True]


def _words(words: Words) -> Any:
    return Text(words) if isinstance(words, str) else words
