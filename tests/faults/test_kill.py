"""A kill at any moment loses at most the field that is being typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows can't fork, and has no SIGKILL to survive")
def test_every_confirmed_field_survives_a_kill_at_a_random_moment() -> None:
    """A hundred rounds take nine seconds and run with: python -m tests.faults.kill_rounds 100"""
    command = [sys.executable, "-m", "tests.faults.kill_rounds", "25"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "none lost" in ran.stdout
