"""Several entries of a long legal list: search by words, tick what was found at the examination."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from app.domain.text import N_
from app.i18n import Translator
from ui.widgets.field import Field, Words, accept, say
from ui.widgets.options import UNANSWERED, Option, OptionRow

_NONE, _SOME = "none", "some"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its id, its words, and what it stands for (a level, as words)."""

    id: str
    words: Words
    weight: Words


class PickerField(Field):
    """`not examined · none of the list · some of the list`, and for the last the list itself."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        none: Words,
        some: Words,
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._entries: tuple[Entry, ...] = ()
        self._value: list[str] | None = None
        self._read_only = False
        self._none_words, self._some_words = none, some
        self.row = OptionRow()
        self.row.chosen.connect(self._on_answer)
        self.row.cleared.connect(lambda: self._on_answer(UNANSWERED))
        self.box = QWidget()
        column = QVBoxLayout(self.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(self._on_ticked)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        for part in (self.search, self.list, self.summary):
            column.addWidget(part)
        self.box.setVisible(False)
        self.set_control(self.row, self.box)
        for part in (self.search, self.list):
            self.watch(part)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """The list in force on the day of examination."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            if self.t is not None:
                self._fill(self.t)

    def _fill(self, t: Translator) -> None:
        self.row.set_options(
            [Option(UNANSWERED, N_("not examined")), Option(_NONE, self._none_words), Option(_SOME, self._some_words)],
            t,
            about=self.label.text(),
        )
        for button in self.row.buttons:
            self.watch(button)
        self.rebuilt.emit()
        self.list.blockSignals(True)
        self.list.clear()
        for entry in self._entries:
            item = QListWidgetItem(f"{say(t, entry.weight)} · {say(t, entry.words)}")
            item.setData(Qt.ItemDataRole.UserRole, entry.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._show()
        self._filter(self.search.text())

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.search.setPlaceholderText(t("Search the list"))
        self.search.setAccessibleName(t("{question}: search the list", question=self.label.text()))
        self.search.findChildren(QToolButton)[0].setAccessibleName(t("Empty the line"))
        self.list.setAccessibleName(self.label.text())
        self._fill(t)
        self.list.setMinimumHeight(self.fontMetrics().lineSpacing() * 9)

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = [str(v) for v in value] if isinstance(value, list) else None
        self._show()

    def _show(self) -> None:
        if self.t is None:
            return
        # "Some of the list" without a tick is still not an answer; the list stays open while it is being looked for.
        some = bool(self._value) or (self._value is None and self.box.isVisibleTo(self))
        self.row.show_value(_SOME if some else _NONE if self._value == [] else UNANSWERED)
        self.box.setVisible(some)
        self.list.blockSignals(True)
        chosen = []
        for place in range(self.list.count()):
            item = self.list.item(place)
            ticked = item.data(Qt.ItemDataRole.UserRole) in (self._value or [])
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            if ticked:
                chosen.append(item.text())
        self.list.blockSignals(False)
        self.summary.setText("\n".join(f"✓ {words}" for words in chosen))
        self.summary.setVisible(bool(chosen))

    def _on_answer(self, answer: object) -> None:
        if answer == _SOME:
            self.box.setVisible(True)
            if self._value == []:
                self._value = None
                self.offer(None)
            self._show()
            self.search.setFocus()
            return
        self.box.setVisible(False)
        self._value = [] if answer == _NONE else None
        self._show()
        self.offer(self._value)

    def _on_ticked(self, item: QListWidgetItem) -> None:
        if self._read_only:
            self._show()
            return
        ids = [
            str(self.list.item(i).data(Qt.ItemDataRole.UserRole))
            for i in range(self.list.count())
            if self.list.item(i).checkState() == Qt.CheckState.Checked
        ]
        self._value = ids or None
        self._show()
        self.offer(self._value)

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        for place in range(self.list.count()):
            text = self.list.item(place).text().casefold()
            self.list.item(place).setHidden(not all(word in text for word in words))

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.row.set_read_only(read_only)

    def focus_widget(self) -> QWidget:
        return self.row.entry() if self.row.buttons else self.row

    def is_empty(self) -> bool:
        return self._value is None

    def words_of(self, t: Translator, value: Any) -> str:
        if not isinstance(value, list) or not value:
            return super().words_of(t, value)
        names = {entry.id: say(t, entry.words) for entry in self._entries}
        return "; ".join(names.get(str(item), str(item)) for item in value)
