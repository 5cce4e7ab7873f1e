"""A throw-away PostgreSQL cluster on a socket of its own: made in a second, gone with the process that asked for it."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_SETTINGS = ("unix_socket_permissions=0777", "listen_addresses=", "max_connections=60", "shared_buffers=128MB")


def binaries() -> Path | None:
    """Where the server's programs lie; None where it isn't installed."""
    if _BINARIES:
        return _BINARIES[-1] if (Path("/usr/lib/postgresql/15/bin") == _BINARIES[-1]) else _BINARIES[0]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """A running cluster; `new_database()` gives the address of an empty database in it."""

    def __init__(self, folder: Path, bin_: Path, user: str) -> None:
        self.folder, self.user = folder, user
        self._bin = bin_

    def new_database(self) -> str:
        """Its address."""
        import psycopg

        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._address(name)

    def copy_of(self, address: str) -> str:
        """The address of a copy of a database, made now; nobody may be connected with it."""
        import psycopg

        name, source = f"t{secrets.token_hex(6)}", address.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (source,))
            # Copied by way of the log (PostgreSQL 15's own choice), a sequence gives a number twice after a crash that
            # comes before the next checkpoint: its page is young, so the numbers that it gave out ahead aren't logged.
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy".encode())
        return self._address(name)

    def restart(self) -> None:
        """As after a power cut: stopped at once, started again. Call it from a process of its own."""
        words = [str(self._bin / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "-w", "restart"]
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []
        with (self.folder / "restart").open("ab") as said:
            subprocess.run([*as_server, *words, "-l", str(self.folder / "log")], cwd=self.folder, check=True,
                           stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # fmt: skip

    def _address(self, name: str) -> str:
        return f"postgresql://{self.user}@/{name}?host={self.folder}"


@contextmanager
def running(settings: tuple[str, ...] = ()) -> Iterator[Cluster]:
    """A cluster for as long as the block; fsync is on, as at the centre."""
    bin_ = binaries()
    if bin_ is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    # Short: a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    as_server = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []
    if root:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    user = "saraptama"

    def call(*words: str) -> None:
        done = subprocess.run(
            [*as_server, *words], cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stderr}{done.stdout}")

    data = folder / "data"
    try:
        call(str(bin_ / "initdb"), "-D", str(data), "-U", user, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        words = " ".join(f"-c {one}" for one in (*_SETTINGS, f"unix_socket_directories={folder}", *settings))
        # Its log goes to a file: a pipe would keep the caller waiting for the server's end.
        call(str(bin_ / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", words, "start")
        try:
            yield Cluster(folder, bin_, user)
        finally:
            call(str(bin_ / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
