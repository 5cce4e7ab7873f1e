"""The console's own tables, by their names; they are made by `migrations/0010_the_console.sql`."""

from typing import Final

from sqlalchemy import LargeBinary, TableClause, column, table

_BYTES: Final = LargeBinary()

USERS: Final[TableClause] = table(
    "console_users",
    *map(column, ("id", "login", "folded", "name", "role", "passphrase")),
    column("secret", _BYTES),  # of the one-time codes, sealed
    column("last_step"),  # a code counts once
    column("entry_hash"),  # of the code with which a new user comes in
    *map(column, ("entry_ends", "disabled", "made_at", "seen_at")),
)
SESSIONS: Final[TableClause] = table(
    "console_sessions",
    *map(column, ("token_hash", "user_id", "kind", "begun_at", "seen_at")),
    column("secret", _BYTES),  # new one-time codes that are being set up, sealed
)
SLIPS: Final[TableClause] = table(
    "console_slips", column("id"), column("token_hash"), column("ends_at"), column("sealed", _BYTES)
)
FAILURES: Final[TableClause] = table("console_failures", *map(column, ("who", "count", "until", "last_at")))
