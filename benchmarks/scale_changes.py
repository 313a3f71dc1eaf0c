"""A hundred items that people changed since the last poll: where it is, who does it, its size, its labels, its plan."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from msgspec.structs import replace

from benchmarks.scale_company import NOW, RUNNING, sprint_id
from syncd.model.identity import Ref
from syncd.model.items import Direction, Item, LinkRef, Person, StatusCategory

LATER = NOW + timedelta(minutes=20)
COUNT = 100
_ACTIVE = timedelta(days=120)
_DOING, _DONE = StatusCategory.IN_PROGRESS, StatusCategory.DONE


def changed(rows: Sequence[Item], count: int = COUNT, seed: int = 3) -> list[Item]:
    """Return so many items as they are later: of each ten four move on, two change hands, one each of the rest."""
    rng = np.random.default_rng(seed)
    lively = [item for item in rows if item.status_category is not _DONE and NOW - item.created_at < _ACTIVE]
    lively = [item for item in lively if not item.is_change] or list(rows)
    chosen = rng.choice(len(lively), min(count, len(lively)), replace=False).tolist()
    return [_changed(lively[position], number) for number, position in enumerate(chosen)]


def linked_anew(items: Sequence[Item], rows: Sequence[Item]) -> list[Item]:
    """Return changed items of which two have another parent, and one a link more."""
    epics = [item for item in rows if item.type == "Epic"]
    issues = [number for number, item in enumerate(items) if item.id.tracker == "jira" and item.parent is not None]
    found = list(items)
    for number, epic in zip(issues[:2], epics, strict=False):
        parent = Ref(tracker="jira", native_id=epic.id.native_id, key=epic.key)
        found[number] = replace(found[number], parent=parent)
    for number in issues[2:3]:
        target = Ref(tracker="jira", native_id=epics[0].id.native_id, key=epics[0].key)
        link = LinkRef(name="Blocks", direction=Direction.IN, target=target)
        found[number] = replace(found[number], links=(*found[number].links, link))
    return found


def _changed(item: Item, number: int) -> Item:
    item = replace(item, updated_at=LATER, activity_at=LATER)
    is_jira = item.id.tracker == "jira"
    match number % 10:
        case 0 | 1:
            status = "Done" if is_jira else "closed"
            return replace(item, status=status, status_category=_DONE, closed_at=LATER)
        case 2 | 3 if is_jira:
            return replace(item, status="In Progress", status_category=_DOING)
        case 4 | 5:
            who = Person(f"Person {number}", account=f"p{number}")
            return replace(item, assignees=() if item.assignees else (who,))
        case 6 if is_jira:
            return replace(item, fields={**item.fields, "Story Points": 21.0})
        case 7 | 8 if is_jira:
            sprint = sprint_id(item.place, RUNNING)
            return replace(item, sprints=tuple(dict.fromkeys((*item.sprints, sprint))))
        case _:
            return replace(item, labels=(*item.labels, f"wave-{number}"))
