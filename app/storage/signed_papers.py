"""Papers with electronic signatures: what is known of each as an entry, its bytes among the copies, by their digest."""

from typing import Final

from sqlalchemy import Connection

from app.storage import attachments, entries
from app.storage.entries import Record

KIND: Final = attachments.SIGNED_PAPER


def identity(case_id: str, document: str, language: str, blank: str) -> str:
    """The id of a paper: another blank makes it another paper."""
    return "/".join((case_id, document, language, *([blank] if blank else [])))


def find(connection: Connection, paper: str) -> Record | None:
    """What is known of a paper; None where nobody has signed it."""
    return entries.find(connection, KIND, paper)


def of_case(connection: Connection, case_id: str) -> list[Record]:
    """All papers of a case that bear signatures."""
    return list(entries.beginning(connection, KIND, case_id).values())


def signed_as(connection: Connection, name: str) -> list[Record]:
    """The papers that a member of this name has signed, and others whose records hold the name."""
    return list(entries.holding(connection, KIND, name).values())


def content(connection: Connection, record: Record) -> bytes | None:
    """The bytes of a paper; None where they are not here."""
    row = attachments.find(connection, record["digest"])
    return bytes(row.bytes) if row is not None else None
