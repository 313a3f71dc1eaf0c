"""`syncd run` as a process: annotates, tells its health, and ends when it is told to."""

import json
import signal
import socket
import threading
from time import monotonic

import pytest
import requests

from syncd.simulator.faults import Fault
from tests.e2e.town import LABEL, SIDES

TICK = threading.Event()


def wait_until(condition, seconds=20):
    for _ in range(seconds * 50):
        if found := condition():
            return found
        TICK.wait(0.02)
    pytest.fail(f"it did not come about within {seconds} seconds")


class Running:
    """The process with its log lines, read as they come."""

    def __init__(self, town):
        self.process = town.start("run")
        self.lines = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        self.lines.extend(self.process.stderr)

    def event(self, name):
        """Return the log line of an event, once it is there."""
        assert self.process.poll() is None, "".join(self.lines)
        return next((line for line in map(json.loads, list(self.lines)) if line["event"] == name), None)

    def ask(self, path):
        address = wait_until(lambda: self.event("service started"))["listen"]
        return requests.get(f"http://{address}{path}", timeout=5)

    def stop(self, number=signal.SIGTERM):
        """Ask it to stop; returns its exit code and how many seconds it took."""
        began = monotonic()
        self.process.send_signal(number)
        code = self.process.wait(20)
        self._reader.join(5)
        return code, monotonic() - began


@pytest.fixture
def run(living_town):
    living_town.configure(settings="http: {listen: 127.0.0.1:0}\npoll: {interval: 1s}\n")
    started = []

    def run():
        started.append(Running(living_town))
        return started[-1]

    yield run
    for running in started:
        running.process.kill()
        running.process.communicate()


def test_it_annotates_tells_its_health_and_ends_at_once_when_idle(living_town, run):
    sides = [make(living_town) for make in SIDES.values()]
    running = run()
    wait_until(lambda: all(side.comments for side in sides))
    assert running.ask("/healthz").text == "ok\n"
    ready = wait_until(lambda: (answer := running.ask("/readyz")).ok and answer.json())
    assert ready["ready"]
    assert set(ready["workspaces"]["default"]["trackers"]) == {"jira", "github"}

    late = SIDES["jira"](living_town, "Late")
    wait_until(lambda: late.comments)
    code, seconds = running.stop()

    assert code == 0
    assert seconds < 5
    assert [(side.labels, len(side.comments)) for side in (*sides, late)] == [((LABEL,), 1)] * 3
    assert [line for line in map(json.loads, running.lines) if line["level"] != "info"] == []
    assert running.process.stdout.read() == ""


def test_it_finishes_the_batch_in_flight_before_it_ends(living_town, run):
    side = SIDES["jira"](living_town)
    living_town.fault(tracker="jira", method="POST", path="/comment", late=2)
    running = run()
    wait_until(lambda: side.comments)

    code, seconds = running.stop(signal.SIGINT)

    assert (code, seconds < 9) == (0, True)
    with living_town.session() as session:
        assert session.workspace.open_intent_count() == 0
        assert len(session.workspace.store.ownership()) == 1


def test_it_ends_within_ten_seconds_while_a_request_hangs(living_town, run):
    SIDES["jira"](living_town)
    living_town.fault(tracker="github", delay=60, count=None)
    living_town.server.faults.add(Fault(tracker="jira", method="POST", path="/comment", delay=60))
    running = run()
    wait_until(lambda: not any(rule.tracker == "jira" for rule in living_town.server.faults.rules()))
    assert running.ask("/healthz").ok
    assert running.ask("/readyz").status_code == 503

    code, seconds = running.stop()

    assert code == 0
    assert seconds < 10
    with living_town.session() as session:
        assert session.workspace.open_intent_count() == 1, "what was sent is looked for by the next process"


def test_a_port_in_use_is_told_in_one_line(living_town):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        living_town.configure(settings=f"http: {{listen: 127.0.0.1:{port}}}\n")
        ended = living_town.run("run")

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == f"can't listen on 127.0.0.1:{port}: address already in use; change http.listen\n"
