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


def samples() -> list[Path]:
    """The sample cases of the repository."""
    found = sorted((ROOT / "resources" / "samples").glob("*.json"))
    if not found:
        raise RuntimeError("there is no sample case in resources/samples")
    return found


def sample() -> dict[str, Any]:
    """One sample case, as a document."""
    document: dict[str, Any] = json.loads(samples()[0].read_text(encoding="utf-8"))
    return document


def made(data_dir: Path) -> Access:
    """A new desk with one user."""
    access = Access(data_dir)
    names = LocalText(kk="Бөлім", ru="Отдел", en="Department")
    department = Department(number="1", region="710000000", names=names)
    access.create(department=department, login=LOGIN, name=NAME, passphrase=PASSPHRASE, language="kk")
    return access
