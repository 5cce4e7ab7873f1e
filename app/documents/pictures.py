"""The codes in pictures of papers: a photograph, a scan, a page of a scanned PDF."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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
    found = _codes(grey)
    for scale in () if found else (0.5, 2.0, 0.25):  # noise vanishes in a smaller picture, a small code needs more
        size = round(grey.width * scale), round(grey.height * scale)
        if min(size) >= _FEWEST and size[0] * size[1] <= MOST_PIXELS // 4:
            found = _codes(grey.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC))
        if found:
            break
    return found


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
