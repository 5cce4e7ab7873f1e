"""How fast the centre takes records on PostgreSQL that flushes to the disk, against an endpoint without any check."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import ROOT, Line, environment, in_turn
from tests.link import postgres

LAPTOPS, ROUNDS = 16, 3
BATCHES, EVENTS = 10, 200
SINGLE = 120
_TABLE = "CREATE TABLE bare (incarnation TEXT, seq BIGINT, record BYTEA NOT NULL, PRIMARY KEY (incarnation, seq))"


def link(folder: Path) -> Iterator[Line]:
    """Batches of 200 records and requests with one record: rates, and how many times slower than the bare endpoint.
    One worker each, the sender in a process of its own."""
    if postgres.binaries() is None:
        yield Line("the centre on PostgreSQL: not measured, PostgreSQL is not installed here", 0.0, None, "")
        return
    import psycopg

    from app.centre.store import Store

    keys = folder / "keys"
    keys.write_bytes(secrets.token_bytes(96))
    with postgres.running() as cluster:
        address = cluster.new_database()
        store = Store(address)
        store.migrate()
        store.close()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_TABLE)
        with (
            _serving("ours", address, keys) as our,
            _serving("bare", address, keys) as bare,
            _serving("tuned", address, keys) as tuned,
        ):
            for requests, events, unit in ((BATCHES, EVENTS, "batches of 200"), (SINGLE, 1, "one record a request")):
                work = (str(LAPTOPS), str(requests), str(events))
                mine, theirs = in_turn(
                    lambda work=work: _load("ours", address, keys, our, work),  # type: ignore[misc]
                    lambda work=work: _load("bare", address, keys, bare, work),  # type: ignore[misc]
                    ROUNDS,
                )
                count = LAPTOPS * requests * events
                most = (
                    2.0 if events > 1 else None
                )  # of single records 600 a second are asked for, whatever bare ones take
                note = f"{count / mine:,.0f} a second against {count / theirs:,.0f}, {ROUNDS} rounds in turn"
                yield Line(
                    f"records taken by the centre, {unit}, against a bare insert", mine / theirs, most, "x", note
                )
                quick = _load("tuned", address, keys, tuned, work)
                note = f"{count / quick:,.0f} a second: the bare insert with the centre's own tricks, for comparison"
                yield Line(f"the same against an insert tuned as the centre's, {unit}", mine / quick, None, "x", note)
                limit = 1e6 / 10_000 if events > 1 else 1e6 / 600
                yield Line(f"a record taken by the centre, {unit}", mine / count * 1e6, limit, "us")


@contextmanager
def _serving(kind: str, address: str, keys: Path) -> Iterator[str]:
    words = [sys.executable, "-m", "tests.bench.link_side", "serve", kind, address, str(keys)]
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.terminate()


def _load(kind: str, address: str, keys: Path, port: str, work: tuple[str, ...]) -> float:
    words = [sys.executable, "-m", "tests.bench.link_side", "load", kind, address, str(keys), port, *work]
    done = subprocess.run(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)
