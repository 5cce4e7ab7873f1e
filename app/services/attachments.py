"""Copies of medical papers brought to an examination: stored once, encrypted with everything else, named by the case.

Nothing is ever written beside the database. A case names its copies by digest in `dossier.attachments`, so they are
frozen and signed with it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain import brought, case_file
from app.domain.brought import CASE_LIMIT, FILE_LIMIT, PaperKind
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import line
from app.services.examinations import ExaminationService, audit_change
from app.services.views import CaseView
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.attachments import AttachmentRow
    from app.storage.cases import CaseRecord
    from app.storage.unit_of_work import UnitOfWork

_THUMBNAIL_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Copy:
    """A file made ready by the window: its bytes, a small picture of it (JPEG or PNG), the pages of a PDF."""

    data: bytes
    thumbnail: bytes
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The case with the copy in it; `known`: the same content was in the database already and stands there once."""

    view: CaseView
    digest: str
    known: bool


class AttachmentService:
    """Adds, shows and takes out copies. Only drafts take changes."""

    def __init__(self, place: Workplace, examinations: ExaminationService) -> None:
        self._place = place
        self._examinations = examinations

    def read(self, path: Path) -> bytes:
        """The bytes of a file to be attached; UserError where it can't be read, is too large, or is of no kind that
        can be attached."""
        data = case_file.read_bytes(path, FILE_LIMIT)
        require_kind(data, path.name)
        return data

    def require_room(self, case_id: str, of: str, size: int) -> None:
        """UserError where a copy of this kind and size could not be added now: asked before anything is prepared."""
        with self._place.database.reading() as connection:
            _require_room(self._examinations.draft(connection, case_id), of, size)

    def add(self, case_id: str, copy: Copy, *, title: str, of: str, screen: str = "referral") -> Added:
        """Store the copy and name it in the case, in one transaction. UserError: a case that takes no changes, a kind
        of paper that is not collected, too large a file, the same file twice in one case."""
        from app.storage import attachments

        kind = require_kind(copy.data, title)
        digest = hashlib.sha256(copy.data).hexdigest()
        name = line(title, where=brought.ATTACHMENTS) or digest[:8]
        if not 0 < len(copy.thumbnail) <= _THUMBNAIL_LIMIT:
            raise ValueError("a thumbnail is small, and there")
        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            _require_room(record, of, len(copy.data))
            listed = _listed(record)
            there = next((entry for entry in listed if entry["digest"] == digest), None)
            if there is not None:
                sentence = N_("This file is attached to the case already, as “{title}”. It was not added again.")
                raise UserError(Text(sentence, {"title": there.get("title") or ""}), where=brought.ATTACHMENTS)
            known = attachments.thumbnail(work.connection, digest) is not None
            if not known:
                row = attachments.AttachmentRow(digest, kind, len(copy.data), copy.thumbnail, copy.data)
                work.audit("attachment.stored", path=digest, new=describe_attachment(row), screen=screen)
                attachments.add(work, row)
            entry = {"digest": digest, "kind": kind, "title": name, "size": len(copy.data), "of": of}
            if copy.pages:
                entry["pages"] = copy.pages
            entry["added_at"] = work.now.isoformat(timespec="seconds").replace("+00:00", "Z")
            told = {key: entry[key] for key in ("digest", "kind", "size", "of")}
            work.audit("attachment.added", case_id=case_id, path=brought.ATTACHMENTS, new=told, screen=screen)
            work.emit("attachment.added", told, case_id=case_id, subject=digest)
            self._write(work, record, [*listed, entry], screen)
            work.commit()
        return Added(self._examinations.open(case_id), digest, known)

    def rename(self, case_id: str, digest: str, *, title: str, of: str, screen: str = "referral") -> CaseView:
        """Another title or kind for a copy."""
        name = line(title, where=brought.ATTACHMENTS) or digest[:8]
        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            _require_room(record, of, 0)
            listed = _listed(record)
            changed = [{**e, "title": name, "of": of} if e["digest"] == digest else e for e in listed]
            if changed != listed:
                self._write(work, record, changed, screen)
                work.commit()
        return self._examinations.open(case_id)

    def remove(self, case_id: str, digest: str, *, screen: str = "referral") -> CaseView:
        """Take a copy out of a draft. A content that no other case names is forgotten; the audit trail keeps that it
        was there."""
        from app.storage import attachments

        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            listed = _listed(record)
            left = [entry for entry in listed if entry["digest"] != digest]
            if len(left) != len(listed):
                self._write(work, record, left, screen)
                row = attachments.find(work.connection, digest)
                if row is not None and not attachments.is_named(work.connection, digest):
                    work.audit("attachment.forgotten", path=digest, old=describe_attachment(row), screen=screen)
                    attachments.remove(work, digest)
                work.commit()
        return self._examinations.open(case_id)

    def content(self, digest: str) -> bytes:
        """The stored file. UserError where it is not here."""
        from app.storage import attachments

        with self._place.database.reading() as connection:
            row = attachments.find(connection, digest)
        if row is None:
            raise UserError(Text(N_("The copy {digest} of a paper is not in the database."), {"digest": digest[:16]}))
        return bytes(row.bytes)

    def thumbnails(self, digests: Sequence[str]) -> dict[str, bytes]:
        """Small pictures by digest; without those that are not here."""
        from app.storage import attachments

        with self._place.database.reading() as connection:
            found = {digest: attachments.thumbnail(connection, digest) for digest in digests}
        return {digest: picture for digest, picture in found.items() if picture is not None}

    def _write(self, work: "UnitOfWork", record: "CaseRecord", listed: list[dict[str, Any]], screen: str) -> None:
        from app.storage import cases

        checked = case_file.check_field(brought.ATTACHMENTS, listed)
        old = case_file.get(record.document, brought.ATTACHMENTS)
        head = audit_change(work, record.id, brought.ATTACHMENTS, old, checked, screen=screen)
        document = case_file.put(record.document, brought.ATTACHMENTS, checked)
        cases.save(work, head, record.id, document, record.unfinished, columns=False)


def require_kind(data: bytes, name: str) -> str:
    """`png`, `jpeg` or `pdf` by the first bytes; UserError for anything else."""
    kind = brought.file_kind(data)
    if kind is None:
        sentence = N_("“{name}” is neither a PNG or JPEG picture nor a PDF. Save it as one of them, then add it.")
        raise UserError(Text(sentence, {"name": name}), where=brought.ATTACHMENTS)
    return kind.value


def describe_attachment(row: "AttachmentRow") -> dict[str, Any]:
    """What the audit trail says of a stored copy; computed from the bytes that are there."""
    return {
        "digest": hashlib.sha256(row.bytes).hexdigest(),
        "kind": row.kind,
        "size": row.size,
        "thumbnail": hashlib.sha256(row.thumbnail).hexdigest(),
    }


def _listed(record: "CaseRecord") -> list[dict[str, Any]]:
    return list(case_file.get(record.document, brought.ATTACHMENTS) or ())


def _require_room(record: "CaseRecord", of: str, size: int) -> None:
    if of == PaperKind.IDENTITY:
        sentence = N_(
            "Copies of identity documents are not kept: collecting them is prohibited. Look at the document and write"
            " its number on the step “Person”."
        )
        raise UserError(Text(sentence), where=brought.ATTACHMENTS)
    if size > FILE_LIMIT:
        sentence = N_("The file has {size} MB; at most {limit} MB are kept of one. Make the picture smaller.")
        told = {"size": f"{size / 1048576:.1f}", "limit": FILE_LIMIT // 1048576}
        raise UserError(Text(sentence, told), where=brought.ATTACHMENTS)
    held = sum(entry["size"] for entry in _listed(record))
    if held + size > CASE_LIMIT:
        sentence = N_(
            "The copies of this case would have {size} MB; at most {limit} MB are kept. Take one out, or make this one"
            " smaller."
        )
        told = {"size": f"{(held + size) / 1048576:.1f}", "limit": CASE_LIMIT // 1048576}
        raise UserError(Text(sentence, told), where=brought.ATTACHMENTS)
