"""What the rules say of a subject, and what is remembered of it."""

import enum
from datetime import datetime, timedelta

import msgspec

from syncd.model.comments import Line
from syncd.model.identity import ItemId
from syncd.model.items import Stage


class Severity(enum.IntEnum):
    """How much a finding matters, in order."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3


class About(enum.Enum):
    """What kind of thing a rule judges."""

    ITEM = "item"
    OUTCOME = "outcome"
    CONTAINER = "container"
    TEAM = "team"
    DEPENDENCY = "dependency"


class ToldOn(enum.Enum):
    """Where a finding is told: once, at its cause."""

    SUBJECT = "subject"
    TOPMOST = "topmost"
    TRACKED_IN = "tracked_in"
    BLOCKER = "blocker"
    EDGE = "edge"


class Subject(msgspec.Struct, frozen=True, order=True):
    """What is judged; ``about`` is an About's value.

    ``id`` is an item's. A dependency, which is a ring of items that block each other, has that of its item with the
    smallest key. An outcome and a team have no tracker, and their name as ``native_id``; a container has its tracker,
    and ``kind:native_id``.
    """

    about: str
    id: ItemId

    def __str__(self) -> str:
        return f"{self.about}:{self.id}"


class Evidence(msgspec.Struct, frozen=True):
    """One fact that a judgment read, and its value in words."""

    fact: str
    value: Line


class RuleTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What of a rule matters after it was judged. ``holds_for`` and ``clear_after`` are how long it must have held
    (not held) before anything is written (taken back)."""

    id: str
    title: str
    told_on: ToldOn
    stage: Stage
    holds_for: "Span"
    clear_after: "Span"
    version: str
    """Changes when the rule's meaning does: a digest of its text."""
    owner: str = ""
    file: str = ""
    """Where it stands, as ``file:line``."""


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A length of time: exact, or in working days, which count ends of working days."""

    exact: timedelta = timedelta(0)
    working_days: int = 0


class Judgment(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that holds for a subject, with all that is needed to tell it.

    ``changed_at`` is the newest change among the records that the facts were read from; ``next_due`` when time alone
    would change the answer; ``causes`` the blockers that the condition matched.
    """

    rule: RuleTerms
    subject: Subject
    severity: Severity
    message: Line
    why: Line = ()
    fix: tuple[Line, ...] = ()
    fix_by_tracker: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    """More to do where it is told on a tracker of that kind: (``jira`` | ``github`` | …, lines)."""
    evidence: tuple[Evidence, ...] = ()
    causes: tuple[ItemId, ...] = ()
    changed_at: datetime | None = None
    next_due: datetime | None = None


class FindingState(enum.Enum):
    """PENDING: held, but not for long enough. OPEN: told or to be told. CLEARING: no longer holds, not yet long enough.
    CLOSED: gone; kept so that a return is seen as one."""

    PENDING = "pending"
    OPEN = "open"
    CLEARING = "clearing"
    CLOSED = "closed"


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is remembered of a rule that holds for a subject.

    ``since`` is when it began to hold, as far as the tracker tells; ``cleared_at`` when it stopped; ``known``: the last
    judgment was not unknown. What is needed to tell it again while it is unknown is kept with it; ``told`` are the
    items it is told on, so that it stays there meanwhile.
    """

    rule: RuleTerms
    subject: Subject
    state: FindingState
    severity: Severity
    since: datetime
    message: Line
    why: Line = ()
    fix: tuple[Line, ...] = ()
    fix_by_tracker: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    causes: tuple[ItemId, ...] = ()
    known: bool = True
    cleared_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    told: tuple[ItemId, ...] = ()

    @property
    def rule_id(self) -> str:
        """Return the id of its rule."""
        return self.rule.id
