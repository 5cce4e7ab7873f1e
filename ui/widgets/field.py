"""What every question of a form has: a label above, a hint, the control, and an error below in words."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.text import LocalText, Text
from app.i18n import Translator
from ui.theme import restyle
from ui.widgets.parts import set_shown

Words = Text | LocalText | str
"""What a widget may be labelled with: a sentence, a legal wording, or a message id of the catalogue."""

_LINES = ("remark", "hint", "error")
"""The lines below a field, in their order."""

PAUSE_MS = 600
"""A pause in typing after which what stands there is saved. Shorter writes too often, longer loses more."""


def say(t: Translator, words: Words) -> str:
    """The words in the translator's language."""
    return t(words) if isinstance(words, str) else t.show(words)


def accept(value: object) -> object:
    """The check of a field that takes every value."""
    return value


class Field(QFrame):
    """One question. Knows a path and how its value looks; what is a right value is told by `check`.

    `committed(path, value)` carries a value that passed the check, in the form of the case file;
    `unfinished(path, text)` carries text that isn't a value (yet), so that nothing typed is lost.
    `check` takes a value and returns it in its normal form, or raises UserError.
    """

    committed = Signal(str, object)
    unfinished = Signal(str, str)
    entered = Signal(str)
    rebuilt = Signal()
    """Its controls are other ones than before: Tab has to learn their order."""

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept
    ) -> None:
        super().__init__()
        self.path, self.label_words, self.hint_words, self.check = path, label, hint, check
        self.t: Translator | None = None
        self.error_text: Text | None = None
        self.notices: tuple[Text | LocalText, ...] = ()
        self.remark_text: Text | None = None
        self._hint_said = ""
        self.setObjectName("field")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.label = QLabel(self)
        self.label.setProperty("role", "label")
        self.label.setWordWrap(True)
        # Label above, the rest below: fields side by side stand in one line whatever is said about them.
        self.column.addWidget(self.label)
        self._below = QVBoxLayout()
        self._below.setSpacing(4)
        self.column.addLayout(self._below)

    # Most fields have nothing to say: their lines are made when there is something to be said. A case has a hundred
    # fields, and each of their parts costs a fiftieth of a frame.
    @cached_property
    def remark(self) -> QLabel:
        """The line for what is worth knowing."""
        return self._message("remark", "hint")

    @cached_property
    def hint(self) -> QLabel:
        """The line that says how to answer."""
        return self._message("hint", "hint")

    @cached_property
    def error(self) -> QLabel:
        """The line for what is wrong."""
        return self._message("error", "error")

    def _message(self, name: str, role: str) -> QLabel:
        made = QLabel(self)
        made.setProperty("role", role)
        made.setWordWrap(True)
        made.setVisible(False)
        self._below.insertWidget(sum(other in self.__dict__ for other in _LINES[: _LINES.index(name)]), made)
        return made

    def _say(self, name: str, words: str) -> None:
        """Show the words in one of the lines below, or take the line away."""
        if words or name in self.__dict__:
            line: QLabel = getattr(self, name)
            line.setText(words)
            line.setVisible(bool(words))

    # --- what a subclass gives -------------------------------------------------------------------------------
    def show_value(self, value: Any, text: str | None = None) -> None:
        """Show a stored value, or the unfinished text that was kept instead of one. Emits nothing."""
        raise NotImplementedError

    def set_read_only(self, read_only: bool) -> None:
        """Show without letting change."""
        raise NotImplementedError

    def focus_widget(self) -> QWidget:
        """Where the keyboard goes when somebody jumps to this question."""
        raise NotImplementedError

    def settle(self) -> None:
        """Take in now what is being typed. A field without typing has nothing to take."""

    def recheck(self) -> None:
        """Say again what is wrong with the unfinished text that is shown."""

    def is_empty(self) -> bool:
        """Whether the question is unanswered: looks empty, and is."""
        raise NotImplementedError

    def words_of(self, t: Translator, value: Any) -> str:
        """A value as the field would show it, for a sentence about it."""
        return plain_words(t, value)

    def setVisible(self, visible: bool) -> None:
        set_shown(self, visible)  # pages ask for it at each change, many fields at a time

    # --- what every field does -------------------------------------------------------------------------------
    def set_control(self, *controls: QWidget) -> None:
        """Put the control below the label, and watch its focus."""
        for place, control in enumerate(controls):
            self.column.insertWidget(1 + place, control)
            self.watch(control)

    def watch(self, control: QWidget) -> None:
        """Tell when the keyboard arrives at a control of this field."""
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.path)
        elif event.type() == QEvent.Type.ShortcutOverride and _has_nothing_to_undo(watched, event):
            event.ignore()  # a line without typing would keep the key to itself: the case has something to take back
            return True
        return super().eventFilter(watched, event)

    def retranslate(self, t: Translator) -> None:
        """Every word again in another language; what is typed stays."""
        self.t = t
        words = say(t, self.label_words)
        self.label.setText(words[:1].upper() + words[1:])  # legal wording begins with a small letter
        self._hint_said = say(t, self.hint_words) if self.hint_words else ""
        self._say("hint", self._hint_said)
        self.setAccessibleName(self.label.text())
        self._show_messages()

    def set_error(self, error: Text | None) -> None:
        """The sentence below the field: what is wrong, what to do. None takes it away."""
        if error != self.error_text:
            self.error_text = error
            self._show_messages()

    def set_notices(self, notices: tuple[Text | LocalText, ...]) -> None:
        """What contradicts between this field and others; shown below it until it doesn't any more."""
        if notices != self.notices:
            self.notices = notices
            self._show_messages()

    def set_remark(self, remark: Text | None) -> None:
        """Something worth knowing that isn't an error."""
        if remark != self.remark_text:
            self.remark_text = remark
            self._show_messages()

    def _show_messages(self) -> None:
        if self.t is None:
            return
        errors = ([self.error_text] if self.error_text else []) + list(self.notices)
        wrong = "\n".join(dict.fromkeys("⚠ " + self._said(self.t, error) for error in errors))
        self._say("error", wrong)
        remark = self.t.show(self.remark_text) if self.remark_text else ""
        remark = remark[:1].upper() + remark[1:]
        self._say("remark", remark)
        self._mark(bool(errors))
        self.setAccessibleDescription(". ".join(said for said in (self._hint_said, wrong, remark) if said))

    def _said(self, t: Translator, text: Text | LocalText) -> str:
        # Sentences of the case file begin with the path; below its own field that is noise.
        sentence = t.show(text).removeprefix(f"{self.path}: ")
        return sentence[:1].upper() + sentence[1:]

    def _mark(self, wrong: bool) -> None:
        control = self.focus_widget()
        if bool(control.property("invalid")) != wrong:
            control.setProperty("invalid", wrong)
            restyle(control)

    def offer(self, value: object) -> bool:
        """Check a finished choice and hand it on; the error stands below if it is refused."""
        try:
            checked = self.check(value)
        except UserError as error:
            self.set_error(error.text)
            return False
        self.set_error(None)
        self.committed.emit(self.path, checked)
        return True


def plain_words(t: Translator, value: Any) -> str:
    """A value of the case file in words: nothing, yes and no, a day, what a list holds."""
    if value is None or value == "":
        return t("not given")
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if value == []:
        return t("none")
    if isinstance(value, list):
        return "; ".join(plain_words(t, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(plain_words(t, inner) for inner in value.values() if inner not in (None, ""))
    day = parse_iso(value) if isinstance(value, str) else None
    return t.show(day) if day is not None else str(value)


class TypedField(Field):
    """A question answered by typing: saved on Enter, on leaving, and after a pause; never lost between."""

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept
    ) -> None:
        super().__init__(path, label, hint=hint, check=check)
        self._settled: str = ""
        self._final = True
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self._take(final=False))

    def text(self) -> str:
        """What stands in the control."""
        raise NotImplementedError

    def parse(self, text: str) -> object:
        """The value that the text means; None for nothing. UserError where it can't be one."""
        return text.strip() or None

    def on_typed(self) -> None:
        """Called by the control at each change by the user."""
        self._final = False
        self._pause.start()

    def settle(self) -> None:
        self._take(final=True)

    def recheck(self) -> None:
        try:
            self.check(self.parse(self.text()))
        except UserError as error:
            self.set_error(error.text)

    def is_empty(self) -> bool:
        return not self.text().strip()

    def mark_settled(self) -> None:
        """What stands there now is what is stored."""
        self._settled, self._final = self.text(), True
        self._pause.stop()

    def tidy(self, value: object) -> None:
        """Write the value in its usual form once the user has left the field."""

    def _take(self, *, final: bool) -> None:
        self._pause.stop()
        text = self.text()
        if text == self._settled and (self._final or not final):
            return
        changed, self._settled = text != self._settled, text
        self._final = final
        try:
            value = self.check(self.parse(text))
        except UserError as error:
            if final:
                self.set_error(error.text)
            if changed:
                self.unfinished.emit(self.path, text)
            return
        self.set_error(None)
        if changed:
            self.committed.emit(self.path, value)
        if final:
            self.tidy(value)
            self.mark_settled()


def _has_nothing_to_undo(watched: QObject, event: QEvent) -> bool:
    """Whether this is the key for taking back or doing again, in an editor where nothing was typed."""
    if not isinstance(event, QKeyEvent):
        return False
    text = watched.document() if isinstance(watched, QPlainTextEdit) else watched
    if not isinstance(text, QTextDocument | QLineEdit):
        return False
    if event.matches(QKeySequence.StandardKey.Undo):
        return not text.isUndoAvailable()
    return event.matches(QKeySequence.StandardKey.Redo) and not text.isRedoAvailable()


def labelled(control: QWidget, *others: QWidget) -> QWidget:
    """A control with others beside it in one line."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(control, 1)
    for other in others:
        row.addWidget(other)
    row.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return line
