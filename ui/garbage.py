"""Cyclic garbage is collected on the window's thread alone.

Python collects on whichever thread happens to allocate. On the worker that would destroy widgets of screens that have
gone, and Qt doesn't survive the destruction of a widget outside its own thread: a crash at a random moment.
"""

import gc
from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 250
_REST_S: Final = (0.3, 1.0, 2.0)
"""By generation: so long nobody may have touched anything. A search of the younger ones takes half a frame, of the
oldest more than one."""
_PATIENCE: Final = 20
"""So many times the limit may be passed while somebody works without a pause."""


def _always(_seconds: float) -> bool:
    return True


_rested: Callable[[float], bool] = _always


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
            search_while(_always)  # nobody is asked who has gone
            gc.enable()


def hold_standing() -> None:
    """Leave what stands now out of every later search for garbage: modules, criteria, catalogues, the list of ICD-10. A
    full search through them takes 70 ms, and they stay. What is garbage among them goes with the sign-out."""
    gc.freeze()


def release_standing() -> None:
    """Search through everything again: somebody has signed out."""
    gc.unfreeze()


def search_while(rested: Callable[[float], bool]) -> None:
    """Search while nobody has touched anything for a number of seconds: `rested` says whether that is so."""
    global _rested  # noqa: PLW0603 - there is one collector
    _rested = rested


def collect_if_due() -> None:
    """Collect the oldest generation that Python's own limits call due; nothing where none is."""
    for generation, (count, limit) in reversed(list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))):
        if count > limit > 0 and (count > limit * _PATIENCE or _rested(_REST_S[generation])):
            gc.collect(generation)
            return
