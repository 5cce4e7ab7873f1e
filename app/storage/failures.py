"""What SQLCipher reports, as sentences. Its exceptions are not those of `sqlite3`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy.exc
from sqlcipher3 import dbapi2

from app.domain.errors import CheckFailed, KnownError, Told
from app.domain.text import N_, Text

_FULL = N_("The disk of {path} is full, the last change was not saved. Free some space on it, then try again.")
_READ_ONLY = N_("The database can't be written: {path}. Give yourself the right to write there, then try again.")
_NO_ENTRY = N_(
    "The database can't be opened: {path}. Check the disk, and that you have the right to read and write it."
)
# The command moves the damaged files aside together; a copy that is put in their place by hand leaves some behind.
DAMAGED = N_(
    "The database is damaged: {path}. Nothing was changed. Bring in a copy with the command: saraptama restore."
)
MISSING = N_("The database is missing: {path}. Put it back, or bring in a copy with the command: saraptama restore.")
BUSY = N_("Another program is using the database: {path}. Close it, then try again.")
_DISK = N_(
    "The disk of {path} refused to read or write, the last change was not saved. Check the disk, then try again."
)

_CHANGED = N_("The database is not as Saraptama made it: {path}. Somebody changed its tables with another program.")

# What SQLite says where tables were taken away, renamed or put in the way.
_NOT_OURS = ("no such table", "no such column", "already exists")
# Part of SQLite's message → the sentence. SQLite's messages are part of its interface and never translated.
_SENTENCES: tuple[tuple[str, str], ...] = (
    ("is full", _FULL),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("unable to open", _NO_ENTRY),
    ("not a database", DAMAGED),
    ("malformed", DAMAGED),
    ("locked", BUSY),
    ("disk i/o error", _DISK),
)


@contextlib.contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn a failure of the surroundings into a KnownError, a changed schema into CheckFailed; a failure of ours
    passes through unchanged."""
    try:
        yield
    except (sqlalchemy.exc.DBAPIError, dbapi2.Error) as error:
        known = said(error, path)
        if known is None:
            raise
        raise known from error


def said(error: Exception, path: Path) -> Told | None:
    """The sentence for a failure of the surroundings or a changed database, None for a defect."""
    original = getattr(error, "orig", None) or error
    # Only what SQLite itself says: a sentence of ours may hold the same words.
    if not isinstance(original, dbapi2.Error) or isinstance(original, dbapi2.IntegrityError):
        return None
    message = str(original).casefold()
    if any(part in message for part in _NOT_OURS):
        return CheckFailed(Text(_CHANGED, {"path": str(path)}))
    for part, sentence in _SENTENCES:
        if part in message:
            return KnownError(Text(sentence, {"path": str(path)}))
    return None
