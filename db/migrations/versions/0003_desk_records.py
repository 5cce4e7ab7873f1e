"""The audit trail's records that belong to no case (accounts, passphrases, sign-ins) are found without reading all."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX audit_of_the_desk ON audit (seq) WHERE case_id IS NULL")


def downgrade() -> None:
    op.execute("DROP INDEX audit_of_the_desk")
