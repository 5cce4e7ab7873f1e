"""Nothing that was confirmed of a whole day is lost by a kill, and the day goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows can't fork, and has no SIGKILL to survive")
def test_a_day_goes_on_where_a_kill_at_a_random_moment_broke_it_off() -> None:
    """More rounds by hand: python -m tests.faults.day --rounds 300"""
    command = [sys.executable, "-m", "tests.faults.day", "--rounds", "6"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "none lost" in ran.stdout
    assert "none twice, none passed over" in ran.stdout
