"""The same bundle at the centre: taken in on SQLite and on PostgreSQL, and the bundle that goes back, each against the
bare chain of the same steps in the same run, into a database of the same kind.

    python -m tests.bench.centre_bundles ADDRESS PATH        takes PATH in, prints how many MB that added

The bare chain of taking in (`bare_in`) opens the file by its signed manifest; reads each section and hashes it; opens
it (HPKE, zstd, CBOR); hashes each record and each copy; checks the signature of each batch; inserts records and copies
into two plain tables of a database of the same kind, as the driver's manual writes it (`executemany`), all in one
transaction that the disk has when it ends. It chains nothing, compares nothing with what is held, gives nothing out.
The same into plain files, flushed once each, stands beside it without a limit.

The bare chain of writing (`bare_out`) reads what is published from the same table, signs the same number of statements,
hashes and writes everything into one file and flushes it. It reads nothing back.
"""

import hashlib
import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from app.centre import bundles, publishing
from app.centre.admission import _hash as code_hash
from app.centre.ingest import known_device
from app.centre.keys import FileKeys
from app.centre.store import Store
from app.crypto import digests, signing
from app.sync import bundle as files
from app.sync import envelope, pieces, wire
from tests.bench.measure import ROOT, Line, environment, in_turn
from tests.link import postgres

SEED, SEAL, CODE = bytes(range(3, 35)), bytes(range(4, 36)), "K7"
ROUNDS: Final = 5
PUBLISHED: Final = 16 << 20
"""bytes of what is published, in the bundle that goes back"""
MOST_MEMORY: Final = 64.0
"""MB that taking a bundle in may add: a batch as it is sent and unpacked, and a piece of a copy"""
_TABLES: Final = (
    "CREATE TABLE bare_events (seq BIGINT PRIMARY KEY, hash {bytes} NOT NULL, record {bytes} NOT NULL)",
    "CREATE TABLE bare_copies (name TEXT PRIMARY KEY, content {bytes} NOT NULL)",
)
Rows = Iterable[tuple[Any, ...]]
Put = Callable[[str, Rows], object]


def centre_bundles(folder: Path, path: Path) -> Iterator[Line]:
    """`path`: the bundle of a laptop that brings its enrolment with the code K7."""
    yield from _on("SQLite", folder, path, iter(_sqlite_addresses(folder)))
    if postgres.binaries() is None:
        yield Line("the centre's bundles on PostgreSQL: not measured, it is not installed here", 0.0, None, "")
        return
    with postgres.running() as cluster:
        yield from _on("PostgreSQL", folder, path, iter(cluster.new_database, None))


def _sqlite_addresses(folder: Path) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield str(folder / f"centre-{number}.db")


def _on(kind: str, folder: Path, path: Path, addresses: Iterator[str]) -> Iterator[Line]:
    keys, last = FileKeys(SEED, SEAL, bytes(32)), ""

    def taken() -> float:
        nonlocal last
        last = address = next(addresses)
        with closing(_ready(address)) as store:
            return _timed(lambda: bundles.take_in(store, keys, path))

    def bare_taken() -> float:
        address = next(addresses)
        make = _bare_postgresql if "://" in address else _bare_sqlite
        with closing(make(address)) as database:
            return _timed(lambda: database.chain(path, keys))

    mine, bare = in_turn(taken, bare_taken, ROUNDS)
    plain = min(_timed(lambda: bare_files(folder, path, keys)) for _ in range(3))
    note = f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms; load {os.getloadavg()[0]:.1f}"
    yield Line(f"a laptop's bundle taken in by the centre, {kind}, against the bare chain", mine / bare, 2.0, "x", note)
    note = f"{mine * 1000:.0f} ms against {plain * 1000:.0f} ms"
    yield Line("the same against the bare chain into plain files", mine / plain, None, "x", note)
    yield Line("memory that taking it in adds", _memory(next(addresses), path), MOST_MEMORY, "MB")
    with closing(Store(last)) as store:
        device = _publish(store, keys)
        numbers = iter(range(1000))

        def written() -> float:
            back = folder / f"back-{kind}-{next(numbers)}{files.SUFFIX}"
            seconds = _timed(lambda: bundles.write(store, keys, device, back))
            back.unlink()
            return seconds

        def bare_written() -> float:
            return _timed(lambda: bare_out(store, keys, device, folder / "back.bin"))

        mine, bare = in_turn(written, bare_written, ROUNDS)
    note = f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms: {PUBLISHED >> 20} MB of what is published"
    yield Line(f"the bundle that goes back, written and read back, {kind}, bare chain", mine / bare, 2.0, "x", note)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _ready(address: str) -> Store:
    """An empty centre that admits whoever has the code."""
    from sqlalchemy import text

    store = Store(address)
    store.migrate()
    with store.begin(write=True) as connection:
        connection.execute(
            text("INSERT INTO invitations (code_hash, made_at, expires_at) VALUES (:hash, '2026', '2999')"),
            {"hash": code_hash(CODE)},
        )
    return store


def _publish(store: Store, keys: FileKeys) -> str:
    """Publish something large; the laptop that the bundle is for."""
    from sqlalchemy import text

    with store.begin(write=True) as connection:
        content = os.urandom(PUBLISHED)
        publishing.put(connection, "bench", "b", content, plain_hash=publishing.hash_of(content))
        publishing.publish(connection, keys)
        return str(connection.execute(text("SELECT device FROM devices")).scalar_one())


def _memory(address: str, path: Path) -> float:
    words = [sys.executable, "-m", "tests.bench.centre_bundles", address, str(path)]
    done = subprocess.run(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


# ------------------------------------------------------------------------------------------------- the bare chain


def bare_in(path: Path, keys: FileKeys, put: Put) -> None:
    """Every step of the chain but the end of the transaction; see the module's head."""
    with files.Reader(path) as reader:
        public = reader.manifest.key
        for name, data in reader.of_kind(files.BATCH):
            del name
            batch = wire._decoded(envelope.unpack(keys.unseal.unseal(wire.BATCH, data), wire.MOST_UNPACKED))
            if not wire.is_signed(batch, public):
                raise ValueError("signature")
            put("events", ((seq, digests.digest(digests.EVENT, record), record)
                           for seq, record in enumerate(batch.events, batch.first_seq)))  # fmt: skip
        for name, data in reader.of_kind(files.ATTACHMENT):
            content = envelope.unpack(keys.unseal.unseal(pieces.ATTACHMENT, data), wire.CHUNK)
            if len(content) == pieces.read_section(name)[2] and hashlib.sha256(content).hexdigest() != name[:64]:
                raise ValueError("hash")
            put("copies", [(name, content)])


class _Bare:
    """A plain database: `chain` takes a bundle in, in one transaction."""

    def __init__(self, connection: Any, insert: dict[str, str]) -> None:
        self._connection, self._insert = connection, insert

    def chain(self, path: Path, keys: FileKeys) -> None:
        cursor = self._connection.cursor()
        bare_in(path, keys, lambda table, rows: cursor.executemany(self._insert[table], rows))
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def _bare_sqlite(address: str) -> _Bare:
    connection = sqlite3.connect(address)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for table in _TABLES:
        connection.execute(table.format(bytes="BLOB"))
    connection.commit()
    return _Bare(connection, {"events": "INSERT INTO bare_events VALUES (?, ?, ?)",
                              "copies": "INSERT INTO bare_copies VALUES (?, ?)"})  # fmt: skip


def _bare_postgresql(address: str) -> _Bare:
    import psycopg

    connection = psycopg.connect(address)
    for table in _TABLES:
        connection.execute(table.format(bytes="BYTEA").encode())
    connection.commit()
    return _Bare(connection, {"events": "INSERT INTO bare_events VALUES (%b, %b, %b)",
                              "copies": "INSERT INTO bare_copies VALUES (%b, %b)"})  # fmt: skip


def bare_files(folder: Path, path: Path, keys: FileKeys) -> None:
    """The same into two plain files."""
    named = {name: folder / f"bare-{name}-{secrets.token_hex(4)}" for name in ("events", "copies")}
    opened = {name: at.open("wb") for name, at in named.items()}

    def put(name: str, rows: Rows) -> None:
        for row in rows:
            opened[name].write(row[-1])

    bare_in(path, keys, put)
    for file in opened.values():
        file.flush()
        os.fsync(file.fileno())
        file.close()
    for at in named.values():
        at.unlink()


def bare_out(store: Store, keys: FileKeys, device: str, path: Path) -> None:
    """See the module's head."""
    digest = hashlib.sha256()
    with store.begin() as connection, path.open("wb") as file:
        known = known_device(connection, device)
        assert known is not None
        items = publishing.Items(connection, device)
        for content in (known.certificate, *(items[sha256] for sha256 in items)):
            digest.update(content)
            file.write(content)
        for purpose in ("receipt", "standing", "reference", "bundle"):
            file.write(signing.sign(keys.sign, purpose, digest.digest()))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _most_memory() -> float:
    """MB that this process had at most so far (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _take_in_alone(address: str, path: str) -> None:
    store = _ready(address)
    import cbor2  # noqa: F401
    import msgspec  # noqa: F401
    import zstandard  # noqa: F401

    before = _most_memory()
    bundles.take_in(store, FileKeys(SEED, SEAL, bytes(32)), Path(path))
    print(f"{_most_memory() - before:.1f}")


if __name__ == "__main__":
    _take_in_alone(*sys.argv[1:])
