from datetime import date

from syncd.model.outcomes import Measure, Reading
from syncd.store import WorkspaceStore
from tests.builders import make_outcome
from tests.store.samples import minutes

EARLY, LATE = Reading(date(2026, 11, 2), 2.1), Reading(date(2026, 11, 9), 1.9)


def test_readings_come_back_by_outcome_and_measure_oldest_first(store: WorkspaceStore):
    store.save_reading("speed", "p95", LATE, minutes(0))
    store.save_reading("speed", "p95", EARLY, minutes(1))
    store.save_reading("speed", "errors", EARLY, minutes(1))
    assert store.readings() == {("speed", "errors"): (EARLY,), ("speed", "p95"): (EARLY, LATE)}


def test_the_last_word_on_a_day_counts(store: WorkspaceStore):
    store.save_reading("speed", "p95", EARLY, minutes(0))
    store.save_reading("speed", "p95", Reading(EARLY.on, 2.0), minutes(1))
    assert store.readings() == {("speed", "p95"): (Reading(EARLY.on, 2.0),)}


def test_a_reading_can_be_taken_back_once(store: WorkspaceStore):
    store.save_reading("speed", "p95", EARLY, minutes(0))
    assert store.remove_reading("speed", "p95", EARLY.on)
    assert not store.remove_reading("speed", "p95", EARLY.on)
    assert store.readings() == {}


def test_a_reading_is_no_revision_of_its_outcome_and_a_target_is(store: WorkspaceStore):
    for at, (target, readings) in enumerate([(1.2, ()), (1.2, (EARLY,)), (1.0, (EARLY, LATE))]):
        measure = Measure(id="p95", target=target, readings=readings)
        store.save_outcomes([make_outcome("speed", measures=(measure,))], minutes(at))
    told = [(revision.outcome.measures, revision.seen_at) for revision in store.outcome_revisions()]
    assert told == [
        ((Measure(id="p95", target=1.2),), minutes(0)),
        ((Measure(id="p95", target=1.0),), minutes(2)),
    ]
