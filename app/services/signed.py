"""The signed record: how it is put together, what each member's key signs, how it is read back.

The record is canonical JSON (RFC 8785) and never encoded again; the seal stands beside it. Each member's key signs
a statement: the record's digest, as whom and when the member signed, and where both chains stood. The device's key
signs the whole seal. So nobody can exchange a role, a login or a time, or rewrite what was logged before a signature,
without every key that signed after it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from app.crypto import digests, signing
from app.crypto.records import device_statement, member_statement
from app.domain.proposal import PackIdentity
from app.domain.text import LocalText
from app.domain.vocabulary import Status
from app.services.views import Department, Document, SignatureInfo, SignedConclusion

if TYPE_CHECKING:
    from app.storage.chain import Head
    from app.storage.conclusions import ConclusionRow
    from app.storage.installation import Identity

FORMAT: Final = "saraptama-conclusion/1"


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """A member of the commission whose key was opened."""

    member: int
    name: str
    role: str
    user_id: str
    login: str
    seed: bytes
    account_by: str | None
    """co-signer who made this account, where nobody ever signed in with it"""


def make_record(
    *,
    case_id: str,
    number: str,
    supersedes: str | None,
    document: Document,
    proposal: Mapping[str, Mapping[str, Any]],
    pack: PackIdentity,
    department: Department,
    signed_at: str,
) -> bytes:
    """The bytes that are signed. `proposal` holds `mse-proposal/1` by language; `signed_at` as in the log."""
    names = department.names
    return digests.canonical(
        {
            "format": FORMAT,
            "case_id": case_id,
            "number": number,
            "supersedes": supersedes,
            "case": document,
            "proposal": proposal,
            "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest, "status": pack.status.value},
            "department": {
                "number": department.number,
                "region": department.region,
                "names": {"kk": names.kk, "ru": names.ru, "en": names.en},
            },
            "signed_at": signed_at,
        }
    )


def make_seal(
    record: bytes, signers: Sequence[Signer], device: "Identity", signed_at: str, *, audit: "Head", events: "Head"
) -> bytes:
    """Everybody's signature, canonical JSON. `audit`, `events`: where the chains stand before the signing is logged."""
    seal: dict[str, Any] = {
        "digest": digests.written(digests.digest(digests.CONCLUSION, record)),
        "audit_head": {"seq": audit.seq, "hash": audit.hash},
        "event_head": {"seq": events.seq, "hash": events.hash},
        "signatures": [],
        "device": {"id": device.device, "public_key": device.device_public.hex()},
    }
    for signer in signers:
        entry = {
            "member": signer.member,
            "name": signer.name,
            "role": signer.role,
            "user": signer.user_id,
            "login": signer.login,
            "public_key": signing.public_key(signer.seed).hex(),
            "account_by": signer.account_by,
            "signed_at": signed_at,
        }
        signature = signing.sign(signer.seed, signing.CONCLUSION, member_statement(seal, entry)).hex()
        seal["signatures"].append({**entry, "signature": signature})
    seal["device"]["signature"] = signing.sign(device.device_seed, signing.CONCLUSION, device_statement(seal)).hex()
    return digests.canonical(seal)


def read_signed(row: "ConclusionRow") -> SignedConclusion:
    """What was signed, from the frozen bytes. Checks nothing: `IntegrityService.verify` does."""
    record, seal = json.loads(row.record), json.loads(row.seal)
    department, pack = record["department"], record["pack"]
    return SignedConclusion(
        case_id=record["case_id"],
        number=record["number"],
        signed_at=_moment(record["signed_at"]),
        document=record["case"],
        proposal=record["proposal"],
        department=Department(department["number"], department["region"], LocalText(**department["names"])),
        signatures=tuple(
            SignatureInfo(
                name=entry["name"],
                role=entry["role"],
                login=entry["login"],
                signed_at=_moment(entry["signed_at"]),
                key=signing.fingerprint(bytes.fromhex(entry["public_key"])),
                account_by=entry["account_by"],
            )
            for entry in seal["signatures"]
        ),
        digest=digests.written(row.digest),
        pack=PackIdentity(pack["id"], pack["version"], pack["digest"], Status(pack["status"])),
    )


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
