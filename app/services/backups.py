"""Encrypted copies of the database inside the data directory."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.clock import Clock
    from app.services.keyring import KeyRing
    from app.storage.database import Database


class BackupService:
    """A copy is opened by the same passphrases as the database was when it was made."""

    def __init__(self, database: "Database", keys: "KeyRing", folder: Path, clock: "Clock") -> None:
        self._database = database
        self._keys = keys
        self._folder = folder
        self._clock = clock

    def make(self) -> Path:
        """Copy, check the copy, and return its path. KnownError where the disk is full or the copy is damaged."""
        path = self.next_path()
        self._database.copy_to(path)
        return path

    def all(self) -> tuple[Path, ...]:
        """The copies, oldest first."""
        return tuple(sorted(self._folder.glob("saraptama-*.db")))

    def next_path(self) -> Path:
        """Where the next copy goes, with the present keys beside it; named by the clock, without personal data."""
        from app.storage import files

        files.make_private_directory(self._folder)
        stamp = self._clock.now().strftime("%Y%m%d-%H%M%S")
        path, number = self._folder / f"saraptama-{stamp}.db", 1
        while path.exists():
            number += 1
            path = self._folder / f"saraptama-{stamp}-{number}.db"
        files.write_whole(path.with_suffix(".keys.json"), self._keys.read().to_bytes())
        return path
