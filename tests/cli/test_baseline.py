"""`syncd baseline`: what is taken, shown and compared, and what is refused before anything is stored."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from rules.facts.table import context_at
from rules.language.calendar import Calendar
from rules.subjects import container_subject
from syncd.cli.baseline_texts import listed_lines
from syncd.cli.text import day
from syncd.clock import SystemClock
from tests.builders import make_baseline, make_container, make_world
from tests.cli.running import Ended, syncd

ROADMAP = """
outcomes:
  - {id: checkout-latency, title: Shoppers finish checkout, horizon: next, tracked_in: {items: [jira:PAY-1]}}
  - {id: wallet, title: Shoppers pay with the wallet, horizon: later}
"""
NOW = SystemClock().now()
OLD = NOW - timedelta(days=60)
YESTERDAY = (NOW - timedelta(days=1)).date()


@pytest.fixture
def town(town):
    """Return a town with an epic of two stories, read."""
    town.configure(roadmap=ROADMAP)
    town.jira.add_issue("PAY", "Fast checkout", type="Epic", created_at=OLD)
    for title in ("Load the card form once", "Cache the basket"):
        town.jira.add_issue("PAY", title, parent="PAY-1", created_at=OLD)
    town.apply()
    return town


def baseline(town, *words: str) -> Ended:
    return syncd("baseline", *words, "--config", str(town.config))


def told(town, *words: str) -> str:
    ended = baseline(town, *words)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_a_baseline_is_taken_with_a_reason_and_shown(town):
    line = told(town, "take", "PAY-1", "--because", "agreed in planning", "--by", "Ada")

    today = day(SystemClock().now())
    agreed = f"2 items agreed on {today} (a person said so, Ada: agreed in planning)"
    assert line == f"PAY-1 (Fast checkout): {agreed}.\n"
    assert told(town, "show") == f"PAY-1 (Fast checkout)  {agreed}\n"
    assert told(town, "show", "PAY-1").splitlines()[1:] == [f"  {agreed}", "    PAY-2", "    PAY-3"]


def test_a_newer_baseline_supersedes_and_both_are_kept(town):
    told(town, "take", "PAY-1", "--because", "first", "--on", str(YESTERDAY))
    town.jira.add_issue("PAY", "Gift cards", parent="PAY-1")
    town.apply()
    line = told(town, "take", "PAY-1", "--because", "gift cards are worth it", "--by", "Ada")

    assert ": 3 items agreed on " in line
    assert f"Before, 2 items agreed on {YESTERDAY}" in line
    shown = json.loads(told(town, "show", "PAY-1", "--json"))
    assert [len(each["members"]) for each in shown] == [2, 3]


def test_what_came_since_is_told_with_its_cause(town):
    told(town, "take", "PAY-1", "--because", "first", "--on", str(YESTERDAY))
    town.jira.add_issue("PAY", "Gift cards", parent="PAY-1")
    town.apply()

    found = json.loads(told(town, "diff", "PAY-1", "--json"))[0]
    assert (found["baseline_count"], found["item_count"], found["growth"]) == (2, 3, 0.5)
    assert [(each["key"], each["cause"]) for each in found["added"]] == [("PAY-4", "added")]
    text = told(town, "diff", "PAY-1")
    assert "  now     3 items: 1 added, 0 larger, 0 removed; growth +50 %" in text
    assert "PAY-4  Gift cards" in text


def test_an_outcome_and_an_item_are_named_as_people_name_them(town):
    told(town, "take", "checkout-latency", "--because", "agreed")
    told(town, "take", "outcome:CHECKOUT-LATENCY", "--because", "agreed again")
    assert told(town, "show").count("checkout") == 1


def test_what_has_no_baseline_says_why(town):
    assert "PAY-1 (Fast checkout): nothing was agreed" in told(town, "diff", "PAY-1")
    assert told(town, "show") == "Nothing has a baseline yet; `syncd run` takes them.\n"
    assert json.loads(told(town, "diff", "PAY-1", "--json")) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(("PAY-99",), "nothing here is called 'PAY-99'. Did you mean 'PAY-", id="no such item"),
        pytest.param(("walet",), "Did you mean 'wallet'?", id="nearly an outcome"),
        pytest.param(("sprint", "Week", "47"), "no sprint 'Week 47' here.", id="no such sprint"),
        pytest.param(("PAY-2",), "PAY-2 held nothing, so there is nothing to agree on", id="no children"),
        pytest.param(("wallet",), "wallet held nothing, so there is nothing to agree on", id="no work"),
        pytest.param(("PAY-1", "--on", "tomorrow"), "--on: read 'tomorrow'; expected a day such as", id="no day"),
        pytest.param(("PAY-1", "--on", "2999-01-01"), "--on: 2999-01-01 is in the future", id="future"),
        pytest.param(("PAY-1", "--on", "2001-01-01"), "PAY-1 held nothing on 2001-01-01", id="before it was there"),
    ],
)
def test_what_can_not_be_taken_is_refused_in_one_line(town, words, message):
    ended = baseline(town, "take", *words, "--because", "agreed")
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1
    assert told(town, "show").startswith("Nothing has a baseline yet")


def test_an_older_day_than_that_of_the_newest_is_refused(town):
    told(town, "take", "PAY-1", "--because", "agreed")
    ended = baseline(town, "take", "PAY-1", "--because", "earlier", "--on", str(YESTERDAY))
    assert ended.code == 2
    assert "which is newer and counts; name a later day" in ended.err


def test_a_reason_is_asked_for(town):
    assert baseline(town, "take", "PAY-1").code == 2
    assert baseline(town, "take", "PAY-1", "--because", "  ").code == 2


def test_what_can_not_be_read_whole_is_not_taken(config):
    config.configure(roadmap=ROADMAP)
    ended = baseline(config, "take", "wallet", "--because", "agreed")
    assert ended.code == 2
    assert "wallet can't be read whole now, so nothing was taken" in ended.err


def test_two_of_one_name_are_listed_one_below_the_other():
    releases = [make_container("v1", place=place) for place in ("acme/sdk", "acme/checkout")]
    releases = [replace(each, id=replace(each.id, native_id=str(at))) for at, each in enumerate(releases)]
    baselines = [make_baseline(of=container_subject(each.id)) for each in releases]
    world = make_world(containers=releases, baselines=baselines)
    lines = list(listed_lines(context_at(world, NOW, Calendar()), baselines))
    assert [line.split()[:2] for line in lines] == [lines[0].split()[:2]] * 2
