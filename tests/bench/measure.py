"""Taking times fairly: the two sides of a ratio run in turn, so that a busy moment hits both."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what was measured, against which limit, both in `unit`; no limit: for comparison."""

    name: str
    figure: float
    limit: float | None
    unit: str
    note: str = ""

    @property
    def held(self) -> bool:
        return self.limit is None or self.figure <= self.limit


def in_turn(first: Callable[[], float], second: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Medians of what two measurements return, taken alternately after one round that doesn't count."""
    first(), second()
    pairs = [(first(), second()) for _ in range(rounds)]
    return median(one for one, _ in pairs), median(other for _, other in pairs)


def took(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def environment() -> dict[str, str]:
    """As `dev.py run` starts the program: compiled modules, no screen needed."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["QT_QPA_PLATFORM"] = "offscreen"
    return env


def process(words: Sequence[str]) -> float:
    """Seconds from starting a process to its end; its output is dropped, its failure is ours."""
    start = time.perf_counter()
    # Without a timeout: with one, Python looks every 50 ms whether the process has ended.
    subprocess.run(words, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def until_said(words: Sequence[str]) -> tuple[float, str]:
    """Seconds from starting a process of this Python to the first line it prints, and that line."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline()
        seconds = time.perf_counter() - start
        _, complaint = child.communicate(timeout=60)
    if child.returncode != 0 or not said:
        raise RuntimeError(f"{' '.join(words)} ended with {child.returncode}: {complaint}")
    return seconds, said.strip()
