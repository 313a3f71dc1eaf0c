"""The words that the cases of the contract suite are written in."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from adapters.contract import Tracker
from syncd.model.changes import Action, Change, Fate, Observation, Result
from syncd.model.comments import Comment, Mark, Paragraph, Text
from syncd.model.identity import Handle, PlaceId, Ref
from syncd.model.items import Direction, History, Item
from syncd.model.reading import Cursor, Page
from tests.adapters.hands import TrackerHands

OWNER = "test/default"
PREFIX = "syncd:"
LABEL = "syncd:no-outcome"


def change_of(
    item: Handle,
    action: Action,
    comment: Comment | None = None,
    *,
    label: str = "",
    comment_id: str = "",
    before_hash: str = "",
) -> Change:
    place = item.key.partition("#")[0] if "#" in item.key else item.key.rpartition("-")[0]
    return Change(
        target=item.id,
        key=item.key,
        place=PlaceId(item.id.tracker, place),
        action=action,
        rule_ids=("no-outcome",),
        label=label,
        comment=comment,
        mark=Mark(owner=OWNER, hash=comment.hash) if comment else None,
        comment_id=comment_id,
        before_hash=before_hash,
    )


def add_label(item: Handle, label: str = LABEL) -> Change:
    return change_of(item, Action.ADD_LABEL, label=label)


def remove_label(item: Handle, label: str = LABEL) -> Change:
    return change_of(item, Action.REMOVE_LABEL, label=label)


def comment_on(item: Handle, text: str = "Not linked to an outcome.") -> Change:
    return change_of(item, Action.CREATE_COMMENT, Comment((Paragraph((Text(text),)),)))


def edit_of(item: Handle, created: Result, text: str) -> Change:
    return change_of(
        item,
        Action.EDIT_COMMENT,
        Comment((Paragraph((Text(text),)),)),
        comment_id=created.comment_id,
        before_hash=created.body_hash,
    )


def delete_of(item: Handle, created: Result) -> Change:
    return change_of(item, Action.DELETE_COMMENT, comment_id=created.comment_id, before_hash=created.body_hash)


def send(tracker: Tracker, changes: Sequence[Change]) -> list[Result]:
    results = [result for batch in tracker.batches(changes) for result in tracker.send(batch)]
    assert [result.change for result in results] == list(changes)
    return results


def fates(results: Iterable[Result]) -> list[Fate]:
    return [result.fate for result in results]


def items_of(pages: Iterable[Page]) -> list[Item]:
    return [item for page in pages for item in page.items]


def places_of(tracker: Tracker, hands: TrackerHands) -> set[PlaceId]:
    return {PlaceId(tracker.name, key) for key in hands.places}


def settled(tracker: Tracker, hands: TrackerHands) -> Cursor:
    """Poll until windows that overlap are behind."""
    cursor = None
    for _ in range(2):
        pages = list(tracker.poll(cursor))
        cursor = pages[-1].cursor
        assert cursor is not None
        hands.pass_time(timedelta(hours=1))
    assert cursor is not None
    return cursor


def observed(tracker: Tracker, item: Handle) -> Observation:
    return tracker.observe([item], {})[item.id]


def found_item(tracker: Tracker, item: Handle) -> Item:
    (sighting,) = tracker.read([item])
    assert sighting.item is not None
    return sighting.item


def history_of(tracker: Tracker, item: Handle) -> History:
    """Return an item's history; all pages but its last are empty."""
    *before, last = tracker.history([item])
    assert not any(page.histories or page.failures for page in before)
    assert not last.failures
    return last.histories[item.id]


def names(ref: Ref, handle: Handle) -> bool:
    return ref.native_id == handle.id.native_id or ref.key == handle.key or ref.url.endswith(handle.key)


def links_between(found: dict, blocker: Handle, blocked: Handle) -> bool:
    out = [link.target for link in found[blocker.id].links if link.direction is Direction.OUT]
    back = [link.target for link in found[blocked.id].links if link.direction is Direction.IN]
    return any(names(target, blocked) for target in out) or any(names(target, blocker) for target in back)
