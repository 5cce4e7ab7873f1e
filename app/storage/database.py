"""The encrypted file: open, make, read. Writing goes through `unit_of_work` alone.

One connection for the life of the desk: SQLCipher's set-up is paid once, and every statement is seen by SQLite in
the order in which it was given. A lock lets a second thread wait instead of tripping over an open transaction.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.storage.failures import sentences

__all__ = ["KEY_BYTES", "Connection", "Database", "connect", "driver"]

KEY_BYTES: Final = 32


def connect(path: Path, key: bytes) -> Any:
    """A bare SQLCipher connection, without implicit transactions. A wrong key or a torn file fails here, at the
    first read."""
    if len(key) != KEY_BYTES:
        raise ValueError("the key has 32 bytes")
    # The desk's lock stands in for SQLite's check of the thread (see the module's docstring).
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
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


def driver(connection: Connection) -> Any:
    """The driver's own connection, for the few statements of a saved field: there SQLAlchemy's bookkeeping would
    cost more than writing to the disk does."""
    return connection.connection.driver_connection


class Database:
    """An open database. `close()` it; nothing else releases the file."""

    def __init__(self, path: Path, key: bytes) -> None:
        """KnownError where the file is missing, damaged or can't be written; makes no file."""
        if not path.is_file():
            raise KnownError(
                Text(N_("The database is missing: {path}. Put it back, or a copy from the folder “backups”."),
                     {"path": str(path)})
            )  # fmt: skip
        self.path = path
        self.lock = threading.RLock()
        self._key = key
        with sentences(path):
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
        return cls(path, key)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, for SELECT; KnownError where the file can't be read."""
        with self.lock, sentences(self.path):
            yield self.connection

    def copy_to(self, path: Path) -> None:
        """An encrypted copy under the same key, by SQLite's backup, checked page by page; KnownError."""
        with self.lock, sentences(path):
            path.touch(mode=0o600, exist_ok=False)
            copy = connect(path, self._key)
            try:
                source = driver(self.connection)
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                found = copy.execute("PRAGMA integrity_check").fetchall()
                broken = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            finally:
                copy.close()
            if found != [("ok",)] or broken:
                path.unlink()
                raise KnownError(
                    Text(N_("The copy of the database is damaged: {path}. Check the disk, then try again."),
                         {"path": str(path)})
                )  # fmt: skip

    def close(self) -> None:
        """Harmless when called twice. The write-ahead log is folded into the file."""
        with self.lock:
            self.connection.close()
            self._engine.dispose()
