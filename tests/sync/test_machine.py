"""Random histories of a whole installation; SYNCD_SCHEDULES asks for so many of them, and for others each time."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.sync.land import Land
from tests.sync.machine import SyncMachine
from tests.sync.sides import MemorySide
from tests.sync.simulated import simulated_sides

SCHEDULES = int(os.environ.get("SYNCD_SCHEDULES", "0"))


def profile(count: int, steps: int) -> settings:
    return settings(
        max_examples=SCHEDULES or count,
        stateful_step_count=steps,
        derandomize=not SCHEDULES,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


class MemoryMachine(SyncMachine):
    make_land = staticmethod(
        lambda folder: Land(folder, lambda world: [MemorySide(world, "memory"), MemorySide(world, "other")])
    )


class SimulatedMachine(SyncMachine):
    make_land = staticmethod(lambda folder: Land(folder, simulated_sides))


def test_it_comes_to_rest_where_it_should_after_any_history():
    run_state_machine_as_test(MemoryMachine, settings=profile(60, 30))


def test_so_it_does_over_the_simulators_with_the_real_adapters():
    run_state_machine_as_test(SimulatedMachine, settings=profile(8, 20))
