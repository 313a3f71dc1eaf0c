from datetime import timedelta

import pytest

from syncd.simulator.jira.people import ADMINISTER_PROJECTS, BROWSE, EDIT

HELLO = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Hello"}]}],
}


@pytest.fixture(autouse=True)
def issue(state):
    return state.add_issue("PAY", "one", labels=["bug"])


def test_labels_are_added_and_removed_one_by_one(ask, state):
    verbs = [{"add": "syncd:blocked"}, {"remove": "bug"}, {"remove": "absent"}, {"add": "syncd:blocked"}]

    answer = ask("PUT", "/issue/PAY-1", {"update": {"labels": verbs}})

    assert (answer.status, answer.json) == (204, None)
    assert state.issue("PAY-1").labels == ("syncd:blocked",)


def test_the_edited_issue_comes_back_where_asked_for_with_its_stamp(ask, state, clock):
    clock.set(clock.now() + timedelta(minutes=1))

    answer = ask("PUT", "/issue/PAY-1", {"update": {"labels": [{"add": "x"}]}}, returnIssue="true")

    assert answer.status == 200
    assert answer.json["fields"]["labels"] == ["bug", "x"]
    assert answer.json["fields"]["updated"] == "2026-11-24T10:01:00.000+0000"


def test_updated_moves_only_where_something_changes(ask, state, clock):
    before = state.issue("PAY-1").updated_at
    clock.set(clock.now() + timedelta(minutes=1))

    ask("PUT", "/issue/PAY-1", {"update": {"labels": [{"add": "bug"}, {"remove": "absent"}]}})
    assert state.issue("PAY-1").updated_at == before
    ask("PUT", "/issue/PAY-1", {"fields": {"summary": "two"}})
    assert state.issue("PAY-1").updated_at == clock.now()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param(
            {"update": {"labels": [{"add": "two words"}]}}, "labels: The label 'two words' contains spaces", id="space"
        ),
        pytest.param({"fields": {"labels": ["a b"]}}, "labels: The label 'a b' contains spaces", id="space-in-set"),
        pytest.param(
            {"update": {"labels": [{"add": "x" * 256}]}}, "exceeds the maximum length of 255", id="long-label"
        ),
        pytest.param({"update": {"labels": [{"add": 5}]}}, "labels: data was not an array of strings", id="number"),
        pytest.param({"update": {"labels": {"add": "x"}}}, "must be an array of objects with one verb", id="no-list"),
        pytest.param({"update": {"labels": [{"add": "x", "remove": "y"}]}}, "with one verb", id="two-verbs"),
        pytest.param({"update": {"summary": [{"add": "x"}]}}, "does not support operation 'add'", id="wrong-verb"),
        pytest.param(
            {"fields": {"labels": []}, "update": {"labels": []}},
            "cannot appear in both 'fields' and 'update'",
            id="both",
        ),
        pytest.param(
            {"fields": {"nope": 1}}, "Field 'nope' cannot be set. It is not on the appropriate screen", id="unknown"
        ),
        pytest.param({"fields": {"summary": ""}}, "You must specify a summary", id="no-title"),
        pytest.param({"fields": {"description": "plain"}}, "must be an Atlassian Document", id="text-where-adf-is-due"),
        pytest.param({"fields": {"duedate": "soon"}}, "Error parsing date string", id="no-date"),
        pytest.param({"fields": {"assignee": {"accountId": "nobody"}}}, "valid value for assignee", id="nobody"),
        pytest.param({"fields": {"parent": {"key": "PAY-1"}}}, "does not belong to appropriate hierarchy", id="itself"),
        pytest.param({"fields": {"customfield_10016": "three"}}, "must be a number", id="points"),
        pytest.param({"fields": []}, "Invalid request payload", id="fields-as-list"),
        pytest.param(
            {"update": {"comment": [{"edit": {}}]}}, "Only the operation 'add' is supported", id="comment-verb"
        ),
    ],
)
def test_what_jira_refuses_is_refused_whole(ask, state, body, complaint):
    before = state.issue("PAY-1")

    answer = ask("PUT", "/issue/PAY-1", body)

    assert answer.status == 400
    assert complaint in answer.complaint
    assert state.issue("PAY-1") == before


def test_one_wrong_verb_undoes_the_right_ones(ask, state):
    ask("PUT", "/issue/PAY-1", {"update": {"labels": [{"add": "fine"}, {"add": "not fine"}]}})

    assert state.issue("PAY-1").labels == ("bug",)


def test_only_admins_may_be_quiet(ask, state):
    body = {"update": {"labels": [{"add": "x"}]}}

    refused = ask("PUT", "/issue/PAY-1", body, notifyUsers="false")
    assert (refused.status, refused.complaint) == (
        400,
        "To discard the user notification either admin or project admin permissions are required.",
    )
    state.people.permit("bot", "PAY", {BROWSE, EDIT, ADMINISTER_PROJECTS})
    assert ask("PUT", "/issue/PAY-1", body, notifyUsers="false").status == 204


def test_who_may_not_edit_is_forbidden_to(ask, state):
    state.people.permit("bot", "PAY", {BROWSE})

    assert ask("PUT", "/issue/PAY-1", {"update": {"labels": [{"add": "x"}]}}).status == 403


def test_labels_and_a_comment_in_one_edit(ask, state):
    body = {"update": {"labels": [{"add": "x"}], "comment": [{"add": {"body": HELLO}}]}}

    assert ask("PUT", "/issue/PAY-1", body).status == 204
    assert [comment.body.adf for comment in state.comments("PAY-1")] == [HELLO]


def test_a_person_edits_by_plain_calls(state, clock):
    clock.set(clock.now() + timedelta(minutes=1))
    state.catalogue.add_version("PAY", "26.12")

    issue = state.edit_issue("PAY-1", status="Done", fix_versions=["26.12"], story_points=3, add_labels=["x"])

    assert (issue.status.category, issue.resolved_at, issue.labels) == ("done", clock.now(), ("bug", "x"))
    assert issue.resolution is not None
    reopened = state.edit_issue("PAY-1", status="To Do")
    assert (reopened.resolution, reopened.resolved_at) == (None, None)


@pytest.mark.parametrize("words", [{"status": "Nope"}, {"fix_versions": ["1"]}, {"parent": "X-1"}, {"sprints": ["x"]}])
def test_a_word_that_the_site_does_not_have_is_an_error_at_once(state, words):
    with pytest.raises(KeyError):
        state.edit_issue("PAY-1", **words)


def test_a_moved_issue_has_a_new_key_and_is_found_by_the_old_one(ask, state):
    moved = state.move_issue("PAY-1", "FRAUD")

    assert moved.key == "FRAUD-1"
    assert ask("GET", "/issue/PAY-1").json["key"] == "FRAUD-1"


def test_a_deleted_issue_leaves_nothing_behind(ask, state):
    state.add_issue("PAY", "child", type="Sub-task", parent="PAY-1")
    state.add_issue("PAY", "blocked")
    state.add_link("Blocks", "PAY-1", "PAY-3")
    state.add_comment("PAY-1", "hello", "ada", id="77")

    state.delete_issue("PAY-1")

    assert ask("GET", "/issue/PAY-1").status == 404
    assert state.comment("77") is None
    assert state.links(state.issue("PAY-3").id) == []
    assert state.issue("PAY-2").parent_id is None
