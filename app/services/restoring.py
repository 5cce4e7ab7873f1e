"""Bringing a copy in, in the place of the desk's files. Nothing is destroyed: what was there is moved aside.

The database, its write-ahead log and the keys are one unit: a log left beside another database would be replayed into
it. They are moved together, the database first: without it nobody can sign in by halves.
"""

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.crypto.slots import Cost
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.services.access import BACKUPS, DATABASE, KEYS, PATTERN
from app.services.backups import KEYS_SUFFIX
from app.services.keyring import KeyRing
from app.storage import failures, files
from app.storage.database import INDEX, LOG, Database, is_whole, refuse_while_open

_BROUGHT: Final = ".restored"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in the folder of backups: when it was made, and its size in bytes."""

    path: Path
    made_at: datetime
    size: int


def copies(data_dir: Path) -> tuple[Copy, ...]:
    """Newest first."""
    found = []
    with files.sentences(data_dir):
        for path in sorted((data_dir / BACKUPS).glob(PATTERN), reverse=True):
            about = path.stat()
            found.append(Copy(path, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size))
    return tuple(found)


def restore(data_dir: Path, copy: str | Path, login: str, passphrase: str, cost: Cost) -> Path:
    """See `Access.restore`. Needs the desk's lock."""
    source = _found(data_dir, copy)
    keys = source.with_suffix(KEYS_SUFFIX)
    ring = KeyRing(data_dir, cost)
    # A copy that came without its keys is opened by the present ones: a desk keeps its database's key for life.
    ring.path = keys if keys.is_file() else ring.path
    slots = ring.read()
    bundle = ring.open_with_passphrase(login, passphrase)
    brought, brought_keys = data_dir / f"{DATABASE}{_BROUGHT}", data_dir / f"{KEYS}{_BROUGHT}"
    with files.sentences(data_dir), failures.sentences(source):
        try:
            _bring(source, brought)
            if not is_whole(brought, bundle.database_key, log=False):
                sentence = N_("The copy is damaged: {path}. Nothing was changed. Choose another copy.")
                raise KnownError(Text(sentence, {"path": str(source)}))
            database = Database(brought, bundle.database_key)
            try:
                database.mark_as_copy()
            finally:
                database.close()
            files.write_whole(brought_keys, slots.to_bytes())
            # The lock file may have been deleted while the desk was open.
            refuse_while_open(data_dir / DATABASE)
            aside = _move_aside(data_dir)
            brought_keys.rename(data_dir / KEYS)
            brought.rename(data_dir / DATABASE)
            files.flush_directory(data_dir)
        finally:
            for left in (brought, Path(f"{brought}{LOG}"), Path(f"{brought}{INDEX}"), brought_keys):
                with contextlib.suppress(OSError):
                    left.unlink(missing_ok=True)
    return aside


def _found(data_dir: Path, copy: str | Path) -> Path:
    for path in (data_dir / BACKUPS / copy, Path(copy)):
        if path.is_file() and path.resolve() != (data_dir / DATABASE).resolve():
            return path
    sentence = N_("There is no such copy: {path}. See which there are: saraptama restore.")
    raise UserError(Text(sentence, {"path": str(copy)}))


def _bring(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        os.fsync(file.fileno())


def _move_aside(data_dir: Path) -> Path:
    aside = files.new_folder(data_dir, "set-aside")
    for name in (DATABASE, f"{DATABASE}{LOG}", f"{DATABASE}{INDEX}", KEYS):
        if (data_dir / name).exists():
            (data_dir / name).rename(aside / name)
    files.flush_directory(aside)
    files.flush_directory(data_dir)
    return aside
