"""Editions and keys as a list shows them, and as records name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.domain.errors import KnownError
from app.domain.text import LocalText, Text
from app.domain.vocabulary import Status
from app.services.packs import AcceptedEdition, Days, Edition, PackService, ShippedEdition

if TYPE_CHECKING:
    from app.rules.files import Verify
    from app.rules.model import Pack
    from app.storage.database import Connection
    from app.storage.editions import AdmittedKey, EditionRow, RevokedKey

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key whose signatures under editions this desk takes, or took until it was revoked.

    `fingerprint`: four groups of four hex digits. `shipped`: it came with the program. `admitted_by`, `revoked_by`:
    names of users; a key that the program itself revokes has neither day nor reason.
    """

    fingerprint: str
    name: str
    shipped: bool
    admitted_at: datetime | None = None
    admitted_by: str = ""
    revoked: bool = False
    revoked_at: datetime | None = None
    revoked_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EditionInfo:
    """An edition at hand. `decides`: the stretches of its days that no higher version takes; none where its key was
    revoked. `status` is the weakest of its `records`, of which `verified` were compared with the official text; None
    where the edition can't be read (`trouble` says why)."""

    version: str
    digest: str
    name: LocalText | None
    days: Days
    decides: tuple[Days, ...]
    status: Status | None
    records: int
    verified: int
    trouble: Text | None
    key: KeyInfo
    shipped: bool
    installed_at: datetime | None
    installed_by: str


def known_keys(connection: "Connection") -> dict[bytes, KeyInfo]:
    """Every key by its public half: those that came with the program, then those admitted here, in their order."""
    from app.crypto import pack_signature
    from app.crypto.signing import fingerprint
    from app.storage import editions

    names = _names(connection)
    taken_back = {row.public_key: row for row in editions.revoked(connection)}
    by_program = set(pack_signature.revoked_keys())
    found: dict[bytes, KeyInfo] = {}

    def add(key: bytes, name: str, at: datetime | None = None, by: str = "") -> None:
        revoked = taken_back.get(key)
        info = KeyInfo(fingerprint(key), name, at is None, at, by, revoked is not None or key in by_program)
        if revoked is not None:
            info = replace(
                info, revoked_at=revoked.revoked_at, revoked_by=names.get(revoked.revoked_by, ""), reason=revoked.reason
            )
        found.setdefault(key, info)

    for name, key in pack_signature.named_keys():
        add(key, name)
    for row in editions.admitted(connection):
        add(row.public_key, row.name, row.admitted_at, names.get(row.admitted_by, ""))
    return found


def revoked_keys(connection: "Connection") -> frozenset[bytes]:
    """Public halves of the keys that count no more, by this desk's word or the program's."""
    from app.crypto import pack_signature
    from app.storage import editions

    return frozenset({row.public_key for row in editions.revoked(connection)} | set(pack_signature.revoked_keys()))


def verifier(connection: "Connection") -> "Verify":
    """The check of a signature by the keys that this desk takes now."""
    from app.crypto.pack_signature import verify

    return verify(tuple(known_keys(connection)), revoked_keys(connection))


def listed(connection: "Connection", packs: PackService, held: Iterable[AcceptedEdition]) -> tuple[EditionInfo, ...]:
    """Every edition, the highest version first, those whose key was revoked at the end."""
    from app.crypto.signing import fingerprint
    from app.storage import editions

    rows = {row.ordinal: row for row in editions.accepted(connection)}
    names, keys = _names(connection), known_keys(connection)
    at_hand = packs.at_hand()
    found: list[EditionInfo] = []
    taken: list[Days] = []
    for edition in (*at_hand, *(each for each in held if not each.counts)):
        pack, trouble = _tried(edition)
        row = rows[edition.ordinal] if isinstance(edition, AcceptedEdition) else None
        public = row.public_key if row else _signer(edition)
        counts = edition in at_hand
        found.append(
            EditionInfo(
                version=edition.version,
                digest=row.digest if row else pack.digest if pack else "",
                name=pack.name if pack else None,
                days=edition.days(),
                decides=without(edition.days(), taken) if counts else (),
                status=pack.status if pack else None,
                records=(counted := _counted(pack.digest, edition) if pack else (0, 0))[1],
                verified=counted[0],
                trouble=trouble,
                # A key of an earlier release of the program, which this one doesn't bring any more.
                key=keys.get(public) or KeyInfo(fingerprint(public), "", True),
                shipped=row is None,
                installed_at=row.installed_at if row else None,
                installed_by=names.get(row.installed_by, "") if row else "",
            )
        )
        if counts:
            taken.append(edition.days())
    return tuple(found)


def without(days: Days, taken: Iterable[Days]) -> tuple[Days, ...]:
    """The stretches of `days` that lie in none of `taken`, in order."""
    left = [(days[0], days[1] or date.max)]
    for first, last in taken:
        end, kept = last or date.max, []
        for start, stop in left:
            if stop < first or end < start:
                kept.append((start, stop))
                continue
            if start < first:
                kept.append((start, first - _DAY))
            if end < stop:
                kept.append((end + _DAY, stop))
        left = kept
    return tuple((start, None if stop == date.max else stop) for start, stop in left)


def describe_edition(row: "EditionRow") -> dict[str, object]:
    """As it stands in records."""
    return {
        "pack": row.pack,
        "version": row.version,
        "digest": row.digest,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
        "key": row.public_key.hex(),
    }


def describe_admitted(row: "AdmittedKey") -> dict[str, object]:
    """As it stands in records."""
    return {"key": row.public_key.hex(), "name": row.name}


def describe_revoked(row: "RevokedKey") -> dict[str, object]:
    """As it stands in records."""
    return {"key": row.public_key.hex(), "reason": row.reason}


def _names(connection: "Connection") -> Mapping[str, str]:
    from app.storage import users

    return {user.id: user.name for user in users.everybody(connection)}


def _tried(edition: Edition) -> "tuple[Pack | None, Text | None]":
    """The pack, or why it can't be read. What came with the program must be readable: KnownError."""
    try:
        return edition.pack(), None
    except KnownError as error:
        if isinstance(edition, ShippedEdition):
            raise
        return None, error.text


_counts: dict[str, tuple[int, int]] = {}


def _counted(digest: str, edition: Edition) -> tuple[int, int]:
    """How many records of an edition were compared with the official text, and how many it has, as the list of
    sign-offs counts them. Each edition is counted once: its files are what its digest names."""
    from app.rules import signoffs
    from app.rules.toml import parse

    if digest not in _counts:
        files = edition.files()
        standing = list(signoffs.standing({n: parse(n, data) for n, data in files.items() if n.endswith(".toml")}))
        _counts[digest] = sum(one.sign_off is not None for one in standing), len(standing)
    return _counts[digest]


def _signer(edition: Edition) -> bytes:
    """Who signed an edition that came with the program, and whose signature was checked when it was read."""
    from app.crypto.pack_signature import read_signature
    from app.rules.files import SIGNATURE

    if not isinstance(edition, ShippedEdition):
        raise TypeError(type(edition).__name__)
    found = read_signature((edition.library.folder(edition.version) / SIGNATURE).read_bytes())
    return found.key if found else b""
