"""Items found by their keys: histories name others so, and are read in their order."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_items_key", "items", ["workspace_id", "tracker", "key"])
