"""A kill at any moment gives no number twice and passes over none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows can't fork, and has no SIGKILL to survive")
def test_no_number_is_given_twice_or_lost_by_a_kill_at_a_random_moment() -> None:
    """More rounds by hand: python -m tests.faults.paper_rounds 200"""
    command = [sys.executable, "-m", "tests.faults.paper_rounds", "20"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "none twice, none passed over" in ran.stdout
