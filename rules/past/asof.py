"""What the World was built from at a past moment, as far as history tells; what it does not tell is unknown."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from rules.language.calendar import Calendar
from rules.past.undo import Learnt, Then, states_at
from rules.roadmap.loader import Roadmap
from rules.roadmap.readings import read_until
from rules.world import WorldInput
from syncd.model.identity import ContainerId, ItemId
from syncd.model.items import Container, ContainerState, History, Item
from syncd.model.outcomes import OutcomeRevision
from syncd.model.truth import Unknown

_WEEKDAYS = Calendar()
NOTHING_GONE: Mapping[ItemId, datetime] = {}


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a past moment is known: of ``item_count`` items, ``unknown_count`` are not known at all, and of
    ``new_text_count`` what they said then is not known, so that today's text stands for it.

    ``is_roadmap_todays``: no revision of an outcome is as old, so today's roadmap stands for that of then.
    """

    at: datetime
    item_count: int
    unknown_count: int = 0
    new_text_count: int = 0
    is_roadmap_todays: bool = True

    @property
    def unknown(self) -> float:
        """Return the share of items that are not known, from 0 to 1."""
        return self.unknown_count / self.item_count if self.item_count else 0.0


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A past moment: what the World was built from, and how much of that is known."""

    at: datetime
    given: WorldInput
    share: Share


def as_of(
    given: WorldInput,
    at: datetime,
    *,
    gone_at: Mapping[ItemId, datetime] = NOTHING_GONE,
    calendar: Calendar = _WEEKDAYS,
) -> tuple[WorldInput, Share]:
    """Return what the World was built from at ``at``, and how much of it is known. ``gone_at``: when items went."""
    (day,) = replay(given, [at], gone_at=gone_at, calendar=calendar)
    return day.given, day.share


def replay(
    given: WorldInput,
    moments: Sequence[datetime],
    *,
    gone_at: Mapping[ItemId, datetime] = NOTHING_GONE,
    calendar: Calendar = _WEEKDAYS,
) -> Iterator[Day]:
    """Yield the past moments, which ascend; what did not change between two of them is the same object in both."""
    past = _Past(given, moments, gone_at, calendar)
    return map(past.day, range(len(moments)))


class _Past:
    """Goes through the moments in order and keeps what stays as it was."""

    def __init__(
        self, given: WorldInput, moments: Sequence[datetime], gone_at: Mapping[ItemId, datetime], calendar: Calendar
    ) -> None:
        self._given = given
        self._moments = moments
        self._calendar = calendar
        self._gone_at = gone_at
        self._items: dict[ItemId, Item] = {}
        self._gone: dict[ItemId, Item] = dict(given.gone)
        self._veiled: dict[ItemId, Unknown] = {}
        self._new_texts: set[ItemId] = set()
        self._containers: Mapping[ContainerId, Container] = {}
        self._roadmap, self._stated = given.roadmap, given.roadmap.outcomes
        self._turns: list[list[tuple[ItemId, Then | None]]] = [[] for _ in moments]
        learnt = Learnt(given.items.values())
        for item in (*given.items.values(), *(each for each in given.gone.values() if each.id in gone_at)):
            for index, then in states_at(item, given.histories.get(item.id), moments, learnt):
                if then is not None or index:
                    self._turns[index].append((item.id, then))

    def day(self, index: int) -> Day:
        """Return the moment at ``index``, after those before it."""
        moment = self._moments[index]
        self._turn(index)
        self._leave(moment)
        roadmap, is_todays = self._roadmap_at(moment)
        given = replace(
            self._given,
            items=dict(self._items),
            gone=dict(self._gone),
            veiled=dict(self._veiled),
            containers=self._containers_at(moment),
            roadmap=roadmap,
            histories=PastHistories(self._given.histories, moment),
            revisions=_revisions_until(self._given.revisions, moment),
        )
        share = Share(
            at=moment,
            item_count=len(self._items),
            unknown_count=len(self._veiled),
            new_text_count=len(self._new_texts - self._veiled.keys()),
            is_roadmap_todays=is_todays,
        )
        return Day(at=moment, given=given, share=share)

    def _turn(self, index: int) -> None:
        """Take in what changed between the moment before and this one."""
        for item_id, then in self._turns[index]:
            for known in (self._veiled, self._items):
                known.pop(item_id, None)
            self._new_texts.discard(item_id)
            if then is not None:
                self._items[item_id] = then.item
                self._gone.pop(item_id, None)
                if then.unknown is not None:
                    self._veiled[item_id] = then.unknown
                if then.is_text_new:
                    self._new_texts.add(item_id)

    def _leave(self, moment: datetime) -> None:
        """Take away what is gone by now."""
        for item_id in [each for each, at in self._gone_at.items() if at <= moment and each in self._items]:
            del self._items[item_id]
            self._veiled.pop(item_id, None)
            self._new_texts.discard(item_id)
            self._gone[item_id] = self._given.gone[item_id]

    def _containers_at(self, moment: datetime) -> Mapping[ContainerId, Container]:
        today = self._calendar.day(moment)
        found = {each.id: then for each in self._given.containers.values() if (then := container_on(each, today))}
        if found != self._containers:
            self._containers = found
        return self._containers

    def _roadmap_at(self, moment: datetime) -> tuple[Roadmap, bool]:
        """Return the roadmap, and whether it is today's because nobody knows what it was."""
        stated = [_newest(revisions, moment) for revisions in self._given.revisions.values()]
        known = {each.outcome.id: each for each in stated if each is not None}
        todays = {outcome.id: outcome for outcome in self._given.roadmap.outcomes}
        ids = [*(each for each in todays if each in known), *sorted(known.keys() - todays.keys())]
        then = [known[each].outcome for each in ids if not known[each].gone] if known else todays.values()
        last = self._calendar.day(moment)
        outcomes = tuple(read_until(each, todays.get(each.id), last) for each in then)
        if outcomes != self._stated:
            self._stated, self._roadmap = outcomes, replace(self._given.roadmap, outcomes=outcomes)
        return self._roadmap, not known


class PastHistories(Mapping[ItemId, History]):
    """Histories up to a moment, cut when they are asked for."""

    def __init__(self, histories: Mapping[ItemId, History], moment: datetime) -> None:
        self.whole = histories
        self._moment = moment

    def __getitem__(self, item_id: ItemId) -> History:
        history = self.whole[item_id]
        events = history.events
        if events and events[-1].at > self._moment:
            events = tuple(event for event in events if event.at <= self._moment)
        return History(known_since=min(history.known_since, self._moment), events=events)

    def __iter__(self) -> Iterator[ItemId]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)


def container_on(container: Container, day: date) -> Container | None:
    """Return a container as it was on a day by its dates, as no tracker tells more; None where they do not say.

    One that is closed now was open until its last day, and one that begins later was still to come.
    """
    state, starts_on, ends_on = container.state, container.starts_on, container.ends_on
    if state is ContainerState.CLOSED and ends_on is None:
        return None
    if state is ContainerState.CLOSED and ends_on is not None and day <= ends_on:
        state = ContainerState.ACTIVE
    if state is ContainerState.ACTIVE and starts_on is not None and day < starts_on:
        state = ContainerState.FUTURE
    return container if state is container.state else replace(container, state=state)


def _newest(revisions: Sequence[OutcomeRevision], moment: datetime) -> OutcomeRevision | None:
    return next((each for each in reversed(revisions) if each.seen_at <= moment), None)


def _revisions_until(
    revisions: Mapping[str, tuple[OutcomeRevision, ...]], moment: datetime
) -> dict[str, tuple[OutcomeRevision, ...]]:
    cut = {each: tuple(one for one in found if one.seen_at <= moment) for each, found in revisions.items()}
    return {each: found for each, found in cut.items() if found}
