"""Sends changes: all label verbs of an item in one request, a comment in one; every failure becomes a fate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.jira.marks import body_hash, properties_of
from adapters.jira.observing import Observer
from adapters.jira.rendering import document_of
from adapters.jira.site import Answer, Site
from adapters.jira.values import MalformedError, instant_in, object_in, text_in
from syncd.model.changes import Action, Batch, Change, Fate, Result
from syncd.model.errors import AbsentError, RefusedError, TrackerError, TransientError, UnknownResultError
from syncd.model.identity import ItemId, PlaceId

_LABEL_VERBS = {Action.ADD_LABEL: "add", Action.REMOVE_LABEL: "remove"}


def batches(tracker: str, changes: Sequence[Change]) -> list[Batch]:
    """Return one batch for all label verbs of an item, where the first of them stands, and one for each comment."""
    groups: dict[object, list[Change]] = {}
    for number, change in enumerate(changes):
        groups.setdefault(change.target if change.action in _LABEL_VERBS else number, []).append(change)
    return [Batch(tracker=tracker, changes=tuple(group)) for group in groups.values()]


class Writer:
    """Writes to one site what a Plan says; raises nothing that Jira can cause."""

    def __init__(self, site: Site, observer: Observer, *, is_quiet: bool = False) -> None:
        self._site = site
        self._observer = observer
        self._is_quiet = is_quiet
        self._loud: set[PlaceId] = set()

    def send(self, batch: Batch) -> Iterator[Result]:
        """Send one batch and yield what became of each of its changes."""
        changes = batch.changes
        if changes and changes[0].action in _LABEL_VERBS:
            yield from self._labels(changes)
            return
        for change in changes:
            yield self._settled(change, self._comment)

    def _labels(self, changes: Sequence[Change]) -> list[Result]:
        """Add and remove, never set: what others do to labels meanwhile stays."""
        verbs = [{_LABEL_VERBS[change.action]: change.label} for change in changes]
        first = changes[0]
        sent = self._settled(first, lambda change: self._put_labels(change, verbs))
        return [
            Result(change=change, fate=sent.fate, stamp=sent.stamp, detail=sent.detail, until=sent.until)
            for change in changes
        ]

    def _put_labels(self, change: Change, verbs: Sequence[dict[str, str]]) -> Result:
        body = {"update": {"labels": list(verbs)}}
        answer = self._put(change, f"/issue/{change.target.native_id}", body, returnIssue="true")
        return Result(change=change, fate=Fate.APPLIED, stamp=_updated(answer, "fields"))

    def _comment(self, change: Change) -> Result:
        if change.action is Action.CREATE_COMMENT:
            return self._written(change, "POST", _comments_of(change.target))
        if (stale := self._stale(change)) is not None:
            return stale
        path = f"{_comments_of(change.target)}/{change.comment_id}"
        if change.action is Action.EDIT_COMMENT:
            return self._written(change, "PUT", path)
        answer = self._site.write("DELETE", path)
        return Result(change=change, fate=Fate.APPLIED, stamp=answer.at)

    def _written(self, change: Change, method: str, path: str) -> Result:
        if change.comment is None or change.mark is None:
            return Result(change=change, fate=Fate.REFUSED, detail="a comment without text or mark is never written")
        body = {"body": document_of(change.comment), "properties": properties_of(change.mark)}
        answer = self._put(change, path, body) if method == "PUT" else self._site.write(method, path, body)
        comment = answer.object
        if not (comment_id := text_in(comment, "id")):
            raise UnknownResultError("answered without the comment", tracker=self._site.tracker)
        if method == "POST":
            self._observer.learn(comment)
        return Result(
            change=change,
            fate=Fate.APPLIED,
            stamp=_updated(answer),
            comment_id=comment_id,
            body_hash=body_hash(comment.get("body")),
        )

    def _put(self, change: Change, path: str, body: Mapping[str, Any], **params: str) -> Answer:
        """Set what is set, which may be done twice; without a mail to watchers where that is wanted and allowed."""
        if self._is_quiet and change.place not in self._loud:
            try:
                return self._site.write("PUT", path, body, is_repeatable=True, notifyUsers="false", **params)
            except RefusedError as error:
                # Only a project admin may be quiet; for anybody else the whole edit fails.
                if "notif" not in error.message.lower():
                    raise
                self._loud.add(change.place)
        return self._site.write("PUT", path, body, is_repeatable=True, **params)

    def _stale(self, change: Change) -> Result | None:
        """Look whether a comment is as it was left; a comment that is already gone need not be deleted."""
        try:
            comment, at = self._observer.comment(change.target, change.comment_id)
        except AbsentError:
            if self._observer.is_gone(change.target):
                return Result(change=change, fate=Fate.GONE)
            if change.action is Action.DELETE_COMMENT:
                return Result(change=change, fate=Fate.APPLIED, stamp=self._site.clock.now(), detail="it was gone")
            return Result(change=change, fate=Fate.STALE, detail="the comment is gone")
        if change.before_hash and body_hash(comment.get("body")) != change.before_hash:
            return Result(change=change, fate=Fate.STALE, stamp=at, detail="somebody edited the comment")
        return None

    def _settled(self, change: Change, call: Callable[[Change], Result]) -> Result:
        """Return what a call says, or what its failure means for the change."""
        try:
            try:
                return call(change)
            except AbsentError as error:
                fate = Fate.GONE if self._observer.is_gone(change.target) else Fate.REFUSED
                return Result(change=change, fate=fate, detail=error.message)
        except UnknownResultError as error:
            return Result(change=change, fate=Fate.UNKNOWN, detail=error.message)
        except TransientError as error:
            until = self._site.clock.now() + error.retry_after if error.retry_after else None
            return Result(change=change, fate=Fate.DEFERRED, detail=error.message, until=until)
        except TrackerError as error:
            return Result(change=change, fate=Fate.REFUSED, detail=error.message)


def _comments_of(item: ItemId) -> str:
    return f"/issue/{item.native_id}/comment"


def _updated(answer: Answer, *path: str) -> datetime:
    """Return the stamp of a write: what the written thing says of itself, else the time of the answer."""
    try:
        thing = answer.object
        for name in path:
            thing = object_in(thing, name)
        return instant_in(thing, "updated") or answer.at
    except MalformedError:
        return answer.at
