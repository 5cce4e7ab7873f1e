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
SESSIONS = 4


def frames(folder: Path) -> Iterator[Line]:
    """A day at the window (`frame_watch`), in a few sessions, each a process of its own that signs in anew.

    The figures are the processor's time of the window's thread, of each action in the session in which it took least:
    on a machine that does other things meanwhile the clock measures those too, and its speed wanders. The first round
    of a session has what is loaded or made once only; it has the same limit, and a figure of its own.
    """
    turns = [turn for session in range(SESSIONS) for turn in _session(folder, session)]
    longest: dict[tuple[bool, str], dict[int, float]] = {}
    for turn in turns:
        found = longest.setdefault((turn["round"] == 0, turn["act"]), {})
        found[turn["session"]] = max(found.get(turn["session"], 0.0), turn["own"])
    own, wall = sorted(turn["own"] for turn in turns), sorted(turn["wall"] for turn in turns)
    at = int(len(own) * 0.95)
    over = sum(1 for one in own if one > LIMIT_MS)
    seen = (
        f"of {len(own)} turns in all sessions 95 of 100 within {own[at]:.1f} ms, by the clock {wall[at]:.1f},"
        f" {over} over {LIMIT_MS:.0f} ms"
    )
    for first, name in ((True, "longest turn, first round of a session"), (False, "longest turn, later")):
        least = {act: min(found.values()) for (is_first, act), found in longest.items() if is_first is first}
        act = max(least, key=lambda one: least[one])
        yield Line(name, least[act], LIMIT_MS, "ms", f"“{act}”" + ("" if first else f"; {seen}"))
        if first:
            for act, figure in least.items():
                yield Line(f"  {act}", figure, None, "ms")


def _session(folder: Path, session: int) -> list[dict[str, Any]]:
    """The turns of one session."""
    place = folder / str(session)
    place.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.frame_watch", str(place)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    return [turn | {"session": session} for turn in json.loads(done.stdout) if turn["wall"] > IDLE_MS]
