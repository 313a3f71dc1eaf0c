"""All that is stored of one workspace: each method is one transaction over the parts beside this file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from syncd.model.changes import Change, Intent, Observation, Ownership, RecentWrite, Refusal, Result
from syncd.model.identity import ContainerId, Handle, ItemId, PlaceId
from syncd.model.items import Audience, Container, Event, Item, PlaceState
from syncd.model.reading import Capabilities, CensusPage, Cursor, HistoryPage, Page, Problem
from syncd.store import census, changes, history, items, ownership, reading, writes
from syncd.store.changes import Changes
from syncd.store.histories import Histories
from syncd.store.reading import Saved
from syncd.store.remembered import Remembered
from syncd.store.writes import LedgerEntry


class WorkspaceStore(Remembered):
    """The rows of one workspace; threads may share it. Any method may raise StoreError."""

    # What was read

    def cursor(self, tracker: str) -> Cursor | None:
        """Return where a tracker's poll goes on; None before the first."""
        with self._database.read() as connection:
            return reading.load_cursor(connection, self.name, tracker)

    def save_page(self, tracker: str, page: Page) -> Saved:
        """Save a page whole, its cursor too, and say which items it changed; older observations change nothing."""
        with self._database.write() as connection:
            saved = reading.save_page(connection, self.name, tracker, page)
            changes.note(connection, self.name, saved.changed)
            return saved

    def changed_since(self, number: int) -> Changes:
        """Return which items changed, or were told something of, after a number that an earlier call returned."""
        with self._database.read() as connection:
            return changes.load_changes(connection, self.name, number)

    def items(self) -> dict[ItemId, Item]:
        """Return every item that is there."""
        with self._database.read() as connection:
            return items.load_items(connection, self.name)

    def items_of(self, ids: Collection[ItemId]) -> dict[ItemId, Item]:
        """Return those of some items that are there."""
        with self._database.read() as connection:
            return changes.load_items_of(connection, self.name, ids)

    def gone(self) -> dict[ItemId, Item]:
        """Return every item that is gone, as it was read last."""
        with self._database.read() as connection:
            return items.load_items(connection, self.name, gone=True)

    def gone_at(self) -> dict[ItemId, datetime]:
        """Return since when each item is gone."""
        with self._database.read() as connection:
            return items.load_gone_at(connection, self.name)

    def item(self, item_id: ItemId) -> Item | None:
        """Return an item that is there."""
        with self._database.read() as connection:
            return items.load_item(connection, self.name, item_id)

    def aliases(self) -> dict[tuple[str, str], ItemId]:
        """Return items by tracker and a key they had before."""
        with self._database.read() as connection:
            return items.load_aliases(connection, self.name)

    def events(self, item_id: ItemId) -> tuple[Event, ...]:
        """Return what successive polls saw change on an item, oldest first."""
        with self._database.read() as connection:
            return history.load_events(connection, self.name, item_id)

    def first_seen_at(self, item_id: ItemId) -> datetime | None:
        """Return when an item was seen first."""
        with self._database.read() as connection:
            return history.load_sights(connection, self.name, item_id)[0]

    def link_first_seen(self, item_id: ItemId) -> dict[tuple[str, str, str], datetime]:
        """Return when each link of an item was seen first, by name, direction and target."""
        with self._database.read() as connection:
            return history.load_sights(connection, self.name, item_id)[1]

    def containers(self) -> dict[ContainerId, Container]:
        """Return every milestone, version and sprint."""
        with self._database.read() as connection:
            return reading.load_containers(connection, self.name)

    def problems(self) -> tuple[Problem, ...]:
        """Return the items that could not be read and were set aside."""
        with self._database.read() as connection:
            return reading.load_problems(connection, self.name)

    def place_states(self) -> dict[PlaceId, PlaceState]:
        """Return what is known of our reading of every place."""
        with self._database.read() as connection:
            return reading.load_places(connection, self.name)

    def save_probe(self, tracker: str, capabilities: Capabilities) -> None:
        """Store what a probe was told of who reads the places of a tracker."""
        told = reading.audiences_of(capabilities)
        self.save_place_audiences({place: who for place, who in told.items() if place.tracker == tracker})

    def save_place_audiences(self, audiences: Mapping[PlaceId, Audience]) -> None:
        """Store who reads places, as their trackers tell it."""
        with self._database.write() as connection:
            reading.save_audiences(connection, self.name, audiences)

    # What happened

    def save_histories(self, tracker: str, page: HistoryPage) -> None:
        """Save what a tracker told of the past of items; twice the same equals once."""
        with self._database.write() as connection:
            history.save_histories(connection, self.name, tracker, page)
            changes.note(connection, self.name, page.histories)

    def histories(self) -> Histories:
        """Return what is known of the past of every item that is there, each read when it is asked for."""
        return Histories(self._database, self.name)

    def history_backlog(self, tracker: str, now: datetime, limit: int, places: history.Places = None) -> list[Handle]:
        """Return items that changed after their tracker was asked for their history, the last changed first."""
        with self._database.read() as connection:
            return history.load_backlog(connection, self.name, tracker, now, limit, places)

    def backfill_progress(self, tracker: str, places: history.Places = None) -> tuple[int, int]:
        """Return of how many items the history is known up to now, and of how many there are."""
        with self._database.read() as connection:
            return history.load_progress(connection, self.name, tracker, places)

    def backfill_pace(self, tracker: str, since: datetime) -> tuple[int, timedelta]:
        """Return of how many items a tracker told the history since then, and how long it took."""
        with self._database.read() as connection:
            return history.load_pace(connection, self.name, tracker, since)

    def untold_histories(self, tracker: str, places: history.Places = None) -> list[tuple[Handle, str]]:
        """Return the items whose history a tracker could not tell, and why."""
        with self._database.read() as connection:
            return history.load_untold(connection, self.name, tracker, places)

    def link_sightings(self) -> dict[ItemId, dict[tuple[str, str, str], datetime]]:
        """Return when each link of each item was seen first, by name, direction and target."""
        with self._database.read() as connection:
            return history.load_link_sightings(connection, self.name)

    # What exists

    def begin_census(self, tracker: str, now: datetime) -> int:
        """Begin to count a tracker; another count of it that is not finished means nothing from now on."""
        with self._database.write() as connection:
            return census.begin_census(connection, self.name, tracker, now)

    def record_census(self, census_id: int, page: CensusPage) -> None:
        """Note what a page of the count says exists."""
        with self._database.write() as connection:
            census.record_census(connection, self.name, census_id, page)

    def finish_census(self, census_id: int, now: datetime) -> list[Handle]:
        """End the count and return what to look up by id: missed twice in a row, or counted though held to be gone."""
        with self._database.write() as connection:
            return census.finish_census(connection, self.name, census_id, now)

    def mark_gone(self, ids: Iterable[ItemId], now: datetime) -> None:
        """Mark items gone whose absence was confirmed by id."""
        with self._database.write() as connection:
            gone = list(ids)
            census.mark_gone(connection, self.name, gone, now)
            changes.note(connection, self.name, gone)

    # What is ours

    def ownership(self) -> dict[ItemId, Ownership]:
        """Return what is ours on items, and what people took away."""
        with self._database.read() as connection:
            return ownership.load_ownership(connection, self.name)

    def save_ownership(self, owned: Iterable[Ownership]) -> None:
        """Store what is ours on items; one that was worked out before our last write there is ignored."""
        with self._database.write() as connection:
            ownership.save_ownership(connection, self.name, owned)

    def observations(self) -> dict[ItemId, Observation]:
        """Return the newest observation of each item that was looked at."""
        with self._database.read() as connection:
            return ownership.load_observations(connection, self.name)

    def save_observations(self, seen: Iterable[Observation]) -> None:
        """Store what was seen of ours; the newest stays."""
        with self._database.write() as connection:
            ownership.save_observations(connection, self.name, seen)

    def unobserved(self, tracker: str) -> list[ItemId]:
        """Return a tracker's items that changed after our last write there and were not looked at since."""
        with self._database.read() as connection:
            return ownership.load_unobserved(connection, self.name, tracker)

    # What is written

    def begin_pass(self, kind: str, now: datetime) -> int:
        """Write down that a pass begins and return its number."""
        with self._database.write() as connection:
            return writes.begin_pass(connection, self.name, kind, now)

    def finish_pass(self, pass_id: int, now: datetime) -> None:
        """Write down when a pass ended."""
        with self._database.write() as connection:
            writes.finish_pass(connection, self.name, pass_id, now)

    def add_intents(self, pass_id: int, batch_id: str, changes: Sequence[Change], now: datetime) -> list[Intent]:
        """Write down the changes of a batch, in order, before its request is sent."""
        with self._database.write() as connection:
            return writes.add_intents(connection, self.name, pass_id, batch_id, changes, now)

    def open_intents(self, tracker: str) -> list[Intent]:
        """Return a tracker's changes whose fate is not known, oldest first."""
        with self._database.read() as connection:
            return writes.open_intents(connection, self.name, tracker)

    def count_readback(self, intent: Intent, now: datetime) -> None:
        """Count that a lost write was looked for and not found."""
        with self._database.write() as connection:
            writes.count_readback(connection, self.name, intent, now)

    def settle(self, intent: Intent, result: Result, now: datetime) -> None:
        """Take in what became of a change; UNKNOWN leaves its intent open. Twice the same equals once."""
        with self._database.write() as connection:
            writes.settle(connection, self.name, intent, result, now)

    def ledger(self, item_id: ItemId | None = None, limit: int = 100) -> tuple[LedgerEntry, ...]:
        """Return the newest writes, of one item or of all, newest first."""
        with self._database.read() as connection:
            return writes.load_ledger(connection, self.name, item_id, limit)

    def recent_writes(self, since: datetime) -> tuple[RecentWrite, ...]:
        """Return what was written since then or is on its way, once per rule."""
        with self._database.read() as connection:
            return writes.recent_writes(connection, self.name, since)

    def refusals(self, since: datetime) -> tuple[Refusal, ...]:
        """Return what trackers refused since then."""
        with self._database.read() as connection:
            return writes.refusals(connection, self.name, since)
