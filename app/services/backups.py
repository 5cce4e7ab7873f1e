"""Encrypted copies of the database inside the data directory."""

from pathlib import Path


class BackupService:
    """A copy is opened by the same passphrases as the database was when it was made."""

    def make(self) -> Path:
        """Copy, check the copy, and return its path. KnownError where the disk is full or the copy is damaged."""
        raise NotImplementedError

    def all(self) -> tuple[Path, ...]:
        """The copies, oldest first."""
        raise NotImplementedError
