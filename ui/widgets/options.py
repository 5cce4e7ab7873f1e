"""A row of large targets of which one may be chosen, by click, arrow or key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import Translator
from ui import theme
from ui.widgets.field import Field, Words, accept, plain_words, say
from ui.widgets.flow import FlowLayout


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its value in the case file's form, its words, and the keys that choose it (may be none)."""

    value: Any
    words: Words
    key: str = ""


UNANSWERED: Final = object()
"""The value of the target "not examined": it looks empty, because the question is."""


class OptionButton(QPushButton):
    """A target of at least 40 pixels that hands keys to its row."""

    def __init__(self, row: "OptionRow", option: Option) -> None:
        super().__init__(row)
        self._row, self.option = row, option
        self.setCheckable(True)
        # A radio button to a screen reader; what is chosen is seen to by the row (its group is not exclusive).
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setMinimumSize(44, 40)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", "option" if option.value is not UNANSWERED else "unanswered")

    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setBold(True)  # as it will be once chosen
        more = QFontMetrics(bold).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint() + QSize(max(0, more), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._row.on_key(self, event):
            super().keyPressEvent(event)


class WordyButton(OptionButton):
    """A target whose words take as many lines as they need: legal wording doesn't get shorter at 150 %."""

    _MARGIN = 12

    def __init__(self, row: "OptionRow", option: Option) -> None:
        super().__init__(row, option)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - 2 * self._MARGIN), 10000)
        font = QFont(self.font())
        font.setBold(True)  # as it will be once chosen
        return QFontMetrics(font).boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height() + 18

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + 4 * self._MARGIN
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        colours = theme.current().colours
        ink = colours.text if self.isEnabled() or self.isChecked() else colours.muted
        painter.setPen(QColor(colours.on_accent if self.isChecked() and self.isEnabled() else ink))
        font = painter.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        room = self.rect().adjusted(self._MARGIN, 4, -self._MARGIN, -4)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self.text().replace("&&", "&"))


class OptionRow(QWidget):
    """Buttons in a flowing line (or one below the other). One is chosen, or none.

    Tab enters at the chosen answer, arrows move, a digit or letter chooses, Backspace takes the answer away.
    """

    chosen = Signal(object)
    cleared = Signal()
    passed = Signal()
    """Enter, where that does not choose."""
    choose_on_enter = True

    def __init__(self, *, vertical: bool = False, choose_on_arrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[OptionButton] = []
        self._vertical, self._choose_on_arrow = vertical, choose_on_arrow
        self._read_only = False
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._line: QLayout = QVBoxLayout(self) if vertical else FlowLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(4 if vertical else 6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_options(self, options: list[Option], t: Translator, *, about: str) -> None:
        """Replace the answers. `about` is the question, for a screen reader."""
        for button in self.buttons:
            button.setParent(None)
            button.deleteLater()
        self.buttons = []
        for option in options:
            button = WordyButton(self, option) if self._vertical else OptionButton(self, option)
            button.clicked.connect(lambda _checked=False, b=button: self._on_clicked(b))
            button.setEnabled(not self._read_only)
            self.buttons.append(button)
            self._group.addButton(button)
            self._line.addWidget(button)
            if self.isVisible():
                button.show()  # at once: a layout shows later, and what isn't shown takes no keyboard
        self.retranslate(t, about=about)
        self._order()

    def retranslate(self, t: Translator, *, about: str) -> None:
        for button in self.buttons:
            words = say(t, button.option.words)
            button.setText(words.replace("&", "&&"))
            button.setAccessibleName(f"{about}: {words}")

    def value_button(self) -> OptionButton | None:
        """The chosen button, if any."""
        return next((b for b in self.buttons if b.isChecked()), None)

    def show_value(self, value: Any, *, nothing: bool = False) -> None:
        """Check the button with this value; `nothing` unchecks all. Emits nothing."""
        for button in self.buttons:
            button.setChecked(not nothing and same(button.option.value, value))
        self._order()

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        for button in self.buttons:
            button.setEnabled(not read_only)

    def entry(self) -> OptionButton:
        """Where the keyboard comes in."""
        return self.value_button() or self.buttons[0]

    def _order(self) -> None:
        entry = self.entry() if self.buttons else None
        for button in self.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button is entry else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, button: OptionButton) -> None:
        for other in self.buttons:
            other.setChecked(other is button)
        self._order()
        self.chosen.emit(button.option.value)

    def choose(self, button: OptionButton) -> None:
        """As a click does, with the keyboard going along."""
        button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._on_clicked(button)

    def on_key(self, button: OptionButton, event: QKeyEvent) -> bool:
        """True where the key was one of ours."""
        if self._read_only or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        place = self.buttons.index(button)
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                return self._go(min(place + 1, len(self.buttons) - 1))
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                return self._go(max(place - 1, 0))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.choose_on_enter:
                    self.choose(button)
                else:
                    self.passed.emit()
                return True
            case Qt.Key.Key_Backspace | Qt.Key.Key_Delete:
                self.cleared.emit()
                return True
        typed = event.text().lower()
        target = next((b for b in self.buttons if typed and typed in b.option.key), None)
        if target is not None:
            self.choose(target)
        return target is not None

    def _go(self, place: int) -> bool:
        target = self.buttons[place]
        if self._choose_on_arrow:
            self.choose(target)
        else:
            target.setFocus(Qt.FocusReason.TabFocusReason)
        return True


def same(left: Any, right: Any) -> bool:
    """Equal, and of one kind: 0 isn't False, and 1 isn't True."""
    return left is right or (type(left) is type(right) and bool(left == right))


def chosen_words(t: Translator, options: Sequence[Option], value: Any) -> str:
    """The words of the answer with this value; a value that isn't among them is shown as it is."""
    known = next((option for option in options if same(option.value, value)), None)
    return plain_words(t, value) if known is None else say(t, known.words)


class ChoiceField(Field):
    """One of a few answers, each in plain sight. Nothing is chosen until somebody chooses; Backspace unchooses."""

    def __init__(
        self,
        path: str,
        label: Words,
        options: list[Option],
        *,
        hint: Words = "",
        check: Any = accept,
        vertical: bool = False,
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._options = options
        self.row = OptionRow(vertical=vertical)
        self.row.chosen.connect(self.offer)
        self.row.cleared.connect(self._on_cleared)
        self._value: Any = None
        self._known = False
        self.set_control(self.row)

    def set_options(self, options: list[Option]) -> None:
        """Other answers, for instance another age's; what is stored stays chosen if it is among them."""
        if options == self._options and self.row.buttons:
            return
        self._options = options
        if self.t is not None:
            self._fill(self.t)

    def _fill(self, t: Translator) -> None:
        self.row.set_options(self._options, t, about=self.label.text())
        for button in self.row.buttons:
            self.watch(button)
        self.rebuilt.emit()
        self.row.show_value(self._value, nothing=self._value is None)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        if self.row.buttons:
            self.row.retranslate(t, about=self.label.text())
        else:
            self._fill(t)

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = value
        self.row.show_value(value, nothing=value is None)

    def offer(self, value: object) -> bool:
        self._value = value
        return super().offer(value)

    def _on_cleared(self) -> None:
        self.row.show_value(None, nothing=True)
        self.offer(None)

    def set_read_only(self, read_only: bool) -> None:
        self.row.set_read_only(read_only)

    def focus_widget(self) -> QWidget:
        return self.row.entry() if self.row.buttons else self.row

    def is_empty(self) -> bool:
        return self._value is None

    def words_of(self, t: Translator, value: Any) -> str:
        return chosen_words(t, self._options, value)
