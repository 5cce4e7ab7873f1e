import shutil
from pathlib import Path

import pytest

from app import paths
from app.crypto.pack_signature import verify_shipped
from app.rules.loader import load_pack

PACK = paths.resource("rulepacks", "kz-mse", "1.0.0")
CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture(scope="session")
def pack():
    return load_pack(PACK, verify=verify_shipped, with_cases=True)


@pytest.fixture
def copy(tmp_path):
    """The shipped pack in a folder of its own, to be broken."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))
