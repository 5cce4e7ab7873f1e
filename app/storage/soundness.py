"""Is the file itself whole, and are its tables, indexes and triggers those that the migrations make?"""

from typing import Final

from sqlalchemy import Connection

from app import paths
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.storage.migrations import REVISIONS

SNAPSHOT: Final = ("db", "migrations", "schema.sql")
# Alembic makes its one table itself; everything else has to be in the snapshot, word for word.
_SCHEMA: Final = (
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND NOT (type = 'table' AND name = 'alembic_version')"
)


def check_pages(connection: Connection) -> None:
    """CheckFailed where a page was damaged or exchanged, an index lies, or a reference points nowhere."""
    broken = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check").all()] if not broken else []
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if not broken else []
    if broken or found != ["ok"] or loose:
        sentence = N_("The database file is damaged. Keep it, and go on from a copy in the folder “backups”.")
        raise CheckFailed(Text(sentence))


def check_schema(connection: Connection) -> None:
    """CheckFailed that names a table, index or trigger that is missing, was changed, or is not ours."""
    wanted = set(_statements(paths.root().joinpath(*SNAPSHOT).read_text(encoding="utf-8")))
    found = {row[0] for row in connection.exec_driver_sql(_SCHEMA)}
    for statement in sorted(wanted - found):
        raise _failed(N_("The database was changed: {part} is missing or not as Saraptama made it."), statement)
    for statement in sorted(found - wanted):
        raise _failed(N_("The database was changed: {part} is not of Saraptama."), statement)
    versions = [row[0] for row in connection.exec_driver_sql("SELECT version_num FROM alembic_version")]
    if versions != [REVISIONS[-1]]:
        raise CheckFailed(Text(N_("The database was changed: the number of its revision is not the one it was given.")))


def _statements(snapshot: str) -> list[str]:
    return [statement for statement in snapshot.split(";\n") if statement]


def _failed(sentence: str, statement: str) -> CheckFailed:
    # "CREATE TRIGGER cases_stay BEFORE …": what it is and what it is called.
    return CheckFailed(Text(sentence, {"part": " ".join(statement.split("(", maxsplit=1)[0].split()[1:3])}))
