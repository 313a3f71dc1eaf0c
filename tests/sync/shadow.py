"""What is whose, by what really happened on the trackers: syncd's own memory is checked against it.

Every change of a person is told here, and every write of ours as the tracker carried it out. What nobody could know
(a person was quicker than our reading, or an answer was lost) is noted as such, and either answer to it is right.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from syncd.model.changes import Action, Change, ObservedComment, OwnedComment
from syncd.model.identity import Handle, ItemId
from tests.sync.charters import PREFIX, URGENT
from tests.sync.sides import Note, Side

COMMENT = "comment"
DAY = timedelta(hours=24)


class Whose(enum.Enum):
    """Who put a label of our prefix there. EITHER: nobody could tell."""

    OURS = "ours"
    THEIRS = "theirs"
    EITHER = "either"


class Surely(enum.Enum):
    """Whether something is so, as far as syncd can know."""

    YES = "yes"
    MAYBE = "maybe"


class Taken(msgspec.Struct, frozen=True):
    """Something of ours that a person took away, and when."""

    sure: Surely
    at: datetime


class Knew(msgspec.Struct, frozen=True):
    """When syncd planned a write by its clock, and the state of the item that it had read by then."""

    at: datetime
    updated_at: datetime


class Said(msgspec.Struct, kw_only=True):
    """A comment of ours as we wrote it last, and whether a person edited it since."""

    rule_ids: tuple[str, ...]
    resolved: bool
    written_at: datetime
    edited: Surely | None = None


class Traces(msgspec.Struct, kw_only=True):
    """One item: whose its labels of our prefix are, our comments, and what a person took away, by rule.

    ``unclear`` are comments of ours that lost their mark before syncd could be sure to know them.
    """

    labels: dict[str, Whose] = {}
    comments: dict[str, Said] = {}
    removed: dict[tuple[str, str], Taken] = {}
    unclear: set[str] = set()
    theirs: object = None


class State(msgspec.Struct, frozen=True):
    """What stands on an item at one moment."""

    labels: frozenset[str]
    notes: tuple[Note, ...]


def state_of(side: Side, item: Handle) -> State:
    return State(frozenset(side.labels(item)), tuple(side.notes(item)))


def ours_in(state: State, traces: Traces) -> list[Note]:
    """Return our comments: those with our mark, and those that we wrote and a person took the mark from."""
    return [note for note in state.notes if note.is_by_us and (note.is_ours or note.id in traces.comments)]


class Shadow:
    """The traces of all items."""

    def __init__(self) -> None:
        self._traces: dict[ItemId, Traces] = {}

    def of(self, item: ItemId) -> Traces:
        return self._traces.setdefault(item, Traces())

    def forget(self, item: ItemId) -> None:
        self._traces.pop(item, None)

    # what people do

    def person_did(
        self, side: Side, item: Handle, before: State, at: datetime, *, owns: Callable[[str], bool], is_in_flight: bool
    ) -> None:
        """Take note of what a person changed; ``owns``: syncd knows that a label, or comment id, is its own."""
        after, traces = state_of(side, item), self.of(item.id)
        for label in sorted(before.labels ^ after.labels):
            if label.startswith(PREFIX):
                self._person_labelled(
                    traces, label, owns(label), is_in_flight, at if label not in after.labels else None
                )
        was = {note.id: note for note in ours_in(before, traces)}
        now = {note.id: note for note in ours_in(after, traces)}
        for note_id, note in was.items():
            said = traces.comments[note_id]
            if note_id not in now:
                del traces.comments[note_id]
                sure = owns(note_id) and not is_in_flight
                for rule_id in said.rule_ids:
                    _take_away(traces, COMMENT, rule_id, sure, at)
            elif now[note_id].mark is None and (is_in_flight or not owns(note_id)):
                del traces.comments[note_id]
                traces.unclear.add(note_id)
            elif now[note_id].text != note.text:
                said.edited = Surely.MAYBE if is_in_flight or not owns(note_id) else Surely.YES
        self.remember_theirs(side, item)

    def _person_labelled(
        self, traces: Traces, label: str, is_owned: bool, is_in_flight: bool, removed_at: datetime | None
    ) -> None:
        if removed_at is None:
            # Where syncd still takes it for its own, it was away and came back between two readings.
            traces.labels[label] = Whose.EITHER if is_owned or is_in_flight else Whose.THEIRS
            return
        if traces.labels.pop(label) is not Whose.THEIRS:
            _take_away(traces, label, label.removeprefix(PREFIX), is_owned and not is_in_flight, removed_at)

    def remember_theirs(self, side: Side, item: Handle) -> None:
        """Take note of all that is a person's on an item."""
        self.of(item.id).theirs = self._theirs(side, item)

    def _theirs(self, side: Side, item: Handle) -> object:
        traces, state = self.of(item.id), state_of(side, item)
        ours = {*(note.id for note in ours_in(state, traces)), *traces.unclear}
        labels = {label for label in state.labels if traces.labels.get(label) in (None, Whose.THEIRS)}
        notes = tuple((note.id, note.text) for note in state.notes if note.id not in ours)
        return side.words(item), frozenset(labels), notes

    # what syncd does

    def we_did(self, side: Side, item: Handle, changes: Sequence[Change], before: State, knew: Knew) -> None:
        """Take note of what a request of ours did to an item, and refuse what it must never do.

        ``knew``: what syncd had read of the item when it planned this.
        """
        traces, after = self.of(item.id), state_of(side, item)
        for change in changes:
            if change.action is Action.ADD_LABEL:
                _we_labelled(traces, change, before, after)
            elif change.action is Action.REMOVE_LABEL:
                assert traces.labels.get(change.label) is not Whose.THEIRS, f"a person's label was taken: {change}"
                if change.label not in after.labels:
                    traces.labels.pop(change.label, None)
            else:
                _we_commented(traces, change, before, after, knew)
        assert len(ours_in(after, traces)) <= max(1, len(ours_in(before, traces))), f"a second comment: {changes}"
        self.is_untouched(side, item)
        for change in changes:
            if change.action is Action.ADD_LABEL and traces.labels.get(change.label) is Whose.THEIRS:
                # A person was quicker than our reading: from now on nobody can tell.
                traces.labels[change.label] = Whose.EITHER
                self.remember_theirs(side, item)

    def is_untouched(self, side: Side, item: Handle) -> None:
        """Assert that nothing of a person's has changed on an item since a person changed it last."""
        theirs, now = self.of(item.id).theirs, self._theirs(side, item)
        assert theirs == now, f"something of a person's changed on {item.key}:\n{theirs}\n{now}"

    # what passes

    def judged(self, lasting: Callable[[ItemId], Iterable[str]], *, is_whole: bool) -> None:
        """Let what people took away be over where its finding is; ``is_whole``: everything was judged and looked at."""
        for item, traces in self._traces.items():
            last = set(lasting(item))
            for key in [key for key in traces.removed if key[1] not in last]:
                if is_whole:
                    del traces.removed[key]
                else:
                    traces.removed[key] = msgspec.structs.replace(traces.removed[key], sure=Surely.MAYBE)


def _take_away(traces: Traces, what: str, rule_id: str, sure: bool, at: datetime) -> None:
    if not _is_sure(traces.removed.get((what, rule_id))):
        traces.removed[what, rule_id] = Taken(Surely.YES if sure else Surely.MAYBE, at)


def _is_sure(taken: Taken | None, knew: datetime | None = None) -> bool:
    """Say whether a person took something away for sure, and syncd had read what the item was like then."""
    return taken is not None and taken.sure is Surely.YES and (knew is None or knew >= taken.at)


def _we_labelled(traces: Traces, change: Change, before: State, after: State) -> None:
    for rule_id in change.rule_ids:
        is_taken = _is_sure(traces.removed.get((change.label, rule_id)))
        assert not is_taken, f"a label that a person took away is back: {change}"
    if change.label in after.labels - before.labels:
        traces.labels[change.label] = Whose.OURS


def _we_commented(traces: Traces, change: Change, before: State, after: State, knew: Knew) -> None:
    was, now = ({note.id: note for note in ours_in(state, traces)} for state in (before, after))
    if change.action is Action.DELETE_COMMENT:
        assert was.keys() - now.keys() <= {change.comment_id}, f"another comment went: {change}"
        if change.comment_id in was.keys() - now.keys():
            assert len(was) > 1, f"the only comment was deleted: {change}"
            del traces.comments[change.comment_id]
        return
    comment = change.comment
    assert comment is not None
    for note_id in [note_id for note_id, note in now.items() if note != was.get(note_id)]:
        _check_words(traces, traces.comments.get(note_id), change, knew)
        at = now[note_id].updated_at
        traces.comments[note_id] = Said(rule_ids=change.rule_ids, resolved=comment.resolved, written_at=at)


def _check_words(traces: Traces, said: Said | None, change: Change, knew: Knew) -> None:
    """Refuse a comment whose words a person did not want."""
    comment = change.comment
    assert comment is not None
    told = () if said is None or said.resolved else said.rule_ids
    for rule_id in () if comment.resolved else change.rule_ids:
        is_deleted = _is_sure(traces.removed.get((COMMENT, rule_id)))
        assert not is_deleted, f"what a person deleted is told again: {change}"
        is_new = rule_id not in told
        is_unwanted = _is_sure(traces.removed.get((PREFIX + rule_id, rule_id)), knew.updated_at)
        assert not (is_new and is_unwanted), f"new words of a rule whose label a person took away: {change}"
    is_news = said is None or set(said.rule_ids) != set(change.rule_ids) or said.resolved != comment.resolved
    if said is not None and not is_news:
        is_edited = said.edited is Surely.YES
        assert not is_edited, f"what a person edited is overwritten without news: {change}"
        is_early = knew.at < said.written_at + DAY and URGENT not in change.rule_ids
        assert not is_early or said.edited, f"rewritten twice in a day without news: {change}"


def owned_comment(said: Said, seen: ObservedComment) -> OwnedComment:
    """Return what a store that knew everything would know of our comment."""
    return OwnedComment(
        comment_id=seen.comment_id,
        hash=seen.mark.hash,
        body_hash=seen.body_hash,
        written_at=said.written_at,
        rule_ids=said.rule_ids,
        resolved=said.resolved,
        edited=said.edited is Surely.YES,
    )
