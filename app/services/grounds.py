"""Grounds on which an examination is refused, as data; and which of them the case itself shows."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from app import paths
from app.domain.case_file import Document, get
from app.domain.purposes import needs_of
from app.domain.text import LocalText
from app.domain.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for a refusal. `obstacles`: codes of the criteria's obstacles that show it; `absent`: fields whose
    absence shows it, where the case needs a referral."""

    id: str
    name: LocalText
    source: LocalText
    status: Status
    obstacles: tuple[str, ...]
    absent: tuple[str, ...]


@cache
def grounds() -> tuple[Ground, ...]:
    """All of them, in the order of the list."""
    content = tomllib.loads(paths.resource("classifiers", "refusals.toml").read_text("utf-8"))
    sources = {row["id"]: _named(row) for row in content["source"]}
    return tuple(
        Ground(
            row["id"],
            _named(row),
            sources[row["source"]],
            Status(row["status"]),
            tuple(row.get("obstacles", ())),
            tuple(row.get("absent", ())),
        )
        for row in content["ground"]
    )


def ground(identity: str | None) -> Ground | None:
    """The ground with this id; None for one that the list doesn't know (any more)."""
    return next((known for known in grounds() if known.id == identity), None)


def shown_ground(document: Document, obstacles: Collection[str]) -> Ground | None:
    """The first ground that the case shows: by an obstacle of the criteria (their codes), or by a paper that lacks."""
    referred = "referral" in needs_of(document)
    for known in grounds():
        if any(code in obstacles for code in known.obstacles):
            return known
    for known in grounds():
        if referred and any(not get(document, path) for path in known.absent):
            return known
    return None


def _named(row: dict[str, str]) -> LocalText:
    return LocalText(kk=row["kk"], ru=row["ru"], en=row["en"])
