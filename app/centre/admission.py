"""Who may send: invitations with a code that counts once, enrolments, certificates, revocations."""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from app.centre import store
from app.centre.ingest import known_device
from app.centre.keys import Keys
from app.crypto import digests
from app.domain.text import LANGUAGES, one_line
from app.sync import admission
from app.sync.admission import Enrolment

# Without the letters that are taken for digits or for each other; 16 of them are 80 bits.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Admitted:
    """The certificate of a laptop, or why it has none: one of `told.REASONS`."""

    certificate: bytes | None
    reason: str | None = None


def new_code(connection: Connection, days: int) -> str:
    """A code that admits one laptop within so many days. Only its hash is kept."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))
    until = datetime.now(UTC) + timedelta(days=days)
    connection.execute(
        text("INSERT INTO invitations (code_hash, made_at, expires_at) VALUES (:hash, :now, :until)"),
        {
            "hash": _hash(code),
            "now": store.now(),
            "until": until.replace(tzinfo=None).isoformat("T", "microseconds") + "Z",
        },
    )
    return code


def admit(connection: Connection, keys: Keys, asked: Enrolment) -> Admitted:
    """Make a laptop known that has a valid code. The same laptop with the same code gets its certificate again: the
    first answer may have been lost."""
    known = known_device(connection, asked.device)
    if known is not None and known.revoked:
        return Admitted(None, "device_revoked")
    used = connection.execute(
        text(
            "UPDATE invitations SET used_by = :device, used_at = :now"
            " WHERE code_hash = :hash AND expires_at > :now AND used_by IS NULL"
        ),
        {"device": asked.device, "now": store.now(), "hash": _hash(asked.code)},
    )
    if used.rowcount != 1:
        by = connection.execute(
            text("SELECT used_by FROM invitations WHERE code_hash = :hash"), {"hash": _hash(asked.code)}
        ).scalar()
        if known is None or by != asked.device:
            return Admitted(None, "code")
        return Admitted(known.certificate)
    told = asked.department
    # Said by whoever holds a code: it is shown on terminals and pages.
    names = {language: one_line(told["names"][language]) for language in LANGUAGES}
    department = {"number": one_line(told["number"]), "region": one_line(told["region"]), "names": names}
    certificate = admission.certificate(
        keys.sign, admission.Certificate(keys.id, asked.device, asked.key, department, store.now())
    )
    connection.execute(
        text(
            "INSERT INTO devices (device, public_key, seal_key, number, region, names, certificate, enrolled_at)"
            " VALUES (:device, :key, :seal_key, :number, :region, :names, :certificate, :now)"
            " ON CONFLICT (device) DO UPDATE SET number = excluded.number, region = excluded.region,"
            " names = excluded.names, certificate = excluded.certificate"
        ),
        {"device": asked.device, "key": asked.key, "seal_key": asked.seal_key, "number": department["number"],
         "region": department["region"], "names": json.dumps(names, ensure_ascii=False),
         "certificate": certificate, "now": store.now()},
    )  # fmt: skip
    return Admitted(certificate)


def revoke(connection: Connection, device: str, reason: str) -> bool:
    """Take nothing more from a laptop; False where it isn't known, or is revoked already."""
    done = connection.execute(
        text(
            "UPDATE devices SET revoked_at = :now, revoked_reason = :reason"
            " WHERE device = :device AND revoked_at IS NULL"
        ),
        {"now": store.now(), "reason": reason, "device": device},
    )
    return done.rowcount == 1


def devices(connection: Connection) -> list[dict[str, object]]:
    """Every laptop, as its row stands, with how much is held of it."""
    rows = connection.execute(
        text(
            "SELECT d.device, d.number, d.region, d.names, d.public_key, d.enrolled_at, d.revoked_at, d.revoked_reason,"
            " coalesce(sum(i.last_seq - i.first_seq + 1), 0) AS events FROM devices d"
            " LEFT JOIN incarnations i ON i.device = d.device GROUP BY d.device ORDER BY d.enrolled_at, d.device"
        )
    )
    return [dict(row) for row in rows.mappings()]


def _hash(code: str) -> bytes:
    plain = "".join(letter for letter in code.upper().translate(_LOOKALIKES) if letter.isalnum())
    return digests.digest("invitation-code", plain.encode("utf-8", "replace"))
