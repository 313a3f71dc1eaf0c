"""The few entries of the roadmap that would resolve most findings: work that has no outcome often has something else in
common, a milestone, a label, its kind or its place, and one line of YAML can say what that is for."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from rules.normalise import OTHER
from rules.tracing import tracing_of
from syncd.model.comments import Text
from syncd.model.findings import About, Evidence, Finding, FindingState
from syncd.model.identity import ContainerId, ItemId
from syncd.model.items import ContainerState

if TYPE_CHECKING:
    from rules.world import World

_ITEM = About.ITEM.value
COUNT = 3
SEVERAL = 2
FEWEST = 5
"""An entry is worth a line from so many findings on: fewer are answered one by one."""
_UNLINKED = Evidence("trace.state", (Text("unlinked"),))
_INACTIVE = Evidence("trace.state", (Text("inactive"),))
_ASKED_FOR = ("feature", "epic")
"""Kinds of work that always should have an outcome."""
_ORDER = ("outcome", "milestone", "label", "kind", "place")
"""Of entries that resolve the same, the one that says most of why."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that ``finding_count`` findings have in common; ``key`` is ``milestone``, ``label``, ``kind``,
    ``place`` or ``outcome``, ``name`` as the roadmap writes it."""

    key: str
    name: str
    finding_count: int

    @property
    def advice(self) -> str:
        """Return what an admin could do about it."""
        return _NO_KIND if (self.key, self.name) == ("kind", OTHER) else _ADVICE[self.key]


_ADVICE = {
    "milestone": "put it under `tracked_in: {milestones: […]}` of the outcome it is for",
    "label": "put it under `tracked_in: {labels: […]}` of the outcome it is for",
    "kind": "if such work needs no outcome, an entry under `standing` or `exempt` says so",
    "outcome": "bring it back to what is worked on, or take its work out of play",
    "place": "say on the roadmap what its work is for, or with `in_play` which of it is meant to be soon",
}


_NO_KIND = "nobody mapped it: say under `kinds` in trackers.yaml what kind of work it is"


def entries(findings: Iterable[Finding], world: "World") -> tuple[Entry, ...]:
    """Return up to three entries, those that resolve most first; none counts what one before it resolves.

    What is told at its cause, on one item for several, has its answer there.
    """
    groups: _Groups = {}
    places: _Groups = {}
    open_ones = [each for each in findings if each.state is FindingState.OPEN and each.subject.about == _ITEM]
    told = Counter((finding.rule_id, finding.told) for finding in open_ones if finding.told)
    for finding in open_ones:
        if told[finding.rule_id, finding.told] < SEVERAL:
            for common in _in_common(finding, world):
                groups.setdefault(common, set()).add(finding.subject.id)
            if _UNLINKED in finding.evidence and (item := world.item(finding.subject.id)) is not None:
                places.setdefault(("place", str(item.place)), set()).add(item.id)
    found: list[Entry] = []
    # Everything has a place: it is what is left to say of work that has nothing else in common.
    found += _most(groups, places, COUNT)
    found += _most(places, places, COUNT - len(found))
    return tuple(sorted(found, key=lambda each: -each.finding_count))


_Groups = dict[tuple[str, str], set[ItemId]]


def _most(groups: _Groups, places: _Groups, count: int) -> Iterator[Entry]:
    """Yield the entries that resolve most, and take what each resolves out of both."""
    for _ in range(count):
        if not groups:
            return
        common = min(groups, key=lambda each: (-len(groups[each]), _ORDER.index(each[0]), each))
        items = frozenset(groups[common])
        if len(items) < FEWEST:
            return
        yield Entry(key=common[0], name=common[1], finding_count=len(items))
        for others in (*groups.values(), *places.values()):
            others -= items


def _in_common(finding: Finding, world: "World") -> Iterator[tuple[str, str]]:
    item = world.item(finding.subject.id)
    if item is None:
        return
    if _INACTIVE in finding.evidence:
        yield from (("outcome", outcome) for outcome in tracing_of(world).reached(item.id))
    if _UNLINKED not in finding.evidence:
        return
    for container_id in item.milestones:
        if name := _milestone(container_id, world):
            yield "milestone", name
    yield from (("label", label) for label in item.labels)
    kind = world.kind(item.id)
    if kind not in _ASKED_FOR:
        yield "kind", kind


def _milestone(container_id: ContainerId, world: "World") -> str:
    """Return a milestone or version that is open as the roadmap names it."""
    container = world.containers.get(container_id)
    if container is None or container.place is None or container.state is ContainerState.CLOSED:
        return ""
    return f"{container.place}: {container.title}"
