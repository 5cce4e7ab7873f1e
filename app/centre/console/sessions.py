"""Sessions in the database: whoever stops one stops it everywhere. The browser holds a token, the table its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.centre.console.access import Role
from app.centre.console.tables import SESSIONS, SLIPS, USERS
from app.crypto import sealing

IDLE: Final = 20 * 60
ABSOLUTE: Final = 10 * 3600
ENTRY: Final = 30 * 60
"""seconds in which a new user sets up passphrase and codes"""
SLIP: Final = 30 * 60
"""seconds in which what is shown once can be looked at again"""
_STEP: Final = 30  # seconds between two notes that a session is in use
Kind = Literal["full", "entry"]


@dataclass(frozen=True, slots=True)
class Session:
    """Whose browser it is. `kind` "entry": may only set up passphrase and codes."""

    token_hash: str
    kind: str
    user_id: str
    login: str
    name: str
    role: Role
    secret: bytes | None
    """sealed one-time codes that are being set up"""
    note: bool = False
    """whether its use should be written down by `note_use`: not every look is a write"""


def begin(connection: Connection, user_id: str, kind: Kind, now: float) -> str:
    """A new session; gives the token for the cookie."""
    token = secrets.token_urlsafe(32)
    forget_old(connection, now)
    connection.execute(
        insert(SESSIONS).values(
            token_hash=hashed(token), user_id=user_id, kind=kind, begun_at=int(now), seen_at=int(now)
        )
    )
    return token


def read(connection: Connection, token: str, now: float) -> Session | None:
    """The session of a token, None where it ended, was stopped, or its user may not come in any more."""
    found = connection.execute(
        select(SESSIONS, USERS.c.login, USERS.c.name, USERS.c.role)
        .join(USERS, USERS.c.id == SESSIONS.c.user_id)
        .where(SESSIONS.c.token_hash == hashed(token), USERS.c.disabled == 0)
    ).first()
    if found is None or _ended(found.kind, found.begun_at, found.seen_at, now):
        return None
    return Session(
        found.token_hash, found.kind, found.user_id, found.login, found.name, Role(found.role), found.secret,
        now - found.seen_at >= _STEP,
    )  # fmt: skip


def note_use(connection: Connection, session: Session, now: float) -> None:
    """The session is in use: its idle time begins anew."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == session.token_hash).values(seen_at=int(now)))


def end(connection: Connection, token_hash: str) -> None:
    """Sign out."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == token_hash))
    connection.execute(delete(SLIPS).where(SLIPS.c.token_hash == token_hash))


def end_all(connection: Connection, user_id: str, *, but: str = "") -> None:
    """Stop a user's sessions, all but one."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id, SESSIONS.c.token_hash != but))


def forget_old(connection: Connection, now: float) -> None:
    """Drop sessions and slips that have ended."""
    connection.execute(
        delete(SESSIONS).where(or_(SESSIONS.c.seen_at < int(now) - IDLE, SESSIONS.c.begun_at < int(now) - ABSOLUTE))
    )
    connection.execute(delete(SLIPS).where(SLIPS.c.ends_at < int(now)))


def keep_secret(connection: Connection, token_hash: str, sealed: bytes | None) -> None:
    """The one-time codes that this session sets up."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash).values(secret=sealed))


def put_slip(connection: Connection, key: bytes, session: Session, content: bytes, now: float) -> str:
    """Keep something that this session alone is shown; gives its id for the page's address."""
    identity = secrets.token_hex(16)
    connection.execute(
        insert(SLIPS).values(
            id=identity, token_hash=session.token_hash, ends_at=int(now) + SLIP,
            sealed=sealing.seal(key, content, _slip(identity, session.token_hash)),
        )
    )  # fmt: skip
    return identity


def slip(connection: Connection, key: bytes, session: Session, identity: str, now: float) -> bytes | None:
    """What is shown once; None where it isn't this session's, or its time is over."""
    found = connection.execute(
        select(SLIPS.c.sealed).where(
            SLIPS.c.id == identity, SLIPS.c.token_hash == session.token_hash, SLIPS.c.ends_at >= int(now)
        )
    ).scalar()
    return None if found is None else sealing.unseal(key, found, _slip(identity, session.token_hash))


def hashed(token: str) -> str:
    """What the table holds of a token."""
    return hashlib.sha256(b"saraptama/console-session/1\0" + token.encode("utf-8", "replace")).hexdigest()


def form_token(token: str) -> str:
    """What every form of this browser carries: proves that our page made it, and is not the token itself."""
    return hashlib.sha256(b"saraptama/console-form/1\0" + token.encode("utf-8", "replace")).hexdigest()


def _ended(kind: str, begun_at: int, seen_at: int, now: float) -> bool:
    most = ENTRY if kind == "entry" else ABSOLUTE
    # A clock that was set back makes no session longer.
    return now - seen_at > IDLE or now - begun_at > most or now < begun_at - 60


def _slip(identity: str, token_hash: str) -> bytes:
    return f"console-slip|{identity}|{token_hash}".encode()
