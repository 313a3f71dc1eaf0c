"""Items, links, containers, places and events, as read from a tracker."""

import enum
from datetime import UTC, date, datetime

import msgspec

from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.words import Words


class StatusCategory(enum.Enum):
    """The three words every tracker's statuses map to."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Direction(enum.Enum):
    """How a link reads from the item that shows it: OUT is "this NAME target", IN is "target NAME this"."""

    OUT = "out"
    IN = "in"


class LinkKind(enum.Enum):
    """Links in our words, read "source KIND target"; for PARENT the source is the parent."""

    PARENT = "parent"
    BLOCKS = "blocks"
    IMPLEMENTS = "implements"
    DUPLICATES = "duplicates"
    MIRRORS = "mirrors"
    SPLIT_FROM = "split_from"
    RELATES_TO = "relates_to"
    CLOSES = "closes"
    """A change (pull request) that finishes an item when it is merged."""


class LinkRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A link as its tracker shows it, in the tracker's words; ``target_status`` where the link itself tells it."""

    name: str
    direction: Direction
    target: Ref
    target_status: StatusCategory | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link in our words: one edge, however many ends tell it. ``evidence`` names who told it: ``link``, ``line``."""

    kind: LinkKind
    source: ItemId
    target: ItemId
    evidence: str
    first_seen_at: datetime | None = None


class Person(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A tracker's account; ``name`` is for reading, ``account`` for comparing."""

    name: str
    account: str = ""


FieldValue = str | float | bool | tuple[str, ...] | None
"""A custom field as read; dates of fields stay text until a map says that they are dates."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One issue or pull request as read. Labels of ours are not in ``labels`` but in ``own_labels``.

    ``parent`` is what the tracker holds as such. ``fields`` are custom fields by their name in the tracker.
    ``rank`` orders the backlog of a place as text. ``restricted``: under a security level, never quoted.
    ``states_outcome``: the query that its place's words have for outcomes selects it; None where that could not be
    asked. ``has_all_links`` False: some are asked for apart and were not, so that those known before stay.
    """

    id: ItemId
    key: str
    place: PlaceId
    url: str
    title: str
    created_at: datetime
    updated_at: datetime
    body: str = ""
    type: str = ""
    is_change: bool = False
    status: str = ""
    status_category: StatusCategory | None = None
    resolution: str = ""
    priority: str = ""
    rank: str = ""
    labels: tuple[str, ...] = ()
    own_labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    assignees: tuple[Person, ...] = ()
    reporter: Person | None = None
    estimate: float | None = None
    sprints: tuple[ContainerId, ...] = ()
    milestones: tuple[ContainerId, ...] = ()
    parent: Ref | None = None
    links: tuple[LinkRef, ...] = ()
    due_on: date | None = None
    closed_at: datetime | None = None
    activity_at: datetime | None = None
    fields: dict[str, FieldValue] = {}
    comment_count: int | None = None
    restricted: bool = False
    states_outcome: bool | None = False
    has_all_links: bool = True


class ContainerKind(enum.Enum):
    """What holds items for a time."""

    MILESTONE = "milestone"
    VERSION = "version"
    SPRINT = "sprint"


class ContainerState(enum.Enum):
    """Where a container is in its life: an open milestone or unreleased version is ACTIVE, a planned sprint FUTURE."""

    FUTURE = "future"
    ACTIVE = "active"
    CLOSED = "closed"


class Container(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A milestone, version or sprint; dates are whole days in the tracker's words."""

    id: ContainerId
    title: str
    state: ContainerState
    place: PlaceId | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class AudienceKind(enum.Enum):
    """Who reads a place."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    INTERNAL = "internal"
    GROUP = "group"


class Audience(msgspec.Struct, frozen=True, omit_defaults=True):
    """The readers of a place; ``group`` names them where they are fewer than everybody inside."""

    kind: AudienceKind
    group: str = ""


class Stage(enum.IntEnum):
    """How far syncd may go, in order; the lowest that applies wins."""

    OFF = 0
    REPORT = 1
    LABELS = 2
    COMMENT = 3


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A project or repository as configured and as the tracker describes it.

    ``audience`` None: nobody said, so it is treated as the narrowest. ``comments_allowed``: an admin opened a public
    place.
    """

    id: PlaceId
    words: Words
    audience: Audience | None = None
    comments_allowed: bool = False
    team: str = ""
    stage: Stage = Stage.COMMENT
    tracker_kind: str = ""
    """The kind of its tracker: ``jira``, ``github``."""


class PlaceState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of our reading of a place: imported whole, last read well, or why not; audience as the tracker
    told it.
    """

    id: PlaceId
    imported_at: datetime | None = None
    read_at: datetime | None = None
    census_at: datetime | None = None
    audience: Audience | None = None
    error: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One change of one field; from successive polls ``at`` is when it was seen at the latest, ``actor`` is empty.

    ``field`` is one of EVENT_FIELDS. Of a field that holds several (SET_FIELDS) each member that came (``before``
    empty) or went (``after`` empty) is an event of its own. Values are text: dates in ISO 8601, numbers as ``%g``,
    containers and items by their ids.
    """

    item: ItemId
    at: datetime
    field: str
    before: str
    after: str
    actor: str = ""


SET_FIELDS = ("labels", "components", "assignees", "milestones", "sprints", "links")
EVENT_FIELDS = (
    *("status", "resolution", "title", "body", "type", "priority", "parent", "estimate", "due_on", "key"),
    *SET_FIELDS,
)
"""The fields whose changes are remembered; of ``body`` only that it changed is kept."""


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when a history is known that its tracker told: since ever."""


class History(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What happened to an item, oldest first: all of it since ``known_since``, and perhaps some from before."""

    known_since: datetime
    events: tuple[Event, ...] = ()
