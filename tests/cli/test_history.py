from datetime import timedelta

import pytest

from syncd.clock import SystemClock
from tests.cli.running import syncd
from tests.e2e.town import SIDES


def run(town, *arguments):
    return syncd(*arguments, "--config", str(town.config))


@pytest.fixture(autouse=True)
def _sides(town):
    yesterday = SystemClock().now() - timedelta(days=1)
    sides = [make(town, created_at=yesterday) for make in SIDES.values()]
    for side in sides:
        side.edit_title("Load it twice")
    return sides


def test_reads_what_happened_before_we_looked_to_the_end(town):
    ended = run(town, "history")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("github: history of 1 of 1 item known.\njira: history of 1 of 1 item known.\n")
    assert town.writes() == []


def test_again_asks_for_no_history(town):
    run(town, "history")
    town.server.journal.clear()

    run(town, "history")

    asked = [entry.path for entry in town.server.journal.entries()]
    assert not [path for path in asked if "timeline" in path or "changelog" in path]


def test_a_history_that_is_not_told_keeps_no_other_from_being_read(town):
    town.fault(tracker="jira", path="changelog", status=404, count=None)

    ended = run(town, "history")

    assert ended.code == 3
    assert "github: history of 1 of 1 item known.\njira: history of 0 of 1 item known." in ended.out
    assert ended.err.startswith("PAY-1: ")


def test_a_tracker_that_is_down_keeps_what_was_read(town):
    run(town, "history")
    town.fault(tracker="github", status=401, count=None)

    ended = run(town, "history")

    assert (ended.code, "github: history of 1 of 1 item known." in ended.out) == (3, True)
