"""A fleet of laptops that come back from the villages at once: what one centre on PostgreSQL with fsync does with it.

The centre is `saraptama-centre serve` as an operator starts it, two workers. Each laptop has fifty conclusions as a
real one signs them, with four copies of papers and three prints of each; a tenth of them has a slow line. At the end
the hashes that the centre holds are compared with those of the laptops, and all has to be understood: every signature,
and the criteria run again.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.bench.measure import ROOT, Line, environment
from tests.link import postgres

LAPTOPS = 400
WORKERS = 2
_PASSPHRASE = "қой мен қозы 2026 жаз"
_MOST = 300.0
"""megabytes of a process"""
_SERVER = ("default_toast_compression=lz4", "max_wal_size=4GB")
"""as the page for operators says; fsync is on"""


def fleet(folder: Path, laptops: int = LAPTOPS) -> Iterator[Line]:
    """Everything arrives once, each batch is answered in time, memory stays bounded, slow lines fare as well."""
    if postgres.binaries() is None:
        yield Line("a fleet at the centre: not measured, PostgreSQL is not installed here", 0.0, None, "")
        return
    with postgres.running(_SERVER) as cluster:
        address = cluster.new_database()
        with serving(folder, address) as centre:
            words = [sys.executable, "-m", "tests.bench.link_fleet_side", str(folder), address, str(centre.port)]
            words.append(str(laptops))
            done = subprocess.run(words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
            memory = centre.peak()
    told: Mapping[str, Any] = json.loads(done.stdout)
    (ROOT / "out" / "fleet.json").write_text(json.dumps(told | {"centre_peaks_mb": memory}, indent=1) + "\n", "utf-8")
    fast, slow = told["fast"], told["slow"]
    size = f"{told['events']:,} events, {told['event_bytes'] / 1e6:.0f} MB, sealed {told['sealed_bytes'] / 1e6:.0f} MB"
    yield Line("events lost, doubled or changed", told["wrong"], 0, "", size)
    yield Line("copies of papers that are not whole", told["copies_lacking"], 0, "",
               f"{told['copies']:,} copies, {told['copy_bytes'] / 1e6:.0f} MB")  # fmt: skip
    made = told["understood"]
    words = f"{made['applied']:,} applied, {made['alarms']} alarms, {made['seconds']:.0f} s after all had come"
    yield Line("events set aside or not understood", made["waiting"] + made["set_aside"] + made["left"], 0, "", words)
    yield Line("answer to a batch that was taken, median", fast["p50"] * 1e3, None, "ms", f"{fast['taken']:,} batches")
    yield Line("answer to a batch that was taken, p99", fast["p99"] * 1e3, 1000, "ms", f"longest {fast['max']:.2f} s")
    yield Line("the same after the first five seconds, p99", fast["later_p99"] * 1e3, 1000, "ms",
               f"{fast['later']:,} batches; the fleet itself is late by p99 {told['lag_p99'] * 1e3:.0f} ms, at most"
               f" {told['lag_most'] * 1e3:.0f} ms")  # fmt: skip
    yield Line("the same for slow lines, p99", slow["p99"] * 1e3, 1000, "ms",
               f"{slow['laptops']} laptops at {slow['bps'] // 1024} KiB/s")  # fmt: skip
    yield Line(
        "“busy” for each batch taken",
        fast["busy"] / fast["taken"],
        None,
        "",
        f"slow lines {slow['busy'] / max(slow['taken'], 1):.2f}; p99 of it {told['busy_p99'] * 1e3:.0f} ms",
    )
    yield Line("until the last batch of all fast ones is there", fast["whole"], None, "s",
               f"median {fast['median_whole']:.1f} s, slow lines {slow['whole']:.1f} s; copies {told['seconds']:.1f} s;"
               f" {told['events'] / max(fast['whole'], 0.1):,.0f} events a second")  # fmt: skip
    yield Line("peak memory of a worker of the centre", max(memory), _MOST, "MB", f"all its processes: {memory}")
    yield Line("peak memory of the simulated fleet", told["peak_mb"], _MOST, "MB", "bodies lie on the disk until sent")


class Centre:
    """A running `serve`."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port

    def processes(self) -> list[int]:
        """It and all that it started."""
        found, new = [self.pid], [self.pid]
        while new:
            below = [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in new]
            new = [int(one) for words in below for one in words]
            found += new
        return found

    def peak(self) -> list[int]:
        """Peak resident megabytes of each of them."""
        peaks = []
        for pid in self.processes():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/status").read_text().splitlines()
                peaks += [int(line.split()[1]) // 1024 for line in fields if line.startswith("VmHWM")]
        return peaks


@contextmanager
def serving(folder: Path, address: str, *, workers: int = WORKERS, pooler: bool = False,
            init: str | None = None) -> Iterator[Centre]:  # fmt: skip
    """`saraptama-centre init` and `serve` over this database; `init`: the address that `init` walks up, if another."""
    program = shutil.which("saraptama-centre", path=str(Path(sys.executable).parent))
    if program is None:
        raise RuntimeError("the project is not installed: call dev.py")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "passphrase"
    secret.write_text(_PASSPHRASE + "\n", encoding="utf-8")
    settings = {"DATA": str(folder), "DATABASE": address, "PASSPHRASE_FILE": str(secret), "WORKERS": str(workers),
                "LISTEN": f"127.0.0.1:{port}", "POOLER": "1" if pooler else ""}  # fmt: skip
    env = environment() | {f"SARAPTAMA_CENTRE_{name}": value for name, value in settings.items()}
    first = {**env, "SARAPTAMA_CENTRE_DATABASE": init or address}
    subprocess.run([program, "init"], env=first, stdout=subprocess.DEVNULL, check=True)
    with (folder / "serve.log").open("wb") as log:
        child = subprocess.Popen([program, "serve"], env=env, stdout=log, stderr=log)
    try:
        _wait(child, port, folder / "serve.log")
        yield Centre(child.pid, port)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(40)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def keys_of(folder: Path) -> Any:
    """The keys of the centre that `serving` made here."""
    from app.centre import keys

    return keys.read(folder / "centre.keys", _PASSPHRASE)


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = monotonic() + 60
    while monotonic() < until and child.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        sleep(0.1)
    raise RuntimeError(f"the centre did not come up: {log.read_text('utf-8')[-2000:]}")


def count_of(names: list[str]) -> int:
    """How many laptops the command line names."""
    return next((int(name) for name in names if name.isdecimal()), int(os.environ.get("SARAPTAMA_FLEET", LAPTOPS)))
