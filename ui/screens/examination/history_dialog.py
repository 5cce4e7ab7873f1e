"""Who changed a field, when, on which step, from what to what."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from app.domain.dates import parse_iso
from app.domain.edits import edit_of
from app.domain.text import N_
from app.i18n import Translator
from app.services.history import FieldChange
from ui.language import Language
from ui.screens.examination.step_list import NAMES
from ui.widgets.field import Field, say
from ui.widgets.parts import button, column, label, panel, read_by_keyboard, row, scrolled
from ui.widgets.words import Words

_AROUND = 40
"""Characters shown on both sides of a change within a long text."""
Word = Callable[[Any], str]


class HistoryDialog(QDialog):
    """The changes of one field, newest first. Says so where there is none."""

    def __init__(self, language: Language, field: Field, changes: Sequence[FieldChange], parent: QWidget) -> None:
        super().__init__(parent)
        words, t = Words(language, self), language.t
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumSize(640, 420)
        words(self, "windowTitle", N_("History of a field"))
        title = label("section", wrap=True)
        title.setText(field.label.text())
        content = QWidget()
        lines = column(content, gap=8)
        for change in changes:
            lines.addWidget(_entry(t, field, change))
        if not changes:
            none = label("hint", wrap=True)
            words(none, "text", N_("Nobody has written anything here yet."))
            lines.addWidget(none)
        lines.addStretch(1)
        area = scrolled(content)
        read_by_keyboard(area, "\n".join(each.text() for each in content.findChildren(QLabel)))
        close = button("primary")
        words(close, "text", N_("Close"))
        close.clicked.connect(self.accept)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(close)
        whole = column(self, margin=24, gap=16)
        whole.addWidget(title)
        whole.addWidget(area, 1)
        whole.addLayout(buttons)
        close.setFocus()


def _entry(t: Translator, field: Field, change: FieldChange) -> QWidget:
    box = panel()
    lines = column(box, margin=12, gap=4)
    who = label("label", wrap=True)
    when = f"{change.at.astimezone():%d.%m.%Y %H:%M:%S}"
    step = t(NAMES[change.screen]) if change.screen in NAMES else ""
    how = {
        "undo": t("taken back"),
        "redo": t("done again"),
        "begun": t("when the case was made"),
    }.get(change.action, "")
    who.setText(" · ".join(part for part in (when, change.actor, step, how) if part))
    lines.addWidget(who)
    before, after = _both(t, field, change)
    for words, text in ((t("before: {value}", value=before), before), (t("after: {value}", value=after), after)):
        line = label(wrap=True)
        line.setText(words)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.setVisible(bool(text))
        lines.addWidget(line)
    if change.saves > 1:
        saves = label("hint", wrap=True)
        saves.setText(t.plural("saved {n} time while typing", "saved {n} times while typing", change.saves))
        lines.addWidget(saves)
    return box


def _both(t: Translator, field: Field, change: FieldChange) -> tuple[str, str]:
    """Both values in words; of a long text only what became different, with some words around it."""
    edit = edit_of(change.old, change.new)
    if edit is not None:
        at = edit[0]["at"]
        return tuple(  # type: ignore[return-value]
            _around(str(text), at, len(side["text"])) for text, side in zip((change.old, change.new), edit, strict=True)
        )
    return tuple(shown(t, field, value) for value in (change.old, change.new))  # type: ignore[return-value]


def _around(text: str, at: int, length: int) -> str:
    begin, end = max(0, at - _AROUND), min(len(text), at + length + _AROUND)
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"


def shown(t: Translator, field: Field, value: Any) -> str:
    """A value as the field shows it: the answer's words, a date as it is written, a list by its parts."""
    if value is None:
        return t("not given")
    for option in getattr(field, "_options", ()) or ():
        if repr(option.value) == repr(value):
            return say(t, option.words)
    match value:
        case bool():
            return t("yes") if value else t("no")
        case str():
            day = parse_iso(value)
            return day.strftime("%d.%m.%Y") if isinstance(day, date) else value
        case list():
            return "; ".join(shown(t, field, part) for part in value) or t("none")
        case dict():
            return ", ".join(shown(t, field, part) for part in value.values() if part is not None)
    return str(value)
