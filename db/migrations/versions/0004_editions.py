"""Editions of the criteria that this desk has accepted, and the keys whose signatures it takes. Both only grow."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UP = (
    # The digest is of the manifest, which names the digest of every file: it is the edition's only name that nobody
    # can give to another one. It may come twice where the key of the first was revoked and another one signed anew.
    """
CREATE TABLE editions (
    ordinal INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    pack TEXT NOT NULL,
    version TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    installed_at TEXT NOT NULL,
    installed_by TEXT NOT NULL REFERENCES users (id),
    UNIQUE (digest, public_key)
) STRICT
""",
    """
CREATE TABLE edition_files (
    edition INTEGER NOT NULL REFERENCES editions (ordinal),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (edition, name)
) STRICT
""",
    """
CREATE TABLE admitted_keys (
    public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32),
    ordinal INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    admitted_at TEXT NOT NULL,
    admitted_by TEXT NOT NULL REFERENCES users (id)
) STRICT
""",
    # Not a column of the keys above: a key that came with the program can be revoked too.
    """
CREATE TABLE revoked_keys (
    public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32),
    ordinal INTEGER NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    revoked_by TEXT NOT NULL REFERENCES users (id)
) STRICT
""",
    # Checking at insertion also stops INSERT OR REPLACE, which fires no DELETE trigger.
    """
CREATE TRIGGER editions_come_once BEFORE INSERT ON editions
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM editions)
 OR EXISTS (SELECT 1 FROM editions WHERE digest = NEW.digest AND public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'an edition is accepted once'); END
""",
    """
CREATE TRIGGER editions_do_not_change BEFORE UPDATE ON editions
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END
""",
    """
CREATE TRIGGER editions_stay BEFORE DELETE ON editions
BEGIN SELECT RAISE(ABORT, 'editions are not deleted'); END
""",
    # A file goes into the newest edition only: those before it are whole.
    """
CREATE TRIGGER edition_files_come_once BEFORE INSERT ON edition_files
WHEN NEW.edition IS NOT (SELECT max(ordinal) FROM editions)
 OR EXISTS (SELECT 1 FROM edition_files WHERE edition = NEW.edition AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END
""",
    """
CREATE TRIGGER edition_files_do_not_change BEFORE UPDATE ON edition_files
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END
""",
    """
CREATE TRIGGER edition_files_stay BEFORE DELETE ON edition_files
BEGIN SELECT RAISE(ABORT, 'editions are not deleted'); END
""",
    """
CREATE TRIGGER admitted_keys_come_once BEFORE INSERT ON admitted_keys
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM admitted_keys)
 OR EXISTS (SELECT 1 FROM admitted_keys WHERE public_key = NEW.public_key)
 OR EXISTS (SELECT 1 FROM revoked_keys WHERE public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'a key is admitted once, and never after it was revoked'); END
""",
    """
CREATE TRIGGER admitted_keys_do_not_change BEFORE UPDATE ON admitted_keys
BEGIN SELECT RAISE(ABORT, 'an admitted key does not change'); END
""",
    """
CREATE TRIGGER admitted_keys_stay BEFORE DELETE ON admitted_keys
BEGIN SELECT RAISE(ABORT, 'admitted keys are not deleted'); END
""",
    """
CREATE TRIGGER revoked_keys_come_once BEFORE INSERT ON revoked_keys
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM revoked_keys)
 OR EXISTS (SELECT 1 FROM revoked_keys WHERE public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'a key is revoked once'); END
""",
    """
CREATE TRIGGER revoked_keys_do_not_change BEFORE UPDATE ON revoked_keys
BEGIN SELECT RAISE(ABORT, 'a revocation does not change'); END
""",
    """
CREATE TRIGGER revoked_keys_stay BEFORE DELETE ON revoked_keys
BEGIN SELECT RAISE(ABORT, 'a revoked key stays revoked'); END
""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement.strip())


def downgrade() -> None:
    # Dropping a table deletes its rows, and foreign keys are checked then: children first.
    for table in ("edition_files", "editions", "admitted_keys", "revoked_keys"):
        op.execute(f"DROP TABLE {table}")
