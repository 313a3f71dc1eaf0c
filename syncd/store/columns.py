"""The columns that tables are made of."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Text


def key(name: str) -> Column[str]:
    """Return a text that is part of a key."""
    return Column(name, Text, primary_key=True)


def item_key() -> tuple[Column[str], ...]:
    """Return the key of what is remembered of an item."""
    return key("workspace_id"), key("tracker"), key("native_id")


def number_key(name: str) -> Column[int]:
    """Return a number that is part of a key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def text(name: str) -> Column[str]:
    """Return a text."""
    return Column(name, Text, nullable=False)


def number(name: str) -> Column[int]:
    """Return a number."""
    return Column(name, Integer, nullable=False)


def time(name: str) -> Column[int]:
    """Return an instant."""
    return Column(name, BigInteger, nullable=False)


def maybe_time(name: str) -> Column[int]:
    """Return an instant that need not be there."""
    return Column(name, BigInteger, nullable=True)


def flag(name: str) -> Column[bool]:
    """Return a yes or no."""
    return Column(name, Boolean, nullable=False)


def blob(name: str) -> Column[bytes]:
    """Return bytes."""
    return Column(name, LargeBinary, nullable=False)
