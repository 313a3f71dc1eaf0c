from datetime import timedelta

import pytest

from syncd.simulator.jira.people import BROWSE, COMMENT, DELETE_ALL_COMMENTS, EDIT_ALL_COMMENTS

MARK = {"key": "syncd", "value": {"version": 1, "owner": "test/default", "hash": "0"}}


@pytest.fixture(autouse=True)
def issue(state):
    return state.add_issue("PAY", "one")


def doc(words="Hello"):
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


def comment(ask, words="Hello", **given):
    return ask("POST", "/issue/PAY-1/comment", {"body": doc(words), **given}).json


def test_a_comment_comes_back_with_its_author_and_times(ask):
    answer = ask("POST", "/issue/PAY-1/comment", {"body": doc()})

    assert answer.status == 201
    assert answer.json["body"] == doc()
    assert answer.json["author"]["accountId"] == answer.json["updateAuthor"]["accountId"] == "bot"
    assert answer.json["created"] == answer.json["updated"] == "2026-11-24T10:00:00.000+0000"
    assert "properties" not in answer.json


def test_properties_are_set_with_the_comment_and_shown_where_asked_for(ask):
    made = comment(ask, properties=[MARK])
    path = f"/issue/PAY-1/comment/{made['id']}"

    assert "properties" not in ask("GET", path).json
    assert ask("GET", path, expand="properties").json["properties"] == [MARK]
    (row,) = ask("GET", "/issue/PAY-1/comment", expand="properties").json["comments"]
    assert row["properties"] == [MARK]


def test_an_edit_replaces_text_and_property_and_keeps_the_author(ask, state, clock):
    state.people.permit("ada", "PAY", {BROWSE, EDIT_ALL_COMMENTS})
    made = comment(ask, properties=[MARK])
    clock.set(clock.now() + timedelta(minutes=1))
    path, changed = f"/issue/PAY-1/comment/{made['id']}", {**MARK, "value": {"hash": "1"}}

    ask("PUT", path, {"body": doc("Changed"), "properties": [changed]}, who="ada")
    after = ask("GET", path, expand="properties").json

    assert after["body"] == doc("Changed")
    assert after["properties"] == [changed]
    assert (after["author"]["accountId"], after["updateAuthor"]["accountId"]) == ("bot", "ada")
    assert (after["created"], after["updated"]) == ("2026-11-24T10:00:00.000+0000", "2026-11-24T10:01:00.000+0000")


def test_adding_editing_and_deleting_move_updated_and_a_property_does_not(ask, state, clock):
    def moved(act):
        clock.set(clock.now() + timedelta(minutes=1))
        act()
        return state.issue("PAY-1").updated_at == clock.now()

    made = comment(ask)
    assert moved(lambda: comment(ask))
    assert moved(lambda: ask("PUT", f"/issue/PAY-1/comment/{made['id']}", {"body": doc("x")}))
    assert not moved(lambda: state.set_comment_property(made["id"], "key", 1))
    assert moved(lambda: ask("DELETE", f"/issue/PAY-1/comment/{made['id']}"))


def test_comments_are_listed_by_pages_in_either_order(ask):
    ids = [comment(ask, str(number))["id"] for number in range(5)]

    def listed(**query):
        page = ask("GET", "/issue/PAY-1/comment", **query).json
        return [row["id"] for row in page["comments"]], page["total"]

    assert listed() == (ids, 5)
    assert listed(orderBy="-created", maxResults=2) == ([ids[4], ids[3]], 5)
    assert listed(startAt=4) == ([ids[4]], 5)
    assert ask("GET", "/issue/PAY-1/comment", orderBy="author").status == 400
    assert ask("GET", "/issue/PAY-1/comment", startAt="x").status == 400


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param({}, "Comment body is not valid", id="nothing"),
        pytest.param({"body": "plain"}, "Comment body is not valid", id="text-as-in-version-2"),
        pytest.param({"body": {"type": "doc", "version": 1, "content": []}}, "can not be empty", id="empty"),
        pytest.param({"body": {"type": "paragraph"}}, "INVALID_INPUT", id="no-document"),
        pytest.param({"body": doc(""), "properties": []}, "INVALID_INPUT", id="an-empty-text"),
        pytest.param({"body": doc(), "properties": {"key": "x"}}, "Invalid request payload", id="properties-as-object"),
        pytest.param({"body": doc(), "properties": [{"key": "x"}]}, "Invalid request payload", id="half-a-property"),
    ],
)
def test_what_jira_refuses_is_refused(ask, state, body, complaint):
    answer = ask("POST", "/issue/PAY-1/comment", body)

    assert answer.status == 400
    assert complaint in answer.complaint
    assert state.comments("PAY-1") == ()


def test_who_may_not_comment_is_told_so(ask, state):
    state.people.permit("bot", "PAY", {BROWSE})

    assert ask("POST", "/issue/PAY-1/comment", {"body": doc()}).complaint == (
        "You do not have the permission to comment on this issue."
    )


def test_ones_own_comment_needs_another_permission_than_somebody_elses(ask, state):
    made = comment(ask)
    path = f"/issue/PAY-1/comment/{made['id']}"

    assert ask("PUT", path, {"body": doc("x")}, who="ada").status == 400
    assert ask("DELETE", path, who="ada").status == 400
    state.people.permit("ada", "PAY", {BROWSE, EDIT_ALL_COMMENTS, DELETE_ALL_COMMENTS})
    assert ask("PUT", path, {"body": doc("x")}, who="ada").status == 200
    state.people.permit("bot", "PAY", {BROWSE, COMMENT})
    assert ask("DELETE", path).status == 400
    assert ask("DELETE", path, who="ada").status == 204


def test_a_comment_is_there_only_under_its_issue(ask, state):
    made = comment(ask)
    state.add_issue("PAY", "two")

    assert ask("GET", f"/issue/PAY-2/comment/{made['id']}").status == 404
    assert ask("GET", "/issue/PAY-1/comment/1").status == 404
    assert ask("GET", "/issue/PAY-99/comment").status == 404


def test_an_internal_comment_is_not_for_customers(ask):
    internal = comment(ask, properties=[{"key": "sd.public.comment", "value": {"internal": True}}])

    assert (comment(ask)["jsdPublic"], internal["jsdPublic"]) == (True, False)


def test_a_search_cuts_comments_off_and_says_how_many_there_are(ask):
    for number in range(25):
        comment(ask, str(number))

    (row,) = ask("POST", "/search/jql", {"jql": "project = PAY", "fields": ["comment"]}).json["issues"]

    assert (len(row["fields"]["comment"]["comments"]), row["fields"]["comment"]["total"]) == (20, 25)


def test_a_deleted_account_is_left_out(ask, state):
    state.add_comment("PAY-1", "hello", None)

    (row,) = ask("GET", "/issue/PAY-1/comment").json["comments"]

    assert "author" not in row


def test_remote_links_are_told_one_issue_at_a_time(ask, state, clock, issue):
    clock.set(clock.now() + timedelta(minutes=1))
    link = state.add_remote_link(
        "PAY-1", "https://github.com/acme/checkout/issues/12", relationship="mirrors", title="Twin"
    )

    (row,) = ask("GET", "/issue/PAY-1/remotelink").json

    assert (row["id"], row["relationship"]) == (int(link.id), "mirrors")
    assert row["object"] == {"url": link.url, "title": "Twin", "status": {"resolved": False}}
    assert state.issue("PAY-1").updated_at == clock.now()
    assert ask("GET", "/issue/PAY-99/remotelink").status == 404


def test_a_remote_link_to_the_same_address_replaces_the_one_before(ask, state):
    for relationship in ("blocks", "mirrors"):
        state.add_remote_link("PAY-1", "https://github.com/acme/checkout/issues/12", relationship=relationship)

    assert [row["relationship"] for row in ask("GET", "/issue/PAY-1/remotelink").json] == ["mirrors"]
    state.remote_links.remove(state.issue("PAY-1").id, "https://github.com/acme/checkout/issues/12")
    assert ask("GET", "/issue/PAY-1/remotelink").json == []
