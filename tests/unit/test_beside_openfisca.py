"""The bench measures openfisca-core only where its own environment can be made, and says why where it can't."""

import pytest

from tests.bench import openfisca


@pytest.fixture
def lock(tmp_path):
    """A lock of a package that lies nowhere."""
    path = tmp_path / "lock"
    wheel = (tmp_path / "nothing-1.0-py3-none-any.whl").as_uri()
    path.write_text(f"nothing @ {wheel} --hash=sha256:{'0' * 64}\n")
    return path


def test_an_environment_that_cannot_be_made_is_told_and_not_taken_for_one(tmp_path, lock):
    for _ in range(2):
        with pytest.raises(openfisca.LeftOut, match="can't be installed"):
            openfisca.installed(tmp_path / "environment", lock)


def test_the_bench_goes_on_without_it(tmp_path, lock, capsys):
    assert list(openfisca.beside([{}], [(0, "")], tmp_path / "environment", lock)) == []
    assert "openfisca-core is left out: its packages can't be installed" in capsys.readouterr().out


def test_its_lock_pins_every_package_with_hashes():
    packages = [line for line in openfisca.LOCK.read_text().splitlines() if line and line[0].isalpha()]
    assert any(line.startswith("openfisca-core==") for line in packages)
    assert all("==" in line and line.endswith("\\") for line in packages)
