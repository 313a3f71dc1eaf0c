"""What is said of a subject before its rules: a few of its facts, in words."""

from datetime import datetime
from typing import TYPE_CHECKING

from rules.engine import RuleSet
from rules.facts.fact import FactValue
from rules.facts.table import FactTable
from rules.facts.trace.records import Step
from rules.language.templates import speaker_of
from rules.language.wording import Speaker, plain
from syncd.model.comments import Leaf, Line, Quote, Reference, Text
from syncd.model.findings import About, Evidence, Subject
from syncd.model.truth import Unknown
from syncd.planner.terms import Policy

if TYPE_CHECKING:
    from rules.world import World

_PATH = "trace.path"
_OUTCOME = (
    *("id", "status", "horizon", "reason", "revisit", "period", "owner", "target_date", "decide_by", "stated_in"),
    *("tracked_items", "item_count", "open_items", "done_share", "measures", "launch_on", "open_gates"),
    *("depends_on", "contradictions"),
)
_CONTAINER = ("kind", "state", "place", "starts_on", "ends_on", "item_count", "open_items", "done_share", "outcomes")
_TEAM = ("id", "open_count", "in_play_count", "in_progress_count", "kinds", "budgets")
_ITEM = (
    *("item.kind", "item.team", "item.in_play", "item.in_play_because", "item.needed_by", "item.needed_by_source"),
    *("trace.state", _PATH, "trace.outcomes"),
)
_OTHERWISE = (
    *("trace.standing_title", "trace.exempt_reason", "outcome.reason", "outcome.revisit", "outcome.decide_by"),
    *("outcome.launch_on", "outcome.open_gates", "outcome.depends_on", "outcome.contradictions", "outcome.measures"),
)
"""Said only where there is something to say."""
_NAMES = {
    About.ITEM.value: (*_ITEM, "trace.standing_title", "trace.exempt_reason"),
    About.OUTCOME.value: tuple(f"outcome.{name}" for name in _OUTCOME),
    About.CONTAINER.value: tuple(f"container.{name}" for name in _CONTAINER),
    About.TEAM.value: tuple(f"team.{name}" for name in _TEAM),
}


def facts_shown(
    subject: Subject, world: "World", rules: RuleSet, policy: Policy, now: datetime
) -> tuple[Evidence, ...]:
    """Return what is said of a subject, where the rules know such facts; what is unknown with its reason."""
    table = FactTable(rules.vocabulary, world=world, subjects=(subject,), now=now, calendar=policy.calendar)
    item = world.item(subject.id)
    here = Speaker(place=item.place, restricted=item.restricted) if item is not None else Speaker()
    shown = []
    for name in _NAMES.get(subject.about, ()):
        if name in rules.vocabulary:
            value = table.column(name)[0]
            words = _way(value) if name == _PATH else plain(value, speaker_of(rules.vocabulary[name], here))
            last = value[-1] if isinstance(value, tuple) and value else value
            unknown: Line = (Text(f"unknown: {last.reason}"),) if isinstance(last, Unknown) else ()
            if words or unknown or name not in _OTHERWISE:
                shown.append(Evidence(name, words or unknown or (Text("none"),)))
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
