"""Time from outside, handed in so that tests can lie about it."""

import time
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """What the desk may ask about time."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. May be wrong: never order anything by it."""
        ...

    def today(self) -> date:
        """The calendar day where the laptop stands."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start, never going back while the laptop runs."""
        ...


class SystemClock:
    """The laptop's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now().astimezone().date()

    def monotonic(self) -> float:
        return time.monotonic()
