"""`saraptama demo`: what somebody without a screen sees of the program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QImage

from app import paths
from app.domain.case_file import get, read_case_path
from app.domain.text import LANGUAGES

SAMPLE = read_case_path(paths.resource("samples", "01-stroke-at-home.case.json"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_shows_proposal_papers_and_pictures(tmp_path: Path, language: str) -> None:
    out = tmp_path / "out"
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    words = ["-m", "app.cli", "demo", "--out", str(out), "--lang", language]
    ran = subprocess.run(
        [sys.executable, *words], cwd=paths.root(), env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    headline = {"kk": "екінші топ", "ru": "второй группы", "en": "group II"}[language]
    assert headline in ran.stdout
    assert "kz-mse" in ran.stdout
    for name in LANGUAGES:
        picture = out / f"proposal-{name}.png"
        (paper,) = out.glob(f"*-{name}.pdf")
        assert str(picture) in ran.stdout
        assert str(paper) in ran.stdout
        assert (QImage(str(picture)).width(), QImage(str(picture)).height()) == (1366, 768)
        text = "\n".join(page.extract_text() for page in PdfReader(paper).pages)
        assert str(get(SAMPLE, "person.surname")) in text
    # A signed paper bears no draft mark, and nothing stays behind but what was named.
    assert len(list(out.iterdir())) == 6
