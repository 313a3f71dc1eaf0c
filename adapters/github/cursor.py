"""Where a poll goes on: per repository, what has been read and how its first page is recognised as unchanged."""

import hashlib
from datetime import datetime

import msgspec

from syncd.model.reading import Cursor

VERSION = 1


class Bookmark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one repository has been read.

    ``read_to``: all that changed until then, by GitHub's clock, has been read. While ``imported`` is false the first
    import goes on from there. ``digests`` of the rows seen last, by id. ``etag`` is page 1's, for the credential that
    got it.
    """

    read_to: datetime | None = None
    imported: bool = False
    etag: str = ""
    digests: dict[str, str] = {}

    def is_known(self, native_id: str, digest: str) -> bool:
        """Whether a row was handed over just like that before."""
        return self.digests.get(native_id) == digest


class Bookmarks(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a Cursor: bookmarks by repository; ``credential`` is a fingerprint, never the token."""

    version: int
    credential: str
    repositories: dict[str, Bookmark]

    def at(self, repository: str) -> Bookmark:
        """Return a repository's bookmark, one at the very beginning where it is new."""
        return self.repositories.get(repository, Bookmark())

    def moved(self, repository: str, bookmark: Bookmark) -> "Bookmarks":
        """Return the bookmarks with one of them moved."""
        return msgspec.structs.replace(self, repositories={**self.repositories, repository: bookmark})

    def cursor(self, tracker: str) -> Cursor:
        """Return them as a Cursor."""
        return Cursor(tracker, msgspec.json.encode(self).decode())


def bookmarks_of(cursor: Cursor | None, credential: str, repositories: tuple[str, ...]) -> Bookmarks:
    """Return the bookmarks in a cursor, for the configured repositories alone: one that comes back is read anew.

    A cursor that can't be read starts from the beginning. An ETag is good only for the credential that it was given to.
    """
    found = _decoded(cursor)
    if found is None:
        return Bookmarks(version=VERSION, credential=credential, repositories={})
    kept = {name: found.repositories[name] for name in repositories if name in found.repositories}
    if found.credential != credential:
        kept = {name: msgspec.structs.replace(bookmark, etag="") for name, bookmark in kept.items()}
    return Bookmarks(version=VERSION, credential=credential, repositories=kept)


def fingerprint(*parts: str) -> str:
    """Return what tells whether a credential, and what is asked with it, are still the same."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _decoded(cursor: Cursor | None) -> Bookmarks | None:
    if cursor is None:
        return None
    try:
        found = msgspec.json.decode(cursor.state, type=Bookmarks)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    is_aware = all(each.read_to is None or each.read_to.tzinfo is not None for each in found.repositories.values())
    return found if found.version == VERSION and is_aware else None
