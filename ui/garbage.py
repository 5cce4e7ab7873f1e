"""Cyclic garbage is collected on the window's thread alone.

Python collects on whichever thread happens to allocate. On the worker that would destroy widgets of screens that have
gone, and Qt doesn't survive the destruction of a widget outside its own thread: a crash at a random moment.
"""

import gc
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1000


class GarbageCollection(QObject):
    """While one of these lives and isn't released, Python's own collector rests; made on the window's thread."""

    _held: ClassVar[int] = 0

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        GarbageCollection._held += 1
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_if_due)
        self._timer.start(EVERY_MS)

    def release(self) -> None:
        """Give collecting back to Python, once no other worker is running."""
        self._timer.stop()
        GarbageCollection._held -= 1
        if GarbageCollection._held == 0:
            release_standing()
            gc.enable()


def hold_standing() -> None:
    """Leave what stands now out of every later search for garbage: modules, criteria, catalogues. A full search
    through them takes 70 ms, and they stay."""
    gc.collect()
    gc.freeze()


def release_standing() -> None:
    """Search through everything again: somebody has signed out."""
    gc.unfreeze()


def collect_if_due() -> None:
    """Collect the oldest generation that Python's own limits call due; nothing where none is."""
    for generation, (count, limit) in reversed(list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))):
        if count > limit > 0:
            gc.collect(generation)
            return
