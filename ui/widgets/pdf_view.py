"""A PDF from memory, with the zoom of the preview."""

from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QApplication

from ui.widgets.output import open_pdf

_STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)


class PdfView(QPdfView):
    """All pages below each other, as wide as the window at first."""

    def __init__(self, data: bytes, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        # Not its child: it would be asked for pages once more while both are being destroyed.
        paper = open_pdf(data, QApplication.instance() or self)
        self.setDocument(paper)
        self.destroyed.connect(paper.deleteLater)

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), as wide as the window (0)."""
        if step == 0:
            self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
            return
        now = self.zoomFactor()
        if self.zoomMode() != QPdfView.ZoomMode.Custom:
            points = self.document().pagePointSize(0).width() or 595.0
            now = self.viewport().width() / (points * self.logicalDpiX() / 72)
        steps = [s for s in _STEPS if (s > now + 0.01 if step > 0 else s < now - 0.01)]
        if steps:
            self.setZoomMode(QPdfView.ZoomMode.Custom)
            self.setZoomFactor(steps[0] if step > 0 else steps[-1])
