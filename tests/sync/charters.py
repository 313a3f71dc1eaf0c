"""What an admin of the machine's workspace can write: outcomes, rules and stages, as a few words each."""

from collections.abc import Iterable, Mapping
from functools import cache

import msgspec

from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from syncd.daemon.reconcile import Charter
from syncd.documents import parse_document
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Place, Stage
from syncd.model.outcomes import Outcome, OutcomeStatus
from syncd.model.words import LinkWord, Words
from syncd.planner.limits import Limits

OWNER = "syncd/default"
PREFIX = "syncd:"
WIDE = Limits(changes=10_000, share=1000.0, removals=10_000, new_comments=10_000)
NARROW = Limits(changes=3, share=0.1, removals=1, new_comments=1)
INSIDE = Audience(AudienceKind.INTERNAL)

RULES: Mapping[str, str] = {
    "unlinked": """
    title: Not linked to an outcome
    told_on: topmost
    when: {trace.state: unlinked}
    message: Nothing links {item.key} to an outcome.""",
    "broken": """
    title: Names what is not there
    told_on: subject
    clear_after: 2h
    when: {trace.state: broken}
    message: "It names {trace.broken | keys}." """,
    "paused": """
    title: Serves what is paused
    told_on: topmost
    when: {trace.state: inactive}
    message: Its outcome is paused.""",
    "urgent": """
    title: Urgent
    severity: critical
    for: 1h
    when: {item.labels: {contains: urgent}}
    message: "{item.title} is urgent." """,
    "titled": """
    title: Says its title
    when: {not: {item.labels: {contains: quiet}}}
    message: "It is called {item.title}." """,
    "blocked": """
    title: Others wait for it
    told_on: blocker
    when: {deps.open_blockers: {empty: false}}
    message: "It waits for {deps.open_blockers | keys}." """,
}
"""Rules by id: told on the subject, on top, on the blocker; held for a while, cleared after one; one is critical."""
URGENT = "urgent"
"""The rule that is critical."""
OUTCOMES = ("one", "two")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the admin wrote last; a rule whose stage is None is not in the file, an outcome neither."""

    stage: Stage = Stage.COMMENT
    rules: tuple[tuple[str, Stage | None], ...] = tuple((rule_id, Stage.COMMENT) for rule_id in RULES)
    places: tuple[tuple[PlaceId, Stage], ...] = ()
    outcomes: tuple[tuple[str, OutcomeStatus], ...] = tuple((each, OutcomeStatus.ACTIVE) for each in OUTCOMES)
    limits: Limits = WIDE

    def with_rule(self, rule_id: str, stage: Stage | None) -> "Settings":
        return msgspec.structs.replace(self, rules=_put(self.rules, rule_id, stage))

    def with_place(self, place: PlaceId, stage: Stage) -> "Settings":
        return msgspec.structs.replace(self, places=_put(self.places, place, stage))

    def with_outcome(self, outcome_id: str, status: OutcomeStatus | None) -> "Settings":
        rest = tuple(pair for pair in self.outcomes if pair[0] != outcome_id)
        return msgspec.structs.replace(self, outcomes=rest if status is None else _put(rest, outcome_id, status))


def _put(pairs, name, value):
    return tuple(sorted({**dict(pairs), name: value}.items()))


def charter_of(settings: Settings, places: Iterable[PlaceId]) -> Charter:
    """Return what the daemon needs of an admin's words."""
    stages = dict(settings.places)
    return Charter(
        places={
            place: Place(id=place, words=WORDS, audience=INSIDE, stage=stages.get(place, Stage.COMMENT))
            for place in places
        },
        roadmap=Roadmap(
            outcomes=tuple(
                Outcome(id=each, title=f"Outcome {each}", status=status) for each, status in settings.outcomes
            )
        ),
        rules=_rules(settings.rules),
        owner=OWNER,
        prefix=PREFIX,
        stage=settings.stage,
        limits=settings.limits,
    )


WORDS = Words(links=(("blocks", (LinkWord("Blocks"),)),))


@cache
def _rules(stages: tuple[tuple[str, Stage | None], ...]) -> RuleSet:
    texts = [
        f"  - id: {rule_id}{RULES[rule_id]}\n    stage: {stage.name.lower()}"
        for rule_id, stage in stages
        if stage is not None
    ]
    return load_rules(
        [parse_document("rules:\n" + "\n".join(texts) if texts else "rules: []", "rules.yaml")], all_facts()
    )
