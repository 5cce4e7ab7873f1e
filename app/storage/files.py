"""Small files that must be whole or as they were: written beside, flushed, then put in place."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import KnownError
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
    return KnownError(Text(sentence, {"path": str(path), "reason": error.strerror or str(error)}))


def make_private_directory(path: Path) -> None:
    """Make a directory that only its owner may enter, where there is none; KnownError where that fails."""
    with sentences(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` so that after any power cut it holds either the old or the new content. KnownError."""
    beside = path.with_name(path.name + ".new")
    with sentences(path):
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
        flush_directory(path.parent)


def flush_directory(path: Path) -> None:
    """Make renames in `path` last; Windows does that by itself and can't open a directory."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
