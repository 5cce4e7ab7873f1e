"""Fixtures that every room's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.access import Access
from app.services.desk import Desk
from tests import factories, once


@pytest.fixture(autouse=True, scope="session")
def _reading_once() -> Iterator[None]:
    with once.reading_once():
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> once.Templates:
    """Desks to be copied."""
    return once.Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def clock() -> factories.FakeClock:
    return factories.FakeClock()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture
def access(
    templates: once.Templates, data_dir: Path, clock: factories.FakeClock, request: pytest.FixtureRequest
) -> Access:
    """A desk with one user, nobody signed in; where the test asks for `full_desk`, its members are users too."""
    return templates.copy(data_dir, clock, commission="full_desk" in request.fixturenames)


@pytest.fixture
def desk(access: Access) -> Iterator[Desk]:
    """The head of the commission is signed in; the members are not users yet (but see `full_desk`)."""
    desk = access.sign_in(factories.HEAD, factories.PASSPHRASE)
    yield desk
    desk.close()


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    """The head is signed in, and every member of the sample's commission is a user."""
    return desk
