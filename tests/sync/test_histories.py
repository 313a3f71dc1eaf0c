"""Histories that once went wrong, each reduced to what it takes."""

from datetime import timedelta

import pytest

from tests.sync.land import Land
from tests.sync.seams import Trouble
from tests.sync.settling import settle, take_back
from tests.sync.sides import MemorySide
from tests.sync.simulated import simulated_sides

MEMORY, JIRA, GITHUB = 0, 0, 1
"""Trackers by number; of each pair of sides the places are numbered, two by two."""


@pytest.fixture
def land(tmp_path):
    land = Land(tmp_path, lambda world: [MemorySide(world, "memory")])
    yield land
    land.close()


@pytest.fixture
def simulated(tmp_path):
    land = Land(tmp_path, simulated_sides)
    yield land
    land.close()


def test_a_label_that_arrives_late_when_nobody_wants_it_any_more_is_taken_back(land):
    land.poll_all()
    land.trouble(MEMORY, Trouble.LATE)
    land.write_down()
    land.set_rule("titled", None)
    land.write_down()

    settle(land)


def test_an_edit_that_arrives_late_is_not_taken_for_a_persons(land):
    settle(land)
    land.close_item(0)
    land.poll_all()
    land.trouble(MEMORY, Trouble.NONE, Trouble.NONE, Trouble.KILLED_LATE, Trouble.DEFERRED)
    land.write_down()
    land.write_down()
    land.pass_time(timedelta(seconds=30))
    land.rewrite_ours(0, "We closed it.")

    settle(land)


def test_a_lost_write_in_a_place_that_is_forbidden_just_then_is_found_when_it_is_back(simulated):
    simulated.pass_time(timedelta(minutes=1))
    simulated.poll_all()
    simulated.trouble(JIRA, *[Trouble.LOST] * 4)
    simulated.write_down()
    simulated.fail(0)
    simulated.fail(1)
    simulated.pass_time(timedelta(minutes=1))
    simulated.write_down()
    simulated.heal()

    settle(simulated)
    take_back(simulated)


def test_what_was_out_of_sight_when_it_was_looked_at_is_written_on_again(simulated):
    simulated.pass_time(timedelta(minutes=1))
    simulated.poll_all()
    simulated.trouble(JIRA, Trouble.DEFERRED, Trouble.KILLED_BEFORE)
    simulated.write_down()
    simulated.fail(0)
    simulated.fail(1)
    simulated.write_down()
    simulated.heal()

    settle(simulated)
    take_back(simulated)


def test_one_blocker_in_the_place_of_another_is_seen_by_the_census(simulated):
    for title in ("one", "other"):
        simulated.add_item(2, title)
    numbers = [number for number, (side, _) in enumerate(simulated.items()) if side.name == "github"]
    simulated.block(numbers[0], 1)
    settle(simulated)
    simulated.block(numbers[0], 2)

    settle(simulated)
