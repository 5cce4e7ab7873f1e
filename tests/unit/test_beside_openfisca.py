"""The bench measures openfisca-core only where its own environment can be made, and says why where it can't."""

import sys
from pathlib import Path

import pytest

from tests.bench import openfisca


def test_an_environment_that_cannot_be_made_is_told_and_not_taken_for_one(tmp_path):
    lock = tmp_path / "lock"
    missing = (tmp_path / "nothing-1.0-py3-none-any.whl").as_uri()
    lock.write_text(f"nothing @ {missing} --hash=sha256:{'0' * 64}\n")
    for _ in range(2):
        with pytest.raises(openfisca.LeftOut, match="can't be installed"):
            openfisca.installed(tmp_path / "environment", lock)


def test_the_bench_goes_on_without_it(monkeypatch, capsys):
    monkeypatch.setattr(openfisca, "installed", lambda *_: Path(sys.executable).with_name("no-such-python"))
    assert list(openfisca.beside([{}], [(0, "")])) == []
    assert "openfisca-core is left out: it does not run" in capsys.readouterr().out


def test_its_lock_pins_every_package_with_hashes():
    packages = [line for line in openfisca.LOCK.read_text().splitlines() if line and line[0].isalpha()]
    assert any(line.startswith("openfisca-core==") for line in packages)
    assert all("==" in line and line.endswith("\\") for line in packages)
