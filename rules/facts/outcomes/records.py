"""Records of an outcome's measures, and of what file and tracker say differently of it."""

from datetime import date
from typing import Literal

import msgspec

from rules.facts.fact import FactContext
from rules.world import World
from syncd.model.identity import ItemId, PlaceId
from syncd.model.outcomes import Contradiction, Measure, Outcome


class MeasureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of an outcome. ``share_to_target``: of the way from baseline to target, where both are stated.

    ``title`` says all of it: "Checkout p95: 2.1 s on 2026-11-02, from 2.4 s, target 1.2 s".
    ``measured_since_launch`` is null before the launch and without one.
    """

    id: str
    name: str
    title: str
    unit: str
    baseline: float | None
    target: float | None
    last_value: float | None
    last_on: date | None
    share_to_target: float | None
    moved: bool | None
    """Whether the newest reading is nearer to the target than the baseline is; null without one of the three."""
    is_reached: bool | None
    measured_since_launch: bool | None
    previous_value: float | None = None
    previous_on: date | None = None
    moved_since_previous: bool | None = None
    """Whether the newest reading is nearer to the target than the one before it; null without one of the three."""
    moved_since_launch: bool | None = None
    """Whether the newest reading, from after the launch day, is nearer to the target than the last one up to that day
    (else the baseline); null without one of these."""


class ContradictionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the roadmap's file and an item of a tracker say differently of an outcome, both in words."""

    field: Literal["status", "horizon", "target_date", "owner"]
    title: str
    """All of it in words: "target_date: 2026-12-18 in the roadmap, 2027-01-15 in the tracker"."""
    in_file: str
    in_tracker: str
    key: str
    url: str
    item: ItemId | None
    place: PlaceId | None
    restricted: bool


def is_launched(context: FactContext, outcome: Outcome) -> bool | None:
    """Return whether the launch day of an outcome is over; None where it has none."""
    return context.calendar.day(context.now) > outcome.launch.on if outcome.launch.on is not None else None


def measure_record(measure: Measure, launched_on: date | None) -> MeasureRecord:
    """Return the record of a measure; ``launched_on`` None: its outcome is not launched."""
    last = measure.last
    way = measure.way(last.value) if last is not None else None
    previous = measure.readings[-2] if len(measure.readings) > 1 else None
    return MeasureRecord(
        id=measure.id,
        name=measure.name,
        title=_words(measure),
        unit=measure.unit,
        baseline=measure.baseline,
        target=measure.target,
        last_value=last.value if last else None,
        last_on=last.on if last else None,
        share_to_target=way,
        moved=way > 0 if way is not None else None,
        is_reached=way >= 1 if way is not None else None,
        measured_since_launch=None if launched_on is None else last is not None and last.on > launched_on,
        previous_value=previous.value if previous else None,
        previous_on=previous.on if previous else None,
        moved_since_previous=_moved(measure, previous.value) if previous else None,
        moved_since_launch=_moved_since_launch(measure, launched_on) if launched_on is not None else None,
    )


def _moved_since_launch(measure: Measure, launched_on: date) -> bool | None:
    last = measure.last
    if last is None or last.on <= launched_on:
        return None
    before = [reading.value for reading in measure.readings if reading.on <= launched_on]
    found = before[-1] if before else measure.baseline
    return None if found is None else _moved(measure, found)


def _moved(measure: Measure, before: float) -> bool | None:
    """Return whether the newest reading lies from an earlier value on in the direction of the target."""
    last, target = measure.last, measure.target
    if last is None or target is None:
        return None
    start = before if measure.baseline is None else measure.baseline
    return None if start == target else (last.value - before) * (target - start) > 0


def _words(measure: Measure) -> str:
    def amount(value: float) -> str:
        return f"{value:.10g} {measure.unit}".rstrip()

    last = measure.last
    parts = [f"{amount(last.value)} on {last.on}" if last else "not measured yet"]
    parts += [f"from {amount(measure.baseline)}"] if measure.baseline is not None else []
    parts += [f"target {amount(measure.target)}"] if measure.target is not None else []
    return f"{measure.name or measure.id}: {', '.join(parts)}"


def contradiction_record(world: World, found: Contradiction) -> ContradictionRecord:
    """Return the record of a contradiction."""
    item = world.item(found.item) if found.item is not None else None
    return ContradictionRecord(
        field=found.field,  # type: ignore[arg-type]
        title=f"{found.field.replace('_', ' ')}: {found.in_file} in the roadmap, {found.in_tracker} in the tracker",
        in_file=found.in_file,
        in_tracker=found.in_tracker,
        key=found.key,
        url=item.url if item else "",
        item=found.item,
        place=found.place,
        restricted=found.restricted,
    )


def all_true(answers: tuple[bool | None, ...]) -> bool | None:
    """Return whether all that can be answered is true; None where nothing can."""
    known = [each for each in answers if each is not None]
    return all(known) if known else None


def any_true(answers: tuple[bool | None, ...]) -> bool | None:
    """Return whether any that can be answered is true; None where nothing can."""
    known = [each for each in answers if each is not None]
    return any(known) if known else None
