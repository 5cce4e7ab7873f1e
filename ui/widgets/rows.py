"""Lists that a person edits row by row: the commission, accompanying diagnoses, complications."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.i18n import Translator
from ui import shortcuts
from ui.widgets.choice import Combo
from ui.widgets.code_search import Browse, HitList, Normalise, Nothing, Search, Title
from ui.widgets.field import PAUSE_MS, Field, Words, accept, plain_words, say
from ui.widgets.flow import FlowLayout
from ui.widgets.options import Option
from ui.widgets.parts import button


class Row(QWidget):
    """One item of the list, with a button that takes it out."""

    changed = Signal()
    left = Signal()
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(8)
        self.remove_button = QPushButton()
        self.remove_button.setProperty("kind", "quiet")
        self.remove_button.clicked.connect(lambda: self.removed.emit(self))

    def value(self) -> dict[str, Any] | None:
        """The item; None while nothing is written in it."""
        raise NotImplementedError

    def show_value(self, value: dict[str, Any]) -> None:
        raise NotImplementedError

    def set_read_only(self, read_only: bool) -> None:
        raise NotImplementedError

    def entry(self) -> QWidget:
        """Where the keyboard comes in."""
        raise NotImplementedError

    def words_of(self, t: Translator, value: dict[str, Any]) -> str:
        """An item of the list in one line, for a sentence about it."""
        return plain_words(t, value)

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        self.remove_button.setText("✕")
        self.remove_button.setToolTip(t("Take this row out"))
        self.remove_button.setAccessibleName(t("{question}, row {n}: take out", question=about, n=number))


class RowsField(Field):
    """A question answered by a list of rows. `[]` is an answer, given by "none"; nothing at all is not one."""

    def __init__(
        self,
        path: str,
        label: Words,
        *,
        make_row: Callable[[], Row],
        add: Words,
        none: Words = "",
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._make_row, self._add_words, self._none_words = make_row, add, none
        self.rows: list[Row] = []
        self._value: list[Any] | None = None
        self._read_only = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self._take(final=False))
        self._holder = QWidget()
        self._stack = QVBoxLayout(self._holder)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(4)
        self.add_button = QPushButton()
        self.add_button.clicked.connect(self._on_add)
        self.none_button = QPushButton()
        self.none_button.setProperty("kind", "option")
        self.none_button.setCheckable(True)
        self.none_button.clicked.connect(self._on_none)
        buttons = QWidget()
        line = FlowLayout(buttons)
        line.addWidget(self.add_button)
        line.addWidget(self.none_button)
        self.set_control(self._holder, buttons)
        self.watch(self.add_button)
        self.watch(self.none_button)
        self._holder.setVisible(False)
        self.none_button.setVisible(bool(none))

    def add_row(self, value: dict[str, Any] | None = None) -> Row:
        """One more row at the end."""
        row = self._make_row()
        row.line.addWidget(row.remove_button)
        row.changed.connect(self._pause.start)
        row.left.connect(self.settle)
        row.removed.connect(self._on_removed)
        for part in row.findChildren(QWidget):
            self.watch(part)
        if value is not None:
            row.show_value(value)
        row.set_read_only(self._read_only)
        row.remove_button.setEnabled(not self._read_only)
        self.rows.append(row)
        self._stack.addWidget(row)
        row.show()
        self._holder.setVisible(True)
        if self.t is not None:
            row.retranslate(self.t, about=self.label.text(), number=len(self.rows))
        self.rebuilt.emit()
        return row

    def _drop(self, row: Row) -> None:
        self.rows.remove(row)
        row.setParent(None)
        row.deleteLater()
        self._holder.setVisible(bool(self.rows))

    def values(self) -> list[Any]:
        """What the rows hold; empty rows hold nothing."""
        return [value for row in self.rows if (value := row.value()) is not None]

    def show_value(self, value: Any, text: str | None = None) -> None:
        items = value if isinstance(value, list) else None
        self._value = items
        self.none_button.setChecked(items == [])
        if items is not None and items == self.values():
            return
        for row in list(self.rows):
            self._drop(row)
        for item in items or []:
            self.add_row(item)

    def _on_add(self) -> None:
        self.none_button.setChecked(False)
        self.add_row().entry().setFocus()

    def _on_none(self) -> None:
        for row in list(self.rows):
            self._drop(row)
        self._value = [] if self.none_button.isChecked() else None
        self.offer(self._value)

    def _on_removed(self, row: Row) -> None:
        place = self.rows.index(row)
        self._drop(row)
        following = self.rows[min(place, len(self.rows) - 1)].entry() if self.rows else self.add_button
        following.setFocus()
        self._take(final=True)

    def settle(self) -> None:
        self._take(final=True)

    def _take(self, *, final: bool) -> None:
        self._pause.stop()
        values: list[Any] | None = self.values()
        if not values:
            values = self._value if self._value == [] else None
        if values == self._value:
            return
        before, self._value = self._value, values
        self.none_button.setChecked(values == [])
        if not self.offer(values):
            self._value = before
            if not final:
                self.set_error(None)  # a row half written isn't wrong yet

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.add_button.setText(say(t, self._add_words))
        self.add_button.setAccessibleName(self.add_button.text())
        self.none_button.setText(say(t, self._none_words) if self._none_words else "")
        self.none_button.setAccessibleName(f"{self.label.text()}: {self.none_button.text()}")
        for number, row in enumerate(self.rows, 1):
            row.retranslate(t, about=self.label.text(), number=number)

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.add_button.setVisible(not read_only)
        self.none_button.setEnabled(not read_only)
        for row in self.rows:
            row.set_read_only(read_only)
            row.remove_button.setVisible(not read_only)

    def focus_widget(self) -> QWidget:
        return self.rows[0].entry() if self.rows else self.add_button

    def is_empty(self) -> bool:
        return self._value is None

    def words_of(self, t: Translator, value: Any) -> str:
        if not isinstance(value, list) or not value:
            return super().words_of(t, value)
        row = self._make_row()
        words = "; ".join(row.words_of(t, item) for item in value)
        row.deleteLater()
        return words


class Names(QCompleter):
    """Known names below a line while one is typed. Enter takes the only one that is left, as it takes a chosen one."""

    taken = Signal()

    def __init__(self, names: Sequence[str], line: QLineEdit) -> None:
        super().__init__(list(names), line)
        self._line = line
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.activated.connect(lambda _text: self.taken.emit())
        line.setCompleter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        popup = self.popup()
        enter = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        alone = self.completionCount() == 1 and popup is not None and not popup.currentIndex().isValid()
        if popup is not None and watched is popup and enter and event.type() == QEvent.Type.KeyPress and alone:
            self.setCurrentRow(0)
            popup.hide()
            self._line.setText(self.currentCompletion())
            self.taken.emit()
            return True
        return super().eventFilter(watched, event)


class NameRow(Row):
    """A member of the commission: name and role."""

    def __init__(self, roles: Sequence[Option], names: Sequence[str]) -> None:
        super().__init__()
        self._roles = list(roles)
        self.name = QLineEdit()
        Names(names, self.name).taken.connect(self.left)
        self.role = Combo()
        self.role.setMinimumContentsLength(10)
        self.line.addWidget(self.name, 3)
        self.line.addWidget(self.role, 2)
        self.name.textEdited.connect(lambda _text: self.changed.emit())
        self.name.editingFinished.connect(self.left.emit)
        self.role.activated.connect(lambda _place: self.left.emit())

    def value(self) -> dict[str, Any] | None:
        name = self.name.text().strip()
        return {"name": name, "role": self._roles[max(0, self.role.currentIndex())].value} if name else None

    def show_value(self, value: dict[str, Any]) -> None:
        self.name.setText(str(value.get("name") or ""))
        if not self.name.hasFocus():
            self.name.setCursorPosition(0)  # a long name shows its beginning
        self._wanted = value.get("role")
        self._select()

    _wanted: Any = None

    def _select(self) -> None:
        values = [str(option.value) for option in self._roles]
        if self._wanted is not None and str(self._wanted) in values and self.role.count():
            self.role.setCurrentIndex(values.index(str(self._wanted)))

    def set_read_only(self, read_only: bool) -> None:
        self.name.setReadOnly(read_only)
        self.role.setEnabled(not read_only)

    def entry(self) -> QWidget:
        return self.name

    def words_of(self, t: Translator, value: dict[str, Any]) -> str:
        role = next((say(t, option.words) for option in self._roles if option.value == value.get("role")), "")
        return ", ".join(part for part in (str(value.get("name") or ""), role) if part)

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        place = self.role.currentIndex()
        self.role.clear()
        self.role.addItems([say(t, option.words) for option in self._roles])
        if place >= 0:
            self.role.setCurrentIndex(place)
        elif self._wanted is not None:
            self._select()
        else:
            self.role.setCurrentIndex(0 if number == 1 else len(self._roles) - 1)
        self.name.setPlaceholderText(t("Surname, name, patronymic"))
        self.name.setAccessibleName(t("{question}, row {n}: name", question=about, n=number))
        self.role.setAccessibleName(t("{question}, row {n}: role", question=about, n=number))


class PlainRow(Row):
    """A name alone."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.name = QLineEdit()
        Names(names, self.name).taken.connect(self.left)
        self.line.addWidget(self.name, 1)
        self.name.textEdited.connect(lambda _text: self.changed.emit())
        self.name.editingFinished.connect(self.left.emit)

    def value(self) -> Any:
        return self.name.text().strip() or None

    def show_value(self, value: Any) -> None:
        self.name.setText(str(value))
        self.name.setCursorPosition(0)

    def set_read_only(self, read_only: bool) -> None:
        self.name.setReadOnly(read_only)

    def entry(self) -> QWidget:
        return self.name

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        self.name.setPlaceholderText(t("Surname, name, patronymic"))
        self.name.setAccessibleName(t("{question}, row {n}: name", question=about, n=number))


class CodeRow(Row):
    """A diagnosis: code and words."""

    def __init__(
        self,
        search: Search,
        title: Title,
        normalise: Normalise,
        nothing: Nothing = lambda _typed: "",
        browse: Browse | None = None,
    ) -> None:
        super().__init__()
        self._title, self._normalise = title, normalise
        self.code = QLineEdit()
        self.code.setMaximumWidth(self.code.fontMetrics().averageCharWidth() * 16)
        self.code.setMinimumWidth(self.code.fontMetrics().averageCharWidth() * 12)
        self.hits = HitList(self.code, search, nothing)
        self.hits.activated.connect(lambda _chosen: self._on_code())
        self.words = QLineEdit()
        self._browse = browse
        self.browse_button = button("", "book-open", alone=True)
        self.browse_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes on to the words; the key is Ctrl+B
        self.browse_button.clicked.connect(self.browse)
        self.line.addWidget(self.code)
        if browse is not None:
            self.line.addWidget(self.browse_button)
            shortcuts.bind(self, "browse", self.browse)
        self.line.addWidget(self.words, 1)
        for edit in (self.code, self.words):
            edit.textEdited.connect(lambda _text: self.changed.emit())
        self.code.editingFinished.connect(self._on_code)
        self.words.editingFinished.connect(self.left.emit)

    def _on_code(self) -> None:
        self.code.setText(self._normalise(self.code.text()))
        self._explain()
        self.left.emit()

    def browse(self) -> None:
        """Let the person find the code by walking through the classification."""
        if self._browse is not None and not self.code.isReadOnly():
            self._browse(self, self._normalise(self.code.text()), self._take)

    def _take(self, code: str) -> None:
        self.code.setText(code)
        self._on_code()
        self.words.setFocus()

    def _explain(self) -> None:
        title = self._title(self.code.text().strip()) if self.code.text().strip() else None
        self.code.setToolTip(title or "")

    def value(self) -> dict[str, Any] | None:
        code, words = self._normalise(self.code.text()), self.words.text().strip()
        return {"icd10": code or None, "text": words or None} if code or words else None

    def show_value(self, value: dict[str, Any]) -> None:
        self.code.setText(str(value.get("icd10") or ""))
        self.words.setText(str(value.get("text") or ""))
        self._explain()

    def set_read_only(self, read_only: bool) -> None:
        self.code.setReadOnly(read_only)
        self.words.setReadOnly(read_only)
        self.browse_button.setEnabled(not read_only)

    def entry(self) -> QWidget:
        return self.code

    def retranslate(self, t: Translator, *, about: str, number: int) -> None:
        super().retranslate(t, about=about, number=number)
        self.code.setPlaceholderText(t("Code"))
        self.browse_button.setToolTip(t("Walk through chapters and blocks ({key})", key=shortcuts.native("browse")))
        self.browse_button.setAccessibleName(
            t("{question}, row {n}: walk through the classification", question=about, n=number)
        )
        self.words.setPlaceholderText(t("The diagnosis in words"))
        self.code.setAccessibleName(t("{question}, row {n}: code", question=about, n=number))
        self.words.setAccessibleName(t("{question}, row {n}: diagnosis in words", question=about, n=number))
