"""The packs on this laptop: which criteria held on a day. Old packs stay, so that old decisions can be explained."""

from datetime import date
from pathlib import Path
from typing import Final

from app import paths
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.rules.files import Verify
from app.rules.loader import load_pack
from app.rules.model import Pack

_DIGITS: Final = 6  # a part of a version with more of them is none


class PackLibrary:
    """Packs in `directory/<id>/<version>/`, each read at most once. `verify` checks signatures, as in `load_pack`."""

    def __init__(self, directory: Path | None = None, verify: Verify | None = None, *, pack_id: str = "kz-mse") -> None:
        self._directory = (directory or paths.resource("rulepacks")) / pack_id
        self._verify = verify
        self._loaded: dict[Path, Pack] = {}

    def for_date(self, on: date) -> Pack:
        """The newest pack that holds on a day, as it holds on that day (`Pack.on`).

        KnownError where there is none, or where one is damaged.
        """
        for folder in self._folders():
            pack = self._load(folder)
            if pack.valid_from <= on and (pack.valid_to is None or on <= pack.valid_to):
                return pack.on(on)
        raise KnownError(
            Text(
                N_(
                    "The criteria of {on} are not on this laptop. Check the day of examination, or add their rule pack."
                ),
                {"on": on},
            ),
            where="examination.on",
        )

    def newest(self) -> Pack:
        """The pack with the highest version; KnownError where there is none, or where it is damaged."""
        return self._load(self._folders()[0])

    def versions(self) -> tuple[str, ...]:
        """The versions at hand, highest first; KnownError where there is none."""
        return tuple(folder.name for folder in self._folders())

    def load(self, version: str) -> Pack:
        """The edition of a version at hand; KnownError where it is damaged."""
        return self._load(self.folder(version))

    def folder(self, version: str) -> Path:
        """Where the files of a version lie."""
        return self._directory / version

    def _folders(self) -> list[Path]:
        folders = []
        if self._directory.is_dir():
            folders = [
                folder for folder in self._directory.iterdir() if folder.is_dir() and version_number(folder.name)
            ]
        if not folders:
            raise KnownError(
                Text(
                    N_("There is no rule pack in {path}. Install the program again, or name a pack with --pack."),
                    {"path": self._directory},
                )
            )
        return sorted(folders, key=lambda folder: version_number(folder.name), reverse=True)

    def _load(self, folder: Path) -> Pack:
        if folder not in self._loaded:
            try:
                self._loaded[folder] = load_pack(folder, verify=self._verify)
            except UserError as error:  # not what the user gave, but what was installed
                raise KnownError(error.text, where=error.where) from error
        return self._loaded[folder]


def version_number(name: str) -> tuple[int, ...]:
    """What versions are compared by: `1.10.0` is above `1.9.9`. Empty where the name is no version."""
    parts = name.split(".")
    if not all(part.isdecimal() and part.isascii() and len(part) <= _DIGITS for part in parts):
        return ()
    return tuple(int(part) for part in parts)
