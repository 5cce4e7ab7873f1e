"""A file made ready to be attached to a case: looked at, its small picture drawn, made smaller on request.

Runs on the worker; everything stays in memory.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from app.domain.brought import FileKind, file_kind
from app.domain.errors import UserError
from app.domain.text import N_, Text

LONGEST_SIDE: Final = 2_000
"""Pixels: a page of A4 at some 170 dots an inch, which can be read and printed."""
_THUMBNAIL: Final = 160
_QUALITY: Final = 85
_MEMORY_MB: Final = 600
"""A picture that needs more of it is refused; a camera of 100 megapixels needs 400."""


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """What can be attached: `smaller` is the same picture with at most 2,000 pixels a side, None where that saves
    nothing or the file is a PDF. `width`, `height` in pixels; `pages` of a PDF."""

    data: bytes
    kind: FileKind
    thumbnail: bytes
    width: int = 0
    height: int = 0
    pages: int | None = None
    smaller: bytes | None = None


def make_ready(data: bytes, name: str) -> Ready:
    """UserError with a sentence where the file is of no kind that can be attached, or is broken."""
    kind = file_kind(data)
    if kind is None:
        sentence = N_("“{name}” is neither a PNG or JPEG picture nor a PDF. Save it as one of them, then add it.")
        raise UserError(Text(sentence, {"name": name}))
    return _of_pdf(data, name) if kind is FileKind.PDF else _of_picture(data, kind, name)


def picture(data: bytes) -> QImage:
    """The picture as it was taken, turned upright; a null image where the bytes are broken."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MEMORY_MB)
    return reader.read()


def encoded(image: QImage, form: str = "JPEG") -> bytes:
    """The bytes of a JPEG or PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, form.encode())
    if form == "JPEG":
        writer.setQuality(_QUALITY)
    writer.write(image)
    return bytes(buffer.data().data())


def _of_picture(data: bytes, kind: FileKind, name: str) -> Ready:
    image = picture(data)
    if image.isNull() or _is_cut(data, kind):
        sentence = N_("“{name}” is broken or was cut off: the picture can't be shown. Take it anew, or copy it again.")
        raise UserError(Text(sentence, {"name": name}))
    smaller = None
    if max(image.width(), image.height()) > LONGEST_SIDE:
        smaller = encoded(flat(_within(image, LONGEST_SIDE)))
    elif kind is FileKind.PNG:
        smaller = encoded(flat(image))
    if smaller is not None and len(smaller) >= len(data):
        smaller = None
    return Ready(data, kind, _small(image), image.width(), image.height(), None, smaller)


def _is_cut(data: bytes, kind: FileKind) -> bool:
    """Whether the end of the picture is missing: Qt shows what there is, with a grey rest."""
    if kind is FileKind.PNG:
        return b"IEND" not in data[-4096:]
    # Neither marker occurs within the compressed lines; a small picture in the head has its own end before them.
    return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")


def _of_pdf(data: bytes, name: str) -> Ready:
    from PySide6.QtPdf import QPdfDocument

    from ui.widgets.output import open_pdf

    owner = QObject()
    document = open_pdf(data, owner)
    try:
        if document.error() == QPdfDocument.Error.IncorrectPassword:
            sentence = N_("“{name}” is protected by a passphrase. Save it without one, then add it.")
            raise UserError(Text(sentence, {"name": name}))
        pages = document.pageCount()
        if document.error() != QPdfDocument.Error.None_ or not pages:
            sentence = N_(
                "“{name}” is broken or was cut off: it can't be opened as a PDF. Scan it anew, or copy it again."
            )
            raise UserError(Text(sentence, {"name": name}))
        points = document.pagePointSize(0)
        factor = _THUMBNAIL / max(points.width(), points.height(), 1)
        size = QSize(max(1, round(points.width() * factor)), max(1, round(points.height() * factor)))
        page = document.render(0, size)
        return Ready(data, FileKind.PDF, _small(page), pages=pages)
    finally:
        document.close()


def _within(image: QImage, side: int) -> QImage:
    return image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def flat(image: QImage) -> QImage:
    """On white, where the picture is transparent: a JPEG would show black."""
    if not image.hasAlphaChannel():
        return image
    sheet = QImage(image.size(), QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.drawImage(0, 0, image)
    painter.end()
    return sheet


def _small(image: QImage) -> bytes:
    if max(image.width(), image.height()) > _THUMBNAIL:
        # Halving first is as fine and many times as fast as shrinking a large picture at once.
        image = image.scaled(
            4 * _THUMBNAIL, 4 * _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
        )
        image = _within(image, _THUMBNAIL)
    return encoded(flat(image))
