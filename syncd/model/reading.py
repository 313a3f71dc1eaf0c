"""What a tracker's reader hands over: pages, the census, sightings, and what the credential can do."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Audience, Container, History, Item, Person, StatusCategory


class Cursor(msgspec.Struct, frozen=True):
    """Where a poll goes on; ``state`` is JSON that only the adapter which wrote it reads."""

    tracker: str
    state: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An item that could not be read and was set aside, with the reason in one line."""

    handle: Handle
    place: PlaceId
    error: str
    seen_at: datetime


class PlaceFailure(msgspec.Struct, frozen=True):
    """A place that could not be read while others could."""

    place: PlaceId
    error: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a poll. ``observed_at`` is the server's time; ``cursor``, where set, may be stored with this page.

    ``read_places`` were read to their end by this page; ``imported_places`` have been read whole since their beginning.
    ``warnings``: what could not be asked though every place could be read, each in one line with the way out.
    """

    observed_at: datetime
    items: tuple[Item, ...] = ()
    containers: tuple[Container, ...] = ()
    problems: tuple[Problem, ...] = ()
    failures: tuple[PlaceFailure, ...] = ()
    read_places: tuple[PlaceId, ...] = ()
    imported_places: tuple[PlaceId, ...] = ()
    warnings: tuple[str, ...] = ()
    cursor: Cursor | None = None


class CensusPage(msgspec.Struct, frozen=True, kw_only=True):
    """Ids that exist in a place. ``complete`` on its last page; ``error`` instead where it can't be counted.

    ``items`` are those that could be read with it at no cost, as of ``observed_at``: not every change dates an item
    anew, and a poll finds only those that do.
    """

    place: PlaceId
    handles: tuple[Handle, ...] = ()
    complete: bool = False
    error: str = ""
    resume: str = ""
    items: tuple[Item, ...] = ()
    observed_at: datetime | None = None


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One item looked up by its id: there (``item``), ``gone``, or neither (``error``: unreadable now)."""

    handle: Handle
    item: Item | None = None
    gone: bool = False
    error: str = ""


class HistoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """What one request for histories brought, as of the server's time ``observed_at``.

    ``histories`` are those that are whole by now, none where more requests are needed; ``failures`` say in one line why
    an item's history can't be told.
    """

    observed_at: datetime
    histories: Mapping[ItemId, History] = {}
    failures: Mapping[ItemId, str] = {}


class PlaceReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the credential can do in a place; ``problem`` says in one line what is missing and the way out."""

    id: PlaceId
    name: str = ""
    audience: Audience | None = None
    can_read: bool = False
    can_label: bool = False
    can_comment: bool = False
    problem: str = ""


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """The words a tracker uses: item types, statuses with their category, link names, fields, labels of its places."""

    types: tuple[str, ...] = ()
    statuses: tuple[tuple[str, StatusCategory | None], ...] = ()
    links: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe found: who we are there, the places (all visible ones where none are configured), the words.

    ``problems``: what the tracker can't do of what is configured for all of it, each in one line with the way out.
    """

    account: Person
    places: tuple[PlaceReport, ...] = ()
    vocabulary: Vocabulary = Vocabulary()
    problems: tuple[str, ...] = ()
