"""A kill at any moment loses at most the field that is being typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NO_FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows can't fork, and has no SIGKILL to survive")


@NO_FORK
@pytest.mark.parametrize(("where", "rounds"), [("service", 30), ("window", 3)])
def test_every_confirmed_field_survives_a_kill_at_a_random_moment(where: str, rounds: int) -> None:
    """Each round costs seconds, so here are few. A hundred or more by hand: `python -m tests.faults.kill_rounds`."""
    command = [sys.executable, "-m", "tests.faults.kill_rounds", where, str(rounds)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{rounds} kills" in ran.stdout
    assert "none lost" in ran.stdout
