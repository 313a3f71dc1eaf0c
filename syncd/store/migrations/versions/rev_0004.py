"""What was agreed, and what is worked out once a day."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "baselines",
        Column("workspace_id", Text(), nullable=False),
        Column("subject", Text(), nullable=False),
        Column("at", BigInteger(), nullable=False, autoincrement=False),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("workspace_id", "subject", "at", name="pk_baselines"),
    )
    op.create_table(
        "snapshots",
        Column("workspace_id", Text(), nullable=False),
        Column("day", Text(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        Column("similar", LargeBinary(), nullable=True),
        PrimaryKeyConstraint("workspace_id", "day", name="pk_snapshots"),
    )
