"""What the pages about laptops read: one query each, no personal data but of a laptop's own users."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from app.centre import reporting
from app.centre.console.words import moment_of
from app.domain.text import LocalText

# The newest batch of each line is found by the key of `batches`; of a laptop it is the newest of few lines.
_LAPTOPS: Final = """
SELECT d.device, d.number, d.region, d.names, d.enrolled_at, d.revoked_at, d.revoked_reason, d.public_key,
  (SELECT max((SELECT b.received_at FROM batches b WHERE b.incarnation = i.incarnation AND b.line = i.line
               ORDER BY b.last_seq DESC LIMIT 1)) FROM incarnations i WHERE i.device = d.device) AS heard_at,
  (SELECT sum(i.last_seq - i.first_seq + 1) FROM incarnations i WHERE i.device = d.device AND i.aside = 0) AS events,
  (SELECT sum(i.last_seq - p.interpreted_upto) FROM incarnations i JOIN progress p
     ON p.incarnation = i.incarnation AND p.line = i.line WHERE i.device = d.device AND i.aside = 0) AS unread,
  (SELECT sum(p.waiting) FROM incarnations i JOIN progress p
     ON p.incarnation = i.incarnation AND p.line = i.line WHERE i.device = d.device) AS waiting,
  (SELECT sum(p.quarantined) FROM incarnations i JOIN progress p
     ON p.incarnation = i.incarnation AND p.line = i.line WHERE i.device = d.device) AS quarantined,
  (SELECT count(*) FROM incarnations i WHERE i.device = d.device AND i.aside = 1) AS aside
FROM devices d
"""


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop. `heard_at`: when its newest batch came; None: none came yet.
    `unread`: events not yet interpreted. `aside`: lines of a forked log that nobody adopted."""

    device: str
    number: str
    region: str
    name: LocalText
    enrolled_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str
    key: str
    heard_at: datetime | None
    events: int
    unread: int
    waiting: int
    quarantined: int
    aside: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a laptop's log: an incarnation, or a fork of one."""

    incarnation: str
    line: int
    first_seq: int
    last_seq: int
    head: str
    after: str | None
    aside: bool
    begun_at: datetime | None
    read_upto: int
    waiting: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What came at once, by `network` or `stick`."""

    incarnation: str
    first_seq: int
    last_seq: int
    received_at: datetime | None
    way: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file from a stick."""

    id: str
    number: int
    made_at: datetime | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands on the overview."""

    laptops: int
    revoked: int
    events: int
    unread: int
    waiting: int
    quarantined: int
    alarms: int
    refused: int
    conclusions: int
    superseded: int
    overridden: int
    receipts: int
    unentered: int
    tree_size: int
    tree_at: datetime | None


def laptops(connection: Connection) -> list[Laptop]:
    """All of them, the revoked too."""
    return [_laptop(row) for row in connection.execute(text(_LAPTOPS))]


def laptop(connection: Connection, device: str) -> Laptop | None:
    """One, None where there is none."""
    row = connection.execute(text(_LAPTOPS + " WHERE d.device = :device"), {"device": device}).first()
    return None if row is None else _laptop(row)


def lines(connection: Connection, device: str) -> list[Line]:
    """The lines of a laptop's log, oldest first."""
    found = connection.execute(
        text(
            "SELECT i.*, p.interpreted_upto, p.waiting, p.quarantined FROM incarnations i LEFT JOIN progress p"
            " ON p.incarnation = i.incarnation AND p.line = i.line WHERE i.device = :device"
            " ORDER BY i.begun_at, i.incarnation, i.line"
        ),
        {"device": device},
    )
    return [
        Line(
            row.incarnation, row.line, row.first_seq, row.last_seq, bytes(row.head_hash).hex(), row.after_incarnation,
            bool(row.aside), moment_of(row.begun_at),
            row.interpreted_upto if row.interpreted_upto is not None else row.first_seq - 1,
            row.waiting or 0, row.quarantined or 0,
        )
        for row in found
    ]  # fmt: skip


def batches(connection: Connection, device: str, limit: int = 20) -> list[Batch]:
    """The newest batches of a laptop."""
    found = connection.execute(
        text(
            "SELECT b.incarnation, b.first_seq, b.last_seq, b.received_at, b.way FROM batches b JOIN incarnations i"
            " ON i.incarnation = b.incarnation AND i.line = b.line WHERE i.device = :device"
            " ORDER BY b.received_at DESC, b.last_seq DESC LIMIT :limit"
        ),
        {"device": device, "limit": limit},
    )
    return [Batch(row.incarnation, row.first_seq, row.last_seq, moment_of(row.received_at), row.way) for row in found]


def receipts(connection: Connection, device: str, limit: int = 10) -> list[tuple[Mapping[str, Any], int | None]]:
    """What the newest receipts of a laptop say, and their places in the log of receipts."""
    from app.crypto import statement
    from app.sync.told import RECEIPT

    found = connection.execute(
        text(
            "SELECT r.statement, r.leaf_index FROM receipts r WHERE r.incarnation IN"
            " (SELECT incarnation FROM incarnations WHERE device = :device) ORDER BY r.id DESC LIMIT :limit"
        ),
        {"device": device, "limit": limit},
    )
    told = []
    for row in found:
        try:
            told.append((statement.read(bytes(row.statement), RECEIPT).told, row.leaf_index))
        except ValueError:
            continue  # destroyed: the check of the store names it
    return told


def bundles(connection: Connection, device: str, limit: int = 10) -> list[Bundle]:
    """The newest files from sticks of a laptop."""
    found = connection.execute(
        text("SELECT * FROM bundles WHERE device = :device ORDER BY number DESC LIMIT :limit"),
        {"device": device, "limit": limit},
    )
    return [Bundle(row.id, row.number, moment_of(row.made_at), moment_of(row.taken_at)) for row in found]


def users(connection: Connection, device: str) -> Sequence[Row[Any]]:
    """Login, name, id and day of revocation of those who work on a laptop."""
    return connection.execute(
        text(
            "SELECT u.id, u.login, u.name, r.revoked_on FROM laptop_users u LEFT JOIN revoked_users r ON r.id = u.id"
            " WHERE u.device = :device ORDER BY u.login"
        ),
        {"device": device},
    ).all()


def refused(connection: Connection, device: str, limit: int = 10) -> Sequence[Row[Any]]:
    """Reason, time and way of the newest batches of a laptop that were refused."""
    return connection.execute(
        text("SELECT reason, received_at, way FROM set_aside WHERE device = :device ORDER BY id DESC LIMIT :limit"),
        {"device": device, "limit": limit},
    ).all()


def counts(connection: Connection) -> Counts:
    """The sums over everything."""
    row = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM devices) AS laptops,"
            " (SELECT count(*) FROM devices WHERE revoked_at IS NOT NULL) AS revoked,"
            " (SELECT sum(last_seq - first_seq + 1) FROM incarnations WHERE aside = 0) AS events,"
            " (SELECT sum(i.last_seq - p.interpreted_upto) FROM incarnations i JOIN progress p"
            "  ON p.incarnation = i.incarnation AND p.line = i.line WHERE i.aside = 0) AS unread,"
            " (SELECT sum(waiting) FROM progress) AS waiting,"
            " (SELECT sum(quarantined) FROM progress) AS quarantined,"
            " (SELECT count(*) FROM alarms WHERE answered_at IS NULL) AS alarms,"
            " (SELECT count(*) FROM set_aside) AS refused,"
            " (SELECT count(*) FROM conclusions) AS conclusions,"
            " (SELECT count(*) FROM conclusions WHERE overridden = 1) AS overridden,"
            " (SELECT count(*) FROM receipts) AS receipts,"
            " (SELECT count(*) FROM receipts WHERE leaf_index IS NULL) AS unentered"
        )
    ).one()
    head = connection.execute(
        text("SELECT tree_size, published_at FROM tree_heads ORDER BY tree_size DESC LIMIT 1")
    ).first()
    superseded = reporting.superseded(connection)
    return Counts(
        **{name: int(value or 0) for name, value in row._mapping.items()},
        superseded=superseded,
        tree_size=head.tree_size if head else 0,
        tree_at=moment_of(head.published_at) if head else None,
    )


def _laptop(row: Row[Any]) -> Laptop:
    names = json.loads(row.names)
    return Laptop(
        row.device, row.number, row.region,
        LocalText(**{code: str(names.get(code, "")) for code in ("kk", "ru", "en")}),
        moment_of(row.enrolled_at), moment_of(row.revoked_at), row.revoked_reason or "", bytes(row.public_key).hex(),
        moment_of(row.heard_at), int(row.events or 0), int(row.unread or 0), int(row.waiting or 0),
        int(row.quarantined or 0), int(row.aside or 0),
    )  # fmt: skip
