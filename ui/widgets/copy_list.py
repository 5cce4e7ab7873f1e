"""Copies of papers as a list with small pictures: add by dialogue, drop or paste, look at, rename, take out."""

from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.domain.brought import NAMES, PaperKind
from app.domain.dates import parse_iso
from app.i18n import Translator
from ui.widgets.amounts import size
from ui.widgets.field import Field, Words
from ui.widgets.flow import FlowLayout
from ui.widgets.given import files_or_picture, has_any
from ui.widgets.parts import button, label, panel, row

_PICTURE = 56


class CopyList(QListWidget):
    """Keys of its own: Enter opens, Delete takes out, Ctrl+V pastes."""

    opened = Signal()
    removed = Signal()
    pasted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        else:
            super().keyPressEvent(event)


class CopiesField(Field):
    """The copies of a case. Tells what is wanted; whoever serves it reads, stores and shows.

    `files_given(list of Path)`, `picture_given(QImage)`; `choose_wanted`; `open_wanted`, `change_wanted`,
    `remove_wanted` with the entry.
    """

    files_given = Signal(object)
    picture_given = Signal(object)
    choose_wanted = Signal()
    open_wanted = Signal(object)
    change_wanted = Signal(object)
    remove_wanted = Signal(object)
    pictures_wanted = Signal(object)

    def __init__(self, path: str, label_words: Words, *, hint: Words = "") -> None:
        super().__init__(path, label_words, hint=hint)
        self.entries: list[dict[str, Any]] = []
        self._pictures: dict[str, QIcon] = {}
        self._read_only = False
        self.list = CopyList()
        self.list.setIconSize(QSize(_PICTURE, _PICTURE))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemDoubleClicked.connect(lambda _item: self._ask(self.open_wanted))
        self.list.opened.connect(lambda: self._ask(self.open_wanted))
        self.list.removed.connect(lambda: self._ask(self.remove_wanted))
        self.list.pasted.connect(self.paste)
        self.list.currentRowChanged.connect(lambda _row: self._show_buttons())
        self.nothing = panel()
        self.nothing_words = label("hint", wrap=True)
        row(self.nothing, margin=16).addWidget(self.nothing_words)
        self.add_button = button("", "paperclip")
        self.add_button.clicked.connect(self.choose_wanted)
        self.paste_button = button("", "image")
        self.paste_button.clicked.connect(self.paste)
        self.open_button, self.change_button = button("quiet", "eye"), button("quiet", "pencil")
        self.remove_button = button("quiet", "trash-2")
        self.open_button.clicked.connect(lambda: self._ask(self.open_wanted))
        self.change_button.clicked.connect(lambda: self._ask(self.change_wanted))
        self.remove_button.clicked.connect(lambda: self._ask(self.remove_wanted))
        tools = QWidget()
        line = FlowLayout(tools)
        for tool in (self.add_button, self.paste_button, self.open_button, self.change_button, self.remove_button):
            line.addWidget(tool)
        self.set_control(self.nothing, self.list, tools)
        self.watch(self.add_button)
        self.setAcceptDrops(True)

    # --- what is there ---------------------------------------------------------------------------------------
    def show_value(self, value: Any, text: str | None = None) -> None:
        self.entries = list(value) if isinstance(value, list) else []
        missing = [entry["digest"] for entry in self.entries if entry["digest"] not in self._pictures]
        self._fill()
        if missing:
            self.pictures_wanted.emit(missing)

    def take_pictures(self, pictures: dict[str, bytes]) -> None:
        """The small pictures that were asked for."""
        for digest, data in pictures.items():
            self._pictures[digest] = QIcon(QPixmap.fromImage(QImage.fromData(data)))
        self._fill()

    def _fill(self) -> None:
        t = self.t
        if t is None:
            return
        at = self.list.currentRow()
        self.list.clear()
        for entry in self.entries:
            day = parse_iso(str(entry.get("added_at") or "")[:10])
            pages = t.plural("{n} page", "{n} pages", entry["pages"]) if entry.get("pages") else ""
            told = (
                t(NAMES[PaperKind(entry["of"])]) if entry.get("of") else "",
                pages,
                size(t, entry["size"]),
                t("added {date}", date=day) if day else "",
            )
            item = QListWidgetItem(f"{entry.get('title') or ''}\n{' · '.join(part for part in told if part)}")
            if entry["digest"] in self._pictures:
                item.setIcon(self._pictures[entry["digest"]])
            item.setSizeHint(QSize(0, max(_PICTURE + 12, 2 * self.fontMetrics().lineSpacing() + 16)))
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(at, 0), self.list.count() - 1))
        rows = min(self.list.count(), 5)
        self.list.setFixedHeight(rows * (max(_PICTURE + 12, 2 * self.fontMetrics().lineSpacing() + 16)) + 6)
        self.list.setVisible(bool(self.entries))
        self.nothing.setVisible(not self.entries)
        self._show_buttons()

    def _show_buttons(self) -> None:
        some = bool(self.entries) and self.list.currentRow() >= 0
        self.open_button.setVisible(some)
        for tool in (self.change_button, self.remove_button):
            tool.setVisible(some and not self._read_only)
        for tool in (self.add_button, self.paste_button):
            tool.setVisible(not self._read_only)

    def _ask(self, signal: Any) -> None:
        at = self.list.currentRow()
        if 0 <= at < len(self.entries) and (not self._read_only or signal == self.open_wanted):
            signal.emit(self.entries[at])

    # --- what is given ---------------------------------------------------------------------------------------
    def paste(self) -> None:
        """Take the picture or the files of the clipboard."""
        if not self._read_only:
            self._take(QGuiApplication.clipboard().mimeData())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._read_only and has_any(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _take(self, data: QMimeData | None) -> None:
        found = files_or_picture(data)
        if isinstance(found, QImage):
            self.picture_given.emit(found)
        else:
            self.files_given.emit(found)

    # --- a field like others ---------------------------------------------------------------------------------
    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.nothing_words.setText(
            t("No copies yet. Drop pictures or PDFs here, or add them: medical papers only, no identity documents.")
        )
        self.list.setAccessibleName(self.label.text())
        for tool, words in (
            (self.add_button, t("Add files…")),
            (self.paste_button, t("Paste")),
            (self.open_button, t("Look at it")),
            (self.change_button, t("Rename…")),
            (self.remove_button, t("Take out")),
        ):
            tool.setText(words)
            tool.setAccessibleName(f"{self.label.text()}: {words}")
        self._fill()

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self.setAcceptDrops(not read_only)
        self._show_buttons()

    def focus_widget(self) -> QWidget:
        return self.list if self.entries else self.add_button

    def is_empty(self) -> bool:
        return not self.entries
