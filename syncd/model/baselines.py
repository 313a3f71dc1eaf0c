"""What was agreed, and when: the items of an outcome, epic, milestone, version or sprint, and what items said then."""

import enum
from datetime import datetime

import msgspec

from syncd.model.findings import Subject
from syncd.model.identity import ItemId


class Confidence(enum.Enum):
    """How a baseline is known.

    STATED: a person took it and said why. OBSERVED: it was taken while we watched. RECONSTRUCTED: from histories.
    DATED: of some of it no history tells; what was created before is taken to have been in it.
    """

    STATED = "stated"
    OBSERVED = "observed"
    RECONSTRUCTED = "reconstructed"
    DATED = "dated"


class Member(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item that was agreed; ``estimate`` in its team's unit, None where it had none.

    ``is_counted`` is False for a parent of others of them, which was not counted beside these.
    """

    item: ItemId
    key: str
    team: str = ""
    estimate: float | None = None
    is_counted: bool = True


class Baseline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What ``of`` held at ``at``. A newer one supersedes it and says why; none is ever rewritten.

    ``began_at``: when the work began that the settling time counts from. ``by`` and ``reason`` where a person took it.
    """

    of: Subject
    at: datetime
    confidence: Confidence
    members: tuple[Member, ...] = ()
    began_at: datetime | None = None
    by: str = ""
    reason: str = ""

    @property
    def counted(self) -> tuple[Member, ...]:
        """Return the items that it counts."""
        return tuple(each for each in self.members if each.is_counted)


class KeptText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an item said at ``at``, when its work began or a sprint that holds it was agreed; kept once.

    ``words``: its description and acceptance criteria without markup, cut at a length. ``is_lost``: it was changed
    before it could be kept, so that nobody knows.
    """

    item: ItemId
    at: datetime
    words: str = ""
    is_lost: bool = False
