"""What a copy is of and how it is called; and looking at one, inside the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QScrollArea, QWidget

from app.domain.brought import NAMES, FileKind, PaperKind
from app.domain.text import N_, Text
from ui import copies
from ui.language import Language
from ui.widgets.amounts import size
from ui.widgets.choice import Combo
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, column, fit, label, read_by_keyboard, row
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.widgets.pdf_view import PdfView

_STEPS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)


class CopyDialog(Snug):
    """`confirmed(title, of, smaller)`. It stays open until `close_copy`, so that a refusal is read where it belongs."""

    confirmed = Signal(str, str, bool)

    def __init__(
        self,
        language: Language,
        parent: QWidget,
        *,
        title: str,
        of: str = "",
        ready: copies.Ready | None = None,
        picture: QPixmap | None = None,
    ) -> None:
        """`ready`: a new file; without it one that is stored gets another name."""
        super().__init__(parent)
        words = self._words = Words(language, self)
        self._language, self._ready = language, ready
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(560)
        words(self, "windowTitle", N_("Add a copy of a paper") if ready else N_("Rename a copy"))
        small = QLabel()
        if ready is not None:
            picture = QPixmap.fromImage(QImage.fromData(ready.thumbnail))
        if picture is not None:
            small.setPixmap(picture)
        small.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts = label("hint", wrap=True)
        self.title = QLineEdit(title)
        self._title = Labelled(words, N_("Title"), self.title, N_("as the paper is called, without the person's name"))
        self.of = Combo()
        self._of = Labelled(words, N_("What it is a copy of"), self.of)
        self.smaller = TickBox()
        self.smaller.setChecked(ready is not None and ready.smaller is not None)
        self.smaller.setVisible(ready is not None and ready.smaller is not None)
        self.cancel_button, self.save_button = button(), button("primary", "paperclip" if ready else "save")
        words(self.cancel_button, "text", N_("Cancel"))
        words(self.save_button, "text", N_("Add the copy") if ready else N_("Keep the name"))
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._confirm)
        self.title.returnPressed.connect(self._confirm)
        self.title.textEdited.connect(lambda: self._title.set_error(None))
        self.of.activated.connect(lambda: self._of.set_error(None))
        for each in (self.cancel_button, self.save_button):
            each.setAutoDefault(False)
        fields = column(gap=12)
        for part in (self._title, self._of, self.smaller, self.facts):
            fields.addWidget(part)
        fields.addStretch(1)
        both = row(gap=24)
        both.addWidget(small, 0, Qt.AlignmentFlag.AlignTop)
        both.addLayout(fields, 1)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        whole = column(self, margin=24, gap=16)
        whole.addLayout(both)
        whole.addLayout(buttons)
        language.changed.connect(self._say)
        self._say()
        self.of.setCurrentIndex(max(0, self.of.findData(of)))
        self.title.selectAll()
        self.title.setFocus()

    def refuse(self, text: Text) -> None:
        """Say why it was not taken."""
        (self._of if self.of.currentData() == PaperKind.IDENTITY else self._title).set_error(text)
        self.save_button.setEnabled(True)
        fit(self)

    def _say(self) -> None:
        t, ready, kept = self._language.t, self._ready, self.of.currentData()
        self.of.clear()
        self.of.addItem(t("choose what it is"), "")
        for kind in PaperKind:
            self.of.addItem(t(NAMES[kind]), kind.value)
        self.of.setCurrentIndex(max(0, self.of.findData(kept)))
        if ready is None:
            self.facts.hide()
            return
        if ready.smaller is not None:
            self.smaller.set_words(
                t(
                    "Make the picture smaller: {size} instead of {before}",
                    size=size(t, len(ready.smaller)),
                    before=size(t, len(ready.data)),
                )
            )
        pages = t.plural("{n} page", "{n} pages", ready.pages) if ready.pages else ""
        pixels = t("{width} × {height} pixels", width=ready.width, height=ready.height) if ready.width else ""
        told = (ready.kind.value.upper(), pages, pixels, size(t, len(ready.data)))
        self.facts.setText(" · ".join(part for part in told if part))

    def _confirm(self) -> None:
        self._title.set_error(None)
        self._of.set_error(None)
        if not self.title.text().strip():
            self._title.set_error(Text(N_("Type how the paper is called.")))
            self.title.setFocus()
            fit(self)
        elif not self.of.currentData():
            self._of.set_error(Text(N_("Choose what it is a copy of.")))
            self.of.setFocus()
            fit(self)
        else:
            self.save_button.setEnabled(False)
            smaller = self.smaller.isVisibleTo(self) and self.smaller.isChecked()
            self.confirmed.emit(self.title.text(), str(self.of.currentData()), smaller)


class CopyViewer(QDialog):
    """A picture or a PDF, drawn from memory; as wide as the window, or larger and smaller."""

    def __init__(self, language: Language, title: str, kind: str, data: bytes, image: QImage, parent: QWidget) -> None:
        """`image` is the picture, read on the worker; null for a PDF."""
        super().__init__(parent)
        words = Words(language, self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.resize(parent.size() - QSize(64, 64))
        words(self, "windowTitle", N_("A copy of a paper"))
        name = label("section", wrap=True)
        name.setText(title)
        self.close_button = button("primary")
        words(self.close_button, "text", N_("Close"))
        self.close_button.clicked.connect(self.accept)
        tools = row()
        tools.addWidget(name, 1)
        for icon, words_of, step, keys in (
            ("zoom-out", N_("Smaller"), -1, "Ctrl+-"),
            ("zoom-in", N_("Larger"), 1, "Ctrl++"),
            ("", N_("As wide as the window"), 0, "Ctrl+0"),
        ):
            tool = button("", icon)
            words(tool, "text", words_of)
            tool.clicked.connect(lambda _checked=False, s=step: self.zoom(s))
            tool.setAutoDefault(False)
            QShortcut(QKeySequence(keys), self, lambda s=step: self.zoom(s))
            tools.addWidget(tool)
        tools.addWidget(self.close_button)
        self.view: PdfView | _PictureView = _PictureView(image, title)
        if kind == FileKind.PDF:
            from ui.widgets import pdf_view  # Qt's part for PDF is loaded when one is looked at

            self.view = pdf_view.PdfView(data, title)
        whole = column(self, margin=16, gap=12)
        whole.addLayout(tools)
        whole.addWidget(self.view, 1)
        (self.view.sheet if isinstance(self.view, _PictureView) else self.view).setFocus()

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), as wide as the window (0)."""
        self.view.zoom(step)


class _PictureView(QScrollArea):
    def __init__(self, image: QImage, title: str) -> None:
        super().__init__()
        self._image, self._factor = image, 0.0
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sheet.setAccessibleName(title)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(self.sheet)
        read_by_keyboard(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def zoom(self, step: int) -> None:
        if step == 0:
            self._factor = 0.0
        else:
            now = self._factor or self._fitting()
            steps = [s for s in _STEPS if (s > now + 0.01 if step > 0 else s < now - 0.01)]
            if not steps:
                return
            self._factor = steps[0] if step > 0 else steps[-1]
        self._draw()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        if not self._factor:
            self._draw()

    def _fitting(self) -> float:
        return min(1.0, (self.viewport().width() - 2) / max(1, self._image.width()))

    def _draw(self) -> None:
        size = self._image.size() * (self._factor or self._fitting())
        if size != self.sheet.size():
            shown = self._image.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self.sheet.setPixmap(QPixmap.fromImage(shown))
            self.sheet.resize(shown.size())
