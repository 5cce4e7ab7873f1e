"""The only place that picks concrete parts: which clock, which data directory, how expensive a guess is."""

from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.clock import Clock, SystemClock
from app.services.access import Access

if TYPE_CHECKING:
    from app.crypto.slots import Cost


def clock() -> Clock:
    """The laptop's own clock."""
    return SystemClock()


def access(data_dir: Path | None = None, *, clock: Clock | None = None, cost: "Cost | None" = None) -> Access:
    """The door to a data directory; the platform's own where none is named.

    Tests hand in a clock that lies and a `cost` that is cheap; nothing else does.
    """
    return Access(data_dir or paths.default_data_dir(), clock=clock or SystemClock(), cost=cost)
