"""A QR code as what is dark in it, for whoever draws it: a paper, a page of the console."""

from typing import Any, Final

QUIET: Final = 4
"""modules of quiet zone on each side (ISO/IEC 18004)"""


def dark_runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """Modules a side without the quiet zone, and the dark runs of the code (level M) row by row: where each begins
    (across, down; from the upper left corner) and how long it is."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(image).tolist()
    runs = []
    for down, row in enumerate(rows):
        start = None
        for across, light in enumerate([*row, 255]):
            if not light and start is None:
                start = across
            elif light and start is not None:
                runs.append((start, down, across - start))
                start = None
    return len(rows), runs
