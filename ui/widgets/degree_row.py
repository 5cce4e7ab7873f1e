"""One degree of a disorder or a limitation: large targets, and the law's definition beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.text import N_
from app.i18n import Translator
from ui import theme
from ui.widgets.digits import DIGIT_KEYS
from ui.widgets.field import Field, Words, accept, say
from ui.widgets.options import UNANSWERED, Option, OptionRow, same

NOT_APPLICABLE: Final = "n/a"

_NOT_APPLICABLE_KEYS: Final = "nт"
_DOT: Final = " · "


@dataclass(frozen=True, slots=True)
class Degree:
    """One degree in words: its name, its definition for the person's age band, and where the law says so."""

    value: int | str
    name: Words
    definition: Words
    source: Words


class TwoLines(QWidget):
    """A sentence on two lines at most, the second set under the words of the first and shortened with an ellipsis;
    whole as a tool tip and for a screen reader."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._broken: dict[int, tuple[str, ...]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_text(self, text: str) -> None:
        """Show this sentence; what stands before its first “ · ” hangs out on the left."""
        if text != self._text:
            self._text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self._forget()

    def text(self) -> str:
        return self._text

    def lines(self, width: int) -> tuple[str, ...]:
        """What stands on each line at this width."""
        if width not in self._broken:
            first = self._first(width)
            rest = self._text[len(first) :].strip()
            shown = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, width - self._indent())
            self._broken[width] = (first.rstrip(), shown) if rest else (first,)
        return self._broken[width]

    def heightForWidth(self, width: int) -> int:
        return self.fontMetrics().lineSpacing() * len(self.lines(width)) + 2

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 40, self.fontMetrics().lineSpacing() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 12, self.fontMetrics().lineSpacing() + 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().colours.muted))
        metrics, indent = self.fontMetrics(), 0
        for at, line in enumerate(self.lines(self.width())):
            painter.drawText(indent, 1 + metrics.ascent() + at * metrics.lineSpacing(), line)
            indent = self._indent()

    def _forget(self) -> None:
        self._broken = {}
        self.updateGeometry()
        self.update()

    def _indent(self) -> int:
        before, dot, _after = self._text.partition(_DOT)
        return self.fontMetrics().horizontalAdvance(before + dot) if dot else 0

    def _first(self, width: int) -> str:
        layout = QTextLayout(self._text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width)
        layout.endLayout()
        return self._text[: line.textLength()] if line.isValid() else self._text


class DegreeRow(Field):
    """`not examined · 0 · 1 · 2 · 3 (· 4) (· does not apply)`.

    Digits choose, `n` says that it doesn't apply, Backspace takes the answer away. "Not examined" has a dashed
    outline and no fill; every answer, 0 too, is filled.
    """

    def __init__(self, path: str, label: Words, *, check: Callable[[object], object] = accept) -> None:
        super().__init__(path, label, check=check)
        self.setProperty("role", "question")
        self._degrees: tuple[Degree, ...] = ()
        self._may_not_apply = False
        self._value: Any = None
        # From the outside inwards: Qt styles everything anew that is put into another widget later.
        self._side = QWidget(self)
        self.column.insertWidget(1, self._side)
        self.row, words = OptionRow(choose_on_arrow=True, parent=self._side), QWidget(self._side)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._side)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(12)
        self._line.addWidget(self.row, 1)
        self._line.addWidget(words, 1)
        self.row.chosen.connect(self._on_chosen)
        self.row.cleared.connect(lambda: self._on_chosen(UNANSWERED))
        self.definition = QLabel(words)
        self.definition.setWordWrap(True)
        self.above, self.after = [TwoLines(words) for _ in range(5)], TwoLines(words)
        self.source_button = QPushButton(words)
        self.source_button.setCheckable(True)
        self.source_button.setProperty("kind", "link")
        self.source_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from degree to degree
        self.source = QLabel(words)
        self.source.setWordWrap(True)
        self.source.setProperty("role", "hint")
        self.source.setVisible(False)
        self.source_button.toggled.connect(self.source.setVisible)
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (*self.above, self.definition, self.after):
            column.addWidget(part)
        column.addWidget(self.source_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.source)
        column.addStretch()
        self.column.setContentsMargins(0, 4, 0, 10)

    def set_degrees(self, degrees: Sequence[Degree], *, may_not_apply: bool) -> None:
        """Which degrees there are and what they mean at the person's age."""
        if tuple(degrees) == self._degrees and may_not_apply == self._may_not_apply:
            return
        self._degrees, self._may_not_apply = tuple(degrees), may_not_apply
        if self.t is not None:
            self._fill(self.t)

    def _fill(self, t: Translator) -> None:
        options = [Option(UNANSWERED, N_("not examined"))]
        options += [
            Option(d.value, str(d.value), DIGIT_KEYS.get(d.value, "") if isinstance(d.value, int) else "")
            for d in self._degrees
        ]
        if self._may_not_apply:
            options.append(Option(NOT_APPLICABLE, N_("does not apply"), _NOT_APPLICABLE_KEYS))
        self.row.set_options(options, t, about=self.label.text())
        for button in self.row.buttons:
            self.watch(button)
            degree = next((d for d in self._degrees if same(d.value, button.option.value)), None)
            if degree is not None:
                name = say(t, degree.name)
                button.setAccessibleName(f"{self.label.text()}: {degree.value}, {name}")
                button.setToolTip(f"{name}. {say(t, degree.definition)}")
        self.rebuilt.emit()
        self._show()

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.source_button.setText(t("Source"))
        self.source_button.setToolTip(t("Show where the law defines this degree"))
        self.source_button.setAccessibleName(t("{question}: source", question=self.label.text()))
        self._fill(t)

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._value = value
        self._show()

    def _on_chosen(self, value: object) -> None:
        self._value = None if value is UNANSWERED else value
        self._show()
        self.offer(self._value)

    def _show(self) -> None:
        if self.t is None:
            return
        self.row.show_value(UNANSWERED if self._value is None else self._value)
        place = next((i for i, d in enumerate(self._degrees) if same(d.value, self._value)), None)
        chosen = None if place is None else self._degrees[place]
        self.source_button.setVisible(chosen is not None)
        self.source.setVisible(chosen is not None and self.source_button.isChecked())
        around: list[Degree | None] = [None] * 5
        if chosen is not None and place is not None:
            self.definition.setText(self._sentence(chosen))
            self.source.setText(say(self.t, chosen.source))
            around[0] = self._degrees[place - 1] if place else None
        elif self._value == NOT_APPLICABLE:
            self.definition.setText(self.t("Does not apply to this person."))
        else:
            self.definition.clear()
            around[: len(self._degrees)] = self._degrees  # nothing chosen: what there is to choose from
        self.definition.setVisible(bool(self.definition.text()))
        for line, degree in zip(self.above, around, strict=False):
            self._line_text(line, degree)
        following = None if place is None or place + 1 >= len(self._degrees) else self._degrees[place + 1]
        self._line_text(self.after, following)

    def _sentence(self, degree: Degree) -> str:
        if self.t is None:
            return ""
        name, definition = say(self.t, degree.name), say(self.t, degree.definition)
        if definition.startswith(name):
            return f"{degree.value}{_DOT}{definition}"
        return f"{degree.value}{_DOT}{name}" + (f": {definition}" if definition else "")

    def _line_text(self, line: TwoLines, degree: Degree | None) -> None:
        line.setVisible(degree is not None)
        if degree is not None:
            line.set_text(self._sentence(degree))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self.fontMetrics().averageCharWidth() * 90
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._line.direction() != direction:
            self._line.setDirection(direction)

    def set_read_only(self, read_only: bool) -> None:
        self.row.set_read_only(read_only)

    def focus_widget(self) -> QWidget:
        return self.row.entry() if self.row.buttons else self.row

    def is_empty(self) -> bool:
        return self._value is None

    def words_of(self, t: Translator, value: Any) -> str:
        if value == NOT_APPLICABLE:
            return t("does not apply")
        known = next((degree for degree in self._degrees if same(degree.value, value)), None)
        if known is None:
            return t("not examined") if value is None else super().words_of(t, value)
        return t("{degree}, {name}", degree=known.value, name=say(t, known.name))
