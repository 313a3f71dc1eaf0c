"""Writes that are done while their answers are lost: the end is as if nothing had happened."""

import pytest

from syncd.model.changes import Fate
from syncd.simulator.bot import ACCOUNT_ID, LOGIN
from syncd.simulator.jira.records import Comment
from tests.e2e.town import LABEL, OUTCOME, SIDES

COMMENTS = {"jira": r"/issue/\d+/comment", "github": r"/comments"}
LABELS = {"jira": r"/issue/\d+\?", "github": r"/labels"}


def lose(town, side, paths, method=""):
    """Lose the answers of all such writes from now on."""
    for method_ in [method] if method else ["POST", "PUT", "PATCH", "DELETE"]:
        town.fault(tracker=side.tracker, method=method_, path=paths[side.tracker], drop=True, work=True, count=None)


def second_comment(town, side):
    """Put a second comment of ours there, as two services at once would."""
    if side.tracker == "jira":
        first: Comment = town.jira.comments(side.key)[0]
        town.jira.add_comment(side.key, first.body, ACCOUNT_ID, properties=first.properties)
    else:
        town.github.add_comment(side.key, side.comments[0], LOGIN)


def fates(town):
    return {result.fate for result in town.apply().results}


@pytest.mark.parametrize("paths", [pytest.param(COMMENTS, id="comments"), pytest.param(LABELS, id="labels")])
def test_of_what_is_put_there(town, side, paths):
    lose(town, side, paths)
    assert Fate.UNKNOWN in fates(town)
    assert town.planned() == [], "what is on its way is left alone"
    town.server.faults.clear()

    town.apply()

    assert side.labels == (LABEL,)
    assert len(side.comments) == 1
    assert town.planned() == []


@pytest.mark.parametrize("paths", [pytest.param(COMMENTS, id="comments"), pytest.param(LABELS, id="labels")])
def test_of_what_is_taken_back(town, side, paths):
    town.apply()
    side.add_label(OUTCOME)
    lose(town, side, paths)
    town.apply()
    town.server.faults.clear()

    town.apply()

    assert side.labels == (OUTCOME,)
    assert ["Resolved" in comment for comment in side.comments] == [True]
    assert town.planned() == []


def test_of_a_comment_that_is_deleted(town, side):
    town.apply()
    town.pass_time(minutes=5)
    second_comment(town, side)
    town.lose_store()
    lose(town, side, COMMENTS, "DELETE")
    assert Fate.UNKNOWN in fates(town)
    town.server.faults.clear()

    town.apply()

    assert len(side.comments) == 1
    assert town.planned() == []


def test_of_a_comment_whose_tracker_then_goes_down(town, side):
    lose(town, side, COMMENTS, "POST")
    town.apply()
    town.server.faults.clear()
    town.fault(tracker=side.tracker, status=503, count=None)
    town.apply()
    town.pass_time(hours=3)
    assert town.planned() == []
    town.server.faults.clear()

    town.apply()

    assert len(side.comments) == 1
    assert town.planned() == []


def test_of_every_write_of_a_pass_over_both_trackers(town):
    sides = [make(town, f"Item {number}") for make in SIDES.values() for number in range(3)]
    for side in sides[:1] + sides[-1:]:
        lose(town, side, COMMENTS)
        lose(town, side, LABELS)
    for _ in range(6):
        town.apply()
    town.server.faults.clear()
    for _ in range(3):
        town.apply()

    assert [side.labels for side in sides] == [(LABEL,)] * 6
    assert [len(side.comments) for side in sides] == [1] * 6
    assert town.planned() == []
