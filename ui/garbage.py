"""Cyclic garbage is collected on the window's thread alone.

Python collects on whichever thread happens to allocate. On the worker that would destroy widgets of screens that have
gone, and Qt doesn't survive the destruction of a widget outside its own thread: a crash at a random moment.
"""

import gc
from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1000
OLDEST: Final = 2
_PATIENCE: Final = 20
"""So many times the limit may be passed while somebody works without a pause."""


def _always() -> bool:
    return True


_quiet: Callable[[], bool] = _always


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


def full_search_when(quiet: Callable[[], bool]) -> None:
    """The oldest generation is searched while `quiet` alone: that takes longer than a frame."""
    global _quiet  # noqa: PLW0603 - there is one collector
    _quiet = quiet


def collect_if_due() -> None:
    """Collect the oldest generation that Python's own limits call due; nothing where none is."""
    for generation, (count, limit) in reversed(list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))):
        if count > limit > 0:
            if generation == OLDEST and count <= limit * _PATIENCE and not _quiet():
                continue
            gc.collect(generation)
            return
