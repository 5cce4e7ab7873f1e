"""`self-test` finds everything in this tree, and notices what is taken away."""

import shutil
from pathlib import Path

import pytest

from app import cli, paths


def test_everything_is_found_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["self-test", "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "Everything was found."
    assert all(line.startswith("ok ") for line in lines[:-1])
    for part in ("catalogue of words, kk", "font on paper", "rule pack kz-mse", "migration 0001", "PDF, ru", "icon "):
        assert any(part in line for line in lines), part


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program looks for its files in a copy of the tree's."""
    for folder in ("resources", "db"):
        shutil.copytree(paths.root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    return tmp_path


GONE = {
    "resources/translations/kk/LC_MESSAGES/saraptama.mo": "catalogue of words, kk",
    "resources/fonts/PTSerif-Regular.ttf": "font on paper, PTSerif-Regular.ttf",
    "resources/rulepacks/kz-mse/1.0.0/manifest.sig": "rule pack kz-mse 1.0.0",
    "resources/recognition/ocr-b.weights": "what reads a card from a picture",
    "db/migrations/versions/0002_*.py": "migration 0002",
}


def test_what_is_missing_is_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All of it in one run: no lack hides another."""
    for gone in GONE:
        for path in copied.glob(gone):
            path.unlink()
    assert cli.main(["self-test", "--lang", "en"]) == 1
    missing = [line for line in capsys.readouterr().out.splitlines() if line.startswith("missing ")]
    for said in GONE.values():
        assert any(said in line for line in missing), missing


def test_a_changed_rule_is_noticed(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decisions = copied / "resources" / "rulepacks" / "kz-mse" / "1.0.0" / "decisions.toml"
    decisions.write_text(decisions.read_text(encoding="utf-8") + "\n# one line more\n", encoding="utf-8")
    assert cli.main(["self-test", "--lang", "en"]) == 1
    assert "missing  rule pack kz-mse 1.0.0" in capsys.readouterr().out
