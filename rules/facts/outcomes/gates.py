"""The gates of a launch: items that must be done before it."""

from rules.facts.fact import FactContext
from rules.facts.work import WorkRecord, record_of_dark, records_of
from rules.refs import place_key
from syncd.model.identity import PlaceId, Ref
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Outcome
from syncd.model.truth import Unknown


class GateRecord(WorkRecord, frozen=True, kw_only=True):
    """A gate of a launch: its name in the roadmap, and the item that must be done; one that is not there is not."""

    name: str
    done: bool | Unknown


def gates_of(context: FactContext, outcome: Outcome) -> tuple[GateRecord, ...]:
    """Return the gates of an outcome's launch."""
    return tuple(_gate(context, name, ref) for name, ref in outcome.launch.gates)


def open_gates(gates: tuple[GateRecord, ...]) -> tuple[GateRecord | Unknown, ...]:
    """Return the gates that are not done; what may be one stands at the end as unknown."""
    unknown = next((gate.done for gate in gates if isinstance(gate.done, Unknown)), None)
    found = tuple(gate for gate in gates if gate.done is False)
    return (*found, unknown) if unknown is not None else found


def _gate(context: FactContext, name: str, ref: Ref) -> GateRecord:
    world = context.world
    item_id = world.references.find(ref)
    position = world.positions.get(item_id) if item_id is not None else None
    if position is None:
        return _missing(context, name, ref)
    dark = world.darks[position]
    if dark is not None:
        return _named(name, record_of_dark(world.rows[position], None), dark)
    is_done = world.rows[position].status_category is StatusCategory.DONE
    return _named(name, records_of(context).at(position), is_done)


def _missing(context: FactContext, name: str, ref: Ref) -> GateRecord:
    """Return the record of a gate whose item was not found: open where a whole reading of its place lacks it."""
    world = context.world
    place = world.place_named(ref, None)
    key = ref.key or ref.url or ref.native_id
    dark = world.is_dark(place) if place is not None else Unknown(f"{key} is in no place that is read")
    state = world.given.states.get(place) if place is not None else None
    if dark is None and (state is None or state.census_at is None):
        dark = Unknown(f"{key} was not found, and its place is not counted yet")
    record = WorkRecord(key=key, url=ref.url, place=place or PlaceId(ref.tracker, place_key(key)))
    return _named(name, record, dark or False)


def _named(name: str, record: WorkRecord, done: bool | Unknown) -> GateRecord:
    return GateRecord(name=name, done=done, **{each: getattr(record, each) for each in record.__struct_fields__})
