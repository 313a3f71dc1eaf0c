"""What items said when their work began."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "texts",
        Column("workspace_id", Text(), nullable=False),
        Column("tracker", Text(), nullable=False),
        Column("native_id", Text(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("is_lost", Boolean(), nullable=False),
        Column("words", Text(), nullable=False),
        PrimaryKeyConstraint("workspace_id", "tracker", "native_id", name="pk_texts"),
    )
