import pytest

from syncd.simulator.github.records import PullRequest

CHECKOUT = "/repos/acme/checkout"


def test_a_row_tells_all_that_belongs_to_an_issue(ask, state):
    state.add_milestone("acme/checkout", "Fast")
    state.add_issue("acme/sdk", "parent", type="Epic")
    state.add_issue(
        "acme/checkout", "story", body="text", author="reader", labels=["Bug"], milestone="Fast", assignees=["bot"],
        type="Feature",
    )  # fmt: skip
    state.set_parent("acme/checkout#1", "acme/sdk#1")
    state.add_comment("acme/checkout#1", "hello", "bot")
    row = ask("GET", f"{CHECKOUT}/issues/1").json()
    assert row["parent_issue_url"].endswith("/github/repos/acme/sdk/issues/1")
    assert row["html_url"] == "https://github.com/acme/checkout/issues/1"
    assert [label["name"] for label in row["labels"]] == ["Bug"]
    assert (row["milestone"]["title"], row["type"]["name"], row["comments"]) == ("Fast", "Feature", 1)
    assert (row["user"]["login"], row["assignees"][0]["login"]) == ("reader", "bot")
    assert row["author_association"] == "COLLABORATOR"
    assert (row["created_at"], row["closed_at"], row["state_reason"]) == ("2026-11-24T10:00:00Z", None, None)
    parent = ask("GET", "/repos/acme/sdk/issues/1").json()
    assert parent["sub_issues_summary"] == {"total": 1, "completed": 0, "percent_completed": 0}
    assert "parent_issue_url" not in parent


def test_the_summary_counts_open_blockers_apart_and_the_list_has_all(ask, state):
    for title in ("blocked", "open blocker", "closed blocker"):
        state.add_issue("acme/checkout", title)
    state.set_blocked_by("acme/checkout#1", "acme/checkout#2", "acme/checkout#3")
    state.close("acme/checkout#3")
    summary = ask("GET", f"{CHECKOUT}/issues/1").json()["issue_dependencies_summary"]
    assert summary == {"blocked_by": 1, "total_blocked_by": 2, "blocking": 0, "total_blocking": 0}
    blockers = ask("GET", f"{CHECKOUT}/issues/1/dependencies/blocked_by").json()
    assert [(row["number"], row["state"]) for row in blockers] == [(2, "open"), (3, "closed")]
    blocked = ask("GET", f"{CHECKOUT}/issues/2/dependencies/blocking").json()
    assert [row["number"] for row in blocked] == [1]


def test_what_one_may_not_see_is_left_out_of_relations(ask, state):
    state.add_issue("acme/sdk", "public")
    state.add_issue("acme/checkout", "private")
    state.set_parent("acme/sdk#1", "acme/checkout#1")
    state.set_blocked_by("acme/sdk#1", "acme/checkout#1")
    path = "/repos/acme/sdk/issues/1"
    assert ask("GET", f"{path}/parent").json()["title"] == "private"
    assert ask("GET", f"{path}/parent", token="stranger").status_code == 404
    assert ask("GET", f"{path}/dependencies/blocked_by", token="stranger").json() == []
    assert [row["title"] for row in ask("GET", f"{CHECKOUT}/issues/1/sub_issues").json()] == ["public"]


@pytest.mark.parametrize("body", [{"labels": ["Bug", "syncd:no-outcome"]}, ["Bug", {"name": "syncd:no-outcome"}]])
def test_labels_are_added_and_come_into_being(ask, state, clock, body):
    state.add_issue("acme/checkout", "story", labels=["bug"])
    clock.wait(5)
    answer = ask("POST", f"{CHECKOUT}/issues/1/labels", json=body)
    assert answer.status_code == 200
    assert [label["name"] for label in answer.json()] == ["bug", "syncd:no-outcome"]
    assert [label["name"] for label in ask("GET", f"{CHECKOUT}/labels").json()] == ["bug", "syncd:no-outcome"]
    assert ask("GET", f"{CHECKOUT}/issues/1").json()["updated_at"] == "2026-11-24T10:00:05Z"


def test_adding_a_label_twice_moves_nothing(ask, state, clock):
    state.add_issue("acme/checkout", "story", labels=["bug"])
    clock.wait(5)
    ask("POST", f"{CHECKOUT}/issues/1/labels", json={"labels": ["bug"]})
    assert ask("GET", f"{CHECKOUT}/issues/1").json()["updated_at"] == "2026-11-24T10:00:00Z"


def test_a_label_is_taken_off_once(ask, state, clock):
    state.add_issue("acme/checkout", "story", labels=["syncd:no-outcome", "a/b"])
    clock.wait(5)
    path = f"{CHECKOUT}/issues/1/labels"
    assert [label["name"] for label in ask("DELETE", f"{path}/syncd%3Ano-outcome").json()] == ["a/b"]
    again = ask("DELETE", f"{path}/syncd:no-outcome")
    assert (again.status_code, again.json()["message"]) == (404, "Label does not exist")
    assert ask("DELETE", f"{path}/a%2Fb").json() == []
    assert state.issue("acme/checkout#1").updated_at > state.issue("acme/checkout#1").created_at


@pytest.mark.parametrize(
    ("token", "label", "status"),
    [
        pytest.param("reader", "known", 403, id="reading-is-not-enough"),
        pytest.param("triager", "known", 200, id="triage-labels"),
        pytest.param("triager", "unknown", 403, id="triage-makes-no-labels"),
        pytest.param("stranger", "known", 404, id="a-private-repository-is-not-there"),
        pytest.param("", "known", 404, id="nobody-sees-it-either"),
        pytest.param("bot-reading", "known", 403, id="a-token-that-only-reads"),
    ],
)
def test_who_may_label(ask, state, token, label, status):
    state.people.add_token("bot", "bot-reading", can_write=False)
    state.add_issue("acme/checkout", "story")
    state.catalogue.add_label(state.catalogue.repository("acme/checkout").id, "known")
    answer = ask("POST", f"{CHECKOUT}/issues/1/labels", token=token, json={"labels": [label]})
    assert answer.status_code == status
    assert bool(state.issue("acme/checkout#1").labels) == (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"labels": ["x" * 51]}, id="too-long"),
        pytest.param({"labels": [f"l{number}" for number in range(101)]}, id="too-many"),
        pytest.param({"labels": "bug"}, id="no-list"),
        pytest.param({"labels": [7]}, id="no-text"),
        pytest.param({"labels": [" "]}, id="blank"),
        pytest.param({}, id="nothing"),
    ],
)
def test_labels_that_github_refuses(ask, state, body):
    state.add_issue("acme/checkout", "story")
    answer = ask("POST", f"{CHECKOUT}/issues/1/labels", json=body)
    assert (answer.status_code, answer.json()["message"]) == (422, "Validation Failed")
    assert answer.json()["errors"][0]["field"] in ("name", "labels")
    assert state.issue("acme/checkout#1").labels == ()


def test_a_deleted_issue_is_gone_and_its_number_is_not_given_again(ask, state):
    state.add_issue("acme/checkout", "story")
    state.add_issue("acme/checkout", "child")
    state.set_parent("acme/checkout#2", "acme/checkout#1")
    state.delete_issue("acme/checkout#1")
    state.delete_issue("acme/checkout#2")
    answer = ask("GET", f"{CHECKOUT}/issues/1")
    assert (answer.status_code, answer.json()["message"]) == (410, "This issue was deleted")
    assert state.add_issue("acme/checkout", "next").number == 3
    assert ask("GET", f"{CHECKOUT}/issues/9").status_code == 404


def test_a_transferred_issue_is_a_new_one_and_the_old_address_leads_there(ask, state):
    state.add_issue("acme/sdk", "there already")
    old = state.add_issue("acme/checkout", "story", labels=["only here"])
    state.add_comment("acme/checkout#1", "hello", "bot")
    new = state.transfer_issue("acme/checkout#1", "acme/sdk")
    answer = ask("GET", f"{CHECKOUT}/issues/1/comments?per_page=5")
    assert answer.status_code == 301
    comments = ask("GET", answer.headers["location"])
    assert [comment["body"] for comment in comments.json()] == ["hello"]
    assert new.id != old.id
    assert state.key(new) == "acme/sdk#2"
    assert new.labels == ()


def test_who_may_not_see_where_it_went_sees_nothing(ask, state):
    state.add_issue("acme/sdk", "public")
    state.transfer_issue("acme/sdk#1", "acme/checkout")
    assert ask("GET", "/repos/acme/sdk/issues/1", token="stranger").status_code == 404


def test_merging_closes_a_pull_request(ask, state):
    state.add_issue("acme/checkout", "change", pull_request=PullRequest(draft=True))
    state.merge("acme/checkout#1", by="bot")
    row = ask("GET", f"{CHECKOUT}/issues/1").json()
    assert (row["state"], row["state_reason"]) == ("closed", None)
    assert row["pull_request"]["merged_at"] == "2026-11-24T10:00:00Z"


def test_relations_move_no_time_unless_told_to(state, clock):
    for title in ("a", "b"):
        state.add_issue("acme/checkout", title)
    clock.wait(60)
    state.set_blocked_by("acme/checkout#1", "acme/checkout#2")
    assert state.issue("acme/checkout#1").updated_at < clock.now()
    state.relations_touch = True
    state.set_parent("acme/checkout#1", "acme/checkout#2")
    assert state.issue("acme/checkout#1").updated_at == clock.now()
