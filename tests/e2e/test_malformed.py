"""Items that are not as they should be: at most that item is set aside, and its neighbour is annotated."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import requests

from syncd.simulator.bot import EMAIL, TOKEN
from tests.e2e.town import SIDES, GitHubSide, JiraSide, Town

HUGE = "x" * 5_000_000
LONG = "l" * 200
Row = dict[str, Any]


def fields(**given: Any) -> Callable[[Row], Row]:
    """Return what replaces fields of a Jira row."""
    return lambda row: {**row, "fields": {**row["fields"], **given}}


def without(*names: str) -> Callable[[Row], Row]:
    """Return what leaves out fields of a Jira row."""
    return lambda row: {**row, "fields": {name: row["fields"][name] for name in row["fields"] if name not in names}}


def keys(**given: Any) -> Callable[[Row], Row]:
    """Return what replaces keys of a row."""
    return lambda row: {**row, **given}


def less(*names: str) -> Callable[[Row], Row]:
    """Return what leaves out keys of a row."""
    return lambda row: {name: row[name] for name in row if name not in names}


def link(**given: Any) -> Row:
    return {"id": "1", "type": {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, **given}


def adf(text: str) -> Row:
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
    }


GHOST = {"id": "99999", "key": "PAY-99999"}
JIRA = {
    "null-body": fields(description=None),
    "deleted-user": fields(assignee=None, reporter=None, creator=None),
    "user-without-name": fields(assignee={"accountId": "712020:gone"}, reporter={}),
    "no-summary": without("summary"),
    "null-summary": fields(summary=None),
    "no-status": without("status"),
    "no-labels-nor-links": without("labels", "issuelinks", "parent"),
    "no-times": without("created", "updated"),
    "no-project": without("project"),
    "no-fields": less("fields"),
    "no-id": less("id"),
    "no-key": less("key"),
    "null-row": lambda row: None,
    "text-row": lambda row: "PAY-1",
    "labels-that-are-no-list": fields(labels={"no": "list"}),
    "label-of-200-characters": fields(labels=[LONG]),
    "unknown-link-type": fields(issuelinks=[link(type={"id": "77", "name": "Haunts"}, outwardIssue=GHOST)]),
    "dangling-link": fields(issuelinks=[link(outwardIssue=GHOST), link(inwardIssue=GHOST)]),
    "link-to-nothing": fields(issuelinks=[link(), link(outwardIssue=None), None]),
    "dangling-parent": fields(parent=GHOST),
    "parent-that-is-null": fields(parent={}),
    "parent-that-is-itself": lambda row: fields(parent={"id": row["id"], "key": row["key"]})(row),
    "description-of-5-mb": fields(description=adf(HUGE)),
    "description-that-is-no-document": fields(description={"type": "doc", "content": [None, {"text": 7}]}),
    "date-that-is-none": fields(duedate="next week"),
    "instant-that-is-none": fields(updated="yesterday"),
    "unknown-status-category": fields(status={"name": "Limbo", "statusCategory": {"key": "undefined"}}),
}
GITHUB = {
    "null-body": keys(body=None),
    "deleted-user": keys(user=None, assignee=None, assignees=[None]),
    "no-title": less("title"),
    "null-title": keys(title=None),
    "no-labels": less("labels"),
    "null-labels": keys(labels=None),
    "labels-as-text": keys(labels=["bug", None]),
    "label-of-200-characters": keys(labels=[{"name": LONG}]),
    "no-state": less("state"),
    "unknown-state": keys(state="limbo"),
    "no-times": less("created_at", "updated_at"),
    "no-id": less("id"),
    "no-number": less("number"),
    "no-addresses": less("url", "html_url", "repository_url"),
    "null-row": lambda row: None,
    "text-row": lambda row: "acme/checkout#1",
    "body-of-5-mb": keys(body=HUGE),
    "lines-to-nowhere": keys(body="Blocked by: #99999, acme/gone#1\nPart of: PAY-99999\nOutcome: none-such"),
    "parent-that-is-itself": lambda row: keys(parent_issue_url=row["url"], body=f"Part of: #{row['number']}")(row),
    "blocked-by-itself": lambda row: keys(body=f"Blocked by: #{row['number']}\nBlocks: #{row['number']}")(row),
    "milestone-that-is-none": keys(milestone="soon"),
    "type-that-is-none": keys(type=7),
    "dependencies-that-are-none": keys(issue_dependencies_summary={"blocked_by": "many"}),
}


def spoil(rows: list[Any], number: int, change: Callable[[Row], Any]) -> None:
    rows[number] = change(copy.deepcopy(rows[number]))


def serve_jira(town: Town, change: Callable[[Row], Any]) -> None:
    """Let the next search answer with its first row spoilt, as it does until it is repaired."""
    body = {"jql": "project = PAY ORDER BY created ASC", "fields": ["*all"], "maxResults": 100}
    url = f"{town.server.jira_url}/rest/api/3/search/jql"
    answer = requests.post(url, json=body, auth=(EMAIL, TOKEN), timeout=5).json()
    spoil(answer["issues"], 0, change)
    text = msgspec.json.encode(answer).decode()
    town.fault(tracker="jira", path="/search/jql", status=200, body=text, count=None)


def serve_github(town: Town, change: Callable[[Row], Any]) -> None:
    """Let the list answer with its first row spoilt."""
    url = f"{town.server.github_url}/repos/acme/checkout/issues?state=all&per_page=100"
    rows = requests.get(url, headers={"authorization": f"token {TOKEN}"}, timeout=5).json()
    rows.sort(key=lambda row: row["number"])
    spoil(rows, 0, change)
    text = msgspec.json.encode(rows).decode()
    town.fault(tracker="github", path=r"/repos/acme/checkout/issues\?", status=200, body=text, count=None)


def assert_only_it_is_set_aside(town: Town, bad: Any, good: Any, name: str) -> None:
    town.apply()
    town.apply()

    with town.session() as session:
        store = session.workspace.store
        kept = {item.key for item in store.items().values()}
        set_aside = [problem for problem in store.problems() if problem.place.tracker == bad.tracker]
        errors = {str(place): state.error for place, state in store.place_states().items()}
    assert set(errors.values()) == {""}
    assert len(set_aside) <= 1
    assert all("\n" not in problem.error and problem.error for problem in set_aside)
    assert bad.key in kept or set_aside or name in ("null-row", "text-row"), "it is lost without a word"
    assert good.key in kept
    assert len(good.comments) == 1
    assert len(bad.comments) <= 1


@pytest.mark.parametrize("name", JIRA)
def test_of_jira(town, name):
    bad, good = JiraSide(town), JiraSide(town, "A neighbour")
    serve_jira(town, JIRA[name])

    assert_only_it_is_set_aside(town, bad, good, name)


@pytest.mark.parametrize("name", GITHUB)
def test_of_github(town, name):
    bad, good = GitHubSide(town), GitHubSide(town, "A neighbour")
    serve_github(town, GITHUB[name])

    assert_only_it_is_set_aside(town, bad, good, name)


@pytest.mark.parametrize(("tracker", "name"), [("jira", "no-summary"), ("github", "no-title")])
def test_what_was_set_aside_is_read_again_and_forgotten_once_it_is_repaired(town, tracker, name):
    bad = SIDES[tracker](town)
    if tracker == "jira":
        serve_jira(town, JIRA[name])
    else:
        serve_github(town, GITHUB[name])
    town.apply()
    assert len(bad.comments) == 1, "the list can't show it, but its id leads to it"
    town.server.faults.clear()
    bad.edit_title("Repaired")

    town.apply()

    with town.session() as session:
        assert session.workspace.store.problems() == ()
