"""The only door to ReportLab's platypus: our faces are registered first, because it reads the base font at import."""

from app.documents import fonts

fonts.prepare()

from reportlab.lib.colors import Color, black  # noqa: E402
from reportlab.lib.enums import TA_CENTER  # noqa: E402
from reportlab.lib.pagesizes import A4  # noqa: E402
from reportlab.lib.styles import ParagraphStyle  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402
from reportlab.platypus import (  # noqa: E402
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.doctemplate import ActionFlowable  # noqa: E402

__all__ = [
    "A4", "TA_CENTER", "ActionFlowable", "BaseDocTemplate", "Canvas", "Color", "CondPageBreak", "Flowable", "Frame",
    "FrameBreak", "KeepTogether", "NextPageTemplate", "PageBreak", "PageTemplate", "Paragraph", "ParagraphStyle",
    "Spacer", "Table", "black", "mm",
]  # fmt: skip
