"""What a pass is given beside the judgments and the World: what is remembered, and what is allowed."""

from collections.abc import Mapping

import msgspec

from rules.language.calendar import Calendar
from syncd.model.changes import Observation, Ownership, RecentWrite, Refusal
from syncd.model.findings import Finding, Subject
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.planner.limits import Limits

FindingKey = tuple[str, Subject]
"""A rule's id and what it judged."""


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier passes left behind. ``in_flight``: a write there is on its way or its answer was lost.

    ``refusals`` of the last day, oldest first.
    """

    findings: Mapping[FindingKey, Finding] = {}
    ownership: Mapping[ItemId, Ownership] = {}
    observations: Mapping[ItemId, Observation] = {}
    in_flight: frozenset[ItemId] = frozenset()
    recent_writes: tuple[RecentWrite, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace allows. ``owner`` is ``installation/workspace``; ``prefix`` begins every label of ours.

    ``team_stages``: how far syncd may go on the items of a team, by its name.
    """

    owner: str
    prefix: str
    stage: Stage
    limits: Limits
    calendar: Calendar = Calendar()
    team_stages: Mapping[str, Stage] = {}

    def label(self, rule_id: str) -> str:
        """Return the label of a rule."""
        return self.prefix + rule_id

    def rule_id(self, label: str) -> str:
        """Return the rule of a label under our prefix."""
        return label[len(self.prefix) :]
