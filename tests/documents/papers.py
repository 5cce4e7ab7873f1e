"""What the tests of papers share: contents from the cases, and a PDF's text, fonts and codes as others read them."""

import copy
import json
import re
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.documents.conclusion import ConclusionContent, conclusion_content
from app.documents.letterhead import department_names
from app.documents.witness import witness_of
from app.domain.text import LocalText
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.library import PackLibrary

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
LANGUAGES = ("kk", "ru", "en")
LIBRARY = PackLibrary()
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"


@dataclass(frozen=True)
class Department:
    number: str
    names: LocalText


@dataclass(frozen=True)
class Signature:
    name: str
    signed_at: datetime
    login: str = "member"
    key: str = "0123 4567 89ab cdef"
    account_by: str | None = None


@dataclass(frozen=True)
class Record:
    digest: str
    signatures: tuple[Signature, ...]


DEPARTMENT = Department("2", department_names("2", "150000000", date(2026, 11, 20)))
DECISION = {
    "outcome": "group_2", "period": {"kind": "years", "value": 2}, "cause": "01", "general_capacity": 65,
    "professional_capacity": None, "reasons": [],
}  # fmt: skip


SEED = bytes(range(32))
HEAD = (417, "fe" * 32)


def case(name: str) -> dict[str, Any]:
    """One of the twelve cases by the beginning of its name, free to be changed."""
    path = next(CASES.glob(f"{name}*.case.json"))
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def signed(document: dict[str, Any]) -> Record:
    """A record as if every member had signed, a minute apart."""
    start = datetime(2026, 11, 20, 5, 42, tzinfo=UTC)
    members = document["examination"]["commission"]
    return Record(
        "sha256:" + "0123456789abcdef" * 4,
        tuple(Signature(m["name"], start + timedelta(minutes=n)) for n, m in enumerate(members)),
    )


def content(
    document: dict[str, Any],
    *,
    with_record: bool = False,
    number: str | None = "2/2026/000017",
    department: Department | None = DEPARTMENT,
) -> ConclusionContent:
    """The content of an expert opinion by the built-in criteria."""
    document = copy.deepcopy(document)
    pack = LIBRARY.for_date(date.fromisoformat(document["examination"]["on"]))
    proposal = propose(pack, document)
    made = conclusion_content(
        document, proposal, explain(pack, proposal, document), pack=pack, department=department, number=number,
        record=signed(document) if with_record else None,
    )  # fmt: skip
    return replace(made, witness=witness_of(made, SEED, HEAD, "710000000")) if with_record else made


def tool(*words: str, data: bytes) -> str:
    """The output of a tool of poppler, qpdf or zbar over a PDF; `{}` among the words is the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(data)
        words = tuple(str(path) if word == "{}" else word for word in words)
        return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout.decode("utf-8")


def text_of(data: bytes) -> str:
    """The text in the order it was set, lines joined by single spaces."""
    raw = tool("pdftotext", "-raw", "-enc", "UTF-8", "{}", "-", data=data)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", raw))


def pages(data: bytes) -> int:
    return int(re.search(r"^Pages:\s+(\d+)", tool("pdfinfo", "{}", data=data), re.M)[1])  # type: ignore[index]
