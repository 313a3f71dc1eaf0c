"""`syncd apply` as a process that is killed while it writes; then again, by a process or in this one."""

import os
import signal
import threading

import pytest

from syncd.clock import ManualClock, SystemClock
from syncd.simulator.faults import Fault
from syncd.store import open_store
from tests.e2e.town import LABEL, SIDES

TICK = threading.Event()
COMMENT = {"jira": r"^/rest/api/3/issue/\d+/comment", "github": r"/issues/\d+/comments"}


def kill_at(town, fault):
    """Start `syncd apply`, and kill it while the simulator holds the request that the fault hits."""
    town.server.faults.add(fault)
    process = town.start("apply")
    for _ in range(3000):
        if not town.server.faults.rules() or process.poll() is not None:
            break
        TICK.wait(0.01)
    assert process.poll() is None, "it ended before it could be killed: " + "".join(process.communicate())
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    assert process.returncode == -signal.SIGKILL


def assert_annotated_once(town, side):
    assert side.labels == (LABEL,)
    assert len(side.comments) == 1
    assert town.planned() == []


def test_killed_after_a_comment_was_created_and_before_its_answer(living_town):
    side = SIDES["jira"](living_town)
    kill_at(living_town, Fault(tracker="jira", method="POST", path=COMMENT["jira"], late=5))
    assert len(side.comments) == 1

    again = living_town.run("apply")

    assert (again.returncode, again.stderr) == (0, "")
    assert "Looking for 1 write whose answer was lost" in again.stdout
    assert_annotated_once(living_town, side)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("POST", COMMENT["github"], id="comment"),
        pytest.param("POST", r"/issues/\d+/labels", id="label"),
    ],
)
def test_killed_after_a_write_was_done_and_before_its_answer(living_town, method, path):
    side = SIDES["github"](living_town)
    kill_at(living_town, Fault(tracker="github", method=method, path=path, late=5))

    living_town.apply()

    assert_annotated_once(living_town, side)


@pytest.mark.parametrize("name", SIDES)
def test_killed_before_a_comment_came_to_be(living_town, name):
    """The next pass runs here, in a clock of its own: it looks twice, half a minute apart, before it writes again."""
    side = SIDES[name](living_town)
    kill_at(living_town, Fault(tracker=name, method="POST", path=COMMENT[name], delay=1, status=503))
    assert side.comments == []
    living_town.server.faults.clear()
    living_town.clock = clock = ManualClock(SystemClock().now())

    living_town.apply()

    assert [waited for waited in clock.waited if waited] == [30.0], "the first look came a minute after the write"
    assert_annotated_once(living_town, side)


def test_killed_while_it_reads_it_has_lost_nothing(living_town):
    sides = [make(living_town) for make in SIDES.values()]
    kill_at(living_town, Fault(tracker="github", path=r"/issues\?", late=5))

    assert living_town.run("apply").returncode == 0

    assert [len(side.comments) for side in sides] == [1, 1]


def test_two_at_once_do_not_write_twice(living_town):
    side = SIDES["jira"](living_town)
    store = open_store(f"sqlite:///{living_town.store_file}")
    with store.sole_writer():
        second = living_town.run("apply")
    store.close()

    assert second.returncode == 3
    assert second.stderr.endswith(f"process {os.getpid()} is writing to the trackers from it; stop it or wait\n")
    assert second.stderr.count("\n") == 1
    assert side.comments == []
