from datetime import timedelta

import pytest

from syncd.simulator.jira.people import BROWSE


@pytest.fixture(autouse=True)
def issue(state):
    return state.add_issue("PAY", "one", labels=["bug"])


def items(answer):
    return [
        item
        for log in answer.json["issueChangeLogs"]
        for history in log["changeHistories"]
        for item in history["items"]
    ]


def test_an_edit_is_told_with_who_made_it_and_when(ask, clock):
    clock.set(clock.now() + timedelta(minutes=1))
    ask("PUT", "/issue/PAY-1", {"fields": {"summary": "two"}, "update": {"labels": [{"add": "new"}]}}, who="ada")

    (log,) = ask("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1"]}).json["issueChangeLogs"]

    (history,) = log["changeHistories"]
    assert history["author"]["accountId"] == "ada"
    assert history["created"] == "2026-11-24T10:01:00.000+0000"
    assert [(each["field"], each["fromString"], each["toString"]) for each in history["items"]] == [
        ("summary", "one", "two"),
        ("labels", "bug", "bug new"),
    ]


def test_what_changes_nothing_is_not_told(ask):
    ask("PUT", "/issue/PAY-1", {"fields": {"summary": "one"}})

    assert ask("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1"]}).json == {"issueChangeLogs": []}


def test_changes_come_in_pages_oldest_first(ask, state, clock):
    state.add_issue("PAY", "other")
    for number in range(5):
        clock.set(clock.now() + timedelta(minutes=1))
        state.edit_issue(f"PAY-{1 + number % 2}", summary=f"n{number}")
    body = {"issueIdsOrKeys": ["PAY-1", "PAY-2"], "maxResults": 2}

    told: list[list[str]] = []
    token = None
    while token or not told:
        answer = ask("POST", "/changelog/bulkfetch", body | ({"nextPageToken": token} if token else {}))
        told.append([item["toString"] for item in items(answer)])
        token = answer.json.get("nextPageToken")

    assert sorted(name for page in told for name in page) == [f"n{number}" for number in range(5)]
    assert [set(page) for page in told] == [{"n0", "n1"}, {"n2", "n3"}, {"n4"}]


def test_only_the_fields_that_are_asked_for_are_told(ask, state):
    state.edit_issue("PAY-1", summary="two", status="Done")

    answer = ask("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1"], "fieldIds": ["status"]})

    assert [(each["field"], each["toString"]) for each in items(answer)] == [("status", "Done")]


def test_what_the_user_may_not_see_is_left_out(ask, state):
    state.edit_issue("PAY-1", summary="two")
    state.people.permit("bot", "PAY", set())

    assert not state.people.may("bot", BROWSE, "PAY")
    assert items(ask("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1", "PAY-9"]})) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"issueIdsOrKeys": []}, id="none"),
        pytest.param({"issueIdsOrKeys": ["1"] * 1_001}, id="too-many"),
        pytest.param({"issueIdsOrKeys": [1]}, id="numbers"),
        pytest.param({"issueIdsOrKeys": ["1"], "fieldIds": ["x"] * 11}, id="too-many-fields"),
        pytest.param({"issueIdsOrKeys": ["1"], "maxResults": 10_001}, id="too-long-a-page"),
        pytest.param({"issueIdsOrKeys": ["1"], "nextPageToken": "?"}, id="no-token"),
        pytest.param({"issueIdsOrKeys": ["1"], "what": 1}, id="unknown-key"),
    ],
)
def test_what_jira_would_not_answer_is_refused(ask, body):
    assert ask("POST", "/changelog/bulkfetch", body).status == 400


def test_an_issue_tells_its_changes_where_asked_to(ask, state):
    state.edit_issue("PAY-1", summary="two")

    assert "changelog" not in ask("GET", "/issue/PAY-1").json
    changelog = ask("GET", "/issue/PAY-1", expand="changelog").json["changelog"]
    assert (changelog["total"], changelog["histories"][0]["items"][0]["toString"]) == (1, "two")


def test_a_link_is_told_on_both_ends_until_the_issue_is_deleted(ask, state):
    state.add_issue("PAY", "two")
    link = state.add_link("Blocks", "PAY-1", "PAY-2")
    state.remove_link(link.id)

    found = items(ask("POST", "/changelog/bulkfetch", {"issueIdsOrKeys": ["PAY-1", "PAY-2"]}))

    assert [each.get("toString") or each.get("fromString") for each in found] == [
        "This issue blocks PAY-2",
        "This issue blocks PAY-2",
        "This issue is blocked by PAY-1",
        "This issue is blocked by PAY-1",
    ]
    id = state.issue("PAY-1").id
    state.delete_issue("PAY-1")
    assert state.changelog.of(id) == []
