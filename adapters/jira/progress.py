"""Where a poll goes on: what its cursor holds."""

from datetime import datetime, timedelta

import msgspec

from syncd.model.reading import Cursor

_REFUSED_FOR = timedelta(minutes=10)
"""How long JQL is not asked again that Jira refused."""


class Import(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reading of everything in ``keys``, eldest first, that is under way; ``is_whole``: these are all projects.

    ``token`` belongs to ``jql`` and goes stale after days; then it goes on from ``created_at``, the newest seen.
    ``outcomes`` is the JQL by which its issues are said to state an outcome.
    """

    keys: tuple[str, ...]
    jql: str
    is_whole: bool = False
    started_at: datetime | None = None
    token: str = ""
    created_at: datetime | None = None
    outcomes: str = ""


class Selection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JQL by which all that was read says whether it states an outcome; ``refusal``: why Jira last would not, and
    when; then ``jql`` is what it refused.
    """

    jql: str = ""
    refusal: str = ""
    refused_at: datetime | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``since``: all changes up to then were read in the projects ``imported``, with the fields ``asked``.

    Instants are the site's; ``skew`` is how many seconds its clock is ahead of ours. ``whole_at``: when the last
    reading of everything began. ``linked``: whose remote links were asked for, of what may be on the next page again.
    """

    since: datetime | None = None
    skew: float = 0.0
    imported: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    whole_at: datetime | None = None
    running: Import | None = None
    selection: Selection = Selection()
    linked: tuple[tuple[str, float], ...] = ()
    version: int = 1


def selection_at(before: Selection, jql: str, now: datetime) -> Selection:
    """Return what still holds of a selection, for the JQL as it is configured now; none means to ask anew."""
    is_due = before.refused_at is not None and now - before.refused_at >= _REFUSED_FOR
    return Selection() if is_due or before.jql != jql else before


def progress_of(cursor: Cursor | None) -> Progress:
    """Return what a cursor holds; one of another version means to begin anew."""
    try:
        progress = msgspec.json.decode(cursor.state, type=Progress) if cursor else Progress()
    except msgspec.MsgspecError:
        return Progress()
    return progress if progress.version == Progress().version else Progress()


def cursor_of(progress: Progress, tracker: str) -> Cursor:
    """Return the cursor that holds ``progress``."""
    return Cursor(tracker, msgspec.json.encode(progress).decode())
