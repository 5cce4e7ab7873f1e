"""Phrases while typing: `/` at the beginning of a word opens their list, further letters choose, Enter puts one in."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.i18n import Translator
from app.services.snippets import Snippet
from ui.widgets.paper_text import PaperEdit

_ASKED = re.compile(r"(?:^|(?<=\s))/([^/\n]{0,40})$")
_SHOWN = 8


def matching(phrases: Sequence[Snippet], typed: str, *, specialist: str, section: str, language: str) -> list[Snippet]:
    """Phrases for this section whose name (or else whose text) holds every word typed: names that begin so first,
    then those of the window's language and of this very section."""
    words = typed.casefold().split()

    def rank(phrase: Snippet) -> tuple[bool, bool, int, str]:
        name = phrase.name.casefold()
        return (
            not name.startswith(typed.casefold().strip()),
            phrase.language != language,
            -bool(phrase.specialist) - bool(phrase.section),
            name,
        )

    found = [
        phrase
        for phrase in phrases
        if phrase.fits(specialist, section) and all(word in f"{phrase.name} {phrase.text}".casefold() for word in words)
    ]
    return sorted(found, key=rank)


class PhraseList(QListWidget):
    """The list below the caret. It never takes the keyboard: the editor hands its keys on while it is open.

    `chosen(editor, id)` after the words stand in the text.
    """

    chosen = Signal(object, str)

    def __init__(self, matches: Callable[[str], list[Snippet]]) -> None:
        super().__init__()
        self._matches = matches
        self._editor: PaperEdit | None = None
        self._found: list[Snippet] = []
        self._t: Translator | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemClicked.connect(lambda _item: self.take())
        self.currentTextChanged.connect(self._say)
        self.hide()

    def serve(self, editor: PaperEdit) -> None:
        """Open for this editor when `/` is typed in it."""
        editor.key_pressed = lambda event: self._on_key(editor, event)
        editor.textChanged.connect(lambda: self._on_text(editor))
        editor.installEventFilter(self)

    def retranslate(self, t: Translator) -> None:
        self._t = t
        self.setAccessibleName(t("Phrases"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._editor and event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close_list()
        return super().eventFilter(watched, event)

    def close_list(self) -> None:
        """Nothing is asked for any more."""
        self._say("")
        self._editor = None
        self.hide()

    def take(self) -> None:
        """Put the chosen phrase in the place of what was typed to find it."""
        editor, at = self._editor, self.currentRow()
        if editor is None or not 0 <= at < len(self._found):
            return
        phrase, typed = self._found[at], _asked(editor) or ""
        self.close_list()
        editor.replace_before_caret(len(typed) + 1, phrase.text)
        self.chosen.emit(editor, phrase.id)

    def _say(self, phrase: str) -> None:
        # A screen reader follows the keyboard, which stays in the text.
        if self._editor is not None:
            self._editor.setAccessibleDescription(phrase)

    def _on_key(self, editor: PaperEdit, event: QKeyEvent) -> bool:
        if self._editor is not editor:
            if event.text() == "/" and not editor.isReadOnly():
                before = editor.textCursor().block().text()[: editor.textCursor().positionInBlock()]
                if not before or before[-1].isspace():
                    self._editor = editor  # the list opens when the sign stands in the text
            return False
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_list()
            case Qt.Key.Key_Up | Qt.Key.Key_Down if self._found:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.setCurrentRow((self.currentRow() + step) % len(self._found))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab if self._found:
                self.take()
            case _:
                return False
        return True

    def _on_text(self, editor: PaperEdit) -> None:
        if self._editor is not editor:
            return
        typed = _asked(editor)
        if typed is None:
            self.close_list()
            return
        self._found = self._matches(typed)
        if not self._found and typed:
            self.hide()  # a slash may be meant as one; taking the letters back shows the list again
            return
        self._fill()
        self._place(editor)

    def _fill(self) -> None:
        t = self._t
        self.clear()
        for phrase in self._found:
            item = QListWidgetItem(f"{phrase.name} — {' '.join(phrase.text.split())}")
            item.setToolTip(phrase.text)
            self.addItem(item)
        if self._found:
            self.setCurrentRow(0)
        elif t is not None:
            empty = QListWidgetItem(t("No phrases for this section yet. Select words and keep them as one: Ctrl+K."))
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(empty)

    def _place(self, editor: PaperEdit) -> None:
        window = editor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        caret = editor.cursorRect()
        rows = min(self.count(), _SHOWN)
        height = rows * max(self.sizeHintForRow(0), self.fontMetrics().lineSpacing() + 8) + 2 * self.frameWidth() + 4
        width = min(max(420, editor.width() * 2 // 3), editor.width())
        corner = editor.viewport().mapTo(window, QPoint(caret.left(), caret.bottom() + 4))
        x = max(8, min(corner.x(), window.width() - width - 8))
        y = corner.y()
        if y + height > window.height() - 8:
            y = editor.viewport().mapTo(window, QPoint(0, caret.top())).y() - height - 4
        self.setGeometry(x, max(8, y), width, height)
        self.show()
        self.raise_()


def _asked(editor: PaperEdit) -> str | None:
    """What was typed after the `/` before the caret; None where none begins a word there."""
    cursor = editor.textCursor()
    found = _ASKED.search(cursor.block().text()[: cursor.positionInBlock()])
    return found[1] if found else None
