"""Both databases of the centre: a promise of its store is kept on each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.link import postgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed here: sudo apt-get install postgresql-15")
    with postgres.running() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "centre.db")
    running: postgres.Cluster = request.getfixturevalue("cluster")
    return running.new_database()
