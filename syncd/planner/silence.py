"""What is remembered of a rule for one subject, and why nothing is written of it there."""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import Answer, RuleAnswer, RuleSet
from syncd.model.changes import Ownership
from syncd.model.comments import Reference
from syncd.model.findings import About, Evidence, Finding, FindingState, RuleTerms, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, Place, PlaceState, Stage
from syncd.planner.findings import is_live
from syncd.planner.limits import Waiting
from syncd.planner.stages import is_closed_to_comments, place_stage, stage_of, team_stage
from syncd.planner.terms import FindingKey, Policy

if TYPE_CHECKING:
    from rules.world import World


class Silence(enum.Enum):
    """Why nothing is written of a rule that holds, in the order in which it is asked: the first that fits is told."""

    PLACE_OFF = "the place or team is off"
    REMOVED = "removed by a person"
    WITHIN_FOR = "not for long enough yet"
    STAGE = "stage"
    WAITING = "waits for review"
    NOWHERE = "nothing to tell it on"
    """Of what has no item to be told on: then none of the others is asked."""


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """Why a rule that holds is silent on an item, in one line; of what is told on none ``item`` is the subject's id."""

    why: Silence
    detail: str
    item: ItemId


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One rule for a subject; ``told`` is where its finding is told, ``quiet`` why not there."""

    rule: RuleTerms
    answer: Answer
    subject: Subject
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    state: FindingState | None = None
    since: datetime | None = None
    severity: str = ""
    """Of a finding that is there: as it is with what escalates it."""
    told: tuple[Reference, ...] = ()
    quiet: tuple[Quiet, ...] = ()


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered, and what waits for review."""

    findings: Mapping[FindingKey, Finding] = {}
    ownership: Mapping[ItemId, Ownership] = {}
    waiting: tuple[Waiting, ...] = ()
    states: Mapping[PlaceId, PlaceState] = {}


class Explaining:
    """Looks up what is remembered of rules and items."""

    def __init__(self, world: "World", records: Records, policy: Policy) -> None:
        self._world = world
        self._records = records
        self._policy = policy

    def references(self, ids: Iterable[ItemId]) -> Iterator[Reference]:
        """Yield items by their keys."""
        for item in map(self._world.item, ids):
            if item is not None:
                yield Reference(item.key, url=item.url, item=item.id, source=item.place, restricted=item.restricted)

    def rules(self, subject: Subject, rules: RuleSet, now: datetime) -> Iterator[Explained]:
        """Yield what every rule about such subjects says of this one."""
        for answer in rules.explain(self._world, subject, now, calendar=self._policy.calendar):
            yield self._explained(subject, answer)

    def _explained(self, subject: Subject, answer: RuleAnswer) -> Explained:
        """Return one rule with what is remembered of it."""
        finding = self._records.findings.get((answer.rule.id, subject))
        is_open = finding is not None and finding.state is not FindingState.CLOSED
        return Explained(
            rule=answer.rule,
            answer=answer.answer,
            subject=subject,
            reason=answer.reason,
            evidence=answer.evidence,
            state=finding.state if finding else None,
            since=finding.since if finding and is_open else None,
            severity=finding.severity.name.lower() if finding and is_open else "",
            told=tuple(self.references(finding.told)) if finding else (),
            quiet=tuple(self._quiet(finding, answer.rule)) if finding and is_open else (),
        )

    def _quiet(self, finding: Finding, rule: RuleTerms) -> Iterator[Quiet]:
        if is_live(finding) and not finding.told:
            yield Quiet(why=Silence.NOWHERE, detail=_nowhere(finding.subject), item=finding.subject.id)
            return
        for target in finding.told or (finding.subject.id,):
            item = self._world.item(target)
            found = self._within_for(finding, rule) if item is None else self._silence(item, finding, rule)
            if found is not None:
                yield Quiet(why=found[0], detail=found[1], item=target)

    def _silence(self, item: Item, finding: Finding, rule: RuleTerms) -> tuple[Silence, str] | None:
        place = self._world.place(item.place)
        if place_stage(place, Stage.COMMENT) is Stage.OFF:
            return Silence.PLACE_OFF, f"{item.place} is off"
        team = team_stage(self._world.team(item.id), self._policy.team_stages)
        if team is Stage.OFF:
            return Silence.PLACE_OFF, f"the team {self._world.team(item.id)} is off"
        removed = self._records.ownership.get(item.id, Ownership(item=item.id)).removed
        taken = [each for each in removed if each.rule_id == finding.rule_id]
        if taken:
            what = " and ".join(sorted(each.what for each in taken))
            return Silence.REMOVED, f"a person removed {what} on {min(each.seen_at for each in taken):%Y-%m-%d}"
        if within := self._within_for(finding, rule):
            return within
        stage = stage_of(rule, place, self._policy.stage, team)
        if stage < Stage.COMMENT:
            return Silence.STAGE, _stage_in_words(stage, place, min(rule.stage, team, self._policy.stage))
        return self._review(item, finding)

    def _within_for(self, finding: Finding, rule: RuleTerms) -> tuple[Silence, str] | None:
        if finding.state is not FindingState.PENDING:
            return None
        due = self._policy.calendar.after(finding.since, rule.holds_for)
        return Silence.WITHIN_FOR, f"holds since {finding.since:%Y-%m-%d}, is told from {due:%Y-%m-%d %H:%M} UTC"

    def _review(self, item: Item, finding: Finding) -> tuple[Silence, str] | None:
        waiting: Sequence[Waiting] = [
            each
            for each in self._records.waiting
            if each.change.target == item.id and finding.rule_id in each.change.rule_ids
        ]
        return (Silence.WAITING, waiting[0].reason) if waiting else None


def _nowhere(subject: Subject) -> str:
    if subject.about == About.TEAM.value:
        return "a team has no item to be told on: it stands in `syncd plan`"
    return "no open item that may be annotated tracks its outcome"


def _stage_in_words(stage: Stage, place: Place | None, elsewhere: Stage) -> str:
    """Return what keeps a rule from speaking in a comment, and the way out where it is who reads the place.

    ``elsewhere``: the stage of all but the place.
    """
    if place is not None and is_closed_to_comments(place) and min(place.stage, elsewhere) is Stage.COMMENT:
        if place.audience is None:
            return f"nobody knows who reads {place.id}: labels only, until trackers.yaml says its `audience`"
        return f"people from outside read {place.id}: labels only, until trackers.yaml says `comments: allowed`"
    return f"the stage of workspace, place, team or rule is {stage.name.lower()}"
