"""What a fact is: its name, type and meaning, what it can be about, and how its values are computed."""

import enum
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

from rules.language.calendar import Calendar
from syncd.model.findings import About, Subject
from syncd.model.truth import Unknown

if TYPE_CHECKING:
    from rules.world import World


class FactType(enum.Enum):
    """The types a fact can have; the value in Python stands beside each."""

    TEXT = "text"  # str
    NUMBER = "number"  # int or float
    BOOL = "bool"
    DATE = "date"  # date
    INSTANT = "instant"  # aware datetime
    SPAN = "span"  # timedelta, counted back from now
    TEXTS = "texts"  # tuple[str, ...]
    RECORDS = "records"  # tuple of the fact's ``record``


class Voice(enum.Enum):
    """Whose words a text is, when it is told: ours (or an admin's) are shown as they are, others' are quoted.

    A record with a ``place`` speaks for that place, one without it for the roadmap, whatever its fact says.
    """

    OURS = "ours"
    ROADMAP = "roadmap"
    TRACKER = "tracker"


Member: TypeAlias = str | msgspec.Struct | Unknown
"""Of a list: an Unknown at its end means "and maybe more"."""

FactValue: TypeAlias = str | int | float | bool | date | datetime | timedelta | tuple[Member, ...] | Unknown | None
"""None is known and null."""


RecordType: TypeAlias = type[msgspec.Struct]


class Columns(Protocol):
    """The other facts of the same subjects."""

    def column(self, name: str) -> Sequence[FactValue]:
        """Return the values of a fact, one per subject, in the order of the subjects."""


class FactContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a fact is computed from. ``calendar`` counts working days; ``table`` has the other facts."""

    world: "World"
    subjects: Sequence[Subject]
    now: datetime
    calendar: Calendar
    table: Columns


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A declared fact.

    ``values`` is the closed set of texts, if there is one. ``record`` is what RECORDS are made of: its annotations are
    the fields that rules can read (``Literal`` and enums are closed sets). ``column`` returns one value per subject of
    its context. ``unknown_when`` says in words when the value can't be known. ``fold_case``: texts compare without
    case. ``said_in``: the fact about the same whose one record says it, where it is not the subject itself that does.
    ``daily``: it is read from the day's snapshot, and changes with that alone.
    """

    name: str
    type: FactType
    about: tuple[About, ...]
    meaning: str
    column: Callable[[FactContext], Sequence[FactValue]]
    unknown_when: str = ""
    values: tuple[str, ...] = ()
    record: RecordType | None = None
    fold_case: bool = False
    voice: Voice = Voice.TRACKER
    said_in: str = ""
    daily: bool = False
