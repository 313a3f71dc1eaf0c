"""All that a tracker must do for syncd: read, and write what the planner decided. Nothing else may touch a tracker."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from syncd.model.changes import Batch, Change, Observation, Result
from syncd.model.identity import Handle, ItemId
from syncd.model.reading import Capabilities, CensusPage, Cursor, HistoryPage, Page, Sighting


class TrackerReader(Protocol):
    """Reads a tracker. Any method may raise TransientError or AccessError; a place that fails alone is in its page."""

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed since ``cursor``, all of it where there is none; the last page has the next cursor.

        An ascending first import may hand out a cursor with every page and is resumed from it. Windows overlap: the
        same row may come twice and saving it is idempotent.
        """

    def census(self, resume: str) -> Iterator[CensusPage]:
        """Yield the ids of everything that exists in every place; an empty ``resume`` starts from the beginning."""

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        """Look items up by id, whatever page they would be on: confirms what is gone, retries what was set aside."""

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield what happened to items, a page per request; what nobody asks for any more is not requested.

        Labels of ours are not in it: they are no history of the work.
        """

    def probe(self) -> Capabilities:
        """Say who the credential is, what it may do in each configured place, and which words the tracker uses."""


class TrackerWriter(Protocol):
    """Writes to a tracker what a Plan says. It never sets labels as a whole and never touches what is not ours."""

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> Mapping[ItemId, Observation]:
        """Read what is ours on items: labels where it costs nothing extra, and our comments.

        ``known`` are the ids of our comments: such a comment is read by id in one request; one that is not there, or an
        item without a known comment, is searched for our mark.
        """

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        """Return how this tracker would send the changes: pure, one batch per request."""

    def send(self, batch: Batch) -> Iterator[Result]:
        """Send one request and yield a result per change; raises nothing that a tracker can cause.

        Label verbs may be repeated. A comment is created only when the caller knows that there is none.
        """


class Tracker(TrackerReader, TrackerWriter, Protocol):
    """Both sides of one tracker."""

    name: str
