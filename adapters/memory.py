"""A tracker in a dict: both protocols at their shortest, to read first and to hold other parts' tests on."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import msgspec

from adapters.board import Board, Remark
from syncd.model.changes import Action, Batch, Change, Fate, Observation, ObservedComment, Result
from syncd.model.comments import Block, Bullets, Comment, Day, Fold, Leaf, Quote, Reference
from syncd.model.errors import TransientError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import BEGINNING, Audience, AudienceKind, Event, History, Item, Person
from syncd.model.reading import (
    Capabilities,
    CensusPage,
    Cursor,
    HistoryPage,
    Page,
    PlaceFailure,
    PlaceReport,
    Problem,
    Sighting,
    Vocabulary,
)

US = Person("syncd", "syncd-bot")


class _Progress(msgspec.Struct, frozen=True):
    """How far a place was read: up to ``since``, and of what changed at that instant up to the id ``after``."""

    since: datetime
    after: str = ""


class MemoryTracker:
    """Both protocols over a Board."""

    def __init__(
        self, board: Board, *, owner: str = "syncd/default", prefix: str = "syncd:", page_size: int = 100
    ) -> None:
        self.name = board.name
        self.board = board
        self._owner = owner
        self._prefix = prefix
        self._page_size = page_size

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed, place by place, oldest first; every page's cursor can be resumed from."""
        progress = msgspec.json.decode(cursor.state, type=dict[str, _Progress]) if cursor else {}
        for place in self.board.places:
            yield from self._poll_place(place, progress)

    def _poll_place(self, place: PlaceId, progress: dict[str, _Progress]) -> Iterator[Page]:
        self.board.request()
        began_at = self.board.tick()
        if place in self.board.failing:
            failure = PlaceFailure(place, self.board.failing[place])
            yield Page(observed_at=began_at, failures=(failure,), cursor=self._cursor(progress))
            return
        at = progress.get(place.key)
        items = sorted(self._items_of(place), key=_order)
        new = [item for item in items if at is None or _order(item) > (at.since, at.after)]
        while len(new) > self._page_size:
            rows, new = new[: self._page_size], new[self._page_size :]
            progress[place.key] = _Progress(*_order(rows[-1]))
            yield self._page(rows, began_at, progress)
            self.board.request()
        progress[place.key] = _Progress(began_at)
        page = self._page(new, began_at, progress)
        yield msgspec.structs.replace(
            page, read_places=(place,), imported_places=(place,), warnings=self.board.warnings
        )

    def _page(self, rows: Sequence[Item], at: datetime, progress: Mapping[str, _Progress]) -> Page:
        sightings = [self._sighting(Handle(item.id, item.key)) for item in rows]
        problems = [
            Problem(handle=Handle(item.id, item.key), place=item.place, error=sighting.error, seen_at=at)
            for item, sighting in zip(rows, sightings, strict=True)
            if sighting.error
        ]
        return Page(
            observed_at=at,
            items=tuple(sighting.item for sighting in sightings if sighting.item),
            problems=tuple(problems),
            cursor=self._cursor(progress),
        )

    def _cursor(self, progress: Mapping[str, _Progress]) -> Cursor:
        return Cursor(self.name, msgspec.json.encode(progress).decode())

    def census(self, resume: str) -> Iterator[CensusPage]:
        """Yield one page per place; ``resume`` is the key of the last one that was counted."""
        keys = [place.key for place in self.board.places]
        for place in self.board.places[keys.index(resume) + 1 if resume in keys else 0 :]:
            self.board.request()
            if place in self.board.failing:
                yield CensusPage(place=place, error=self.board.failing[place], resume=place.key)
                continue
            handles = tuple(Handle(item.id, item.key) for item in self._items_of(place))
            yield CensusPage(place=place, handles=handles, complete=True, resume=place.key)

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        """Look items up, all in one request."""
        self.board.request()
        for handle in handles:
            yield self._sighting(handle)

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Tell what happened to items, all in one request."""
        if not handles:
            return
        self.board.request()
        sightings = {handle.id: self._sighting(handle) for handle in handles}
        yield HistoryPage(
            observed_at=self.board.tick(),
            histories={item_id: self._history(item_id) for item_id, seen in sightings.items() if seen.item},
            failures={item_id: seen.error or "is gone" for item_id, seen in sightings.items() if not seen.item},
        )

    def _history(self, item_id: ItemId) -> History:
        events = self.board.events(item_id)
        theirs = tuple(each for each in events if each.field != "labels" or not _is_under(self._prefix, each))
        return History(known_since=BEGINNING, events=theirs)

    def probe(self) -> Capabilities:
        """Say that we may do everything in every place that does not fail."""
        self.board.request()
        types = tuple(sorted({item.type for item in self.board.items.values() if item.type}))
        reports = tuple(_report(place, self.board.failing.get(place, "")) for place in self.board.places)
        return Capabilities(account=US, places=reports, vocabulary=Vocabulary(types=types))

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> Mapping[ItemId, Observation]:
        """Return what is ours on the items, all in one request; nothing is quicker to find by id here."""
        self.board.request()
        readable = [handle.id for handle in handles if not self._failure(handle)]
        return {item_id: self._observation(item_id) for item_id in readable}

    def _observation(self, item_id: ItemId) -> Observation:
        item, stamp = self.board.items.get(item_id.native_id), self.board.tick()
        if item is None:
            return Observation(item=item_id, stamp=stamp, gone=True)
        marked = [(each, each.mark) for each in self.board.remarks(item_id) if each.mark and each.author == US.account]
        return Observation(
            item=item_id,
            stamp=stamp,
            labels=self._shown(item).own_labels,
            comments=tuple(
                ObservedComment(
                    comment_id=remark.id,
                    mark=mark,
                    body_hash=body_hash(remark),
                    created_at=remark.created_at,
                    updated_at=remark.updated_at,
                )
                for remark, mark in marked
                if mark.owner == self._owner
            ),
            foreign_owners=tuple(sorted({mark.owner for _, mark in marked} - {self._owner})),
        )

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        """Return one batch per change."""
        return [Batch(tracker=self.name, changes=(change,)) for change in changes]

    def send(self, batch: Batch) -> Iterator[Result]:
        """Do the changes; where the answer is lost they are done all the same."""
        try:
            self.board.request()
        except TransientError as error:
            yield from (Result(change=change, fate=Fate.DEFERRED, detail=error.message) for change in batch.changes)
            return
        for change in batch.changes:
            there = change.target.native_id in self.board.items
            result = self._done(change) if there else Result(change=change, fate=Fate.GONE)
            if self.board.lost_count:
                self.board.lost_count -= 1
                result = Result(change=change, fate=Fate.UNKNOWN)
            yield result

    def _done(self, change: Change) -> Result:
        item, board = self.board.items[change.target.native_id], self.board
        if change.action is Action.ADD_LABEL:
            labels = tuple(dict.fromkeys((*item.labels, change.label)))
            return _applied(change, board.edit(item.id, labels=labels))
        if change.action is Action.REMOVE_LABEL:
            labels = tuple(label for label in item.labels if label != change.label)
            return _applied(change, board.edit(item.id, labels=labels))
        if change.action is Action.CREATE_COMMENT:
            remark = board.remark(item.id, _text(change.comment), author=US.account, mark=change.mark)
            return _applied(change, remark.updated_at, remark)
        standing = next((each for each in board.remarks(item.id) if each.id == change.comment_id), None)
        if change.action is Action.DELETE_COMMENT and standing is None:
            return _applied(change, board.tick())
        if standing is None or (change.before_hash and body_hash(standing) != change.before_hash):
            return Result(change=change, fate=Fate.STALE, detail="the comment is not as it was left")
        if change.action is Action.DELETE_COMMENT:
            return _applied(change, board.delete_remark(item.id, standing.id))
        remark = board.edit_remark(item.id, standing.id, _text(change.comment), mark=change.mark)
        return _applied(change, remark.updated_at, remark)

    def _items_of(self, place: PlaceId) -> list[Item]:
        return [item for item in self.board.items.values() if item.place == place]

    def _sighting(self, handle: Handle) -> Sighting:
        native_id = handle.id.native_id
        if native_id in self.board.unreadable:
            return Sighting(handle=handle, error=self.board.unreadable[native_id])
        if failure := self._failure(handle):
            return Sighting(handle=handle, error=failure)
        item = self.board.items.get(native_id)
        return Sighting(handle=handle, item=self._shown(item) if item else None, gone=item is None)

    def _failure(self, handle: Handle) -> str:
        """Return why the place that an item's key names can't be read: then nobody knows what is there."""
        return self.board.failing.get(PlaceId(self.name, handle.key.rpartition("-")[0]), "")

    def _shown(self, item: Item) -> Item:
        """Return an item as syncd reads it, our labels apart."""
        ours = tuple(sorted(label for label in item.labels if label.startswith(self._prefix)))
        theirs = tuple(label for label in item.labels if label not in ours)
        return msgspec.structs.replace(
            item, labels=theirs, own_labels=ours, comment_count=len(self.board.remarks(item.id))
        )


def body_hash(remark: Remark) -> str:
    """Return a digest of a comment's text as it stands on the tracker."""
    return hashlib.sha256(remark.text.encode()).hexdigest()[:16]


def _is_under(prefix: str, event: Event) -> bool:
    return (event.before or event.after).startswith(prefix)


def _applied(change: Change, stamp: datetime, remark: Remark | None = None) -> Result:
    if remark is None:
        return Result(change=change, fate=Fate.APPLIED, stamp=stamp)
    return Result(change=change, fate=Fate.APPLIED, stamp=stamp, comment_id=remark.id, body_hash=body_hash(remark))


def _report(place: PlaceId, problem: str) -> PlaceReport:
    may = not problem
    audience = Audience(AudienceKind.INTERNAL)
    return PlaceReport(
        id=place, name=place.key, audience=audience, can_read=may, can_label=may, can_comment=may, problem=problem
    )


def _order(item: Item) -> tuple[datetime, str]:
    return item.updated_at, item.id.native_id


def _text(comment: Comment | None) -> str:
    """Return a comment as plain text; a zero-width space keeps quoted words from pinging or linking anybody."""
    return "\n".join(chain.from_iterable(_lines(block) for block in (comment.blocks if comment else ())))


def _lines(block: Block) -> list[str]:
    if isinstance(block, Fold):
        return [block.title, *chain.from_iterable(_lines(each) for each in block.blocks)]
    lines = block.lines if isinstance(block, Bullets) else (block.line,)
    return ["".join(_leaf(leaf) for leaf in line) for line in lines]


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Day):
        return leaf.on.isoformat()
    if isinstance(leaf, Reference):
        return leaf.key
    if isinstance(leaf, Quote):
        return leaf.text.replace("@", "@\u200b").replace("#", "#\u200b").replace("://", ":\u200b//")
    return leaf.text
