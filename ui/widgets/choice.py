"""Answers from a longer list, and several answers at once."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from app.domain.text import N_
from app.i18n import Translator
from ui.widgets.field import Field, Words, accept, say
from ui.widgets.flow import FlowLayout
from ui.widgets.options import Option, chosen_words, same
from ui.widgets.tick_box import TickBox
from ui.widgets.whole_list import AROUND, WholeList

NOT_GIVEN = N_("not given")


class Combo(WholeList):
    """A list that opens whole; the mouse wheel, passing over it, neither changes it nor gives it the keyboard.

    On Linux Qt gives what is chosen for its name; how it is called is told by a label beside it, so one that nobody
    sees is made where none stands there.

    As wide as a number of letters, whatever it lists. Qt has a policy of the same effect, but makes the list itself
    when that is set: a fifth of a frame each.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.installEventFilter(self)
        self._called: QLabel | None = None
        self.currentTextChanged.connect(lambda _text: self._call())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._call()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._call()
        super().focusInEvent(event)

    def _call(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        if self._called is None or self._called.parentWidget() is not parent:
            labels = parent.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if any(label.buddy() is self and label is not self._called for label in labels):
                return
            self._called = QLabel(parent)
            self._called.setBuddy(self)
            self._called.hide()
        self._called.setText(self.accessibleName())

    def sizeHint(self) -> QSize:
        letters, icon = self.minimumContentsLength() * self.fontMetrics().horizontalAdvance("X"), self.iconSize()
        inside = QSize(letters + icon.width() + 4, max(self.fontMetrics().height(), 14, icon.height()) + 2)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, inside, self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        # What is chosen ends in "…" where it has no room, not in the middle of a letter.
        super().initStyleOption(option)
        if not self.isEditable():
            room = self.width() - AROUND
            option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class ComboField(Field):
    """One answer of a list that is too long for a row. The first line is "not given"."""

    def __init__(
        self,
        path: str,
        label: Words,
        options: Sequence[Option],
        *,
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._options = list(options)
        self._value: Any = None
        self.combo = Combo()
        self.combo.activated.connect(self._on_activated)
        self.set_control(self.combo)
        self.label.setBuddy(self.combo)

    def set_options(self, options: Sequence[Option]) -> None:
        """Other answers; what is stored stays shown if it is among them."""
        if list(options) != self._options:
            self._options = list(options)
            if self.t is not None:
                self._fill(self.t)

    def _fill(self, t: Translator) -> None:
        self.combo.clear()
        self.combo.addItem(t(NOT_GIVEN))
        self.combo.addItems([say(t, option.words) for option in self._options])
        self._select()

    def _select(self) -> None:
        place = next((i for i, option in enumerate(self._options, 1) if same(option.value, self._value)), 0)
        self.combo.setCurrentIndex(place)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.combo.setAccessibleName(self.label.text())
        self._fill(t)

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = value
        self._select()

    def _on_activated(self, place: int) -> None:
        self._value = self._options[place - 1].value if place else None
        self.offer(self._value)

    def set_read_only(self, read_only: bool) -> None:
        self.combo.setEnabled(not read_only)

    def focus_widget(self) -> QWidget:
        return self.combo

    def is_empty(self) -> bool:
        return self._value is None

    def words_of(self, t: Translator, value: Any) -> str:
        return chosen_words(t, self._options, value)


class SeveralField(Field):
    """Several answers of a short list. None ticked is not given."""

    def __init__(
        self,
        path: str,
        label: Words,
        options: Sequence[Option],
        *,
        hint: Words = "",
        check: Callable[[object], object] = accept,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._options = list(options)
        self.boxes: list[TickBox] = []
        holder = QWidget()
        line = FlowLayout(holder, spacing=12)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        for _option in self._options:
            box = TickBox()
            box.clicked.connect(self._on_clicked)
            line.addWidget(box)
            self.boxes.append(box)
        self.set_control(holder)
        for box in self.boxes:
            self.watch(box)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        for box, option in zip(self.boxes, self._options, strict=True):
            words = say(t, option.words)
            box.set_words(words)
            box.setAccessibleName(f"{self.label.text()}: {words}")

    def show_value(self, value: Any, text: str | None = None) -> None:
        chosen = value if isinstance(value, list) else []
        for box, option in zip(self.boxes, self._options, strict=True):
            box.setChecked(option.value in chosen)

    def _on_clicked(self) -> None:
        chosen = [o.value for box, o in zip(self.boxes, self._options, strict=True) if box.isChecked()]
        self.offer(chosen or None)

    def set_read_only(self, read_only: bool) -> None:
        for box in self.boxes:
            box.setEnabled(not read_only)

    def focus_widget(self) -> QWidget:
        return self.boxes[0]

    def is_empty(self) -> bool:
        return not any(box.isChecked() for box in self.boxes)

    def words_of(self, t: Translator, value: Any) -> str:
        if not isinstance(value, list) or not value:
            return super().words_of(t, value)
        return "; ".join(chosen_words(t, self._options, item) for item in value)
