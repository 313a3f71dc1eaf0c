from datetime import timedelta

import pytest

from syncd.simulator.github.records import PullRequest


@pytest.fixture(autouse=True)
def issue(state):
    state.add_milestone("acme/checkout", "Beta")
    return state.add_issue("acme/checkout", "one", labels=["bug"])


def told(ask, number=1, **given):
    answer = ask("GET", f"/repos/acme/checkout/issues/{number}/timeline", **given)
    assert answer.status_code == 200
    return answer.json()


def test_an_edit_is_told_step_by_step(ask, state, clock):
    clock.set(clock.now() + timedelta(minutes=1))
    state.edit_issue(
        "acme/checkout#1", by="reader", title="two", labels=["new"], milestone="Beta", assignees=["bot"], type="Bug"
    )

    found = told(ask)

    assert [(each["event"], each["actor"]["login"]) for each in found] == [
        ("renamed", "reader"),
        ("unlabeled", "reader"),
        ("labeled", "reader"),
        ("milestoned", "reader"),
        ("assigned", "reader"),
        ("issue_type_added", "reader"),
    ]
    assert {each["created_at"] for each in found} == {"2026-11-24T10:01:00Z"}
    assert found[0]["rename"] == {"from": "one", "to": "two"}
    assert found[2]["label"]["name"] == "new"
    assert found[3]["milestone"] == {"title": "Beta"}


def test_closing_merging_and_reopening_are_told(ask, state):
    state.close("acme/checkout#1", reason="not_planned", by="bot")
    state.reopen("acme/checkout#1")
    state.add_issue("acme/checkout", "change", pull_request=PullRequest())
    state.merge("acme/checkout#2")

    assert [each["event"] for each in told(ask, 2)] == ["merged", "closed"]
    assert [(each["event"], each.get("state_reason")) for each in told(ask)] == [
        ("closed", "not_planned"),
        ("reopened", None),
    ]


def test_labels_that_are_set_over_http_are_told_with_their_author(ask):
    ask("POST", "/repos/acme/checkout/issues/1/labels", json={"labels": ["x"]}, token="triager")
    ask("POST", "/repos/acme/checkout/issues/1/labels", json={"labels": ["x"]})
    ask("DELETE", "/repos/acme/checkout/issues/1/labels/bug")

    found = [(each["event"], each["label"]["name"], each["actor"]["login"]) for each in told(ask)]
    assert found[-1] == ("unlabeled", "bug", "bot")
    assert len([each for each in found if each[1] == "x"]) == 1


def test_relations_are_told_on_both_ends(ask, state):
    state.add_issue("acme/checkout", "two")
    state.set_parent("acme/checkout#1", "acme/checkout#2")
    state.set_blocked_by("acme/checkout#1", "acme/checkout#2")
    state.set_blocked_by("acme/checkout#1")
    state.set_parent("acme/checkout#1", None)

    assert [each["event"] for each in told(ask)] == [
        "parent_issue_added",
        "blocked_by_added",
        "blocked_by_removed",
        "parent_issue_removed",
    ]
    other = told(ask, 2)
    assert [each["event"] for each in other] == [
        "sub_issue_added",
        "blocking_added",
        "blocking_removed",
        "sub_issue_removed",
    ]
    assert other[0]["sub_issue"]["number"] == 1


def test_comments_stand_between_and_pages_are_cut(ask, state, clock):
    for number in range(3):
        clock.set(clock.now() + timedelta(minutes=1))
        state.edit_issue("acme/checkout#1", title=f"n{number}")
        clock.set(clock.now() + timedelta(minutes=1))
        state.add_comment("acme/checkout#1", "hello", "bot")

    answer = ask("GET", "/repos/acme/checkout/issues/1/timeline?per_page=4&page=1")

    assert [each["event"] for each in answer.json()] == ["renamed", "commented"] * 2
    assert 'rel="next"' in answer.headers["link"]


def test_a_transferred_issue_takes_its_events_along(ask, state):
    state.edit_issue("acme/checkout#1", title="two")
    state.transfer_issue("acme/checkout#1", "acme/sdk")

    answer = ask("GET", "/repos/acme/sdk/issues/1/timeline")

    assert [each["event"] for each in answer.json()] == ["renamed", "transferred"]


@pytest.mark.parametrize(("number", "token", "status"), [(99, "bot", 404), (1, "stranger", 404)])
def test_what_is_not_there_or_not_for_the_caller_is_not_told(ask, number, token, status):
    assert ask("GET", f"/repos/acme/checkout/issues/{number}/timeline", token=token).status_code == status
