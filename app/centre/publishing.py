"""What the centre publishes for a laptop: the statement of what holds now, and the items that it names.

Keys of papers and revocations follow from what laptops told and from who was revoked: they are brought up to date
whenever somebody asks. The statement's version only grows.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from app.centre.ingest import Device
from app.centre.keys import Keys
from app.centre.store import now
from app.crypto import digests, statement
from app.domain import iin
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.sync import reference

PAPER_KEYS_FORMAT: Final = "saraptama-paper-keys/1"
"""as `app.services.paper_keys` of a desk reads it"""
_PUBLISHING: Final = 7_209_166_003


class Items(Mapping[str, bytes]):
    """The items that hold for a laptop, by hash; each is read from the database when it is asked for."""

    def __init__(self, connection: Connection, device: str) -> None:
        self._connection, self._device = connection, device

    def __getitem__(self, sha256: str) -> bytes:
        found = self._connection.execute(
            text("SELECT content FROM items WHERE sha256 = :hash AND current = 1 AND device IN ('', :device)"),
            {"hash": sha256, "device": self._device},
        ).scalar()
        if found is None:
            raise KeyError(sha256)
        return bytes(found)

    def __iter__(self) -> Iterator[str]:
        rows = self._connection.execute(
            text(
                "SELECT sha256 FROM items WHERE current = 1 AND device IN ('', :device) ORDER BY kind, name, issued_at"
            ),
            {"device": self._device},
        )
        return iter([str(row[0]) for row in rows])

    def __len__(self) -> int:
        return len(list(iter(self)))


def current(connection: Connection, keys: Keys, device: Device) -> tuple[bytes, Mapping[str, bytes]]:
    """The statement of what holds, and the items of it that are for this laptop: hash (64 hex digits) → bytes, as they
    are given out. In a transaction that may write."""
    return newest(connection, keys), Items(connection, device.device)


def item(connection: Connection, keys: Keys, device: Device, sha256: str) -> bytes | None:
    """One item that holds for this laptop; None where there is none of this hash."""
    del keys
    return Items(connection, device.device).get(sha256)


def newest(connection: Connection, keys: Keys) -> bytes:
    """The statement, after what follows from events and revocations was brought up to date."""
    refresh(connection, keys)
    found = connection.execute(text("SELECT statement FROM published ORDER BY version DESC LIMIT 1")).scalar()
    return bytes(found) if found is not None else publish(connection, keys)


def refresh(connection: Connection, keys: Keys) -> bool:
    """Bring keys of papers and revocations up to date; whether anything changed."""
    if all(is_current(connection, kind, name, hash_) for kind, name, hash_, _ in _following(connection, keys)):
        return False
    lock(connection)
    changed = False
    for kind, name, hash_, content in _following(connection, keys):
        changed |= put(connection, kind, name, content, plain_hash=hash_)
    if changed:
        publish(connection, keys)
    return changed


def _following(connection: Connection, keys: Keys) -> Iterator[tuple[str, str, str, bytes]]:
    """Kind, name, hash of what it says, and content."""
    papers = paper_keys(connection)
    if papers["desks"]:
        hash_ = hash_of(digests.canonical(papers))
        if not is_current(connection, reference.PAPER_KEYS, "centre", hash_):
            whole = {"format": PAPER_KEYS_FORMAT, **papers, "told_at": now()}
            yield reference.PAPER_KEYS, "centre", hash_, statement.made(keys.sign, "paper-keys", whole, indent=1)
    content = digests.canonical(revocations(connection))
    yield reference.REVOCATIONS, "centre", hash_of(content), content


# --- items ---
def lock(connection: Connection) -> None:
    """Nobody else publishes until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _PUBLISHING})


def is_current(connection: Connection, kind: str, name: str, plain_hash: str, device: str = "") -> bool:
    """Whether an item says this already."""
    found = connection.execute(
        text("SELECT plain_hash FROM items WHERE kind = :kind AND name = :name AND device = :device AND current = 1"),
        {"kind": kind, "name": name, "device": device},
    ).scalars()
    return plain_hash in set(found)


def put(
    connection: Connection, kind: str, name: str, content: bytes, *, plain_hash: str, device: str = "",
    version: str | None = None, keep: bool = False,
) -> bool:  # fmt: skip
    """Write an item in the place of the one before; False where it says the same. `plain_hash`: of what it says;
    `keep`: those before still hold. UserError where it is too large."""
    if len(content) > reference.MOST_ITEM:
        raise UserError(Text(N_("This is too large to be published: {n} MB."), {"n": len(content) >> 20}))
    if is_current(connection, kind, name, plain_hash, device):
        return False
    at = {"kind": kind, "name": name, "device": device}
    if not keep:
        connection.execute(
            text("UPDATE items SET current = 0 WHERE kind = :kind AND name = :name AND device = :device"), at
        )
    known = connection.execute(
        text("SELECT count(*) FROM items WHERE kind = :kind AND name = :name AND device = :device"), at
    ).scalar_one()
    connection.execute(
        text(
            "INSERT INTO items (kind, name, device, version, sha256, plain_hash, current, issued_at, content)"
            " VALUES (:kind, :name, :device, :version, :sha256, :plain, 1, :now, :content)"
        ),
        {**at, "version": version or str(known + 1), "sha256": hash_of(content), "plain": plain_hash, "now": now(),
         "content": content},
    )  # fmt: skip
    return True


def publish(connection: Connection, keys: Keys) -> bytes:
    """The statement of what holds now, one version higher than the one before."""
    rows = connection.execute(
        text("SELECT kind, name, version, sha256, length(content), device FROM items WHERE current = 1")
    ).all()
    items = sorted(
        (reference.Item(row[0], row[1], row[2], row[3], int(row[4]), row[5] or None) for row in rows),
        key=lambda one: (one.kind, one.name, one.device or "", _numbered(one.version)),
    )
    before = connection.execute(text("SELECT max(version) FROM published")).scalar() or 0
    told = reference.Reference(keys.id, int(before) + 1, now(), tuple(items))
    made = reference.reference(keys.sign, told)
    connection.execute(
        text("INSERT INTO published (version, issued_at, statement) VALUES (:version, :at, :statement)"),
        {"version": told.version, "at": told.issued_at, "statement": made},
    )
    return made


# --- what follows from events ---
def paper_keys(connection: Connection) -> dict[str, Any]:
    """Which keys sign papers, which of them count no more, and which papers hold no more, by what laptops told."""
    desks = []
    for key, number, region, names, revoked_at, reason in connection.execute(
        text("SELECT public_key, number, region, names, revoked_at, revoked_reason FROM devices ORDER BY device")
    ):
        desk: dict[str, Any] = {
            "key": bytes(key).hex(),
            "department": {"number": number, "region": region, "names": json.loads(names)},
        }
        if revoked_at:
            desk["revoked"] = {"on": revoked_at[:10], "reason": reason or ""}
        desks.append(desk)
    void = []
    for key, reason, head, blank, by, on in connection.execute(
        text("SELECT d.public_key, v.reason, v.head, v.blank, v.by_number, v.void_on FROM void_papers v"
             " JOIN devices d ON d.device = v.device ORDER BY v.device, v.incarnation, v.line, v.seq")
    ):  # fmt: skip
        told = {"key": bytes(key).hex(), "reason": reason, "head": head, "blank": blank, "by": by, "on": on}
        void.append({name: value for name, value in told.items() if value})
    return {"desks": desks, "void": void}


def revocations(connection: Connection) -> dict[str, Any]:
    """Laptops and users whose signatures count no more."""
    devices = connection.execute(
        text("SELECT device, revoked_at, revoked_reason FROM devices WHERE revoked_at IS NOT NULL ORDER BY device")
    )
    users = connection.execute(text("SELECT id, revoked_on, reason FROM revoked_users ORDER BY id"))
    return {
        "devices": [{"device": row[0], "on": row[1][:10], "reason": row[2] or ""} for row in devices],
        "users": [{"id": row[0], "on": row[1], "reason": row[2]} for row in users],
    }


def earlier_of(connection: Connection, person: object) -> list[dict[str, Any]]:
    """The conclusions that stand for a person, newest first."""
    if not isinstance(person, str) or iin.of_digits(person) is None:
        return []
    rows = connection.execute(
        text(
            "SELECT number, examined_on, outcome, period_kind, period_value, until, cause, general, professional,"
            " region, department FROM conclusions c WHERE iin = :iin AND NOT EXISTS (SELECT 1 FROM signings s"
            " WHERE s.device = c.device AND s.supersedes = c.case_id AND s.state <> 'quarantined')"
            " ORDER BY examined_on DESC, signed_at DESC"
        ),
        {"iin": person},
    ).mappings()
    return [_earlier(row) for row in rows]


def _earlier(row: Mapping[Any, Any]) -> dict[str, Any]:
    period = {"kind": row["period_kind"], "value": row["period_value"]} if row["period_kind"] else None
    return {
        "number": row["number"], "on": row["examined_on"], "outcome": row["outcome"], "period": period,
        "until": row["until"], "cause": row["cause"], "general_capacity": row["general"],
        "professional_capacity": row["professional"], "region": row["region"], "department": row["department"],
    }  # fmt: skip


def _numbered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def hash_of(content: bytes) -> str:
    """SHA-256, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()
