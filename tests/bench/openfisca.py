"""openfisca-core beside the engine: the same table, one person at a time, in an environment of its own.

It brings numpy, numexpr and more, which nothing else here needs; so it is installed from `openfisca.lock` (pinned,
hashed) into `out/openfisca`, where that can be done. Where it can't, the bench says so and goes on.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.contenders import Found
from tests.bench.measure import ROOT, Line, environment

FOLDER = ROOT / "out" / "openfisca"
LOCK = Path(__file__).with_name("openfisca.lock")
SIDE = Path(__file__).with_name("openfisca_side.py")
ASKED, PATIENCE = 60, 600  # cases; seconds that its set-up or its run may take


class LeftOut(Exception):
    """Why openfisca-core can't be measured here."""


def beside(
    facts: Sequence[Mapping[str, Any]], expected: Sequence[Found], folder: Path = FOLDER, lock: Path = LOCK
) -> Iterator[Line]:
    """What it does with some facts, once it has found for each of them what is expected; nothing where it can't run."""
    facts, expected = facts[:ASKED], expected[:ASKED]
    try:
        told = asked(installed(folder, lock), facts)
    except LeftOut as why:
        print(f"openfisca-core is left out: {why}", flush=True)
        return
    for one, theirs, mine in zip(facts, told["found"], expected, strict=True):
        if tuple(theirs) != mine:
            raise RuntimeError(f"openfisca-core says {theirs}, this engine {mine} of {one}")
    note = f"with its tracer {told['traced']:,.0f}/s; openfisca-core {told['version']}, one person at a time"
    yield Line("the same table in openfisca-core, for one person", told["plain"] / 1000, None, "k/s", note)


def installed(folder: Path, lock: Path) -> Path:
    """The Python of the environment in a folder, made from a lock if it isn't there yet. LeftOut where it can't be."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, wanted = folder / "stamp", hashlib.sha256(lock.read_bytes()).hexdigest() + sys.version
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    for words in (
        [sys.executable, "-m", "venv", "--without-pip", str(folder)],
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "--python", str(python), "install",
         "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
    ):  # fmt: skip
        _run(words, f"its packages can't be installed into {folder}")
    stamp.write_text(wanted, encoding="utf-8")
    return python


def asked(python: Path, facts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the other side finds for each case, and its rates per second of CPU."""
    told: dict[str, Any] = json.loads(_run([str(python), str(SIDE)], "it does not run", json.dumps(facts)))
    return told


def _run(words: Sequence[str], trouble: str, given: str | None = None) -> str:
    try:
        done = subprocess.run(
            words, input=given, capture_output=True, text=True, check=True, timeout=PATIENCE, env=environment()
        )
    except subprocess.CalledProcessError as error:
        raise LeftOut(f"{trouble}: {(error.stderr.strip().splitlines() or ['no reason given'])[-1]}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LeftOut(f"{trouble}: {error}") from None
    return done.stdout
