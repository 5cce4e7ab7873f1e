"""Search in a classifier while typing: a code or words, arrow keys, Enter."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QListView

from app.domain.text import N_, Text
from ui.widgets.field import Words, accept
from ui.widgets.text_field import TextField

Search = Callable[[str], Sequence[tuple[str, str]]]
"""From what was typed to hits as (code, title), the best first."""
Title = Callable[[str], str | None]
"""The title of a code; None where the list doesn't have it."""

Normalise = Callable[[str], str]
"""A code as it is written, from how it was typed."""

NOT_LISTED = N_("This code is not in the offline list. It is kept as typed: compare it with the referral.")


class HitList(QCompleter):
    """The list below a line; choosing a hit writes its code."""

    def __init__(self, edit: QLineEdit, search: Search) -> None:
        super().__init__(edit)
        self._search, self._edit = search, edit
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCompletionRole(Qt.ItemDataRole.UserRole)
        self.setMaxVisibleItems(10)
        self.setWidget(edit)
        popup = self._popup = QListView()
        self.setPopup(popup)
        popup.setAccessibleName(edit.accessibleName())
        popup.setTextElideMode(Qt.TextElideMode.ElideRight)
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        edit.textEdited.connect(self.show_hits)

    def show_hits(self, typed: str) -> None:
        """Search, and show what was found; nothing found shows nothing."""
        self.show_found(self._search(typed) if typed.strip() else ())

    def show_found(self, hits: Sequence[tuple[str, str]]) -> None:
        """Show these; none hides the list."""
        self._model.clear()
        for code, title in hits:
            item = QStandardItem(f"{code}   {title}")
            item.setData(code, Qt.ItemDataRole.UserRole)
            item.setData(f"{code} {title}", Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(title)
            item.setSizeHint(QSize(0, self._edit.fontMetrics().lineSpacing() + 10))
            self._model.appendRow(item)
        if hits:
            rect = self._edit.rect()
            rect.setWidth(max(rect.width(), 560))
            self.complete(rect)
        else:
            self._popup.hide()


class CodeField(TextField):
    """A code with its title below. Any code of the right form is taken; one the list doesn't have gets a remark."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        search: Search,
        title: Title,
        normalise: Normalise,
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._title, self._normalise = title, normalise
        self.edit.setMaximumWidth(self.edit.fontMetrics().averageCharWidth() * 24)
        self.hits = HitList(self.edit, search)
        self.hits.activated[QModelIndex].connect(self._on_hit)  # type: ignore[index]

    def parse(self, text: str) -> object:
        return self._normalise(text) or None

    def show_value(self, value: Any, text: str | None = None) -> None:
        super().show_value(value, text)
        self.explain(value if text is None else None)

    def tidy(self, value: object) -> None:
        super().tidy(value)
        self.explain(value)

    def explain(self, value: object) -> None:
        """The code's title, or that the list doesn't have it."""
        if not value:
            self.set_remark(None)
            return
        title = self._title(str(value))
        self.set_remark(Text(NOT_LISTED) if title is None else Text(N_("{title}"), {"title": title}) if title else None)

    def _on_hit(self, index: QModelIndex) -> None:
        self.edit.setText(str(index.data(Qt.ItemDataRole.UserRole)))
        self.on_typed()
        self.settle()
