"""Growing pauses after failures to sign in, by login and by address, alike for logins that exist and that don't.

An attempt counts before it is judged and is taken back when it was right, so that many guesses at once are counted too.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.centre.console.tables import FAILURES

FREE: Final = 4
"""attempts without a pause"""
FREE_ADDRESS: Final = 20
"""the same for an address: a department sits behind one"""
FIRST_PAUSE: Final = 5
LONGEST_PAUSE: Final = 15 * 60
FORGOTTEN: Final = 24 * 3600
"""seconds after the last failure"""


def key(kind: str, value: str) -> str:
    """What stands in the table for a login or an address: nobody reads there who tried."""
    return hashlib.sha256(f"saraptama/console-failure/1\0{kind}\0{value}".encode("utf-8", "replace")).hexdigest()


def pause(connection: Connection, keys: Sequence[str], now: float) -> int:
    """Seconds until an attempt is taken again; 0: now."""
    found = connection.execute(select(FAILURES.c.until).where(FAILURES.c.who.in_(keys))).scalars()
    return max([0, *(int(until - now) + 1 for until in found if until > now)])


def count(connection: Connection, who: str, free: int, now: float) -> None:
    """One more attempt; from the one after the free ones on, a pause twice as long as the one before."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = insert(FAILURES).values(who=who, count=1, until=0, last_at=int(now))
    connection.execute(
        added.on_conflict_do_update(
            index_elements=[FAILURES.c.who], set_={"count": FAILURES.c["count"] + 1, "last_at": int(now)}
        )
    )
    times = connection.execute(select(FAILURES.c["count"]).where(FAILURES.c.who == who)).scalar_one()
    if times > free:
        # An exponent without bounds would be a number without bounds.
        seconds = min(FIRST_PAUSE * 2 ** min(times - free - 1, 10), LONGEST_PAUSE)
        connection.execute(update(FAILURES).where(FAILURES.c.who == who).values(until=int(now) + seconds))


def forgive(connection: Connection, keys: Sequence[str]) -> None:
    """The attempt was right."""
    connection.execute(delete(FAILURES).where(FAILURES.c.who.in_(keys)))


def forget_old(connection: Connection, now: float) -> None:
    """Drop what is a day old."""
    connection.execute(delete(FAILURES).where(FAILURES.c.last_at < int(now) - FORGOTTEN))
