"""The shape of ``calendar:``, in syncd.yaml and in a roadmap: the zone, and which days are worked."""

import zoneinfo
from collections import Counter
from collections.abc import Hashable, Sequence
from datetime import UTC, date, tzinfo
from typing import Annotated, Literal, TypeVar

import pydantic
from pydantic import AfterValidator, Field

from syncd.complaints import did_you_mean

_Each = TypeVar("_Each", bound=Hashable)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _is_zone(name: str) -> str:
    if _zone(name) is None:
        near = did_you_mean(name, zoneinfo.available_timezones())
        raise ValueError(f"read '{' '.join(name.split())[:60]}'; expected a time zone such as Europe/Berlin.{near}")
    return name


def _zone(name: str) -> tzinfo | None:
    if name == "UTC":
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # What is no name at all may be a folder of them, or a path.
        return None


def _once_each(days: Sequence[_Each]) -> Sequence[_Each]:
    twice = [str(day) for day, count in Counter(days).items() if count > 1]
    if twice:
        raise ValueError(f"'{twice[0]}' is in the list twice")
    return days


def _some(days: Sequence[_Each]) -> Sequence[_Each]:
    if not days:
        raise ValueError("no day is worked; name at least one, such as [mon, tue, wed, thu, fri]")
    return days


class CalendarText(pydantic.BaseModel):
    """How working days are counted."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    timezone: Annotated[str, AfterValidator(_is_zone)] = Field(
        default="UTC", description="The zone in which days begin and end, such as Europe/Berlin."
    )
    workdays: Annotated[list[Weekday], AfterValidator(_some), AfterValidator(_once_each)] = Field(
        default=list(WEEKDAYS[:5]),
        description="The days of the week that are worked: mon, tue, wed, thu, fri, sat, sun.",
    )
    holidays: Annotated[list[date], AfterValidator(_once_each)] = Field(
        default=[], description="Days on which nobody works."
    )

    @property
    def zone(self) -> tzinfo:
        """Return the time zone."""
        return _zone(self.timezone) or UTC
