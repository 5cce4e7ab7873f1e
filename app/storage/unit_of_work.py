"""The only way to write: what changes, its audit row and, where it travels, its event, in ONE transaction.

    with begin() as work:
        seq = work.audit("field", case_id=…, path=…, old=…, new=…)
        cases.save(work, …)
        work.commit()

Without `commit()` nothing has happened.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final

from sqlalchemy import Connection

from app.crypto import signing
from app.domain.clock import Clock
from app.storage import installation, link
from app.storage.chain import AUDIT, EVENTS, Head
from app.storage.database import Database, driver
from app.storage.failures import said

VERSION: Final = 1
# Less than this is the network's time service at work.
CLOCK_TOLERANCE: Final = timedelta(seconds=120)
# A laptop that slept counts on; more than this beside the running clock is somebody's setting.
_LEAP: Final = timedelta(hours=24)
# Between sessions nothing runs: so long a pause is told, whether the clock or the people made it.
LONG_PAUSE: Final = timedelta(days=366)


class UnitOfWork:
    """One transaction in the name of one user. KnownError where the disk is full or refuses."""

    def __init__(self, database: Database, clock: Clock, actor: str, seed: bytes) -> None:
        """`actor` is a user's id, `seed` that user's signing key, which signs what will travel."""
        self._database = database
        self._clock = clock
        self._actor = actor
        self._seed = seed
        self._audited = False
        self._committed = False
        self._emitted = False
        self._clock_noticed = False

    @property
    def connection(self) -> Connection:
        """For the repositories of this room."""
        return self._database.connection

    def __enter__(self) -> "UnitOfWork":
        self._database.lock.acquire()
        try:
            self._run("BEGIN IMMEDIATE")
            self.now = self._clock.now()
            self._monotonic = int(self._clock.monotonic() * 1000)
        except BaseException:
            self._database.lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._committed:
                self._roll_back()
        finally:
            self._database.lock.release()
        if isinstance(error, Exception):
            known = said(error, self._database.path)
            if known is not None:
                raise known from error

    def audit(
        self,
        action: str,
        *,
        case_id: str | None = None,
        path: str | None = None,
        old: object = None,
        new: object = None,
        screen: str = "",
        reason: str = "",
    ) -> Head:
        """Write who changed what from what to what, and why where a reason was asked for; returns the new end of the
        audit trail."""
        self._audited = True
        self._notice_clock()
        record = {
            "v": VERSION,
            "action": action,
            "actor": self._actor,
            "wall_time": written_time(self.now),
            "monotonic": self._monotonic,
            "screen": screen,
            "path": path,
            "old": old,
            "new": new,
            **({"reason": reason} if reason else {}),
        }
        return AUDIT.append(self.connection, record, case_id)

    def emit(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        case_id: str | None = None,
        subject: str | None = None,
        pack_digest: str | None = None,
    ) -> Head:
        """Write an event of `link.md`, which will travel. It names the audit trail's end: what stays here is
        anchored in what the centre holds."""
        self._notice_clock()
        return self._emit(kind, payload, case_id=case_id, subject=subject, pack_digest=pack_digest)

    def commit(self) -> None:
        """Make everything durable at once; a defect of ours where nothing was audited."""
        if not self._audited:
            raise RuntimeError("a change without an audit row")
        self._run("COMMIT")
        self._committed = True
        self._database.emitted += self._emitted
        self._database.seen = (self.now, self._monotonic)

    def _emit(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        case_id: str | None = None,
        subject: str | None = None,
        pack_digest: str | None = None,
    ) -> Head:
        self._emitted = True
        identity = installation.identity(self.connection)
        audit = AUDIT.head(self.connection)
        record = {
            "v": VERSION,
            "device": identity.device,
            "incarnation": identity.incarnation,
            "actor": self._actor,
            "type": kind,
            "subject": subject,
            "wall_time": written_time(self.now),
            "monotonic": self._monotonic,
            # Only the centre's signed receipts give a trusted time; there is none before the first exchange.
            "last_trusted_time": link.trusted_time(self.connection),
            "pack_digest": pack_digest,
            "payload": {**payload, "audit_head": {"seq": audit.seq, "hash": audit.hash}},
        }

        def sign(message: bytes) -> dict[str, str]:
            seeds = {"device": identity.device_seed, "actor": self._seed}
            return {name: signing.sign(seed, signing.EVENT, message).hex() for name, seed in seeds.items()}

        return EVENTS.append(self.connection, record, case_id, sign)

    def _notice_clock(self) -> None:
        """A wall clock that went back since the newest record, or ahead of the running one, is itself an event."""
        if self._clock_noticed:
            return
        self._clock_noticed = True
        seen = self._database.seen
        before = seen[0] if seen else newest_time(self.connection)
        if before is None:
            return
        gone = self.now - before
        ran = timedelta(milliseconds=self._monotonic - seen[1]) if seen else LONG_PAUSE
        too_far = gone - ran > (_LEAP if seen else timedelta())
        if too_far or gone < -CLOCK_TOLERANCE:
            self._database.jumped = (before, self.now)
            self._emit("clock.jumped", {"before": written_time(before), "after": written_time(self.now)})

    def _roll_back(self) -> None:
        # A full disk makes SQLite roll back by itself; a second ROLLBACK would then be an error.
        if driver(self.connection).in_transaction:
            self._run("ROLLBACK")

    def _run(self, statement: str) -> None:
        try:
            driver(self.connection).execute(statement)
        except Exception as error:
            known = said(error, self._database.path)
            if known is not None:
                raise known from error
            raise


Begin = Callable[[], UnitOfWork]
"""What a service gets: begins a unit of work in the name of the signed-in user."""


def written_time(moment: datetime) -> str:
    """As it stands in records: UTC, microseconds, `Z`."""
    # Not strftime: it gives the year 1 one digit.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_time(written: str) -> datetime:
    """The moment of `written_time`."""
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def newest_time(connection: Connection) -> datetime | None:
    """The wall time of the newest audit row, None where there is none."""
    import json

    row = connection.exec_driver_sql("SELECT record FROM audit ORDER BY seq DESC LIMIT 1").first()
    return read_time(json.loads(row[0])["wall_time"]) if row else None
