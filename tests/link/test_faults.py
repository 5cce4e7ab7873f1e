"""A few of the fault rounds, each run of the suite; a thousand and more: python -m tests.link.fault_rounds 1000."""

import subprocess
import sys

import pytest

from tests.link import postgres


def test_whatever_goes_wrong_every_record_is_at_the_centre_once_or_waits_on_the_laptop() -> None:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed here: sudo apt-get install postgresql-15")
    # A process of its own: one with threads can't be forked.
    words = [sys.executable, "-m", "tests.link.fault_rounds", "15", "20261130", "postgresql"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert "events" in done.stdout
