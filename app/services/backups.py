"""Encrypted copies of the database inside the data directory."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.services.access import PATTERN
from app.storage import files

if TYPE_CHECKING:
    from app.domain.clock import Clock
    from app.services.keyring import KeyRing
    from app.storage.database import Database

KEYS_SUFFIX: Final = ".keys.json"


class BackupService:
    """A copy is opened by the same passphrases as the database was when it was made."""

    def __init__(self, database: "Database", keys: "KeyRing", folder: Path, clock: "Clock") -> None:
        self._database = database
        self._keys = keys
        self._folder = folder
        self._clock = clock

    def make(self) -> Path:
        """Copy, check the copy, and return its path. KnownError where the disk is full or the copy is damaged;
        then nothing is left of it."""
        path = self._next_path()
        keys = path.with_suffix(KEYS_SUFFIX)
        try:
            # The keys first: what is listed as a copy has its keys beside it.
            files.write_whole(keys, self._keys.read().to_bytes())
            self._database.copy_to(path)
        except BaseException:
            with contextlib.suppress(OSError):
                keys.unlink(missing_ok=True)
            raise
        return path

    def all(self) -> tuple[Path, ...]:
        """The copies, oldest first."""
        return tuple(sorted(self._folder.glob(PATTERN)))

    def _next_path(self) -> Path:
        """Where the next copy goes; named by the clock, without personal data."""
        files.make_private_directory(self._folder)
        stamp = self._clock.now().strftime("%Y%m%d-%H%M%S")
        path, number = self._folder / f"saraptama-{stamp}.db", 1
        while path.exists():
            number += 1
            path = self._folder / f"saraptama-{stamp}-{number}.db"
        return path
