"""Codes of classifiers with their names, from official tables that somebody imported.

`valid` has one bit a language: the code stands, in force, in the newest table in that language. Codes that left every
table stay with their names: old cases name them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import Connection, text

from app.domain.text import LANGUAGES
from app.storage.database import driver

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

BITS: Final = {language: 1 << at for at, language in enumerate(LANGUAGES)}

_OF_KIND = text("SELECT code, parent, kk, ru, en, valid FROM classified WHERE kind = :kind ORDER BY code")
_KINDS = text("SELECT DISTINCT kind FROM classified ORDER BY kind")
_PUT = "INSERT OR REPLACE INTO classified (kind, code, parent, kk, ru, en, valid) VALUES (?, ?, ?, ?, ?, ?, ?)"


class Classified(NamedTuple):
    """One code. Names are "" where no table in that language had it."""

    code: str
    parent: str
    kk: str
    ru: str
    en: str
    valid: int


def of_kind(connection: Connection, kind: str) -> Iterator[Classified]:
    """All codes of a classifier in the order of the codes."""
    return (Classified(*row) for row in connection.execute(_OF_KIND, {"kind": kind}))


def kinds(connection: Connection) -> list[str]:
    """The classifiers of which any code is stored."""
    return list(connection.execute(_KINDS).scalars())


def put(work: "UnitOfWork", kind: str, rows: Iterable[Classified]) -> None:
    """Write these codes, new ones and in place of what they had. Whoever calls audits the entry with the digest."""
    driver(work.connection).executemany(_PUT, ((kind, *row) for row in rows))


def digest(connection: Connection, kind: str) -> tuple[int, str]:
    """How many codes a classifier has, and SHA-256 over all that is stored of them, in hex."""
    found, rows = hashlib.sha256(), 0
    for row in of_kind(connection, kind):
        rows += 1
        # Names hold no control characters: the units divide without doubt.
        found.update("\x1f".join(map(str, row)).encode() + b"\x1e")
    return rows, found.hexdigest()
