"""A picture as grey pixels in memory, for what reads papers. Runs on the worker; nothing is kept."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from app.domain.errors import UserError
from app.domain.text import N_, Text
from ui.copies import flat

_LONGEST_SIDE: Final = 2_400
"""Pixels: letters of a card that fills a third of the picture are still 24 pixels apart."""
_SHORTEST_SIDE: Final = 100
_MOST_PIXELS: Final = 130_000_000
"""A camera of 108 megapixels is read; what claims more would fill the memory."""
_MEMORY_MB: Final = 600
_FORMATS: Final = frozenset({b"jpeg", b"png", b"bmp"})


@dataclass(frozen=True, slots=True, repr=False)
class Grey:
    """`pixels`: one byte each, row by row, without gaps."""

    width: int
    height: int
    pixels: bytes


def of_file(data: bytes) -> Grey:
    """The pixels of a PNG, JPEG or BMP. UserError with a sentence where it is none, broken, too small or too large."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    if reader.format().data() not in _FORMATS:
        raise UserError(
            Text(N_("This is neither a PNG, a JPEG nor a BMP picture. Choose a photo or a scan of the card."))
        )
    size = reader.size()  # from the head alone
    if size.isValid():
        _require_size(size)
        if max(size.width(), size.height()) > 2 * _LONGEST_SIDE:
            # A JPEG of this size is decoded smaller at once, which saves the memory of the whole.
            reader.setScaledSize(size.scaled(2 * _LONGEST_SIDE, 2 * _LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio))
    QImageReader.setAllocationLimit(_MEMORY_MB)
    image = reader.read()
    if image.isNull():
        raise UserError(
            Text(N_("The picture is broken or was cut off: it can't be shown. Take it anew, or copy it again."))
        )
    return of_image(image)


def of_image(image: QImage) -> Grey:
    """The pixels of a picture that is in memory, of the clipboard for instance. UserError as above."""
    _require_size(image.size())
    image = flat(image)
    if max(image.width(), image.height()) > _LONGEST_SIDE:
        image = image.scaled(
            _LONGEST_SIDE, _LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height, stride = image.width(), image.height(), image.bytesPerLine()
    held = bytes(image.constBits())
    if stride != width:  # rows are filled up to whole words
        held = b"".join(held[row * stride : row * stride + width] for row in range(height))
    return Grey(width, height, held)


def _require_size(size: QSize) -> None:
    shown = {"width": size.width(), "height": size.height()}
    if size.width() * size.height() > _MOST_PIXELS:
        sentence = N_("The picture has {width} by {height} pixels, which is too much to read. Take it smaller.")
        raise UserError(Text(sentence, shown))
    if min(size.width(), size.height()) < _SHORTEST_SIDE:
        sentence = N_("The picture has {width} by {height} pixels: too few to tell letters. Take it larger.")
        raise UserError(Text(sentence, shown))
