"""The centre's audit trail: who did what when, from what, to what. Append-only; each row names the hash of the row
before, so that nothing can be taken out or changed unseen. No personal data in it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, TableClause, column, func, insert, select, table, text

from app.crypto import digests
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text

PURPOSE: Final = "centre-audit"
NO_HASH: Final = "0" * 64
COMMAND_LINE: Final = "command-line"
"""the actor of what is done by `saraptama-centre`"""
CENTRE: Final = "the centre"
"""the actor of what nobody did, which follows from records"""
ACTORS: Final = frozenset({COMMAND_LINE, CENTRE})
"""who is no user: nobody's login"""
AUDIT: Final[TableClause] = table(
    "centre_audit",
    *map(column, ("seq", "actor", "action")),
    column("hash", LargeBinary()),
    column("record", LargeBinary()),
)
_LOCK: Final = 0x53617261  # any number of our own: one writer of the trail at a time


@dataclass(frozen=True, slots=True)
class Row:
    """One act. `actor`: a login, or `COMMAND_LINE`; `before`, `after`: what was and is, where something changed."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str


def write(
    connection: Connection,
    now: float,
    actor: str,
    action: str,
    subject: str = "",
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> int:
    """Add one row in the transaction of the act itself; gives its number. Runs alone until the transaction ends."""
    alone(connection)
    last = connection.execute(select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    seq, prev = (last.seq + 1, last.hash.hex()) if last else (1, NO_HASH)
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    record = digests.canonical(
        {"v": 1, "seq": seq, "prev_hash": prev, "at": at, "actor": actor, "action": action, "subject": subject,
         "before": before, "after": after, "reason": reason}
    )  # fmt: skip
    value = digests.digest(PURPOSE, record)
    connection.execute(insert(AUDIT).values(seq=seq, actor=actor, action=action, hash=value, record=record))
    return int(seq)


def by_command(connection: Connection, action: str, subject: str = "", **told: Any) -> int:
    """The same for an act of the command line, now."""
    return write(connection, time.time(), COMMAND_LINE, action, subject, **told)


def alone(connection: Connection) -> None:
    """Wait until no other act is being written; it stays so until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})


def rows(
    connection: Connection, *, actor: str = "", action: str = "", offset: int = 0, limit: int = 50
) -> tuple[list[Row], int]:
    """Newest first, and how many there are in all."""
    chosen = select(AUDIT.c.record)
    counted = select(func.count()).select_from(AUDIT)
    if actor:
        chosen, counted = chosen.where(AUDIT.c.actor == actor), counted.where(AUDIT.c.actor == actor)
    if action:
        chosen, counted = chosen.where(AUDIT.c.action == action), counted.where(AUDIT.c.action == action)
    found = connection.execute(chosen.order_by(AUDIT.c.seq.desc()).offset(offset).limit(limit))
    return [_row(one.record) for one in found], int(connection.execute(counted).scalar_one())


def names(connection: Connection) -> tuple[list[str], list[str]]:
    """The actors and the actions that occur."""
    actors = connection.execute(select(AUDIT.c.actor).distinct().order_by(AUDIT.c.actor)).scalars()
    actions = connection.execute(select(AUDIT.c.action).distinct().order_by(AUDIT.c.action)).scalars()
    return list(actors), list(actions)


def check(connection: Connection) -> tuple[int, str]:
    """Walk the whole trail; its length and the hash of its head. CheckFailed at the first row that is not what was
    written."""
    seq, prev = 0, NO_HASH
    found = connection.execution_options(yield_per=1000).execute(
        select(AUDIT.c.seq, AUDIT.c.actor, AUDIT.c.action, AUDIT.c.hash, AUDIT.c.record).order_by(AUDIT.c.seq)
    )
    for one in found:
        if one.seq != seq + 1:
            raise CheckFailed(Text(N_("The audit trail of the centre: row {seq} is missing."), {"seq": seq + 1}))
        told = _fields(one.record)
        if (
            digests.digest(PURPOSE, one.record) != one.hash
            or told.get("prev_hash") != prev
            or (told.get("seq"), told.get("actor"), told.get("action")) != (one.seq, one.actor, one.action)
        ):
            raise CheckFailed(
                Text(N_("The audit trail of the centre: row {seq} was changed after it was written."), {"seq": one.seq})
            )
        seq, prev = one.seq, one.hash.hex()
    return seq, prev


def _fields(record: bytes) -> dict[str, Any]:
    try:
        told = json.loads(record)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _row(record: bytes) -> Row:
    told = _fields(record)
    return Row(
        seq=told.get("seq", 0),
        at=datetime.fromisoformat(str(told.get("at", "1970-01-01T00:00:00Z")).replace("Z", "+00:00")),
        actor=str(told.get("actor", "")),
        action=str(told.get("action", "")),
        subject=str(told.get("subject", "")),
        before=told.get("before"),
        after=told.get("after"),
        reason=str(told.get("reason", "")),
    )
