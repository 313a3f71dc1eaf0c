"""Three-valued logic: yes, no, and what is not known, with its reason."""

import enum
from datetime import datetime

import msgspec


class Truth(enum.IntEnum):
    """Kleene's three values, ordered so that `all` is the minimum, `any` the maximum and `not` is 2 - x."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class Unknown(msgspec.Struct, frozen=True):
    """The value of a fact that can't be known now; ``reason`` is for people."""

    reason: str


class UnknownBefore(Unknown, frozen=True):
    """At the end of a list of what happened: there may be more, but only from before ``at``."""

    at: datetime
