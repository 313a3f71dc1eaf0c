"""What must be true once everything has calmed down: what stands there is what a store that knew all would leave."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import msgspec

from rules.world import WorldInput, build_world
from syncd.daemon.passes import settle_lost_writes
from syncd.daemon.reconcile import policy_of
from syncd.model.changes import Change, Fate, Observation, OwnedLabel, Ownership, Removed
from syncd.model.findings import FindingState
from syncd.model.identity import Handle, ItemId
from syncd.model.items import Item, Stage
from syncd.planner.findings import is_live
from syncd.planner.reconcile import Memory, reconcile
from syncd.planner.stages import place_stage, stage_of
from tests.sync.charters import PREFIX, WIDE, Settings
from tests.sync.land import Land
from tests.sync.shadow import Surely, Traces, Whose, ours_in, owned_comment, state_of
from tests.sync.sides import Side

HOLDING = (FindingState.PENDING, FindingState.OPEN)
PASSES = 6
"""So many passes are enough to come to rest from anywhere."""


class Rest(msgspec.Struct, frozen=True):
    """A pass: whether it did nothing, when it judged, and when time alone would change that."""

    is_quiet: bool
    at: datetime
    next_due: datetime | None


def settle(land: Land) -> None:
    """Let all troubles end, let syncd come to rest, and check what it left."""
    _calm(land)
    before = _pass(land)
    for _ in range(PASSES):
        after = _pass(land)
        if before.is_quiet and after.is_quiet:
            break
        is_due = before.next_due is not None and before.next_due <= after.at
        assert is_due or not before.is_quiet, "a second pass writes"
        before = after
    else:
        raise AssertionError("it does not come to rest")
    land.took_note_of_everything()
    check(land, after.at)


def take_back(land: Land) -> None:
    """Let an admin take every rule away, and check that all goes that syncd brought: what it forgot would stay."""
    land.settings = Settings(rules=(), outcomes=land.settings.outcomes)
    settle(land)
    for side, item in land.items():
        ours = [label for label, whose in land.shadow.of(item.id).labels.items() if whose is Whose.OURS]
        assert not ours or side.place(item) not in land.places, f"left on {item.key}: {ours}"


def _calm(land: Land) -> None:
    land.seams.calm()
    land.heal()
    for tracker in land.trackers.values():
        tracker.calm()
    land.set_limits(WIDE)
    # What was refused is tried again after a while, or a day.
    was_refused = any(entry.fate is Fate.REFUSED for entry in land.store.ledger(limit=1000))
    land.pass_time(timedelta(hours=25) if was_refused else timedelta(minutes=5))
    land.pass_time(max(side.slowest_reading for side in land.sides.values()))
    _read_everything(land)
    for index in range(2 * len(land.trackers)):
        land.survey(index // 2)
        land.pass_time(timedelta(minutes=1))


def _read_everything(land: Land) -> None:
    for polled in land.poll_all():
        assert not polled.error, polled.error
        assert not polled.failures, polled.failures


def _pass(land: Land) -> Rest:
    """Make one whole pass as ``syncd apply`` does."""
    land.pass_time(timedelta(minutes=1))
    _read_everything(land)
    settle_lost_writes(land.workspace, land.clock)
    at = land.clock.now()
    judged = land.plan()
    land.pass_time(timedelta(seconds=1))
    applied = land.apply(judged)
    return Rest(not (applied.results or judged.reconciled.to_observe), at, judged.reconciled.next_due)


def check(land: Land, at: datetime) -> None:
    """Assert everything that holds at rest."""
    items = _check_reading(land)
    _check_books(land)
    for side, item in land.items():
        land.shadow.is_untouched(side, item)
        assert len(ours_in(state_of(side, item), land.shadow.of(item.id))) <= 1, f"two comments of ours on {item.key}"
    _check_labels(land, items)
    _check_nothing_is_left_to_do(land, items, at)


def _check_reading(land: Land) -> dict[ItemId, Item]:
    """Assert that the store has read what is there, by a reading from nothing; return the items it holds."""
    stored, seen = land.store.items(), {}
    for side in land.sides.values():
        for page in side.tracker(land.world).poll(None):
            seen.update({item.id: _as_shown(item) for item in page.items})
    here = {item_id: _as_shown(item) for item_id, item in stored.items() if item.place in land.charter.places}
    assert here == seen, _difference(here, seen)
    assert land.store.problems() == ()
    return stored


def _as_shown(item: Item) -> Item:
    """Return an item without what only somebody knows who has watched it: who was active before we wrote, and links
    that are asked for apart."""
    return msgspec.structs.replace(item, activity_at=None, has_all_links=True)


def _difference(stored: dict[ItemId, Item], seen: dict[ItemId, Item]) -> str:
    wrong = [each for each in sorted({*stored, *seen}) if stored.get(each) != seen.get(each)]
    return "\n".join(f"stored {stored.get(each)}\nthere  {seen.get(each)}" for each in wrong)


def _check_books(land: Land) -> None:
    """Assert that no write is open, each that was sent is in the ledger, and the roadmap is the last one."""
    assert [intent for name in land.trackers for intent in land.store.open_intents(name)] == []
    written_down = {entry.intent_id for entry in land.store.ledger(limit=1_000_000)}
    assert land.intended <= written_down, f"not in the ledger: {land.intended - written_down}"
    revised = {revision.outcome.id: revision for revision in land.store.outcome_revisions()}
    current = {each.outcome for each in revised.values() if not each.gone}
    assert current == set(land.charter.roadmap.outcomes)
    assert all(_may_wait(reason) for _, reason in land.store.waiting()), land.store.waiting()


def _may_wait(reason: str) -> bool:
    return "one prefix has one owner" in reason


def _check_labels(land: Land, items: dict[ItemId, Item]) -> None:
    """Assert, without the planner, that each item carries the labels of what is told there, and no other of ours."""
    told: dict[ItemId, set[str]] = {}
    may: dict[ItemId, set[str]] = {}
    for finding in filter(is_live, land.store.findings().values()):
        for target in finding.told:
            place = land.charter.places.get(items[target].place) if target in items else None
            may.setdefault(target, set()).add(PREFIX + finding.rule_id)
            if stage_of(finding.rule, place, land.charter.stage) >= Stage.LABELS:
                told.setdefault(target, set()).add(PREFIX + finding.rule_id)
    for side, item in land.items():
        place = land.charter.places.get(side.place(item))
        if place_stage(place, land.charter.stage) < Stage.LABELS:
            continue
        traces, labels = land.shadow.of(item.id), side.labels(item)
        ours = {label for label, whose in traces.labels.items() if whose is Whose.OURS}
        taken = {what for what, _ in traces.removed}
        there = {label.casefold() for label in labels}
        assert ours <= may.get(item.id, set()), f"labels of ours that nothing wants on {item.key}: {ours}"
        missing = told.get(item.id, set()) - there - taken
        assert not missing, f"labels that are missing on {item.key}: {missing}"


def _check_nothing_is_left_to_do(land: Land, items: dict[ItemId, Item], at: datetime) -> None:
    """Assert that a store which knew everything, as the shadow does, would plan nothing.

    Where nobody could know whose something is, one of the answers must lead to nothing.
    """
    store, charter = land.store, land.charter
    world = build_world(
        WorldInput(
            items=items,
            gone=store.gone(),
            places=charter.places,
            states=store.place_states(),
            aliases=store.aliases(),
            roadmap=charter.roadmap,
        )
    )
    judgments = charter.rules.evaluate(world, at)
    findings = store.findings()
    held = {(each.rule.id, each.subject) for each in judgments.holding}
    believed = {key for key, each in findings.items() if each.known and each.state in HOLDING}
    assert held == believed, f"it holds {held - believed}, it does not {believed - held}"
    clear = [(side, item) for side, item in land.items() if not land.shadow.of(item.id).unclear]
    known = {item.id: list(_known(land, side, item)) for side, item in clear}
    left: dict[ItemId, list[Change]] = {}
    for variant in range(max(map(len, known.values()))):
        memory = Memory(
            findings=findings,
            ownership={item_id: each[variant % len(each)][0] for item_id, each in known.items()},
            observations={item_id: each[variant % len(each)][1] for item_id, each in known.items()},
        )
        plan = reconcile(judgments, world, memory, policy_of(charter), at).plan
        for item_id in known:
            changes = [each for each in plan.changes if each.target == item_id]
            left[item_id] = changes if left.get(item_id, changes) else []
    wrong = {item_id: changes for item_id, changes in left.items() if changes}
    assert not wrong, f"left to do, if all were known: {wrong}\n{_story(land, wrong)}"


def _story(land: Land, wrong: dict[ItemId, list[Change]]) -> str:
    owned, seen = land.store.ownership(), land.store.observations()
    return "\n".join(
        f"{item_id}\n  shadow {land.shadow.of(item_id)}\n  store {owned.get(item_id)}\n  seen {seen.get(item_id)}"
        for item_id in wrong
    )


def _known(land: Land, side: Side, item: Handle) -> Iterator[tuple[Ownership, Observation]]:
    """Yield what a store that knew everything would know of an item, once for each answer that nobody could know."""
    traces = land.shadow.of(item.id)
    notes = ours_in(state_of(side, item), traces)
    observation = Observation(item=item.id, stamp=land.world.now())
    if notes:
        observation = side.tracker(land.world).observe([item], {item.id: notes[0].id})[item.id]
    for certain in _answers(traces):
        yield _ownership(land, item, certain, observation), observation


def _answers(traces: Traces) -> Iterator[Traces]:
    open_labels = [label for label, whose in sorted(traces.labels.items()) if whose is Whose.EITHER]
    open_removed = [key for key, taken in sorted(traces.removed.items()) if taken.sure is Surely.MAYBE]
    open_edits = [key for key, said in sorted(traces.comments.items()) if said.edited is Surely.MAYBE]
    for answer in product((True, False), repeat=len(open_labels) + len(open_removed) + len(open_edits)):
        given = iter(answer)
        labels = {**traces.labels, **{each: Whose.OURS if next(given) else Whose.THEIRS for each in open_labels}}
        out = {key for key in open_removed if not next(given)}
        edits = {key: Surely.YES if next(given) else None for key in open_edits}
        yield Traces(
            labels=labels,
            removed={key: taken for key, taken in traces.removed.items() if key not in out},
            comments={
                key: msgspec.structs.replace(said, edited=edits.get(key, said.edited))
                for key, said in traces.comments.items()
            },
        )


def _ownership(land: Land, item: Handle, traces: Traces, observation: Observation) -> Ownership:
    long_ago = land.world.now() - timedelta(days=1000)
    comment = observation.comments[0] if observation.comments else None
    said = traces.comments[comment.comment_id] if comment else None
    return Ownership(
        item=item.id,
        labels=tuple(
            OwnedLabel(each, long_ago) for each, whose in sorted(traces.labels.items()) if whose is Whose.OURS
        ),
        foreign_labels=tuple(each for each, whose in sorted(traces.labels.items()) if whose is Whose.THEIRS),
        comment=owned_comment(said, comment) if comment and said else None,
        removed=tuple(Removed(what, rule_id, long_ago) for what, rule_id in sorted(traces.removed)),
        written_at=long_ago,
    )
