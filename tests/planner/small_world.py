"""A World in a few lines, judgments with defaults, and a tracker that remembers what was written to it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from rules.engine import Judgments
from syncd.model.changes import (
    Action,
    Observation,
    ObservedComment,
    OwnedComment,
    OwnedLabel,
    Ownership,
    Plan,
    RecentWrite,
)
from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Leaf, Line, Mark, Reference, Text
from syncd.model.findings import About, Evidence, Finding, FindingState, Judgment, RuleTerms, Severity, Span, Subject
from syncd.model.findings import ToldOn as On
from syncd.model.identity import ItemId, PlaceId, Ref
from syncd.model.items import Container, Item, Place, Stage
from syncd.model.outcomes import Outcome
from syncd.model.truth import Unknown
from syncd.planner.limits import Limits
from syncd.planner.reconcile import Memory, Policy, Reconciled, reconcile
from syncd.planner.topics import topic_of
from tests.builders import NOW, item_id, make_item, make_place

OWNER = "acme/default"
DARK = Unknown("jira:PAY could not be read")
WIDE = Limits(changes=1000, share=1.0, removals=1000, new_comments=1000)


class SmallWorld:
    """Items in places, with parents as their refs say; places that nobody gave are inside the company."""

    def __init__(
        self,
        items: Iterable[Item] = (),
        *,
        places: Iterable[Place] = (),
        outcomes: Iterable[Outcome] = (),
        serves: Mapping[str, tuple[str, ...]] | None = None,
        missing: Mapping[str, tuple[str, ...]] | None = None,
        dark: Iterable[PlaceId] = (),
        rings: Iterable[tuple[str, ...]] = (),
        containers: Iterable[Container] = (),
        teams: Mapping[str, str] | None = None,
    ) -> None:
        self.items = {item.id: item for item in items}
        self.places = {item.place: make_place(str(item.place)) for item in self.items.values()}
        self.places |= {place.id: place for place in places}
        self.roadmap = SimpleNamespace(outcomes=tuple(outcomes), period=None, unread=None)
        self.containers = {each.id: each for each in containers}
        self.teams = {item_id(key): team for key, team in (teams or {}).items()}
        self.dark = set(dark)
        self.rings = {item_id(ring[0]): tuple(map(item_id, ring)) for ring in rings}
        self._missing = {item_id(key): names for key, names in (missing or {}).items()}
        self._serves = {item_id(key): outcome_ids for key, outcome_ids in (serves or {}).items()}

    def item(self, of: ItemId) -> Item | None:
        return self.items.get(of)

    def place(self, of: PlaceId) -> Place | None:
        return self.places.get(of)

    def ancestors(self, of: ItemId) -> tuple[ItemId, ...]:
        chain: list[ItemId] = []
        item = self.items.get(of)
        while item is not None and item.parent is not None:
            parent = ItemId(item.parent.tracker, item.parent.native_id)
            if parent in chain or parent not in self.items:
                break
            chain.append(parent)
            item = self.items[parent]
        return tuple(chain)

    def is_dark(self, place: PlaceId) -> Unknown | None:
        return DARK if place in self.dark else None

    def team(self, of: ItemId) -> str:
        return self.teams.get(of, "")

    def resolve(self, ref: Ref, from_item: Item | None) -> ItemId | None:
        return next((each for each, item in self.items.items() if item.key == ref.key), None)

    def has(self, subject: Subject) -> bool:
        if subject.about == About.TEAM.value:
            return subject.id.native_id in self.teams.values()
        is_item = subject.about in (About.ITEM.value, About.DEPENDENCY.value)
        return subject.id in self.items if is_item else topic_of(subject, self) is not None  # type: ignore[arg-type]

    def is_dark_subject(self, subject: Subject) -> Unknown | None:
        item = self.items.get(subject.id)
        return self.is_dark(item.place) if item else None

    def ring(self, subject: Subject) -> tuple[ItemId, ...]:
        return self.rings.get(subject.id, ())

    def kind(self, of: ItemId) -> str:
        return self.items[of].type.lower() or "other"

    def once(self, key: object, make: Callable[[], Any]) -> Any:
        """Return the traces and the links to cut as far as the planner asks; all else is made anew."""
        if key == "cuts":
            return SimpleNamespace(ends=lambda ring: self.rings.get(ring.id, ())[:2])
        if key != "tracing":
            return make()
        outcomes = {outcome.id: outcome for outcome in self.roadmap.outcomes}
        return SimpleNamespace(
            served=lambda item: tuple(outcomes[each] for each in self._serves.get(item, ()) if each in outcomes),
            reached=lambda item: self._serves.get(item, ()),
            missing=lambda item: self._missing.get(item, ()),
        )

    def without(self, key: str) -> "SmallWorld":
        """Return the world once an item is gone."""
        other = SmallWorld(item for item in self.items.values() if item.id != item_id(key))
        other.places, other.roadmap, other.dark, other.rings = self.places, self.roadmap, self.dark, self.rings
        other.containers, other.teams, other._serves = self.containers, self.teams, self._serves
        return other

    def without_outcome(self, outcome_id: str) -> "SmallWorld":
        """Return the world once an outcome left the roadmap."""
        other = self.without("nothing")
        kept = tuple(each for each in self.roadmap.outcomes if each.id != outcome_id)
        other.roadmap = SimpleNamespace(outcomes=kept, period=None, unread=None)
        return other


def make_rule(rule_id: str = "no-outcome", **given: Any) -> RuleTerms:
    defaults: dict[str, Any] = {
        "id": rule_id,
        "title": f"Title of {rule_id}",
        "told_on": On.SUBJECT,
        "stage": Stage.COMMENT,
        "holds_for": Span(),
        "clear_after": Span(),
        "version": "1",
    }
    return RuleTerms(**{**defaults, **given})


def subject_of(key: str, about: About = About.ITEM) -> Subject:
    return Subject(about.value, item_id(key))


def make_judgment(key: str = "PAY-1", rule: RuleTerms | str = "no-outcome", **given: Any) -> Judgment:
    terms = make_rule(rule) if isinstance(rule, str) else rule
    about = About.DEPENDENCY if terms.told_on is On.EDGE else About.ITEM
    causes = tuple(item_id(each) if isinstance(each, str) else each for each in given.pop("causes", ()))
    defaults: dict[str, Any] = {
        "rule": terms,
        "subject": subject_of(key, about),
        "severity": Severity.WARNING,
        "message": (Text(f"What is wrong with {key}."),),
        "causes": causes,
        "changed_at": NOW - timedelta(days=3),
    }
    return Judgment(**{**defaults, **given})


def make_judgments(*holding: Judgment, **given: Any) -> Judgments:
    """Return judgments of the rules that hold, and of the further ``rules`` given."""
    rules = {each.rule.id: each.rule for each in holding} | {each.id: each for each in given.pop("rules", ())}
    also = {(rule_id, subject_of(key)) for rule_id, key in given.pop("also_when", ())}
    unknown = {(rule_id, subject_of(key)) for rule_id, key in given.pop("unknown", ())}
    return Judgments(
        holding=holding, rules=tuple(rules.values()), also_when=frozenset(also), unknown=frozenset(unknown), **given
    )


def make_finding(key: str = "PAY-1", rule: RuleTerms | str = "no-outcome", **given: Any) -> Finding:
    terms = make_rule(rule) if isinstance(rule, str) else rule
    told = tuple(item_id(each) for each in given.pop("told", ()))
    defaults: dict[str, Any] = {
        "rule": terms,
        "subject": subject_of(key, About.DEPENDENCY if terms.told_on is On.EDGE else About.ITEM),
        "state": FindingState.OPEN,
        "severity": Severity.WARNING,
        "since": NOW - timedelta(days=3),
        "message": (Text(f"What is wrong with {key}."),),
        "opened_at": NOW - timedelta(days=1),
        "told": told,
    }
    return Finding(**{**defaults, **given})


BROKEN = Evidence("trace.state", (Text("broken"),))


def make_policy(**given: Any) -> Policy:
    defaults: dict[str, Any] = {"owner": OWNER, "prefix": "syncd:", "stage": Stage.COMMENT, "limits": WIDE}
    return Policy(**{**defaults, **given})


def leaves_of(comment: Comment) -> list[Leaf]:
    """Return every leaf of a comment, in order."""
    return [leaf for block in comment.blocks for leaf in _leaves(block)]


def _leaves(block: Block) -> list[Leaf]:
    if isinstance(block, Fold):
        return [Text(block.title), *(leaf for inner in block.blocks for leaf in _leaves(inner))]
    lines = block.lines if isinstance(block, Bullets) else (block.line,)
    return [leaf for line in lines for leaf in line]


def words_of(comment: Comment) -> str:
    """Return all that a reader could see of a comment, addresses too, a block or a bullet a line."""
    return "\n".join(_words(block) for block in comment.blocks)


def _words(block: Block) -> str:
    if isinstance(block, Fold):
        return "\n".join([block.title, *map(_words, block.blocks)])
    lines = block.lines if isinstance(block, Bullets) else (block.line,)
    return "\n".join("".join(map(_leaf, line)) for line in lines)


def words_of_line(line: Line) -> str:
    """Return what a reader sees of a line, without addresses."""
    return "".join(leaf.key if isinstance(leaf, Reference) else _leaf(leaf) for leaf in line)


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Reference):
        return leaf.key + (f"<{leaf.url}>" if leaf.url else "")
    return leaf.on.isoformat() if isinstance(leaf, Day) else leaf.text


class Desk:
    """A tracker, a store and a service in one: what is written is there, what people do is read back."""

    def __init__(self, world: SmallWorld, policy: Policy | None = None, now: datetime = NOW) -> None:
        self.world = world
        self.policy = policy or make_policy()
        self.now = now
        self.memory = Memory()
        self.labels: dict[ItemId, set[str]] = {each: set(item.own_labels) for each, item in world.items.items()}
        self.comments: dict[ItemId, dict[str, ObservedComment]] = {}
        self.trees: dict[str, Comment] = {}
        self.writes: list[RecentWrite] = []
        self._count = 0

    def later(self, **span: float) -> "Desk":
        self.now += timedelta(**span)
        return self

    def seen(self) -> Any:
        """Return the world as a pass sees it."""
        return self.world

    def told_on(self, key: str) -> list[Comment]:
        """Return our comments on an item, as they read now."""
        return [self.trees[each] for each in self.comments.get(item_id(key), {}) if each in self.trees]

    def reconcile(self, judgments: Judgments) -> Reconciled:
        """Reconcile and remember, writing nothing."""
        memory = replace(self.memory, recent_writes=tuple(self.writes))
        found = reconcile(judgments, self.seen(), memory, self.policy, self.now)
        self.memory = replace(
            self.memory,
            findings={(finding.rule_id, finding.subject): finding for finding in found.findings},
            ownership={**self.memory.ownership, **{own.item: own for own in found.ownership}},
        )
        return found

    def sync(self, judgments: Judgments) -> Plan:
        """Reconcile, apply, and look again; return what was written."""
        plan = self.reconcile(judgments).plan
        self.later(seconds=1)
        self.apply(plan)
        self.later(seconds=1)
        return plan

    def apply(self, plan: Plan) -> None:
        ownership = dict(self.memory.ownership)
        for change in plan.changes:
            own = ownership.get(change.target) or Ownership(item=change.target)
            own = replace(own, written_at=self.now)
            labels = self.labels.setdefault(change.target, set())
            if change.action is Action.ADD_LABEL:
                labels.add(change.label)
                own = replace(own, labels=(*own.labels, OwnedLabel(change.label, self.now)))
            elif change.action is Action.REMOVE_LABEL:
                labels.discard(change.label)
                own = replace(own, labels=tuple(each for each in own.labels if each.name != change.label))
            elif change.action is Action.DELETE_COMMENT:
                del self.comments[change.target][change.comment_id]
                if own.comment is not None and own.comment.comment_id == change.comment_id:
                    own = replace(own, comment=None)
            else:
                own = replace(own, comment=self._written(change))
            ownership[change.target] = own
            self.writes += [
                RecentWrite(rule_id=rule_id, action=change.action, at=self.now, item=change.target)
                for rule_id in change.rule_ids
            ]
            self.touch(change.target)
        self.memory = replace(self.memory, ownership=ownership)

    def _written(self, change: Any) -> OwnedComment:
        comments = self.comments.setdefault(change.target, {})
        if change.action is Action.EDIT_COMMENT:
            assert comments[change.comment_id].body_hash == change.before_hash, "a person edited it since"
        self._count += 1
        comment_id = change.comment_id or f"c{self._count}"
        created_at = comments[comment_id].created_at if comment_id in comments else self.now
        body_hash = f"body of {change.comment.hash}"
        self.trees[comment_id] = change.comment
        comments[comment_id] = ObservedComment(
            comment_id=comment_id, mark=change.mark, body_hash=body_hash, created_at=created_at, updated_at=self.now
        )
        return OwnedComment(
            comment_id=comment_id,
            hash=change.comment.hash,
            body_hash=body_hash,
            written_at=self.now,
            rule_ids=change.rule_ids,
            resolved=change.comment.resolved,
            quoted=change.comment.quoted,
        )

    def touch(self, of: ItemId) -> None:
        """Bring the row of an item up to date, as a poll would, and look at our comments."""
        item = self.world.items[of]
        self.world.items[of] = replace(
            item, own_labels=tuple(sorted(self.labels.get(of, ()))), updated_at=max(self.now, item.updated_at)
        )
        comments = sorted(self.comments.get(of, {}).values(), key=lambda comment: comment.created_at)
        seen = Observation(item=of, stamp=self.now, comments=tuple(comments))
        self.memory = replace(self.memory, observations={**self.memory.observations, of: seen})

    def person_removes_label(self, key: str, label: str) -> None:
        self.later(minutes=1).labels[item_id(key)].discard(label)
        self.touch(item_id(key))

    def person_adds_label(self, key: str, label: str) -> None:
        self.later(minutes=1).labels.setdefault(item_id(key), set()).add(label)
        self.touch(item_id(key))

    def person_deletes_comments(self, key: str) -> None:
        self.later(minutes=1).comments.pop(item_id(key), None)
        self.touch(item_id(key))

    def person_edits_comments(self, key: str) -> None:
        self.later(minutes=1)
        for comment_id, comment in self.comments.get(item_id(key), {}).items():
            edited = replace(comment, body_hash=f"edited at {self.now}", updated_at=self.now)
            self.comments[item_id(key)][comment_id] = edited
        self.touch(item_id(key))

    def second_comment(self, key: str, owner: str = OWNER) -> None:
        """Let a comment appear that is marked, though this store did not write it."""
        self.later(minutes=1)
        self._count += 1
        comment_id = f"c{self._count}"
        self.comments.setdefault(item_id(key), {})[comment_id] = ObservedComment(
            comment_id=comment_id,
            mark=Mark(owner=owner, hash="0" * 16),
            body_hash="another",
            created_at=self.now,
            updated_at=self.now,
        )
        self.touch(item_id(key))


def one_item(**given: Any) -> SmallWorld:
    return SmallWorld([make_item("PAY-1", **given)])


def actions_of(plan: Plan) -> list[tuple[str, str]]:
    """Return what a plan does, as pairs of key and verb; a label's name stands for its verb's object."""
    return [(change.key, f"{change.action.value} {change.label}".strip()) for change in plan.changes]
