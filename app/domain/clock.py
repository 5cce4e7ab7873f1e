"""Time from outside, handed in so that tests can lie about it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Protocol

# Kazakhstan has had one time for the whole country, UTC+5, since 1 March 2024; papers don't depend on a laptop's zone.
KAZAKHSTAN: Final = timezone(timedelta(hours=5))


def in_kazakhstan(moment: datetime) -> str:
    """A point in time as papers have it, for what people compare with a paper or with somebody elsewhere; the zone is
    named where this computer's clock shows another."""
    shown = f"{moment.astimezone(KAZAKHSTAN):%d.%m.%Y %H:%M}"
    is_here = moment.astimezone().utcoffset() == KAZAKHSTAN.utcoffset(None)
    return shown if is_here else f"{shown} (UTC+5)"


class Clock(Protocol):
    """What the desk may ask about time."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. May be wrong: never order anything by it."""
        ...

    def today(self) -> date:
        """The calendar day where the laptop stands."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start, never going back while the laptop runs; sleep counts."""
        ...


class SystemClock:
    """The laptop's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now().astimezone().date()

    def monotonic(self) -> float:
        # Linux alone stops `monotonic` while the laptop sleeps.
        boottime = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if boottime is None else time.clock_gettime(boottime)


PLAUSIBLE_YEARS: Final = range(2010, 2200)
"""A wall clock outside of these was never set, or set by mistake."""
