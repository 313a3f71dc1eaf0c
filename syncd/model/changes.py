"""What is to be written, what was written, and what became of it."""

import enum
from datetime import datetime

import msgspec

from syncd.model.comments import Comment, Leaf, Mark
from syncd.model.identity import ItemId, PlaceId


class Annotations(msgspec.Struct, frozen=True, omit_defaults=True):
    """What syncd wants on an item: labels under its prefix, sorted, and at most one comment."""

    labels: tuple[str, ...] = ()
    comment: Comment | None = None


class OwnedLabel(msgspec.Struct, frozen=True):
    """A label we put on an item; ``written_at`` is the tracker's stamp of that write."""

    name: str
    written_at: datetime


class OwnedComment(msgspec.Struct, frozen=True, kw_only=True):
    """Our comment on an item: ``hash`` of the tree we meant, ``body_hash`` of the body as the tracker returned it.

    ``edited``: a person changed it since. ``rule_ids`` it tells. ``quoted`` is what it quotes, names or dates: whether
    its readers may still read that is asked in every pass.
    """

    comment_id: str
    hash: str
    body_hash: str
    written_at: datetime
    rule_ids: tuple[str, ...] = ()
    resolved: bool = False
    edited: bool = False
    quoted: tuple[Leaf, ...] = ()


class Removed(msgspec.Struct, frozen=True):
    """Something of ours that a person took away: a label's name, or ``comment``; it stays away while ``rule_id``
    lasts.
    """

    what: str
    rule_id: str
    seen_at: datetime


class Ownership(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the store says is ours on an item, and what people took away. ``written_at``: our last write there.

    ``foreign_labels`` are labels of our prefix that were on the item and that we did not put there: a person's.
    """

    item: ItemId
    labels: tuple[OwnedLabel, ...] = ()
    comment: OwnedComment | None = None
    removed: tuple[Removed, ...] = ()
    foreign_labels: tuple[str, ...] = ()
    written_at: datetime | None = None


class ObservedComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment with our mark by our account, as it is on the tracker now."""

    comment_id: str
    mark: Mark
    body_hash: str
    created_at: datetime
    updated_at: datetime


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What is ours on an item now. ``stamp`` is the instant of the tracker at which it was true.

    ``labels``: those of our prefix; None where they were not read. ``comments``: ours, oldest first (two of ours: keep
    the oldest). ``foreign_owners``: owners in marks of other installations or workspaces. ``gone``: the item is not
    there.
    """

    item: ItemId
    stamp: datetime
    labels: tuple[str, ...] | None = None
    comments: tuple[ObservedComment, ...] = ()
    foreign_owners: tuple[str, ...] = ()
    gone: bool = False


class Action(enum.Enum):
    """The verbs of a write."""

    ADD_LABEL = "add_label"
    REMOVE_LABEL = "remove_label"
    CREATE_COMMENT = "create_comment"
    EDIT_COMMENT = "edit_comment"
    DELETE_COMMENT = "delete_comment"


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One verb on one item: the unit of apply, retry and audit.

    ``label`` for the label verbs. ``comment`` is the tree wanted after, with its ``mark``; ``comment_id`` the one to
    edit or delete; ``before_hash`` the body it must still have (a person's edit since then makes the change stale).
    """

    target: ItemId
    key: str
    place: PlaceId
    action: Action
    rule_ids: tuple[str, ...]
    label: str = ""
    comment: Comment | None = None
    mark: Mark | None = None
    comment_id: str = ""
    before_hash: str = ""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of one pass, by item key, labels before comments; ``id`` is a digest of them."""

    id: str
    changes: tuple[Change, ...]


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Changes that a tracker sends in one request, in order."""

    tracker: str
    changes: tuple[Change, ...]


class Fate(enum.Enum):
    """What became of a change on its way. UNKNOWN: the answer was lost. STALE: ``before`` no longer held.
    GONE: the item is not there. DEFERRED: not sent, to be tried later."""

    APPLIED = "applied"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    STALE = "stale"
    GONE = "gone"
    DEFERRED = "deferred"


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one change; ``stamp`` is the tracker's time of the write; ids and body hash of a comment
    written.
    """

    change: Change
    fate: Fate
    stamp: datetime | None = None
    comment_id: str = ""
    body_hash: str = ""
    detail: str = ""
    until: datetime | None = None


class Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change that is on its way: in the store before its request is sent, settled by a Result or a read-back."""

    id: int
    change: Change
    batch_id: str
    created_at: datetime
    readbacks: int = 0
    unknown_at: datetime | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A change that a tracker would not make, or whose item it did not find, and why."""

    change: Change
    at: datetime
    reason: str = ""


class RecentWrite(msgspec.Struct, frozen=True, kw_only=True):
    """A write of the last hours, once per rule that asked for it: what the limits count.

    One on its way counts too: it may have been done.
    """

    rule_id: str
    action: Action
    at: datetime
    item: ItemId | None = None
