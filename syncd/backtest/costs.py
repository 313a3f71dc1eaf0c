"""What telling would have cost: labels and comments, had all of it been written at the stage ``comment``."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

from rules.world import World
from syncd.model.comments import Line
from syncd.model.findings import Finding, RuleTerms, Severity, Subject
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.planner.findings import is_live
from syncd.planner.stages import item_stage

Said: TypeAlias = frozenset[tuple[str, Subject, Severity, Line]]
"""What a comment tells; it is rewritten where that changes."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The writes of a day, or of many."""

    labels_added: int = 0
    labels_removed: int = 0
    comments_new: int = 0
    comments_edited: int = 0

    @property
    def writes(self) -> int:
        """Return how many writes that is."""
        return self.labels_added + self.labels_removed + self.comments_new + self.comments_edited

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(**{name: getattr(self, name) + getattr(other, name) for name in Cost.__struct_fields__})


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """``first_day``: all that stood when history begins; ``later``: from the next day on. ``most`` is the later day
    with the most new comments."""

    first_day: Cost = Cost()
    later: Cost = Cost()
    most: Cost = Cost()
    most_at: datetime | None = None


class Desk:
    """Remembers what would be on every item, and counts what it takes to bring that up to date once a day."""

    def __init__(self, team_stages: Mapping[str, Stage]) -> None:
        self._team_stages = team_stages
        self._labels: dict[ItemId, frozenset[str]] = {}
        self._comments: dict[ItemId, Said] = {}
        self._days: list[tuple[datetime, Cost]] = []

    def note(self, findings: Iterable[Finding], world: World, at: datetime) -> None:
        """Write what a day has to say."""
        labels: dict[ItemId, set[str]] = {}
        said: dict[ItemId, set[tuple[str, Subject, Severity, Line]]] = {}
        for finding in filter(is_live, findings):
            for item_id in finding.told:
                stage = self._stage(finding.rule, item_id, world)
                if stage >= Stage.LABELS:
                    labels.setdefault(item_id, set()).add(finding.rule_id)
                if stage >= Stage.COMMENT:
                    told = (finding.rule_id, finding.subject, finding.severity, finding.message)
                    said.setdefault(item_id, set()).add(told)
        cost = self._relabel({each: frozenset(rules) for each, rules in labels.items()})
        self._days.append((at, cost + self._rewrite({each: frozenset(told) for each, told in said.items()})))

    def _relabel(self, wanted: Mapping[ItemId, frozenset[str]]) -> Cost:
        added = sum(len(rules - self._labels.get(each, frozenset())) for each, rules in wanted.items())
        removed = sum(len(rules - wanted.get(each, frozenset())) for each, rules in self._labels.items())
        self._labels = dict(wanted)
        return Cost(labels_added=added, labels_removed=removed)

    def _rewrite(self, wanted: Mapping[ItemId, Said]) -> Cost:
        new = wanted.keys() - self._comments.keys()
        # What has nothing to say any more stays, as one line that says so.
        edited = [each for each, said in self._comments.items() if said != wanted.get(each, frozenset())]
        self._comments.update({each: frozenset() for each in edited})
        self._comments.update(wanted)
        return Cost(comments_new=len(new), comments_edited=len(edited))

    def _stage(self, rule: RuleTerms, item_id: ItemId, world: World) -> Stage:
        item = world.item(item_id)
        if item is None:
            return Stage.OFF
        return min(rule.stage, item_stage(item, world, Stage.COMMENT, self._team_stages))

    def costs(self) -> Costs:
        """Return what all days cost."""
        if not self._days:
            return Costs()
        later = self._days[1:]
        most_at, most = max(later, key=lambda each: each[1].comments_new, default=(None, Cost()))
        return Costs(
            first_day=self._days[0][1],
            later=sum((cost for _, cost in later), Cost()),
            most=most,
            most_at=most_at if most.comments_new else None,
        )
