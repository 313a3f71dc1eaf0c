"""Sends changes: label verbs and comments, each batch one request, and what became of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from adapters.answers import message_of
from adapters.github import mark, rendering
from adapters.github.account import Account
from adapters.github.client import Answer, Client, MovedError
from adapters.github.mapping import MalformedError, row_of, split_key
from adapters.github.repository import PLACE_STATUSES
from adapters.github.rows import CommentRow
from syncd.model.changes import Action, Batch, Change, Fate, Result
from syncd.model.errors import RefusedError, TrackerError, TransientError, UnknownResultError

_ABSENT = (404, 410)
_NOT_THERE = "the comment is not there any more"


class _GoneError(Exception):
    """What was to be written on is not there."""


class _StaleError(Exception):
    """The comment is not as it was when the change was planned."""


class Writer:
    """Writes for one credential; ``web_host`` is where people read the tracker."""

    def __init__(self, client: Client, web_host: str, account: Account) -> None:
        self._client = client
        self._web_host = web_host
        self._account = account
        self._verbs: dict[Action, Callable[[Sequence[Change]], Result]] = {
            Action.ADD_LABEL: self._add_labels,
            Action.REMOVE_LABEL: self._remove_label,
            Action.CREATE_COMMENT: self._create_comment,
            Action.EDIT_COMMENT: self._edit_comment,
            Action.DELETE_COMMENT: self._delete_comment,
        }

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        """Return a batch per request: the labels that an item gets go together, everything else goes alone."""
        groups: list[list[Change]] = []
        adding: dict[str, list[Change]] = {}
        for change in changes:
            group = adding.get(change.key) if change.action is Action.ADD_LABEL else None
            if group is None:
                group = []
                groups.append(group)
                if change.action is Action.ADD_LABEL:
                    adding[change.key] = group
            group.append(change)
        return [Batch(tracker=self._client.tracker, changes=tuple(group)) for group in groups]

    def send(self, batch: Batch) -> Iterator[Result]:
        """Send one request; whatever happens becomes the fate of its changes."""
        try:
            done = self._verbs[batch.changes[0].action](batch.changes)
        except _GoneError:
            done = _fate(batch, Fate.GONE)
        except _StaleError as error:
            done = _fate(batch, Fate.STALE, str(error))
        except UnknownResultError as error:
            done = _fate(batch, Fate.UNKNOWN, error.message)
        except TransientError as error:
            until = self._client.now() + error.retry_after if error.retry_after is not None else None
            done = _fate(batch, Fate.DEFERRED, error.message, until)
        except MovedError:
            done = _fate(batch, Fate.REFUSED, "it was moved or renamed: write its new name in trackers.yaml")
        except TrackerError as error:
            done = _fate(batch, Fate.REFUSED, error.message)
        for change in batch.changes:
            yield _of(done, change)

    def _add_labels(self, changes: Sequence[Change]) -> Result:
        names = [change.label for change in changes]
        sent = self._client.write("POST", f"{_issue(changes[0])}/labels", {"labels": names}, is_repeatable=True)
        answer = self._checked(sent, changes[0])
        return _applied(changes[0], self._client.time_of(answer))

    def _remove_label(self, changes: Sequence[Change]) -> Result:
        change = changes[0]
        path = f"{_issue(change)}/labels/{quote(change.label, safe='')}"
        answer = self._client.write("DELETE", path, is_repeatable=True)
        if answer.status == 404 and message_of(answer.text).casefold().startswith("label does not exist"):
            return _applied(change, self._client.time_of(answer))
        if answer.status in _ABSENT and self._is_without(change):
            return _applied(change, self._client.time_of(answer))
        self._checked(answer, change)
        return _applied(change, self._client.time_of(answer))

    def _create_comment(self, changes: Sequence[Change]) -> Result:
        change = changes[0]
        body = {"body": self._body(change)}
        sent = self._client.write("POST", f"{_issue(change)}/comments", body, is_repeatable=False)
        answer = self._checked(sent, change)
        result = self._written(change, answer)
        self._account.learn(self._row(answer.data, UnknownResultError).user)
        return result

    def _edit_comment(self, changes: Sequence[Change]) -> Result:
        change, body = changes[0], self._body(changes[0])
        standing = self._standing(change) if change.before_hash else None
        if standing is not None and mark.body_hash(standing.body or "") == mark.body_hash(body):
            # Done before, and its answer was lost.
            return _applied(change, standing.updated_at or self._client.now(), standing)
        self._check_before(change, standing)
        answer = self._client.write("PATCH", _comment(change), {"body": body}, is_repeatable=True)
        if answer.status in _ABSENT:
            raise self._unchangeable() if self._in_list(change) else _StaleError(_NOT_THERE)
        return self._written(change, self._checked(answer, change))

    def _delete_comment(self, changes: Sequence[Change]) -> Result:
        change = changes[0]
        if change.before_hash:
            answer = self._client.get(_comment(change), allowed=PLACE_STATUSES)
            if answer.status not in _ABSENT:
                self._check_before(change, self._row(self._checked(answer, change).data, TransientError))
        answer = self._client.write("DELETE", _comment(change), is_repeatable=True)
        if answer.status not in _ABSENT:
            self._checked(answer, change)
        elif self._in_list(change, is_gone_well=True):
            raise self._unchangeable()
        return _applied(change, self._client.time_of(answer))

    def _standing(self, change: Change) -> CommentRow:
        answer = self._client.get(_comment(change), allowed=PLACE_STATUSES)
        if answer.status not in _ABSENT:
            return self._row(self._checked(answer, change).data, TransientError)
        if (found := self._in_list(change)) is None:
            raise _StaleError(_NOT_THERE)
        return found

    def _check_before(self, change: Change, standing: CommentRow | None) -> None:
        if standing is not None and mark.body_hash(standing.body or "") != change.before_hash:
            raise _StaleError("the comment was edited since")

    def _in_list(self, change: Change, *, is_gone_well: bool = False) -> CommentRow | None:
        """Look for a comment among those of its issue: a person may have deleted it, or it went with the issue.

        Not every server shows, or changes, a comment by its id.
        """
        try:
            answers = list(self._client.pages(f"{_issue(change)}/comments", allowed=PLACE_STATUSES))
        except MovedError:
            answers = []
        if not answers or answers[0].status in _ABSENT:
            if is_gone_well:
                return None
            raise _GoneError
        rows = [row for answer in answers if isinstance(answer.data, list) for row in answer.data]
        found = [row for row in rows if isinstance(row, dict) and str(row.get("id")) == change.comment_id]
        return self._row(found[0], TransientError) if found else None

    def _unchangeable(self) -> RefusedError:
        return RefusedError("does not change a comment that is there", tracker=self._client.tracker)

    def _is_without(self, change: Change) -> bool:
        """Say whether an issue is there and lacks the label: not every server says which of them it misses."""
        issue = self._client.get(_issue(change), allowed=PLACE_STATUSES)
        labels = issue.data.get("labels") if isinstance(issue.data, dict) else None
        names = [label.get("name") if isinstance(label, dict) else label for label in labels or ()]
        return isinstance(labels, list) and change.label.casefold() not in (str(name).casefold() for name in names)

    def _checked(self, answer: Answer, change: Change) -> Answer:
        if answer.status in _ABSENT and self._client.get(_issue(change), allowed=PLACE_STATUSES).status in _ABSENT:
            raise _GoneError
        if answer.status >= 400:
            raise self._client.error(answer)
        return answer

    def _row(self, value: object, meaning: type[TransientError | UnknownResultError]) -> CommentRow:
        try:
            return row_of(value, CommentRow)
        except MalformedError as error:
            raise meaning(str(error), tracker=self._client.tracker) from None

    def _written(self, change: Change, answer: Answer) -> Result:
        row = self._row(answer.data, UnknownResultError)
        return _applied(change, row.updated_at or self._client.time_of(answer), row)

    def _body(self, change: Change) -> str:
        assert change.comment is not None
        assert change.mark is not None
        return rendering.body(change.comment, change.mark, self._web_host)


def _issue(change: Change) -> str:
    repository, number = split_key(change.key) or ("", 0)
    return f"/repos/{repository}/issues/{number}"


def _comment(change: Change) -> str:
    repository, _ = split_key(change.key) or ("", 0)
    return f"/repos/{repository}/issues/comments/{change.comment_id}"


def _applied(change: Change, stamp: datetime, row: CommentRow | None = None) -> Result:
    if row is None:
        return Result(change=change, fate=Fate.APPLIED, stamp=stamp)
    return Result(
        change=change,
        fate=Fate.APPLIED,
        stamp=stamp,
        comment_id=str(row.id),
        body_hash=mark.body_hash(row.body or ""),
    )


def _fate(batch: Batch, fate: Fate, detail: str = "", until: datetime | None = None) -> Result:
    return Result(change=batch.changes[0], fate=fate, detail=detail, until=until)


def _of(result: Result, change: Change) -> Result:
    return Result(
        change=change,
        fate=result.fate,
        stamp=result.stamp,
        comment_id=result.comment_id,
        body_hash=result.body_hash,
        detail=result.detail,
        until=result.until,
    )
