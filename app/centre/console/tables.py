"""The console's own tables beside the centre's: accounts, sessions, failures, and what it wrote down."""

from typing import Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    false,
)

METADATA: Final = MetaData()

USERS: Final = Table(
    "console_users",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("login", String(64), nullable=False),
    Column("folded", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("passphrase", String(200)),  # Argon2id in PHC form; empty until the user has chosen one
    Column("secret", LargeBinary),  # of the one-time codes, sealed
    Column("last_step", BigInteger, nullable=False, server_default="0"),  # a code counts once
    Column("entry_hash", String(64)),  # of the code with which a new user comes in
    Column("entry_ends", BigInteger, nullable=False, server_default="0"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
)

SESSIONS: Final = Table(
    "console_sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(32), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # "full", or "entry": may only set up passphrase and codes
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("secret", LargeBinary),  # new one-time codes that are being set up, sealed
)

# What is shown once: an entry code, an invitation. Sealed, for one session, for some minutes.
SLIPS: Final = Table(
    "console_slips",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, index=True),
    Column("ends_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

FAILURES: Final = Table(
    "console_failures",
    METADATA,
    Column("who", String(64), primary_key=True),  # a digest of a login or of an address, known or not
    Column("count", Integer, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

AUDIT: Final = Table(
    "console_audit",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("actor", String(64), nullable=False, index=True),  # as in the record, for filters
    Column("action", String(64), nullable=False, index=True),
    Column("hash", LargeBinary(32), nullable=False),
    Column("record", LargeBinary, nullable=False),
)

for _what in ("UPDATE", "DELETE"):
    event.listen(
        AUDIT,
        "after_create",
        DDL(
            f"CREATE TRIGGER console_audit_no_{_what.lower()} BEFORE {_what} ON console_audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )
event.listen(
    AUDIT,
    "after_create",
    DDL(
        "CREATE OR REPLACE FUNCTION console_audit_kept() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    ).execute_if(dialect="postgresql"),
)
event.listen(
    AUDIT,
    "after_create",
    DDL(
        "CREATE TRIGGER console_audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION console_audit_kept()"
    ).execute_if(dialect="postgresql"),
)


def create(engine: Engine) -> None:
    """Make what isn't there yet; harmless to repeat."""
    METADATA.create_all(engine)
