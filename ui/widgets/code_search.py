"""Search in a classifier while typing: a code or words, arrow keys, Enter."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit, QListView, QSizePolicy, QWidget

from app.domain.text import N_, Text
from app.i18n import Translator
from ui import shortcuts
from ui.widgets.field import Words, accept, labelled
from ui.widgets.parts import button
from ui.widgets.text_field import TextField

Search = Callable[[str], Sequence[tuple[str, str]]]
"""From what was typed to hits as (code, title), the best first."""
Title = Callable[[str], str | None]
"""The title of a code; None where the list doesn't have it."""

Normalise = Callable[[str], str]
"""A code as it is written, from how it was typed."""

Nothing = Callable[[str], str]
"""What to say (translated) where a search finds nothing; "" says nothing."""

Browse = Callable[[QWidget, str, Callable[[str], object]], object]
"""Lets the person walk through the classification: from which widget, from which code, and who takes the choice."""

NOT_LISTED = N_("This code is not in the offline list. It is kept as typed: compare it with the referral.")


class HitList(QCompleter):
    """The list below a line; choosing a hit writes its code."""

    def __init__(self, edit: QLineEdit, search: Search, nothing: Nothing = lambda _typed: "") -> None:
        super().__init__(edit)
        self._search, self._edit, self._nothing = search, edit, nothing
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setCompletionRole(Qt.ItemDataRole.UserRole)
        self.setMaxVisibleItems(10)
        self.setWidget(edit)
        self._list: QListView | None = None
        edit.textEdited.connect(self.show_hits)

    def popup(self) -> QListView:
        """The list. Made when it is first asked for: it is a window of its own and costs a third of a frame."""
        if self._list is None:
            made = self._list = QListView()
            self.setPopup(made)
            made.setAccessibleName(self._edit.accessibleName())
            made.setTextElideMode(Qt.TextElideMode.ElideRight)
            made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        return self._list

    def show_hits(self, typed: str) -> None:
        """Search, and show what was found; where nothing is, say why if there is a reason."""
        hits = self._search(typed) if typed.strip() else ()
        reason = self._nothing(typed) if typed.strip() and not hits else ""
        if reason:
            self._say(reason)
        else:
            self.show_found(hits)

    def show_found(self, hits: Sequence[tuple[str, str]]) -> None:
        """Show these; none hides the list."""
        if not hits and self._list is None:
            return
        self._model.clear()
        self.popup().setWordWrap(False)
        for code, title in hits:
            item = QStandardItem(f"{code}   {title}")
            item.setData(code, Qt.ItemDataRole.UserRole)
            item.setData(f"{code} {title}", Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(title)
            item.setSizeHint(QSize(0, self._edit.fontMetrics().lineSpacing() + 10))
            self._model.appendRow(item)
        if hits:
            self._open()
        else:
            self.popup().hide()

    def _say(self, reason: str) -> None:
        """A sentence in place of the list; it can't be chosen."""
        self._model.clear()
        self.popup().setWordWrap(True)
        item = QStandardItem(reason)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(reason, Qt.ItemDataRole.AccessibleTextRole)
        item.setSizeHint(QSize(0, self._edit.fontMetrics().lineSpacing() * 3 + 10))
        self._model.appendRow(item)
        self._open()

    def _open(self) -> None:
        rect = self._edit.rect()
        rect.setWidth(max(rect.width(), 560))
        self.complete(rect)


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
        nothing: Nothing = lambda _typed: "",
        browse: Browse | None = None,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._title, self._normalise = title, normalise
        self._value: str | None = None
        self.edit.setMaximumWidth(self.edit.fontMetrics().averageCharWidth() * 24)
        self.hits = HitList(self.edit, search, nothing)
        self.hits.activated[QModelIndex].connect(self._on_hit)  # type: ignore[index]
        self._browse = browse
        self.browse_button = button("", "book-open")
        self.browse_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes on to the words; the key is Ctrl+B
        self.browse_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if browse is not None:
            self.set_control(labelled(self.edit, self.browse_button))
            self.watch(self.edit)
            self.watch(self.browse_button)
            self.browse_button.clicked.connect(self.browse)
            shortcuts.bind(self, "browse", self.browse)

    def browse(self) -> None:
        """Let the person find the code by walking through the classification."""
        if self._browse is not None and not self.edit.isReadOnly():
            self._browse(self, self._normalise(self.edit.text()), self.take)

    def take(self, code: str) -> None:
        """Write a code that was chosen elsewhere, as if it had been typed."""
        self.edit.setText(code)
        self.on_typed()
        self.settle()
        self.edit.setFocus()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.browse_button.setEnabled(not read_only)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.browse_button.setText(t("Browse"))
        self.browse_button.setToolTip(t("Walk through chapters and blocks ({key})", key=shortcuts.native("browse")))
        self.browse_button.setAccessibleName(
            t("{question}: walk through the classification", question=self.label.text())
        )
        if self._value is not None:
            self.explain(self._value)  # the title in the other language

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
        self._value = str(value) if value else None
        if not value:
            self.set_remark(None)
            return
        title = self._title(str(value))
        self.set_remark(Text(NOT_LISTED) if title is None else Text(N_("{title}"), {"title": title}) if title else None)

    def _on_hit(self, index: QModelIndex) -> None:
        self.edit.setText(str(index.data(Qt.ItemDataRole.UserRole)))
        self.on_typed()
        self.settle()
