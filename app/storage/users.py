"""Users as the database knows them: id, login, name, and the public half of the signing key."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

_SELECT = text("SELECT id, login, name, public_key FROM users ORDER BY ordinal")
_INSERT = text(
    "INSERT INTO users (id, ordinal, login, name, public_key)"
    " VALUES (:id, (SELECT coalesce(max(ordinal), 0) + 1 FROM users), :login, :name, :public_key)"
)


@dataclass(frozen=True, slots=True)
class UserRow:
    """`public_key` is Ed25519, 32 bytes."""

    id: str
    login: str
    name: str
    public_key: bytes


def everybody(connection: Connection) -> tuple[UserRow, ...]:
    """In the order in which they were added."""
    return tuple(UserRow(*row) for row in connection.execute(_SELECT))


def ordinals(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Ids and places in the order of adding."""
    return tuple(
        (row[0], row[1]) for row in connection.exec_driver_sql("SELECT id, ordinal FROM users ORDER BY ordinal")
    )


def add(work: "UnitOfWork", user: UserRow) -> None:
    """Write a new user."""
    work.connection.execute(
        _INSERT, {"id": user.id, "login": user.login, "name": user.name, "public_key": user.public_key}
    )
