"""A rehearsal of losing the database server: python -m tests.link.failover [LAPTOPS] [SECONDS]

`saraptama-centre serve` with two workers, PgBouncer before a primary with a synchronous standby, laptops that push all
the time. The primary is killed (kill -9, all its processes), the standby promoted, PgBouncer pointed to it. Then: what
was acknowledged by a receipt is there exactly once, and every log is whole. Prints figures as JSON; exit code 1 where
something is missing or doubled.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.centre.store import Store
from app.sync import told
from tests.bench.link_fleet import keys_of, serving
from tests.link import postgres
from tests.link.fleet_line import Down, Line
from tests.link.laptop import Laptop

_EVENTS: Final = 5
"""events of each batch"""
_USER: Final = "saraptama"


@dataclass
class Pusher:
    """A laptop that writes and pushes; `acknowledged`: up to which number by a verified receipt."""

    laptop: Laptop
    acknowledged: int = 0
    moments: list[float] = field(default_factory=list)


def rehearse(laptops: int = 20, seconds: float = 4.0) -> dict[str, Any]:
    """Do it all; the figures. `seconds`: of load before the kill and after the promotion."""
    with tempfile.TemporaryDirectory(prefix="saraptama-failover-", dir="/tmp") as place, _servers() as servers:
        folder = Path(place)
        with serving(folder, servers.pooled, pooler=True) as centre:
            servers.require_synchronous()
            keys, store = keys_of(folder), Store(servers.pooled, connections=1, prepared=False)
            pushers = [Pusher(Laptop()) for _ in range(laptops)]
            for one in pushers:
                one.laptop.enrol(store, keys)
            store.close()
            moments = asyncio.run(_load(pushers, centre.port, keys, servers, seconds))
        return _compared(pushers, servers.standby.address) | moments


async def _load(pushers: list[Pusher], port: int, keys: Any, servers: "_Servers", seconds: float) -> dict[str, Any]:
    stop = asyncio.Event()
    work = [asyncio.create_task(_push(one, port, keys, stop)) for one in pushers]
    await asyncio.sleep(seconds)
    killed = time.monotonic()
    before = sum(one.acknowledged for one in pushers)
    await asyncio.to_thread(servers.kill_primary)
    # Somebody has to notice: laptops go on all the while and get no receipt.
    await asyncio.sleep(1)
    await asyncio.to_thread(servers.promote)
    promoted = time.monotonic()
    until = promoted + 120
    while time.monotonic() < until and not _after(pushers, promoted):
        await asyncio.sleep(0.05)
    again = min(_after(pushers, promoted), default=float("inf"))
    await asyncio.sleep(seconds)
    stop.set()
    await asyncio.gather(*work)
    return {"acknowledged_before_the_kill": before,
            "seconds_from_promotion_to_first_receipt": round(again - promoted, 2),
            "seconds_from_kill_to_first_receipt": round(again - killed, 2),
            "laptops_that_went_on": sum(bool(_after([one], promoted)) for one in pushers),
            "receipts_between_kill_and_promotion": sum(killed + 0.5 < m < promoted for o in pushers for m in o.moments),
            }  # fmt: skip


def _after(pushers: list[Pusher], moment: float) -> list[float]:
    return [one.moments[-1] for one in pushers if one.moments and one.moments[-1] > moment]


async def _push(one: Pusher, port: int, keys: Any, stop: asyncio.Event) -> None:
    laptop = one.laptop
    target = f"/v1/incarnations/{laptop.incarnation}/batches"
    async with Line(port, keys.sign.public, laptop.device, laptop.seed) as line:
        while not stop.is_set():
            if one.acknowledged == len(laptop.log):
                laptop.write(times=_EVENTS)
            try:
                found = (await line.ask("POST", target, laptop.sealed(keys, one.acknowledged + 1))).told
            except Down:
                await asyncio.sleep(0.2)
                continue
            if found["answer"] not in (told.STORED, told.ALREADY):
                if found.get("reason") != "busy":
                    raise RuntimeError(f"the centre lost what it acknowledged: {found}")
                await asyncio.sleep(0.2)
                continue
            receipt = told.read_receipt(found["receipt"].encode(), keys.sign.public)
            if receipt.head_hash != laptop.log[receipt.upto_seq - 1][0].hex():
                raise RuntimeError("a receipt for another log")
            one.acknowledged = receipt.upto_seq
            one.moments.append(time.monotonic())


def _compared(pushers: list[Pusher], address: str) -> dict[str, Any]:
    store = Store(address, connections=1)
    with store.begin() as connection:
        rows = [(bytes(row[0]), bytes(row[1])) for row in connection.exec_driver_sql("SELECT hash, record FROM events")]
    store.close()
    held = Counter(rows)
    acknowledged = [pair for one in pushers for pair in one.laptop.log[: one.acknowledged]]
    written = {pair for one in pushers for pair in one.laptop.log}
    return {"laptops": len(pushers), "acknowledged": len(acknowledged),
            "lost": sum(held[pair] == 0 for pair in acknowledged),
            "doubled": sum(times > 1 for times in held.values()), "foreign": sum(pair not in written for pair in held),
            "held": len(rows)}  # fmt: skip


# -------------------------------------------------------------------------------------------------------- the servers


class _Server:
    """A PostgreSQL server with a socket of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.address = f"postgresql://{_USER}@/centre?host={folder}"
        found = postgres.binaries()
        assert found is not None
        self.bin = found

    def start(self) -> None:
        words = (f"-c listen_addresses= -c unix_socket_permissions=0777 -c unix_socket_directories={self.folder}"
                 " -c max_connections=60 -c fsync=on -c hot_standby=on")  # fmt: skip
        self.control("-l", str(self.folder / "log"), "-o", words, "start")

    def control(self, *words: str) -> None:
        _call(self.folder, str(self.bin / "pg_ctl"), "-D", str(self.data), "-w", *words)

    def ask(self, sql: str, database: str = "postgres") -> Any:
        import psycopg

        address = f"postgresql://{_USER}@/{database}?host={self.folder}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else None


class _Servers:
    """A primary, its synchronous standby, and PgBouncer before them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.primary, self.standby = (_Server(folder / name) for name in ("a", "b"))
        self.pooled = f"postgresql://{_USER}@/centre?host={folder}&port=6432"
        self.bouncer: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        first, second = self.primary, self.standby
        _call(self.folder, str(first.bin / "initdb"), "-D", str(first.data), "-U", _USER, "--auth=trust", "-E", "UTF8",
              "--locale=C.UTF-8", "-N")  # fmt: skip
        first.start()
        first.ask("CREATE DATABASE centre")
        _call(self.folder, str(second.bin / "pg_basebackup"), "-h", str(first.folder), "-U", _USER, "-D",
              str(second.data), "-R", "-c", "fast")  # fmt: skip
        second.start()
        # After the copy was made: the standby, once promoted, must not wait for a standby of its own.
        first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        first.ask("ALTER SYSTEM SET synchronous_commit = remote_apply")
        first.ask("SELECT pg_reload_conf()")
        _until(self._is_synchronous, "the standby doesn't follow")
        self._point(first)
        words = [*_as_server(), "pgbouncer", str(self.folder / "pgbouncer.ini")]
        self.bouncer = subprocess.Popen(words, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until((self.folder / ".s.PGSQL.6432").exists, "PgBouncer does not start")

    def require_synchronous(self) -> None:
        if not self._is_synchronous():
            raise RuntimeError("the standby is not synchronous")

    def _is_synchronous(self) -> bool:
        rows = self.primary.ask("SELECT sync_state, state FROM pg_stat_replication")
        return [tuple(row) for row in rows or ()] == [("sync", "streaming")]

    def kill_primary(self) -> None:
        """As when the machine is gone: every process of it, at once."""
        pid = int((self.primary.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)

    def promote(self) -> None:
        """What an operator does then."""
        self.standby.control("promote")
        self._point(self.standby)
        assert self.bouncer is not None
        self.bouncer.send_signal(signal.SIGHUP)

    def _point(self, server: _Server) -> None:
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\ncentre = host={server.folder} user={_USER} dbname=centre\n"
            "[pgbouncer]\npool_mode = transaction\nauth_type = any\nlisten_port = 6432\n"
            f"unix_socket_dir = {self.folder}\nunix_socket_mode = 0777\n"
            f"logfile = {self.folder}/pgbouncer.log\nmax_client_conn = 200\n"
            "default_pool_size = 20\nserver_login_retry = 1\nquery_wait_timeout = 20\nserver_connect_timeout = 3\n"
        )

    def stop(self) -> None:
        if self.bouncer is not None:
            self.bouncer.terminate()
            self.bouncer.wait()
        for server in (self.standby, self.primary):
            with suppress(RuntimeError):
                server.control("-m", "immediate", "stop")


@contextmanager
def _servers() -> Iterator[_Servers]:
    # Short: a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="fo", dir="/tmp"))
    for one in (folder, folder / "a", folder / "b"):
        one.mkdir(exist_ok=True)
        if _as_server():
            shutil.chown(one, "postgres", "postgres")
        one.chmod(0o755)
    servers = _Servers(folder)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def lacking() -> str | None:
    """What isn't installed here, in words."""
    if postgres.binaries() is None:
        return "PostgreSQL is not installed here: sudo apt-get install postgresql-15"
    if shutil.which("pgbouncer") is None:
        return "PgBouncer is not installed here: sudo apt-get install pgbouncer"
    return None


def _as_server() -> list[str]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if root else []


def _call(folder: Path, *words: str) -> None:
    done = subprocess.run([*_as_server(), *words], cwd=folder, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr}{done.stdout}")


def _until(true: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + 30
    while not true():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.1)


def main() -> int:
    """The figures, and whether all is well."""
    if (reason := lacking()) is not None:
        print(reason)
        return 0
    given = sys.argv[1:]
    found = rehearse(int(given[0]) if given else 20, float(given[1]) if len(given) > 1 else 4.0)
    print(json.dumps(found, indent=1))
    return 0 if not (found["lost"] or found["doubled"] or found["foreign"]) else 1


if __name__ == "__main__":
    sys.exit(main())
