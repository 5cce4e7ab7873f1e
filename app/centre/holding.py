"""What the centre's database says to whoever judges an event of one laptop (`app.centre.judging.Known`)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, bindparam, text

from app.centre.editions import Editions
from app.centre.judging import QUARANTINED, Actor
from app.sync import reference

if TYPE_CHECKING:
    from app.rules.model import Pack


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a log, and the one that it went on from: that one's records up to before `first_seq` are its own."""

    incarnation: str
    line: int
    device: str
    first_seq: int
    after: tuple[str, int] | None


class Held:
    """One line of one laptop's log, within one transaction."""

    def __init__(self, connection: Connection, line: Line, device_key: bytes, editions: Editions) -> None:
        self.device, self.device_key = line.device, device_key
        self._connection, self._editions = connection, editions
        self._stretches = ancestry(connection, line)
        self._users: dict[str, Actor] = {}
        self._revoked: dict[str, str | None] = {}
        self._near: dict[int, tuple[bytes, bytes]] = {}

    def take_along(self, events: Mapping[int, tuple[bytes, bytes]]) -> None:
        """Hash and record of events of this line that are at hand: they are not asked for again."""
        self._near = dict(events)

    def actor(self, user: str) -> Actor | None:
        if user not in self._users:
            row = self._connection.execute(
                text("SELECT id, login, name, public_key FROM laptop_users WHERE device = :device AND id = :id"),
                {"device": self.device, "id": user},
            ).first()
            if row is None:
                return None
            self._users[user] = Actor(*row)
        return self._users[user]

    def revoked_since(self, user: str) -> str | None:
        if user not in self._revoked:
            self._revoked[user] = self._connection.execute(
                text("SELECT revoked_on FROM revoked_users WHERE id = :id"), {"id": user}
            ).scalar()
        return self._revoked[user]

    def neighbour(self, seq: int) -> Mapping[str, Any] | None:
        found = self._event(seq)
        if found is None:
            return None
        try:
            event = json.loads(found[1])
        except (ValueError, RecursionError):
            return {}
        return event if isinstance(event, dict) else {}

    def has_event(self, seq: int, hash_: str) -> bool:
        found = self._event(seq)
        return found is not None and found[0].hex() == hash_

    def conclusion_of(self, case_id: str) -> tuple[str, str | None] | None:
        rows = self._connection.execute(
            text(
                "SELECT state, supersedes FROM signings WHERE device = :device AND case_id = :case_id ORDER BY seq DESC"
            ),
            {"device": self.device, "case_id": case_id},
        ).all()
        # Where one holds, another that was set aside takes nothing away from it.
        rows = [row for row in rows if row[0] != QUARANTINED] or rows
        return (rows[0][0], rows[0][1]) if rows else None

    def pack(self, digest: str) -> "Pack | None":
        return self._editions.of_digest(digest)

    def complete(self, digests: Collection[str]) -> Collection[str]:
        lives = sorted({incarnation for incarnation, _, _, _ in self._stretches})
        rows = self._connection.execute(_COMPLETE, {"lives": lives, "digests": list(digests)}) if digests else ()
        return {str(row[0]) for row in rows}

    def _event(self, seq: int) -> tuple[bytes, bytes] | None:
        if seq in self._near:
            return self._near[seq]
        for incarnation, line, first, last in self._stretches:
            if first <= seq and (last is None or seq <= last):
                row = self._connection.execute(
                    text("SELECT hash, record FROM events WHERE incarnation = :i AND line = :l AND seq = :s"),
                    {"i": incarnation, "l": line, "s": seq},
                ).first()
                return (bytes(row[0]), bytes(row[1])) if row else None
        return None


_COMPLETE: Final = text(
    "SELECT digest FROM attachments WHERE incarnation IN :lives AND digest IN :digests AND complete = 1"
).bindparams(bindparam("lives", expanding=True), bindparam("digests", expanding=True))


def ancestry(connection: Connection, line: Line) -> list[tuple[str, int, int, int | None]]:
    """The stretches that a log is made of, the newest first: incarnation, line, first and last number (None: open)."""
    found: list[tuple[str, int, int, int | None]] = [(line.incarnation, line.line, line.first_seq, None)]
    after, last = line.after, line.first_seq - 1
    while after is not None and len(found) < 1000:
        row = connection.execute(
            text(
                "SELECT first_seq, after_incarnation, after_line FROM incarnations WHERE incarnation = :i AND line = :l"
            ),
            {"i": after[0], "l": after[1]},
        ).first()
        if row is None:
            break
        if row[0] <= last:
            found.append((*after, row[0], last))
        last = min(last, row[0] - 1)
        after = (row[1], row[2]) if row[1] is not None else None
    return found


def edition_files(connection: Connection, digest: str) -> Mapping[str, bytes] | None:
    """The files of a published edition; None where there is none of this digest."""
    row = connection.execute(
        text("SELECT content FROM items WHERE kind = 'pack' AND plain_hash = :digest"), {"digest": digest}
    ).first()
    return reference.pack_files(bytes(row[0])) if row else None
