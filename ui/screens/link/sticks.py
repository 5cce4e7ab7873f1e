"""Which sticks and cards are in, how much room they have, and which bundles lie on them. On a thread of its own: a
stick that fails lets whoever asks it wait."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStorageInfo

from app.services.link_views import BundleView, Whose

SUFFIX: Final = ".mselink"
_MOUNTED: Final = ("/media/", "/run/media/", "/mnt/", "/Volumes/")
_MOST_ENTRIES, _MOST_BUNDLES = 5000, 50


@dataclass(frozen=True, slots=True)
class Stick:
    """A medium that was put in; `free` and `size` in bytes."""

    path: Path
    name: str
    free: int
    size: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file of the link on a stick; `changed` as the stick says."""

    path: Path
    stick: str
    size: int
    changed: datetime
    view: BundleView | None = None
    """what it is to this laptop, where that was looked at"""


def sticks() -> tuple[Stick, ...]:
    """What is in now. The disk that the system runs from is none of them."""
    found = []
    own = QStorageInfo.root().rootPath()
    for volume in QStorageInfo.mountedVolumes():
        path = volume.rootPath()
        removable = path != own if os.name == "nt" else path.startswith(_MOUNTED)
        if removable and volume.isValid() and volume.isReady():
            found.append(
                Stick(
                    Path(path), volume.name() or Path(path).name or path, volume.bytesAvailable(), volume.bytesTotal(),
                    volume.isReadOnly(),
                )
            )  # fmt: skip
    return tuple(found)


def bundles(on: Sequence[Stick]) -> tuple[Bundle, ...]:
    """The bundles that lie on them, not in folders; the newest first. A stick that can't be read has none."""
    found = [bundle for stick in on for bundle in _of(stick)]
    return tuple(sorted(found, key=lambda bundle: bundle.changed, reverse=True)[:_MOST_BUNDLES])


def known(found: Sequence[Bundle], look: Callable[[Path], BundleView]) -> tuple[Bundle, ...]:
    """The same with what each is to this laptop: first what it is there for, the newest first."""
    looked = [replace(bundle, view=look(bundle.path)) for bundle in found]
    return tuple(sorted(looked, key=_rank))


def _rank(bundle: Bundle) -> tuple[int, float]:
    view = bundle.view
    made = view.made_at if view is not None and view.made_at is not None else bundle.changed
    return (list(Whose).index(view.whose) if view is not None else 0, -made.timestamp())


def _of(stick: Stick) -> list[Bundle]:
    found = []
    try:
        with os.scandir(stick.path) as entries:
            for at, entry in enumerate(entries):
                if at >= _MOST_ENTRIES:
                    break
                if entry.name.lower().endswith(SUFFIX) and entry.is_file(follow_symlinks=False):
                    told = entry.stat(follow_symlinks=False)
                    changed = datetime.fromtimestamp(told.st_mtime, UTC)
                    found.append(Bundle(Path(entry.path), stick.name, told.st_size, changed))
    except (OSError, ValueError, OverflowError):
        return []
    return found
