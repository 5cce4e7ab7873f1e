"""One copy of the program on one data directory."""

from pathlib import Path

from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.storage.files import sentences


class DataLock:
    """Held from sign-in to the closing of the desk; the system releases it when the process dies."""

    def __init__(self, data_dir: Path) -> None:
        """KnownError where another copy holds the lock or the directory can't be written."""
        from filelock import FileLock, Timeout

        path = data_dir / "lock"
        # Not thread-local: the desk is opened and closed on the worker thread, a crash handler may close it elsewhere.
        self._lock = FileLock(path, timeout=0, thread_local=False, mode=0o600)
        with sentences(path):
            try:
                self._lock.acquire()
            except Timeout:
                raise KnownError(
                    Text(
                        N_("Saraptama is already running with this data: {path}. Go to its window, or close it first."),
                        {"path": str(data_dir)},
                    )
                ) from None

    def release(self) -> None:
        """Harmless when called twice."""
        self._lock.release()
