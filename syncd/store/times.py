"""Instants as the store keeps them: whole microseconds since 1970, which compare exactly in every database."""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def micros(at: datetime) -> int: ...
@overload
def micros(at: datetime | None) -> int | None: ...
def micros(at: datetime | None) -> int | None:
    """Return microseconds since 1970 of an aware instant."""
    return None if at is None else (at - _EPOCH) // _MICROSECOND


@overload
def instant(at: int) -> datetime: ...
@overload
def instant(at: int | None) -> datetime | None: ...
def instant(at: int | None) -> datetime | None:
    """Return the instant, in UTC."""
    return None if at is None else _EPOCH + timedelta(microseconds=at)
