"""When the next exchange is due by itself: soon after the beginning, then now and then, after failures ever later."""

import random
import time
from collections.abc import Callable
from typing import Final

FIRST: Final = 60.0
"""seconds after signing in"""
USUAL: Final = 900.0
PAUSES: Final = (60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""seconds after so many failures in a row; the last one from then on"""
_SPREAD: Final = 0.2
"""a share by which pauses differ, so that laptops that lost one network don't all come back at once"""


class Policy:
    """Asked by a timer; knows nothing of what is exchanged."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._failures = now, 0
        self._next = now() + FIRST

    def is_due(self) -> bool:
        """Whether an exchange should begin now."""
        return self._now() >= self._next

    def wait(self) -> float:
        """Seconds until the next one is due."""
        return max(0.0, self._next - self._now())

    def succeeded(self) -> None:
        """An exchange went through."""
        self._failures = 0
        self._plan(USUAL)

    def failed(self) -> None:
        """It didn't: the next pause is longer."""
        self._plan(PAUSES[min(self._failures, len(PAUSES) - 1)])
        self._failures += 1

    def _plan(self, pause: float) -> None:
        self._next = self._now() + pause * (1 + random.uniform(-_SPREAD, _SPREAD))  # noqa: S311 - no secret
