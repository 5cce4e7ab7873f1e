"""Which documents an examination asks for, which of them are absent, and the ground that this gives for a refusal.

The list is data (`resources/checklist/documents.toml`) with how sure each line is; what was brought stands in the case
under `dossier.checklist`. Pure; nothing here stops an examination: that is for people to decide.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from app import paths
from app.domain import dates
from app.domain.brought import CHECKLIST, Presence
from app.domain.case_file import Document, get
from app.domain.text import LocalText
from app.domain.vocabulary import Status

_ASKED = {"occasion": "examination.occasion", "place": "examination.place", "cause": "cause.code"}
_GROUND = LocalText(
    kk="Құжаттар топтамасы толық емес, мыналар жоқ: {documents}.",
    ru="Неполный пакет документов, отсутствуют: {documents}.",
    en="The package of documents is incomplete, absent: {documents}.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document of the list."""

    id: str
    name: LocalText
    status: Status
    source: LocalText
    when: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where a case says whether it is there."""
        return f"{CHECKLIST}.{self.id}"

    def is_asked_for(self, document: Document) -> bool:
        """Whether this examination asks for it. What isn't known of an age counts as asked for."""
        when, years = self.when, _age(document)
        if when.get("or_work_injury") and get(document, "facts.work_injury"):
            return True
        for key, path in _ASKED.items():
            if key in when and get(document, path) not in when[key]:
                return False
        if "purpose" in when and not set(when["purpose"]) & set(get(document, "referral.purpose") or ()):
            return False
        if get(document, "examination.place") in when.get("not_place", ()):
            return False
        return years is None or when.get("age_from", 0) <= years < when.get("age_below", 1000)


@cache
def documents() -> tuple[Wanted, ...]:
    """The whole list, in its order."""
    content = tomllib.loads(paths.resource("checklist", "documents.toml").read_text("utf-8"))
    return tuple(_read(dict(row)) for row in content["document"])


def wanted(document: Document) -> tuple[Wanted, ...]:
    """What this examination asks for, and what somebody has already answered for."""
    answers = get(document, CHECKLIST) or {}
    return tuple(one for one in documents() if one.is_asked_for(document) or answers.get(one.id))


def absent(document: Document) -> tuple[Wanted, ...]:
    """What was asked for and is not there, by somebody's answer. No answer is no absence."""
    answers = get(document, CHECKLIST) or {}
    return tuple(one for one in wanted(document) if answers.get(one.id) == Presence.ABSENT)


def ground(document: Document) -> LocalText | None:
    """The ground for a refusal that absent documents give, in words; None where none is absent."""
    lacking = absent(document)
    if not lacking:
        return None
    names = {code: ", ".join(one.name.of(code) for one in lacking) for code in ("kk", "ru", "en")}
    return _GROUND.with_params(documents=LocalText(**names))


def _read(row: dict[str, Any]) -> Wanted:
    names = LocalText(kk=row.pop("kk"), ru=row.pop("ru"), en=row.pop("en"))
    return Wanted(row.pop("id"), names, Status(row.pop("status")), LocalText(**row.pop("source")), row)


def _age(document: Document) -> int | None:
    birth, on = (dates.parse_iso(str(get(document, p) or "")) for p in ("person.birth_date", "examination.on"))
    return dates.age(birth, on) if birth is not None and on is not None and birth <= on else None
