"""One roadmap out of the files' and the trackers' outcomes, merged by id.

What a file states counts; what it leaves out is read from the tracker; where both speak and differ, that is kept as a
contradiction. What was split or merged hands where its work hangs to the outcomes that it became.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from rules.roadmap.life import living
from rules.roadmap.told import Telling, Told, unsaid
from syncd.model.identity import PlaceId
from syncd.model.outcomes import Contradiction, Horizon, Outcome, OutcomeStatus, TrackedIn
from syncd.model.truth import Unknown
from syncd.model.words import OutcomeWords

if TYPE_CHECKING:
    from rules.roadmap.loader import Roadmap
    from rules.world import World

_Each = TypeVar("_Each")
_OVER = (OutcomeStatus.ACHIEVED, OutcomeStatus.DROPPED)
_ALL_KEYS = frozenset(Outcome.__struct_fields__)
_EMPTY = TrackedIn()
_NONE = OutcomeWords()


def with_tracked(world: "World") -> "Roadmap":
    """Return the roadmap of a World, whose own is that of the files, with the outcomes that its trackers hold."""
    roadmap = world.roadmap
    told = _told(world)
    if not told and not any(outcome.split_into or outcome.merged_into for outcome in roadmap.outcomes):
        unread = _unread(world)
        return msgspec.structs.replace(roadmap, unread=unread) if unread else roadmap
    outcomes: list[Outcome] = []
    contradictions: dict[str, tuple[Contradiction, ...]] = {}
    for outcome in roadmap.outcomes:
        said = told.pop(outcome.id.casefold(), None)
        if said is not None and outcome.id not in roadmap.stated and outcome.stated_in == _main(said).key:
            outcome = _outcome_told(said)  # as a roadmap of the past has it: the tracker alone states it
        elif said is not None:
            stated = roadmap.stated.get(outcome.id, _ALL_KEYS)
            if found := tuple(_contradictions(outcome, stated, _main(said))):
                contradictions[outcome.id] = found
            outcome = _completed(outcome, stated, said)
        outcomes.append(outcome)
    outcomes += [_outcome_told(told[folded]) for folded in sorted(told)]
    return msgspec.structs.replace(
        roadmap,
        outcomes=tuple(_handed_down(outcomes)),
        contradictions={**roadmap.contradictions, **contradictions},
        unread=_unread(world),
    )


def _told(world: "World") -> dict[str, list[Told]]:
    """Return what trackers say of outcomes, by the outcome's id in small letters."""
    if not any(_has_outcomes(place_id, world) for place_id in world.given.places):
        return {}
    roadmap = world.roadmap
    telling = Telling(world, roadmap.outcomes, living(roadmap.outcomes), roadmap.period)
    found: dict[str, list[Told]] = {}
    for told in (*telling.items(), *telling.containers()):
        found.setdefault(told.id.casefold(), []).append(told)
    return found


def _has_outcomes(place_id: PlaceId, world: "World") -> bool:
    return world.given.places[place_id].words.outcomes != _NONE


def _unread(world: "World") -> Unknown | None:
    """Return why not all outcomes are known that live in trackers."""
    for place_id in sorted(world.given.places):
        dark = world.is_dark(place_id) if _has_outcomes(place_id, world) else None
        if dark is not None:
            return Unknown(f"outcomes live in {place_id.key}: {dark.reason}")
    if not any(place.words.outcomes.jql for place in world.given.places.values()):
        return None
    return next((reason for item in world.rows if (reason := unsaid(world, item)) is not None), None)


def _main(said: Sequence[Told]) -> Told:
    """Return who speaks for an outcome that several things in trackers are: the first that is not over."""
    return next((told for told in said if told.status not in _OVER), said[0])


def _completed(outcome: Outcome, stated: frozenset[str], said: Sequence[Told]) -> Outcome:
    """Return an outcome with what its file leaves out as a tracker says it."""
    main = _main(said)
    changed: dict[str, object] = {"tracked_in": _joined([outcome.tracked_in, *(told.tracked_in for told in said)])}
    if "status" not in stated and not (outcome.split_into or outcome.merged_into):
        changed["status"] = main.status
    if "horizon" not in stated:
        changed["horizon"] = main.horizon
    if outcome.target_date is None and main.target_date is not None:
        changed["target_date"] = main.target_date
    if outcome.owner is None and main.people:
        changed.update(_owner(main))
    return msgspec.structs.replace(outcome, **changed)


def _outcome_told(said: Sequence[Told]) -> Outcome:
    main = _main(said)
    outcome = Outcome(
        id=main.id,
        title=main.title,
        horizon=main.horizon,
        status=main.status,
        target_date=main.target_date,
        tracked_in=_joined([told.tracked_in for told in said]),
        stated_in=main.key,
        visibility=main.visibility,
    )
    return msgspec.structs.replace(outcome, **_owner(main))


def _owner(main: Told) -> dict[str, object]:
    accounts = tuple((main.place.tracker, each.account) for each in main.people[:1] if each.account)
    return {"owner": main.people[0] if main.people else None, "accounts": accounts}


def _contradictions(outcome: Outcome, stated: frozenset[str], told: Told) -> Iterator[Contradiction]:
    """Yield what the file states of an outcome and the tracker says otherwise."""
    for field, in_file, in_tracker in _differences(outcome, stated, told):
        yield Contradiction(
            field=field,
            in_file=in_file,
            in_tracker=in_tracker,
            key=told.key,
            item=told.item,
            place=told.place,
            restricted=told.restricted,
        )


def _differences(outcome: Outcome, stated: frozenset[str], told: Told) -> Iterator[tuple[str, str, str]]:
    is_over, is_over_there = outcome.status in _OVER, told.status in _OVER
    if "status" in stated:
        if is_over != is_over_there or (is_over and outcome.status is not told.status):
            yield "status", outcome.status.value, told.status.value
        elif outcome.status is OutcomeStatus.PAUSED and told.is_begun:
            yield "status", outcome.status.value, "in progress"
    if "horizon" in stated and told.is_begun and outcome.horizon in (Horizon.LATER, Horizon.NOT_NOW):
        yield "horizon", outcome.horizon.value, "in progress"
    if outcome.target_date is not None and told.target_date not in (None, outcome.target_date):
        yield "target_date", outcome.target_date.isoformat(), str(told.target_date)
    accounts = {account for tracker, account in outcome.accounts if tracker == told.place.tracker}
    if accounts and told.people and accounts.isdisjoint(each.account for each in told.people):
        name = outcome.owner.name if outcome.owner else ", ".join(sorted(accounts))
        yield "owner", name, ", ".join(each.name or each.account for each in told.people)


def _handed_down(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Yield outcomes, with where the work of those hangs that they took over; these keep nothing."""
    heirs = living(outcomes)
    inherited: dict[str, list[TrackedIn]] = {}
    gave: set[str] = set()
    for outcome in outcomes:
        now = heirs.get(outcome.id.casefold(), ())
        if now and outcome.id not in now:
            gave.add(outcome.id)
            for heir in now:
                inherited.setdefault(heir, []).append(outcome.tracked_in)
    for outcome in outcomes:
        if outcome.id in gave:
            yield msgspec.structs.replace(outcome, tracked_in=_EMPTY)
        elif outcome.id in inherited:
            joined = _joined([outcome.tracked_in, *inherited[outcome.id]])
            yield msgspec.structs.replace(outcome, tracked_in=joined)
        else:
            yield outcome


def _joined(parts: Sequence[TrackedIn]) -> TrackedIn:
    return TrackedIn(
        items=_once(each for part in parts for each in part.items),
        milestones=_once(each for part in parts for each in part.milestones),
        labels=_once(each for part in parts for each in part.labels),
    )


def _once(values: Iterable[_Each]) -> tuple[_Each, ...]:
    return tuple(dict.fromkeys(values))
