"""An independent expert's opinion on a depersonalised case, as one item of the list."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.i18n import Translator
from ui.widgets.choice import NOT_GIVEN, Combo
from ui.widgets.field import say
from ui.widgets.options import Option, chosen_words, same
from ui.widgets.rows import Row


class OpinionRow(Row):
    """Who, which outcome, which period, why: two lines."""

    def __init__(self, outcomes: Sequence[Option], periods: Sequence[Option]) -> None:
        super().__init__()
        self._lists = {"outcome": list(outcomes), "period": list(periods)}
        self._wanted: dict[str, Any] = {}
        self.expert, self.reason = QLineEdit(), QLineEdit()
        self.combos = {key: Combo() for key in self._lists}
        box = QWidget()
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, 8)
        lines.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.expert, 3)
        first.addWidget(self.combos["outcome"], 3)
        first.addWidget(self.combos["period"], 2)
        lines.addLayout(first)
        lines.addWidget(self.reason)
        self.line.addWidget(box, 1)
        for edit in (self.expert, self.reason):
            edit.textEdited.connect(lambda _text: self.changed.emit())
            edit.editingFinished.connect(self.left.emit)
        for key, combo in self.combos.items():
            combo.activated.connect(lambda place, k=key: self._chosen(k, place))

    def _chosen(self, key: str, place: int) -> None:
        self._wanted[key] = self._lists[key][place - 1].value if place else None
        self.left.emit()

    def value(self) -> dict[str, Any] | None:
        told = {
            "expert": self.expert.text().strip() or None,
            "outcome": self._wanted.get("outcome"),
            "period": self._wanted.get("period"),
            "reason": self.reason.text().strip() or None,
        }
        return told if any(value is not None for value in told.values()) else None

    def show_value(self, value: dict[str, Any]) -> None:
        self.expert.setText(str(value.get("expert") or ""))
        self.reason.setText(str(value.get("reason") or ""))
        self._wanted = {key: value.get(key) for key in self._lists}
        self._select()

    def _select(self) -> None:
        for key, combo in self.combos.items():
            found = (i for i, option in enumerate(self._lists[key], 1) if same(option.value, self._wanted.get(key)))
            if combo.count():
                combo.setCurrentIndex(next(found, 0))

    def set_read_only(self, read_only: bool) -> None:
        for edit in (self.expert, self.reason):
            edit.setReadOnly(read_only)
        for combo in self.combos.values():
            combo.setEnabled(not read_only)

    def entry(self) -> QWidget:
        return self.expert

    def words_of(self, t: Translator, value: dict[str, Any]) -> str:
        parts = [
            value.get("expert"),
            chosen_words(t, self._lists["outcome"], value.get("outcome")),
            value.get("reason"),
        ]
        return ", ".join(str(part) for part in parts if part)

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        for key, combo in self.combos.items():
            combo.clear()
            combo.addItem(t(NOT_GIVEN))
            combo.addItems([say(t, option.words) for option in self._lists[key]])
        self._select()
        self.expert.setPlaceholderText(t("Expert"))
        self.reason.setPlaceholderText(t("Why"))
        self.expert.setAccessibleName(t("{question}, row {n}: expert", question=about, n=number))
        self.combos["outcome"].setAccessibleName(t("{question}, row {n}: outcome", question=about, n=number))
        self.combos["period"].setAccessibleName(t("{question}, row {n}: period", question=about, n=number))
        self.reason.setAccessibleName(t("{question}, row {n}: why", question=about, n=number))
