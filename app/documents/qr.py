"""The QR code of a paper, drawn as vectors: sharp at any size, and a millisecond instead of half a form."""

from functools import lru_cache

from app.crypto.qr import QUIET, dark_runs
from app.documents.platypus import Flowable
from app.documents.tags import END, Node, entry


@lru_cache(maxsize=32)
def _bars(data: str) -> tuple[int, str]:
    """Modules a side with the quiet zone, and the QR code (level M) as PDF rectangles of whole modules."""
    modules, runs = dark_runs(data)
    top = modules + QUIET - 1  # PDF counts from below
    bars = " ".join(f"{across + QUIET} {top - down} {long} 1 re" for across, down, long in runs)
    return modules + 2 * QUIET, bars


class QrCode(Flowable):  # type: ignore[misc]
    """A QR code as one filled path of vector bars, with the four modules of quiet zone inside `side` points.

    `told`: what is said of it to who can't see it.
    """

    def __init__(self, data: str, side: float, told: str) -> None:
        super().__init__()
        self._data, self._side, self._told = data, side, told

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self._side, self._side

    def draw(self) -> None:
        modules, bars = _bars(self._data)
        page, scale = self.canv, self._side / modules
        x, y = page.absolutePosition(0, 0)
        around = f"/A<</O/Layout/Placement/Block/BBox[{x:.2f} {y:.2f} {x + self._side:.2f} {y + self._side:.2f}]>>"
        begin = page.tree.begin(Node("Figure", None, entry("Alt", self._told) + around), page.number)
        # Written out as it is: ReportLab's path would format four numbers a bar, a fifth of the time of a form.
        page._code.append(f"{begin} q 0 g {scale:.6f} 0 0 {scale:.6f} 0 0 cm {bars} f Q {END}")
