"""The centre's database: PostgreSQL where many laptops send, SQLite for a trial on one machine; one schema for both.

    devices        who may send: keys, department, certificate; `revoked_at` where no longer
    invitations    codes that admit one laptop each, hashed
    incarnations   the lines of each log: line 0, and one more for each fork. A line begins after a record of
                   (`after_incarnation`, `after_line`), or with the log itself; `aside` until a person adopts it;
                   `receipt`: the newest one for it
    batches        what was signed at the head of each stretch of events, and when it came
    events         the records, byte for byte as they came. Nothing in this table is ever changed
    progress       how far a line is interpreted, and counts; `look_again`: an attachment has come since
    unapplied      events that are interpreted and not applied: `waiting_attachment` (`came` of `whole`), `quarantined`
                   (`reason`); `again` where a person wants it judged anew. So an event's state is: `received` beyond
                   `interpreted_upto`, what stands here, else `applied` – and `events` stays as it was written
    attachments, chunks    copies that events of the incarnation name, piece by piece
    receipts       every receipt that was given; `leaf_index` once it stands in the log (RFC 6962)
    tree_heads     the heads of that log that were published
    set_aside      sealed batches that were refused, for inquiry
    bundles        ids of the bundles that were taken
    alarms         what a person at the centre has to look at; `name` is the same for the same cause

Every query on the way of a batch carries the incarnation, so that it stays on one partition or shard.

Migrations are numbered files in `migrations/`, walked up in one transaction each. The commonest part of SQL serves
both databases; `text()` with named parameters is the way to ask.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from app.domain.errors import KnownError
from app.domain.text import N_, Text

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy.engine.interfaces import DBAPIConnection

NETWORK, STICK = "network", "stick"
"""the ways on which a batch comes"""
_PATIENCE: Final = 30
"""seconds that one writer waits for another (SQLite) or for a connection"""
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "postgresql": {
        "{id}": 'TEXT COLLATE "C"',
        "{serial}": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        "{hashed}": "PARTITION BY HASH (incarnation)",
    },
    "sqlite": {"{id}": "TEXT", "{serial}": "INTEGER PRIMARY KEY AUTOINCREMENT", "{hashed}": ""},
}
# one number for everybody who walks the migrations of a PostgreSQL database
_MIGRATING: Final = 7_209_166_001


class Store:
    """An open database. Safe to share between threads; close it at the end."""

    def __init__(self, address: str | Path, *, connections: int = 8, prepared: bool = True) -> None:
        """`address`: `postgresql://…`, or the path of a SQLite file, which is made. `prepared`: whether statements may
        be prepared for good, which a pooler between (PgBouncer before 1.21) doesn't bear.

        KnownError where it can't be reached.
        """
        self.address = str(address)
        self.is_postgresql = self.address.startswith(("postgresql://", "postgres://"))
        self.prepared = prepared
        self._engine = self._postgresql(connections) if self.is_postgresql else _sqlite(Path(address))
        try:
            with self.begin():
                pass
        except DBAPIError as error:
            self._engine.dispose()
            sentence = N_(
                "The centre's database does not answer. Check SARAPTAMA_CENTRE_DATABASE and the server's log."
            )
            raise KnownError(Text(sentence)) from error

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def begin(self, *, write: bool = False) -> Iterator[Connection]:
        """A transaction, committed at the end and rolled back by an exception. `write`: it will write; SQLite then
        takes its one pen at once. What was written is durable when this returns."""
        with self._engine.connect() as connection:
            if not self.is_postgresql:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def migrate(self) -> list[str]:
        """Walk up what is missing; the names of what was walked. KnownError where the database is newer than this
        program."""
        done: list[str] = []
        with self.begin(write=True) as connection:
            if self.is_postgresql:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATING})
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)")
            there = {row[0] for row in connection.execute(text("SELECT name FROM migrations"))}
        known = sorted(migrations())
        if there - set(known):
            newer = N_(
                "This database was written by a newer version of the centre. Bring the program up to date first."
            )
            raise KnownError(Text(newer))
        for name in known:
            with self.begin(write=True) as connection:
                if self.is_postgresql:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATING})
                if connection.execute(text("SELECT 1 FROM migrations WHERE name = :name"), {"name": name}).first():
                    continue
                for statement in statements(migrations()[name], "postgresql" if self.is_postgresql else "sqlite"):
                    connection.exec_driver_sql(statement)
                connection.execute(text("INSERT INTO migrations (name) VALUES (:name)"), {"name": name})
                done.append(name)
        return done

    def is_ready(self) -> bool:
        """Whether the database answers and is walked up."""
        try:
            with self.begin() as connection:
                there = {row[0] for row in connection.execute(text("SELECT name FROM migrations"))}
        except DBAPIError:
            return False
        return there == set(migrations())

    def _postgresql(self, connections: int) -> Engine:
        address = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.address)
        settings = {} if self.prepared else {"prepare_threshold": None}
        engine = create_engine(
            address,
            poolclass=QueuePool,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=_PATIENCE,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "application_name": "saraptama-centre", **settings},
        )

        @event.listens_for(engine, "connect")
        def _teach(connection: "psycopg.Connection[Any]", _record: object) -> None:
            from app.centre import arrays

            arrays.know(connection)

        return engine


def migrations() -> Mapping[str, str]:
    """The migrations by name."""
    folder = files("app.centre") / "migrations"
    return {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".sql")}


def statements(script: str, dialect: str) -> Iterator[str]:
    """The statements of a migration for `postgresql` or `sqlite`; an empty line stands between two."""
    for paragraph in re.split(r"\n\s*\n", script):
        lines = paragraph.strip().splitlines()
        only = next((line.split()[-1] for line in lines if line.startswith("-- only ")), dialect)
        statement = "\n".join(line for line in lines if not line.startswith("--"))
        if not statement or only != dialect:
            continue
        for word, meant in _WORDS[dialect].items():
            statement = statement.replace(word, meant)
        # What the driver would take for a parameter.
        yield statement.replace("%", "%%") if dialect == "postgresql" else statement


def now() -> str:
    """The centre's clock, as times stand in the log."""
    seconds, left = divmod(time.time_ns() // 1000, 1_000_000)
    return f"{_second(seconds)}.{left:06}Z"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def raise_alarm(
    connection: Connection,
    kind: str,
    name: str,
    told: Mapping[str, Any],
    *,
    device: str | None = None,
    incarnation: str | None = None,
    seq: int | None = None,
) -> None:
    """Tell a person at the centre, once for each `name`. `told` has no personal data in it."""
    connection.execute(
        text(
            "INSERT INTO alarms (name, kind, device, incarnation, seq, told, made_at)"
            " VALUES (:name, :kind, :device, :incarnation, :seq, :told, :now) ON CONFLICT (name) DO NOTHING"
        ),
        {"name": f"{kind}/{name}", "kind": kind, "device": device, "incarnation": incarnation, "seq": seq,
         "told": json.dumps(dict(told)), "now": now()},
    )  # fmt: skip


MOST_ASIDE: Final = 200
"""refused batches that are kept of one laptop"""


def set_aside(connection: Connection, device: str, raw: bytes, reason: str, way: str) -> None:
    """Keep a refused batch for inquiry, as it came; of one laptop no more than a person could look at."""
    kept = text("SELECT count(*) FROM set_aside WHERE device = :device")
    if connection.execute(kept, {"device": device}).scalar_one() >= MOST_ASIDE:
        return
    connection.execute(
        text(
            "INSERT INTO set_aside (device, raw_hash, raw, reason, received_at, way)"
            " VALUES (:device, :hash, :raw, :reason, :now, :way) ON CONFLICT (raw_hash) DO NOTHING"
        ),
        {"device": device, "hash": hashlib.sha256(raw).digest(), "raw": raw, "reason": reason, "now": now(),
         "way": way},
    )  # fmt: skip


def _sqlite(path: Path) -> Engine:
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, pool_size=8,
                           max_overflow=8, connect_args={"timeout": _PATIENCE, "check_same_thread": False})  # fmt: skip

    @event.listens_for(engine, "connect")
    def _settle(connection: "DBAPIConnection", _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say
        cursor = connection.cursor()
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    return engine
