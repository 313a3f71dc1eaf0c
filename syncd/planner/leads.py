"""The few things people could do that would resolve most: one parent set instead of forty labels."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from syncd.model.comments import Line
from syncd.model.findings import Finding, FindingState
from syncd.model.identity import ItemId
from syncd.planner.keys import by_key
from syncd.planner.topics import advice

if TYPE_CHECKING:
    from rules.world import World

COUNT = 5
FEWEST = 2
"""A lead is worth a line from so many findings on."""


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong at one item which, put right, resolves ``finding_count`` findings; ``fix`` is how, if told."""

    rule_id: str
    title: str
    item: ItemId
    key: str
    kind: str
    finding_count: int
    fix: tuple[Line, ...] = ()


def leads(findings: Iterable[Finding], world: "World") -> tuple[Lead, ...]:
    """Return up to five leads, those that resolve most first."""
    found: dict[tuple[str, ItemId], list[Finding]] = {}
    for finding in findings:
        if finding.state is FindingState.OPEN and len(finding.told) == 1:
            found.setdefault((finding.rule_id, finding.told[0]), []).append(finding)
    many = [(target, told) for (_, target), told in found.items() if len(told) >= FEWEST]
    made = [(_grade(told), lead) for target, told in many if (lead := _lead(target, told, world)) is not None]
    items = world.items
    ordered = sorted(made, key=lambda each: (*each[0], each[1].rule_id, by_key(items[each[1].item])))
    return tuple(lead for _, lead in ordered[:COUNT])


def _grade(told: list[Finding]) -> tuple[int, int]:
    return -len(told), -max(finding.severity for finding in told)


def _lead(target: ItemId, told: list[Finding], world: "World") -> Lead | None:
    item = world.item(target)
    if item is None:
        return None
    speaker = min(told, key=lambda finding: (finding.subject.id != target, str(finding.subject)))
    return Lead(
        rule_id=speaker.rule_id,
        title=speaker.rule.title,
        item=target,
        key=item.key,
        kind=world.kind(target),
        finding_count=len(told),
        fix=advice(speaker, world.place(item.place)),
    )
