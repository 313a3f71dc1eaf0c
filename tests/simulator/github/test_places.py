from datetime import date, timedelta

import pytest

from syncd.simulator.github import Role


def names(answer):
    assert answer.status_code == 200, answer.text
    return [row.get("full_name") or row.get("title") or row["name"] for row in answer.json()]


def test_a_token_says_who_it_is(ask, state):
    assert ask("GET", "/user").json()["login"] == "bot"
    assert ask("GET", "/user", token="").status_code == 401


@pytest.mark.parametrize("token", ["wrong", "expired"])
def test_a_token_that_is_wrong_or_expired_is_refused_everywhere(ask, state, token):
    state.people.add_token("bot", "expired")
    state.people.expire_token("expired")
    answer = ask("GET", "/repos/acme/sdk", token=token)
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_repositories_are_listed_for_who_has_a_role_there(ask, state):
    assert names(ask("GET", "/user/repos")) == ["acme/checkout", "acme/sdk"]
    assert names(ask("GET", "/user/repos", token="stranger")) == []
    assert names(ask("GET", "/orgs/acme/repos", token="stranger")) == ["acme/sdk"]
    assert ask("GET", "/orgs/nobody/repos").status_code == 404
    assert ask("GET", "/orgs/bot/repos").status_code == 404


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("bot", {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}),
        ("reader", {"admin": False, "maintain": False, "push": False, "triage": False, "pull": True}),
    ],
)
def test_a_repository_tells_what_one_may_do_there(ask, token, expected):
    row = ask("GET", "/repos/acme/checkout", token=token).json()
    assert row["permissions"] == expected
    assert (row["private"], row["visibility"]) == (True, "private")


def test_names_are_compared_without_case(ask):
    assert ask("GET", "/repos/ACME/Checkout").json()["full_name"] == "acme/checkout"


def test_the_role_in_one_repository_outweighs_the_role_everywhere(ask, state):
    state.people.permit("bot", state.catalogue.repository("acme/checkout"), Role.NONE)
    answer = ask("GET", "/repos/acme/checkout")
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("POST", 307)])
def test_a_renamed_repository_redirects_to_its_id(ask, state, method, status):
    repository = state.rename_repository("acme/checkout", "acme/pay")
    state.add_issue("acme/pay", "story")
    answer = ask(method, "/repos/acme/checkout/issues/1/comments?per_page=7", json={"body": "x"})
    assert answer.status_code == status
    assert answer.headers["location"].endswith(f"/repositories/{repository.id}/issues/1/comments?per_page=7")
    assert ask(method, answer.headers["location"], json={"body": "x"}).ok
    assert ask("GET", "/repos/acme/pay").json()["full_name"] == "acme/pay"


def test_a_renamed_repository_leads_no_stranger_on(ask, state):
    state.rename_repository("acme/checkout", "acme/pay")
    assert ask("GET", "/repos/acme/checkout", token="stranger").status_code == 404


def test_milestones_come_by_due_date_open_ones_first_asked(ask, state, clock):
    today = clock.now().date()
    state.add_milestone("acme/sdk", "late", due_on=today + timedelta(days=9))
    state.add_milestone("acme/sdk", "undated")
    state.add_milestone("acme/sdk", "soon", due_on=date(2026, 12, 1))
    state.add_milestone("acme/sdk", "past", state="closed")
    assert names(ask("GET", "/repos/acme/sdk/milestones")) == ["soon", "late", "undated"]
    assert names(ask("GET", "/repos/acme/sdk/milestones?state=closed")) == ["past"]
    assert ask("GET", "/repos/acme/sdk/milestones/3").json()["due_on"] == "2026-12-01T00:00:00Z"


def test_issue_types_belong_to_organizations(ask, state):
    state.catalogue.add_types("acme", ["Epic", "Feature"])
    assert names(ask("GET", "/orgs/acme/issue-types")) == ["Epic", "Feature"]
    assert ask("GET", "/orgs/bot/issue-types").status_code == 404


def test_permissions_of_others_are_told_to_who_may_push(ask):
    path = "/repos/acme/checkout/collaborators/triager/permission"
    row = ask("GET", path).json()
    assert (row["permission"], row["role_name"]) == ("read", "triage")
    assert ask("GET", path, token="reader").status_code == 403
    assert ask("GET", "/repos/acme/checkout/collaborators/ghost/permission").status_code == 404


def test_requests_are_counted_and_run_out_until_the_hour_ends(ask, state, clock):
    state.people.hourly = 3
    left = [ask("GET", "/user").headers["x-ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = ask("GET", "/user")
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("API rate limit exceeded")
    assert refused.headers["x-ratelimit-reset"] == str(int(clock.now().timestamp()) + 3600)
    clock.wait(3600)
    assert ask("GET", "/user").status_code == 200


def test_answers_are_dated_by_the_simulator_and_tell_their_bucket(ask):
    headers = ask("GET", "/user").headers
    assert headers["date"] == "Tue, 24 Nov 2026 10:00:00 GMT"
    assert headers["x-ratelimit-resource"] == "core"


@pytest.mark.parametrize(("version", "status"), [("2022-11-28", 200), ("2026-03-10", 200), ("1999-01-01", 400)])
def test_versions_of_the_api(ask, version, status):
    assert ask("GET", "/user", headers={"X-GitHub-Api-Version": version}).status_code == status


@pytest.mark.parametrize("path", ["/search/issues?q=x", "/graphql", "/repos/acme", "/repos/acme/checkout/pulls"])
def test_what_is_not_simulated_is_not_found(ask, path):
    assert ask("GET", path).status_code == 404
