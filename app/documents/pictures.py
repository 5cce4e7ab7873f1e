"""The codes in pictures of papers: a photograph, a scan, a page of a scanned PDF."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

MOST_PIXELS: Final = 120_000_000
"""a page at 1,000 dpi; a picture that says it is larger is not read"""
_FEWEST: Final = 100
_JPEG: Final = b"\xff\xd8\xff"
_MOST_SCANS: Final = 20


def codes(picture: bytes) -> tuple[str, ...] | None:
    """The texts of the QR codes in a picture, however the page lies in it; None where this is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(picture)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            grey = image.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        return None
    return next((found for found in map(_codes, _ways(grey)) if found), ())


def _ways(grey: "Image") -> "Iterator[Image]":
    """The picture as it is, then so that noise vanishes, then smaller and larger: small codes in large pictures, and
    the other way round."""
    from PIL import Image, ImageFilter

    yield grey
    yield grey.filter(ImageFilter.GaussianBlur(1))
    for scale in (0.5, 2.0, 0.25):
        size = round(grey.width * scale), round(grey.height * scale)
        if min(size) >= _FEWEST and size[0] * size[1] <= MOST_PIXELS // 4:
            yield grey.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)


def scans(pdf: bytes) -> tuple[str, ...]:
    """The texts of the QR codes in the photographs (JPEG) of a PDF, as scanners and phones make one."""
    at = pdf.find(_JPEG)
    found: tuple[str, ...] = ()
    for _ in range(_MOST_SCANS):
        if at < 0 or found:
            break
        found = codes(pdf[at:]) or ()
        at = pdf.find(_JPEG, at + 1)
    return found


def _codes(grey: "Image") -> tuple[str, ...]:
    import zxingcpp

    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    return tuple(code.text for code in zxingcpp.read_barcodes(grey, formats=wanted))
