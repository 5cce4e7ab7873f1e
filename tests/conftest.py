"""Fixtures that every room's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.access import Access
from app.services.desk import Desk
from tests import factories


@pytest.fixture
def clock() -> factories.FakeClock:
    return factories.FakeClock()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture
def access(data_dir: Path, clock: factories.FakeClock) -> Access:
    """A desk with one user, nobody signed in."""
    return factories.make_desk(data_dir, clock)


@pytest.fixture
def desk(access: Access) -> Iterator[Desk]:
    """The head of the commission is signed in; the members are not users yet."""
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    yield desk
    desk.close()


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    """The head is signed in, and every member of the sample's commission is a user."""
    return factories.with_commission(desk)
