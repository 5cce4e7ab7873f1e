"""One paper in one language on the screen: the real PDF, drawn from memory."""

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QApplication, QWidget

from app.services.views import Rendered
from ui.language import NAMES
from ui.widgets.output import open_pdf
from ui.widgets.parts import column, label

_MOVES = frozenset({
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
})  # fmt: skip
_STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)


class Preview(QWidget):
    """Named by its language; `moved(page, pages)` while it scrolls, pages from 1."""

    moved = Signal(int, int)

    def __init__(self, language: str) -> None:
        super().__init__()
        self.rendered: Rendered | None = None
        self._document: QPdfDocument | None = None
        # The keyboard is in the title: a view of a PDF has no role, and nothing to tell to a screen reader.
        self.title = label("label")
        self.title.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title.setProperty("reads", True)
        self.view = QPdfView(self)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name_after(language)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.pageNavigator().currentPageChanged.connect(lambda _: self._tell())
        lines = column(self, gap=4)
        lines.addWidget(self.title)
        lines.addWidget(self.view, 1)

    def name_after(self, language: str) -> None:
        """Show another language from now on."""
        self.language = language
        name = " + ".join(NAMES[code] for code in language.split("+"))
        self.title.setText(name)
        self.view.setAccessibleName(name)

    def show_paper(self, rendered: Rendered) -> None:
        """Take a fresh PDF; the same one again changes nothing, so that the place in it stays."""
        if self.rendered is not None and self.rendered.digest == rendered.digest:
            return
        self.clear()
        self.rendered = rendered
        self._document = open_pdf(rendered.visible, self)
        self.view.setDocument(self._document)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Page Up and Page Down move the paper."""
        bar = self.view.verticalScrollBar()
        if event.key() in _MOVES:
            QApplication.sendEvent(bar, event)
        else:
            super().keyPressEvent(event)

    def clear(self) -> None:
        """Forget the paper."""
        old, self._document, self.rendered = self._document, None, None
        if old is not None:
            self.view.setDocument(QPdfDocument(self.view))
            old.close()
            old.deleteLater()

    def pages(self) -> int:
        """How many pages the paper has; 0 while there is none."""
        return self._document.pageCount() if self._document is not None else 0

    def page(self) -> int:
        """The page on top, from 1."""
        return self.view.pageNavigator().currentPage() + 1

    def go(self, step: int) -> None:
        """One page on (1) or back (-1)."""
        wanted = min(max(self.page() - 1 + step, 0), max(self.pages() - 1, 0))
        navigator = self.view.pageNavigator()
        navigator.jump(wanted, navigator.currentLocation(), 0.0)

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), or as wide as the window (0)."""
        if step == 0:
            self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
            return
        now = self.factor()
        steps = [s for s in _STEPS if (s > now + 0.01 if step > 0 else s < now - 0.01)]
        if steps:
            self.view.setZoomMode(QPdfView.ZoomMode.Custom)
            self.view.setZoomFactor(steps[0] if step > 0 else steps[-1])

    def factor(self) -> float:
        """How large the page is shown; 1.0 is its size on paper."""
        if self.view.zoomMode() == QPdfView.ZoomMode.Custom:
            return self.view.zoomFactor()
        width = self._document.pagePointSize(0).width() if self._document is not None and self.pages() else 595.0
        return self.view.viewport().width() / (width * self.logicalDpiX() / 72)

    def _tell(self) -> None:
        self._say_text()
        self.moved.emit(self.page(), self.pages())

    def _say_text(self) -> None:
        """What a screen reader reads of the page on top."""
        paper = self._document
        if paper is None or not shiboken6.isValid(paper) or not shiboken6.isValid(self.title) or not self.isVisible():
            return  # the view tells of pages while it is destroyed, too
        self.title.setAccessibleDescription(paper.getAllText(self.page() - 1).text() if self.pages() else "")
