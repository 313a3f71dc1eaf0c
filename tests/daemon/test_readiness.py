"""What /readyz says of a service whose trackers can all be read."""

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from syncd.clock import SystemClock
from syncd.daemon.service import Service

TICK = threading.Event()


def wait_until(condition):
    for _ in range(1000):
        if condition():
            return
        TICK.wait(0.01)
    pytest.fail("it did not come about within ten seconds")


def test_a_workspace_that_can_not_be_judged_is_not_ready_and_says_why(make_ground):
    ground = make_ground()
    ground.clock.set(SystemClock().now() - timedelta(hours=1))
    ground.board.add("one")
    batches, is_broken = ground.trackers["memory"].batches, threading.Event()
    is_broken.set()

    def break_down(changes):
        if is_broken.is_set():
            raise RuntimeError("a bug")
        return batches(changes)

    ground.trackers["memory"].batches = break_down
    every = timedelta(milliseconds=20)
    service = Service([ground.workspace], ground.clock, poll_every=every, census_every=timedelta(days=1))
    with capture_logs():
        service.start()
        try:
            wait_until(lambda: "pass_error" in service.readiness().details["workspaces"]["default"])
            assert not service.readiness().is_ready
            assert service.readiness().details["workspaces"]["default"]["pass_error"] == "RuntimeError: a bug"

            is_broken.clear()
            wait_until(lambda: service.readiness().is_ready)
            assert "pass_error" not in service.readiness().details["workspaces"]["default"]
        finally:
            service.stop(timedelta(seconds=10))
