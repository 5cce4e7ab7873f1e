"""Long texts in the font of the paper: an editor that is as high as its text, and the field around it."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget

from app import paths
from app.i18n import Translator
from ui import shortcuts, theme
from ui.widgets.field import Words, accept
from ui.widgets.text_field import LongTextField

_ROOM = 48
"""Pixels kept free below the caret while somebody types at the lower edge of the window."""


@cache
def _family() -> str:
    """The serif of the printed papers; loaded when the first long text is shown."""
    face = QFontDatabase.addApplicationFont(str(paths.resource("fonts", "PTSerif-Regular.ttf")))
    names = QFontDatabase.applicationFontFamilies(face)
    return names[0] if names else "PT Sans"


def paper_font() -> QFont:
    """As the paper prints it, at the size of the screen's text."""
    font = QFont()
    font.setFamilies([_family(), "DejaVu Sans"])
    font.setPointSizeF(theme.current().points("body"))
    return font


class PaperEdit(QPlainTextEdit):
    """Grows with its text and never scrolls by itself: the page does, and follows the caret.

    `keep_wanted(text)`: the selected words are to be kept as a phrase. `key_pressed` lets a list of phrases take a key
    before the text does: it returns True where it has.
    """

    keep_wanted = Signal(str)
    phrases_wanted = Signal()

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._least = lines
        self.key_pressed: Callable[[QKeyEvent], bool] = lambda _event: False
        self._menu_words = ("", "")
        self._look: object = None
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.fit)
        self.cursorPositionChanged.connect(self.follow_caret)
        self._dress()

    def set_menu_words(self, keep: str, phrases: str) -> None:
        """What the context menu calls its two entries."""
        self._menu_words = (keep, phrases)

    def fit(self) -> None:
        """As high as the lines are at this width."""
        layout, height, block = self.document().documentLayout(), 0.0, self.document().firstBlock()
        while block.isValid():
            height += layout.blockBoundingRect(block).height()
            block = block.next()
        least = self.fontMetrics().lineSpacing() * self._least
        around = round(2 * self.document().documentMargin()) + self.height() - self.viewport().height()
        wanted = max(round(height), least) + max(around, 16)
        if wanted != self.height() or self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)
            # The page learns its new height from events that are on their way now.
            QTimer.singleShot(0, self, self.follow_caret)

    def follow_caret(self) -> None:
        """Scroll the page so that the caret stands in sight."""
        if not self.hasFocus():
            return
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        page = parent.widget() if parent is not None else None
        if parent is not None and page is not None:
            caret = self.cursorRect()
            at = self.viewport().mapTo(page, QPoint(caret.x(), caret.center().y()))
            parent.ensureVisible(at.x(), at.y(), 0, caret.height() // 2 + _ROOM)

    def keep_selection(self) -> None:
        """Ask for the selected words to be kept as a phrase; the whole text where nothing is selected."""
        chosen = self.textCursor().selection().toPlainText() or self.toPlainText()
        self.keep_wanted.emit(chosen)

    def replace_before_caret(self, count: int, text: str) -> None:
        """Put `text` in the place of the `count` characters before the caret; one step of undo."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, count)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wanted = QKeySequence(shortcuts.KEYS["keep_phrase"].keys[0])
            if QKeySequence(event.keyCombination()) == wanted:
                event.ignore()  # on some systems the text would take it for "delete to the end of the line"
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key_pressed(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._dress()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        keep, phrases = self._menu_words
        if keep:
            menu.addSeparator()
            action = menu.addAction(keep, self.keep_selection)
            action.setEnabled(not self.document().isEmpty())
            menu.addAction(phrases, self.phrases_wanted.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _dress(self) -> None:
        if self._look != theme.current():
            self._look = theme.current()
            self.setFont(paper_font())
            self.fit()


class PaperField(LongTextField):
    """A long text of the case. `left(path)` once the keyboard has gone and what was typed is on its way to the disk;
    only where it was changed."""

    left = Signal(str)

    def __init__(
        self, path: str, label: Words, *, hint: Words = "", check: Callable[[object], object] = accept, lines: int = 3
    ) -> None:
        self._least = lines
        super().__init__(path, label, hint=hint, check=check, lines=lines)
        self.inserted: list[str] = []
        """Ids of the phrases put in since `left` was told last."""
        self._touched = False
        self.committed.connect(lambda *_: self._touch())

    def make_edit(self) -> PaperEdit:
        return PaperEdit(self._least)

    @property
    def paper(self) -> PaperEdit:
        """The editor, by its own kind."""
        edit = self.edit
        assert isinstance(edit, PaperEdit)  # noqa: S101 - made above
        return edit

    def _fit(self) -> None:
        self.paper.fit()

    def _touch(self) -> None:
        self._touched = True

    def settle(self) -> None:
        super().settle()
        if self._touched and not self.edit.hasFocus():
            self._touched = False
            self.left.emit(self.path)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        passed = super().eventFilter(watched, event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut and self._touched:
            self._touched = False
            self.left.emit(self.path)
        return passed

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.paper.set_menu_words(t("Keep as a phrase… ({key})", key=shortcuts.native("keep_phrase")), t("Phrases…"))
