"""The only place that picks concrete parts: which clock, which data directory, how expensive a guess is."""

import contextlib
import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.clock import Clock, SystemClock
from app.services.access import Access

if TYPE_CHECKING:
    from app.crypto.slots import Cost

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def clock() -> Clock:
    """The laptop's own clock."""
    return SystemClock()


def access(data_dir: Path | None = None, *, clock: Clock | None = None, cost: "Cost | None" = None) -> Access:
    """The door to a data directory; the platform's own where none is named.

    Tests hand in a clock that lies and a `cost` that is cheap; nothing else does.
    """
    forbid_core_dumps()
    return Access(data_dir or paths.default_data_dir(), clock=clock or SystemClock(), cost=cost)


def forbid_core_dumps() -> None:
    """Keep names and keys out of core dumps, and other programs of the same user out of our memory. Linux only.

    The limit stops a file from being written; that the process may not be dumped also stops a collector to which the
    system hands a dump. Where the system refuses, the desk opens all the same.
    """
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
