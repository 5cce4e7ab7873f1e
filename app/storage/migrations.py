"""Bringing a database to this release's revision, with a backup first.

Alembic is imported only where there is something to do: that saves 0.1 s at each sign-in.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import text

from app import paths
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.storage.database import Database
from app.storage.failures import sentences

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
"""The revisions of db/migrations/versions, oldest first; a test compares."""


def revision(database: Database) -> str | None:
    """The database's revision; None for an empty one."""
    with database.reading() as connection:
        if not connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).first():
            return None
        row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
        return str(row[0]) if row else None


def bring_up_to_date(database: Database, backup: Callable[[], Path] | None) -> bool:
    """Migrate where the revision differs; whether it did. `backup` makes a copy (None: an empty database).

    KnownError for a database of a newer release, which is left as it is.
    """
    found = revision(database)
    if found == REVISIONS[-1]:
        return False
    if found is not None and found not in REVISIONS:
        sentence = N_("A newer Saraptama wrote the database {path} (revision {revision}). Install the newer program.")
        raise KnownError(Text(sentence, {"revision": found, "path": str(database.path)}))
    if found is not None and backup is not None:
        backup()
    migrate(database, "head")
    return True


def migrate(database: Database, target: str) -> None:
    """Walk to a revision, up or down, in one transaction; nothing is changed where a step fails."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(paths.root() / "db" / "migrations").replace("%", "%%"))
    with database.lock, sentences(database.path):
        connection = database.connection
        config.attributes["connection"] = connection
        going_down = target == "base" or (target in REVISIONS and target < (revision(database) or ""))
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            (command.downgrade if going_down else command.upgrade)(config, target)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
