"""A desk with one case to measure on, in a folder of its own."""

import json
from pathlib import Path
from typing import Any

from app.domain.text import LocalText
from app.services.access import Access
from app.services.views import Department
from tests.bench.measure import ROOT

LOGIN, PASSPHRASE = "bench", "grey stork over the wide river 41"
NAME = "Sample Member"


SAMPLE = ROOT / "resources" / "samples" / "01-stroke-at-home.case.json"


def samples() -> list[Path]:
    """The twelve cases that the tests decide on."""
    return sorted((ROOT / "tests" / "cases").glob("*.case.json"))


def sample() -> dict[str, Any]:
    """One case of an adult, as a document."""
    document: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return document


def made(data_dir: Path) -> Access:
    """A new desk with one user."""
    access = Access(data_dir)
    names = LocalText(kk="Бөлім", ru="Отдел", en="Department")
    department = Department(number="1", region="710000000", names=names)
    access.create(department=department, login=LOGIN, name=NAME, passphrase=PASSPHRASE, language="kk")
    return access
