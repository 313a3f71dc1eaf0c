"""What was agreed, and when: the items of an outcome, epic, milestone, version or sprint at the end of its settling."""

import enum
from datetime import datetime

import msgspec

from syncd.model.findings import Subject
from syncd.model.identity import ItemId


class Confidence(enum.Enum):
    """How a baseline is known.

    STATED: a person took it and said why. OBSERVED: it was taken while we watched. RECONSTRUCTED: from histories.
    """

    STATED = "stated"
    OBSERVED = "observed"
    RECONSTRUCTED = "reconstructed"


class Member(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item that was agreed; ``estimate`` in its team's unit, None where it had none."""

    item: ItemId
    key: str
    team: str = ""
    estimate: float | None = None


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
