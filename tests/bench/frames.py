"""How long the window keeps somebody waiting: the longest turn of its event loop, action by action."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT, Line, environment

LIMIT_MS = 50.0
IDLE_MS = 0.2


def frames(folder: Path) -> Iterator[Line]:
    """A day at the window (`frame_watch`), in a process of its own, a few times.

    The figures are the processor's time of the window's thread, of each action in the round in which it took least:
    on a machine that does other things meanwhile the clock measures those too. What is slow once only, because
    something is loaded or made for the first time, stands in the rows of the first round.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.frame_watch", str(folder)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    turns: list[dict[str, Any]] = [turn for turn in json.loads(done.stdout) if turn["wall"] > IDLE_MS]
    longest: dict[str, dict[int, float]] = {}
    for turn in turns:
        rounds = longest.setdefault(turn["act"], {})
        rounds[turn["round"]] = max(rounds.get(turn["round"], 0.0), turn["own"])
    least = {act: min(rounds.values()) for act, rounds in longest.items()}
    act = max(least, key=lambda one: least[one])
    own, wall = sorted(turn["own"] for turn in turns), sorted(turn["wall"] for turn in turns)
    at = int(len(own) * 0.95)
    note = (
        f"“{act}”; of {len(own)} turns in all rounds 95 of 100 within {own[at]:.1f} ms, by the clock {wall[at]:.1f},"
        f" {sum(1 for one in own if one > LIMIT_MS)} over {LIMIT_MS:.0f} ms"
    )
    yield Line("longest turn of the window", least[act], LIMIT_MS, "ms", note)
    for name, rooms in (("in a case", False), ("on the way to a room", True)):
        first = {one: rounds[0] for one, rounds in longest.items() if 0 in rounds and one.startswith("room: ") == rooms}
        act = max(first, key=lambda one: first[one])
        yield Line(f"longest turn of the first round, {name}", first[act], None, "ms", f"“{act}”")
    for act, figure in least.items():
        yield Line(f"  {act}", figure, None, "ms")
