import re
from datetime import timedelta

import pytest

from syncd.simulator.github.records import PullRequest

ISSUES = "/repos/acme/checkout/issues"


def titles(response):
    assert response.status_code == 200, response.text
    return [row["title"] for row in response.json()]


def add_issues(state, clock, count):
    for number in range(1, count + 1):
        state.add_issue("acme/checkout", f"n{number}")
        clock.wait(60)


def test_a_page_has_thirty_rows_and_never_more_than_a_hundred(ask, state, clock):
    add_issues(state, clock, 120)
    assert len(ask("GET", ISSUES).json()) == 30
    assert len(ask("GET", f"{ISSUES}?per_page=500").json()) == 100
    assert len(ask("GET", f"{ISSUES}?per_page=0").json()) == 30


def test_following_the_next_links_visits_every_issue_once(ask, state, clock):
    add_issues(state, clock, 25)
    seen, path = [], f"{ISSUES}?per_page=10&state=all&direction=asc"
    while path:
        page = ask("GET", path)
        seen += titles(page)
        link = re.search(r'<([^>]+)>; rel="next"', page.headers.get("link", ""))
        path = link[1] if link else ""
    assert seen == [f"n{number}" for number in range(1, 26)]


def test_the_link_header_names_first_previous_next_and_last(ask, state, clock):
    add_issues(state, clock, 25)
    link = ask("GET", f"{ISSUES}?per_page=10&page=2").headers["link"]
    assert re.findall(r'[?&]page=(\d+)>; rel="(\w+)"', link) == [
        ("1", "prev"), ("1", "first"), ("3", "next"), ("3", "last"),
    ]  # fmt: skip
    assert "link" not in ask("GET", f"{ISSUES}?per_page=100").headers


def test_pull_requests_stand_among_the_issues(ask, state):
    state.add_issue("acme/checkout", "an issue")
    state.add_issue("acme/checkout", "a change", pull_request=PullRequest())
    change, issue = ask("GET", ISSUES).json()
    assert (change["title"], change["pull_request"]["merged_at"]) == ("a change", None)
    assert "pull_request" not in issue
    assert "sub_issues_summary" not in change


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", ["bug", "plain"], id="open-by-default"),
        pytest.param("state=closed", ["done"], id="closed"),
        pytest.param("state=all&sort=created&direction=asc", ["plain", "bug", "done"], id="ascending"),
        pytest.param("state=all&sort=updated", ["plain", "done", "bug"], id="newest-change-first"),
        pytest.param("labels=BUG", ["bug"], id="labels-without-case"),
        pytest.param("milestone=1", ["plain"], id="milestone"),
        pytest.param("milestone=none", ["bug"], id="no-milestone"),
    ],
)
def test_a_list_is_filtered_and_sorted_as_asked(ask, state, clock, query, expected):
    state.add_milestone("acme/checkout", "M")
    for title, words in (("plain", {"milestone": "M"}), ("bug", {"labels": ["bug"]}), ("done", {"state": "closed"})):
        state.add_issue("acme/checkout", title, **words)
        clock.wait(60)
    state.edit_issue("acme/checkout#1", body="changed last")
    assert titles(ask("GET", f"{ISSUES}?{query}")) == expected


def test_since_takes_what_changed_at_that_second_or_later(ask, state, clock):
    add_issues(state, clock, 3)
    at = state.issue("acme/checkout#2").updated_at
    elsewhere = at.astimezone(tz=None).isoformat()
    assert titles(ask("GET", ISSUES, params={"since": f"{at:%Y-%m-%dT%H:%M:%SZ}"})) == ["n3", "n2"]
    assert titles(ask("GET", ISSUES, params={"since": elsewhere})) == ["n3", "n2"]
    assert titles(ask("GET", ISSUES, params={"since": (at + timedelta(seconds=1)).isoformat()})) == ["n3"]
    assert ask("GET", f"{ISSUES}?since=yesterday").status_code == 422


def test_a_list_that_was_read_shows_later_changes(ask, state, clock):
    add_issues(state, clock, 3)
    assert titles(ask("GET", f"{ISSUES}?sort=updated"))[0] == "n3"
    state.add_comment("acme/checkout#1", "hello", "reader")
    assert titles(ask("GET", f"{ISSUES}?sort=updated"))[0] == "n1"


def test_an_unchanged_page_is_not_sent_again_and_not_counted(ask, state, clock):
    add_issues(state, clock, 2)
    first = ask("GET", ISSUES)
    again = ask("GET", ISSUES, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"] == "1"
    assert again.headers["etag"] == first.headers["etag"]
    state.add_label("acme/checkout#1", "bug")
    changed = ask("GET", ISSUES, headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["x-ratelimit-used"]) == (200, "2")


def test_an_etag_is_good_for_its_reader_only(ask, state, clock):
    add_issues(state, clock, 1)
    tag = ask("GET", ISSUES).headers["etag"]
    assert ask("GET", ISSUES, token="reader", headers={"If-None-Match": tag}).status_code == 200


def test_a_full_first_page_does_not_tell_of_a_second_one(ask, state, clock):
    """The pitfall of polling in ascending order: the ETag knows the body, not the Link header."""
    add_issues(state, clock, 2)
    query = f"{ISSUES}?per_page=2&sort=created&direction=asc"
    tag = ask("GET", query).headers["etag"]
    state.add_issue("acme/checkout", "on page two")
    answer = ask("GET", query, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert "link" not in answer.headers
