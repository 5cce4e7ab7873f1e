"""The signed record: how it is put together, what each member's key signs, how it is read back.

The record is canonical JSON (RFC 8785) and never encoded again. Its digest is what every member's key and the
device's key sign; the signatures stand in the seal beside it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from app.crypto import digests, signing
from app.domain.proposal import PackIdentity
from app.domain.text import LocalText
from app.domain.vocabulary import Status
from app.services.views import Department, Document, SignatureInfo, SignedConclusion

if TYPE_CHECKING:
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


def make_seal(record: bytes, signers: Sequence[Signer], device: "Identity", signed_at: str) -> bytes:
    """Everybody's signature of the record's digest, canonical JSON."""
    digest = digests.digest(digests.CONCLUSION, record)
    members = [
        {
            "member": signer.member,
            "name": signer.name,
            "role": signer.role,
            "user": signer.user_id,
            "login": signer.login,
            "public_key": signing.public_key(signer.seed).hex(),
            "signed_at": signed_at,
            "signature": signing.sign(signer.seed, signing.CONCLUSION, digest).hex(),
        }
        for signer in signers
    ]
    signature = signing.sign(device.device_seed, signing.CONCLUSION, digest).hex()
    return digests.canonical(
        {
            "digest": digests.written(digest),
            "signatures": members,
            "device": {"id": device.device, "public_key": device.device_public.hex(), "signature": signature},
        }
    )


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
            SignatureInfo(entry["name"], entry["role"], entry["login"], _moment(entry["signed_at"]))
            for entry in seal["signatures"]
        ),
        digest=digests.written(row.digest),
        pack=PackIdentity(pack["id"], pack["version"], pack["digest"], Status(pack["status"])),
    )


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
