"""How much one caller may ask, how much memory all of them together may take, how much is worked at at once. In this
process alone: each worker counts for itself, so `n` workers bear `n` times as much."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_MOST_CALLERS: Final = 20_000
_HALF: Final = 5.0
"""seconds after which what was sent away counts half"""
_FIRST: Final = 0.1
"""seconds that a turn takes, before any was seen"""
_LATEST: Final = 15
"""seconds that somebody is told to stay away at most"""


class Rate:
    """A bucket for each caller: `burst` requests at once, `a_second` more as time goes by."""

    def __init__(self, a_second: float, burst: float, clock: Callable[[], float]) -> None:
        self._a_second, self._burst, self._clock = a_second, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, caller: str) -> bool:
        """Whether this request may go on; it is counted."""
        now = self._clock()
        left, at = self._left.pop(caller, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._a_second)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST_CALLERS:
            self._left.popitem(last=False)
        return allowed


class Memory:
    """Bytes of bodies that are read at the same time; who comes later waits."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._freed = asyncio.Event()

    @asynccontextmanager
    async def of(self, size: int) -> AsyncIterator[None]:
        """So many bytes for as long as the block. `size` is below what there is in all."""
        while self._left < size:
            self._freed.clear()
            await self._freed.wait()
        self._left -= size
        try:
            yield
        finally:
            self._left += size
            self._freed.set()


class Turns:
    """Work that is done at the same time, in bytes that are to be worked at, each at least so many; who comes later
    waits in a row, and not for long.

    When many come at once, all of them would be answered late if all were let in. So those who are let in are answered
    soon, and the others are told to come again. Who must not be sent away waits before all others, however long.
    `after`: turns of more urgent work; while anybody waits for one of those, nobody else is let in here.
    """

    def __init__(self, most: int, clock: Callable[[], float], *, least: int = 1, after: "Turns | None" = None) -> None:
        self._most = self._left = most
        self._least, self._after = least, after
        self._clock = clock
        self._urgent: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._others: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._sent_away, self._at, self._seconds = 0.0, clock(), _FIRST

    @asynccontextmanager
    async def of(self, size: int, patience: float | None) -> AsyncIterator[None]:
        """A turn for as long as the block; TimeoutError where none came within so many seconds (None: it will)."""
        size = self._counted(size)
        await self._take(size, patience)
        began = self._clock()
        try:
            yield
        finally:
            self._seconds += (self._clock() - began - self._seconds) / 16
            self._left += size
            self._call()

    def comes_within(self, seconds: float) -> bool:
        """Whether who comes now will get a turn so soon, by those who wait already and how long a turn takes."""
        if self._after is not None and (self._after._urgent or self._after._others):
            return False
        waiting = sum(size for row in (self._urgent, self._others) for size, _ in row)
        return waiting / self._most * self._seconds <= seconds

    def send_away(self, size: int) -> None:
        """So much work was told to come again; it counts for how long others are told to stay away."""
        self._fade()
        self._sent_away += self._counted(size)

    def retry_after(self) -> int:
        """Seconds after which who was sent away may come again: as long as those like it will take."""
        self._fade()
        return max(1, min(_LATEST, round(self._sent_away / self._most * self._seconds)))

    def _counted(self, size: int) -> int:
        return min(max(size, self._least), self._most)

    async def _take(self, size: int, patience: float | None) -> None:
        if self._left >= size and not self._urgent and not self._others:
            self._left -= size
            return
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        row = self._urgent if patience is None else self._others
        row.append((size, called))
        self._call()
        try:
            async with asyncio.timeout(patience):
                await called
        except BaseException as error:
            if called.done() and not called.cancelled():
                # It was called in the very moment in which it went.
                self._left += size
            elif (size, called) in row:
                row.remove((size, called))
            if isinstance(error, TimeoutError):
                self.send_away(size)
            self._call()
            raise

    def _call(self) -> None:
        for row in (self._urgent, self._others):
            while row:
                size, called = row[0]
                if called.done():  # cancelled: it takes itself out
                    row.popleft()
                    continue
                if self._left < size:
                    return
                row.popleft()
                self._left -= size
                called.set_result(None)

    def _fade(self) -> None:
        now = self._clock()
        self._sent_away, self._at = self._sent_away * 0.5 ** ((now - self._at) / _HALF), now
