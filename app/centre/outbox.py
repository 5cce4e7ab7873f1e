"""What other systems get: a signed message for each conclusion and for each one that was superseded, until it is
acknowledged.

The same fact is one message, however often it is looked for: its name follows from the conclusion's digest, its bytes
are signed once. Whoever takes messages may get one twice and knows it by its name; acknowledging twice is harmless.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from app.centre.keys import Keys
from app.centre.store import now
from app.crypto import statement

PURPOSE: Final = "outbox"
CONCLUDED, SUPERSEDED = "concluded", "superseded"
_MOST: Final = 500
_FIELDS: Final = (
    "number", "digest", "iin", "person", "birth_date", "sex", "kato", "region", "department", "organisation",
    "examined_on", "signed_at", "icd10", "outcome", "period_kind", "period_value", "until", "general", "professional",
    "cause", "pack", "pack_version",
)  # fmt: skip
_SUPERSEDES: Final = (
    "SELECT n.digest FROM conclusions n JOIN signings s ON s.incarnation = n.incarnation AND s.line = n.line"
    " AND s.seq = n.seq WHERE s.device = c.device AND s.supersedes = c.case_id AND s.state = 'applied' LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Message:
    """`name`: the same for the same fact; `message`: a statement of the centre's key."""

    name: str
    kind: str
    message: bytes


def fill(connection: Connection, keys: Keys) -> int:
    """Make messages of what has none yet; how many. Call until 0."""
    made = 0
    rows = connection.execute(
        text(
            "SELECT c.* FROM conclusions c WHERE c.complete = 1"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.name = 'concluded/' || c.digest)"
            f" ORDER BY c.received_at, c.incarnation, c.seq LIMIT {_MOST}"
        )
    ).mappings()
    for row in rows.all():
        told = {name: row[name] for name in _FIELDS}
        made += _put(connection, keys, CONCLUDED, str(row["digest"]), told)
    gone = connection.execute(
        text(
            f"SELECT c.number, c.digest, ({_SUPERSEDES}) AS by_digest FROM conclusions c WHERE ({_SUPERSEDES}) IS NOT"  # noqa: S608
            " NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.name = 'superseded/' || c.digest)"
            f" ORDER BY c.received_at, c.incarnation, c.seq LIMIT {_MOST}"
        )
    ).mappings()
    for row in gone.all():
        told = {"number": row["number"], "digest": row["digest"], "by": row["by_digest"]}
        made += _put(connection, keys, SUPERSEDED, str(row["digest"]), told)
    return made


def waiting(connection: Connection, most: int = _MOST) -> list[Message]:
    """Messages that nobody has acknowledged, the oldest first."""
    rows = connection.execute(
        text("SELECT name, kind, message FROM outbox WHERE acknowledged_at IS NULL ORDER BY id LIMIT :most"),
        {"most": most},
    )
    return [Message(str(row[0]), str(row[1]), bytes(row[2])) for row in rows]


def acknowledge(connection: Connection, name: str, acknowledgement: str) -> bool:
    """Whoever took a message has it, and calls it so; False where there is no message of this name. The first
    acknowledgement stays."""
    connection.execute(
        text(
            "UPDATE outbox SET acknowledged_at = :now, acknowledgement = :word"
            " WHERE name = :name AND acknowledged_at IS NULL"
        ),
        {"name": name, "now": now(), "word": acknowledgement[:200]},
    )
    found = connection.execute(text("SELECT 1 FROM outbox WHERE name = :name"), {"name": name}).first()
    return found is not None


def _put(connection: Connection, keys: Keys, kind: str, digest: str, told: Mapping[str, Any]) -> int:
    name = f"{kind}/{digest}"
    message = statement.made(keys.sign, PURPOSE, {"name": name, "kind": kind, "centre": keys.id, **told})
    done = connection.execute(
        text(
            "INSERT INTO outbox (name, kind, message, made_at) VALUES (:name, :kind, :message, :now)"
            " ON CONFLICT (name) DO NOTHING"
        ),
        {"name": name, "kind": kind, "message": message, "now": now()},
    )
    return int(done.rowcount)
