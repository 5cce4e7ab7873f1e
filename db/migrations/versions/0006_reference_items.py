"""What the centre publishes and the desk keeps by its hash: lists to look people up in, editions that wait."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UP = (
    """
CREATE TABLE reference_items (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes BLOB NOT NULL
) STRICT
""",
    """
CREATE TRIGGER reference_items_do_not_change BEFORE UPDATE ON reference_items
BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END
""",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement.strip())


def downgrade() -> None:
    # The entries stay: the audit trail tells of them. What they name is fetched from the centre again.
    op.execute("DROP TABLE reference_items")
