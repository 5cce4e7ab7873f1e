"""Small files that must be whole or as they were: written beside, flushed, then put in place."""

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.system import refusal
from app.domain.text import N_, Text

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextlib.contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what the system says about a file of the data directory into a KnownError that says what to do."""
    try:
        yield
    except OSError as error:
        raise said(error, path) from error


def said(error: OSError, path: Path) -> KnownError:
    """The sentence for one failure of the system."""
    if error.errno in _FULL:
        sentence = N_("The disk of {path} is full, nothing was changed. Free some space on it, then try again.")
    elif error.errno in _REFUSED:
        sentence = N_(
            "The data directory can't be written: {path} ({reason})."
            " Give yourself the right to write there, or choose another directory."
        )
    else:
        sentence = N_(
            "The data directory can't be used: {path} ({reason}). Check the disk and the path, then try again."
        )
    return KnownError(Text(sentence, {"path": str(path), "reason": refusal(error)}))


def make_private_directory(path: Path) -> None:
    """Make a directory that only its owner may enter, where there is none; KnownError where that fails."""
    with sentences(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def new_folder(parent: Path, name: str) -> Path:
    """A folder that was not there before, named by the clock, for what must not be lost."""
    stamp, number = datetime.now(UTC).strftime("%Y%m%d-%H%M%S"), 1
    while True:
        path = parent / (f"{name}-{stamp}" if number == 1 else f"{name}-{stamp}-{number}")
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return path


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` so that after any power cut it holds either the old or the new content. KnownError."""
    with sentences(path):
        write_together({path: data})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Replace several files, each of them whole or as it was; OSError where the system refuses.

    All are written beside their places and every place is looked at before the first is replaced, so that what can be
    foreseen (a full disk, a folder in the place of a file, no rights) leaves every file as it was.
    """
    beside: dict[Path, Path] = {}
    try:
        for path, data in contents.items():
            new = path.with_name(path.name + ".new")  # always the same: what a crash leaves is taken away next time
            new.unlink(missing_ok=True)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            beside[path] = new
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path in contents:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        for path in contents:
            beside[path].replace(path)
            del beside[path]
    finally:
        for left in beside.values():
            with contextlib.suppress(OSError):
                left.unlink()
    for folder in {path.parent for path in contents}:
        flush_directory(folder)


def flush_directory(path: Path) -> None:
    """Make renames in `path` last; Windows does that by itself and can't open a directory."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
