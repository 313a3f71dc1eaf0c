"""The service on threads: what a test waits for comes within a few short intervals, or it fails after ten seconds."""

import threading
from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from syncd.clock import SystemClock
from syncd.daemon.service import STALE_AFTER_POLLS, Service
from syncd.documents import parse_document
from syncd.model.changes import Fate, Result
from syncd.model.errors import TransientError
from syncd.model.items import Audience, AudienceKind
from syncd.model.outcomes import Period
from tests.daemon.ground import comment_change

INTERVAL = timedelta(milliseconds=20)
DAY = timedelta(days=1)
GRACE = timedelta(seconds=10)
TICK = threading.Event()


def wait_until(condition):
    for _ in range(1000):
        if condition():
            return
        TICK.wait(0.01)
    pytest.fail("it did not come about within ten seconds")


@pytest.fixture
def logs():
    with capture_logs() as logs:
        yield logs


@pytest.fixture
def make_service(make_ground, logs):
    started = []

    def make(*names, **given):
        ground = make_ground(*names)
        ground.clock.set(SystemClock().now() - timedelta(hours=1))  # the scheduler has its own clock
        service = Service([ground.workspace], ground.clock, poll_every=INTERVAL, census_every=DAY, **given)
        started.append(service)
        return ground, service

    yield make
    for service in started:
        service.stop(GRACE)


class Gate:
    """Lets a tracker's method through when the test says so, and counts who is inside."""

    def __init__(self, tracker, name):
        self.open = threading.Event()
        self.entered = threading.Event()
        self.inside, self.most, self.count = 0, 0, 0
        self._method = getattr(tracker, name)
        setattr(tracker, name, self)

    def __call__(self, *given):
        self.inside += 1
        self.count += 1
        self.most = max(self.most, self.inside)
        self.entered.set()
        assert self.open.wait(10)
        self.inside -= 1
        return self._method(*given)


def polls(board, count=3):
    """Return a condition: the board was polled so often from now on."""
    after = board.request_count + count
    return lambda: board.request_count >= after


def test_it_reads_judges_and_writes_by_itself(make_service, logs):
    ground, service = make_service()
    first = ground.board.add("one")

    service.start()
    wait_until(lambda: ground.ours(first))
    second = ground.board.add("two")
    wait_until(lambda: ground.ours(second))

    assert service.stop(GRACE)
    assert [len(ground.ours(item)) for item in (first, second)] == [1, 1]
    assert [line["applied"] for line in logs if line["event"] == "plan applied"] == [2, 2]


def test_what_could_not_be_asked_is_logged_when_it_begins_and_not_at_every_poll(make_service, logs):
    ground, service = make_service()
    ground.board.warnings = ("the query is refused",)

    service.start()
    wait_until(polls(ground.board))

    assert service.stop(GRACE)
    warnings = [line["warning"] for line in logs if line["event"] == "tracker could not be asked everything"]
    assert warnings == ["the query is refused"]


def test_after_a_stop_nothing_runs_any_more(make_service):
    ground, service = make_service()
    service.start()
    wait_until(polls(ground.board))

    assert service.stop(GRACE)
    count = ground.board.request_count
    TICK.wait(0.1)
    assert ground.board.request_count == count
    assert service.stop(GRACE), "a second stop finds nothing to do"


def test_a_stop_waits_no_longer_than_its_grace(make_service):
    ground, service = make_service()
    gate = Gate(ground.trackers["memory"], "poll")
    service.start()
    assert gate.entered.wait(10)

    assert not service.stop(timedelta(milliseconds=50))
    gate.open.set()


@pytest.mark.parametrize("error", [TransientError("down", tracker="bad"), RuntimeError("a bug")])
def test_a_tracker_that_fails_stops_no_other(make_service, error):
    ground, service = make_service("bad", "good")
    item = ground.boards["good"].add("one")

    def fail(cursor):
        raise error

    ground.trackers["bad"].poll = fail
    service.start()

    wait_until(lambda: ground.ours(item))
    details = service.readiness().details["workspaces"]["default"]["trackers"]
    assert str(error).rpartition(": ")[2] in details["bad"]["error"]
    assert details["good"]["error"] is None


def test_a_poll_never_overlaps_itself_and_polls_do_not_pile_up(make_service):
    ground, service = make_service()
    gate = Gate(ground.trackers["memory"], "poll")
    service.start()
    assert gate.entered.wait(10)
    TICK.wait(10 * INTERVAL.total_seconds())

    assert gate.count == 1
    gate.open.set()
    wait_until(lambda: gate.count > 2)
    assert gate.most == 1


def test_a_tracker_that_is_back_without_news_is_judged_again(make_service):
    ground, service = make_service()
    item = ground.board.add("one")
    probe = ground.trackers["memory"].probe

    def fail():
        raise TransientError("500", tracker="memory")

    ground.trackers["memory"].probe = fail
    service.start()
    wait_until(polls(ground.board, 4))
    assert ground.ours(item) == ()
    ground.trackers["memory"].probe = probe

    wait_until(lambda: ground.ours(item))


def test_a_lost_answer_is_looked_for(make_service):
    ground, service = make_service()
    item = ground.board.add("one")
    ground.board.lost_count = 2

    service.start()

    wait_until(lambda: item.id in ground.store.ownership() and ground.store.ownership()[item.id].comment)
    assert ground.store.open_intents("memory") == []
    assert len(ground.ours(item)) == 1


def test_what_a_killed_process_never_sent_is_sent_after_two_looks_though_nothing_changes(make_service):
    ground, service = make_service()
    item = ground.board.add("one")
    ground.poll()
    change = comment_change(ground, item)
    ground.store.add_intents(ground.store.begin_pass("apply", ground.clock.now()), "b", [change], ground.clock.now())

    service.start()
    for looks in (0, 1):
        wait_until(lambda looks=looks: [each.readbacks for each in ground.store.open_intents("memory")] == [looks])
        wait_until(polls(ground.board, 5))
        assert ground.ours(item) == ()
        ground.pass_time(seconds=31)

    wait_until(lambda: ground.ours(item))


def test_what_could_not_be_sent_is_sent_with_the_next_poll_though_nothing_changed(make_service, logs):
    ground, service = make_service()
    item = ground.board.add("one")
    send, refused = ground.trackers["memory"].send, iter(range(4))

    def defer(batch):
        if next(refused, None) is None:
            return send(batch)
        return iter([Result(change=change, fate=Fate.DEFERRED) for change in batch.changes])

    ground.trackers["memory"].send = defer
    service.start()

    wait_until(lambda: ground.ours(item))
    assert {"some changes were not made", "plan applied"} <= {line["event"] for line in logs}


def test_a_pass_that_fails_is_made_up_for_at_the_next_poll(make_service):
    ground, service = make_service()
    item = ground.board.add("one")
    batches, broken = ground.trackers["memory"].batches, iter(range(2))

    def break_down(changes):
        if next(broken, None) is None:
            return batches(changes)
        raise RuntimeError("a bug")

    ground.trackers["memory"].batches = break_down
    service.start()

    wait_until(lambda: ground.ours(item))


class TestAfterARestart:
    """What the store holds is old until each tracker was asked again."""

    def test_nothing_is_judged_from_what_a_tracker_said_before_it(self, make_service):
        ground, service = make_service("quick", "slow")
        item = ground.boards["quick"].add("one")
        for name in ground.boards:
            ground.poll(name)
        gate = Gate(ground.trackers["slow"], "poll")
        service.start()
        assert gate.entered.wait(10)
        wait_until(polls(ground.boards["quick"]))
        assert ground.ours(item) == ()

        gate.open.set()

        wait_until(lambda: ground.ours(item))

    def test_a_tracker_that_was_never_read_is_not_waited_for(self, make_service):
        ground, service = make_service("quick", "slow")
        item = ground.boards["quick"].add("one")
        gate = Gate(ground.trackers["slow"], "poll")
        service.start()

        wait_until(lambda: ground.ours(item))
        assert gate.entered.wait(10)
        gate.open.set()

    def test_a_tracker_that_can_not_be_read_now_is_not_waited_for(self, make_service):
        ground, service = make_service("quick", "down")
        item = ground.boards["quick"].add("one")
        for name in ground.boards:
            ground.poll(name)
        ground.boards["down"].is_down = True
        service.start()

        wait_until(lambda: ground.ours(item))


class TestReadiness:
    def test_a_service_that_has_not_read_its_trackers_is_not_ready(self, make_service):
        _, service = make_service()

        readiness = service.readiness()

        assert not readiness.is_ready
        assert readiness.details == {
            "workspaces": {
                "default": {"trackers": {"memory": {"read_at": None, "error": None}}, "waiting_for_review": 0}
            }
        }

    def test_it_is_ready_as_long_as_every_tracker_was_read_lately(self, make_service):
        ground, service = make_service("here", "there")
        service.start()
        wait_until(lambda: service.readiness().is_ready)
        ground.boards["there"].is_down = True
        wait_until(lambda: service.readiness().details["workspaces"]["default"]["trackers"]["there"]["error"])
        assert service.readiness().is_ready, "one poll that fails is no outage"

        ground.clock.set(ground.clock.now() + STALE_AFTER_POLLS * INTERVAL + INTERVAL)

        wait_until(lambda: not service.readiness().is_ready)
        trackers = service.readiness().details["workspaces"]["default"]["trackers"]
        assert trackers["there"]["error"] == "there: can't be reached"
        ground.boards["there"].is_down = False
        wait_until(lambda: service.readiness().is_ready)


def test_what_is_gone_is_found_and_what_was_set_aside_is_retried_by_itself(make_service):
    ground, service = make_service()
    item, bad = ground.board.add("one"), ground.board.add("bad")
    ground.board.unreadable[bad.id.native_id] = "no title"
    service = Service([ground.workspace], ground.clock, poll_every=INTERVAL, census_every=INTERVAL)
    service.start()
    try:
        wait_until(lambda: ground.store.problems() and ground.store.items())
        ground.board.delete(item.id)
        del ground.board.unreadable[bad.id.native_id]
        for _ in range(200):
            ground.pass_time(minutes=1)
            TICK.wait(0.02)
            if set(ground.store.gone()) == {item.id} and ground.store.problems() == ():
                break
        assert set(ground.store.gone()) == {item.id}
        assert set(ground.store.items()) == {bad.id}
    finally:
        service.stop(GRACE)


DATED = """
rules:
  - {id: no-outcome, title: Not linked, when: {trace.state: unlinked}, message: "Link it by {period.ends_on}."}
"""


def test_a_place_that_is_public_from_now_on_loses_what_it_told_though_nothing_else_changed(make_ground, logs):
    ground = make_ground()
    ground.clock.set(SystemClock().now() - timedelta(hours=1))
    period = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    rules = load_rules([parse_document(DATED, "rules.yaml")], all_facts())
    charter = replace(ground.workspace.charter, rules=rules, roadmap=Roadmap(period=period))
    workspace = replace(ground.workspace, charter=charter)
    item = ground.board.add("one")
    service = Service([workspace], ground.clock, poll_every=INTERVAL, census_every=INTERVAL)
    service.start()
    try:
        wait_until(lambda: ground.ours(item))
        ground.pass_time(seconds=1)
        wait_until(polls(ground.board, 20))  # what we wrote ourselves is no news any more
        tracker = ground.trackers["memory"]
        told = tracker.probe()
        public = tuple(replace(each, audience=Audience(AudienceKind.PUBLIC)) for each in told.places)
        tracker.probe = lambda: replace(told, places=public)
        for _ in range(1000):
            ground.pass_time(seconds=1)
            TICK.wait(0.01)
            if not ground.ours(item):
                break
        assert ground.ours(item) == ()
    finally:
        service.stop(GRACE)
