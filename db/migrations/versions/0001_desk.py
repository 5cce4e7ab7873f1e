"""The desk itself: the installation, its users, and the two chains that may only grow."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UP = (
    """
CREATE TABLE desk (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    device TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    device_public BLOB NOT NULL CHECK (length(device_public) = 32),
    device_seed BLOB NOT NULL CHECK (length(device_seed) = 32),
    number TEXT NOT NULL,
    region TEXT NOT NULL,
    name_kk TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT
""",
    """
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    ordinal INTEGER NOT NULL UNIQUE,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT
""",
    """
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    case_id TEXT,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    record BLOB NOT NULL
) STRICT
""",
    """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    case_id TEXT,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    record BLOB NOT NULL
) STRICT
""",
    """
CREATE TRIGGER desk_stays BEFORE DELETE ON desk
BEGIN SELECT RAISE(ABORT, 'the desk is not deleted'); END
""",
    """
CREATE TRIGGER desk_identity_stays BEFORE UPDATE OF id, device, device_public, device_seed ON desk
BEGIN SELECT RAISE(ABORT, 'the identity of the desk does not change'); END
""",
    """
CREATE TRIGGER users_stay BEFORE DELETE ON users
BEGIN SELECT RAISE(ABORT, 'users are not deleted'); END
""",
    """
CREATE TRIGGER users_do_not_change BEFORE UPDATE ON users
BEGIN SELECT RAISE(ABORT, 'users do not change'); END
""",
    # Checking the number at insertion also stops INSERT OR REPLACE, which fires no DELETE trigger.
    """
CREATE TRIGGER audit_grows_by_one BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit trail has no holes'); END
""",
    """
CREATE TRIGGER audit_does_not_change BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END
""",
    """
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END
""",
    """
CREATE TRIGGER events_grow_by_one BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'the event log has no holes'); END
""",
    """
CREATE TRIGGER events_do_not_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log only grows'); END
""",
    """
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the event log only grows'); END
""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement.strip())


def downgrade() -> None:
    for table in ("events", "audit", "users", "desk"):
        op.execute(f"DROP TABLE {table}")
