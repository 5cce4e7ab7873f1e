"""The editions of the criteria by digest: those that came with the program, and those that the centre published."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app import paths

if TYPE_CHECKING:
    from app.rules.model import Pack

Files = Mapping[str, bytes]


class Editions:
    """Each is read once. `published` gives the files of an edition of a digest, None where there is none."""

    def __init__(self, published: Callable[[str], Files | None] = lambda _: None) -> None:
        self._published = published
        self._read: dict[str, Pack] = {}
        self._shipped = False

    def of_digest(self, digest: str) -> "Pack | None":
        """The edition; None where it is not known here. Its signature was checked when it was published."""
        from app.rules.loader import load_stored

        if not self._shipped:
            self._take_shipped()
        if digest not in self._read and (files := self._published(digest)) is not None:
            pack = load_stored(files, verify=None)
            if pack.digest == digest:
                self._read[digest] = pack
        return self._read.get(digest)

    def _take_shipped(self) -> None:
        from app.crypto.pack_signature import verify_shipped
        from app.rules.library import PackLibrary

        self._shipped = True
        root = paths.resource("rulepacks")
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            library = PackLibrary(verify=verify_shipped, pack_id=folder.name)
            for version in library.versions():
                pack = library.load(version)
                self._read[pack.digest] = pack
