"""Everything syncd knows of one item: its way to outcomes, every rule, where it is told, and why some are silent."""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from rules.engine import Answer, RuleAnswer, RuleSet
from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.facts.trace.records import Step
from rules.language.templates import speaker_of
from rules.language.wording import Speaker, plain
from syncd.model.changes import Ownership
from syncd.model.comments import Leaf, Line, Quote, Reference, Text
from syncd.model.findings import About, Evidence, Finding, FindingState, RuleTerms, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item, Place, PlaceState, Stage
from syncd.model.truth import Unknown
from syncd.planner.findings import is_live
from syncd.planner.limits import Waiting
from syncd.planner.stages import is_closed_to_comments, place_stage, stage_of, team_stage
from syncd.planner.terms import FindingKey, Policy
from syncd.planner.topics import Topic, topic_of
from syncd.planner.waits import Waits, waits_for

if TYPE_CHECKING:
    from rules.world import World

PATH = "trace.path"
SHOWN_FACTS = (
    "item.kind",
    "item.team",
    "item.in_play",
    "item.in_play_because",
    "item.needed_by",
    "item.needed_by_source",
    "trace.state",
    PATH,
    "trace.outcomes",
)
"""What is said of an item before its rules, where there are such facts."""
OTHERWISE = ("trace.standing_title", "trace.exempt_reason")
"""Said of an item that needs no outcome; of another there is nothing to say."""


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
    """Why a rule that holds is silent on an item, in one line."""

    why: Silence
    detail: str
    item: ItemId


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One rule for the item, or for a ring it is in; ``told`` is where its finding is told, ``quiet`` why not there."""

    rule: RuleTerms
    answer: Answer
    subject: Subject
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    state: FindingState | None = None
    since: datetime | None = None
    told: tuple[Reference, ...] = ()
    quiet: tuple[Quiet, ...] = ()


class ToldHere(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that is told on the item for others: for items, and for outcomes and milestones that it tracks."""

    rule_id: str
    subjects: tuple[Reference, ...]
    others: tuple[Line, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A place that the facts of an item were read from; ``read_at`` None: never. ``problem``: why not since."""

    place: PlaceId
    read_at: datetime | None
    problem: str = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one item. ``dark``: why its place can't be judged now, empty where it can."""

    item: Item
    dark: str
    sources: tuple[Source, ...]
    facts: tuple[Evidence, ...]
    ancestors: tuple[Reference, ...]
    waits_for: tuple[Waits, ...]
    rules: tuple[Explained, ...]
    told_here: tuple[ToldHere, ...]
    ownership: Ownership


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered, and what waits for review."""

    findings: Mapping[FindingKey, Finding] = {}
    ownership: Mapping[ItemId, Ownership] = {}
    waiting: tuple[Waiting, ...] = ()
    states: Mapping[PlaceId, PlaceState] = {}


def explain(item: Item, world: "World", rules: RuleSet, records: Records, policy: Policy, now: datetime) -> Explanation:
    """Return everything that is known of an item of the World."""
    subjects = tuple(subjects_of(item.id, world))
    answers = [
        (subject, answer)
        for subject in subjects
        for answer in rules.explain(world, subject, now, calendar=policy.calendar)
    ]
    dark = world.is_dark(item.place)
    explaining = _Explaining(world, records, policy)
    waits = waits_for(item.id, world)
    return Explanation(
        item=item,
        dark=dark.reason if dark is not None else "",
        sources=tuple(_sources(item, world, waits, records.states)),
        facts=_facts(item, world, rules, policy, now),
        ancestors=tuple(explaining.references(world.ancestors(item.id))),
        waits_for=waits,
        rules=tuple(explaining.explained(subject, answer) for subject, answer in answers),
        told_here=explaining.told_here(item.id),
        ownership=records.ownership.get(item.id) or Ownership(item=item.id),
    )


def _sources(
    item: Item, world: "World", waits: Iterable[Waits], states: Mapping[PlaceId, PlaceState]
) -> Iterator[Source]:
    """Yield the places of the item, of what it is below, and of what it waits for."""
    above = (world.items[each].place for each in world.ancestors(item.id))
    awaited = (each.item.source for each in waits if each.item.source is not None)
    for place in dict.fromkeys((item.place, *above, *awaited)):
        state = states.get(place)
        yield Source(place=place, read_at=state.read_at if state else None, problem=state.error if state else "")


def subjects_of(item_id: ItemId, world: "World") -> Iterator[Subject]:
    """Yield what is judged of an item: itself, and the rings it is in."""
    yield Subject(About.ITEM.value, item_id)
    for subject in world.subjects:
        if subject.about == About.DEPENDENCY.value and item_id in world.ring(subject):
            yield subject


def _facts(item: Item, world: "World", rules: RuleSet, policy: Policy, now: datetime) -> tuple[Evidence, ...]:
    subjects = (Subject(About.ITEM.value, item.id),)
    facts = [rules.vocabulary[name] for name in (*SHOWN_FACTS, *OTHERWISE) if name in rules.vocabulary]
    table = FactTable(rules.vocabulary, world=world, subjects=subjects, now=now, calendar=policy.calendar)
    here = Speaker(place=item.place, restricted=item.restricted)
    shown = []
    for fact in facts:
        value = table.column(fact.name)[0]
        speaker = speaker_of(fact, here)
        if fact.name in OTHERWISE and not isinstance(value, str):
            continue
        words = _way(value) if fact.name == PATH else plain(value, speaker)
        last = value[-1] if isinstance(value, tuple) and value else value
        unknown: Line = (Text(f"unknown: {last.reason}"),) if isinstance(last, Unknown) else (Text("none"),)
        shown.append(Evidence(fact.name, words or unknown))
    return tuple(shown)


def _way(value: FactValue) -> Line:
    """Return each step of the way to an outcome with how it is made: ``parent LEG-1, tracked item LEG-1``."""
    leaves: list[Leaf] = []
    for step in value if isinstance(value, tuple) else ():
        if isinstance(step, Step):
            how = Text(f"{', ' if leaves else ''}{step.how.replace('_', ' ')} ")
            shown: Leaf = Quote(step.title, source=step.place, restricted=step.restricted)
            if step.key:
                shown = Reference(step.key, url=step.url, item=step.item, source=step.place, restricted=step.restricted)
            leaves += (how, shown)
    return tuple(leaves)


class _Explaining:
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

    def explained(self, subject: Subject, answer: RuleAnswer) -> Explained:
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
            told=tuple(self.references(finding.told)) if finding else (),
            quiet=tuple(self._quiet(finding, answer.rule)) if finding and is_open else (),
        )

    def _quiet(self, finding: Finding, rule: RuleTerms) -> Iterator[Quiet]:
        if is_live(finding) and not finding.told:
            detail = "no open item that may be annotated tracks its outcome"
            yield Quiet(why=Silence.NOWHERE, detail=detail, item=finding.subject.id)
            return
        for target in finding.told or (finding.subject.id,):
            item = self._world.item(target)
            found = self._silence(item, finding, rule) if item is not None else None
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
        if finding.state is FindingState.PENDING:
            due = self._policy.calendar.after(finding.since, rule.holds_for)
            return Silence.WITHIN_FOR, f"holds since {finding.since:%Y-%m-%d}, is told from {due:%Y-%m-%d %H:%M} UTC"
        stage = stage_of(rule, place, self._policy.stage, team)
        if stage < Stage.COMMENT:
            return Silence.STAGE, _stage_in_words(stage, place, min(rule.stage, team, self._policy.stage))
        return self._review(item, finding)

    def _review(self, item: Item, finding: Finding) -> tuple[Silence, str] | None:
        waiting: Sequence[Waiting] = [
            each
            for each in self._records.waiting
            if each.change.target == item.id and finding.rule_id in each.change.rule_ids
        ]
        return (Silence.WAITING, waiting[0].reason) if waiting else None

    def told_here(self, target: ItemId) -> tuple[ToldHere, ...]:
        """Return what is told on an item for others."""
        by_rule: dict[str, list[Topic]] = {}
        for finding in filter(is_live, self._records.findings.values()):
            topic = topic_of(finding.subject, self._world) if target in finding.told else None
            if topic is not None and topic.item != target:
                by_rule.setdefault(finding.rule_id, []).append(topic)
        return tuple(
            self._told_here(rule_id, sorted(topics, key=lambda each: each.order))
            for rule_id, topics in sorted(by_rule.items())
        )

    def _told_here(self, rule_id: str, topics: Sequence[Topic]) -> ToldHere:
        subjects = tuple(self.references(each.item for each in topics if each.item is not None))
        return ToldHere(rule_id=rule_id, subjects=subjects, others=tuple(each.name for each in topics if not each.item))


def _stage_in_words(stage: Stage, place: Place | None, elsewhere: Stage) -> str:
    """Return what keeps a rule from speaking in a comment, and the way out where it is who reads the place.

    ``elsewhere``: the stage of all but the place.
    """
    if place is not None and is_closed_to_comments(place) and min(place.stage, elsewhere) is Stage.COMMENT:
        if place.audience is None:
            return f"nobody knows who reads {place.id}: labels only, until trackers.yaml says its `audience`"
        return f"people from outside read {place.id}: labels only, until trackers.yaml says `comments: allowed`"
    return f"the stage of workspace, place, team or rule is {stage.name.lower()}"
