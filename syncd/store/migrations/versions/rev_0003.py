"""Readings of measures, as `syncd measure` was told them."""

from alembic import op
from sqlalchemy import BigInteger, Column, Double, PrimaryKeyConstraint, Text

revision = "0003"
down_revision = "0002"

_KEY = ("workspace_id", "outcome_id", "measure_id", "day")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "readings",
        *(Column(name, Text(), nullable=False) for name in _KEY),
        Column("value", Double(), nullable=False),
        Column("saved_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint(*_KEY, name="pk_readings"),
    )
