import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from syncd.simulator.bot import ACCOUNT_ID, EMAIL, TOKEN
from syncd.simulator.github import GitHubState
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.people import ADMINISTER, EDIT
from syncd.simulator.loading import load_github, load_jira

DATA = Path(os.environ.get("SYNCD_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 24, 10, tzinfo=UTC))


@pytest.fixture
def github(clock):
    return GitHubState(clock)


@pytest.fixture
def jira(clock):
    return JiraState(clock)


@pytest.fixture
def file(tmp_path):
    def write(*rows, name="issues.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path = tmp_path / name
        text = "\n".join(lines).encode()
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return path

    return write


def github_row(number=1, **given):
    return {
        "id": 500 + number,
        "number": number,
        "url": f"https://api.github.com/repos/acme/sdk/issues/{number}",
        "title": f"n{number}",
        "body": None,
        "state": "open",
        "user": {"login": "mara", "id": 7, "type": "User"},
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-02-01T00:00:00Z",
        **given,
    }


DONE = {"id": "6", "name": "Closed", "statusCategory": {"id": 3, "key": "done"}}
BUG = {"id": "1", "name": "Bug", "subtask": False}
PAY = {"id": "77", "key": "PAY", "name": "Payments"}


def jira_row(number=1, **fields):
    return {
        "id": str(100 + number),
        "key": f"PAY-{number}",
        "fields": {
            "project": PAY,
            "issuetype": BUG,
            "status": DONE,
            "summary": f"n{number}",
            "created": "2020-01-01T00:00:00.000+0000",
            "updated": "2020-02-01T10:00:00.000+0800",
            **fields,
        },
    }


def end(id, key):
    return {"id": id, "key": key, "fields": {"summary": "elsewhere", "status": DONE, "issuetype": BUG}}


BLOCKS = {"id": "9", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}


@pytest.mark.parametrize("name", ["plain.jsonl", "packed.jsonl.gz"])
def test_a_file_is_read_plain_or_packed(github, file, name):
    loaded = load_github(github, file(github_row(1), "", github_row(2), name=name))
    assert (loaded.item_count, loaded.skipped) == (2, ())
    assert loaded.summary == f"{name}: 2 issues"


def test_a_github_row_becomes_an_issue_with_all_that_it_names(github, file):
    row = github_row(
        3,
        labels=[{"id": 5, "name": "Bug", "color": "ff0000"}],
        milestone={"id": 8, "number": 2, "title": "Fast", "state": "open", "created_at": "2026-01-01T00:00:00Z",
                   "due_on": "2026-12-01T00:00:00Z"},
        x_comments=[{"id": 9, "user": None, "body": "hello", "created_at": "2026-01-02T00:00:00Z"}],
        user=None,
        pull_request={"merged_at": None},
        draft=True,
        locked=True,
        type={"id": 1, "name": "Feature"},
    )  # fmt: skip
    load_github(github, file(row, github_row(4, parent_issue_url="https://api.github.com/repos/acme/sdk/issues/3")))
    issue = github.issue("acme/sdk#3")
    assert (issue.id, issue.author, issue.labels, issue.milestone, issue.is_locked) == (503, None, ("Bug",), 2, True)
    assert issue.pull_request is not None
    assert issue.pull_request.draft
    repository = github.repository_of(issue)
    assert github.catalogue.milestone(repository.id, "Fast").due_on == datetime(2026, 12, 1, tzinfo=UTC)
    assert [(one.id, one.author, one.body) for one in github.comments("acme/sdk#3")] == [(9, None, "hello")]
    assert github.issue("acme/sdk#4").parent_id == 503
    assert issue.updated_at == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("{not json", id="no-json"),
        pytest.param("[1, 2]", id="no-object"),
        pytest.param(github_row(9, title=None) | {"url": "https://example.org/9"}, id="no-repository"),
        pytest.param({"number": 9}, id="fields-missing"),
        pytest.param(github_row(9, created_at="yesterday"), id="no-time"),
        pytest.param(github_row(9, labels=[{}]), id="label-without-name"),
        pytest.param(github_row(9, body=["a"]), id="body-is-a-list"),
        pytest.param(github_row(9, x_comments=[{"id": 1}]), id="half-a-comment"),
        pytest.param(github_row(9, milestone="Fast"), id="milestone-is-a-text"),
    ],
)
def test_a_github_line_that_makes_no_sense_is_skipped_and_told(github, file, bad):
    loaded = load_github(github, file(github_row(1), bad, github_row(2)))
    assert loaded.item_count == 2
    assert len(loaded.skipped) == 1
    assert loaded.skipped[0].startswith("line 2: ")
    assert "1 lines skipped: line 2: " in loaded.summary
    assert [issue.number for issue in github.issues("acme/sdk")] == [1, 2]


def test_a_server_style_row_is_served_as_cloud_does(jira, file):
    user = {"name": "tony", "key": "tony", "displayName": "Tony"}
    row = jira_row(
        1,
        description="h2. Why\n* a list",
        reporter=user,
        epic={"id": 900, "key": "PAY-90", "name": "Epic", "done": False},
        closedSprints=[{"id": 3, "name": "Sprint 3", "state": "closed"}],
        fixVersions=[{"id": "40", "name": "1.0", "released": True}],
        comment={
            "comments": [{"id": "50", "body": "hello", "author": user, "created": "2020-01-02T00:00:00.000+0000"}]
        },
        flagged=True,
    )
    load_jira(jira, file(row))
    issue = jira.issue("PAY-1")
    assert issue.description is not None
    assert [block["type"] for block in issue.description.adf["content"]] == ["heading", "bulletList"]
    assert issue.reporter_id == "tony"
    parent = jira.face(issue.parent_id or "")
    assert parent is not None
    assert (parent.key, parent.type.hierarchy_level, parent.status.category) == ("PAY-90", 1, "new")
    assert jira.catalogue.sprints[3].name == "Sprint 3"
    assert jira.catalogue.versions["40"].released
    assert [one.id for one in jira.comments("PAY-1")] == ["50"]
    assert issue.updated_at == datetime(2020, 2, 1, 2, tzinfo=UTC)
    assert [project.name for project in jira.projects()] == ["Payments"]


def test_links_are_read_from_both_ends_once_and_may_dangle(jira, file):
    load_jira(
        jira,
        file(
            jira_row(1, issuelinks=[{"id": "1", "type": BLOCKS, "outwardIssue": end("102", "PAY-2")}]),
            jira_row(2, issuelinks=[
                {"id": "1", "type": BLOCKS, "inwardIssue": end("101", "PAY-1")},
                {"id": "2", "type": BLOCKS, "inwardIssue": end("999", "OTHER-5")},
            ]),
        ),
    )  # fmt: skip
    assert [(link.source_id, link.target_id) for link in jira.links("102")] == [("101", "102"), ("999", "102")]
    assert jira.find("OTHER-5") is None
    outside = jira.face("999")
    assert outside is not None
    assert outside.key == "OTHER-5"


def test_a_wrong_key_of_a_status_category_yields_to_its_id(jira, file):
    status = {"id": "8", "name": "Fertig", "statusCategory": {"id": 3, "key": "new"}}
    load_jira(jira, file(jira_row(1, status=status)))
    assert jira.issue("PAY-1").status.category == "done"


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"id": "1", "key": "PAY-9"}, id="no-fields"),
        pytest.param({**jira_row(9), "key": "OTHER-9"}, id="key-of-another-project"),
        pytest.param(jira_row(9, created=None), id="no-time"),
        pytest.param(jira_row(9, description=7), id="text-is-a-number"),
        pytest.param(jira_row(9, issuelinks=[{"id": "1", "type": BLOCKS}]), id="link-without-end"),
        pytest.param(jira_row(9, parent={"id": "1"}), id="half-a-parent"),
        pytest.param(jira_row(9, comment={"comments": [{"id": "x"}]}), id="half-a-comment"),
    ],
)
def test_a_jira_line_that_makes_no_sense_is_skipped_and_told(jira, file, bad):
    loaded = load_jira(jira, file(jira_row(1), bad, jira_row(2)))
    assert (loaded.item_count, len(loaded.skipped)) == (2, 1)
    assert [issue.key for issue in jira.issues()] == ["PAY-1", "PAY-2"]


def test_the_bot_may_do_everything_afterwards(jira, github, file):
    load_jira(jira, file(jira_row(1)))
    load_github(github, file(github_row(1)))
    assert jira.people.signed_in(EMAIL, TOKEN)
    assert jira.people.may(ACCOUNT_ID, EDIT, "PAY")
    assert jira.people.may(ACCOUNT_ID, ADMINISTER)
    token = github.people.signed_in(TOKEN)
    assert token is not None
    assert token.can_write


def test_what_happened_to_issues_is_loaded_with_them(jira, github, file):
    change = {"id": "7", "created": "2026-01-02T00:00:00.000+0000", "items": [{"field": "status", "toString": "Done"}]}
    event = {"id": 9, "event": "renamed", "created_at": "2026-01-02T00:00:00Z", "rename": {"from": "a", "to": "b"}}
    assert load_jira(jira, file({**jira_row(1), "changelog": {"histories": [change]}})).skipped == ()
    assert load_github(github, file(github_row(1, x_timeline=[event]))).skipped == ()

    (issue,) = jira.issues()
    (found,) = jira.changelog.of(issue.id)
    assert (found.id, found.details[0].after) == ("7", (None, "Done"))
    (issue,) = github.issues("acme/sdk")
    (entry,) = github.timeline.of(issue.id)
    assert (entry.name, entry.payload) == ("renamed", {"rename": {"from": "a", "to": "b"}})


def exported(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no {name}: set SYNCD_DATA to a folder that has it")
    return path


def test_the_exported_github_issues_load_whole(github):
    loaded = load_github(github, exported("github-bitcoin-core-gui.jsonl.gz"))
    assert (loaded.item_count, loaded.skipped) == (511, ())
    issues = github.issues("bitcoin-core/gui")
    assert sum(issue.pull_request is not None for issue in issues) == 170
    assert sum(issue.state == "open" for issue in issues) == 135
    assert sum(issue.milestone is not None for issue in issues) == 83
    assert sum(github.comment_count(issue.id) for issue in issues) > 2_500
    assert sum(len(github.timeline.of(issue.id)) for issue in issues) > 3_000


def test_the_exported_jira_issues_load_whole(jira):
    loaded = load_jira(jira, exported("jira-tidev.jsonl.gz"))
    assert (loaded.item_count, loaded.skipped) == (517, ())
    assert {project.key: len(jira.issues(project.key)) for project in jira.projects()} == {"ALOY": 200, "DAEMON": 317}
    assert sum(issue.status.category != "done" for issue in jira.issues()) == 42
    assert sum(len(jira.comments(issue.id)) for issue in jira.issues()) == 1_125
    assert load_jira(jira, exported("jira-devlake-changelog.jsonl.gz")).item_count == 33
    assert sum(len(jira.changelog.of(issue.id)) for issue in jira.issues()) > 300
