"""Where a poll goes on: what its cursor holds."""

from datetime import datetime

import msgspec

from syncd.model.reading import Cursor


class Import(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reading of everything in ``keys``, eldest first, that is under way; ``is_whole``: these are all projects.

    ``token`` belongs to ``jql`` and goes stale after days; then it goes on from ``created_at``, the newest seen.
    """

    keys: tuple[str, ...]
    jql: str
    is_whole: bool = False
    started_at: datetime | None = None
    token: str = ""
    created_at: datetime | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``since``: all changes up to then were read in the projects ``imported``, with the fields ``asked``.

    Instants are the site's; ``skew`` is how many seconds its clock is ahead of ours. ``whole_at``: when the last
    reading of everything began.
    """

    since: datetime | None = None
    skew: float = 0.0
    imported: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    whole_at: datetime | None = None
    running: Import | None = None
    version: int = 1


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
