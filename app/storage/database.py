"""The encrypted file: open, make, read. Writing goes through `unit_of_work` alone.

One connection for the life of the desk: SQLCipher's set-up is paid once, and every statement is seen by SQLite in
the order in which it was given. A lock lets a second thread wait instead of tripping over an open transaction.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.storage import files
from app.storage.failures import BUSY, DAMAGED, MISSING, sentences

__all__ = ["KEY_BYTES", "Connection", "Database", "connect", "driver", "is_whole", "refuse_while_open"]

KEY_BYTES: Final = 32
LOG, INDEX = "-wal", "-shm"
"""What SQLite keeps beside the file while it is open; a killed process leaves both."""
# The file's user_version: a copy says of itself that it is one, so that a desk which opens it knows.
_COPY: Final = 1


def connect(path: Path, key: bytes) -> Any:
    """A bare SQLCipher connection, without implicit transactions. A wrong key or a torn file fails here, at the
    first read; so does a file that another connection has open."""
    connection = _keyed(str(path), key)
    try:
        # No second program beside this one, even where the lock file was deleted. Before the first read: then the
        # index of the write-ahead log stays in memory.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Up to 64 MB of decrypted pages: searching thousands of cases decrypts each page once.
        connection.execute("PRAGMA cache_size = -65536")
        # Sorting must not spill case content into temporary files.
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def is_whole(path: Path, key: bytes, *, log: bool) -> bool:
    """Whether every page opens with the key and every table agrees with its indexes. The file is only read, with
    the write-ahead log beside it or as if there were none. SQLCipher's exceptions for a failure of the disk."""
    try:
        # `ro` never folds a log into the file, `immutable` does not even look at it.
        connection = _keyed(f"{path.absolute().as_uri()}?{'mode=ro' if log else 'immutable=1'}", key, uri=True)
        try:
            return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
        finally:
            connection.close()
    except dbapi2.DatabaseError as error:
        if str(error).casefold().startswith(("file is not a database", "database disk image is malformed")):
            return False
        raise


def refuse_while_open(path: Path) -> None:
    """KnownError where somebody works in this database; without its key, and whatever state it is in."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        # What is locked says so before it says that it can't be read.
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error as error:
        if "locked" in str(error):
            raise KnownError(Text(BUSY, {"path": str(path)})) from error
    finally:
        connection.close()


def _keyed(name: str, key: bytes, *, uri: bool = False) -> Any:
    if len(key) != KEY_BYTES:
        raise ValueError("the key has 32 bytes")
    # The desk's lock stands in for SQLite's check of the thread (see the module's docstring).
    connection = dbapi2.connect(name, isolation_level=None, check_same_thread=False, uri=uri)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    except BaseException:
        connection.close()
        raise
    return connection


def driver(connection: Connection) -> Any:
    """The driver's own connection, for the few statements of a saved field: there SQLAlchemy's bookkeeping would
    cost more than writing to the disk does."""
    return connection.connection.driver_connection


class Database:
    """An open database. `close()` it; nothing else releases the file."""

    def __init__(self, path: Path, key: bytes) -> None:
        """KnownError where the file is missing, empty, damaged or can't be written; makes no file."""
        if not path.is_file():
            raise KnownError(Text(MISSING, {"path": str(path)}))
        if path.stat().st_size == 0:
            # SQLite would take it for a new database.
            raise KnownError(Text(DAMAGED, {"path": str(path)}))
        self._open(path, key)

    def _open(self, path: Path, key: bytes) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._key = key
        self.set_aside: Path | None = None
        """The folder that holds a write-ahead log which was found beside the file and belongs to another one."""
        self.seen: tuple[datetime, int] | None = None
        """Wall and running clock (milliseconds) of the last record of this session."""
        self.emitted = 0
        """Units of work of this session that wrote records of the log; read on any thread."""
        self.jumped: tuple[datetime, datetime] | None = None
        """From where to where the wall clock jumped in this session, last."""
        with sentences(path):
            self._refuse_foreign_log()
            self._engine = sqlalchemy.create_engine(
                "sqlite://", module=dbapi2, creator=lambda: connect(path, key), poolclass=StaticPool
            )
            # Transactions are begun and ended by `unit_of_work` in words of SQL, so the driver begins none.
            self.connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    def make(cls, path: Path, key: bytes) -> "Database":
        """A new, empty, encrypted file that only its owner may read."""
        with sentences(path):
            path.touch(mode=0o600, exist_ok=False)
        made = cls.__new__(cls)
        made._open(path, key)
        return made

    def is_copy(self) -> bool:
        """Whether this file was made as a copy and nobody has worked in it since."""
        with self.reading():
            return bool(driver(self.connection).execute("PRAGMA user_version").fetchone()[0] == _COPY)

    def mark_as_copy(self) -> None:
        """For a copy that an older release made, which doesn't say so of itself."""
        with self.reading():
            driver(self.connection).execute(f"PRAGMA user_version = {_COPY}")

    def is_copy_no_more(self) -> None:
        """For the transaction that makes a copy the desk's database."""
        driver(self.connection).execute("PRAGMA user_version = 0")

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, for SELECT; KnownError where the file can't be read."""
        with self.lock, sentences(self.path):
            yield self.connection

    def copy_to(self, path: Path) -> None:
        """An encrypted copy under the same key, by SQLite's backup, checked page by page; KnownError.

        It gets its name last: what bears the name of a copy is whole.
        """
        beside = path.with_name(path.name + ".part")
        with self.lock, sentences(path), files.sentences(path):
            try:
                _clear(beside)
                beside.touch(mode=0o600)
                self._fill(beside)
                with beside.open("r+b") as file:
                    os.fsync(file.fileno())
                beside.rename(path)
                files.flush_directory(path.parent)
            finally:
                _clear(beside)

    def _fill(self, path: Path) -> None:
        copy = connect(path, self._key)
        try:
            driver(self.connection).backup(copy)
            copy.execute(f"PRAGMA user_version = {_COPY}")
            # One file, without a log beside it.
            copy.execute("PRAGMA locking_mode = NORMAL")
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check").fetchall()
            broken = copy.execute("PRAGMA cipher_integrity_check").fetchall()
        finally:
            copy.close()
        if found != [("ok",)] or broken:
            sentence = N_("The copy of the database is damaged: {path}. Check the disk, then try again.")
            raise KnownError(Text(sentence, {"path": str(path)}))

    def _refuse_foreign_log(self) -> None:
        """SQLite replays whatever log lies beside a file. One that was left by another file, in whose place this one
        was put, would damage this one: such a log is moved into a folder of its own before anything is opened.
        """
        log = Path(f"{self.path}{LOG}")
        if not log.is_file() or log.stat().st_size == 0 or self.path.stat().st_size == 0:
            return
        if is_whole(self.path, self._key, log=True) or not is_whole(self.path, self._key, log=False):
            # Either the log is this file's own, or the file is damaged without it too: then nothing is touched.
            return
        with files.sentences(log):
            self.set_aside = files.new_folder(self.path.parent, "set-aside")
            for suffix in (LOG, INDEX):
                left = Path(f"{self.path}{suffix}")
                if left.exists():
                    left.rename(self.set_aside / left.name)
            files.flush_directory(self.path.parent)

    def close(self) -> None:
        """Harmless when called twice. The write-ahead log is folded into the file."""
        with self.lock:
            self.connection.close()
            self._engine.dispose()


def _clear(path: Path) -> None:
    for suffix in ("", LOG, INDEX, "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
