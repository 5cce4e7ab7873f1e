"""Copies of medical papers, and papers with electronic signatures, in the encrypted database: each content once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_FIND = text("SELECT digest, kind, size, thumbnail, bytes FROM attachments WHERE digest = :digest")
_THUMBNAILS = text("SELECT thumbnail FROM attachments WHERE digest = :digest")
_EVERY = "SELECT digest, kind, size, thumbnail, bytes FROM attachments ORDER BY digest"
_ADD = text(
    "INSERT INTO attachments (digest, kind, size, thumbnail, bytes) VALUES (:digest, :kind, :size, :thumbnail, :bytes)"
)
_REMOVE = text("DELETE FROM attachments WHERE digest = :digest")
_NAMED = text(
    "SELECT (SELECT count(*) FROM cases WHERE instr(document, :digest) > 0)"
    " + (SELECT count(*) FROM entries WHERE kind = :kind AND instr(record, :digest) > 0)"
)
SIGNED_PAPER = "signed-paper"
"""The kind of entry that names a paper with electronic signatures."""


@dataclass(frozen=True, slots=True, repr=False)
class AttachmentRow:
    """One stored file; `digest` in 64 hex digits, `thumbnail` a small JPEG or PNG."""

    digest: str
    kind: str
    size: int
    thumbnail: bytes
    bytes: bytes


def find(connection: Connection, digest: str) -> AttachmentRow | None:
    """The file with this digest."""
    row = connection.execute(_FIND, {"digest": digest}).first()
    return AttachmentRow(*row) if row else None


def thumbnail(connection: Connection, digest: str) -> bytes | None:
    """Its small picture alone: the file itself may have 20 MB."""
    row = connection.execute(_THUMBNAILS, {"digest": digest}).first()
    return bytes(row[0]) if row else None


def add(work: "UnitOfWork", row: AttachmentRow) -> None:
    """Store a content that is not there yet; whoever calls it audits it."""
    values = {name: getattr(row, name) for name in AttachmentRow.__slots__}
    work.connection.execute(_ADD, values)


def remove(work: "UnitOfWork", digest: str) -> None:
    """Forget a content that no case names; the database refuses any other."""
    work.connection.execute(_REMOVE, {"digest": digest})


def is_named(connection: Connection, digest: str) -> bool:
    """Whether any case's document holds the digest, or it is a paper with electronic signatures."""
    return bool(connection.execute(_NAMED, {"digest": digest, "kind": SIGNED_PAPER}).scalar_one())


def every(connection: Connection) -> Iterator[AttachmentRow]:
    """One after the other: all together may not fit into memory."""
    for row in connection.exec_driver_sql(_EVERY):
        yield AttachmentRow(*row)
