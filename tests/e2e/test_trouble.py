"""A tracker that is down, slow, or answers nonsense while it is read: nothing is lost, nothing resolves."""

from typing import Any

import pytest

from adapters.transport import Transport
from syncd.bootstrap import ready_workspaces
from syncd.configuration import load_configuration
from syncd.daemon.passes import poll_all
from syncd.model.findings import FindingState
from syncd.store import open_store
from tests.e2e.town import LABEL, OUTCOME, SIDES

TROUBLES: dict[str, dict[str, Any]] = {
    "down": {"status": 503},
    "broken": {"status": 500, "body": '{"errorMessages": ["boom"]}'},
    "html": {"html": True},
    "half": {"half": True},
    "empty": {"status": 200, "body": ""},
    "drops": {"drop": True},
    "limited": {"status": 429, "headers": {"retry-after": "3600"}},
    "other-json": {"status": 200, "body": '{"unexpected": true}'},
}


def states(town):
    with town.session() as session:
        return {finding.state for finding in session.workspace.store.findings().values()}


def item_count(town):
    with town.session() as session:
        return len(session.workspace.store.items())


@pytest.mark.parametrize("trouble", TROUBLES)
class TestEveryTrouble:
    def test_resolves_nothing_loses_nothing_and_lets_the_other_tracker_go_on(self, town, side, trouble):
        town.apply()
        other = next(make(town, "Elsewhere") for name, make in SIDES.items() if name != side.tracker)
        side.add_label(OUTCOME)
        town.writes()
        town.fault(tracker=side.tracker, count=None, **TROUBLES[trouble])

        for _ in range(2):
            town.apply()

        assert town.writes(side.tracker) == []
        assert side.labels == (LABEL, OUTCOME)
        assert states(town) == {FindingState.OPEN}
        assert len(other.comments) == 1
        town.server.faults.clear()
        town.pass_time(hours=2)
        town.apply()
        assert side.labels == (OUTCOME,)
        assert ["Resolved" in comment for comment in side.comments] == [True]

    def test_in_the_middle_of_an_import_judges_nothing_and_goes_on_later(self, town, trouble):
        sides = [make(town, f"Item {number}") for make in SIDES.values() for number in range(130)]
        paths = {"jira": "/search/jql", "github": r"/issues\?"}
        for name, path in paths.items():
            town.fault(tracker=name, path=path, skip=1, count=None, **TROUBLES[trouble])

        assert town.planned() == []
        assert item_count(town) in (200, 0)

        town.server.faults.clear()
        town.pass_time(hours=2)
        assert item_count(town) in (200, 0)
        town.configure(settings="limits: {changes: 1000, share: 100%, new_comments: 1000}\n")
        assert len(town.plan()) == 2 * len(sides)


def test_a_tracker_that_is_slow_is_waited_for(town, side):
    town.fault(tracker=side.tracker, delay=0.2, count=3)

    town.apply()

    assert len(side.comments) == 1


def test_a_tracker_that_never_answers_keeps_no_other_waiting_and_loses_nothing(town, side):
    town.apply()
    other = next(make(town, "Elsewhere") for name, make in SIDES.items() if name != side.tracker)
    town.fault(tracker=side.tracker, delay=2, count=None)
    configuration = load_configuration(town.config)
    store = open_store(configuration.settings.store)
    transport = Transport(town.clock, timeouts=(1.0, 0.05))
    (workspace,) = ready_workspaces(configuration, configuration.workspaces, store, town.clock, transport)

    polled = {each.tracker: each for each in poll_all(workspace, town.clock)}
    store.close()
    town.server.faults.clear()

    assert polled[side.tracker].error == f"{side.tracker}: gave no answer in time"
    assert polled[other.tracker].error == ""
    town.apply()
    assert [len(each.comments) for each in (side, other)] == [1, 1]
    assert town.planned() == []
