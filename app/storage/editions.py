"""Editions of the criteria that this desk has accepted, with their files; keys admitted and revoked here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, text

from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.storage.unit_of_work import UnitOfWork, read_time, written_time

_EDITIONS = text(
    "SELECT ordinal, digest, pack, version, valid_from, valid_to, public_key, installed_at, installed_by FROM editions"
    " ORDER BY ordinal"
)
_FILES = text("SELECT name, content FROM edition_files WHERE edition = :edition ORDER BY name")
_ADMITTED = text("SELECT public_key, name, admitted_at, admitted_by FROM admitted_keys ORDER BY ordinal")
_REVOKED = text("SELECT public_key, reason, revoked_at, revoked_by FROM revoked_keys ORDER BY ordinal")
_ADD_EDITION = text(
    "INSERT INTO editions"
    " (ordinal, digest, pack, version, valid_from, valid_to, public_key, installed_at, installed_by)"
    " VALUES (:ordinal, :digest, :pack, :version, :valid_from, :valid_to, :public_key, :at, :by)"
)
_ADD_FILE = text("INSERT INTO edition_files (edition, name, content) VALUES (:edition, :name, :content)")
_ADMIT = text(
    "INSERT INTO admitted_keys (public_key, ordinal, name, admitted_at, admitted_by) VALUES (:public_key,"
    " (SELECT coalesce(max(ordinal), 0) + 1 FROM admitted_keys), :name, :at, :by)"
)
_REVOKE = text(
    "INSERT INTO revoked_keys (public_key, ordinal, reason, revoked_at, revoked_by) VALUES (:public_key,"
    " (SELECT coalesce(max(ordinal), 0) + 1 FROM revoked_keys), :reason, :at, :by)"
)
_ORDINALS: Final = tuple(
    f"SELECT count(*), coalesce(max(ordinal), 0) FROM {table}"  # noqa: S608 - the names of our own tables
    for table in ("editions", "admitted_keys", "revoked_keys")
)


@dataclass(frozen=True, slots=True)
class EditionRow:
    """`ordinal`: 1 for the first that was accepted. `digest`: `sha256:` and 64 hex digits, of the manifest;
    `public_key`: the Ed25519 key that signed it (32 bytes); `installed_by`: a user's id."""

    ordinal: int
    digest: str
    pack: str
    version: str
    valid_from: date
    valid_to: date | None
    public_key: bytes
    installed_at: datetime
    installed_by: str


@dataclass(frozen=True, slots=True)
class AdmittedKey:
    """A key whose signatures under editions this desk takes; `admitted_by` is a user's id."""

    public_key: bytes
    name: str
    admitted_at: datetime
    admitted_by: str


@dataclass(frozen=True, slots=True)
class RevokedKey:
    """A key whose signatures count no more, whether it was admitted here or came with the program."""

    public_key: bytes
    reason: str
    revoked_at: datetime
    revoked_by: str


def accepted(connection: Connection) -> tuple[EditionRow, ...]:
    """In the order in which they were accepted."""
    return tuple(
        EditionRow(ordinal, digest, pack, version, _day(first), _day(last) if last else None, key, _moment(at), by)
        for ordinal, digest, pack, version, first, last, key, at, by in connection.execute(_EDITIONS)
    )


def next_ordinal(work: UnitOfWork) -> int:
    """The number of the edition that will be accepted next."""
    return len(accepted(work.connection)) + 1


def files(connection: Connection, ordinal: int) -> dict[str, bytes]:
    """The files of one edition as they came, manifest and signature among them."""
    return {row[0]: row[1] for row in connection.execute(_FILES, {"edition": ordinal})}


def admitted(connection: Connection) -> tuple[AdmittedKey, ...]:
    """In the order in which they were admitted, the revoked ones among them."""
    return tuple(AdmittedKey(key, name, _moment(at), by) for key, name, at, by in connection.execute(_ADMITTED))


def revoked(connection: Connection) -> tuple[RevokedKey, ...]:
    """In the order in which they were revoked."""
    return tuple(RevokedKey(key, reason, _moment(at), by) for key, reason, at, by in connection.execute(_REVOKED))


def without_holes(connection: Connection) -> bool:
    """Whether the rows of each table are numbered from 1 without a hole."""
    return all(count == last for count, last in (connection.exec_driver_sql(sql).one() for sql in _ORDINALS))


def add(work: UnitOfWork, row: EditionRow, contents: Mapping[str, bytes]) -> None:
    """Write an edition with its files, for good."""
    work.connection.execute(
        _ADD_EDITION,
        {"ordinal": row.ordinal, "digest": row.digest, "pack": row.pack, "version": row.version,
         "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to and row.valid_to.isoformat(),
         "public_key": row.public_key, "at": written_time(row.installed_at), "by": row.installed_by},
    )  # fmt: skip
    for name, content in sorted(contents.items()):
        work.connection.execute(_ADD_FILE, {"edition": row.ordinal, "name": name, "content": content})


def admit(work: UnitOfWork, row: AdmittedKey) -> None:
    """Write a key whose signatures count from now on."""
    work.connection.execute(
        _ADMIT,
        {"public_key": row.public_key, "name": row.name, "at": written_time(row.admitted_at), "by": row.admitted_by},
    )


def revoke(work: UnitOfWork, row: RevokedKey) -> None:
    """Write that a key's signatures count no more, for good."""
    work.connection.execute(
        _REVOKE,
        {"public_key": row.public_key, "reason": row.reason, "at": written_time(row.revoked_at), "by": row.revoked_by},
    )


def _moment(written: str) -> datetime:
    try:
        return read_time(written)
    except ValueError:
        raise _changed() from None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise _changed() from None


def _changed() -> CheckFailed:
    sentence = N_("The list of editions or of their keys names a time that does not exist: the database was changed.")
    return CheckFailed(Text(sentence))
