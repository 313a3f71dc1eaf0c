"""What operators are told of a service whose trackers can be reached."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.clock import SystemClock
from syncd.daemon.service import Service

TICK = threading.Event()


def details_of(service: Service) -> Any:
    details: Any = service.readiness().details
    return details["workspaces"]["default"]


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
            wait_until(lambda: "pass_error" in details_of(service))
            assert not service.readiness().is_ready
            assert details_of(service)["pass_error"] == "RuntimeError: a bug"

            is_broken.clear()
            wait_until(lambda: service.readiness().is_ready)
            assert "pass_error" not in details_of(service)
        finally:
            service.stop(timedelta(seconds=10))


def test_a_place_that_can_not_be_read_is_logged_once_with_the_reason(make_ground):
    ground = make_ground()
    ground.clock.set(SystemClock().now() - timedelta(hours=1))
    (place,) = ground.board.places
    ground.board.failing[place] = "no such repository"
    every = timedelta(milliseconds=20)
    service = Service([ground.workspace], ground.clock, poll_every=every, census_every=timedelta(days=1))
    with capture_logs() as logs:
        service.start()
        after = ground.board.request_count + 4
        wait_until(lambda: ground.board.request_count >= after)
        assert service.stop(timedelta(seconds=10))
    told = [(line["place"], line["error"]) for line in logs if line["event"] == "place could not be read"]
    assert told == [(place.key, "no such repository")]
