"""Which items changed, in order."""

from alembic import op
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Text

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "changes",
        Column("workspace_id", Text(), nullable=False),
        Column("number", BigInteger(), nullable=False, autoincrement=False),
        Column("tracker", Text(), nullable=False),
        Column("native_id", Text(), nullable=False),
        PrimaryKeyConstraint("workspace_id", "number", name="pk_changes"),
    )
